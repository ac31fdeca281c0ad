//! The messages that the widget sends to an endpoint: the collector's, or one of the shop's own.
//!
//! A [`Response`] is one customer's answer. The widget sends it when the customer taps a score, and again when they
//! write a comment or correct the score. Each message holds the whole answer, with the same `id` and a higher
//! `revision`. The receiver keeps the highest revision of each `id`, so a repeated or late message changes
//! nothing.
//!
//! If the shop wants to count customers who do not answer, the widget also sends a [`Display`] when it shows the
//! question, and when the customer closes it without an answer.
//!
//! Without the feature `receive`, as in the widget's module, the fields are not written that the script adds to the
//! widget's messages: the shop's facts as they are now (`script/later/changes.js`), and what the customer said beside the
//! comment (`script/later/further.js`). So the module has no code for them.
//!
//! A field that a receiver does not know is an empty text, an empty list or `None`. A field that must be sent is
//! empty only if the sender broke the contract; the receiver's JSON leaves it out.
//!
//! | module | task |
//! |---|---|
//! | [`limits`] | the bounds of every field |
//! | [`receive`] (feature `receive`) | reads and checks messages |
//! | [`form`] (feature `receive`) | the flat fields of `data-format="form"` |
//! | [`schema`] (feature `schema`) | generates `response.schema.json` and `display.schema.json` |

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

/// One revision of a customer's answer to a survey. Each revision holds the whole answer.
///
/// Times are RFC 3339 in UTC with milliseconds, as `Date.toISOString` prints them, from the
/// customer's clock. Lengths count characters (Unicode scalar values).
///
/// Senders must keep to the bounds. A receiver may be less strict. Afterword's collector refuses an answer only
/// for a wrong `version`, `id`, `revision`, `survey`, `touchpoint` or `score`, and for a `comment` that is too
/// long. If another field breaks its bounds, the collector cuts it (question, labels, page, release, values of
/// properties, sentences), keeps the first items of a list, or leaves the field out (numbers of orders and customers,
/// single products, tags and reasons, the contact, the first name, the signature, and every value of the wrong form). The collector's
/// receipt lists these changes under `notes`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The contract's version, [`VERSION`]. A receiver refuses other versions.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// A UUIDv7 that is made when the question is shown. It makes a repeated message recognisable.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::UUID_V7)))]
    pub id: String,
    /// The number of this message among those with the same `id`, from 1. The highest one counts.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::REVISION)))]
    pub revision: u32,
    /// True once the customer has pressed Send; false while they may still be writing.
    #[serde(default)]
    pub complete: bool,
    /// Whether this is a test of the shop's (`data-test`). Tests count in no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<bool>,
    /// The id of the survey: letters, digits, `.`, `_` and `-`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::IDENTIFIER)))]
    pub survey: String,
    /// The moment in the customer's journey at which they were asked.
    pub touchpoint: Touchpoint,
    /// The score, from 0 (not at all likely) to 10 (extremely likely).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = limits::SCORE)))]
    pub score: u8,
    /// The customer's comment. Absent until they have sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::COMMENT)))]
    pub comment: Option<String>,
    /// The ids of the reasons that the customer tapped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::REASONS), inner(length(min = 1, max = limits::NAME))))]
    pub reasons: Vec<String>,
    /// Whether the customer allows the shop to quote the comment. Absent if they were not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    pub quotable: Option<bool>,
    /// The first name under which the comment may be quoted. Absent if the customer gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::FIRST_NAME)))]
    pub quote_name: Option<String>,
    /// An e-mail address or phone number at which the customer wants an answer. Absent if they gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::CONTACT)))]
    pub contact: Option<String>,
    /// The SHA-256, in small hexadecimal digits, of the secret in the address of the customer's answer page. The
    /// secret itself stays with the customer. A later revision does not change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::SHA256)))]
    pub answer_page: Option<String>,
    /// The time at which the question was painted.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub shown_at: String,
    /// The time at which the customer chose this revision's score.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub scored_at: String,
    /// The time of the first attempt to send this revision; the same in every retry.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub sent_at: String,
    /// The page's address without query and fragment. In its path, `*` replaces e-mail addresses and long tokens,
    /// since they may identify a person.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri"), length(max = limits::PAGE)))]
    pub page: String,
    /// The language of the question, as a BCP 47 tag.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::LOCALE)))]
    pub locale: String,
    /// How the question was asked. Only scores that were asked in the same way can be compared.
    #[serde(default)]
    pub method: Method,
    /// The order that the question was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    pub order: Option<Order>,
    /// What the shop says about the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    pub customer: Option<Customer>,
    /// Further facts that the shop adds, from `data-prop-*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "pairs")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>", extend(
        "maxProperties" = limits::PROPERTIES,
        "propertyNames" = schema::property_names(),
        "additionalProperties" = schema::property_values()
    )))]
    pub properties: Vec<(String, String)>,
    /// Labels that the shop adds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TAGS), inner(length(min = 1, max = limits::NAME))))]
    pub tags: Vec<String>,
    /// Whether the thanks to this answer show the link for a public review. Absent until `complete`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_link: Option<bool>,
}

/// Reads and writes pairs as an object in JSON. The widget uses pairs because a map would make it larger.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    #[cfg_attr(not(feature = "receive"), expect(dead_code, reason = "the script writes them"))]
    pub(crate) fn serialize<S: Serializer>(
        pairs: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
    }

    /// Returns the pairs in the order of their names. If a name occurs more than once, the last value counts.
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
    /// While looking around, before an order.
    Visit,
    /// Right after ordering: the score reflects the checkout and the customer's expectations.
    #[default]
    Order,
    /// After the goods have arrived.
    Delivery,
    /// After a support case.
    Support,
    /// After the customer has sent something back.
    Return,
}

/// How the question was asked. Each answer holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Method {
    /// The question that the customer read.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT)))]
    pub question: String,
    /// The label at 0 that the customer read.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LABEL)))]
    pub low_label: String,
    /// The label at 10 that the customer read.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LABEL)))]
    pub high_label: String,
    /// The arrangement of the eleven scores when the customer tapped one.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "schema", schemars(with = "Layout"))]
    pub layout: Option<Layout>,
    /// The survey's place on the page.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "schema", schemars(with = "Mode"))]
    pub mode: Option<Mode>,
    /// The release of Afterword that showed the question, or the name of another sender.
    #[serde(default)]
    #[cfg_attr(feature = "receive", serde(skip_serializing_if = "String::is_empty"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::NAME)))]
    pub release: String,
    /// The sentence beside the field for a contact: what the customer was told that it is for. Absent if no contact
    /// was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT)))]
    pub contact_text: Option<String>,
    /// The sentence beside the box that allows the shop to quote the comment. Absent if that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "receive"), serde(skip_serializing))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT)))]
    pub quote_text: Option<String>,
}

/// The arrangement of the eleven scores. 0 always comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// 0 to 10 in one row.
    #[default]
    OneRow,
    /// 0 to 5 above 6 to 10, for narrow places.
    TwoRows,
}

/// The survey's place on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Within the page's content.
    #[default]
    Inline,
    /// In a corner of the window.
    Corner,
    /// Along an edge of the window.
    Banner,
    /// In a dialog over the page.
    Dialog,
    /// In a card that the customer opened by a button at the window's edge.
    Tab,
    /// In a card that the page opened, by a button of its own for example.
    Manual,
}

/// The order that the question was about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Order {
    /// The shop's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub id: Option<String>,
    /// The total as a decimal number: `129.90`. A text, since floating-point numbers would round it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::MONEY)))]
    pub value: Option<String>,
    /// The total's currency, ISO 4217: `EUR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Z]{3}$")))]
    pub currency: Option<String>,
    /// The country of delivery, ISO 3166-1: `DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Z]{2}$")))]
    pub country: Option<String>,
    /// The article numbers or names of the products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PRODUCTS), inner(length(min = 1, max = limits::REFERENCE))))]
    pub products: Vec<String>,
    /// The shop's HMAC of the order's number, which proves that the order exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub signature: Option<String>,
}

/// What the shop says about the customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Customer {
    /// The shop's number of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::REFERENCE)))]
    pub id: Option<String>,
    /// Whether the customer has ordered here before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CustomerKind>,
}

/// Whether a customer has ordered from the shop before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CustomerKind {
    /// This is the customer's first order.
    New,
    /// The customer has ordered before.
    Returning,
}

/// The Net Promoter method's class of a score.
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
    /// The segment of a score. Scores above 10 count as 10.
    #[must_use]
    pub const fn of(score: u8) -> Self {
        match score {
            0..=6 => Self::Detractor,
            7 | 8 => Self::Passive,
            _ => Self::Promoter,
        }
    }
}

/// Adds the names of an enum's values that attributes, JSON and forms use.
macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// The names of all values, in the order of the enum.
            pub const NAMES: &[&str] = &[$($name),+];

            /// Returns the value with this name, or `None`.
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
names!(Mode: Inline = "inline", Corner = "corner", Banner = "banner", Dialog = "dialog", Tab = "tab", Manual = "manual");
names!(CustomerKind: New = "new", Returning = "returning");
names!(Step: Shown = "shown", Dismissed = "dismissed");
names!(Segment: Detractor = "detractor", Passive = "passive", Promoter = "promoter");
