//! Which language a comment is in.

use whatlang::{Detector, Lang};

/// A language with a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `lexicon/en.txt`.
    English,
    /// `lexicon/de.txt`.
    German,
}

/// Characters of a comment from which its language is told from the text. Shorter ones are in the answer's.
const MIN_LENGTH: usize = 20;
/// How sure the detection has to be to overrule the answer's language.
const MIN_CONFIDENCE: f64 = 0.9;

impl Language {
    /// The language of a comment: that of the answer, unless the text is surely in another one. `None` for
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
                // Swiss and Austrian dialect looks like its neighbours.
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
