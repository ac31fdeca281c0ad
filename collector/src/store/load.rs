//! The rows of a made-up year, to be loaded into the database.

use afterword_response::Display;
use jiff::Timestamp;

use super::{Stored, answer_pages::SecondRating};

/// A part of the year.
pub(crate) enum SeedRow {
    Answer(Box<Stored>),
    Display(Box<SeedDisplay>),
    Rating(Box<SeedRating>),
    /// The comment of the answer with this id is quoted, which is loaded before.
    Quote {
        id: String,
        chosen_at: Timestamp,
    },
}

/// A second rating.
pub(crate) struct SeedRating {
    /// The id of the answer that it follows, which is loaded before.
    pub(crate) id: String,
    pub(crate) rating: SecondRating,
}

/// A display with both steps.
pub(crate) struct SeedDisplay {
    pub(crate) display: Display,
    /// Unix milliseconds.
    pub(crate) shown_at: i64,
    pub(crate) dismissed_at: Option<i64>,
    pub(crate) received_at: i64,
}
