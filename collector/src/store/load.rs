//! The rows of a made-up year, to be loaded into the database.

use afterword_response::Display;

use super::Stored;

/// An answer or a display of the year.
pub(crate) enum SeedRow {
    Answer(Box<Stored>),
    Display(Box<SeedDisplay>),
}

/// A display with both steps.
pub(crate) struct SeedDisplay {
    pub(crate) display: Display,
    /// Unix milliseconds.
    pub(crate) shown_at: i64,
    pub(crate) dismissed_at: Option<i64>,
    pub(crate) received_at: i64,
}
