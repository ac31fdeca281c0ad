//! A made-up year on its way into the database.

use afterword_response::Display;

use super::Stored;

/// Something of the year.
pub(crate) enum Loaded {
    Answer(Box<Stored>),
    Display(Box<Shown>),
}

/// A display as it is kept: both steps.
pub(crate) struct Shown {
    pub(crate) display: Display,
    /// Unix milliseconds.
    pub(crate) shown_at: i64,
    pub(crate) dismissed_at: Option<i64>,
    pub(crate) received_at: i64,
}
