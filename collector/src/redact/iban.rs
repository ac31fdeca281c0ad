//! Finds IBANs, however people space them, and checks their check digits with `iban_validate`.

use std::ops::Range;

use iban::Iban;

use super::{after, before};

/// How many characters may stand between two groups: people type two spaces, or a hyphen between spaces.
const MAX_GAP: usize = 4;

/// Every IBAN in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in 0..bytes.len().saturating_sub(14) {
        // People who spell it out put a space after each of the first letters.
        let second = if bytes[start + 1] == b' ' { start + 2 } else { start + 1 };
        let opens = bytes[start].is_ascii_alphabetic()
            && bytes[second].is_ascii_alphabetic()
            && text.is_char_boundary(start)
            && (!before(text, start).is_some_and(char::is_alphanumeric)
                || follows_its_name(text, start))
            && found.last().is_none_or(|last| last.end <= start);
        if opens && let Some(end) = iban_end(text, start) {
            found.push(start..end);
        }
    }
    found
}

/// Whether `IBAN` stands right before it, without a space.
fn follows_its_name(text: &str, start: usize) -> bool {
    start
        .checked_sub(4)
        .and_then(|name| text.get(name..start))
        .is_some_and(|it| it.eq_ignore_ascii_case("iban"))
}

/// Where the IBAN that starts at `start` ends: at the longest end of a word up to which it is one.
fn iban_end(text: &str, start: usize) -> Option<usize> {
    let is_named = is_named(text, start);
    let mut written = String::new();
    let mut end = None;
    let mut gap = 0;
    for (at, letter) in text[start..].char_indices() {
        match letter {
            _ if letter.is_ascii_alphanumeric() => {
                written.push(letter.to_ascii_uppercase());
                gap = 0;
            }
            _ if gap < MAX_GAP
                && !letter.is_alphanumeric()
                && !matches!(letter, '\n' | '!' | '?') =>
            {
                gap += 1;
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
        // The next word may follow without a space, if the check digits say that this is all.
        let is_whole = match after(text, here) {
            Some(next) if next.is_alphabetic() => {
                letter.is_ascii_digit() && written.parse::<Iban>().is_ok()
            }
            Some(next) if next.is_numeric() => false,
            _ => is_iban(&written, is_named && end.is_none()),
        };
        if is_whole {
            end = Some(here);
        }
    }
    end
}

/// Whether the few words before it announce an IBAN.
fn is_named(text: &str, start: usize) -> bool {
    const REACH: usize = 24;
    let from = text[..start].char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
    text[from..start].to_lowercase().contains("iban")
}

/// Whether it is an IBAN, or looks like a mistyped one of a country nearby. An announced IBAN may lack a
/// digit or have one too many.
fn is_iban(written: &str, is_named: bool) -> bool {
    let slip = usize::from(is_named);
    let looks = |country: &str, length: usize| {
        written.len().abs_diff(length) <= slip
            && written.starts_with(country)
            && written[2..].bytes().all(|byte| byte.is_ascii_digit())
    };
    written.parse::<Iban>().is_ok() || looks("DE", 22) || looks("AT", 20) || looks("CH", 21)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn groups_may_be_spaced_in_any_way() {
        let plain = "DE89370400440532013000";
        check(&format!("auf {plain} bitte"), &[plain]);
        check("DE89  3704  0044  0532  0130  00 danke", &["DE89  3704  0044  0532  0130  00"]);
        check("de89-3704-0044-0532-0130-00", &["de89-3704-0044-0532-0130-00"]);
        check("D E 89 3704 0044 0532 0130 00", &["D E 89 3704 0044 0532 0130 00"]);
        check(&format!("IBAN{plain}"), &[plain]);
        check(&format!("{plain}danke"), &[plain]);
    }

    #[test]
    fn words_and_other_numbers_are_not_ibans() {
        check("Kd.Nr. 0664 22 118 bitte umschreiben", &[]);
        check("in 24 hrs. Spoke to 0141 496 0330", &[]);
        check("GB12 WEST 1234", &[]);
    }
}
