//! Erasures and their receipts.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// The responses to erase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erase<'a> {
    /// One response, by its id.
    Response(&'a str),
    /// All responses of an order.
    Order(&'a str),
    /// All responses of a customer.
    Customer(&'a str),
}

/// The kind of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One response.
    Response,
    /// An order's responses.
    Order,
    /// A customer's responses.
    Customer,
    /// Everything of a survey.
    Survey,
    /// The responses that a filter finds.
    Filter,
    /// Responses that were too old.
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

/// The receipt of an erasure. It tells how much was erased, and not whose answers they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number: `E-` and ten characters.
    pub receipt: String,
    /// The time of the erasure.
    pub at: Timestamp,
    /// The kind of the erasure.
    pub by: Subject,
    /// The number of erased responses.
    pub responses: u64,
    /// How many of them had a comment.
    pub comments: u64,
    /// How many of them had a contact.
    pub contacts: u64,
    /// The number of displays that were erased with them.
    pub displays: u64,
}

/// The mark of an erased response: its id can be recognised by it, but not read from it.
pub(super) fn mark(id: &str) -> Vec<u8> {
    Sha256::digest(id.to_ascii_lowercase()).to_vec()
}
