//! Turns a row of a table into a response. Pure; [`super::run`] writes it to the database.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use afterword_response::{
    Customer, CustomerKind, Layout, Method, Mode, Order, Response, Touchpoint, VERSION, limits,
    receive,
};
use csv::StringRecord;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::{
    cell,
    columns::{PROPERTY, REST},
    defaults::Defaults,
    mapping::{Mapping, property_name},
    money,
    origin::Origin,
    score,
    table::{Row, Table, cell as cell_of},
    target::Target,
};
use crate::aside::Aside;
use crate::store::Stored;
use crate::themes::Named;

/// Why a row is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The score is missing.
    #[error("has no score")]
    NoScore,
    /// The score is invalid.
    #[error("the score {0:?} is no whole number from 0 to 10")]
    Score(String),
    /// The stars are invalid.
    #[error("{0:?} is no whole number of stars from 1 to 5")]
    Stars(String),
    /// The row has more cells (first number) than the table has columns (second number).
    #[error(
        "has {0} cells for {1} columns: text with a comma or semicolon in it needs quotation marks around it"
    )]
    Cells(usize, usize),
    /// The amount has no currency.
    #[error("the amount {0:?} has no currency")]
    Currency(String),
    /// The line of JSON is longer than any response.
    #[error("is longer than an answer can be")]
    Long,
    /// The time is missing.
    #[error("has no time")]
    NoTime,
    /// The time is in another notation: its column, and the time.
    #[error("the time {1:?} in the column {0:?} cannot be read")]
    Time(String, String),
    /// The time is in the future.
    #[error("the time {0:?} is in the future")]
    Future(String),
    /// The other product does not count the row.
    #[error("is marked as not counted")]
    Excluded,
    /// The row belongs to a survey with another question.
    #[error("is of another kind of survey ({0}), not NPS")]
    Kind(String),
    /// The touchpoint is unknown.
    #[error("the touchpoint {0:?} is none of visit, order, delivery, support, return")]
    Touchpoint(String),
    /// The amount is invalid.
    #[error("the amount {0:?} cannot be read")]
    Amount(String),
    /// A field that breaks the contract: its name, and what is allowed.
    #[error("{0} {1}")]
    Field(String, receive::Problem),
    /// The line has another version of the contract.
    #[error("is of version {0} of the contract; this collector knows version 1")]
    Version(String),
    /// The line is no JSON; the parser's message.
    #[error("is no JSON: {0}")]
    Json(String),
    /// The answer is older than answers are kept, in days.
    #[error("is older than the {0} days that answers are kept")]
    Old(u32),
}

impl Reason {
    /// The reason for a row that the contract refuses.
    pub(crate) fn of(refusal: receive::Refusal) -> Self {
        match refusal {
            receive::Refusal::Syntax(words) => Self::Json(words),
            receive::Refusal::Version(version) => Self::Version(version),
            receive::Refusal::Fields(problems) => match problems.into_iter().next() {
                Some(problem) => Self::Field(problem.field, problem.problem),
                None => Self::Json(String::new()),
            },
        }
    }
}

/// A row that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// The line that it begins at.
    pub line: u64,
    /// Why it was not imported.
    pub reason: Reason,
    /// Its cells.
    pub cells: StringRecord,
}

/// Reads rows one after the other.
pub(crate) struct Reader<'a> {
    pub(crate) table: &'a Table,
    pub(crate) mapping: &'a Mapping,
    pub(crate) defaults: &'a Defaults,
    /// The time zone of times without an offset.
    times: TimeZone,
    /// The number of earlier rows with the same content, since two customers may give the same answer. The
    /// key is the beginning of a hash, so that a million rows do not fill the memory.
    seen: HashMap<[u8; 8], u32>,
    /// The question, if the table names it above the scores.
    question: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        table: &'a Table,
        mapping: &'a Mapping,
        defaults: &'a Defaults,
        zone: &TimeZone,
    ) -> Self {
        let name = |target| column_name(table, mapping, target);
        // Some products name the time zone in the column's name.
        let is_utc = name(Target::Time).is_some_and(|name| name.contains("(UTC)"));
        let stars = name(Target::Stars).map(|_| "(1 to 5 stars, each counted as two)".to_owned());
        let asked = name(Target::Score).filter(|name| name.contains(' ')).map(str::to_owned);
        let question = stars.or(asked).unwrap_or_else(|| format!("({})", mapping.origin.name()));
        Self {
            table,
            mapping,
            defaults,
            times: if is_utc { TimeZone::UTC } else { zone.clone() },
            seen: HashMap::new(),
            question,
        }
    }

    /// Reads the response of a row.
    pub(crate) fn read(&mut self, row: &Row) -> Result<Stored, Reason> {
        let mended = self.mended(row);
        let row = mended.as_ref().unwrap_or(row);
        let columns = self.table.names.len();
        let filled = |at: &usize| row.cells.get(*at).is_some_and(|cell| !cell.trim().is_empty());
        let cells = (0..row.cells.len()).rev().find(filled).map_or(0, |at| at + 1);
        if cells > columns {
            return Err(Reason::Cells(cells, columns));
        }
        let stored = if self.mapping.origin == Origin::Afterword {
            own(self.table, self.mapping, row)?
        } else {
            self.other(row)?
        };
        // The rules for sent responses apply: a wrong field that only describes an answer is left out.
        let received = receive::settle(stored.response).map_err(Reason::of)?;
        Ok(Stored { response: received.message, ..stored })
    }

    /// Repairs a row whose score `8,0` was split at its comma, because it had no quotation marks.
    fn mended(&self, row: &Row) -> Option<Row> {
        let at = self.mapping.column(Target::Score)?;
        let is_zero = |cell: &str| !cell.is_empty() && cell.chars().all(|digit| digit == '0');
        let is_split = self.table.delimiter == b','
            && row.cells.len() == self.table.names.len() + 1
            && score::read(cell_of(row, at)).is_some()
            && is_zero(cell_of(row, at + 1));
        is_split.then(|| {
            let cells = row.cells.iter().enumerate().filter(|(column, _)| *column != at + 1);
            Row { line: row.line, cells: cells.map(|(_, cell)| cell).collect() }
        })
    }

    fn other(&mut self, row: &Row) -> Result<Stored, Reason> {
        let get = |target: Target| self.mapping.column(target).map_or("", |at| cell_of(row, at));
        let maybe = |target: Target| Some(get(target).to_owned()).filter(|it| !it.is_empty());
        if matches!(
            get(Target::Excluded).to_lowercase().as_str(),
            "true" | "t" | "1" | "yes" | "ja" | "survey preview" | "survey test" | "spam"
        ) {
            return Err(Reason::Excluded);
        }
        let kind = get(Target::SurveyKind).to_lowercase();
        if !kind.is_empty() && !kind.contains("nps") {
            return Err(Reason::Kind(kind));
        }
        let score = match self.mapping.column(Target::Stars) {
            Some(_) => stars(get(Target::Stars))?,
            None => of_ten(get(Target::Score))?,
        };
        let written = get(Target::Time);
        if written.is_empty() {
            return Err(Reason::NoTime);
        }
        let time =
            self.mapping.dates.and_then(|dates| dates.read(written, &self.times)).ok_or_else(
                || {
                    let column = column_name(self.table, self.mapping, Target::Time);
                    Reason::Time(column.unwrap_or_default().to_owned(), written.to_owned())
                },
            )?;
        if time > Timestamp::now() {
            return Err(Reason::Future(written.to_owned()));
        }

        let touchpoint = match get(Target::Touchpoint).to_lowercase() {
            name if name.is_empty() => self.defaults.touchpoint,
            name => Touchpoint::from_name(&name).ok_or(Reason::Touchpoint(name))?,
        };
        let mut properties: Vec<(String, String)> = Vec::new();
        let mut tags: Vec<String> = Vec::new();
        for (column, target) in self.mapping.targets.iter().enumerate() {
            let value = cell_of(row, column);
            match target {
                _ if value.is_empty() => {}
                Target::Property => {
                    let name = self.table.names.get(column).map(|it| property_name(it));
                    let name = name.unwrap_or_default();
                    if !properties.iter().any(|(known, _)| *known == name) {
                        properties.push((name, value.to_owned()));
                    }
                }
                Target::Tags => tags.extend(list(value)),
                _ => {}
            }
        }
        // The order in which the contract reads them back.
        properties.sort();
        let mut currency = maybe(Target::Currency).map(|code| code.to_uppercase());
        let value = match get(Target::Value) {
            "" => None,
            text => {
                let amount = money::read(text).ok_or_else(|| Reason::Amount(text.to_owned()))?;
                currency = currency
                    .or_else(|| amount.currency.map(str::to_owned))
                    .or_else(|| self.defaults.currency.clone());
                if currency.is_none() {
                    return Err(Reason::Currency(text.to_owned()));
                }
                Some(amount.value)
            }
        };
        let order = Order {
            id: maybe(Target::Order),
            value,
            currency,
            country: maybe(Target::Country).map(|code| code.to_uppercase()),
            products: list(get(Target::Products)),
            signature: None,
        };
        let customer = Customer {
            id: maybe(Target::Customer),
            kind: CustomerKind::from_name(&get(Target::Kind).to_lowercase()),
        };
        // Other products also put an apostrophe before a possible formula, as our lists of rejected rows do.
        let comment = maybe(Target::Comment).map(|text| cell::original(&text).into_owned());
        let id = self.id(row, get(Target::Id), time);
        let response = Response {
            version: VERSION,
            id,
            revision: 1,
            complete: comment.is_some(),
            test: None,
            survey: maybe(Target::Survey).unwrap_or_else(|| self.defaults.survey.clone()),
            touchpoint,
            score,
            comment,
            reasons: list(get(Target::Reasons)),
            quotable: None,
            quote_name: None,
            contact: maybe(Target::Contact),
            answer_page: None,
            // Unknown in imported answers.
            shown_at: String::new(),
            scored_at: String::new(),
            sent_at: String::new(),
            page: get(Target::Page).to_owned(),
            locale: locale(get(Target::Locale)).unwrap_or_else(|| self.defaults.locale.clone()),
            // The release names the other product. How the question was asked is mostly unknown, and the
            // trend has a break there.
            method: Method {
                question: self.question.clone(),
                low_label: String::new(),
                high_label: String::new(),
                layout: None,
                mode: None,
                release: match self.mapping.column(Target::Stars) {
                    Some(_) => format!("{}-stars", self.mapping.origin.release()),
                    None => self.mapping.origin.release(),
                },
                contact_text: None,
                quote_text: None,
            },
            order: (order != Order::default()).then_some(order),
            customer: (customer != Customer::default()).then_some(customer),
            properties,
            tags,
            review_link: None,
        };
        let named = Named::default();
        Ok(Stored { response, received_at: time, updated_at: time, aside: Aside::NONE, named })
    }

    /// An id that is the same whenever the row is imported again: a UUIDv7 of its time and a hash of its id
    /// in the other product, or else of all its cells.
    fn id(&mut self, row: &Row, id: &str, time: Timestamp) -> String {
        let mut hash = Sha256::new();
        hash.update(b"afterword import\0");
        hash.update(self.mapping.origin.name());
        if id.is_empty() {
            for cell in &row.cells {
                hash.update(b"\0");
                hash.update(cell.trim());
            }
        } else {
            hash.update(b"\x01");
            hash.update(id);
        }
        let content: [u8; 32] = hash.finalize().into();
        let mut first = [0; 8];
        first.copy_from_slice(&content[..8]);
        let before = self.seen.entry(first).or_default();
        let mut random = [0; 10];
        let again = Sha256::digest([&content[..], &before.to_be_bytes()].concat());
        random.copy_from_slice(&again[..10]);
        // Rows with the same id in the other product are one answer.
        if id.is_empty() {
            *before += 1;
        }
        let milliseconds = u64::try_from(time.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().to_string()
    }
}

fn of_ten(text: &str) -> Result<u8, Reason> {
    if text.is_empty() {
        return Err(Reason::NoScore);
    }
    score::read(text).ok_or_else(|| Reason::Score(text.to_owned()))
}

fn stars(text: &str) -> Result<u8, Reason> {
    if text.is_empty() {
        return Err(Reason::NoScore);
    }
    score::of_stars(text).ok_or_else(|| Reason::Stars(text.to_owned()))
}

/// Splits a list of another product: at semicolons, bars or commas, or as a JSON list.
fn list(text: &str) -> Vec<String> {
    if let Ok(items) = serde_json::from_str::<Vec<String>>(text) {
        return items;
    }
    let separator = [';', '|', ','].into_iter().find(|separator| text.contains(*separator));
    text.split(separator.unwrap_or(';'))
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

/// Turns `EN` and `de_DE_X_INFORMAL` into the tags `en` and `de-DE`.
fn locale(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_']);
    let language = parts.next()?.to_lowercase();
    let locale = match parts.next() {
        Some(region) if region.len() == 2 => format!("{language}-{}", region.to_uppercase()),
        _ => language,
    };
    limits::is_locale(&locale).then_some(locale)
}

/// The name of a column, as the file's reader sees it; `None` if the file has no such column.
fn column_name<'a>(table: &'a Table, mapping: &Mapping, target: Target) -> Option<&'a str> {
    let column = mapping.column(target)?;
    let label = table.labels.get(column).filter(|label| !label.is_empty());
    label.or_else(|| table.names.get(column)).map(String::as_str)
}

/// Reads a row of our own export, without a change.
fn own(table: &Table, mapping: &Mapping, row: &Row) -> Result<Stored, Reason> {
    let get = |name: &'static str| {
        mapping
            .column(Target::Own(name))
            .and_then(|at| row.cells.get(at))
            .map_or(Cow::Borrowed(""), cell::original)
    };
    let owned = |name: &'static str| get(name).into_owned();
    let maybe = |name: &'static str| Some(owned(name)).filter(|it| !it.is_empty());
    let time = |name: &'static str| {
        let text = get(name);
        text.parse::<Timestamp>().map_err(|_| Reason::Time(name.to_owned(), text.into_owned()))
    };
    let flag = |name: &'static str| match &*get(name) {
        // Spreadsheets write it in their language.
        text if ["true", "wahr", "1"].contains(&text.to_lowercase().as_str()) => Some(true),
        "" => None,
        _ => Some(false),
    };
    let mut properties: Vec<(String, String)> = Vec::new();
    for (column, target) in mapping.targets.iter().enumerate() {
        let name = table.names.get(column).and_then(|name| name.strip_prefix(PROPERTY));
        if let (Target::Property, Some(name), Some(value)) = (target, name, row.cells.get(column))
            && !value.is_empty()
        {
            properties.push((name.to_owned(), cell::original(value).into_owned()));
        }
    }
    let rest: BTreeMap<String, String> = serde_json::from_str(&get(REST)).unwrap_or_default();
    properties.extend(rest.into_iter().filter(|(_, value)| !value.is_empty()));
    properties.sort();
    // Our export has no thousands separators; the German one has decimal commas.
    let value = maybe("order.value").map(|text| text.replace(',', "."));
    let order = Order {
        id: maybe("order.id"),
        value,
        currency: maybe("order.currency"),
        country: maybe("order.country"),
        products: cell::split(&get("order.products")),
        signature: maybe("order.signature"),
    };
    let customer =
        Customer { id: maybe("customer.id"), kind: CustomerKind::from_name(&get("customer.kind")) };
    let response = Response {
        version: VERSION,
        id: get("id").to_ascii_lowercase(),
        revision: get("revision").parse().unwrap_or(1),
        complete: flag("complete").unwrap_or(false),
        // Contained in the reasons to set it aside.
        test: None,
        survey: owned("survey"),
        touchpoint: Touchpoint::from_name(&get("touchpoint"))
            .ok_or_else(|| Reason::Touchpoint(owned("touchpoint")))?,
        score: of_ten(&get("score"))?,
        comment: maybe("comment"),
        reasons: cell::split(&get("reasons")),
        quotable: flag("quotable"),
        quote_name: maybe("quote_name"),
        contact: maybe("contact"),
        answer_page: maybe("answer_page"),
        shown_at: owned("shown_at"),
        scored_at: owned("scored_at"),
        sent_at: owned("sent_at"),
        page: owned("page"),
        locale: owned("locale"),
        method: Method {
            question: owned("method.question"),
            low_label: owned("method.low_label"),
            high_label: owned("method.high_label"),
            layout: Layout::from_name(&get("method.layout")),
            mode: Mode::from_name(&get("method.mode")),
            release: owned("method.release"),
            contact_text: maybe("method.contact_text"),
            quote_text: maybe("method.quote_text"),
        },
        order: (order != Order::default()).then_some(order),
        customer: (customer != Customer::default()).then_some(customer),
        properties,
        tags: cell::split(&get("tags")),
        review_link: flag("review_link"),
    };
    Ok(Stored {
        response,
        received_at: time("received_at")?,
        updated_at: time("updated_at")?,
        aside: Aside::brought_by(cell::split(&get("aside")).iter().map(String::as_str)),
        named: Named::default(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn languages_are_tags_of_the_contract() {
        for (text, expected) in [
            ("EN", Some("en")),
            ("DE_DE_X_INFORMAL", Some("de-DE")),
            ("pt-br", Some("pt-BR")),
            ("", None),
        ] {
            assert_eq!(locale(text).as_deref(), expected, "{text}");
        }
    }
}
