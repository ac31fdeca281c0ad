//! Answers and displays that are prepared for the writer.

use afterword_response::{Display, Response, display::Step, limits};
use jiff::Timestamp;

use super::{StoreError, Stored, answer_pages::Withdrawal, counted::Counted, erasures, search};
use crate::{
    aside::Aside,
    themes::{Named, Rules},
};

/// A revision of a response, with all values to write.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) response: Response,
    /// The response as it is stored.
    pub(crate) json: String,
    /// The mark by which its id is recognised after an erasure.
    pub(crate) mark: Vec<u8>,
    /// The comment, unless it is only white space.
    pub(crate) comment: Option<String>,
    /// The words of the comment, in the form of the search index.
    pub(crate) words: Vec<String>,
    pub(crate) counted: Counted,
    /// The themes that were found by the rules, without corrections.
    pub(crate) named: Named,
    /// The edition of the rules that found them.
    pub(crate) edition: u64,
    /// Unix milliseconds.
    pub(crate) received_at: i64,
    pub(crate) updated_at: i64,
    /// The reasons to set it aside, except "repeated", which the ledger decides.
    pub(crate) aside: Aside,
}

impl Arrival {
    /// # Errors
    /// It cannot be written as JSON.
    pub(crate) fn new(stored: Stored, rules: &Rules) -> Result<Self, StoreError> {
        let Stored { response, received_at, updated_at, aside, .. } = stored;
        let named = Named::of(&response, rules);
        let comment = response.comment.clone().filter(|comment| !comment.trim().is_empty());
        Ok(Self {
            json: serde_json::to_string(&response).map_err(|error| StoreError::Row {
                id: response.id.clone(),
                cause: error.into(),
            })?,
            mark: erasures::mark(&response.id),
            words: comment.as_deref().map(search::indexed).unwrap_or_default(),
            comment,
            counted: Counted::of(&response, &named),
            named,
            edition: rules.edition(),
            received_at: received_at.as_millisecond(),
            updated_at: updated_at.as_millisecond(),
            aside: aside.without(Aside::REPEATED).with(of_test(response.test)),
            response,
        })
    }

    /// The same arrival with another response.
    pub(crate) fn with(&self, response: Response, rules: &Rules) -> Result<Self, StoreError> {
        let time =
            |at| Timestamp::from_millisecond(at).map_err(|_| StoreError::unexpected("a time"));
        let (received_at, updated_at) = (time(self.received_at)?, time(self.updated_at)?);
        let named = Named::default();
        Self::new(Stored { response, received_at, updated_at, aside: self.aside, named }, rules)
    }

    /// The same arrival with the themes by other rules.
    pub(crate) fn found_by(&self, rules: &Rules) -> Self {
        let named = Named::of(&self.response, rules);
        let counted = self.counted.clone().about(&named);
        Self { named, counted, edition: rules.edition(), ..self.clone() }
    }
}

/// Responses that are being prepared for the writer in the background.
pub(crate) struct Preparing(
    pub(in crate::store) tokio::task::JoinHandle<Result<Vec<Arrival>, StoreError>>,
);

/// The reason "test", if the message is marked as a test.
fn of_test(test: Option<bool>) -> Aside {
    if test == Some(true) { Aside::TEST } else { Aside::NONE }
}

/// A step of a display, with all values to write.
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
        // Displays are counted even without a time; the time of arrival then takes its place.
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

/// The outcome of writing a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutOutcome {
    /// It was stored.
    Stored,
    /// This revision, which is as high or higher, was stored already.
    Known(u32),
    /// It was erased before, and is not stored again.
    Erased,
    /// It does not belong to the stored answer, or comes too late.
    Refused(Conflict),
    /// Its survey was deleted.
    Deleted,
    /// Its survey waits to be added, and no more answers may wait.
    NoRoom,
}

/// The author of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// Anybody who knows the answer's id.
    Anybody,
    /// The shop, which imports a file.
    Shop,
    /// The made-up year of `seed`, which passes for customers' answers and is as free as the shop.
    Seed,
}

impl Author {
    /// Whether every revision is accepted, and every survey added.
    pub(in crate::store) const fn is_trusted(self) -> bool {
        matches!(self, Self::Shop | Self::Seed)
    }

    /// Whether an answer can be a case before anybody acts on it. Imported answers cannot, because the shop replied to them
    /// elsewhere, if at all.
    pub(in crate::store) const fn opens_cases(self) -> bool {
        matches!(self, Self::Anybody | Self::Seed)
    }
}

/// The reason why a revision is refused. Anybody who knows an id can send a revision, so the changes that it may make
/// are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The answer is to another survey.
    Survey,
    /// The answer was given at another touchpoint.
    Touchpoint,
    /// The answer is about another order.
    Order,
    /// The answer is from another customer.
    Customer,
    /// The answer was given too long ago.
    Late,
    /// The revision is too far above the stored one; this is the highest allowed number.
    Revision(u32),
}

/// Milliseconds after the arrival of the first revision in which others are accepted. Later ones must have
/// been written within the same time after the score. `SECURITY.md` says what a sender can lie about.
const REVISION_PERIOD_MS: i64 = 24 * 60 * 60 * 1_000;

impl Conflict {
    /// Why a revision by [`Author::Anybody`] is refused, if it is. `kept` is the stored answer, whose first
    /// revision arrived at `received_at`.
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
        } else if updated_at - received_at > REVISION_PERIOD_MS
            && !is_written_at_once(kept, response)
        {
            Some(Self::Late)
        } else if response.revision > highest {
            Some(Self::Revision(highest))
        } else {
            None
        }
    }

    /// Why a first revision by [`Author::Anybody`] is refused, if it is.
    pub(super) fn of_first(new: &Response) -> Option<Self> {
        let is_high = new.revision > limits::REVISION_STEP;
        is_high.then_some(Self::Revision(limits::REVISION_STEP))
    }
}

/// Whether a revision was written soon after the stored score, by the sender's clock: then a browser without
/// a connection kept it.
fn is_written_at_once(kept: &Response, new: &Response) -> bool {
    let time = |text: &str| text.parse().map(Timestamp::as_millisecond).ok();
    let times = time(&kept.scored_at).zip(time(&new.sent_at));
    times.is_some_and(|(scored, sent)| sent.abs_diff(scored) <= REVISION_PERIOD_MS.unsigned_abs())
}

fn order(response: &Response) -> Option<&str> {
    response.order.as_ref()?.id.as_deref()
}

fn customer(response: &Response) -> Option<&str> {
    response.customer.as_ref()?.id.as_deref()
}

/// Completes a revision with the order and the customer of the stored one if it names none, since a page may
/// know them only for a while. The mark of the answer page stays as it was first sent: whoever has the link must
/// still find the page. What the customer has withdrawn there does not come back. `None` if there is nothing to change.
pub(super) fn completed(
    kept: &Response,
    new: &Response,
    withdrawn: &[Withdrawal],
) -> Option<Response> {
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
    if kept.answer_page.is_some() {
        completed.answer_page.clone_from(&kept.answer_page);
    }
    for what in withdrawn {
        what.take_off(&mut completed);
    }
    (completed != *new).then_some(completed)
}
