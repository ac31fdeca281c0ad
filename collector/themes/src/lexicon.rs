//! The lexicon: the terms that name a theme.
//!
//! A file of `lexicon/` has lines of terms, each for one theme or for several themes at once:
//!
//! ```text
//! delivery_time: liefer* | *versand | kam/kamen .. spaet | in # tagen
//! packaging, sustainability: so much plastic
//! ```
//!
//! Terms are separated by ` | `. A term is a row of words as [`words`](crate::words) spells them:
//!
//! - `liefer*` is a word's beginning, `*versand` its end, `*umwelt*` any part: compounds are found by their parts;
//! - `kam/kamen` is one of them; `#` is a number; `..` leaves up to [`MAX_GAP`] words of the sentence out.
//!
//! If one match lies within the words of a longer one (in words, then in letters), only the longer one
//! counts: `versandkosten` is about the price and not about `versand`; `promo code at checkout` has a line
//! of its own.
//!
//! A word of at least [`MIN_TYPO_LENGTH`] letters that no term contains is compared again, with one letter
//! wrong, missing or added.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use crate::{
    Language, Theme,
    words::{Word, is_number, words},
};

/// Words that `..` may stand for.
const MAX_GAP: usize = 4;
/// Letters of a word, at least, in which a typing error is tolerated.
const MIN_TYPO_LENGTH: usize = 7;
/// Letters at a word's beginning by which terms are looked up.
const KEY_LENGTH: usize = 3;

/// A word of a term.
#[derive(Debug)]
enum Part {
    Whole(String),
    Beginning(String),
    End(String),
    Within(String),
    Number,
}

impl Part {
    fn read(text: &str) -> Self {
        let bare = text.trim_matches('*').to_owned();
        match (text.starts_with('*'), text.ends_with('*')) {
            _ if text == "#" => Self::Number,
            (true, true) => Self::Within(bare),
            (true, false) => Self::End(bare),
            (false, true) => Self::Beginning(bare),
            (false, false) => Self::Whole(bare),
        }
    }

    fn matches(&self, word: &str) -> bool {
        match self {
            Self::Whole(text) => word == text,
            Self::Beginning(text) => word.starts_with(text.as_str()),
            Self::End(text) => word.ends_with(text.as_str()),
            Self::Within(text) => word.contains(text.as_str()),
            Self::Number => is_number(word),
        }
    }

    fn letters(&self) -> usize {
        match self {
            Self::Whole(text) | Self::Beginning(text) | Self::End(text) | Self::Within(text) => {
                text.len()
            }
            Self::Number => 1,
        }
    }

    /// Whether the word matches except for one letter.
    fn nearly_matches(&self, word: &str) -> bool {
        match self {
            Self::Whole(text) if text.len() >= MIN_TYPO_LENGTH => is_one_edit_away(text, word),
            Self::Beginning(text) if text.len() >= MIN_TYPO_LENGTH => (text.len() - 1
                ..=text.len() + 1)
                .any(|length| word.get(..length).is_some_and(|it| is_one_edit_away(text, it))),
            _ => false,
        }
    }
}

/// One place of a term: alternatives, and whether words may stand before it.
#[derive(Debug)]
pub(crate) struct Place {
    alternatives: Vec<Part>,
    /// Up to [`MAX_GAP`] words may stand before it.
    after_gap: bool,
}

/// A term, with the theme or themes that it names.
#[derive(Debug)]
struct Term {
    places: Vec<Place>,
    themes: Vec<Theme>,
}

/// An occurrence of a term.
struct Match {
    /// The places of its words in the comment.
    at: Vec<usize>,
    /// The number of letters in the term.
    letters: usize,
    term: usize,
}

/// The terms of a language, or of the shop.
#[derive(Debug)]
pub(crate) struct Lexicon {
    terms: Vec<Term>,
    /// The terms by the beginning of their first word.
    by_beginning: HashMap<String, Vec<usize>>,
    /// Terms whose first word has no fixed beginning, or a shorter one than [`KEY_LENGTH`].
    others: Vec<usize>,
    /// Terms of one long word by its first letter, for words with a typing error.
    long_words: HashMap<char, Vec<usize>>,
}

/// The lexicon of a language.
pub(crate) fn of(language: Language) -> &'static Lexicon {
    static ENGLISH: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::read(include_str!("../lexicon/en.txt")));
    static GERMAN: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::read(include_str!("../lexicon/de.txt")));
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// The words of a language's terms, in order, without numbers and signs of currencies; with each, whether a term has it as a
/// word's beginning.
pub(crate) fn parts(language: Language) -> BTreeMap<&'static str, bool> {
    let places = of(language).terms.iter().flat_map(|term| &term.places);
    let mut parts = BTreeMap::new();
    for part in places.flat_map(|place| &place.alternatives) {
        let (text, is_beginning) = match part {
            Part::Whole(text) | Part::End(text) => (text, false),
            Part::Beginning(text) | Part::Within(text) => (text, true),
            Part::Number => continue,
        };
        *parts.entry(text.as_str()).or_default() |= is_beginning;
    }
    parts
}

impl Lexicon {
    /// Reads a lexicon. Invalid lines are skipped; a test holds that ours have none.
    fn read(text: &str) -> Self {
        let mut terms = Vec::new();
        for line in text.lines() {
            let Some((themes, written)) = themes_of(line) else { continue };
            terms.extend(
                written
                    .split(" | ")
                    .map(|term| Term { places: places(term), themes: themes.clone() }),
            );
        }
        Self::of_terms(terms)
    }

    /// A lexicon of the shop's own terms, each a row of words, of which `*` at an end stands for any letters.
    pub(crate) fn of_rules<'a>(rules: impl Iterator<Item = (Theme, &'a str)>) -> Self {
        let terms =
            rules.map(|(theme, written)| Term { places: own_places(written), themes: vec![theme] });
        Self::of_terms(terms.collect())
    }

    fn of_terms(terms: Vec<Term>) -> Self {
        let mut by_beginning: HashMap<String, Vec<usize>> = HashMap::new();
        let mut others = Vec::new();
        for (index, term) in terms.iter().enumerate() {
            let Some(first) = term.places.first() else { continue };
            for part in &first.alternatives {
                let key = match part {
                    Part::Whole(text) | Part::Beginning(text) => text.get(..KEY_LENGTH),
                    Part::End(_) | Part::Within(_) | Part::Number => None,
                };
                match key {
                    Some(key) => by_beginning.entry(key.to_owned()).or_default().push(index),
                    None => others.push(index),
                }
            }
        }
        for list in by_beginning.values_mut() {
            list.dedup();
        }
        others.dedup();
        let mut long_words: HashMap<char, Vec<usize>> = HashMap::new();
        for (index, term) in terms.iter().enumerate() {
            let [place] = term.places.as_slice() else { continue };
            for part in &place.alternatives {
                if let Part::Whole(text) | Part::Beginning(text) = part
                    && text.len() >= MIN_TYPO_LENGTH
                    && let Some(first) = text.chars().next()
                {
                    let list = long_words.entry(first).or_default();
                    if list.last() != Some(&index) {
                        list.push(index);
                    }
                }
            }
        }
        Self { terms, by_beginning, others, long_words }
    }

    /// The themes that a comment names, in order.
    pub(crate) fn themes(&self, comment: &str) -> Vec<Theme> {
        let words = words(comment);
        let mut matches = Vec::new();
        for start in 0..words.len() {
            let before = matches.len();
            let key =
                words[start].text.get(..KEY_LENGTH).and_then(|key| self.by_beginning.get(key));
            for &term in key.into_iter().flatten().chain(&self.others) {
                matches.extend(self.matched(term, &words, start));
            }
            if matches.len() == before {
                matches.extend(self.nearly_matched(&words, start));
            }
        }
        let mut themes: Vec<Theme> = matches
            .iter()
            .filter(|it| !matches.iter().any(|other| other.replaces(it)))
            .flat_map(|it| self.terms[it.term].themes.iter().copied())
            .collect();
        themes.sort_unstable();
        themes.dedup();
        themes
    }

    /// A match of the term that begins at that word.
    fn matched(&self, term: usize, words: &[Word], start: usize) -> Option<Match> {
        let mut found = Match { at: Vec::new(), letters: 0, term };
        let mut next = start;
        for place in &self.terms[term].places {
            let reach = if place.after_gap { MAX_GAP } else { 0 };
            let (at, letters) = (next..=next + reach).find_map(|at| {
                let word = words.get(at).filter(|it| it.sentence == words[start].sentence)?;
                let part = place.alternatives.iter().find(|part| part.matches(&word.text))?;
                Some((at, part.letters()))
            })?;
            found.at.push(at);
            found.letters += letters;
            next = at + 1;
        }
        Some(found)
    }

    /// A match of the first one-word term that the word equals except for one letter.
    fn nearly_matched(&self, words: &[Word], at: usize) -> Option<Match> {
        let word = &words[at].text;
        if word.len() < MIN_TYPO_LENGTH || is_number(word) {
            return None;
        }
        // The first letter is seldom wrong, and it limits the search.
        let long_words = self.long_words.get(&word.chars().next()?)?;
        let term = long_words.iter().copied().find(|term| {
            let alternatives = self.terms[*term].places.iter().flat_map(|it| &it.alternatives);
            alternatives.into_iter().any(|part| part.nearly_matches(word))
        })?;
        Some(Match { at: vec![at], letters: word.len(), term })
    }
}

impl Match {
    /// Whether it is longer than `other`, which lies within it.
    fn replaces(&self, other: &Self) -> bool {
        (self.at.len(), self.letters) > (other.at.len(), other.letters)
            && other.at.iter().all(|at| self.at.contains(at))
    }
}

/// The themes of a line, and its terms; `None` if the line is invalid.
fn themes_of(line: &str) -> Option<(Vec<Theme>, &str)> {
    let (themes, terms) = line.split_once(": ")?;
    let themes: Option<Vec<Theme>> = themes.split(", ").map(Theme::from_id).collect();
    Some((themes?, terms))
}

/// The places of a term.
fn places(term: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut after_gap = false;
    for word in term.split(' ').filter(|word| !word.is_empty()) {
        if word == ".." {
            after_gap = true;
        } else if matches!(word, "€" | "$" | "£" | "#") || word.contains('/') {
            let alternatives = word.split('/').map(Part::read).collect();
            places.push(Place { alternatives, after_gap });
            after_gap = false;
        } else {
            // `next-day` is two words in a comment.
            for part in word.split(['-', '&']).filter(|part| !part.is_empty()) {
                places.push(Place { alternatives: vec![Part::read(part)], after_gap });
                after_gap = false;
            }
        }
    }
    places
}

/// The places of a term that the shop wrote, read as comments are.
pub(crate) fn own_places(term: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for written in term.split_whitespace() {
        let read = words(written);
        let (starts, ends) = (written.starts_with('*'), written.ends_with('*'));
        for (index, word) in read.iter().enumerate() {
            let text = word.text.clone();
            let part = match (starts && index == 0, ends && index + 1 == read.len()) {
                (true, true) => Part::Within(text),
                (true, false) => Part::End(text),
                (false, true) => Part::Beginning(text),
                (false, false) => Part::Whole(text),
            };
            places.push(Place { alternatives: vec![part], after_gap: false });
        }
    }
    places
}

/// Whether the words differ by exactly one changed, added or missing letter.
fn is_one_edit_away(a: &str, b: &str) -> bool {
    let (a, b) = if a.len() <= b.len() {
        (a.as_bytes(), b.as_bytes())
    } else {
        (b.as_bytes(), a.as_bytes())
    };
    if b.len() - a.len() > 1 || a == b {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    if a.len() == b.len() { a[same + 1..] == b[same + 1..] } else { a[same..] == b[same + 1..] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lexicons_is_valid() {
        for text in [include_str!("../lexicon/de.txt"), include_str!("../lexicon/en.txt")] {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let (_, terms) = themes_of(line).unwrap_or_else(|| panic!("{line}"));
                for term in terms.split(" | ") {
                    assert!(!places(term).is_empty(), "{line}");
                    let spelled = words(&term.replace(['*', '/', '#', '.'], " "));
                    let written = term.replace(['*', '/', '#', '.', '-', '&'], " ");
                    assert_eq!(
                        spelled.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(),
                        written.split_whitespace().collect::<Vec<_>>(),
                        "a term is not written as comments are read: {term}"
                    );
                }
            }
        }
    }

    #[test]
    fn one_edit_changes_adds_or_removes_a_letter() {
        for (a, b, expected) in [
            ("delivery", "dilivery", true),
            ("delivery", "delivry", true),
            ("delivery", "dellivery", true),
            ("delivery", "delivery", false),
            ("delivery", "delvry", false),
        ] {
            assert_eq!(is_one_edit_away(a, b), expected, "{a} {b}");
        }
    }
}
