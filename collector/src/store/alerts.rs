//! Rules and alerts as they are stored.

use jiff::Timestamp;

use crate::{
    aside::Aside,
    language::Language,
    report::statistics::Segments,
    rules::{Condition, Finding, QuietHours},
    store::StoreError,
};

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredRule {
    pub(crate) rule: i64,
    pub(crate) condition: Condition,
    pub(crate) is_on: bool,
    pub(crate) created_at: Timestamp,
    /// The day or week that a rule about time was last run on, in days since 1970-01-01 of the shop's calendar.
    pub(crate) run_on: Option<i64>,
    pub(crate) tells: Tells,
}

/// The targets that a rule tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tells {
    /// All of them, also those that are added later.
    #[default]
    All,
    /// Those with these numbers.
    Only(Vec<i64>),
}

impl Tells {
    /// Whether the target with that number is told.
    pub(crate) fn includes(&self, target: i64) -> bool {
        match self {
            Self::All => true,
            Self::Only(chosen) => chosen.contains(&target),
        }
    }
}

/// The outcome of adding a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleAdded {
    Added(i64),
    /// The same rule is there.
    Known,
    /// There are as many rules as there may be.
    NoRoom,
}

/// An answer that the rules are to be run on.
#[derive(Clone, Debug)]
pub(crate) struct DueAnswer {
    pub(crate) number: i64,
    pub(crate) response: afterword_response::Response,
    pub(crate) aside: Aside,
}

/// An answer that the rules were run on.
#[derive(Clone, Debug)]
pub(crate) struct RunAnswer {
    pub(crate) number: i64,
    /// The revision and the reasons to set it aside that the rules saw. If it has others by now, they are run again.
    pub(crate) revision: u32,
    pub(crate) aside: Aside,
    /// The id that it is shown under.
    pub(crate) shown_as: String,
    /// The rules that found it.
    pub(crate) found_by: Vec<i64>,
}

/// An alert, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alert {
    pub(crate) alert: i64,
    pub(crate) at: Timestamp,
    /// The rule; `None` once it was removed.
    pub(crate) condition: Option<Condition>,
    /// Whether it went to the owner of its case, by no rule.
    pub(crate) is_of_own_case: bool,
    pub(crate) finding: Finding,
    /// The answer that it is about.
    pub(crate) answer: Option<AlertedAnswer>,
}

/// The answer of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlertedAnswer {
    /// The id that it is shown under.
    pub(crate) id: String,
    pub(crate) score: u8,
    pub(crate) touchpoint: Option<afterword_response::Touchpoint>,
}

/// Answers and displays by day.
pub(crate) type Signs = Vec<(i64, u64)>;

/// The answers of a week, and those of the weeks before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weeks {
    pub(crate) before: Segments,
    pub(crate) week: Segments,
}

/// A target of alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredTarget {
    pub(crate) target: i64,
    /// By the name of `alerts::message::Kind`.
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) host: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
    /// Messages that wait for another attempt.
    pub(crate) waiting: u64,
}

/// A target that is added.
#[derive(Clone, Debug)]
pub(crate) struct NewTarget {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) host: String,
}

/// A message whose next attempt is due.
#[derive(Clone, Debug)]
pub(crate) struct DueDelivery {
    pub(crate) delivery: i64,
    /// The same in every attempt.
    pub(crate) message: String,
    pub(crate) about: StoredAbout,
    /// When its attempts began.
    pub(crate) since: Timestamp,
    /// The attempts so far.
    pub(crate) attempts: u32,
}

/// What a message is about, as it is now.
#[derive(Clone, Debug)]
pub(crate) enum StoredAbout {
    Alert {
        at: Timestamp,
        rule: i64,
        condition: Option<Condition>,
        finding: Finding,
        /// The answer with the id that it is shown under, and when it arrived.
        answer: Option<Box<(afterword_response::Response, Timestamp)>>,
    },
    Test {
        at: Timestamp,
    },
    Erased {
        at: Timestamp,
        id: String,
    },
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) delivery: i64,
    pub(crate) outcome: Outcome,
    /// The status of the answer, or why there was none.
    pub(crate) status: Option<u16>,
    pub(crate) problem: Option<String>,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Delivered,
    Again(Timestamp),
    /// There will be no other attempt by itself.
    Failed,
}

/// A message and what became of it, to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownDelivery {
    pub(crate) delivery: i64,
    /// `alert`, `test` or `erased`.
    pub(crate) what: String,
    /// The name of the target, or of the colleague who gets a mail.
    pub(crate) receiver: Option<String>,
    pub(crate) is_mail: bool,
    pub(crate) state: DeliveryState,
    pub(crate) created_at: Timestamp,
    pub(crate) attempts: u32,
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) last_at: Option<Timestamp>,
    pub(crate) status: Option<u16>,
    pub(crate) problem: Option<String>,
}

/// What a colleague gets by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailChoice {
    pub(crate) address: String,
    pub(crate) language: Language,
    pub(crate) quiet: Option<QuietHours>,
    /// The rules whose alerts it is.
    pub(crate) rules: Vec<i64>,
    /// Whether they are told of their own cases: when one is given to them, waits for an answer, or its customer writes back.
    pub(crate) own_cases: bool,
    /// Whether they are told of cases that wait for an answer and that nobody looks after.
    pub(crate) unowned_cases: bool,
}

/// Everything that waits to be sent to a colleague.
#[derive(Clone, Debug)]
pub(crate) struct DueMail {
    pub(crate) choice: MailChoice,
    pub(crate) deliveries: Vec<DueDelivery>,
    /// Messages that say what is no longer so; they are not sent.
    pub(crate) outdated: Vec<i64>,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    Waiting,
    Delivered,
    Failed,
}

impl DeliveryState {
    /// The state of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "waiting" => Some(Self::Waiting),
            "delivered" => Some(Self::Delivered),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// How many messages have not arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undelivered {
    pub(crate) waiting: u64,
    /// Messages that were given up.
    pub(crate) failed: u64,
    /// Replies whose mail was given up.
    pub(crate) failed_replies: u64,
}

/// Reads the stored form of a rule's condition.
pub(super) fn read_condition(text: &str) -> Result<Condition, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::unexpected("a rule"))
}
