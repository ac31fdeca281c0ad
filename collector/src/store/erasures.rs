//! Taking responses out for good, and the receipts of it.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// Whose responses are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erase<'a> {
    /// One response, by its id.
    Response(&'a str),
    /// All of an order.
    Order(&'a str),
    /// All of a customer.
    Customer(&'a str),
}

/// What an erasure was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One response.
    Response,
    /// An order's responses.
    Order,
    /// A customer's responses.
    Customer,
    /// All that a survey holds.
    Survey,
    /// Those that a filter finds.
    Filter,
    /// Responses past the time that they are kept for.
    Retention,
}

impl Subject {
    const ALL: [Self; 6] =
        [Self::Response, Self::Order, Self::Customer, Self::Survey, Self::Filter, Self::Retention];

    /// Its name in the database, the API and the command's output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Order => "order",
            Self::Customer => "customer",
            Self::Survey => "survey",
            Self::Filter => "filter",
            Self::Retention => "retention",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }
}

/// That something was erased, and how much. Nothing in it says whose it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// To find it by again: `E-` and ten characters.
    pub receipt: String,
    /// When.
    pub at: Timestamp,
    /// What was asked for.
    pub by: Subject,
    /// How many responses.
    pub responses: u64,
    /// How many of them had a comment.
    pub comments: u64,
    /// How many of them had a contact.
    pub contacts: u64,
    /// How many displays of the question went with them.
    pub displays: u64,
}

/// The mark that an erased response leaves: it recognises the id and does not give it away.
pub(super) fn mark(id: &str) -> Vec<u8> {
    Sha256::digest(id.to_ascii_lowercase()).to_vec()
}
