//! Finds the words of a search in a text.

use std::{iter, ops::Range};

use afterword_themes::compound_ends;

use super::search::{SearchTerm, Stretch, fold, pieces, search_terms, stretches, words};

/// The places in `text`, as byte ranges in order, of the words that a search for `query` finds, in any
/// spelling. A compound is marked whole, also if only a part of it was searched for.
pub(crate) fn marks(text: &str, query: &str) -> Vec<Range<usize>> {
    let terms = search_terms(query);
    if terms.is_empty() {
        return Vec::new();
    }
    let places = places(text);
    let mut is_marked = vec![false; places.len()];
    for part in &terms {
        match part {
            SearchTerm::Beginnings(forms) => {
                for (place, is_marked) in places.iter().zip(&mut is_marked) {
                    *is_marked |= place
                        .words()
                        .any(|word| forms.iter().any(|form| word.starts_with(form.as_str())));
                }
            }
            SearchTerm::Phrase(phrase) => {
                for at in 0..places.len() {
                    let Some(found) = places.get(at..at + phrase.len()) else { break };
                    if found.iter().zip(phrase).all(|(place, word)| place.word == *word) {
                        is_marked[at..at + phrase.len()].fill(true);
                    }
                }
            }
        }
    }
    let mut marks: Vec<Range<usize>> = Vec::new();
    for (place, _) in places.into_iter().zip(is_marked).filter(|(_, is)| *is) {
        match marks.last_mut() {
            Some(before) if place.at.start < before.end => {
                before.end = before.end.max(place.at.end);
            }
            _ => marks.push(place.at),
        }
    }
    marks
}

/// A word of a text, or a piece of one without spaces.
struct Place {
    at: Range<usize>,
    /// The word in the form of the index.
    word: String,
    /// Ends of the compound, by which it is found, too.
    ends: Vec<String>,
}

impl Place {
    fn words(&self) -> impl Iterator<Item = &str> {
        iter::once(&self.word).chain(&self.ends).map(String::as_str)
    }
}

/// The places of the words in a text, as the index has them.
fn places(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for stretch in stretches(text) {
        if stretch.is_spaceless {
            of_pieces(&stretch, &mut places);
        } else {
            places.push(Place {
                at: stretch.at..stretch.at + stretch.text.len(),
                word: words(stretch.text).concat(),
                ends: compound_ends(stretch.text),
            });
        }
    }
    places
}

/// The places of the pieces of a text without spaces.
fn of_pieces(stretch: &Stretch<'_>, places: &mut Vec<Place>) {
    let folded = fold(stretch.text);
    // The place in the text of each folded character.
    let mut by_character = String::new();
    let mut at_of = Vec::new();
    for (at, character) in stretch.text.char_indices() {
        let one = fold(character.encode_utf8(&mut [0; 4]));
        let begin = stretch.at + at;
        at_of.extend(one.chars().map(|_| begin..begin + character.len_utf8()));
        by_character.push_str(&one);
    }
    for (index, piece) in pieces(&folded).enumerate() {
        let last = index + piece.chars().count() - 1;
        let at = match (at_of.get(index), at_of.get(last)) {
            (Some(first), Some(last)) if by_character == folded => first.start..last.end,
            // Several characters are folded into one, such as those of half width: the stretch is marked.
            _ => stretch.at..stretch.at + stretch.text.len(),
        };
        places.push(Place { at, word: piece.to_owned(), ends: Vec::new() });
    }
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
        check("Die Expresslieferung kam.", "lieferung", &["Expresslieferung"]);
        check("nichts", "verpackung", &[]);
        check("", "x", &[]);
        check("x", "", &[]);
    }

    #[test]
    fn found_pieces_are_marked_in_texts_without_spaces() {
        check("今回は配送が遅い", "配送", &["配送"]);
        check("今回は配送が遅い", "配送が", &["配送が"]);
        check("高い。最高", "高", &["高い", "高"]);
        check("배송이 빨라요", "배송", &["배송"]);
        check("น้ำหอม", "หอม", &["หอม"]);
        check("ﾊﾞｯｸ", "バッ", &["ﾊﾞｯｸ"]);
        check("配送 遅い", "\"配送 遅い\"", &["配送", "遅い"]);
        check("配送が遅い", "送配", &[]);
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
