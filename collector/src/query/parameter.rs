//! The one description of the parameters of queries. `/openapi.json` shows them, and the answer to an
//! unknown parameter lists their names.

use afterword_response::{Touchpoint, limits};
use serde_json::{Map, Value, json};

use super::SEGMENTS;
use crate::{
    report::facts::{FACETS, THEME},
    themes::Theme,
};

/// Characters of a search.
pub(super) const MAX_SEARCH_LENGTH: usize = 200;
/// The form of property names, for the description of parameters.
pub(super) const PROPERTY: &str = "prop-[A-Za-z0-9._-]{1,64}";

/// A parameter of a query.
pub(crate) struct Parameter {
    /// Its name in the API's description.
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// The JSON Schema of its values. A parameter with `oneOf` is required, all others are optional.
    pub(crate) schema: Value,
    pub(crate) place: Place,
}

/// How a parameter is written in the query.
pub(crate) enum Place {
    /// Under its name.
    Named,
    /// As an object whose properties each stand in the query under their own name. This way the schema can
    /// say which exclude one another, and which form the shop's own names have. The list holds the names
    /// for messages, with the caller's own part in capitals: `prop-NAME`.
    Spread(Vec<&'static str>),
}

impl Parameter {
    pub(crate) const fn named(
        name: &'static str,
        description: &'static str,
        schema: Value,
    ) -> Self {
        Self { name, description, schema, place: Place::Named }
    }

    pub(crate) fn spread(
        name: &'static str,
        names: Vec<&'static str>,
        description: &'static str,
        mut schema: Value,
    ) -> Self {
        schema["type"] = "object".into();
        Self { name, description, schema, place: Place::Spread(names) }
    }
}

/// The names of parameters, for the answer to an unknown one.
pub(super) fn names(parameters: &[Parameter]) -> Vec<&'static str> {
    parameters
        .iter()
        .flat_map(|parameter| match &parameter.place {
            Place::Named => std::slice::from_ref(&parameter.name),
            Place::Spread(names) => names,
        })
        .copied()
        .collect()
}

/// The schema of a survey's id.
pub(crate) fn survey_id() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" })
}

pub(super) fn survey() -> Parameter {
    Parameter::named("survey", "A survey, by its id.", survey_id())
}

pub(super) fn touchpoint() -> Parameter {
    let schema = json!({ "enum": Touchpoint::NAMES });
    Parameter::named("touchpoint", "A moment in the customer's journey.", schema)
}

pub(super) fn segment() -> Parameter {
    let schema = json!({ "enum": SEGMENTS.map(|(name, _)| name) });
    Parameter::named("segment", "0 to 6, 7 and 8, 9 and 10.", schema)
}

pub(super) fn words() -> Parameter {
    Parameter::named(
        "q",
        "Words that the comment holds, of at least two letters, by their beginnings; \"in quotation marks\" as they stand.",
        json!({
            "type": "string", "maxLength": MAX_SEARCH_LENGTH, "pattern": "[\\p{L}\\p{N}]{2}"
        }),
    )
}

/// The properties that responses can share. A query can name one of them.
pub(super) fn fact() -> Parameter {
    let value = json!({ "type": "string", "minLength": 1, "maxLength": limits::TEXT });
    let mut facets: Map<String, Value> =
        FACETS.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    facets.insert(THEME.to_owned(), json!({ "enum": Theme::IDS }));
    Parameter::spread(
        "fact",
        FACETS.into_iter().chain([THEME, "prop-NAME"]).collect(),
        "Responses that share this value: product, country, order-value (in bands: EUR 50-100, EUR 1000+), customer, tag, reason, language, theme (what it is about), or a \
         property as in prop-coupon=WELCOME. One of them at a time.",
        json!({
            "properties": facets,
            "patternProperties": { (format!("^{PROPERTY}$")): value },
            "additionalProperties": false,
            "maxProperties": 1
        }),
    )
}
