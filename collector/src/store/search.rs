//! Splits comments and search queries into words.
//!
//! A comment has to contain every word of the query, or a longer word that begins with it; a phrase in
//! quotation marks has to occur exactly. Case, width and diacritics are folded in both: `schon` finds `schön`.
//! German is also written without umlauts, so `schoen` finds `schön` and vice versa, and `gross` finds
//! `groß`. The parts of German compounds are found, too ([`compound_ends`]): `Lieferung` finds
//! `Expresslieferung`.
//!
//! Chinese, Japanese and Thai have no spaces between words, and Korean joins particles to them. What is written in Han, Kana,
//! Hangul or Thai is therefore split into pieces of two characters, each beginning with the second character
//! of the one before, and the last character alone: `配送が` is `配送`, `送が`, `が`. A query is found
//! anywhere: its pieces have to stand one after the other.

use afterword_themes::compound_ends;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Words of a query that are searched for; further ones are ignored.
const MAX_WORDS: usize = 12;
/// Pieces of a text without spaces in a query that are searched for; further ones are ignored.
const MAX_PIECES: usize = 32;
/// Characters of a word in a query: a single letter begins a twentieth of all words. A single character
/// of Han or Hangul is a word, or a syllable.
const MIN_WORD_LENGTH: usize = 2;
/// Characters of a word that are indexed; nobody types longer words.
const MAX_WORD_LENGTH: usize = 64;
/// Stands in the index between the words of a comment and the ends of its compounds, so that no phrase is found across.
const BREAK: &str = "";

/// The words of a text in their order, folded.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = Vec::new();
    for stretch in stretches(&folded) {
        if stretch.is_spaceless {
            words.extend(pieces(stretch.text).map(str::to_owned));
        } else {
            words.push(stretch.text.chars().take(MAX_WORD_LENGTH).collect());
        }
    }
    words
}

/// The words by which a comment is found, in the form of the index: its words in their order, and the ends of its
/// compounds.
pub(crate) fn indexed(comment: &str) -> Vec<String> {
    let mut all = words(comment);
    if !all.is_empty() {
        let ends = compound_ends(comment);
        if !ends.is_empty() {
            all.push(BREAK.to_owned());
            all.extend(ends.iter().map(|end| end.chars().take(MAX_WORD_LENGTH).collect()));
        }
    }
    all
}

/// The edition of the code and the lists by which [`indexed`] finds words. An index of another edition is built anew.
pub(crate) fn edition() -> String {
    /// Raised with every change to the words or to their form in the index.
    const CODE: u32 = 2;
    format!("{CODE}-{:x}", afterword_themes::compounds_edition())
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
        let phrase = if index % 2 == 1 { phrase(piece) } else { None };
        if let Some(phrase) = phrase {
            parts.push(phrase);
            continue;
        }
        let lower = piece.to_lowercase();
        for stretch in stretches(&lower) {
            parts.extend(if stretch.is_spaceless {
                within(stretch.text)
            } else {
                beginnings(stretch.text)
            });
        }
    }
    parts.truncate(MAX_WORDS);
    parts
}

/// Whether `text` has a word that is long enough to search for.
pub(crate) fn is_searchable(text: &str) -> bool {
    !search_terms(text).is_empty()
}

/// Letters and digits that stand together.
pub(super) struct Stretch<'a> {
    /// Its byte in the text.
    pub(super) at: usize,
    pub(super) text: &'a str,
    /// Whether it is of a script in which words stand side by side without spaces. Otherwise it is a word.
    pub(super) is_spaceless: bool,
}

/// The stretches of a text, in order.
pub(super) fn stretches(text: &str) -> impl Iterator<Item = Stretch<'_>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let at = next + text[next..].find(char::is_alphanumeric)?;
        let rest = &text[at..];
        let is_spaceless = rest.starts_with(is_spaceless);
        let length = rest
            .find(|it| {
                !is_of_a_word(it) || (!is_diacritic(it) && self::is_spaceless(it) != is_spaceless)
            })
            .unwrap_or(rest.len());
        next = at + length;
        Some(Stretch { at, text: &rest[..length], is_spaceless })
    })
}

/// A text without spaces in pieces of two characters, and its last character.
pub(super) fn pieces(run: &str) -> impl Iterator<Item = &str> {
    run.char_indices().map(|(at, character)| {
        let next = at + character.len_utf8();
        let end = run[next..].chars().next().map_or(next, |second| next + second.len_utf8());
        &run[at..end]
    })
}

/// Lower case without diacritics. Characters of full and of half width become the usual ones, and Hangul syllables.
pub(super) fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(&lower).into_owned();
    let plain: String = decomposed.chars().filter(|character| !is_diacritic(*character)).collect();
    ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned()
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || is_diacritic(character) || is_spaceless(character)
}

/// Whether a character is a combining mark on letters of the European scripts.
fn is_diacritic(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
}

/// Whether it is a letter or a mark of Han, Kana, Hangul or Thai.
fn is_spaceless(character: char) -> bool {
    is_han(character)
        || is_hangul(character)
        || matches!(
            character,
            // Thai without the sign of the currency, signs of punctuation and digits.
            '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}'
            // Kana, with the marks for voiced sounds.
            | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}'
        )
}

fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
    )
}

fn is_hangul(character: char) -> bool {
    matches!(
        character,
        '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{ffa1}'..='\u{ffdc}'
    )
}

/// A text that stood in quotation marks; `None` for a single word, which is searched for as without them.
fn phrase(text: &str) -> Option<SearchTerm> {
    let folded = fold(text);
    let all: Vec<Stretch<'_>> = stretches(&folded).collect();
    if all.len() < 2 {
        return None;
    }
    let mut words = words(text);
    // In the comment another character may follow.
    if all.last().is_some_and(|last| last.is_spaceless && last.text.chars().nth(1).is_some()) {
        words.pop();
    }
    Some(SearchTerm::Phrase(words))
}

/// A text without spaces, anywhere in a longer one.
fn within(run: &str) -> Option<SearchTerm> {
    let folded = fold(run);
    let mut pieces: Vec<String> = pieces(&folded).map(str::to_owned).collect();
    let last = pieces.pop()?;
    if pieces.is_empty() {
        let is_word = last.chars().all(|it| is_han(it) || is_hangul(it));
        return is_word.then(|| SearchTerm::Beginnings(vec![last]));
    }
    pieces.truncate(MAX_PIECES);
    Some(SearchTerm::Phrase(pieces))
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
    use super::{SearchTerm, indexed, search_terms, words};

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

    #[test]
    fn scripts_without_spaces_are_split_into_pieces_of_two_characters() {
        assert_eq!(words("配送が遅い。"), ["配送", "送が", "が遅", "遅い", "い"]);
        assert_eq!(words("iPhoneの箱 3日"), ["iphone", "の箱", "箱", "3", "日"]);
        assert_eq!(words("배송이 빨라요"), ["배송", "송이", "이", "빨라", "라요", "요"]);
        assert_eq!(words("ส่งช้า"), ["ส่", "่ง", "งช", "ช้", "้า", "า"]);
        // Half and full width, and separate marks, are the usual characters.
        assert_eq!(words("ﾊﾞｯｸ ＤＨＬ"), words("バック DHL"));
        assert_eq!(words("か\u{3099}"), ["が"]);
    }

    #[test]
    fn a_text_without_spaces_is_found_anywhere() {
        check("配送", &["\"配送\""]);
        check("配送が", &["\"配送 送が\""]);
        check("高", &["高"]);
        check("값", &["값"]);
        check("の ส", &[]);
        check("iPhone配送", &["iphone", "\"配送\""]);
        check("\"配送 遅い\"", &["\"配送 送 遅い\""]);
        check("\"配送\"", &["\"配送\""]);
    }

    #[test]
    fn a_comment_is_found_by_the_parts_of_its_compounds_too() {
        assert_eq!(
            indexed("Tolle Expresslieferung"),
            ["tolle", "expresslieferung", "", "lieferung"]
        );
        assert_eq!(indexed("Tolle Lieferung"), ["tolle", "lieferung"]);
        assert_eq!(indexed(" "), [""; 0]);
    }

    #[test]
    fn fuzz_words() {
        bolero::check!(name = "search_words").with_iterations(2_000).for_each(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            for word in words(&text) {
                assert!(
                    !word.is_empty()
                        && word.chars().all(|it| it.is_alphanumeric() || super::is_of_a_word(it))
                );
            }
            let _ = (indexed(&text), search_terms(&text));
        });
    }
}
