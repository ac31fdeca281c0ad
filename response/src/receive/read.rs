//! Turns a body into the contract's types. A field that only describes the answer is left out if its type
//! is wrong; a strict field (see [`rules`](super::rules)) leads to a refusal.

use std::collections::HashMap;

use super::{
    Problem, Refusal, Remedy,
    rules::Findings,
    sent::{Object, SentValue},
};
use crate::{
    Customer, CustomerKind, Display, Layout, Method, Mode, Order, Response, Touchpoint, VERSION,
    display::Step, limits,
};

/// The body of a message, if it has the version that this crate knows.
///
/// # Errors
/// It is no object, or has another version. The version is checked before any field, so that a body of
/// another version is not refused for its fields.
pub(super) fn body(sent: &SentValue) -> Result<&Object, Refusal> {
    let SentValue::Object(body) = sent else {
        return Err(Refusal::field("body", Problem::Object));
    };
    match body.get("version") {
        Some(version) if whole_number(version) == Some(VERSION) => Ok(body),
        Some(version) => Err(Refusal::Version(as_written(version))),
        None => Err(Refusal::field("version", Problem::NoVersion)),
    }
}

/// Whether a body is a display. A body with a score is always an answer, even if it has a field `display`.
pub(super) fn is_display(sent: &SentValue) -> bool {
    matches!(sent, SentValue::Object(body) if body.get("display").is_some() && body.get("score").is_none())
}

pub(super) fn response(body: &Object, found: &mut Findings) -> Response {
    let body = Group { name: "", fields: Some(body) };
    let method = body.group("method", found);
    if method.fields.is_none() {
        found.note("method", Problem::Missing, Remedy::LeftOut);
    }
    // A second rating is given on the answer page only. Taken here, it would count as a first one.
    found.strict(body.get("follows").is_none(), "follows", Problem::NotEmpty);
    let order = body.group("order", found);
    let customer = body.group("customer", found);
    Response {
        version: VERSION,
        id: body.strict_text("id", found),
        revision: body.strict_number("revision", 1, limits::REVISION, found),
        survey: body.strict_text("survey", found),
        touchpoint: body
            .strict_word("touchpoint", Touchpoint::NAMES, Touchpoint::from_name, found)
            .unwrap_or_default(),
        score: u8::try_from(body.strict_number("score", 0, limits::SCORE.into(), found))
            .unwrap_or_default(),
        comment: body.comment(found),
        complete: body.expected("complete", Group::flag, found).unwrap_or_default(),
        test: body.flag("test", found),
        reasons: body.list("reasons", found),
        quotable: body.flag("quotable", found),
        quote_name: body.text("quote_name", found),
        contact: body.text("contact", found),
        answer_page: body.text("answer_page", found),
        shown_at: body.expected_text("shown_at", found),
        scored_at: body.expected_text("scored_at", found),
        sent_at: body.expected_text("sent_at", found),
        page: body.expected_text("page", found),
        locale: body.expected_text("locale", found),
        method: Method {
            question: method.expected_text("question", found),
            low_label: method.expected_text("low_label", found),
            high_label: method.expected_text("high_label", found),
            layout: method.word("layout", Layout::NAMES, Layout::from_name, found),
            mode: method.word("mode", Mode::NAMES, Mode::from_name, found),
            release: method.expected_text("release", found),
            contact_text: method.text("contact_text", found),
            quote_text: method.text("quote_text", found),
        },
        order: order.fields.is_some().then(|| Order {
            id: order.text("id", found),
            value: order.text("value", found),
            currency: order.text("currency", found),
            country: order.text("country", found),
            products: order.list("products", found),
            signature: order.text("signature", found),
        }),
        customer: customer.fields.is_some().then(|| Customer {
            id: customer.text("id", found),
            kind: customer.word("kind", CustomerKind::NAMES, CustomerKind::from_name, found),
        }),
        properties: body.properties(found),
        tags: body.list("tags", found),
        review_link: body.flag("review_link", found),
    }
}

pub(super) fn display(body: &Object, found: &mut Findings) -> Display {
    let body = Group { name: "", fields: Some(body) };
    Display {
        version: VERSION,
        id: body.strict_text("id", found),
        display: body
            .strict_word("display", Step::NAMES, Step::from_name, found)
            .unwrap_or(Step::Shown),
        test: body.flag("test", found),
        survey: body.strict_text("survey", found),
        touchpoint: body
            .strict_word("touchpoint", Touchpoint::NAMES, Touchpoint::from_name, found)
            .unwrap_or_default(),
        at: body.expected_text("at", found),
        page: body.expected_text("page", found),
        locale: body.expected_text("locale", found),
    }
}

/// The body, or a group of fields in it.
struct Group<'a> {
    /// Its name; empty for the body.
    name: &'static str,
    /// `None` if it was not sent.
    fields: Option<&'a Object>,
}

impl<'a> Group<'a> {
    fn path(&self, field: &str) -> String {
        if self.name.is_empty() { field.to_owned() } else { format!("{}.{field}", self.name) }
    }

    fn get(&self, field: &str) -> Option<&'a SentValue> {
        self.fields?.get(field)
    }

    fn group(&self, field: &'static str, found: &mut Findings) -> Self {
        let fields = match self.get(field) {
            None => None,
            Some(SentValue::Object(fields)) => Some(fields),
            Some(_) => {
                found.note(field, Problem::Object, Remedy::LeftOut);
                None
            }
        };
        Self { name: field, fields }
    }

    /// The value that `read` reads from a field that every sender of this group states.
    fn expected<T>(
        &self,
        field: &str,
        read: impl FnOnce(&Self, &str, &mut Findings) -> Option<T>,
        found: &mut Findings,
    ) -> Option<T> {
        // If the whole group is missing, that alone is noted, and not each of its fields.
        if self.fields.is_some() && self.get(field).is_none() {
            found.note(&self.path(field), Problem::Missing, Remedy::LeftOut);
        }
        read(self, field, found)
    }

    fn expected_text(&self, field: &str, found: &mut Findings) -> String {
        self.expected(field, Self::text, found).unwrap_or_default()
    }

    fn text(&self, field: &str, found: &mut Findings) -> Option<String> {
        Some(text(self.get(field)?, || self.path(field), found))
    }

    fn flag(&self, field: &str, found: &mut Findings) -> Option<bool> {
        match self.get(field)? {
            SentValue::Flag(flag) => Some(*flag),
            _ => {
                found.note(&self.path(field), Problem::Flag, Remedy::LeftOut);
                None
            }
        }
    }

    fn word<T>(
        &self,
        field: &str,
        allowed: &'static [&'static str],
        of: impl FnOnce(&str) -> Option<T>,
        found: &mut Findings,
    ) -> Option<T> {
        let word = word(self.get(field)?, of);
        if word.is_none() {
            found.note(&self.path(field), Problem::Word { allowed }, Remedy::LeftOut);
        }
        word
    }

    fn list(&self, field: &str, found: &mut Findings) -> Vec<String> {
        match self.get(field) {
            None => Vec::new(),
            Some(SentValue::List(items)) => items
                .iter()
                .enumerate()
                // An item that is no text becomes an empty one, so that the items after it keep their
                // numbers. The rules then leave it out.
                .map(|(index, item)| text(item, || format!("{}.{index}", self.path(field)), found))
                .collect(),
            Some(_) => {
                found.note(&self.path(field), Problem::List, Remedy::LeftOut);
                Vec::new()
            }
        }
    }

    fn properties(&self, found: &mut Findings) -> Vec<(String, String)> {
        let group = self.group("properties", found);
        let mut places = HashMap::new();
        let mut properties: Vec<(&str, Option<String>)> = Vec::new();
        for (name, sent) in group.fields.into_iter().flat_map(Object::fields) {
            let value = match sent {
                SentValue::Flag(_) | SentValue::Number(_) | SentValue::Text(_) => {
                    Some(text(sent, || group.path(name), found))
                }
                SentValue::Null => None,
                SentValue::List(_) | SentValue::Object(_) | SentValue::TooDeep => {
                    found.note(&group.path(name), Problem::Text, Remedy::LeftOut);
                    None
                }
            };
            // If a name stands twice, the last value counts.
            let place = *places.entry(name).or_insert(properties.len());
            match properties.get_mut(place) {
                Some(known) => known.1 = value,
                None => properties.push((name, value)),
            }
        }
        let stated = properties.into_iter();
        stated.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    fn strict_text(&self, field: &str, found: &mut Findings) -> String {
        match self.get(field) {
            Some(SentValue::Text(text)) => return text.clone(),
            Some(_) => found.refuse(field, Problem::Text),
            None => found.refuse(field, Problem::Missing),
        }
        String::new()
    }

    fn strict_number(&self, field: &str, least: u32, most: u32, found: &mut Findings) -> u32 {
        let Some(sent) = self.get(field) else {
            found.refuse(field, Problem::Missing);
            return least;
        };
        whole_number(sent).filter(|number| (least..=most).contains(number)).unwrap_or_else(|| {
            found.refuse(field, Problem::Number { least, most });
            least
        })
    }

    fn strict_word<T>(
        &self,
        field: &str,
        allowed: &'static [&'static str],
        of: impl FnOnce(&str) -> Option<T>,
        found: &mut Findings,
    ) -> Option<T> {
        let Some(sent) = self.get(field) else {
            found.refuse(field, Problem::Missing);
            return None;
        };
        let word = word(sent, of);
        if word.is_none() {
            found.refuse(field, Problem::Word { allowed });
        }
        word
    }

    /// The comment. A wrong type leads to a refusal: the customer's words must not vanish in silence.
    fn comment(&self, found: &mut Findings) -> Option<String> {
        match self.get("comment")? {
            SentValue::Text(text) => Some(text.clone()),
            _ => {
                found.refuse("comment", Problem::Text);
                None
            }
        }
    }
}

/// A text that describes an answer. Shops print numbers and flags without quotation marks, so these are
/// stored as they were written. Any other type becomes an empty text.
fn text(sent: &SentValue, path: impl FnOnce() -> String, found: &mut Findings) -> String {
    let (text, remedy) = match sent {
        SentValue::Text(text) => return text.clone(),
        SentValue::Number(number) => (number.clone(), Remedy::AsText),
        SentValue::Flag(flag) => (flag.to_string(), Remedy::AsText),
        SentValue::Null | SentValue::List(_) | SentValue::Object(_) | SentValue::TooDeep => {
            (String::new(), Remedy::LeftOut)
        }
    };
    found.note(&path(), Problem::Text, remedy);
    text
}

fn word<T>(sent: &SentValue, of: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    match sent {
        SentValue::Text(word) => of(word),
        _ => None,
    }
}

/// A whole number, also written as 9.0: JSON does not distinguish it from 9.
fn whole_number(sent: &SentValue) -> Option<u32> {
    let SentValue::Number(number) = sent else { return None };
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    let number: f64 = number.parse().ok()?;
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just checked")]
    is_whole.then_some(number as u32)
}

/// The beginning of the value that was written as the version.
fn as_written(version: &SentValue) -> String {
    match version {
        SentValue::Number(number) => number.chars().take(limits::NAME).collect(),
        SentValue::Text(text) => {
            let text: String = text.chars().take(limits::NAME).collect();
            format!("{text:?}")
        }
        SentValue::Flag(flag) => flag.to_string(),
        _ => "something else than a number".to_owned(),
    }
}
