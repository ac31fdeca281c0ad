//! Finds the parts of German compounds, so that a search for `Lieferung` finds `Expresslieferung`.
//!
//! A compound is split before every part that the German lexicon or `lexicon/de-nouns.txt` has. Nobody looks for a part
//! that stands in the middle alone, so what is found begins at the part and lasts to the word's end:
//! `kundenserviceteam` gives `serviceteam` and `team`. A search for words' beginnings finds both.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use crate::{Language, lexicon, rules, words::words};

/// Letters, at least, before a part. With fewer, too many words begin as a compound seems to: `be-wertung`.
const MIN_HEAD_LENGTH: usize = 3;
/// Letters, at least, of a part.
const MIN_PART_LENGTH: usize = 4;
/// Letters, at least, of a part that the lexicon has. Its shorter words are mostly no nouns, and end other words by chance:
/// `packa-ging`.
const MIN_LEXICON_PART_LENGTH: usize = 5;
/// Prefixes of verbs, which make no compounds: `ver-stehen`.
const PREFIXES: &[&str] = &["ver", "zer", "ent", "emp", "miss"];
/// Endings of a part that is the last one.
const ENDINGS: &[&str] = &["", "e", "en", "er", "es", "em", "ern", "n", "s", "nen"];
/// Letters between a part and the next one.
const LINKS: &[&str] = &["", "s", "es", "n", "en", "er"];

/// A part of compounds.
struct Part {
    /// As [`words`] spells it.
    text: String,
    /// Whether any letters may follow, as after `liefer*` in the lexicon.
    is_beginning: bool,
}

/// All parts, by their first [`MIN_PART_LENGTH`] letters.
struct Parts {
    by_beginning: HashMap<String, Vec<Part>>,
    edition: u64,
}

static PARTS: LazyLock<Parts> =
    LazyLock::new(|| Parts::new(lexicon::parts(Language::German), nouns()));

/// The nouns of `lexicon/de-nouns.txt`, which name no theme.
fn nouns() -> impl Iterator<Item = &'static str> {
    include_str!("../lexicon/de-nouns.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// The ends of the German compounds in a text, in order and each once; in lower case, with umlauts and ß spelled out.
/// `Die Expresslieferung kam` gives `lieferung`.
#[must_use]
pub fn compound_ends(text: &str) -> Vec<String> {
    let mut ends: Vec<String> = Vec::new();
    for word in words(text) {
        for end in PARTS.ends(&word.text) {
            if !ends.iter().any(|it| it == end) {
                ends.push(end.to_owned());
            }
        }
    }
    ends
}

/// The edition of the parts and of the code that finds them: [`compound_ends`] of another edition may differ.
#[must_use]
pub fn compounds_edition() -> u64 {
    PARTS.edition
}

impl Parts {
    fn new(
        of_lexicon: BTreeMap<&'static str, bool>,
        nouns: impl Iterator<Item = &'static str>,
    ) -> Self {
        /// Raised with every change of this file's code that changes what is found.
        const CODE: &[u8] = b"1";
        let mut by_beginning: HashMap<String, Vec<Part>> = HashMap::new();
        let mut edition = rules::hash(rules::BEGIN, CODE);
        let nouns = nouns.map(|noun| (noun, false));
        let of_lexicon =
            of_lexicon.into_iter().filter(|(text, _)| text.len() >= MIN_LEXICON_PART_LENGTH);
        for (text, is_beginning) in of_lexicon.chain(nouns) {
            let Some(key) = text.get(..MIN_PART_LENGTH) else { continue };
            if text.bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
            edition = rules::hash(edition, text.as_bytes());
            edition = rules::hash(edition, &[is_beginning.into()]);
            let part = Part { text: text.to_owned(), is_beginning };
            by_beginning.entry(key.to_owned()).or_default().push(part);
        }
        Self { by_beginning, edition }
    }

    /// The ends of a word that begin with a part. One or two letters after the beginning of a part no other one begins:
    /// `sonderpreise` has no `reise`.
    fn ends<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let last = word.len().saturating_sub(MIN_PART_LENGTH);
        let begins = move |at: usize| word.get(at..).is_some_and(|end| self.are_parts(end));
        (MIN_HEAD_LENGTH..=last).filter_map(move |at| {
            let (head, end) = word.split_at_checked(at)?;
            let is_end = is_head(head) && begins(at) && !begins(at - 1) && !begins(at - 2);
            is_end.then_some(end)
        })
    }

    /// Whether it is a part with an ending, or a part and another one.
    fn are_parts(&self, end: &str) -> bool {
        self.that_begin(end).any(|part| {
            let after = &end[part.text.len()..];
            part.is_beginning
                || ENDINGS.contains(&after)
                || LINKS.iter().any(|link| {
                    let next = after.strip_prefix(link);
                    next.is_some_and(|next| self.that_begin(next).next().is_some())
                })
        })
    }

    /// The parts with which a text begins.
    fn that_begin<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Part> {
        let key = text.get(..MIN_PART_LENGTH).and_then(|key| self.by_beginning.get(key));
        key.into_iter().flatten().filter(move |part| text.starts_with(part.text.as_str()))
    }
}

/// Whether a compound can begin with it.
fn is_head(head: &str) -> bool {
    !PREFIXES.contains(&head)
        && head.bytes().any(|byte| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(compound_ends(text), expected, "{text}");
    }

    #[test]
    fn a_compound_is_split_before_its_parts() {
        check("Die Expresslieferung kam", &["lieferung"]);
        check("Geschenkverpackungen", &["verpackungen"]);
        check("Lieferverzögerung", &["verzoegerung"]);
        check("Kleidergröße", &["groesse"]);
        check("Kundenserviceteam", &["serviceteam", "team"]);
        check("Gartenschere, Kundennummer", &["schere", "nummer"]);
        check("Versandkosten", &["kosten"]);
        check("Sonderpreise", &["preise"]);
        check("Osterbestellung, Adventsbestellung", &["bestellung"]);
    }

    #[test]
    fn other_words_are_left_whole() {
        for text in [
            "",
            "Lieferung",
            "verstehen",
            "bringen verringern",
            "Bewertung",
            "unfreundlich",
            "natürlich hoffentlich eigentlich",
            "the delivery and the packaging were wonderful",
            "ÄÖÜß éé",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn nouns_are_written_as_comments_are_read_and_each_once() {
        let all: Vec<&str> = nouns().collect();
        assert!(all.is_sorted_by(|a, b| a < b), "in order");
        for noun in all {
            assert!(noun.len() >= MIN_PART_LENGTH, "{noun}");
            let read: Vec<String> = words(noun).into_iter().map(|word| word.text).collect();
            assert_eq!(read, [noun]);
        }
    }
}
