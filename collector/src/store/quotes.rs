//! Quotes, as they are stored and shown.

use jiff::Timestamp;

use crate::report::{calendar::Days, statistics::Distribution};

/// A quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    /// Its public id.
    pub(crate) id: String,
    /// The id of its response, for members.
    pub(crate) response: String,
    pub(crate) survey: String,
    /// The comment, with marks where something was left out.
    pub(crate) words: String,
    /// The first name that the customer gave.
    pub(crate) name: Option<String>,
    /// The language of the question.
    pub(crate) locale: String,
    pub(crate) answered_at: Timestamp,
}

/// The quotes that are shown, with all counted answers beside them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// Latest answers first.
    pub(crate) quotes: Vec<Quote>,
    /// The first and the last day with counted answers; `None` without any.
    pub(crate) days: Option<Days>,
    pub(crate) scores: Distribution,
}

/// The outcome of quoting an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoted {
    Done,
    /// The customer has not allowed it, or there are no words, or the answer is set aside.
    NotAllowed,
    /// The words are not those of the comment.
    OtherWords,
    /// No such answer is stored, or it has another revision than the reader saw.
    Changed,
}
