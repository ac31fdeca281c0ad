//! An answer or a display on its way into the database, worked out before its turn to be written.

use afterword_response::{Display, Response, display::Step};
use jiff::Timestamp;

use super::{StoreError, Stored, counted::Counted, erasures, search};
use crate::aside::Aside;

/// A revision of a response with everything that writing it takes.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) response: Response,
    /// The response as it is kept.
    pub(crate) json: String,
    /// What recognises its id once it was erased.
    pub(crate) mark: Vec<u8>,
    /// What was written, unless it is only white space.
    pub(crate) comment: Option<String>,
    /// The words of the comment, as the search looks for them.
    pub(crate) words: Vec<String>,
    pub(crate) counted: Counted,
    /// Unix milliseconds.
    pub(crate) received_at: i64,
    pub(crate) updated_at: i64,
    /// Why it is set aside, but for being repeated: that the ledger knows.
    pub(crate) aside: Aside,
}

impl Arrival {
    /// # Errors
    /// It cannot be written as JSON.
    pub(crate) fn new(stored: Stored) -> Result<Self, StoreError> {
        let Stored { response, received_at, updated_at, aside } = stored;
        let comment = response.comment.clone().filter(|comment| !comment.trim().is_empty());
        Ok(Self {
            json: serde_json::to_string(&response).map_err(|error| StoreError::Row {
                id: response.id.clone(),
                cause: error.into(),
            })?,
            mark: erasures::mark(&response.id),
            words: comment.as_deref().map(search::words).unwrap_or_default(),
            comment,
            counted: Counted::of(&response),
            received_at: received_at.as_millisecond(),
            updated_at: updated_at.as_millisecond(),
            aside: aside.without(Aside::REPEATED),
            response,
        })
    }
}

/// A step of a display with everything that writing it takes.
#[derive(Debug)]
pub(crate) struct DisplayArrival {
    pub(crate) display: Display,
    pub(crate) mark: Vec<u8>,
    // Unix milliseconds; one of the first two.
    pub(crate) shown_at: Option<i64>,
    pub(crate) dismissed_at: Option<i64>,
    pub(crate) received_at: i64,
    pub(crate) aside: Aside,
}

impl DisplayArrival {
    pub(crate) fn new(display: Display, received_at: Timestamp, aside: Aside) -> Self {
        // That it happened is what is counted. Of a display that does not say when, its arrival stands
        // for the time.
        let at = display.at.parse::<Timestamp>().unwrap_or(received_at).as_millisecond();
        let (shown_at, dismissed_at) = match display.display {
            Step::Shown => (Some(at), None),
            Step::Dismissed => (None, Some(at)),
        };
        let mark = erasures::mark(&display.id);
        let received_at = received_at.as_millisecond();
        Self { display, mark, shown_at, dismissed_at, received_at, aside }
    }
}

/// What became of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It is kept now.
    Kept,
    /// A revision as high is kept already: this one.
    Known(u32),
    /// It was erased before, and stays so.
    Erased,
}
