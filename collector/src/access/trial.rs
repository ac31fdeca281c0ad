//! Trials of a survey in the shop: the page's address carries a signed mark after the `#`, the script sends it with
//! every message of the page, and messages with the mark are tests.
//!
//! Because of the signature strangers cannot make links that turn other people's answers into tests. It covers the
//! survey and the time until which pages may be opened with the mark.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// The mark's name: after the `#` of the shop's address, and after the `?` of the endpoint's.
pub(crate) const TRIAL: &str = "afterword-try";

/// How long pages may be opened with a mark.
pub(crate) const TRIAL_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// How long a page that was opened in time may send, since it may stay open, or wait for a connection.
const MAX_SENDING_TIME: SignedDuration = SignedDuration::from_hours(24);

/// Signs marks and verifies them.
pub(crate) struct Trials([u8; 64]);

impl Trials {
    /// Uses a key of 64 random bytes, a block of SHA-256.
    pub(crate) const fn new(key: [u8; 64]) -> Self {
        Self(key)
    }

    /// The value of a mark, with which pages of this survey may be opened for an hour from `now`.
    pub(crate) fn mark(&self, survey: &str, now: Timestamp) -> String {
        let until = now.saturating_add(TRIAL_LASTS).unwrap_or(now).as_second();
        let signature = self.over(survey, until).finalize().into_bytes();
        format!("{until}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whether a message with this mark is a test of the survey. `opened` is when its page was opened, by the sender's
    /// clock; if that clock is wrong, `now` decides.
    pub(crate) fn know(&self, mark: &str, survey: &str, opened: Timestamp, now: Timestamp) -> bool {
        let Some((until, signature)) = mark.split_once('.') else { return false };
        let (Ok(seconds), Ok(signature)) = (until.parse(), URL_SAFE_NO_PAD.decode(signature))
        else {
            return false;
        };
        let Ok(until) = Timestamp::from_second(seconds) else { return false };
        let is_open = |at: Timestamp| at <= until && until.duration_since(at) <= TRIAL_LASTS;
        let in_time = is_open(now)
            || (is_open(opened) && now >= opened && now.duration_since(opened) <= MAX_SENDING_TIME);
        in_time && self.over(survey, seconds).verify_slice(&signature).is_ok()
    }

    fn over(&self, survey: &str, until: i64) -> Hmac<Sha256> {
        let mut over = Hmac::<Sha256>::new(&self.0.into());
        over.update(format!("{TRIAL} {survey} {until}").as_bytes());
        over
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
    }

    #[test]
    fn a_mark_is_valid_for_its_survey_and_pages_opened_within_the_hour() {
        let trials = Trials::new([7; 64]);
        let mark = trials.mark("order", at(0));
        for (opened, now, expected) in [
            (0, 0, true),
            (59, 59, true),
            // The page was opened in time and is still open.
            (59, 61, true),
            (59, 59 + 24 * 60, true),
            (59, 61 + 24 * 60, false),
            (61, 61, false),
            // Phones whose clock is wrong.
            (-600, 30, true),
            (600, 30, true),
            // A slow clock does not turn a late message into a test.
            (-600, 90, false),
            (600, 90, false),
        ] {
            assert_eq!(
                trials.know(&mark, "order", at(opened), at(now)),
                expected,
                "{opened} {now}"
            );
        }
        assert!(!trials.know(&mark, "delivery", at(0), at(0)));
        assert!(!Trials::new([8; 64]).know(&mark, "order", at(0), at(0)));
    }

    #[test]
    fn a_changed_mark_is_invalid() {
        let trials = Trials::new([7; 64]);
        let mark = trials.mark("order", at(0));
        let (until, signature) = mark.split_once('.').unwrap();
        let later = until.parse::<i64>().unwrap() + 600;
        for wrong in [
            String::new(),
            ".".into(),
            until.into(),
            format!("{until}."),
            format!("{later}.{signature}"),
            format!("{until}.{}", &signature[1..]),
            format!("{mark}A"),
            format!("{}.{signature}", i64::MAX),
            "ü.ü".into(),
        ] {
            assert!(!trials.know(&wrong, "order", at(0), at(0)), "{wrong}");
        }
    }
}
