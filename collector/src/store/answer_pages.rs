//! Answer pages, on which customers read their own answers again; and what they do there.

use std::fmt;

use afterword_response::Response;
use jiff::{SignedDuration, Timestamp};

/// How long a page exists after it was made, or after the shop's last reply.
const PERIOD: SignedDuration = SignedDuration::from_hours(180 * 24);
/// How long it exists at most after the answer arrived.
const LONGEST_PERIOD: SignedDuration = SignedDuration::from_hours(730 * 24);
/// The time in which a second rating is corrected by a new one, so that a double click makes one.
pub(crate) const CORRECTION_PERIOD: SignedDuration = SignedDuration::from_mins(10);
/// Second ratings of one answer that are stored; more replace the latest.
pub(crate) const MAX_SECOND_RATINGS: u32 = 20;

/// The end of a page that was made at `made_at`, for an answer that arrived at `received_at`.
pub(crate) fn end(
    made_at: Timestamp,
    last_reply: Option<Timestamp>,
    received_at: Timestamp,
) -> Timestamp {
    let after = |at: Timestamp, period| at.checked_add(period).unwrap_or(Timestamp::MAX);
    let from = last_reply.map_or(made_at, |reply| made_at.max(reply));
    after(from, PERIOD).min(after(received_at, LONGEST_PERIOD))
}

/// Whether a reply at `now` makes a page exist, for an answer that arrived at `received_at`.
pub(crate) fn may_last(received_at: Timestamp, now: Timestamp) -> bool {
    now < end(now, None, received_at)
}

/// The content of an answer page.
#[derive(Clone, PartialEq)]
pub(crate) struct AnswerPage {
    /// The row number of the answer.
    pub(crate) number: i64,
    pub(crate) response: Response,
    /// The page exists until then.
    pub(crate) until: Timestamp,
    /// Earliest first.
    pub(crate) ratings: Vec<SecondRating>,
    pub(crate) withdrawn: Vec<Withdrawal>,
}

impl fmt::Debug for AnswerPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerPage").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A rating that a customer gave later on the answer page. It never changes the first one, which alone is counted: else a
/// shop's replies would raise its score by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecondRating {
    pub(crate) at: Timestamp,
    /// From 0 to 10.
    pub(crate) score: u8,
    pub(crate) comment: Option<String>,
}

/// What customers can take back of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withdrawal {
    /// The permission to quote the comment, with the name.
    Quote,
    Contact,
}

impl Withdrawal {
    /// The name in the database and in forms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Contact => "contact",
        }
    }

    /// Leaves out of an answer what was withdrawn of it.
    pub(crate) fn take_off(self, response: &mut Response) {
        match self {
            Self::Quote => {
                response.quotable = Some(false);
                response.quote_name = None;
            }
            Self::Contact => response.contact = None,
        }
    }

    /// The withdrawal of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Quote, Self::Contact].into_iter().find(|it| it.name() == name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_page_ends_half_a_year_after_the_last_reply_and_two_years_after_the_answer() {
        let at = |text: &str| format!("{text}T00:00:00Z").parse::<Timestamp>().unwrap();
        for (made, reply, received, expected) in [
            ("2026-01-01", None, "2026-01-01", "2026-06-30"),
            ("2026-01-01", Some("2026-03-01"), "2026-01-01", "2026-08-28"),
            // A mail with another link was sent after the last reply.
            ("2026-04-01", Some("2026-03-01"), "2026-01-01", "2026-09-28"),
            ("2026-01-01", Some("2027-12-01"), "2026-01-01", "2028-01-01"),
        ] {
            let end = end(at(made), reply.map(at), at(received));
            assert_eq!(end, at(expected), "{made} {reply:?}");
        }
    }
}
