//! Replies to customers, and what they wrote back.

use jiff::{SignedDuration, Timestamp};

use super::cases::Actor;
pub(crate) use super::cases::Way;

/// The largest number of characters of a reply.
pub(crate) const MAX_REPLY_LENGTH: usize = 2_000;
/// The largest number of characters of what a customer writes back.
pub(crate) const MAX_WRITTEN_BACK_LENGTH: usize = 2_000;
/// How long a reply can be taken back. The customer cannot read it before.
pub(crate) const TAKE_BACK: SignedDuration = SignedDuration::from_secs(10);

/// How far the mail of a reply has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailState {
    Waiting,
    /// The mail server has accepted it.
    Delivered,
    /// It was given up.
    Failed,
}

impl MailState {
    /// The state of that name in the database.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "waiting" => Some(Self::Waiting),
            "delivered" => Some(Self::Delivered),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// A reply, for the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) at: Timestamp,
    pub(crate) who: Actor,
    /// The step that wrote it, by which it can be taken back.
    pub(crate) step: i64,
    pub(crate) way: Way,
    pub(crate) words: String,
    /// When the customer can read it; `None` for [`Way::Elsewhere`].
    pub(crate) visible_from: Option<Timestamp>,
    /// `Some` for [`Way::Mail`].
    pub(crate) mail: Option<MailState>,
    pub(crate) written_back: Option<WrittenBack>,
}

impl Reply {
    /// Whether it can be taken back at `now`: the customer cannot read it yet.
    pub(crate) fn can_be_taken_back(&self, now: Timestamp) -> bool {
        self.visible_from.is_none_or(|from| now < from)
    }
}

/// What a customer wrote back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenBack {
    pub(crate) at: Timestamp,
    pub(crate) words: String,
}

/// A reply, for the customer's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CustomerReply {
    /// 128 random bits as 32 characters; nothing else has this id.
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) words: String,
    /// What the customer has written back already.
    pub(crate) written_back: Option<String>,
}

/// A reply whose mail is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DueReply {
    pub(crate) reply: i64,
    /// That of the answer's row.
    pub(crate) number: i64,
    /// The id that the customer's page has for it.
    pub(crate) public_id: String,
    pub(crate) words: String,
    /// `None` once the contact was erased.
    pub(crate) contact: Option<String>,
    pub(crate) locale: String,
    /// When the attempts began.
    pub(crate) since: Timestamp,
    pub(crate) attempts: u32,
}

/// The outcome of replying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplyOutcome {
    /// The reply is written, by this step.
    Written { step: i64 },
    /// Somebody else has changed the case meanwhile. Nothing is written.
    Changed,
    /// There is no such answer.
    NotFound,
}

/// The outcome of sending the mail of a reply again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendAgainOutcome {
    /// Its mail is due, by this step.
    Due { step: i64 },
    /// The answer has no such reply whose mail was given up.
    NotFound,
}

/// The outcome of taking a reply back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TakeBackOutcome {
    /// The reply is gone. These were its words.
    TakenBack { words: String },
    /// The customer can read it already.
    TooLate,
    /// There is no such reply of this person.
    NotFound,
}

/// The outcome of writing back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteBackOutcome {
    Written,
    /// The customer has written back to this reply before.
    Already,
    /// The answer has no such reply that the customer can read.
    NotFound,
}
