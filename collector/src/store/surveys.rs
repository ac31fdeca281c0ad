//! Surveys: their settings and states, without their answers.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    accent::Accent,
    survey::{Field, Settings},
};

/// A survey and its settings.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    pub(crate) id: String,
    pub(crate) settings: Settings,
    /// The shop, whose links are used if the survey has none of its own.
    pub(crate) shop: Shop,
    /// The settings that come from the file, which the interface only shows.
    pub(crate) fixed: BTreeSet<Field>,
    /// Whether the settings file names it.
    pub(crate) is_in_file: bool,
    /// Since when it is archived, and left out of reports over all surveys.
    pub(crate) archived_at: Option<Timestamp>,
}

impl Survey {
    /// Its name, or else its id.
    pub(crate) fn title(&self) -> &str {
        self.settings.name.as_deref().unwrap_or(&self.id)
    }

    /// The link to the privacy notice for its customers.
    pub(crate) fn privacy_link(&self) -> Option<&str> {
        self.settings.privacy_link.as_deref().or(self.shop.privacy.as_deref())
    }
}

/// What customers see of the shop, on the collector's pages and beside a survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shop {
    pub(crate) name: Option<String>,
    /// The name of the file with its logo.
    pub(crate) logo: Option<String>,
    /// Its colour, on buttons and links.
    pub(crate) accent: Option<Accent>,
    /// The link to the privacy notice, which the law requires.
    pub(crate) privacy: Option<String>,
    /// The link to the imprint (German: Impressum), which the law requires.
    pub(crate) imprint: Option<String>,
}

/// Answers that were refused because of their site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) origin: String,
    pub(crate) answers: i64,
    pub(crate) last_at: Timestamp,
}

/// Whether an answer to a survey is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is, unless another check refuses it.
    Open,
    /// The survey was deleted.
    Deleted,
    /// The survey waits to be added, and no more answers may wait.
    NoRoom,
}

/// A survey that waits to be added, with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingSurvey {
    pub(crate) id: String,
    pub(crate) answers: u64,
    pub(crate) latest: Timestamp,
}

/// A facet of a survey with more values than are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OverfullFacet {
    /// `product`; `prop-` stands for too many of the shop's own properties, `method` for too many ways of
    /// asking.
    pub(crate) facet: String,
    pub(crate) since: Timestamp,
}
