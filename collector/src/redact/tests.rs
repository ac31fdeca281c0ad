//! Measures the redaction on sentences in which the private parts are marked.

#![allow(clippy::unwrap_used)]
use std::ops::Range;

use proptest::prelude::*;

use super::*;

/// A sentence without its marks, and the ranges that were marked.
fn read(line: &str) -> (String, Vec<(Range<usize>, Private)>) {
    let (mut text, mut spans, mut rest) = (String::new(), Vec::new(), line);
    while let Some(at) = rest.find(['<']) {
        let (what, tag) = match rest.get(at..at + 3) {
            Some("<e>") => (Private::Email, "</e>"),
            Some("<p>") => (Private::Phone, "</p>"),
            Some("<i>") => (Private::Iban, "</i>"),
            other => panic!("{other:?} in {line}"),
        };
        text.push_str(&rest[..at]);
        let (inside, after) = rest[at + 3..].split_once(tag).unwrap();
        spans.push((text.len()..text.len() + inside.len(), what));
        text.push_str(inside);
        rest = after;
    }
    text.push_str(rest);
    (text, spans)
}

#[derive(Debug, Default, Clone, Copy)]
struct Measured {
    right: u32,
    wrong: u32,
    missed: u32,
    sentences: u32,
}

impl Measured {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed)
    }
}

/// Strict: a find counts only if it has the right kind and exactly the marked characters.
fn measure(name: &str, labelled: &str) -> Measured {
    let mut measured = Measured::default();
    for line in labelled.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (text, expected) = read(line);
        let found = find(&text);
        let right = found.iter().filter(|it| expected.contains(it)).count();
        let count = |number: usize| u32::try_from(number).unwrap();
        measured.sentences += 1;
        measured.right += count(right);
        measured.wrong += count(found.len() - right);
        measured.missed += count(expected.len() - right);
        if right < found.len().max(expected.len()) {
            let found: Vec<&str> = found.iter().map(|(range, _)| &text[range.clone()]).collect();
            println!("  {line}\n    found {found:?}");
        }
    }
    println!(
        "{name}: {} sentences, {} marks; precision {:.3}, recall {:.3}",
        measured.sentences,
        measured.right + measured.missed,
        measured.precision(),
        measured.recall()
    );
    measured
}

#[test]
fn precision_and_recall_equal_the_documented_ones() {
    for (name, labelled) in [
        ("labelled", include_str!("labelled.txt")),
        ("held out", include_str!("held-out.txt")),
        ("tune, second", include_str!("tune-2.txt")),
        ("held out, second", include_str!("held-out-2.txt")),
        ("held out, third", include_str!("held-out-3.txt")),
        ("held out, fourth", include_str!("held-out-4.txt")),
        ("held out, fifth", include_str!("held-out-5.txt")),
    ] {
        let seen = measure(name, labelled);
        assert!(seen.precision() >= 0.98 && seen.recall() >= 0.98, "{name}: {seen:?}");
    }
}

#[test]
fn a_mark_is_in_the_answers_language_and_the_rest_stays() {
    let text =
        "Bitte an kim@example.org oder 0171 2345678, IBAN DE89370400440532013000. Danke für LS-1!";
    assert_eq!(
        redact(text, "de-AT").unwrap(),
        "Bitte an [E-Mail] oder [Telefonnummer], IBAN [IBAN]. Danke für LS-1!"
    );
    assert_eq!(
        redact(text, "en").unwrap(),
        "Bitte an [e-mail] oder [phone number], IBAN [IBAN]. Danke für LS-1!"
    );
    assert_eq!(redact("Alles bestens, gerne wieder.", "de"), None);
}

#[test]
fn a_comment_stays_within_the_contracts_limit() {
    let text = "a@b.de ".repeat(limits::COMMENT / 7);
    assert_eq!(redact(&text, "de").unwrap().chars().count(), limits::COMMENT);
}

proptest! {
    #[test]
    fn any_text_is_redacted_once_and_otherwise_unchanged(
        text in "([a-zäß@.+()/ -]{0,6}[0-9]{0,5}(@|\\+49|00|IBAN|DE89|tel |nr )?.?){0,12}"
    ) {
        let found = find(&text);
        for pair in found.windows(2) {
            prop_assert!(pair[0].0.end <= pair[1].0.start);
        }
        if let Some(once) = redact(&text, "de") {
            let kept: Vec<&str> = once.split(['[', ']']).collect();
            prop_assert!(!kept.is_empty());
            let last = found.last().map_or(0, |(range, _)| range.end);
            prop_assert!(once.ends_with(&text[last..]));
        } else {
            prop_assert!(found.is_empty());
        }
    }
}

#[test]
fn fuzz_redact() {
    bolero::check!(name = "redact").with_iterations(2_000).for_each(|text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        let text = limits::cut(&text, limits::COMMENT);
        let mut end = 0;
        for (range, _) in find(text) {
            assert!(end <= range.start && range.start < range.end, "{range:?} in {text:?}");
            assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
            end = range.end;
        }
        for locale in ["de-AT", "en", ""] {
            if let Some(redacted) = redact(text, locale) {
                assert!(redacted.chars().count() <= limits::COMMENT);
            }
        }
    });
}
