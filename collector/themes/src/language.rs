//! Finds the language of a comment.

use whatlang::{Detector, Lang};

/// A language with a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `lexicon/en.txt`.
    English,
    /// `lexicon/de.txt`.
    German,
}

/// Characters of a comment whose language is detected; a shorter one has the answer's language.
const MIN_LENGTH: usize = 20;
/// The confidence, 0 to 1, with which the detection overrules the answer's language.
const MIN_CONFIDENCE: f64 = 0.9;

impl Language {
    /// The language of a comment: that of the answer, unless another one is detected with confidence. `None` for
    /// languages without a lexicon.
    #[must_use]
    pub fn of(comment: &str, locale: &str) -> Option<Self> {
        let of_answer = match locale.split('-').next() {
            Some(tag) if tag.eq_ignore_ascii_case("de") => Some(Self::German),
            Some(tag) if tag.eq_ignore_ascii_case("en") => Some(Self::English),
            _ => None,
        };
        if comment.chars().count() < MIN_LENGTH {
            return of_answer;
        }
        match Detector::new().detect(comment) {
            Some(found) if found.confidence() >= MIN_CONFIDENCE => match found.lang() {
                Lang::Deu => Some(Self::German),
                Lang::Eng => Some(Self::English),
                // Swiss and Austrian dialects are taken for related languages.
                _ if of_answer == Some(Self::German) && !found.is_reliable() => of_answer,
                _ => None,
            },
            _ => of_answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_language_holds_unless_the_text_is_surely_another() {
        let english =
            "The parcel arrived very quickly and everything in it was fine, thank you so much";
        let german = "Die Lieferung kam sehr schnell und alles war in bester Ordnung, vielen Dank";
        for (comment, locale, expected) in [
            ("top", "de-CH", Some(Language::German)),
            ("top", "en", Some(Language::English)),
            ("top", "fr", None),
            (english, "de", Some(Language::English)),
            (german, "en-GB", Some(Language::German)),
            (german, "fr", Some(Language::German)),
        ] {
            assert_eq!(Language::of(comment, locale), expected, "{comment} {locale}");
        }
    }
}
