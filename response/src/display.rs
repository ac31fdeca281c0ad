//! Messages that count how often the question is shown, and how often it is closed without an answer. The response
//! rate is computed from them.
//!
//! The widget sends them to the same address as responses if the shop's tag has `data-report="all"`. They hold no
//! data about persons or orders.

use serde::{Deserialize, Serialize};

use crate::Touchpoint;

/// The question was shown, or closed without an answer.
///
/// Both messages have the `id` that a response to the same question has. A receiver keeps one record for each `id`,
/// with the time of each step, so that a repeated message changes nothing. The two may arrive in either order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Display {
    /// The contract's version, [`VERSION`](crate::VERSION).
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// The `id` of the response that may follow: a UUIDv7 that is made when the question is shown.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::UUID_V7)))]
    pub id: String,
    /// What happened. A message with this field is a display, any other one a response.
    pub display: Step,
    /// Whether this is a test of the shop's (`data-test`). Tests count in no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<bool>,
    /// The id of the survey: letters, digits, `.`, `_` and `-`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IDENTIFIER)))]
    pub survey: String,
    /// The moment in the customer's journey at which the question was shown.
    pub touchpoint: Touchpoint,
    /// The time of the event by the customer's clock: RFC 3339 in UTC with milliseconds.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The page's address without query and fragment. In its path, `*` replaces e-mail addresses and long tokens,
    /// since they may identify a person.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri"), length(max = crate::limits::PAGE)))]
    pub page: String,
    /// The language of the question, as a BCP 47 tag.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::LOCALE)))]
    pub locale: String,
}

/// An event of a display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The question was visible.
    Shown,
    /// The customer closed the question without tapping a score.
    Dismissed,
}

#[cfg(feature = "receive")]
impl Display {
    /// The display as the fields of a form, for `data-format="form"`.
    #[must_use]
    pub fn to_form(&self) -> Vec<(String, String)> {
        [
            ("version", self.version.to_string().as_str()),
            ("id", &self.id),
            ("display", self.display.name()),
            ("survey", &self.survey),
            ("touchpoint", self.touchpoint.name()),
            ("at", &self.at),
            ("page", &self.page),
            ("locale", &self.locale),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}
