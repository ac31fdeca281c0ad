//! The contract: what the widget sends, what the collector and anybody else's endpoint receives.
//!
//! A [`Response`] is one customer's answer. It is sent when a score is tapped and again when a
//! comment follows or the score is corrected, each time whole, under the same `id` with a higher
//! `revision`. A receiver keeps the highest revision of an `id` and ignores the rest, so a repeat
//! or a late arrival changes nothing.
//!
//! Where a shop wants to know about silence too, a [`Display`] goes to the same address when the
//! question is shown, and when it is closed unanswered.
//!
//! What a receiver does not know is an empty text, an empty list or `None`. It stands in a type only
//! where a sender broke the contract; in a receiver's JSON it is left out.
//!
//! The types hold no logic beyond the field's own words. [`limits`] has the bounds of every field,
//! and with the feature `receive`, [`receive`] reads and checks what arrives, and [`form`] has the flat shape
//! for `data-format="form"`; with the feature `schema`, [`schema`] generates the JSON Schema that is
//! committed as `response.schema.json` and `display.schema.json`.

pub mod display;
#[cfg(feature = "receive")]
pub mod form;
pub mod limits;
pub mod page;
#[cfg(feature = "receive")]
pub mod receive;
#[cfg(feature = "schema")]
pub mod schema;

#[cfg(feature = "schema")]
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::display::Display;
use crate::display::Step;

/// The version of the contract that this crate describes: the value of [`Response::version`].
pub const VERSION: u32 = 1;

/// One customer's answer to one survey, whole, as of one revision.
///
/// Times are RFC 3339 in UTC with milliseconds, as `Date.toISOString` prints them, from the
/// customer's clock. Lengths count characters (Unicode scalar values).
///
/// The bounds bind those who send. A receiver need not be as strict: Afterword's collector refuses
/// an answer for `version`, `id`, `revision`, `survey`, `touchpoint`, `score` and a `comment` over its
/// limit, and for no other field. The question, labels, page, release and values of properties over their
/// limit are cut, lists keep their first items. Numbers of orders and customers, single products, tags and
/// reasons, the contact and the signature over theirs, and whatever is of another form, are left out, as
/// if they were not known. What was done stands under `notes` in the collector's receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The contract's version, [`VERSION`]. A receiver refuses one it does not know.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// A UUIDv7 made when the question is shown; the idempotency key.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::UUID_V7)))]
    pub id: String,
    /// Counts what was sent under this `id`, from 1. The highest wins.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::REVISION)))]
    pub revision: u32,
    /// False while the customer may still be writing, true once they pressed Send.
    #[serde(default)]
    pub complete: bool,
    /// Whether the shop only tries it out (`data-test`). What is a test is kept apart and counted nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<bool>,
    /// Which survey was answered, by its id: letters, digits, `.`, `_` and `-`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::IDENTIFIER)))]
    pub survey: String,
    /// The moment in the customer's journey at which they were asked.
    pub touchpoint: Touchpoint,
    /// The answer, 0 (not at all likely) to 10 (extremely likely).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = limits::SCORE)))]
    pub score: u8,
    /// Why, in the customer's own words. Absent until they write something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::COMMENT)))]
    pub comment: Option<String>,
    /// The reasons tapped, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::REASONS), inner(length(min = 1, max = limits::NAME))))]
    pub reasons: Vec<String>,
    /// Whether the customer allowed the comment to be quoted. Absent where they were not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotable: Option<bool>,
    /// How the customer wants to be answered, an e-mail address or a phone number. Only if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::CONTACT)))]
    pub contact: Option<String>,
    /// When the question was painted.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub shown_at: String,
    /// When the score of this revision was chosen.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub scored_at: String,
    /// When this revision was first sent; the same on every retry of it.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub sent_at: String,
    /// The address of the page, without query and fragment, and with `*` for e-mail addresses and long tokens in its
    /// path: those may name a person.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri"), length(max = limits::PAGE)))]
    pub page: String,
    /// The language the question was shown in, as a BCP 47 tag.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::LOCALE)))]
    pub locale: String,
    /// How the question was asked. Scores are comparable only where this is alike.
    #[serde(default)]
    pub method: Method,
    /// The order the customer was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The customer, as far as the shop chose to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// The shop's own facts about this answer, from `data-prop-*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "pairs")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>", extend(
        "maxProperties" = limits::PROPERTIES,
        "propertyNames" = schema::property_names(),
        "additionalProperties" = schema::property_values()
    )))]
    pub properties: Vec<(String, String)>,
    /// The shop's own labels for this answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TAGS), inner(length(min = 1, max = limits::NAME))))]
    pub tags: Vec<String>,
}

/// Pairs that are an object in JSON. The widget does without the machinery of a map.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        pairs: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
    }

    /// In the order of their names; of several under one name, the last.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        Ok(BTreeMap::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A moment in the customer's journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Touchpoint {
    /// Looking around, before any order.
    Visit,
    /// Right after ordering: measures the checkout and what is expected.
    #[default]
    Order,
    /// After the goods arrived.
    Delivery,
    /// After a support case.
    Support,
    /// After sending something back.
    Return,
}

/// How the question was asked, stamped on each answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Method {
    /// The question as the customer read it.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT)))]
    pub question: String,
    /// The label at 0, as the customer read it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LABEL)))]
    pub low_label: String,
    /// The label at 10, as the customer read it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LABEL)))]
    pub high_label: String,
    /// How the eleven values stood when one was tapped.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "schema", schemars(with = "Layout"))]
    pub layout: Option<Layout>,
    /// Where the survey stood on the page.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "schema", schemars(with = "Mode"))]
    pub mode: Option<Mode>,
    /// The release of Afterword that asked, or the name of another sender.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::NAME)))]
    pub release: String,
}

/// How the eleven values are arranged; 0 comes first in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// 0 to 10 beside one another.
    #[default]
    OneRow,
    /// 0 to 5 above 6 to 10, where the place is narrow.
    TwoRows,
}

/// Where the survey stands on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In the flow of the page.
    #[default]
    Inline,
    /// In a corner of the window.
    Corner,
    /// Across the window's edge.
    Banner,
    /// Over the page.
    Dialog,
}

/// The order a customer was asked about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Order {
    /// The shop's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub id: Option<String>,
    /// The total, a decimal number as text: `129.90`. Text, because money is not a float.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::MONEY)))]
    pub value: Option<String>,
    /// The total's currency, ISO 4217: `EUR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Z]{3}$")))]
    pub currency: Option<String>,
    /// Where it is delivered, ISO 3166-1: `DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Z]{2}$")))]
    pub country: Option<String>,
    /// What was bought, by the shop's article numbers or names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PRODUCTS), inner(length(min = 1, max = limits::REFERENCE))))]
    pub products: Vec<String>,
    /// The shop's HMAC of the order's id: proof that the order exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub signature: Option<String>,
}

/// The customer, as far as the shop chose to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Customer {
    /// The shop's number of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub id: Option<String>,
    /// Whether they bought here before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CustomerKind>,
}

/// Whether a customer bought here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CustomerKind {
    /// This is their first order.
    New,
    /// They ordered before.
    Returning,
}

/// What a score says about its customer: the classes of the Net Promoter method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// 0 to 6.
    Detractor,
    /// 7 and 8.
    Passive,
    /// 9 and 10.
    Promoter,
}

impl Segment {
    /// The segment of a score; anything above 10 counts as 10.
    #[must_use]
    pub const fn of(score: u8) -> Self {
        match score {
            0..=6 => Self::Detractor,
            7 | 8 => Self::Passive,
            _ => Self::Promoter,
        }
    }
}

/// Names of the enums' values, as they stand in attributes, in JSON and in forms.
macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// Every value's name, in order.
            pub const NAMES: &[&str] = &[$($name),+];

            /// The value of that name; `None` if there is none.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The value's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

names!(Touchpoint: Visit = "visit", Order = "order", Delivery = "delivery", Support = "support", Return = "return");
names!(Layout: OneRow = "one-row", TwoRows = "two-rows");
names!(Mode: Inline = "inline", Corner = "corner", Banner = "banner", Dialog = "dialog");
names!(CustomerKind: New = "new", Returning = "returning");
names!(Step: Shown = "shown", Dismissed = "dismissed");
names!(Segment: Detractor = "detractor", Passive = "passive", Promoter = "promoter");
