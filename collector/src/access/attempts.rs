//! Limits how often a password may be tried: per login and network, and per network for all logins.
//!
//! Wrong passwords from other networks use up none of an owner's attempts, so only somebody in the owner's
//! network can lock the owner out. If networks are unknown (see
//! [`Network::of`](crate::abuse::network::Network::of)), all clients share one, and a browser that signed
//! in before still has attempts of its own. The time that hashing takes bounds the total
//! ([`super::password`]).
//!
//! Token buckets (governor's GCRA) in memory. A hash with a random key puts logins and networks into 65,536
//! buckets each, whether or not the account exists: the memory is bounded, no address is kept, and a
//! refusal does not reveal whether an account exists.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};

use crate::{abuse::network::Network, access::secret::SecretHash};

/// Attempts in a row for one login from one network, and the time until one more.
const PER_LOGIN: (u32, Duration) = (8, Duration::from_secs(30));
/// Attempts in a row for all logins from one network, and the time until one more.
const PER_NETWORK: (u32, Duration) = (40, Duration::from_millis(500));

/// Counts attempts.
pub(crate) struct Attempts<C: Clock = MonotonicClock> {
    keys: RandomState,
    clock: C,
    logins: Limiter<C>,
    devices: Limiter<C>,
    networks: Limiter<C>,
}

type Limiter<C> =
    RateLimiter<u16, HashMapStateStore<u16>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl Attempts {
    pub(crate) fn new() -> Self {
        Self::with(MonotonicClock)
    }
}

impl<C: Clock + Clone> Attempts<C> {
    fn with(clock: C) -> Self {
        let limiter =
            |rate| RateLimiter::new(quota(rate), HashMapStateStore::default(), clock.clone());
        Self {
            keys: RandomState::new(),
            logins: limiter(PER_LOGIN),
            devices: limiter(PER_LOGIN),
            networks: limiter(PER_NETWORK),
            clock,
        }
    }

    /// Counts an attempt by a browser that is or was signed in, recognised by its cookie. Strangers who guess
    /// passwords of the same account do not use up its attempts.
    ///
    /// # Errors
    /// There were too many; the time to wait.
    pub(crate) fn attempt_by(&self, device: SecretHash) -> Result<(), Duration> {
        // A cookie's secret cannot be guessed, so nobody else can fill these buckets.
        self.devices
            .check_key(&self.bucket(device.0))
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// There were too many; the time to wait.
    pub(crate) fn attempt(&self, login: &str, network: Option<Network>) -> Result<(), Duration> {
        let wait = |until: NotUntil<C::Instant>| until.wait_time_from(self.clock.now());
        // The login goes first: attempts on one account must not use up those of the whole network.
        self.logins.check_key(&self.bucket((login, network))).map_err(wait)?;
        self.networks.check_key(&self.bucket(network)).map_err(wait)
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

    const HOME: Option<Network> = Some(Network::V4([203, 0, 113]));
    const ELSEWHERE: Option<Network> = Some(Network::V4([198, 51, 100]));

    #[test]
    fn attempts_at_one_login_are_limited() {
        for network in [HOME, None] {
            let clock = FakeRelativeClock::default();
            let attempts = Attempts::with(clock.clone());
            for _ in 0..PER_LOGIN.0 {
                attempts.attempt("kim", network).unwrap();
            }
            assert_eq!(attempts.attempt("kim", network), Err(PER_LOGIN.1));
            attempts.attempt("alex", network).unwrap();
            clock.advance(PER_LOGIN.1);
            attempts.attempt("kim", network).unwrap();
            assert!(attempts.attempt("kim", network).is_err());
        }
    }

    #[test]
    fn guesses_from_other_networks_use_up_no_attempts_here() {
        let attempts = Attempts::with(FakeRelativeClock::default());
        while attempts.attempt("kim", ELSEWHERE).is_ok() {}
        for number in 0..=255 {
            for login in 0..10 {
                let network = Some(Network::V4([198, 51, number]));
                let _ = attempts.attempt(&format!("login {login}"), network);
                let _ = attempts.attempt("kim", network);
            }
        }
        attempts.attempt("kim", HOME).unwrap();
    }

    #[test]
    fn strangers_cannot_lock_out_a_known_browser() {
        let attempts = Attempts::with(FakeRelativeClock::default());
        while attempts.attempt("kim", None).is_ok() {}
        for login in 0..100 {
            let _ = attempts.attempt(&format!("login {login}"), None);
        }
        let (mine, other) = (SecretHash([1; 32]), SecretHash([2; 32]));
        for _ in 0..PER_LOGIN.0 {
            attempts.attempt_by(mine).unwrap();
        }
        assert_eq!(attempts.attempt_by(mine), Err(PER_LOGIN.1), "it is limited too");
        attempts.attempt_by(other).unwrap();
    }

    #[test]
    fn many_logins_from_one_network_are_limited_together() {
        let clock = FakeRelativeClock::default();
        let attempts = Attempts::with(clock.clone());
        let try_all = |logins: std::ops::Range<u32>| {
            logins.filter(|it| attempts.attempt(&format!("login {it}"), HOME).is_ok()).count()
        };
        assert_eq!(try_all(0..200), PER_NETWORK.0 as usize);
        clock.advance(PER_NETWORK.1 * 10);
        assert_eq!(try_all(200..300), 10);
    }
}
