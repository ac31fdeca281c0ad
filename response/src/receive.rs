//! Reading and checking what arrives, for receivers.
//!
//! Every refusal names the field and what is allowed there, so that whoever sends can mend it.
//! Fields this version does not know are ignored: a newer widget must not lose answers at an older
//! collector as long as the version stands.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Display, Response, VERSION, limits};

/// Why a body was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not JSON at all; the parser's words.
    Syntax(String),
    /// A version of the contract that this receiver does not know; as it was written.
    Version(String),
    /// Fields that break the contract; never empty.
    Fields(Vec<FieldProblem>),
}

/// One field that breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's dotted name: `order.value`.
    pub field: String,
    /// What is wrong there, and so what is allowed.
    pub problem: Problem,
}

/// What is wrong with a field. As text it ends the sentence that the field's name begins: `must be …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing is there.
    Missing,
    /// The body does not say which version of the contract it is of.
    NoVersion,
    /// Another type than the contract's; the reader's words.
    Type(String),
    /// A text without characters.
    Empty,
    /// A text in a field that stays empty.
    NotEmpty,
    /// A text with more characters than are allowed.
    Long {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        has: usize,
    },
    /// A list with more items than are allowed.
    Many {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        has: usize,
    },
    /// Not a whole number within its bounds.
    Number {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// Not an id as [`limits::is_identifier`] takes it.
    Identifier,
    /// A property whose name is no such id.
    PropertyName,
    /// Not a UUID of version 7.
    Uuid,
    /// Not a time of RFC 3339.
    Time,
    /// Not an http or https address.
    Address,
    /// Not a language tag.
    Locale,
    /// Not an amount of money.
    Amount,
    /// Not a code of so many capital letters.
    Code {
        /// How many.
        letters: usize,
        /// One that is.
        example: &'static str,
    },
    /// A word that the contract does not have there.
    Unknown,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::NoVersion => write!(f, "is missing; this receiver knows version {VERSION}"),
            Self::Type(words) => f.write_str(words),
            Self::Empty => f.write_str("must not be empty"),
            Self::NotEmpty => f.write_str("must stay empty"),
            Self::Long { most, has } => {
                write!(f, "must be at most {most} characters, and has {has}")
            }
            Self::Many { most, has } => write!(f, "must be at most {most} items, and has {has}"),
            Self::Number { least, most } => {
                write!(f, "must be a whole number from {least} to {most}")
            }
            Self::Identifier => f.write_str("must be 1 to 64 letters, digits, '.', '_' or '-'"),
            Self::PropertyName => {
                f.write_str("must have a name of 1 to 64 letters, digits, '.', '_' or '-'")
            }
            Self::Uuid => f.write_str("must be a UUID of version 7 with hyphens"),
            Self::Time => {
                f.write_str("must be a time as in RFC 3339, such as 2026-11-21T17:00:00.000Z")
            }
            Self::Address => f.write_str("must be an http or https address"),
            Self::Locale => f.write_str("must be a language tag such as de or pt-BR"),
            Self::Amount => f.write_str(
                "must be a decimal number such as 129.90, without sign or thousands separators",
            ),
            Self::Code { letters, example } => {
                let letters = if *letters == 2 { "two" } else { "three" };
                write!(f, "must be {letters} capital letters such as {example}")
            }
            Self::Unknown => f.write_str("is not one of the contract's"),
        }
    }
}

/// What arrives at the one address.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// An answer.
    Response(Box<Response>),
    /// The question was shown or closed.
    Display(Display),
}

impl Message {
    /// Reads a message from JSON and checks it.
    ///
    /// # Errors
    /// A [`Refusal`]: the body is not JSON, of another version, or a field breaks the contract.
    pub fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        Self::from_value(parse(body)?)
    }

    /// Reads a message from a form's fields and checks it.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), but for the syntax.
    pub fn from_form(fields: impl IntoIterator<Item = (String, String)>) -> Result<Self, Refusal> {
        Self::from_value(gather(fields))
    }

    fn from_value(value: Value) -> Result<Self, Refusal> {
        // Whatever holds a score is an answer, and no answer is lost to a field that came with it.
        if value.get("display").is_some() && value.get("score").is_none() {
            display_from_value(value).map(Self::Display)
        } else {
            from_value(value).map(|response| Self::Response(Box::new(response)))
        }
    }
}

/// Reads a response from JSON and checks it.
///
/// # Errors
/// A [`Refusal`]: the body is not JSON, of another version, or a field breaks the contract.
pub fn from_json(body: &[u8]) -> Result<Response, Refusal> {
    from_value(parse(body)?)
}

fn parse(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Syntax(error.to_string()))
}

/// Reads a response from a form's fields (see [`crate::form`]) and checks it. Of a field sent
/// twice, the last counts, but for lists, which gather.
///
/// # Errors
/// As [`from_json`], but for the syntax.
pub fn from_form(fields: impl IntoIterator<Item = (String, String)>) -> Result<Response, Refusal> {
    from_value(gather(fields))
}

/// The JSON that a form's fields stand for.
fn gather(fields: impl IntoIterator<Item = (String, String)>) -> Value {
    let mut root = Map::new();
    for (name, value) in fields {
        let (group, key) = match name.split_once('.') {
            Some((group @ ("method" | "order" | "customer" | "properties"), key)) => (group, key),
            _ => ("", name.as_str()),
        };
        // An empty field of a form says nothing, except where it is a text of the contract.
        if value.is_empty() && !matches!(key, "comment" | "low_label" | "high_label") {
            continue;
        }
        let value = match (group, key) {
            ("", "version" | "revision" | "score") => match value.parse::<u64>() {
                Ok(number) => number.into(),
                Err(_) => Value::String(value),
            },
            ("", "complete" | "quotable") => match value.as_str() {
                "true" | "on" | "1" => true.into(),
                "false" | "0" => false.into(),
                _ => Value::String(value),
            },
            ("", "reasons" | "tags") | ("order", "products") => value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(Value::from)
                .collect(),
            _ => Value::String(value),
        };
        let group = if group.is_empty() {
            &mut root
        } else {
            let group = root.entry(group).or_insert_with(|| Map::new().into());
            let Value::Object(group) = group else { continue };
            group
        };
        match (group.get_mut(key), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (_, value) => {
                group.insert(key.to_owned(), value);
            }
        }
    }
    root.into()
}

fn from_value(value: Value) -> Result<Response, Refusal> {
    let mut response: Response = typed(value)?;
    drop_query(&mut response.page);
    let problems = check(&response);
    if problems.is_empty() { Ok(response) } else { Err(Refusal::Fields(problems)) }
}

fn display_from_value(value: Value) -> Result<Display, Refusal> {
    let mut display: Display = typed(value)?;
    drop_query(&mut display.page);
    let problems = check_display(&display);
    if problems.is_empty() { Ok(display) } else { Err(Refusal::Fields(problems)) }
}

/// A body of the known version as the type it should be, its bounds not checked yet.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    // First, so that a body of another version is not blamed for its fields.
    match value.get("version") {
        Some(version) if version.as_u64() == Some(u64::from(VERSION)) => {}
        Some(version) => return Err(Refusal::Version(version.to_string())),
        None => return Err(field("version", Problem::NoVersion)),
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let words = error.into_inner().to_string();
        // The path of what is missing is that of the object it is missing in, `.` for the whole.
        match words.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            Some(name) if path == "." => field(name, Problem::Missing),
            Some(name) => field(&format!("{path}.{name}"), Problem::Missing),
            None => field(&path, Problem::Type(words)),
        }
    })
}

/// Dropped rather than refused: the query may name a person, but the answer is good.
fn drop_query(page: &mut String) {
    if let Some(end) = page.find(['?', '#']) {
        page.truncate(end);
    }
}

fn field(field: &str, problem: Problem) -> Refusal {
    Refusal::Fields(vec![FieldProblem { field: field.to_owned(), problem }])
}

/// Every field of `response` that breaks the contract; empty if it holds.
#[must_use]
pub fn check(response: &Response) -> Vec<FieldProblem> {
    let mut found = Found(Vec::new());
    let Response { id, revision, survey, score, comment, method, order, customer, .. } = response;

    found.id(id);
    found.unless(
        (1..=limits::REVISION).contains(revision),
        "revision",
        Problem::Number { least: 1, most: limits::REVISION },
    );
    found.survey(survey);
    found.unless(
        *score <= limits::SCORE,
        "score",
        Problem::Number { least: 0, most: limits::SCORE.into() },
    );
    found.most(limits::COMMENT, "comment", comment.as_deref());
    found.items(limits::REASONS, limits::NAME, "reasons", &response.reasons);
    found.most(limits::CONTACT, "contact", response.contact.as_deref());
    for (name, time) in [
        ("shown_at", &response.shown_at),
        ("scored_at", &response.scored_at),
        ("sent_at", &response.sent_at),
    ] {
        found.time(name, time);
    }
    found.page(&response.page);
    found.locale(&response.locale);

    found.least("method.question", &method.question);
    found.most(limits::TEXT, "method.question", Some(&method.question));
    found.most(limits::LABEL, "method.low_label", Some(&method.low_label));
    found.most(limits::LABEL, "method.high_label", Some(&method.high_label));
    found.least("method.release", &method.release);
    found.most(limits::NAME, "method.release", Some(&method.release));

    if let Some(order) = order {
        found.reference("order.id", order.id.as_deref());
        found.unless(
            order.value.as_deref().is_none_or(limits::is_money),
            "order.value",
            Problem::Amount,
        );
        found.unless(
            order.currency.as_deref().is_none_or(|code| limits::is_code(code, 3)),
            "order.currency",
            Problem::Code { letters: 3, example: "EUR" },
        );
        found.unless(
            order.country.as_deref().is_none_or(|code| limits::is_code(code, 2)),
            "order.country",
            Problem::Code { letters: 2, example: "DE" },
        );
        found.items(limits::PRODUCTS, limits::REFERENCE, "order.products", &order.products);
        found.reference("order.signature", order.signature.as_deref());
    }
    if let Some(customer) = customer {
        found.reference("customer.id", customer.id.as_deref());
    }
    found.unless(
        response.properties.len() <= limits::PROPERTIES,
        "properties",
        Problem::Many { most: limits::PROPERTIES, has: response.properties.len() },
    );
    for (name, value) in &response.properties {
        let field = format!("properties.{name}");
        found.unless(limits::is_identifier(name), &field, Problem::PropertyName);
        found.most(limits::TEXT, &field, Some(value));
    }
    found.items(limits::TAGS, limits::NAME, "tags", &response.tags);
    found.0
}

/// Every field of `display` that breaks the contract; empty if it holds.
#[must_use]
pub fn check_display(display: &Display) -> Vec<FieldProblem> {
    let mut found = Found(Vec::new());
    found.id(&display.id);
    found.survey(&display.survey);
    found.time("at", &display.at);
    found.page(&display.page);
    found.locale(&display.locale);
    found.0
}

struct Found(Vec<FieldProblem>);

impl Found {
    fn id(&mut self, id: &str) {
        let uuid = uuid::Uuid::try_parse(id).ok();
        self.unless(
            id.len() == 36 && uuid.is_some_and(|uuid| uuid.get_version_num() == 7),
            "id",
            Problem::Uuid,
        );
    }

    fn survey(&mut self, survey: &str) {
        self.unless(limits::is_identifier(survey), "survey", Problem::Identifier);
    }

    fn time(&mut self, field: &str, time: &str) {
        let is_time = time.len() <= limits::NAME && time.parse::<jiff::Timestamp>().is_ok();
        self.unless(is_time, field, Problem::Time);
    }

    fn page(&mut self, page: &str) {
        self.most(limits::PAGE, "page", Some(page));
        let url = url::Url::parse(page);
        let is_address = url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        self.unless(is_address, "page", Problem::Address);
    }

    fn locale(&mut self, locale: &str) {
        self.unless(limits::is_locale(locale), "locale", Problem::Locale);
    }

    fn unless(&mut self, holds: bool, field: &str, problem: Problem) {
        if !holds {
            self.0.push(FieldProblem { field: field.to_owned(), problem });
        }
    }

    fn least(&mut self, field: &str, value: &str) {
        self.unless(!value.is_empty(), field, Problem::Empty);
    }

    fn most(&mut self, most: usize, field: &str, value: Option<&str>) {
        let has = value.map_or(0, |value| value.chars().count());
        self.unless(has <= most, field, Problem::Long { most, has });
    }

    fn reference(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.least(field, value);
            self.most(limits::REFERENCE, field, Some(value));
        }
    }

    fn items(&mut self, count: usize, length: usize, field: &str, items: &[String]) {
        self.unless(items.len() <= count, field, Problem::Many { most: count, has: items.len() });
        for (index, item) in items.iter().enumerate() {
            let field = format!("{field}.{index}");
            self.least(&field, item);
            self.most(length, &field, Some(item));
        }
    }
}
