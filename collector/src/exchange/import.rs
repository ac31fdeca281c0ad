//! From a row of somebody's table to a response. Pure; [`super::run`] brings it to the database.

use afterword_response::{
    Customer, CustomerKind, Layout, Method, Mode, Order, Response, Touchpoint, VERSION, limits,
    receive,
};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::{
    cell,
    columns::PROPERTY,
    mapping::{Mapping, Origin, Target, cell as cell_of, property_name},
    table::{Row, Table},
};
use crate::aside::Aside;
use crate::store::Stored;

/// What the file does not say of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The survey that the answers join.
    pub survey: String,
    /// The moment at which they were asked.
    pub touchpoint: Touchpoint,
    /// The language.
    pub locale: String,
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing where the score should be.
    #[error("has no score")]
    NoScore,
    /// Something else than a score.
    #[error("the score {0:?} is no whole number from 0 to 10")]
    Score(String),
    /// Nothing where the time should be.
    #[error("has no time")]
    NoTime,
    /// A time written in another way.
    #[error("the time {0:?} cannot be read")]
    Time(String),
    /// Later than now.
    #[error("the time {0:?} is in the future")]
    Future(String),
    /// Its origin does not count it.
    #[error("is marked as not counted")]
    Excluded,
    /// Of a survey with another question.
    #[error("is of another kind of survey ({0}), not NPS")]
    Kind(String),
    /// No moment of the journey.
    #[error("the touchpoint {0:?} is none of visit, order, delivery, support, return")]
    Touchpoint(String),
    /// No amount of money.
    #[error("the amount {0:?} cannot be read")]
    Amount(String),
    /// A field that breaks the contract: its name, and what is allowed.
    #[error("{0} {1}")]
    Field(String, receive::Problem),
    /// A line of another version of the contract.
    #[error("is of version {0} of the contract; this collector knows version 1")]
    Version(String),
    /// A line that is no JSON; the parser's words.
    #[error("is no JSON: {0}")]
    Json(String),
    /// Older than answers are kept, in days.
    #[error("is older than the {0} days that answers are kept")]
    Old(u32),
}

impl Reason {
    /// Why what would have been refused, had it been sent, is not taken.
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

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The line that it begins at.
    pub line: u64,
    /// What is wrong with it, and what would be right.
    pub reason: Reason,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Reads rows one after the other.
pub(crate) struct Reader<'a> {
    pub(crate) table: &'a Table,
    pub(crate) mapping: &'a Mapping,
    pub(crate) defaults: &'a Defaults,
    /// The clock of times that say no offset.
    pub(crate) zone: &'a TimeZone,
    /// How many rows of the same content were seen: two customers may well have answered alike.
    pub(crate) seen: std::collections::HashMap<[u8; 32], u32>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        table: &'a Table,
        mapping: &'a Mapping,
        defaults: &'a Defaults,
        zone: &'a TimeZone,
    ) -> Self {
        Self { table, mapping, defaults, zone, seen: std::collections::HashMap::new() }
    }

    /// The response of a row, or why there is none.
    pub(crate) fn read(&mut self, row: &Row) -> Result<Stored, Reason> {
        let stored = if self.mapping.origin == Origin::Afterword {
            own(self.table, self.mapping, row)?
        } else {
            self.other(row)?
        };
        // As if it had been sent: what describes an answer does not lose it.
        let received = receive::settle(stored.response).map_err(Reason::of)?;
        Ok(Stored { response: received.message, ..stored })
    }

    fn other(&mut self, row: &Row) -> Result<Stored, Reason> {
        let get = |target: Target| self.mapping.column(target).map_or("", |at| cell_of(row, at));
        let maybe = |target: Target| Some(get(target).to_owned()).filter(|it| !it.is_empty());
        if matches!(
            get(Target::Excluded).to_lowercase().as_str(),
            "true" | "t" | "1" | "yes" | "ja"
        ) {
            return Err(Reason::Excluded);
        }
        let kind = get(Target::SurveyKind).to_lowercase();
        if !kind.is_empty() && !kind.contains("nps") {
            return Err(Reason::Kind(kind));
        }
        let score = score(get(Target::Score))?;
        let written = get(Target::Time);
        if written.is_empty() {
            return Err(Reason::NoTime);
        }
        let time = self
            .mapping
            .dates
            .and_then(|dates| dates.read(written, self.zone))
            .ok_or_else(|| Reason::Time(written.to_owned()))?;
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
        // As the contract has them when it reads them back.
        properties.sort();
        let value = match get(Target::Value) {
            "" => None,
            text => Some(money(text).ok_or_else(|| Reason::Amount(text.to_owned()))?),
        };
        let order = Order {
            id: maybe(Target::Order),
            value,
            currency: maybe(Target::Currency).map(|code| code.to_uppercase()),
            country: maybe(Target::Country).map(|code| code.to_uppercase()),
            products: list(get(Target::Products)),
            signature: None,
        };
        let customer = Customer {
            id: maybe(Target::Customer),
            kind: CustomerKind::from_name(&get(Target::Kind).to_lowercase()),
        };
        let comment = maybe(Target::Comment);
        let at = format!("{time:.3}");
        let origin = self.mapping.origin.name();
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
            contact: maybe(Target::Contact),
            shown_at: at.clone(),
            scored_at: at.clone(),
            sent_at: at,
            page: get(Target::Page).to_owned(),
            locale: locale(get(Target::Locale)).unwrap_or_else(|| self.defaults.locale.clone()),
            // Nobody knows how it was asked, but that it was asked elsewhere: the trend breaks there.
            method: Method {
                question: format!("({origin})"),
                low_label: String::new(),
                high_label: String::new(),
                layout: None,
                mode: None,
                release: format!("import-{}", origin.to_lowercase()),
            },
            order: (order != Order::default()).then_some(order),
            customer: (customer != Customer::default()).then_some(customer),
            properties,
            tags,
        };
        Ok(Stored { response, received_at: time, updated_at: time, aside: Aside::NONE })
    }

    /// The same id for the same row, whenever and however often it is read: its time, and a hash of
    /// its id at the origin, or else of all its cells. Shaped as the contract wants it, a UUIDv7.
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
        let before = self.seen.entry(content).or_default();
        let mut random = [0; 10];
        let again = Sha256::digest([&content[..], &before.to_be_bytes()].concat());
        random.copy_from_slice(&again[..10]);
        // An id at the origin means one answer, however often it stands in the file.
        if id.is_empty() {
            *before += 1;
        }
        let milliseconds = u64::try_from(time.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().to_string()
    }
}

fn score(text: &str) -> Result<u8, Reason> {
    if text.is_empty() {
        return Err(Reason::NoScore);
    }
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).unwrap_or(text);
    match whole.parse::<u8>() {
        Ok(score) if score <= limits::SCORE => Ok(score),
        _ => Err(Reason::Score(text.to_owned())),
    }
}

/// Items as others join them: with semicolons, bars or commas; or as a JSON list.
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

/// `EN` and `de_DE_X_INFORMAL` as the tags `en` and `de-DE`.
fn locale(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_']);
    let language = parts.next()?.to_lowercase();
    let locale = match parts.next() {
        Some(region) if region.len() == 2 => format!("{language}-{}", region.to_uppercase()),
        _ => language,
    };
    limits::is_locale(&locale).then_some(locale)
}

/// `1.299,00 €` and `$1,299.00` as `1299.00`. Where only one kind of sign is there, three digits
/// behind it are thousands.
fn money(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| c.is_ascii_digit() || ".,-".contains(*c)).collect();
    let last = text.rfind(['.', ',']);
    let value = match last {
        Some(at) if text.len() - at - 1 == 3 && text.matches(&text[at..=at]).count() >= 1 => {
            let other = if &text[at..=at] == "." { ',' } else { '.' };
            if text.contains(other) {
                let (whole, fraction) = text.split_at(at);
                format!("{}.{}", whole.replace(['.', ','], ""), &fraction[1..])
            } else {
                text.replace(['.', ','], "")
            }
        }
        Some(at) => {
            let (whole, fraction) = text.split_at(at);
            format!("{}.{}", whole.replace(['.', ','], ""), &fraction[1..])
        }
        None => text,
    };
    limits::is_money(&value).then_some(value)
}

/// A row of our own export, with nothing added and nothing lost.
fn own(table: &Table, mapping: &Mapping, row: &Row) -> Result<Stored, Reason> {
    let get = |name: &'static str| {
        mapping
            .column(Target::Own(name))
            .and_then(|at| row.cells.get(at))
            .map_or("", |cell| cell::original(cell))
    };
    let maybe = |name: &'static str| Some(get(name).to_owned()).filter(|it| !it.is_empty());
    let time = |name: &'static str| {
        get(name).parse::<Timestamp>().map_err(|_| Reason::Time(get(name).to_owned()))
    };
    let flag = |name: &'static str| match get(name) {
        // As spreadsheets write it back, in their language.
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
            properties.push((name.to_owned(), cell::original(value).to_owned()));
        }
    }
    properties.sort();
    // Ours has no thousands; a comma is the decimal sign of the German file.
    let value = maybe("order.value").map(|text| text.replace(',', "."));
    let order = Order {
        id: maybe("order.id"),
        value,
        currency: maybe("order.currency"),
        country: maybe("order.country"),
        products: cell::split(get("order.products")),
        signature: maybe("order.signature"),
    };
    let customer =
        Customer { id: maybe("customer.id"), kind: CustomerKind::from_name(get("customer.kind")) };
    let response = Response {
        version: VERSION,
        id: get("id").to_ascii_lowercase(),
        revision: get("revision").parse().unwrap_or(1),
        complete: flag("complete").unwrap_or(false),
        // Among why it is set aside.
        test: None,
        survey: get("survey").to_owned(),
        touchpoint: Touchpoint::from_name(get("touchpoint"))
            .ok_or_else(|| Reason::Touchpoint(get("touchpoint").to_owned()))?,
        score: score(get("score"))?,
        comment: maybe("comment"),
        reasons: cell::split(get("reasons")),
        quotable: flag("quotable"),
        contact: maybe("contact"),
        shown_at: get("shown_at").to_owned(),
        scored_at: get("scored_at").to_owned(),
        sent_at: get("sent_at").to_owned(),
        page: get("page").to_owned(),
        locale: get("locale").to_owned(),
        method: Method {
            question: get("method.question").to_owned(),
            low_label: get("method.low_label").to_owned(),
            high_label: get("method.high_label").to_owned(),
            layout: Layout::from_name(get("method.layout")),
            mode: Mode::from_name(get("method.mode")),
            release: get("method.release").to_owned(),
        },
        order: (order != Order::default()).then_some(order),
        customer: (customer != Customer::default()).then_some(customer),
        properties,
        tags: cell::split(get("tags")),
    };
    Ok(Stored {
        response,
        received_at: time("received_at")?,
        updated_at: time("updated_at")?,
        aside: Aside::brought_by(cell::split(get("aside")).iter().map(String::as_str)),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn amounts_are_read_in_both_ways_of_writing() {
        for (text, expected) in [
            ("129.90", Some("129.90")),
            ("129,90", Some("129.90")),
            ("1.299,00 €", Some("1299.00")),
            ("$1,299.00", Some("1299.00")),
            ("1.299", Some("1299")),
            ("1,299.125", Some("1299.125")),
            ("80", Some("80")),
            ("-5", None),
            ("free", None),
        ] {
            assert_eq!(money(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_score_is_a_whole_number_from_nought_to_ten() {
        assert_eq!(
            [score("0"), score("10"), score("9.0"), score("7,0")],
            [Ok(0), Ok(10), Ok(9), Ok(7)]
        );
        for wrong in ["", "11", "-1", "9.5", "ten"] {
            assert!(score(wrong).is_err(), "{wrong}");
        }
    }

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
