//! What is known of a survey beside its answers.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::survey::{Field, Settings};

/// A survey and its settings.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    pub(crate) id: String,
    pub(crate) settings: Settings,
    /// The shop's links, which hold where the survey has none of its own.
    pub(crate) shop: ShopLinks,
    /// The settings that the file decides over, and the interface shows only.
    pub(crate) fixed: BTreeSet<Field>,
    /// Whether the settings file names it.
    pub(crate) is_in_file: bool,
    /// Since when it is archived: it is not among all surveys then.
    pub(crate) archived_at: Option<Timestamp>,
}

impl Survey {
    /// What to call it: its name, or else its id.
    pub(crate) fn title(&self) -> &str {
        self.settings.name.as_deref().unwrap_or(&self.id)
    }

    /// Where customers read how their data is handled.
    pub(crate) fn privacy_link(&self) -> Option<&str> {
        self.settings.privacy_link.as_deref().or(self.shop.privacy.as_deref())
    }
}

/// Pages of the shop's that the law wants wherever customers are asked something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShopLinks {
    /// How it handles people's data.
    pub(crate) privacy: Option<String>,
    /// Who it is: the Impressum.
    pub(crate) imprint: Option<String>,
}

/// Answers that were refused for where they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) origin: String,
    pub(crate) answers: i64,
    pub(crate) last_at: Timestamp,
}

/// What becomes of an answer to a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is taken, unless something else speaks against it.
    Open,
    /// The survey was deleted.
    Deleted,
    /// The survey waits to be added, and as much waits as may.
    NoRoom,
}

/// A survey that nobody added yet, of which answers wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingSurvey {
    pub(crate) id: String,
    pub(crate) answers: u64,
    pub(crate) latest: Timestamp,
}

/// A facet of a survey of which more arrived than is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// `product`; `prop-` stands for too many of the shop's own properties, `method` for too many ways of
    /// asking.
    pub(crate) facet: String,
    pub(crate) since: Timestamp,
}
