//! The columns of our own files: the contract's fields under their dotted names, as in forms, and the fields
//! that the collector adds.

use afterword_response::{Response, Segment};

use super::cell;
use crate::{store::Stored, themes::Named};

/// The columns before the shop's properties. `docs/DATA.md` explains each, and a test compares it with this
/// list.
pub(crate) const COLUMNS: [&str; 42] = [
    "id",
    "received_date",
    "received_at",
    "updated_at",
    "survey",
    "touchpoint",
    "score",
    "segment",
    "comment",
    "reasons",
    "quotable",
    "quote_name",
    "contact",
    "answer_page",
    "complete",
    "revision",
    "order.id",
    "order.value",
    "order.currency",
    "order.country",
    "order.products",
    "order.signature",
    "customer.id",
    "customer.kind",
    "tags",
    "locale",
    "page",
    "shown_at",
    "scored_at",
    "sent_at",
    "method.question",
    "method.low_label",
    "method.high_label",
    "method.layout",
    "method.mode",
    "method.release",
    "method.contact_text",
    "method.quote_text",
    "review_link",
    "themes",
    "aside",
    REST,
];
/// The properties that have no column of their own, as a JSON object.
pub(crate) const REST: &str = "properties";
/// Properties that have a column of their own: strangers who invent properties must not make files wide.
pub(crate) const MAX_PROPERTY_COLUMNS: usize = 100;
/// The prefix of the columns of properties.
pub(crate) const PROPERTY: &str = "properties.";

/// A segment's name.
pub(crate) const fn segment(score: u8) -> &'static str {
    match Segment::of(score) {
        Segment::Detractor => "detractor",
        Segment::Passive => "passive",
        Segment::Promoter => "promoter",
    }
}

/// The separators in a file, as the spreadsheets of a language expect them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Commas between columns, and decimal points: for programs, and for spreadsheets in English.
    #[default]
    Comma,
    /// Semicolons between columns, and decimal commas: for spreadsheets in German.
    Semicolon,
}

impl Dialect {
    pub(crate) const fn delimiter(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }

    fn money(self, value: &str) -> String {
        match self {
            Self::Comma => value.to_owned(),
            Self::Semicolon => value.replace('.', ","),
        }
    }
}

/// One answer's cells: those of [`COLUMNS`], then of each property in `properties`.
pub(crate) fn cells(stored: &Stored, properties: &[String], dialect: Dialect) -> Vec<String> {
    let Stored { response, received_at, updated_at, aside, named } = stored;
    let Response { method, order, customer, .. } = response;
    let order = order.as_ref();
    let text = |text: &str| cell::neutralised(text);
    let maybe = |value: Option<&String>| value.map(|value| text(value)).unwrap_or_default();
    let flag = |flag: bool| if flag { "true" } else { "false" }.to_owned();
    let list = |items: &[String]| text(&cell::join(items));
    let mut cells = vec![
        response.id.clone(),
        received_at.strftime("%Y-%m-%d").to_string(),
        format!("{received_at:.3}"),
        format!("{updated_at:.3}"),
        text(&response.survey),
        response.touchpoint.name().to_owned(),
        response.score.to_string(),
        segment(response.score).to_owned(),
        maybe(response.comment.as_ref()),
        list(&response.reasons),
        response.quotable.map(flag).unwrap_or_default(),
        maybe(response.quote_name.as_ref()),
        maybe(response.contact.as_ref()),
        maybe(response.answer_page.as_ref()),
        flag(response.complete),
        response.revision.to_string(),
        maybe(order.and_then(|order| order.id.as_ref())),
        order
            .and_then(|order| order.value.as_ref())
            .map(|it| dialect.money(it))
            .unwrap_or_default(),
        maybe(order.and_then(|order| order.currency.as_ref())),
        maybe(order.and_then(|order| order.country.as_ref())),
        list(order.map_or(&[], |order| &order.products)),
        maybe(order.and_then(|order| order.signature.as_ref())),
        maybe(customer.as_ref().and_then(|customer| customer.id.as_ref())),
        customer
            .as_ref()
            .and_then(|it| it.kind)
            .map(|kind| kind.name().to_owned())
            .unwrap_or_default(),
        list(&response.tags),
        text(&response.locale),
        text(&response.page),
        text(&response.shown_at),
        text(&response.scored_at),
        text(&response.sent_at),
        text(&method.question),
        text(&method.low_label),
        text(&method.high_label),
        method.layout.map(|it| it.name().to_owned()).unwrap_or_default(),
        method.mode.map(|it| it.name().to_owned()).unwrap_or_default(),
        text(&method.release),
        maybe(method.contact_text.as_ref()),
        maybe(method.quote_text.as_ref()),
        response.review_link.map(flag).unwrap_or_default(),
        cell::join(&ids(named)),
        text(&cell::join(&aside.names())),
        text(&rest(response, properties)),
    ];
    for name in properties {
        let value = response.properties.iter().find(|(known, _)| known == name);
        cells.push(maybe(value.map(|(_, value)| value)));
    }
    cells
}

/// The ids of the themes; none where they are not known.
fn ids(named: &Named) -> Vec<String> {
    named.themes.iter().map(|theme| theme.id().to_owned()).collect()
}

/// The properties without a column, as a JSON object; empty if there are none.
fn rest(response: &Response, columns: &[String]) -> String {
    let rest = response.properties.iter().filter(|(name, _)| !columns.contains(name));
    let rest: serde_json::Map<String, serde_json::Value> =
        rest.map(|(name, value)| (name.clone(), value.clone().into())).collect();
    if rest.is_empty() { String::new() } else { serde_json::Value::from(rest).to_string() }
}
