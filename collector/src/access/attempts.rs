//! How often a password may be tried: per account and over all, without knowing any IP address.
//!
//! Token buckets (governor's GCRA) in memory. A login is put into one of 65,536 buckets by a hash with
//! a random key, whether or not there is such an account: the memory is bounded, and nothing is
//! learned from being refused.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::HashMapStateStore},
};

use crate::access::secret::SecretHash;

/// Tries in a row for one login, and the time until one more.
const PER_LOGIN: (u32, Duration) = (8, Duration::from_secs(30));
/// The same over all logins.
const OVER_ALL: (u32, Duration) = (40, Duration::from_millis(500));

/// Counts attempts.
pub(crate) struct Attempts<C: Clock = MonotonicClock> {
    keys: RandomState,
    clock: C,
    logins: RateLimiter<u16, HashMapStateStore<u16>, C, NoOpMiddleware<C::Instant>>,
    devices: RateLimiter<u16, HashMapStateStore<u16>, C, NoOpMiddleware<C::Instant>>,
    all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self::with(MonotonicClock)
    }
}

impl<C: Clock + Clone> Attempts<C> {
    fn with(clock: C) -> Self {
        Self {
            keys: RandomState::new(),
            logins: RateLimiter::new(quota(PER_LOGIN), HashMapStateStore::default(), clock.clone()),
            devices: RateLimiter::new(
                quota(PER_LOGIN),
                HashMapStateStore::default(),
                clock.clone(),
            ),
            all: RateLimiter::direct_with_clock(quota(OVER_ALL), clock.clone()),
            clock,
        }
    }

    /// Counts an attempt by a browser that signed in to this account before, by what it keeps. Strangers
    /// who guess at the same account do not use up its attempts.
    ///
    /// # Errors
    /// There were too many; the time to wait.
    pub(crate) fn attempt_by(&self, device: SecretHash) -> Result<(), Duration> {
        // Of their own kind: nobody else can fill these buckets.
        self.devices
            .check_key(&self.bucket(device.0))
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// There were too many; the time to wait.
    pub(crate) fn attempt(&self, login: &str) -> Result<(), Duration> {
        // The login first: who hammers one account must not use up everybody's attempts.
        self.logins
            .check_key(&self.bucket(login))
            .map_err(|until| until.wait_time_from(self.clock.now()))?;
        self.all.check().map_err(|until| until.wait_time_from(self.clock.now()))
    }

    #[expect(clippy::cast_possible_truncation, reason = "16 bits of it are the bucket")]
    fn bucket(&self, key: impl Hash) -> u16 {
        self.keys.hash_one(key) as u16
    }
}

fn quota((burst, period): (u32, Duration)) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn one_login_is_tried_a_few_times_and_then_now_and_again() {
        let clock = FakeRelativeClock::default();
        let attempts = Attempts::with(clock.clone());
        for _ in 0..PER_LOGIN.0 {
            attempts.attempt("kim").unwrap();
        }
        assert_eq!(attempts.attempt("kim"), Err(PER_LOGIN.1));
        attempts.attempt("alex").unwrap();
        clock.advance(PER_LOGIN.1);
        attempts.attempt("kim").unwrap();
        assert!(attempts.attempt("kim").is_err());
    }

    #[test]
    fn a_browser_that_is_known_is_not_kept_out_by_strangers() {
        let attempts = Attempts::with(FakeRelativeClock::default());
        while attempts.attempt("kim").is_ok() {}
        for login in 0..100 {
            let _ = attempts.attempt(&format!("login {login}"));
        }
        let (mine, other) = (SecretHash([1; 32]), SecretHash([2; 32]));
        for _ in 0..PER_LOGIN.0 {
            attempts.attempt_by(mine).unwrap();
        }
        assert_eq!(attempts.attempt_by(mine), Err(PER_LOGIN.1), "it is limited too");
        attempts.attempt_by(other).unwrap();
    }

    #[test]
    fn many_logins_together_are_limited_too() {
        let clock = FakeRelativeClock::default();
        let attempts = Attempts::with(clock.clone());
        let allowed =
            (0..200).filter(|it| attempts.attempt(&format!("login {it}")).is_ok()).count();
        assert_eq!(allowed, OVER_ALL.0 as usize);
        clock.advance(OVER_ALL.1 * 10);
        let allowed =
            (200..300).filter(|it| attempts.attempt(&format!("login {it}")).is_ok()).count();
        assert_eq!(allowed, 10);
    }
}
