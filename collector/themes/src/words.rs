//! Splits a comment into words: in lower case, with umlauts spelled out, numbered by sentence.

/// A word of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case, with `ae`, `oe`, `ue` and `ss`, without apostrophes. A currency sign is a word.
    pub(crate) text: String,
    /// The number of its sentence, from 0.
    pub(crate) sentence: usize,
}

/// The words of a comment, in order.
pub(crate) fn words(comment: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut text = String::new();
    let mut sentence = 0;
    let mut letters = comment.chars().flat_map(char::to_lowercase).peekable();
    let mut last_is_digit = false;
    while let Some(letter) = letters.next() {
        let is_digit = letter.is_ascii_digit();
        match letter {
            'ä' => text.push_str("ae"),
            'ö' => text.push_str("oe"),
            'ü' => text.push_str("ue"),
            'ß' => text.push_str("ss"),
            _ if letter.is_alphanumeric() => text.push(letter),
            // `won't` becomes `wont`; `4,95` and `4.95` are one number each.
            '\'' | '’' | '‘' | '´' | '`' if !text.is_empty() => {}
            '.' | ',' if last_is_digit && letters.peek().is_some_and(char::is_ascii_digit) => {}
            _ => {
                finish(&mut text, &mut words, sentence);
                if matches!(letter, '€' | '$' | '£') {
                    words.push(Word { text: letter.to_string(), sentence });
                }
                if matches!(letter, '.' | '!' | '?' | ';' | '\n' | '…') {
                    sentence += 1;
                }
            }
        }
        last_is_digit = is_digit;
    }
    finish(&mut text, &mut words, sentence);
    words
}

fn finish(text: &mut String, words: &mut Vec<Word>, sentence: usize) {
    if !text.is_empty() {
        words.push(Word { text: std::mem::take(text), sentence });
    }
}

/// Words that stand for numbers where the lexicon has `#`.
const NUMBERS: &[&str] = &[
    "ein", "eine", "einem", "einen", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht",
    "neun", "zehn", "zwoelf", "dritten", "vierten", "fuenften", "one", "two", "three", "four",
    "five", "six", "seven", "eight", "nine", "ten", "twelve",
];

/// Whether a word is a number.
pub(crate) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || NUMBERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_words_in_sentences() {
        let words = words("Für 4,95 € kam’s SPÄT. Nie wieder!");
        let read: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.sentence)).collect();
        let expected = [
            ("fuer", 0),
            ("495", 0),
            ("€", 0),
            ("kams", 0),
            ("spaet", 0),
            ("nie", 1),
            ("wieder", 1),
        ];
        assert_eq!(read, expected);
    }
}
