//! The parameters of queries, described once: `/openapi.json` shows them, and a query with an unknown
//! one is answered with their names.

use afterword_response::Touchpoint;
use serde_json::{Value, json};

use super::{SEGMENTS, filter::MAX_SEARCH_LENGTH};
use crate::report::facts::FACETS;

/// A parameter of a query.
pub(crate) struct Parameter {
    /// Its name; with a part in capitals where that is the caller's own: `prop-NAME`.
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// The JSON Schema of its values.
    pub(crate) schema: Value,
}

impl Parameter {
    pub(crate) const fn new(name: &'static str, description: &'static str, schema: Value) -> Self {
        Self { name, description, schema }
    }
}

/// The names of parameters, as they are told to whoever sent an unknown one.
pub(super) fn names(parameters: &[Parameter]) -> Vec<&'static str> {
    parameters.iter().map(|parameter| parameter.name).collect()
}

pub(super) fn survey() -> Parameter {
    let schema = json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" });
    Parameter::new("survey", "A survey, by its id.", schema)
}

pub(super) fn touchpoint() -> Parameter {
    let schema = json!({ "enum": Touchpoint::NAMES });
    Parameter::new("touchpoint", "A moment in the customer's journey.", schema)
}

pub(super) fn segment() -> Parameter {
    let schema = json!({ "enum": SEGMENTS.map(|(name, _)| name) });
    Parameter::new("segment", "0 to 6, 7 and 8, 9 and 10.", schema)
}

pub(super) fn words() -> Parameter {
    Parameter::new(
        "q",
        "Words that the comment holds, by their beginnings; \"in quotation marks\" as they stand.",
        json!({ "type": "string", "maxLength": MAX_SEARCH_LENGTH }),
    )
}

/// The properties that responses can share, of which one can be asked for at a time.
pub(super) fn facets() -> impl Iterator<Item = Parameter> {
    let known = FACETS.into_iter().map(|name| {
        let description = "Responses that share this value. One such parameter at a time.";
        Parameter::new(name, description, json!({ "type": "string" }))
    });
    let own = Parameter::new(
        "prop-NAME",
        "Responses whose property NAME has this value, as in prop-coupon=WELCOME.",
        json!({ "type": "string" }),
    );
    known.chain([own])
}
