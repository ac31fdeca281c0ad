//! A message from a script or a program, which reads the answer as JSON.

use std::sync::Arc;

use afterword_response::receive::{self, Received, Remedy};
use serde::Serialize;

use super::body::{Payload, read};
use crate::{
    http::error::Error,
    intake::{self, Intake, Source},
};

/// The answer: which response is kept, and as of which revision; or which step of which display.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Receipt {
    #[serde(flatten)]
    kept: intake::Receipt,
    /// What was done to fields that break the contract, so that the message need not be refused. For the
    /// developer of a sender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

/// A field that broke the contract.
#[derive(Serialize, schemars::JsonSchema)]
struct Note {
    /// Its dotted name; items of lists have a number, from 0: `tags.3`.
    field: String,
    /// What is allowed there.
    problem: String,
    /// `cut`: its first characters or items are kept. `left-out`: it is not. `as-text`: a number, true or
    /// false is kept as the text it was written as.
    #[schemars(extend("enum" = Remedy::NAMES))]
    done: &'static str,
}

/// Takes what arrived.
pub(super) async fn take(
    intake: &Arc<Intake>,
    source: Source<'_>,
    arrived: Result<Payload, Error>,
) -> Result<Receipt, Error> {
    let arrived = arrived?;
    let size = arrived.size();
    let Received { message, notes } = read(arrived)?;
    if !notes.is_empty() {
        // A field's name below its group is the sender's own word and stays out of the log.
        let mut fields: Vec<&str> =
            notes.iter().filter_map(|note| note.field.split('.').next()).collect();
        fields.dedup();
        tracing::debug!(fields = fields.join(" "), "fields were cut or left out");
    }
    let kept = intake.take(message, size, source).await?;
    Ok(Receipt { kept, notes: notes.into_iter().map(Note::from).collect() })
}

impl From<receive::Note> for Note {
    fn from(note: receive::Note) -> Self {
        Self { field: note.field, problem: note.problem.to_string(), done: note.remedy.name() }
    }
}
