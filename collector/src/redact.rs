//! Takes e-mail addresses, phone numbers and IBANs out of what a customer wrote.
//!
//! A pure function on text, for German and English. It prefers to miss a number that nobody could
//! call over blotting out an order number, a date or a price, which the shop needs to help. How
//! often it is right is measured on the labelled sentences in `redact/`, see [`tests`]; they and the
//! figures are described in `docs/DATA.md`.
//!
//! IBANs are checked by `iban_validate`. For phone numbers the ports of Google's library were weighed
//! and left out: they bring forty crates and megabytes of tables, may panic by their own account, and
//! take bare order numbers for national numbers.

use std::ops::Range;

use afterword_response::limits;
use iban::{BaseIban, Iban};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Private {
    Email,
    Phone,
    Iban,
}

impl Private {
    /// What stands in its place, in the language of the answer.
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
    // A mark may be longer than what it stands for, and the contract's limit holds after it too.
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
    for range in emails(text) {
        add(range, Private::Email);
    }
    for range in ibans(text) {
        add(range, Private::Iban);
    }
    for range in phones(text) {
        add(range, Private::Phone);
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// The character before a place.
fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Ways of writing the sign that holds an address together, from people who fear robots.
const AT_SIGNS: &[&str] = &["@", "(at)", "[at]", " (at) ", " [at] ", "(ät)", " @ "];

fn emails(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for sign in AT_SIGNS {
        for (at, _) in lower.match_indices(sign) {
            let local = text[..at]
                .char_indices()
                .rev()
                .take_while(|(_, c)| c.is_alphanumeric() || "._%+-'".contains(*c))
                .last();
            let Some((start, first)) = local else { continue };
            let rest = &text[at + sign.len()..];
            let length: usize = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
                .map(char::len_utf8)
                .sum();
            // The full stop of a sentence is not part of it.
            let domain = rest[..length].trim_end_matches(['.', '-']);
            let Some((name, top)) = domain.rsplit_once('.') else { continue };
            let is_domain = !name.is_empty()
                && name.split('.').all(|label| !label.is_empty())
                && top.chars().count() >= 2
                && top.chars().all(char::is_alphabetic);
            let start = if first == '\'' { start + 1 } else { start };
            if is_domain && start < at {
                found.push(start..at + sign.len() + domain.len());
            }
        }
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    found.dedup_by_key(|range| range.start);
    found
}

fn ibans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in 0..bytes.len().saturating_sub(14) {
        let opens = bytes[start].is_ascii_alphabetic()
            && bytes[start + 1].is_ascii_alphabetic()
            && text.is_char_boundary(start)
            && !before(text, start).is_some_and(char::is_alphanumeric)
            && found.last().is_none_or(|last| last.end <= start);
        if opens && let Some(end) = iban_end(text, start) {
            found.push(start..end);
        }
    }
    found
}

/// Where the IBAN that starts at `start` ends: at the longest end of a word up to which it is one.
fn iban_end(text: &str, start: usize) -> Option<usize> {
    let mut written = String::new();
    let mut end = None;
    let mut gap = false;
    for (at, letter) in text[start..].char_indices() {
        match letter {
            _ if letter.is_ascii_alphanumeric() => {
                written.push(letter.to_ascii_uppercase());
                gap = false;
            }
            ' ' | '-' | '.' | '\u{a0}' if !gap => {
                gap = true;
                continue;
            }
            _ => break,
        }
        if written.len() > 34 {
            break;
        }
        // Two letters, two digits: anything else is a word.
        if written.len() == 4 && !written[2..].bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let here = start + at + letter.len_utf8();
        if !after(text, here).is_some_and(char::is_alphanumeric) && is_iban(&written) {
            end = Some(here);
        }
    }
    end
}

/// Whether it is an IBAN, or looks too much like one of the shop's neighbours with a slip in it.
fn is_iban(written: &str) -> bool {
    let looks = |country: &str, length: usize| {
        written.len() == length
            && written.starts_with(country)
            && written[2..].bytes().all(|byte| byte.is_ascii_digit())
    };
    written.parse::<Iban>().is_ok()
        || (written.len() > 15 && written.parse::<BaseIban>().is_ok())
        || looks("DE", 22)
        || looks("AT", 20)
        || looks("CH", 21)
}

/// How words begin that say, before a number, that it is one to call.
const CALLS: &[&str] = &[
    "tel",
    "fon",
    "phone",
    "mobil",
    "handy",
    "ruf",
    "call",
    "whatsapp",
    "fax",
    "erreich",
    "reach",
    "ring me",
    "sms",
    "text me",
    "durchwahl",
    "cell",
];
/// And these, that it is anything else.
const COUNTS: &[&str] = &[
    "bestell",
    "order",
    "auftrag",
    "rechnung",
    "invoice",
    "sendung",
    "tracking",
    "track",
    "paket",
    "parcel",
    "artikel",
    "art.",
    "item",
    "sku",
    "ean",
    "isbn",
    "gtin",
    "kunden",
    "customer",
    "vorgang",
    "ticket",
    "case",
    "beleg",
    "retoure",
    "return",
    "gutschein",
    "voucher",
    "coupon",
    "code",
    "plz",
    "postcode",
    "zip",
    "serien",
    "serial",
    "steuer",
    "vat",
    "ust",
    "referen",
    "konto",
    "charge",
    "batch",
    "lot ",
    "#",
];

fn phones(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit() || c == '+' || c == '(') {
        let start = at + offset;
        let run = Run::read(text, start);
        at = run.range.end.max(start + 1);
        if run.is_phone(text) {
            found.push(run.range);
        } else if let Some(end) = run.date_end(text) {
            // A number may follow the day from which it is to be called.
            at = end;
        }
    }
    found
}

/// Digits, and what people write between the digits of a phone number.
struct Run {
    range: Range<usize>,
    digits: String,
    /// The digits' groups, as they were written.
    groups: Vec<String>,
    /// What stood between them.
    gaps: Vec<String>,
    plus: bool,
}

impl Run {
    fn read(text: &str, start: usize) -> Self {
        let mut run = Self {
            range: start..start,
            digits: String::new(),
            groups: Vec::new(),
            gaps: Vec::new(),
            plus: false,
        };
        let mut gap = String::new();
        for (offset, letter) in text[start..].char_indices() {
            match letter {
                '0'..='9' => {
                    if run.groups.is_empty() || !gap.is_empty() {
                        if !run.groups.is_empty() {
                            run.gaps.push(gap.clone());
                        }
                        run.groups.push(String::new());
                        gap.clear();
                    }
                    run.digits.push(letter);
                    if let Some(group) = run.groups.last_mut() {
                        group.push(letter);
                    }
                    run.range.end = start + offset + 1;
                }
                '+' if run.digits.is_empty() => run.plus = true,
                '(' if run.digits.is_empty() => {}
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '–' | '/' | '.' | '(' | ')' => {
                    gap.push(letter);
                    if gap.chars().count() > 3 {
                        break;
                    }
                }
                _ => break,
            }
        }
        if text[start..].starts_with('(') && !text[run.range.clone()].contains(')') {
            run.range.start += 1;
        }
        run
    }

    fn is_phone(&self, text: &str) -> bool {
        let (start, end) = (self.range.start, self.range.end);
        let stands_alone =
            !before(text, start).is_some_and(|c| c.is_alphanumeric() || "-_,€$£#".contains(c));
        let goes_on = after(text, end)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '€' | '%' | '_'))
            || text[end..].starts_with(',')
                && after(text, end + 1).is_some_and(|c| c.is_ascii_digit());
        if !stands_alone || goes_on || self.is_date() || self.is_price() {
            return false;
        }
        let count = self.digits.len();
        let international = self.plus || self.digits.starts_with("00");
        let said = Said::before(text, start);
        if said == Said::Counts && !self.plus {
            return false;
        }
        if international {
            return (8..=16).contains(&self.digits.trim_start_matches('0').len());
        }
        let national = self.digits.starts_with('0') && !self.digits.starts_with("00");
        if national {
            return (9..=13).contains(&count) && (said == Said::Calls || !self.is_article_number());
        }
        // Without a prefix a number is only a phone number if somebody says so, or if it is
        // written as in North America.
        said == Said::Calls && (6..=13).contains(&count) && self.groups.len() <= 5
            || self.groups.iter().map(String::len).eq([3, 3, 4])
                && !self.gaps.iter().any(|gap| gap == " ")
    }

    /// Whether it begins with a day, or the span between two: 1.2., 01.02.2026, 2026-02-01, 1/2/26,
    /// 01.02.-03.02.
    fn is_date(&self) -> bool {
        self.date_groups().is_some()
    }

    /// How many groups are a date.
    fn date_groups(&self) -> Option<usize> {
        let length = |index: usize| self.groups.get(index).map_or(0, String::len);
        let at_most = |index: usize, most: u32| {
            self.groups
                .get(index)
                .and_then(|it| it.parse::<u32>().ok())
                .is_some_and(|it| it <= most)
        };
        let tight = |index: usize| {
            self.gaps.get(index).is_some_and(|gap| matches!(gap.as_str(), "." | "-" | "/" | ". "))
        };
        let day_first =
            length(0) <= 2 && length(1) <= 2 && at_most(0, 31) && at_most(1, 31) && tight(0);
        let year_first = length(0) == 4
            && at_most(1, 12)
            && length(1) <= 2
            && at_most(2, 31)
            && tight(0)
            && tight(1);
        match () {
            () if day_first && tight(1) && matches!(length(2), 2 | 4) => Some(3),
            () if year_first => Some(3),
            // Without a year: a point says that it is a day, and the next group does not belong to it.
            () if day_first && self.gaps[0].starts_with('.') => Some(2),
            () => None,
        }
    }

    /// Where the date that it begins with ends, if something follows it.
    fn date_end(&self, text: &str) -> Option<usize> {
        let groups = self.date_groups()?;
        if groups >= self.groups.len() {
            return None;
        }
        let digits: usize = self.groups[..groups].iter().map(String::len).sum();
        let (last, _) = text[self.range.clone()]
            .char_indices()
            .filter(|(_, c)| c.is_ascii_digit())
            .nth(digits - 1)?;
        Some(self.range.start + last + 1)
    }

    /// Thousands with points: 1.299 or 12.000.000.
    fn is_price(&self) -> bool {
        self.groups.len() > 1
            && !self.digits.starts_with('0')
            && self.gaps.iter().all(|gap| gap == ".")
            && self.groups.iter().skip(1).all(|group| group.len() == 3)
    }

    /// An EAN or UPC, by its check digit (GS1). A mobile number of the same length is let through.
    fn is_article_number(&self) -> bool {
        let is_mobile = ["015", "016", "017"].iter().any(|prefix| self.digits.starts_with(prefix));
        let one_group = self.groups.len() == 1 && matches!(self.digits.len(), 12 | 13);
        let sum: u32 = self
            .digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 1 } else { 3 })
            .sum();
        one_group && !is_mobile && sum.is_multiple_of(10)
    }
}

/// What the words before a number say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Calls,
    Counts,
    Nothing,
}

impl Said {
    /// Of the last few words, the one nearest to the number decides.
    fn before(text: &str, at: usize) -> Self {
        let start = text[..at].char_indices().rev().nth(39).map_or(0, |(start, _)| start);
        // A new sentence is about something else.
        let words = text[start..at].to_lowercase();
        let words = words.rsplit(['!', '?', '\n']).next().unwrap_or_default();
        let begins = |at: usize| !before(words, at).is_some_and(char::is_alphanumeric);
        let last = |list: &[&str]| {
            list.iter()
                .flat_map(|word| {
                    words.rmatch_indices(word).map(|(at, _)| at).find(|at| begins(*at))
                })
                .max()
        };
        match (last(CALLS), last(COUNTS)) {
            (Some(calls), Some(counts)) if calls > counts => Self::Calls,
            (_, Some(_)) => Self::Counts,
            (Some(_), None) => Self::Calls,
            (None, None) => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests;
