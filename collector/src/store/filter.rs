//! Which responses are wanted, for lists, exports and the report's comments alike.

use afterword_response::{Segment, Touchpoint};
use jiff::Timestamp;

use crate::{
    aside::{Flagged, Kind},
    report::facts::Facet,
};

/// Which responses are wanted; `None` wants all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) segment: Option<Segment>,
    /// That share this fact.
    pub(crate) facet: Option<Facet>,
    /// That arrived then or later.
    pub(crate) from: Option<Timestamp>,
    /// That arrived earlier than that.
    pub(crate) before: Option<Timestamp>,
    /// Whose comment holds these words.
    pub(crate) words: Option<String>,
    pub(crate) comments: Comments,
    pub(crate) standing: Standing,
}

/// Whether answers are wanted that no figure counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All, counted or set aside.
    #[default]
    Any,
    /// Those that a report counts.
    Counted(Flagged),
    /// Those that are set aside as this.
    Aside(Kind),
}

/// Whether answers are taken out of the figures by hand, or counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exclusion {
    Exclude,
    Include,
}

/// Whether a comment is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comments {
    /// With or without one.
    #[default]
    Any,
    /// With one only.
    Only,
}
