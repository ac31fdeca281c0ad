//! Removes e-mail addresses, phone numbers and IBANs from a customer's comment.
//!
//! A pure function on text, made for German and English; it also knows the words of four neighbouring
//! languages that announce a number. In doubt it keeps a number that may be an order number, a date or a
//! price, because the shop needs those to help. [`tests`] measures it on the labelled comments in `redact/`;
//! `docs/DATA.md` has the figures.
//!
//! [`email`], [`iban`] and [`phone`] each find one kind; [`context`] reads what the words around a
//! number say about it.

use std::ops::Range;

use afterword_response::limits;

mod context;
mod email;
mod iban;
mod phone;

/// A kind of private text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Private {
    Email,
    Phone,
    Iban,
}

impl Private {
    /// The mark that replaces it, in the language of the answer.
    fn mark(self, locale: &str) -> &'static str {
        match (self, locale.split('-').next()) {
            (Self::Email, Some("de")) => "[E-Mail]",
            (Self::Phone, Some("de")) => "[Telefonnummer]",
            (Self::Email, _) => "[e-mail]",
            (Self::Phone, _) => "[phone number]",
            (Self::Iban, _) => "[IBAN]",
        }
    }
}

/// `text` with a mark in place of everything private; `None` if there is nothing.
pub(crate) fn redact(text: &str, locale: &str) -> Option<String> {
    let found = find(text);
    if found.is_empty() {
        return None;
    }
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for (range, what) in found {
        redacted.push_str(&text[end..range.start]);
        redacted.push_str(what.mark(locale));
        end = range.end;
    }
    redacted.push_str(&text[end..]);
    // A mark may be longer than the text it replaces, and the comment must stay within the limit.
    if let Some((at, _)) = redacted.char_indices().nth(limits::COMMENT) {
        redacted.truncate(at);
    }
    Some(redacted)
}

/// Everything private in `text`, in order, without overlaps.
pub(crate) fn find(text: &str) -> Vec<(Range<usize>, Private)> {
    let mut found: Vec<(Range<usize>, Private)> = Vec::new();
    let mut add = |range: Range<usize>, what| {
        let is_free =
            found.iter().all(|(other, _)| other.end <= range.start || range.end <= other.start);
        if is_free {
            found.push((range, what));
        }
    };
    for range in email::find(text) {
        add(range, Private::Email);
    }
    for range in iban::find(text) {
        add(range, Private::Iban);
    }
    for range in phone::find(text) {
        add(range, Private::Phone);
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// The character before a place.
fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character at a place.
fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

#[cfg(test)]
mod tests;
