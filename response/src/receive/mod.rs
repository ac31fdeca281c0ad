//! Reads and checks messages, for receivers.
//!
//! An answer is never refused because of a field that only describes it: such a field is cut or left out
//! by [`rules`], and a [`Note`] records it. A refusal names every wrong field and what is allowed there, so
//! that the sender can correct it. Unknown fields are ignored: as long as the version is the same, a newer
//! widget must not lose answers at an older collector.

mod problem;
mod read;
mod rules;
mod sent;

pub use problem::{FieldProblem, Note, Problem, Refusal, Remedy};
pub use rules::MAX_NOTES;

use self::{rules::Findings, sent::SentValue};
use crate::{Display, Response};

/// A message that holds the contract, with notes on what was changed to make it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<T> {
    /// The message to store.
    pub message: T,
    /// The changes, at most [`MAX_NOTES`]; empty for a message that held the contract as it was sent.
    pub notes: Vec<Note>,
}

impl<T> Received<T> {
    fn map<U>(self, of: impl FnOnce(T) -> U) -> Received<U> {
        Received { message: of(self.message), notes: self.notes }
    }
}

/// A message to the ingest address.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// An answer.
    Response(Box<Response>),
    /// The question was shown or closed.
    Display(Display),
}

impl Message {
    /// Reads a message from JSON.
    ///
    /// # Errors
    /// A [`Refusal`]: the body is not JSON, has another version, or a field that may not be left out breaks
    /// the contract.
    pub fn from_json(body: &[u8]) -> Result<Received<Self>, Refusal> {
        Self::of(&sent::from_json(body)?)
    }

    /// Reads a message from a form's fields (see [`crate::form`]). If a field is sent twice, the last value
    /// counts; a list collects the items of all.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), except for the syntax.
    pub fn from_form(
        fields: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Received<Self>, Refusal> {
        Self::of(&sent::from_form(fields))
    }

    fn of(sent: &SentValue) -> Result<Received<Self>, Refusal> {
        if read::is_display(sent) {
            let mut found = Findings::default();
            let mut display = read::display(read::body(sent)?, &mut found);
            rules::settle_display(&mut display, &mut found);
            received(Self::Display(display), found)
        } else {
            response_of(sent).map(|it| it.map(|response| Self::Response(Box::new(response))))
        }
    }
}

/// Reads a response from JSON.
///
/// # Errors
/// As [`Message::from_json`].
pub fn from_json(body: &[u8]) -> Result<Received<Response>, Refusal> {
    response_of(&sent::from_json(body)?)
}

/// Reads a response from a form's fields.
///
/// # Errors
/// As [`Message::from_form`].
pub fn from_form(
    fields: impl IntoIterator<Item = (String, String)>,
) -> Result<Received<Response>, Refusal> {
    response_of(&sent::from_form(fields))
}

/// Makes a response that was read from a table hold the contract.
///
/// # Errors
/// A [`Refusal`]: a field that may not be left out breaks the contract.
pub fn settle(mut response: Response) -> Result<Received<Response>, Refusal> {
    let mut found = Findings::default();
    rules::settle(&mut response, &mut found);
    received(response, found)
}

/// Every field of `response` that breaks the contract, whether a receiver would cut it, leave it out or
/// refuse it. For senders, whose messages should need no leniency.
#[must_use]
pub fn check(response: &Response) -> Vec<FieldProblem> {
    let mut found = Findings::default();
    rules::settle(&mut response.clone(), &mut found);
    found.all()
}

/// Every field of `display` that breaks the contract.
#[must_use]
pub fn check_display(display: &Display) -> Vec<FieldProblem> {
    let mut found = Findings::default();
    rules::settle_display(&mut display.clone(), &mut found);
    found.all()
}

fn response_of(sent: &SentValue) -> Result<Received<Response>, Refusal> {
    let mut found = Findings::default();
    let mut response = read::response(read::body(sent)?, &mut found);
    rules::settle(&mut response, &mut found);
    received(response, found)
}

fn received<T>(message: T, found: Findings) -> Result<Received<T>, Refusal> {
    if found.refused.is_empty() {
        Ok(Received { message, notes: found.notes })
    } else {
        Err(Refusal::Fields(found.refused))
    }
}
