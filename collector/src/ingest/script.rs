//! Answers messages from scripts and programs, which read JSON.

use std::sync::Arc;

use afterword_response::receive::{self, Received, Remedy};
use serde::Serialize;

use super::body::{Payload, read};
use crate::{
    http::error::Error,
    intake::{self, Intake, Source},
};

/// The answer: the id and the revision of the stored response, or the id and the step of the stored display.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Receipt {
    #[serde(flatten)]
    kept: intake::Receipt,
    /// The fields that break the contract and were changed, so that the message was not refused. For the
    /// developer of the sender.
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
    /// The change. `cut`: only the first characters or items are stored. `left-out`: the field is not stored.
    /// `as-text`: a number, true or false is stored as text.
    #[schemars(extend("enum" = Remedy::NAMES))]
    done: &'static str,
}

/// Checks and stores the message in a body.
pub(super) async fn take(
    intake: &Arc<Intake>,
    source: Source<'_>,
    arrived: Result<Payload, Error>,
) -> Result<Receipt, Error> {
    let arrived = arrived?;
    let size = arrived.size();
    let Received { message, notes } = read(arrived)?;
    if !notes.is_empty() {
        // The sender chooses the names below a group such as `properties`, so only the group is logged.
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
