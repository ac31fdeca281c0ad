//! Sending: when it is tried, what an attempt came to, and when it is tried again.
//!
//! The constants and the rules here hold for the painted form and for what is kept in the browser's storage,
//! too: `script/build` writes [`javascript`] into the module `built`, and the script has no figures of its own.

use afterword_response::limits::REVISION_JUMP;

/// How long a score rests before it is sent, in milliseconds: time to correct a slip.
pub const SETTLE: u32 = 400;

/// The same for a score that was reached by an arrow key, on which somebody may only be passing by. Leaving the
/// scale ends it.
pub const SETTLE_ARROW: u32 = 1500;

/// The same for a typed 1, which a 0 may follow: 10.
pub const SETTLE_ONE: u32 = 700;

/// Attempts per revision: the first, and one after 1, 2, 4 and 8 seconds.
pub const ATTEMPTS: u8 = 5;

/// The wait after the first attempt, in milliseconds. It doubles after each further one.
pub const FIRST_WAIT: u32 = 1000;

/// How far a wait may differ from that to either side, as a part of it: a quarter. A server that comes back
/// is not met by everybody at once.
pub const JITTER: f64 = 0.25;

/// The longest wait that a `Retry-After` may ask for, in seconds. A customer does not stay longer.
pub const PATIENCE: u32 = 30;

/// How long an attempt may take, in milliseconds; then it counts as failed. Only the script measures it.
pub const DEADLINE: u32 = 45_000;

/// The statuses that may pass, as a regular expression; 0 stands for no answer at all. Everything else is
/// final: a 2xx is an acknowledgement, the rest a refusal. [`outcome`] says the same.
pub const RETRYABLE: &str = "^(?:0|408|425|429|5..)$";

/// The constants of this module as a JavaScript module: `export const SETTLE = 400;` and so on, and
/// `export const RETRYABLE = /…/;` to test a status with.
#[must_use]
pub fn javascript() -> String {
    let numbers = [
        ("SETTLE", SETTLE.into()),
        ("SETTLE_ARROW", SETTLE_ARROW.into()),
        ("SETTLE_ONE", SETTLE_ONE.into()),
        ("ATTEMPTS", ATTEMPTS.into()),
        ("FIRST_WAIT", FIRST_WAIT.into()),
        ("JITTER", JITTER),
        ("PATIENCE", PATIENCE.into()),
        ("DEADLINE", DEADLINE.into()),
        ("REVISION_JUMP", REVISION_JUMP.into()),
    ];
    let lines = numbers
        .iter()
        .map(|(name, number): &(_, f64)| format!("export const {name} = {number};\n"));
    lines.collect::<String>() + &format!("export const RETRYABLE = /{RETRYABLE}/;\n")
}

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
    /// It was tried as often as makes sense; somebody may try again.
    Exhausted,
}

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
/// `attempts` is how many have failed so far (from 1), `random` lies in `0.0..1.0`. The wait doubles from
/// [`FIRST_WAIT`] and is spread by [`JITTER`]. In JavaScript, with how many have failed before this one:
///
/// ```js
/// Math.max(retryAfter * 1000 || 0, FIRST_WAIT * 2 ** failed * (1 + JITTER * (2 * random - 1)))
/// ```
#[must_use]
pub fn wait(attempts: u8, retry_after: Option<u32>, random: f64) -> Option<u32> {
    if attempts == 0 || attempts >= ATTEMPTS {
        return None;
    }
    let base = f64::from(FIRST_WAIT << (attempts - 1));
    let spread = base * 2.0 * JITTER * random.clamp(0.0, 1.0);
    let jittered = (base * (1.0 - JITTER)) as u32 + spread as u32;
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

    #[test]
    fn fuzz_retry_after() {
        bolero::check!(name = "retry_after").with_iterations(5_000).for_each(|header: &[u8]| {
            let header = String::from_utf8_lossy(header);
            if let Outcome::Unavailable { retry_after } = outcome(Some(503), Some(&header))
                && let Some(wait) = wait(1, retry_after, 0.5)
            {
                assert!((750..=PATIENCE * 1000).contains(&wait), "{header}: {wait}");
            }
        });
    }
}
