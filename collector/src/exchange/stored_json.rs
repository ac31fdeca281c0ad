//! A stored response as JSON: an entry of the list that programs read, and a line of JSON Lines.

use serde::Serialize;

use crate::store::Stored;

/// A response as it was sent, and when it came.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct StoredJson {
    #[serde(flatten)]
    response: afterword_response::Response,
    received_at: String,
    updated_at: String,
}

impl From<Stored> for StoredJson {
    fn from(stored: Stored) -> Self {
        Self {
            // Milliseconds, as in the response's own times.
            received_at: format!("{:.3}", stored.received_at),
            updated_at: format!("{:.3}", stored.updated_at),
            response: stored.response,
        }
    }
}
