//! That the question was shown, and that it was closed unanswered: what makes silence countable.
//!
//! Sent to the same address as responses, where the shop's tag says `data-report="all"`. A display
//! names no person, order or property: it is counted and nothing else.

use serde::{Deserialize, Serialize};

use crate::Touchpoint;

/// One step of a question's life on a page, apart from its answer.
///
/// Both steps carry the `id` that the response has, should one follow: a UUIDv7 made when the question
/// is shown. A receiver keeps one display an `id` with the time of each step, so that a repeat changes
/// nothing; the two may arrive in either order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Display {
    /// The contract's version, [`VERSION`](crate::VERSION).
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// The id that the response has or would have had.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::UUID_V7)))]
    pub id: String,
    /// What happened. This field is what tells a display from a response.
    pub display: Step,
    /// Whether the shop only tries it out (`data-test`). What is a test is counted nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<bool>,
    /// Which survey was shown, by its id: letters, digits, `.`, `_` and `-`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IDENTIFIER)))]
    pub survey: String,
    /// The moment in the customer's journey at which it was shown.
    pub touchpoint: Touchpoint,
    /// When it happened: RFC 3339 in UTC with milliseconds, by the customer's clock.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The address of the page, without query and fragment, and with `*` for e-mail addresses and long tokens in its
    /// path: those may name a person.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri"), length(max = crate::limits::PAGE)))]
    pub page: String,
    /// The language the question was shown in, as a BCP 47 tag.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::LOCALE)))]
    pub locale: String,
}

/// What happened to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// It was on screen.
    Shown,
    /// The customer closed it without tapping a score.
    Dismissed,
}

#[cfg(feature = "receive")]
impl Display {
    /// The display as an ordinary form's fields, for `data-format="form"`.
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
