//! What an attempt at sending came to, and when to try again.

/// What became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A 2xx: the endpoint has it.
    Acknowledged,
    /// It may work later; the endpoint may have said after how many seconds.
    Unavailable {
        /// From `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// It was refused for good.
    Refused,
}

/// Attempts per revision: the first, and one after 1, 2, 4 and 8 seconds.
pub const ATTEMPTS: u8 = 5;

/// The longest wait that a `Retry-After` may ask for, in seconds. A customer does not stay longer.
const PATIENCE: u32 = 30;

/// Reads an attempt's outcome from the answer's status (`None`: no answer at all) and its
/// `Retry-After`.
///
/// A date in `Retry-After` counts as absent: the customer's clock may be off by more than any wait.
#[must_use]
pub fn outcome(status: Option<u16>, retry_after: Option<&str>) -> Outcome {
    match status {
        Some(200..=299) => Outcome::Acknowledged,
        None | Some(408 | 425 | 429 | 500..=599) => {
            Outcome::Unavailable { retry_after: retry_after.and_then(|s| s.trim().parse().ok()) }
        }
        Some(_) => Outcome::Refused,
    }
}

/// How long to wait before the next attempt, in milliseconds; `None` when it is time to give up.
///
/// `attempts` is how many have failed so far (from 1), `random` lies in `0.0..1.0`. The wait doubles
/// from 1 s and is spread over ±25 %, so that a server coming back is not met by everybody at once.
#[must_use]
pub fn wait(attempts: u8, retry_after: Option<u32>, random: f64) -> Option<u32> {
    if attempts == 0 || attempts >= ATTEMPTS {
        return None;
    }
    let base = 1000_u32 << (attempts - 1);
    let jittered = base - base / 4 + (f64::from(base / 2) * random.clamp(0.0, 1.0)) as u32;
    match retry_after {
        Some(seconds) if seconds > PATIENCE => None,
        Some(seconds) => Some(jittered.max(seconds * 1000)),
        None => Some(jittered),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_2xx_is_success() {
        for status in 100..600 {
            let success = outcome(Some(status), None) == Outcome::Acknowledged;
            assert_eq!(success, (200..300).contains(&status), "{status}");
        }
        assert_ne!(outcome(None, None), Outcome::Acknowledged);
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_is_final_is_not() {
        for status in [None, Some(408), Some(425), Some(429), Some(500), Some(503), Some(599)] {
            assert_eq!(outcome(status, None), Outcome::Unavailable { retry_after: None });
        }
        for status in [0, 301, 304, 400, 401, 403, 404, 409, 413, 415, 422] {
            assert_eq!(outcome(Some(status), None), Outcome::Refused, "{status}");
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_only() {
        let check = |header, retry_after| {
            assert_eq!(outcome(Some(503), Some(header)), Outcome::Unavailable { retry_after });
        };
        check("3", Some(3));
        check(" 20 ", Some(20));
        check("-1", None);
        check("Wed, 21 Oct 2026 07:28:00 GMT", None);
    }

    #[test]
    fn waits_double_from_one_second_within_a_quarter() {
        for (attempts, base) in [(1, 1000), (2, 2000), (3, 4000), (4, 8000)] {
            assert_eq!(wait(attempts, None, 0.0).unwrap(), base * 3 / 4);
            assert_eq!(wait(attempts, None, 1.0).unwrap(), base * 5 / 4);
        }
        assert_eq!(wait(ATTEMPTS, None, 0.5), None);
        assert_eq!(wait(0, None, 0.5), None);
        assert_eq!(wait(u8::MAX, None, 0.5), None);
    }

    #[test]
    fn a_retry_after_lengthens_the_wait_up_to_half_a_minute() {
        assert_eq!(wait(1, Some(7), 0.5), Some(7000));
        assert_eq!(wait(4, Some(1), 0.5), Some(8000));
        assert_eq!(wait(1, Some(30), 0.5), Some(30_000));
        assert_eq!(wait(1, Some(31), 0.5), None);
        assert_eq!(wait(1, Some(u32::MAX), 0.5), None);
    }

    proptest::proptest! {
        #[test]
        fn no_status_and_no_header_at_all_is_misread(
            status in proptest::option::of(proptest::prelude::any::<u16>()),
            header in proptest::option::of(proptest::prelude::any::<String>()),
            attempts in proptest::prelude::any::<u8>(),
            random in proptest::prelude::any::<f64>(),
        ) {
            let outcome = outcome(status, header.as_deref());
            let success = status.is_some_and(|status| (200..300).contains(&status));
            proptest::prop_assert_eq!(outcome == Outcome::Acknowledged, success);
            if let Outcome::Unavailable { retry_after } = outcome
                && let Some(wait) = wait(attempts, retry_after, random)
            {
                proptest::prop_assert!((750..=PATIENCE * 1000).contains(&wait), "{}", wait);
                proptest::prop_assert!(wait >= retry_after.unwrap_or(0) * 1000);
            }
        }
    }
}
