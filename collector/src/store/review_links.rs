//! The link for a review: after which scores it was shown, and what the settings said. No person is named.

use jiff::Timestamp;

use crate::report::calendar::Day;

/// The counted answers of a day to a survey with one score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScoreDay {
    pub(crate) survey: String,
    pub(crate) day: Day,
    pub(crate) score: u8,
    /// All of them. Those that are in neither of the next two never came to the thanks, or came from a page that does not
    /// tell.
    pub(crate) answers: u64,
    /// Those whose thanks showed the link.
    pub(crate) shown: u64,
    /// Those whose thanks did not.
    pub(crate) not_shown: u64,
}

/// A change of the link in a survey's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkChange {
    pub(crate) survey: String,
    pub(crate) since: Timestamp,
    /// `None`: no link from then on.
    pub(crate) link: Option<String>,
}

/// What shows that no score decided who was asked for a review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkProof {
    /// By survey, day and score.
    pub(crate) days: Vec<ScoreDay>,
    /// By survey, oldest first.
    pub(crate) changes: Vec<LinkChange>,
}
