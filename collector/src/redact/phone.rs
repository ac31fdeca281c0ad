//! Finds phone numbers by their form and by the words around them.
//!
//! The ports of Google's libphonenumber were tried and not used: they bring forty crates and megabytes of
//! tables, document that they may panic, and take bare order numbers for national numbers.

use std::ops::Range;

use super::{before, context::Label};

/// How many characters may stand between two groups of digits: ` / `, `) - `.
const MAX_GAP: usize = 3;
/// How many digits a number within a country has, its leading 0 included.
const NATIONAL: std::ops::RangeInclusive<usize> = 9..=13;
/// How many digits follow a `+` or `00` (ITU-T E.164 allows 15).
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 8..=15;
/// How many digits a number without a prefix has, if a word right before it labels it a phone number.
const LOCAL: std::ops::RangeInclusive<usize> = 5..=13;
/// The same, if the words before it are only about calling.
const LOCAL_WHEN_CALLING: std::ops::RangeInclusive<usize> = 7..=13;

/// Words for an extension, which belongs to the number before it.
const EXTENSIONS: &[&str] = &[
    "ext.",
    "ext",
    "extension",
    "x",
    "durchwahl",
    "dw",
    "apparat",
    "app.",
    "poste",
    "interno",
    "int.",
    "toestel",
    "wew.",
];
/// Words that follow a count, a time or an amount, and never a phone number.
const UNITS: &[&str] = &[
    "uhr", "times", "mal", "x ", "euro", "eur", "€", "%", "chf", "stück", "stk", "km", "kg", "g ",
    "ml", "pm", "am", "o'clock", "h ", "heures", "ore", "uur", "cm", "mm", "minuten", "minutes",
    "punkte", "points",
];

/// Every phone number in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let text = &with_zeros(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(offset) =
        text[at..].find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | '['))
    {
        let start = at + offset;
        let mut run = Run::read(text, start);
        run.drop_what_belongs_to_the_next_word(text);
        at = run.range.end.max(start + 1);
        if run.is_phone(text) || found.last().is_some_and(|last| run.is_said_beside(text, last)) {
            let end = extension_end(text, run.range.end).unwrap_or(run.range.end);
            at = end;
            found.push(run.range.start..end);
        } else if let Some(end) = run.date_end(text) {
            // A number may follow the day from which it is to be called.
            at = end;
        }
    }
    found
}

/// The text with every letter O that stands for a zero replaced: `o171 3920046`, `9OO415`.
fn with_zeros(text: &str) -> String {
    /// Shorter ones are names: `O2`.
    const MIN_LENGTH: usize = 4;
    const MIN_DIGITS: usize = 3;
    let mut zeros = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(|byte| matches!(byte, b'o' | b'O')).count();
        let is_whole = word.chars().filter(|c| c.is_alphanumeric()).count() == digits + letters;
        if is_whole && digits >= MIN_DIGITS && digits + letters >= MIN_LENGTH {
            zeros.push_str(&word.replace(['o', 'O'], "0"));
        } else {
            zeros.push_str(word);
        }
    }
    zeros
}

/// Where an extension behind a number ends, if there is one.
fn extension_end(text: &str, end: usize) -> Option<usize> {
    /// Longer ones are numbers of their own.
    const MAX_DIGITS: usize = 5;
    let rest = text[end..].trim_start_matches([' ', ',', '-', '/', '(']);
    let lower = rest.to_lowercase();
    // Lower case may change a text's length; none of the words searched for does that.
    let word =
        EXTENSIONS.iter().filter(|word| lower.starts_with(**word)).max_by_key(|word| word.len())?;
    let behind = rest.get(word.len()..)?;
    let number = behind.trim_start_matches([' ', '.', ':', '-']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let is_extension = (1..=MAX_DIGITS).contains(&digits)
        && !number[digits..].starts_with(|c: char| c.is_alphanumeric())
        && (behind.len() > number.len() || *word == "x");
    is_extension.then(|| text.len() - number.len() + digits)
}

/// Digits and the signs that people write between the digits of a phone number.
struct Run {
    range: Range<usize>,
    /// The places of the groups of digits in the text.
    groups: Vec<Range<usize>>,
    /// The text between two groups.
    gaps: Vec<String>,
    /// The digits of all groups.
    digits: String,
    plus: bool,
}

impl Run {
    fn read(text: &str, start: usize) -> Self {
        let mut run = Self {
            range: start..start,
            groups: Vec::new(),
            gaps: Vec::new(),
            digits: String::new(),
            plus: false,
        };
        let mut gap = String::new();
        // `030 23125 410/-412`: another ending of the same number.
        let mut is_other_ending = false;
        for (offset, letter) in text[start..].char_indices() {
            let at = start + offset;
            match letter {
                '0'..='9' if is_other_ending || gap == "/-" => {
                    is_other_ending = true;
                    run.range.end = at + 1;
                }
                _ if is_other_ending => break,
                '0'..='9' => {
                    match run.groups.last_mut() {
                        Some(group) if gap.is_empty() => group.end = at + 1,
                        _ => {
                            // Two numbers side by side: `030 1234567 / 0171 2345678`.
                            if letter == '0'
                                && gap.contains('/')
                                && run.digits.len() >= *NATIONAL.start()
                            {
                                break;
                            }
                            if !run.groups.is_empty() {
                                run.gaps.push(std::mem::take(&mut gap));
                            }
                            gap.clear();
                            run.groups.push(at..at + 1);
                        }
                    }
                    run.digits.push(letter);
                    run.range.end = at + 1;
                }
                '+' if run.digits.is_empty() && !run.plus => run.plus = true,
                '(' | '[' | ' ' if run.digits.is_empty() => {}
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '–' | '/' | '.' | '(' | ')' | '[' | ']'
                    if !run.digits.is_empty() =>
                {
                    gap.push(letter);
                    if gap.chars().count() > MAX_GAP {
                        break;
                    }
                }
                _ => break,
            }
        }
        let inside = &text[run.range.clone()];
        // A bracket that is not closed within the number belongs to the sentence: `(+44 (0)113 4960768)`.
        let is_open = |open: char, close: char| {
            inside.starts_with(open) && inside.matches(open).count() > inside.matches(close).count()
        };
        if is_open('(', ')') || is_open('[', ']') {
            run.range.start += 1;
        }
        run
    }

    /// Drops a time, a price or a count after the number that was read as part of it: `… 2345678 18-20 Uhr`.
    fn drop_what_belongs_to_the_next_word(&mut self, text: &str) {
        let rest = text[self.range.end..].trim_start();
        let lower: String = rest.chars().take(8).collect::<String>().to_lowercase() + " ";
        let is_amount =
            rest.starts_with([',', ':']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        let is_counted = is_amount || UNITS.iter().any(|unit| lower.starts_with(unit));
        if !is_counted || self.groups.len() <= 2 {
            return;
        }
        let is_span = self.gaps.last().is_some_and(|gap| gap.contains(['-', '–']));
        self.drop_group();
        if is_span && self.groups.len() > 2 {
            self.drop_group();
        }
    }

    fn drop_group(&mut self) {
        self.gaps.pop();
        if let Some(group) = self.groups.pop() {
            self.digits.truncate(self.digits.len().saturating_sub(group.len()));
        }
        if let Some(last) = self.groups.last() {
            self.range.end = last.end;
        }
    }

    fn is_phone(&self, text: &str) -> bool {
        let (start, end) = (self.range.start, self.range.end);
        if self.digits.is_empty()
            || is_in_web_address(text, start)
            || !stands_alone(text, start, end) && !self.is_followed_by_a_glued_word(text)
            || self.is_date()
            || self.is_price()
        {
            return false;
        }
        let count = self.digits.len();
        let label = Label::of(text, start, end);
        if label == Label::Count && !self.plus {
            return false;
        }
        let is_called = matches!(label, Label::Phone | Label::Calling);
        if self.plus || self.digits.starts_with("00") {
            // Without groups and without a word for it, `0012129555` is some device's number.
            let is_likely = self.plus || is_called || self.groups.len() > 1 || count > 12;
            return is_likely && INTERNATIONAL.contains(&self.digits.trim_start_matches('0').len());
        }
        if self.digits.starts_with('0') {
            return NATIONAL.contains(&count)
                && (is_called
                    || !self.is_article_number()
                        && !self.is_book()
                        && !self.is_zip()
                        && self.lengths() != [1, 3, 3, 3])
                && (label != Label::Nearby || self.has_the_form_of_a_number());
        }
        if label != Label::Nearby && self.has_bracketed_area(text) {
            return true;
        }
        if self.is_north_american(is_called) || label != Label::Nearby && self.is_italian_mobile() {
            return true;
        }
        // Without a prefix only the words around a number can make it a phone number.
        let is_count = self.has_unit_behind(text);
        let is_round = self.digits.trim_end_matches('0').len() <= 2;
        match label {
            Label::Phone => {
                LOCAL.contains(&count) && self.groups.len() <= 6 && !is_count && !self.is_zip()
            }
            Label::Calling => {
                LOCAL_WHEN_CALLING.contains(&count)
                    && self.groups.len() <= 6
                    && !is_count
                    && !is_round
                    && !self.is_zip()
            }
            _ => false,
        }
    }

    /// Whether it is listed together with the number before it: `0171 2345678 or 7788990`, `old …, new …`.
    fn is_said_beside(&self, text: &str, last: &Range<usize>) -> bool {
        let between = text.get(last.end..self.range.start).unwrap_or_default().trim();
        matches!(
            between.to_lowercase().as_str(),
            "oder" | "or" | "und" | "and" | "/" | "bzw." | "ou" | "of" | "lub" | "albo"
        ) && (7..=13).contains(&self.digits.len())
            && stands_alone(text, self.range.start, self.range.end)
            && !self.is_date()
            && !self.is_price()
    }

    /// Whether a word follows an international number without a space: `+447700900123thanks`.
    fn is_followed_by_a_glued_word(&self, text: &str) -> bool {
        let letters = text[self.range.end..].chars().take_while(|c| c.is_lowercase()).count();
        let begins = before(text, self.range.start).is_none_or(|c| !c.is_alphanumeric());
        self.plus && begins && letters >= 3
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(Range::len).collect()
    }

    /// `(212) 555-0134`, `212.555.0187`, `1-415-555-0126`; with spaces alone only if it is called.
    fn is_north_american(&self, is_called: bool) -> bool {
        let lengths = self.lengths();
        let gaps = match lengths.as_slice() {
            [3, 3, 4] => &self.gaps[..],
            [1, 3, 3, 4] if self.digits.starts_with('1') => &self.gaps[1..],
            _ => return false,
        };
        is_called || gaps.iter().any(|gap| gap != " ")
    }

    /// `(12) 345-67-89`: nothing but a phone number has its first digits in brackets.
    fn has_bracketed_area(&self, text: &str) -> bool {
        let first = self.groups.first().map_or(0, Range::len);
        text[self.range.start..].starts_with('(')
            && self.gaps.first().is_some_and(|gap| gap.trim_start().starts_with(')'))
            && (2..=5).contains(&first)
            && (8..=12).contains(&self.digits.len())
    }

    /// `347 1234567`: Italian mobile numbers have no leading 0.
    fn is_italian_mobile(&self) -> bool {
        self.digits.starts_with('3') && matches!(self.lengths().as_slice(), [3, 7] | [3, 6])
    }

    /// Whether groups or a mobile prefix distinguish it from an order number.
    fn has_the_form_of_a_number(&self) -> bool {
        /// Germany; the United Kingdom, Switzerland and France; Austria.
        const MOBILE: &[&str] = &["015", "016", "017", "07", "06"];
        self.groups.len() > 1 || MOBILE.iter().any(|prefix| self.digits.starts_with(prefix))
    }

    fn has_unit_behind(&self, text: &str) -> bool {
        let rest: String = text[self.range.end..].trim_start().chars().take(8).collect();
        let rest = rest.to_lowercase() + " ";
        UNITS.iter().any(|unit| rest.starts_with(unit))
    }

    /// Whether it begins with a day, or the span between two: 1.2., 01.02.2026, 2026-02-01, 1/2/26,
    /// 01.02.-03.02.
    fn is_date(&self) -> bool {
        // Five pairs are a French number: 06.12.34.56.78.
        let is_french = self.lengths() == [2; 5] && self.digits.starts_with('0');
        !self.plus && !is_french && self.date_groups().is_some()
    }

    /// How many groups are a date.
    fn date_groups(&self) -> Option<usize> {
        let lengths = self.lengths();
        let length = |index: usize| lengths.get(index).copied().unwrap_or_default();
        let at_most = |index: usize, most: u32| {
            let digits = lengths.iter().take(index).sum::<usize>();
            self.digits
                .get(digits..digits + length(index))
                .and_then(|group| group.parse::<u32>().ok())
                .is_some_and(|number| number <= most)
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
            // Without a year: the full stop marks a day, and the next group does not belong to it.
            () if day_first && self.gaps[0].starts_with('.') => Some(2),
            () => None,
        }
    }

    /// Where the date that it begins with ends, if something follows it.
    fn date_end(&self, text: &str) -> Option<usize> {
        let groups = self.date_groups()?;
        debug_assert!(self.range.end <= text.len());
        let next = self.groups.get(groups)?;
        (next.start > self.range.start).then(|| self.groups[groups - 1].end)
    }

    /// Thousands with points: 1.299 or 12.000.000.
    fn is_price(&self) -> bool {
        self.groups.len() > 1
            && !self.digits.starts_with('0')
            && !self.plus
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

    /// An ISBN of ten digits, by its check digit, in the four groups that books print.
    fn is_book(&self) -> bool {
        let sum: u32 = self
            .digits
            .bytes()
            .zip((1..=10).rev())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        self.digits.len() == 10
            && self.groups.len() == 4
            && self.lengths().last() == Some(&1)
            && sum.is_multiple_of(11)
    }

    /// A ZIP code with its extension: 02134-1234.
    fn is_zip(&self) -> bool {
        self.lengths() == [5, 4] && self.gaps.iter().all(|gap| gap == "-")
    }
}

/// Whether the digits at `start` stand in a web address. An address that dials, such as
/// `wa.me/447700900123`, does not count.
fn is_in_web_address(text: &str, start: usize) -> bool {
    let from = text[..start].rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let Some(lead) = text.get(from..start) else { return false };
    let lead = lead.to_lowercase();
    // `kim@example.org/0171 2345678` is two ways to reach somebody.
    if lead.contains('@') {
        return false;
    }
    let names_host = lead.split_once('/').is_some_and(|(host, _)| {
        host.split_once('.').is_some_and(|(name, ending)| {
            name.ends_with(char::is_alphabetic) && ending.starts_with(char::is_alphabetic)
        })
    });
    (lead.contains("://") || lead.contains("www.") || names_host) && !lead.contains("wa.me/")
}

/// Whether the characters before and after the digits leave them a number of their own.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let word = text[..start].trim_end_matches(['-', ':', '.']);
    let word: String = word
        .chars()
        .rev()
        .take_while(|c| c.is_alphabetic())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let begins = match before(text, start) {
        // `Mobil-0171 2345678`, `tel0171 2345678`.
        Some(c) if c.is_alphabetic() || c == '-' => {
            super::context::is_phone_word(&word.to_lowercase())
        }
        // `Hamburg,0171 2345678`, but no second half of an amount.
        Some(',') => !before(text, start - 1).is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric() && !"_€$£#".contains(c),
        None => true,
    };
    let mut behind = text[end..].chars();
    let goes_on = match behind.next() {
        Some(c) if c.is_alphanumeric() || matches!(c, '€' | '%' | '_') => true,
        Some(',' | ':') => behind.next().is_some_and(|c| c.is_ascii_digit()),
        // `0193-44-AX` is an article, `0171 2345678-Danke` a number and a word.
        Some('-' | '/') => match (behind.next(), behind.next()) {
            (Some(first), _) if first.is_ascii_digit() => true,
            (Some(first), second) => {
                first.is_uppercase() && !second.is_some_and(char::is_lowercase)
            }
            _ => false,
        },
        _ => false,
    };
    begins && !goes_on
}
