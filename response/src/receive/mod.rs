//! Reading what arrives, for receivers.
//!
//! An answer is never refused for a field that only describes it: such a field is cut or left out, as
//! [`rules`] says, and a [`Note`] says so. A refusal names every field that it is for and what is allowed
//! there, so that whoever sends can mend it. Fields this version does not know are ignored: a newer widget
//! must not lose answers at an older collector as long as the version stands.

mod problem;
mod read;
mod rules;
mod sent;

pub use problem::{FieldProblem, Note, Problem, Refusal, Remedy};
pub use rules::MAX_NOTES;

use self::{rules::Findings, sent::Sent};
use crate::{Display, Response};

/// A message within the contract, and what was done to it so that it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<T> {
    /// The message as it is to be kept.
    pub message: T,
    /// What was done: empty for a message that held the contract; [`MAX_NOTES`] at most.
    pub notes: Vec<Note>,
}

impl<T> Received<T> {
    fn map<U>(self, of: impl FnOnce(T) -> U) -> Received<U> {
        Received { message: of(self.message), notes: self.notes }
    }
}

/// What arrives at the one address.
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
    /// A [`Refusal`]: the body is not JSON, of another version, or what the message itself says breaks
    /// the contract.
    pub fn from_json(body: &[u8]) -> Result<Received<Self>, Refusal> {
        Self::of(&sent::from_json(body)?)
    }

    /// Reads a message from a form's fields (see [`crate::form`]). Of a field sent twice, the last
    /// counts, but for lists, which gather.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), but for the syntax.
    pub fn from_form(
        fields: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Received<Self>, Refusal> {
        Self::of(&sent::from_form(fields))
    }

    fn of(sent: &Sent) -> Result<Received<Self>, Refusal> {
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

/// Brings a response that was not sent, but read from somebody's table, within the contract.
///
/// # Errors
/// A [`Refusal`]: what the response itself says breaks the contract.
pub fn settle(mut response: Response) -> Result<Received<Response>, Refusal> {
    let mut found = Findings::default();
    rules::settle(&mut response, &mut found);
    received(response, found)
}

/// Every field of `response` that breaks the contract, whatever a receiver would do about it; empty if
/// it holds. For those who send: what they make should need no leniency.
#[must_use]
pub fn check(response: &Response) -> Vec<FieldProblem> {
    let mut found = Findings::default();
    rules::settle(&mut response.clone(), &mut found);
    found.all()
}

/// Every field of `display` that breaks the contract; empty if it holds.
#[must_use]
pub fn check_display(display: &Display) -> Vec<FieldProblem> {
    let mut found = Findings::default();
    rules::settle_display(&mut display.clone(), &mut found);
    found.all()
}

fn response_of(sent: &Sent) -> Result<Received<Response>, Refusal> {
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
