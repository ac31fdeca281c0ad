//! A stored response as JSON: an entry of the list that programs read, and a line of JSON Lines.

use serde::Serialize;

use crate::{aside, store::Stored, themes::Theme};

/// A response as it was sent, and when it arrived.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct StoredJson {
    #[serde(flatten)]
    response: afterword_response::Response,
    received_at: String,
    updated_at: String,
    /// Why no figure counts it; absent if it is counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("items" = { "enum": aside::NAMES }))]
    aside: Vec<String>,
    /// What it is about: the themes that its comment names, found by machine, those of its reasons, and what a person
    /// corrected. Null if none is known and its comment has no words in German or English.
    #[schemars(extend("items" = { "enum": Theme::IDS }))]
    themes: Option<Vec<&'static str>>,
}

impl From<Stored> for StoredJson {
    fn from(stored: Stored) -> Self {
        let themes = stored.named.known();
        let themes = themes.map(|themes| themes.iter().map(|theme| theme.id()).collect());
        Self {
            themes,
            // Milliseconds, as in the response's own times.
            received_at: format!("{:.3}", stored.received_at),
            updated_at: format!("{:.3}", stored.updated_at),
            aside: stored.aside.names(),
            response: stored.response,
        }
    }
}
