//! What is known of a survey beside its answers.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::survey::{Field, Settings};

/// A survey and its settings.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    pub(crate) id: String,
    pub(crate) settings: Settings,
    /// The settings that the file decides over, and the interface shows only.
    pub(crate) fixed: BTreeSet<Field>,
}

impl Survey {
    /// What to call it: its name, or else its id.
    pub(crate) fn title(&self) -> &str {
        self.settings.name.as_deref().unwrap_or(&self.id)
    }
}

/// Answers that were refused for where they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) origin: String,
    pub(crate) answers: i64,
    pub(crate) last_at: Timestamp,
}
