//! Finds the words of a search in a text.

use std::ops::Range;

use super::search::{SearchTerm, search_terms, words};

/// The places in `text`, as byte ranges in order, of the words that a search for `query` finds, in any
/// spelling.
pub(crate) fn marks(text: &str, query: &str) -> Vec<Range<usize>> {
    let terms = search_terms(query);
    if terms.is_empty() {
        return Vec::new();
    }
    let places: Vec<Range<usize>> = places(text);
    let folded: Vec<String> =
        places.iter().map(|place| words(&text[place.clone()]).concat()).collect();
    let mut is_marked = vec![false; places.len()];
    for part in &terms {
        match part {
            SearchTerm::Beginnings(forms) => {
                for (word, is_marked) in folded.iter().zip(&mut is_marked) {
                    *is_marked |= forms.iter().any(|form| word.starts_with(form.as_str()));
                }
            }
            SearchTerm::Phrase(phrase) => {
                for at in 0..folded.len() {
                    let ends = at + phrase.len();
                    if folded.get(at..ends).is_some_and(|words| words == phrase.as_slice()) {
                        is_marked[at..ends].fill(true);
                    }
                }
            }
        }
    }
    places.into_iter().zip(is_marked).filter(|(_, is)| *is).map(|(place, _)| place).collect()
}

/// The byte ranges of the words in a text: letters, digits and combining marks.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut begin = None;
    for (at, letter) in text.char_indices() {
        let is_of_a_word = letter.is_alphanumeric()
            || (begin.is_some() && matches!(letter, '\u{300}'..='\u{36f}'));
        match (is_of_a_word, begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                places.push(from..at);
                begin = None;
            }
            _ => {}
        }
    }
    places.extend(begin.map(|from| from..text.len()));
    places
}

#[cfg(test)]
mod tests {
    use super::marks;

    #[track_caller]
    fn check(text: &str, query: &str, expected: &[&str]) {
        let found: Vec<&str> = marks(text, query).into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, expected, "{query} in {text}");
    }

    #[test]
    fn found_words_are_marked_in_every_spelling() {
        check("Die Verpackungen waren schön.", "verpackung", &["Verpackungen"]);
        check("Die Verpackungen waren schön.", "schoen die", &["Die", "schön"]);
        check("Scho\u{308}n groß", "schön gross", &["Scho\u{308}n", "groß"]);
        check("nie wieder, nie", "\"nie wieder\"", &["nie", "wieder"]);
        check("nichts", "verpackung", &[]);
        check("", "x", &[]);
        check("x", "", &[]);
    }

    #[test]
    fn fuzz_marks() {
        bolero::check!(name = "marks").with_iterations(2_000).for_each(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let (text, query) = text.split_at(text.floor_char_boundary(text.len() / 2));
            let mut end = 0;
            for mark in marks(text, query) {
                assert!(mark.start >= end && !text[mark.clone()].is_empty());
                end = mark.end;
            }
        });
    }
}
