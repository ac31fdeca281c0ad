//! The limits and forms of every field, and the remedy if a field breaks them.
//!
//! The id, revision, survey, touchpoint and score are strict: a wrong value is refused. So is a comment
//! over its limit, which the customer can shorten. No other field leads to a refusal. Texts that people
//! read are cut between characters; lists keep their first items. References, single items of lists, the
//! contact, the first name and values of a wrong form are left out, because a cut one would name another thing. A field
//! that is left out counts as not known; nothing is put in its place.

use super::{FieldProblem, Note, Problem, Remedy};
use crate::page::{self, without_secrets};
use crate::{Customer, Display, Method, Order, Response, limits};

/// Notes on one message. If a page breaks more fields than this, they have one cause.
pub const MAX_NOTES: usize = 50;

/// The problems of a message.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The problems that it is refused for.
    pub(super) refused: Vec<FieldProblem>,
    /// The problems that were remedied.
    pub(super) notes: Vec<Note>,
}

impl Findings {
    /// Refuses the message for this field. The first problem of a field stays.
    pub(super) fn refuse(&mut self, field: &str, problem: Problem) {
        if self.refused.iter().all(|it| it.field != field) {
            self.refused.push(FieldProblem { field: field.to_owned(), problem });
        }
    }

    /// Notes a remedy for this field. A field has one note: that it was left out, or else the last one. The
    /// fields of a group that was left out have no notes.
    pub(super) fn note(&mut self, field: &str, problem: Problem, remedy: Remedy) {
        // The sender chooses the name of a property, which may have any length.
        let field: String = field.chars().take(2 * limits::NAME).collect();
        let group = field.split('.').next().unwrap_or_default();
        let is_out =
            |it: &Note| it.remedy == Remedy::LeftOut && (it.field == field || it.field == group);
        if self.notes.iter().any(is_out) {
            return;
        }
        let has_room = self.notes.len() < MAX_NOTES;
        match self.notes.iter_mut().find(|note| note.field == field) {
            Some(note) => *note = Note { field, problem, remedy },
            None if has_room => self.notes.push(Note { field, problem, remedy }),
            None => {}
        }
    }

    /// Every problem, refused or remedied.
    pub(super) fn all(self) -> Vec<FieldProblem> {
        let notes = self.notes.into_iter();
        let noted = notes.map(|Note { field, problem, .. }| FieldProblem { field, problem });
        self.refused.into_iter().chain(noted).collect()
    }

    pub(super) fn strict(&mut self, holds: bool, field: &str, problem: Problem) {
        if !holds {
            self.refuse(field, problem);
        }
    }

    fn strict_id(&mut self, id: &str) {
        let uuid = uuid::Uuid::try_parse(id).ok().filter(|_| id.len() == 36);
        let is_v7 = uuid.is_some_and(|uuid| {
            uuid.get_version_num() == 7 && uuid.get_variant() == uuid::Variant::RFC4122
        });
        self.strict(is_v7, "id", Problem::Uuid);
    }

    fn strict_survey(&mut self, survey: &str) {
        self.strict(limits::is_identifier(survey), "survey", Problem::Identifier);
    }

    /// Leaves out a required text unless it `has_form`.
    fn formed(&mut self, field: &str, text: &mut String, has_form: bool, problem: Problem) {
        if text.is_empty() {
            self.note(field, Problem::Empty, Remedy::LeftOut);
        } else if !has_form {
            text.clear();
            self.note(field, problem, Remedy::LeftOut);
        }
    }

    fn time(&mut self, field: &str, time: &mut String) {
        let read =
            if time.len() <= limits::NAME { time.parse::<jiff::Timestamp>().ok() } else { None };
        // ISO 8601 has more ways to write a moment, such as a comma before the fraction.
        if let Some(read) = read.filter(|_| !is_rfc_3339(time)) {
            *time = read.to_string();
        }
        let is_time = read.is_some() && is_rfc_3339(time);
        self.formed(field, time, is_time, Problem::Time);
    }

    /// The query, the fragment and secrets in the path are dropped without a note: they may name a person, and the
    /// contract has no place for them.
    fn page(&mut self, page: &mut String) {
        if let Some(end) = page.find(['?', '#']) {
            page.truncate(end);
        }
        if let Some(address) = page::written_as_uri(page) {
            *page = without_secrets(&address);
            self.cut("page", page, limits::PAGE);
            // Half a percent-encoded byte is none.
            let whole = page.len()
                - page.bytes().rev().take(2).position(|byte| byte == b'%').map_or(0, |at| at + 1);
            page.truncate(whole);
        }
        // A host can be too long, too, and half a host is another one.
        let has_form = page::written_as_uri(page).as_ref() == Some(page);
        self.formed("page", page, has_form, Problem::Address);
    }

    fn locale(&mut self, locale: &mut String) {
        let is_locale = limits::is_locale(locale);
        self.formed("locale", locale, is_locale, Problem::Locale);
    }

    /// Keeps the first `most` characters of a text.
    fn cut(&mut self, field: &str, text: &mut String, most: usize) {
        let end = limits::cut(text, most).len();
        if end < text.len() {
            let has = text.chars().count();
            text.truncate(end);
            self.note(field, Problem::Long { most, has }, Remedy::Cut);
        }
    }

    /// Cuts a required text to its limit, and notes if it is missing.
    fn stated(&mut self, field: &str, text: &mut String, most: usize) {
        if text.is_empty() {
            self.note(field, Problem::Empty, Remedy::LeftOut);
        }
        self.cut(field, text, most);
    }

    /// Cuts a sentence that the customer may have been shown, and leaves out an empty one.
    fn shown(&mut self, field: &str, sentence: &mut Option<String>) {
        if let Some(text) = sentence {
            self.cut(field, text, limits::TEXT);
        }
        self.whole(field, sentence, limits::TEXT);
    }

    /// Leaves out an optional text that is empty or longer than `most`.
    fn whole(&mut self, field: &str, text: &mut Option<String>, most: usize) {
        if let Some(problem) = text.as_deref().and_then(|text| unfit(text, most)) {
            *text = None;
            self.note(field, problem, Remedy::LeftOut);
        }
    }

    /// Leaves out an optional text unless it has the right form.
    fn of_form(
        &mut self,
        field: &str,
        text: &mut Option<String>,
        has_form: impl FnOnce(&str) -> bool,
        problem: Problem,
    ) {
        if text.as_deref().is_some_and(|text| !has_form(text)) {
            *text = None;
            self.note(field, problem, Remedy::LeftOut);
        }
    }

    /// Leaves out items that are empty or longer than `length`, and keeps the first `most` of the others.
    fn items(&mut self, field: &str, items: &mut Vec<String>, most: usize, length: usize) {
        let mut index = 0;
        items.retain(|item| {
            let problem = unfit(item, length);
            let stays = problem.is_none();
            if let Some(problem) = problem {
                self.note(&format!("{field}.{index}"), problem, Remedy::LeftOut);
            }
            index += 1;
            stays
        });
        self.first(field, items, most);
    }

    /// Keeps the first `most` items of a list.
    fn first<T>(&mut self, field: &str, items: &mut Vec<T>, most: usize) {
        let has = items.len();
        if has > most {
            items.truncate(most);
            self.note(field, Problem::Many { most, has }, Remedy::Cut);
        }
    }

    fn properties(&mut self, properties: &mut Vec<(String, String)>) {
        properties.retain(|(name, _)| {
            let is_name = limits::is_identifier(name);
            if !is_name {
                let field = format!("properties.{name}");
                self.note(&field, Problem::PropertyName, Remedy::LeftOut);
            }
            is_name
        });
        for (name, value) in &mut *properties {
            self.cut(&format!("properties.{name}"), value, limits::TEXT);
        }
        self.first("properties", properties, limits::PROPERTIES);
        properties.sort();
    }
}

/// Why a text has to be left out; `None` if it can stay.
fn unfit(text: &str, most: usize) -> Option<Problem> {
    let has = text.chars().count();
    match has {
        0 => Some(Problem::Empty),
        _ if has > most => Some(Problem::Long { most, has }),
        _ => None,
    }
}

/// Makes a response hold the contract, and finds the problems that it must be refused for.
pub(super) fn settle(response: &mut Response, found: &mut Findings) {
    let Response {
        version: _,
        id,
        revision,
        complete: _,
        test: _,
        survey,
        touchpoint: _,
        score,
        comment,
        reasons,
        quotable: _,
        quote_name,
        contact,
        answer_page,
        shown_at,
        scored_at,
        sent_at,
        page,
        locale,
        method,
        order,
        customer,
        properties,
        tags,
        review_link: _,
    } = response;

    found.strict_id(id);
    found.strict(
        (1..=limits::REVISION).contains(revision),
        "revision",
        Problem::Number { least: 1, most: limits::REVISION },
    );
    found.strict_survey(survey);
    found.strict(
        *score <= limits::SCORE,
        "score",
        Problem::Number { least: 0, most: limits::SCORE.into() },
    );
    let has = comment.as_deref().map_or(0, |comment| comment.chars().count());
    let long = Problem::Long { most: limits::COMMENT, has };
    found.strict(has <= limits::COMMENT, "comment", long);

    found.items("reasons", reasons, limits::REASONS, limits::NAME);
    found.whole("quote_name", quote_name, limits::FIRST_NAME);
    found.whole("contact", contact, limits::CONTACT);
    found.of_form("answer_page", answer_page, limits::is_sha256, Problem::Sha256);
    found.time("shown_at", shown_at);
    found.time("scored_at", scored_at);
    found.time("sent_at", sent_at);
    found.page(page);
    found.locale(locale);

    let Method { question, low_label, high_label, layout, mode, release, contact_text, quote_text } =
        method;
    found.stated("method.question", question, limits::TEXT);
    // An empty label is allowed.
    found.cut("method.low_label", low_label, limits::LABEL);
    found.cut("method.high_label", high_label, limits::LABEL);
    if layout.is_none() {
        found.note("method.layout", Problem::Missing, Remedy::LeftOut);
    }
    if mode.is_none() {
        found.note("method.mode", Problem::Missing, Remedy::LeftOut);
    }
    found.stated("method.release", release, limits::NAME);
    found.shown("method.contact_text", contact_text);
    found.shown("method.quote_text", quote_text);

    if let Some(Order { id, value, currency, country, products, signature }) = order {
        found.whole("order.id", id, limits::REFERENCE);
        found.of_form("order.value", value, limits::is_money, Problem::Amount);
        let code = Problem::Code { letters: 3, example: "EUR" };
        found.of_form("order.currency", currency, |text| limits::is_code(text, 3), code);
        let code = Problem::Code { letters: 2, example: "DE" };
        found.of_form("order.country", country, |text| limits::is_code(text, 2), code);
        found.items("order.products", products, limits::PRODUCTS, limits::REFERENCE);
        found.whole("order.signature", signature, limits::REFERENCE);
    }
    if let Some(Customer { id, kind: _ }) = customer {
        found.whole("customer.id", id, limits::REFERENCE);
    }
    found.properties(properties);
    found.items("tags", tags, limits::TAGS, limits::NAME);
}

/// Makes a display hold the contract, and finds the problems that it must be refused for.
pub(super) fn settle_display(display: &mut Display, found: &mut Findings) {
    let Display { version: _, id, display: _, test: _, survey, touchpoint: _, at, page, locale } =
        display;
    found.strict_id(id);
    found.strict_survey(survey);
    found.time("at", at);
    found.page(page);
    found.locale(locale);
}

/// Whether a time that could be read is written as RFC 3339 says, which is the schema's `date-time`. One with a second 60 is
/// rewritten: few minutes have one, and which do is nothing that a collector knows.
fn is_rfc_3339(time: &str) -> bool {
    let is_like = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                form => byte == form,
            })
    };
    let Some((moment, rest)) = time.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let (fraction, offset) = rest.split_at(rest.find(['Z', '+', '-']).unwrap_or(rest.len()));
    let has_fraction = fraction.strip_prefix('.').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_like(moment, "0000-00-00T00:00:00")
        && !moment.ends_with("60")
        && (fraction.is_empty() || has_fraction)
        && (offset == "Z"
            || ((is_like(offset, "+00:00") || is_like(offset, "-00:00")) && &offset[1..3] < "24"))
}
