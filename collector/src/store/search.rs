//! Splits comments and search queries into words.
//!
//! A comment has to contain every word of the query, or a longer word that begins with it; a phrase in
//! quotation marks has to occur exactly. Case and diacritics are folded in both: `schon` finds `schön`.
//! German is also written without umlauts, so `schoen` finds `schön` and vice versa, and `gross` finds
//! `groß`.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Words of a query that are searched for; further ones are ignored.
const MAX_WORDS: usize = 12;
/// Characters of a word in a query: a single letter begins a twentieth of all words.
const MIN_WORD_LENGTH: usize = 2;
/// Characters of a word that are indexed; nobody types longer words.
const MAX_WORD_LENGTH: usize = 64;

/// The words of a text in their order, folded.
pub(crate) fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_WORD_LENGTH).collect())
        .collect()
}

/// A part of a query that a comment has to contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SearchTerm {
    /// A word that begins with any of these.
    Beginnings(Vec<String>),
    /// These words, one after the other.
    Phrase(Vec<String>),
}

/// The parts of a query, all of which a comment has to contain; empty if the query has no word.
pub(crate) fn search_terms(text: &str) -> Vec<SearchTerm> {
    let mut parts = Vec::new();
    // Every second piece stood in quotation marks, also if the last mark is missing.
    for (index, piece) in text.split(['"', '„', '“', '”', '«', '»']).enumerate() {
        let phrase = words(piece);
        if index % 2 == 1 && phrase.len() > 1 {
            parts.push(SearchTerm::Phrase(phrase));
        } else {
            let lower = piece.to_lowercase();
            let said = lower.split(|character: char| !is_of_a_word(character));
            parts.extend(said.filter_map(beginnings));
        }
    }
    parts.truncate(MAX_WORDS);
    parts
}

/// Whether `text` has a word that is long enough to search for.
pub(crate) fn is_searchable(text: &str) -> bool {
    !search_terms(text).is_empty()
}

/// Lower case without diacritics.
fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(&lower).into_owned();
    decomposed.chars().filter(|character| !is_diacritic(*character)).collect()
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || is_diacritic(character)
}

/// Whether a character is a combining mark on letters of the European scripts.
fn is_diacritic(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
}

/// A word in all its spellings.
fn beginnings(word: &str) -> Option<SearchTerm> {
    if word.chars().filter(|it| it.is_alphanumeric()).count() < MIN_WORD_LENGTH {
        return None;
    }
    let mut forms: Vec<String> = Vec::new();
    for form in [word.to_owned(), spelled_out(word), contracted(word), word.replace("ss", "ß")] {
        let sharp = form.replace("ss", "ß");
        for form in [form, sharp] {
            let form = fold(&form);
            if !form.is_empty() && !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    (!forms.is_empty()).then_some(SearchTerm::Beginnings(forms))
}

/// `schön` as `schoen`.
fn spelled_out(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

/// Turns `schoen` into `schon`, which is also the folded form of `schön`. Not after a vowel or a q, where
/// the letters are no umlaut: `neue`, `Steuer`, `bequem`.
fn contracted(word: &str) -> String {
    let mut contracted = String::with_capacity(word.len());
    let mut before = ' ';
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        contracted.push(letter);
        if matches!(letter, 'a' | 'o' | 'u')
            && letters.peek() == Some(&'e')
            && !matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'q')
        {
            letters.next();
        }
        before = letter;
    }
    contracted
}

#[cfg(test)]
mod tests {
    use super::{SearchTerm, search_terms, words};

    /// Beginnings as `a|b`, phrases in quotation marks.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let parts: Vec<String> = search_terms(text)
            .iter()
            .map(|part| match part {
                SearchTerm::Beginnings(forms) => forms.join("|"),
                SearchTerm::Phrase(words) => format!("\"{}\"", words.join(" ")),
            })
            .collect();
        assert_eq!(parts, expected, "{text}");
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        check("Paket", &["paket"]);
        check("  late, delivery! ", &["late", "delivery"]);
        check("AND OR NOT", &["and", "or", "not"]);
        check("comment:x*", &["comment"]);
        check("x ü 7", &[]);
        for text in ["", " ", "\"\"", "*", "(-)", "!?", "„“", "\u{301}"] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_quoted_text_is_found_as_a_phrase() {
        check("\"nie wieder\" Post", &["\"nie wieder\"", "post"]);
        check("„nie wieder“", &["\"nie wieder\""]);
        check("\"nie", &["nie"]);
        check("\"Lieferung\"", &["lieferung"]);
    }

    #[test]
    fn umlauts_are_found_in_every_spelling() {
        check("schoen", &["schoen|schon"]);
        check("schön", &["schon|schoen"]);
        check("scho\u{308}n", &["schon"]);
        check("gross", &["gross|groß"]);
        check("groß", &["groß|gross"]);
        check("neue", &["neue"]);
        check("bequem", &["bequem"]);
    }

    #[test]
    fn a_comment_is_split_like_a_query() {
        assert_eq!(
            words("Die Lieferung war SCHÖN-schnell!"),
            ["die", "lieferung", "war", "schon", "schnell"]
        );
        assert_eq!(words("Cafe\u{301} Ångström 2×"), ["cafe", "angstrom", "2"]);
        assert_eq!(words(&"x".repeat(100))[0].len(), 64);
    }
}
