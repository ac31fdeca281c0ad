//! An answer or a display on its way into the database, worked out before its turn to be written.

use afterword_response::{Display, Response, display::Step, limits};
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
            aside: aside.without(Aside::REPEATED).with(of_test(response.test)),
            response,
        })
    }

    /// The same of another response.
    pub(crate) fn with(&self, response: Response) -> Result<Self, StoreError> {
        let time =
            |at| Timestamp::from_millisecond(at).map_err(|_| StoreError::unexpected("a time"));
        let (received_at, updated_at) = (time(self.received_at)?, time(self.updated_at)?);
        Self::new(Stored { response, received_at, updated_at, aside: self.aside })
    }
}

/// Whether a message says of itself that it is a test.
fn of_test(test: Option<bool>) -> Aside {
    if test == Some(true) { Aside::TEST } else { Aside::NONE }
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
        let aside = aside.with(of_test(display.test));
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
    /// It is not the same answer's, or comes too late.
    Refused(Conflict),
    /// Its survey was deleted.
    Deleted,
    /// Its survey waits to be added, and as much waits as may.
    NoRoom,
}

/// Who wrote a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// Whoever knows the answer's id.
    Anybody,
    /// The shop, which brings a file.
    Shop,
}

/// Why a revision is refused: an id is enough to send one, so what it may change is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The answer is to another survey.
    Survey,
    /// The answer was given at another touchpoint.
    Touchpoint,
    /// The answer is about another order.
    Order,
    /// The answer is another customer's.
    Customer,
    /// The answer was given too long ago.
    Late,
    /// The revision is too far above the one that is kept; it may be so high at most.
    Revision(u32),
}

/// How long after the first revision's arrival others are taken, in milliseconds; later ones only if
/// they were written within the same time of the score. `SECURITY.md` says what a sender can lie about.
const REVISED_WITHIN: i64 = 24 * 60 * 60 * 1_000;

impl Conflict {
    /// Why anybody's revision is refused, if it is. `kept` is the answer as it is kept, of which the first
    /// revision came at `received_at`.
    pub(super) fn of(kept: &Response, received_at: i64, new: &Arrival) -> Option<Self> {
        let Arrival { response, updated_at, .. } = new;
        let differs = |one: Option<&str>, other: Option<&str>| {
            one.is_some() && other.is_some() && one != other
        };
        let highest = kept.revision.saturating_add(limits::REVISION_STEP);
        if response.survey != kept.survey {
            Some(Self::Survey)
        } else if response.touchpoint != kept.touchpoint {
            Some(Self::Touchpoint)
        } else if differs(order(kept), order(response)) {
            Some(Self::Order)
        } else if differs(customer(kept), customer(response)) {
            Some(Self::Customer)
        } else if updated_at - received_at > REVISED_WITHIN && !is_written_at_once(kept, response) {
            Some(Self::Late)
        } else if response.revision > highest {
            Some(Self::Revision(highest))
        } else {
            None
        }
    }

    /// Why anybody's first revision is refused, if it is.
    pub(super) fn of_first(new: &Response) -> Option<Self> {
        let is_high = new.revision > limits::REVISION_STEP;
        is_high.then_some(Self::Revision(limits::REVISION_STEP))
    }
}

/// Whether a revision was sent soon after the score that is kept, by the sender's clock: one that lay in a
/// browser without a connection.
fn is_written_at_once(kept: &Response, new: &Response) -> bool {
    let time = |text: &str| text.parse().map(Timestamp::as_millisecond).ok();
    let times = time(&kept.scored_at).zip(time(&new.sent_at));
    times.is_some_and(|(scored, sent)| sent.abs_diff(scored) <= REVISED_WITHIN.unsigned_abs())
}

fn order(response: &Response) -> Option<&str> {
    response.order.as_ref()?.id.as_deref()
}

fn customer(response: &Response) -> Option<&str> {
    response.customer.as_ref()?.id.as_deref()
}

/// A revision with the order and the customer of the one before, where it names none: a page may know them
/// only for a while. `None` where nothing is to be added.
pub(super) fn completed(kept: &Response, new: &Response) -> Option<Response> {
    let mut completed = new.clone();
    if let (Some(id), None) = (order(kept), order(new)) {
        let order = completed.order.get_or_insert_with(|| kept.order.clone().unwrap_or_default());
        order.id = Some(id.to_owned());
    }
    if let (Some(id), None) = (customer(kept), customer(new)) {
        let customer =
            completed.customer.get_or_insert_with(|| kept.customer.clone().unwrap_or_default());
        customer.id = Some(id.to_owned());
    }
    (completed != *new).then_some(completed)
}
