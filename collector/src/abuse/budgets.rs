//! Limits how much senders without a token may send, from one network, to one survey, and in all; and how often they may read
//! the quotes.
//!
//! Token buckets (governor's GCRA) in memory: a burst, and then a rate per second. A hash with a random key
//! puts networks and surveys into 65,536 buckets each, so that the memory is bounded and no address is kept.
//! `SECURITY.md` derives the numbers, which are generous to a busy shop.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    num::NonZeroU32,
    time::{Duration, Instant},
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::HashMapStateStore},
};

use super::{Limits, network::Network};

/// A budget: `burst` at once, and then `a_second` more each second.
#[derive(Clone, Copy)]
struct Rate {
    burst: u32,
    a_second: u32,
}

/// Revisions of answers. A network of 256 addresses may belong to a mobile carrier with thousands of
/// customers.
const MAX_ANSWERS_PER_NETWORK: Rate = Rate { burst: 600, a_second: 5 };
const MAX_ANSWERS_PER_SURVEY: Rate = Rate { burst: 60_000, a_second: 1_000 };
const MAX_ANSWERS: Rate = Rate { burst: 120_000, a_second: 2_000 };
/// Steps of displays: for each customer who answers, many see the question.
const MAX_DISPLAYS_PER_NETWORK: Rate = Rate { burst: 3_000, a_second: 25 };
const MAX_DISPLAYS_PER_SURVEY: Rate = Rate { burst: 300_000, a_second: 5_000 };
const MAX_DISPLAYS: Rate = Rate { burst: 600_000, a_second: 10_000 };
/// Requests of any kind to the ingest address, valid or not.
const MAX_REQUESTS_PER_NETWORK: Rate = Rate { burst: 4_000, a_second: 40 };
/// Readings of quotes: each page that shows them asks twice a minute.
const MAX_QUOTES_PER_NETWORK: Rate = Rate { burst: 3_000, a_second: 25 };
const MAX_QUOTES: Rate = Rate { burst: 60_000, a_second: 1_000 };
/// KiB of bodies: 2 GiB a day for a survey and 8 GiB in all, both as a burst and as a rate.
const MAX_KIB_PER_SURVEY: Rate = Rate { burst: 2 << 20, a_second: 24 };
const MAX_KIB: Rate = Rate { burst: 8 << 20, a_second: 97 };

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Answer,
    Display,
}

/// Which budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Budget {
    Network,
    Survey,
    All,
    Bytes,
    /// The answers to surveys that wait to be added.
    Waiting,
}

/// The budget that is used up, and the time until it allows the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExceededBudget {
    pub(crate) budget: Budget,
    pub(crate) wait: Duration,
}

impl ExceededBudget {
    /// No more answers may wait for surveys to be added. The time is a guess, since a person adds surveys.
    pub(crate) const WAITING: Self =
        Self { budget: Budget::Waiting, wait: Duration::from_secs(30) };

    /// Seconds until the next attempt, 1 to 30: the widget gives up if the wait is longer.
    pub(crate) fn retry_after(self) -> u64 {
        self.wait.as_millis().div_ceil(1_000).clamp(1, 30) as u64
    }
}

type KeyedLimiter<C> =
    RateLimiter<u16, HashMapStateStore<u16>, C, NoOpMiddleware<<C as Clock>::Instant>>;
type SingleLimiter<C> =
    RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The budgets for one kind of message.
struct KindBudgets<C: Clock> {
    network: KeyedLimiter<C>,
    survey: KeyedLimiter<C>,
    all: SingleLimiter<C>,
}

/// All budgets.
pub(crate) struct Budgets<C: Clock = Time> {
    is_off: bool,
    keys: RandomState,
    clock: C,
    requests: KeyedLimiter<C>,
    answers: KindBudgets<C>,
    displays: KindBudgets<C>,
    quotes_of_network: KeyedLimiter<C>,
    quotes: SingleLimiter<C>,
    survey_kib: KeyedLimiter<C>,
    all_kib: SingleLimiter<C>,
}

/// The clock by which budgets are refilled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Time {
    /// The machine's monotonic clock.
    Running,
    /// A stopped clock, so that budgets are not refilled.
    Still(Instant),
}

impl Clock for Time {
    type Instant = Instant;

    fn now(&self) -> Instant {
        match self {
            Self::Running => Instant::now(),
            Self::Still(moment) => *moment,
        }
    }
}

impl<C: Clock + Clone> Budgets<C> {
    pub(crate) fn with(limits: Limits, clock: C) -> Self {
        let (is_off, times) = match limits {
            Limits::Off => (true, 1),
            Limits::Times(times) => (false, u32::from(times.max(1))),
        };
        let keyed = |rate: Rate| {
            RateLimiter::new(rate.quota(times), HashMapStateStore::default(), clock.clone())
        };
        let single = |rate: Rate| RateLimiter::direct_with_clock(rate.quota(times), clock.clone());
        Self {
            is_off,
            keys: RandomState::new(),
            requests: keyed(MAX_REQUESTS_PER_NETWORK),
            answers: KindBudgets {
                network: keyed(MAX_ANSWERS_PER_NETWORK),
                survey: keyed(MAX_ANSWERS_PER_SURVEY),
                all: single(MAX_ANSWERS),
            },
            displays: KindBudgets {
                network: keyed(MAX_DISPLAYS_PER_NETWORK),
                survey: keyed(MAX_DISPLAYS_PER_SURVEY),
                all: single(MAX_DISPLAYS),
            },
            quotes_of_network: keyed(MAX_QUOTES_PER_NETWORK),
            quotes: single(MAX_QUOTES),
            survey_kib: keyed(MAX_KIB_PER_SURVEY),
            all_kib: single(MAX_KIB),
            clock,
        }
    }

    /// Counts a request before its body is read.
    ///
    /// # Errors
    /// The network has sent too many requests.
    pub(crate) fn take_request(&self, network: Option<Network>) -> Result<(), ExceededBudget> {
        match network {
            Some(network) if !self.is_off => self
                .requests
                .check_key(&self.bucket(network))
                .map_err(|until| self.exceeded(Budget::Network, &until)),
            _ => Ok(()),
        }
    }

    /// Counts a reading of the quotes.
    ///
    /// # Errors
    /// A budget is used up.
    pub(crate) fn take_quotes(&self, network: Option<Network>) -> Result<(), ExceededBudget> {
        if self.is_off {
            return Ok(());
        }
        if let Some(network) = network {
            self.quotes_of_network
                .check_key(&self.bucket(network))
                .map_err(|until| self.exceeded(Budget::Network, &until))?;
        }
        self.quotes.check().map_err(|until| self.exceeded(Budget::All, &until))
    }

    /// Counts a message that was read.
    ///
    /// # Errors
    /// A budget is used up.
    pub(crate) fn take(
        &self,
        kind: Kind,
        network: Option<Network>,
        survey: &str,
        bytes: usize,
    ) -> Result<(), ExceededBudget> {
        if self.is_off {
            return Ok(());
        }
        let of = match kind {
            Kind::Answer => &self.answers,
            Kind::Display => &self.displays,
        };
        // The narrowest budget goes first: one network must not use up the budgets of all.
        if let Some(network) = network {
            of.network
                .check_key(&self.bucket(network))
                .map_err(|until| self.exceeded(Budget::Network, &until))?;
        }
        let survey = self.bucket(survey);
        of.survey.check_key(&survey).map_err(|until| self.exceeded(Budget::Survey, &until))?;
        of.all.check().map_err(|until| self.exceeded(Budget::All, &until))?;
        let kib = u32::try_from(bytes.div_ceil(1_024)).ok().and_then(NonZeroU32::new);
        let kib = kib.unwrap_or(NonZeroU32::MIN);
        // The outer error, for a body larger than a whole budget, cannot happen.
        if let Ok(Err(until)) = self.survey_kib.check_key_n(&survey, kib) {
            return Err(self.exceeded(Budget::Bytes, &until));
        }
        if let Ok(Err(until)) = self.all_kib.check_n(kib) {
            return Err(self.exceeded(Budget::Bytes, &until));
        }
        Ok(())
    }

    fn exceeded(&self, budget: Budget, until: &NotUntil<C::Instant>) -> ExceededBudget {
        ExceededBudget { budget, wait: until.wait_time_from(self.clock.now()) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "16 bits of it are the bucket")]
    fn bucket(&self, key: impl Hash) -> u16 {
        self.keys.hash_one(key) as u16
    }
}

impl Rate {
    fn quota(self, times: u32) -> Quota {
        let number = |it: u32| NonZeroU32::new(it.saturating_mul(times)).unwrap_or(NonZeroU32::MIN);
        Quota::per_second(number(self.a_second)).allow_burst(number(self.burst))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use governor::clock::FakeRelativeClock;

    use super::*;

    const HOME: Option<Network> = Some(Network::V4([203, 0, 113]));
    const ELSEWHERE: Option<Network> = Some(Network::V4([198, 51, 100]));

    fn budgets(limits: Limits) -> (Budgets<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Budgets::with(limits, clock.clone()), clock)
    }

    /// The number of answers that are accepted in a row, and the budget that ends it.
    fn taken(
        budgets: &Budgets<FakeRelativeClock>,
        kind: Kind,
        network: Option<Network>,
        survey: &str,
        bytes: usize,
    ) -> (u32, Budget) {
        for count in 0.. {
            if let Err(exceeded) = budgets.take(kind, network, survey, bytes) {
                return (count, exceeded.budget);
            }
        }
        unreachable!()
    }

    #[test]
    fn a_network_uses_up_only_its_own_budget() {
        let (budgets, clock) = budgets(Limits::default());
        assert_eq!(taken(&budgets, Kind::Answer, HOME, "a", 900), (600, Budget::Network));
        let (count, _) = taken(&budgets, Kind::Answer, HOME, "b", 900);
        assert_eq!(count, 0, "inventing surveys gains nothing");
        budgets.take(Kind::Answer, ELSEWHERE, "a", 900).unwrap();
        budgets.take(Kind::Answer, None, "a", 900).unwrap();
        assert_eq!(taken(&budgets, Kind::Display, HOME, "a", 300), (3_000, Budget::Network));
        let exceeded = budgets.take(Kind::Answer, HOME, "a", 900).unwrap_err();
        assert!(exceeded.wait <= Duration::from_millis(200), "{exceeded:?}");
        clock.advance(Duration::from_secs(10));
        assert_eq!(taken(&budgets, Kind::Answer, HOME, "a", 900).0, 50);
    }

    #[test]
    fn a_survey_has_a_budget_even_if_no_network_is_known() {
        let (budgets, clock) = budgets(Limits::default());
        assert_eq!(taken(&budgets, Kind::Answer, None, "a", 900), (60_000, Budget::Survey));
        budgets.take(Kind::Answer, None, "b", 900).unwrap();
        // A shop of half a million orders a day, in its best minute: see SECURITY.md.
        for _ in 0..60 {
            clock.advance(Duration::from_secs(1));
            for _ in 0..21 {
                budgets.take(Kind::Answer, None, "a", 900).unwrap();
            }
        }
        let mut count = 0;
        while (0..2_000)
            .all(|survey| budgets.take(Kind::Answer, None, &survey.to_string(), 900).is_ok())
        {
            count += 1;
        }
        assert!(count < 60, "invented surveys share what there is over all: {count}");
    }

    #[test]
    fn a_survey_has_a_budget_of_bytes_a_day() {
        let (budgets, clock) = budgets(Limits::default());
        let largest = 64 << 10;
        assert_eq!(taken(&budgets, Kind::Answer, None, "a", largest), (32_768, Budget::Bytes));
        budgets.take(Kind::Answer, None, "b", largest).unwrap();
        clock.advance(Duration::from_secs(3));
        budgets.take(Kind::Answer, None, "a", largest).unwrap();
    }

    #[test]
    fn a_busier_shop_has_larger_budgets() {
        let (tenfold, _) = budgets(Limits::Times(10));
        assert_eq!(taken(&tenfold, Kind::Answer, HOME, "a", 900).0, 6_000);
        let (off, _) = budgets(Limits::Off);
        assert!((0..700).all(|_| off.take(Kind::Answer, HOME, "a", 900).is_ok()));
        assert!((0..5_000).all(|_| off.take_request(HOME).is_ok()));
        assert_eq!(Limits::read("off"), Ok(Limits::Off));
        assert_eq!(Limits::read("10"), Ok(Limits::Times(10)));
        for wrong in ["0", "1001", "-1", "none", ""] {
            assert!(Limits::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whoever_reads_quotes_too_often_waits_and_nobody_else() {
        let (budgets, clock) = budgets(Limits::default());
        let read =
            |network| (0..90_000).take_while(|_| budgets.take_quotes(network).is_ok()).count();
        assert_eq!(read(HOME), 3_000);
        budgets.take_quotes(ELSEWHERE).unwrap();
        budgets.take(Kind::Answer, HOME, "a", 900).unwrap();
        clock.advance(Duration::from_secs(1));
        assert_eq!(read(HOME), 25);
        clock.advance(Duration::from_secs(60));
        assert_eq!(read(None), 60_000);
        let exceeded = budgets.take_quotes(ELSEWHERE).unwrap_err();
        assert_eq!(exceeded.budget, Budget::All);
        let (off, _) = self::budgets(Limits::Off);
        assert!((0..4_000).all(|_| off.take_quotes(HOME).is_ok()));
    }

    #[test]
    fn requests_that_are_not_answers_are_counted_too() {
        let (budgets, _) = budgets(Limits::default());
        let taken = (0..10_000).take_while(|_| budgets.take_request(HOME).is_ok()).count();
        assert_eq!(taken, 4_000);
        budgets.take_request(ELSEWHERE).unwrap();
        budgets.take_request(None).unwrap();
    }
}
