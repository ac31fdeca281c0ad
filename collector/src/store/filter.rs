//! The filter for responses that lists, exports and the report's comments share.

use afterword_response::{Segment, Touchpoint};
use jiff::Timestamp;

use super::cases::{CaseFilter, OwnerChoice, State};
use crate::{
    aside::{Flagged, Kind},
    report::facts::Facet,
};

/// A filter for responses; `None` in a field does not restrict it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) segment: Option<Segment>,
    /// Only those with this score.
    pub(crate) score: Option<u8>,
    /// Only those with this property.
    pub(crate) facet: Option<Facet>,
    /// Only those that arrived at this moment or later.
    pub(crate) from: Option<Timestamp>,
    /// Only those that arrived before this moment.
    pub(crate) before: Option<Timestamp>,
    /// Only those whose comment contains these words.
    pub(crate) words: Option<String>,
    pub(crate) comments: Comments,
    pub(crate) standing: Standing,
    /// Only cases, and of them only these.
    pub(crate) cases: Option<CaseFilter>,
}

/// How many responses match a filter, as far as they were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hits {
    Exactly(u64),
    /// So many were counted, and there may be more.
    AtLeast(u64),
}

impl Filter {
    /// Filters that together find the same: one for each state of cases, so that each can read an index in the order of
    /// lists. A search, a property and an owner have indexes of their own, which serve all states at once.
    pub(super) fn by_state(&self) -> Vec<Self> {
        let is_found_otherwise =
            self.words.is_some() || self.facet.is_some() || self.owner().is_some();
        let states = match &self.cases {
            Some(cases) if !is_found_otherwise => cases.states.clone(),
            _ => return vec![self.clone()],
        };
        let of = |state: State| {
            let mut filter = self.clone();
            if let Some(cases) = &mut filter.cases {
                cases.states = vec![state];
            }
            filter
        };
        states.into_iter().map(of).collect()
    }

    /// The account whose cases it finds.
    pub(super) fn owner(&self) -> Option<i64> {
        match self.cases.as_ref()?.owner? {
            OwnerChoice::Account(account) => Some(account),
            OwnerChoice::Nobody | OwnerChoice::Former => None,
        }
    }
}

/// Whether the filter includes answers that no figure counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All answers, counted or set aside.
    #[default]
    Any,
    /// Only those that a report counts.
    Counted(Flagged),
    /// Only those that are set aside for this reason.
    Aside(Kind),
}

/// Whether answers are to be excluded from the figures by hand, or counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exclusion {
    Exclude,
    Include,
}

/// Whether the filter requires a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comments {
    /// With or without one.
    #[default]
    Any,
    /// With one only.
    Only,
}
