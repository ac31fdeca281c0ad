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
/// Different common words of a language, at least, in a comment that is surely written in it: fewer if the answer has that
/// language, too.
const MIN_COMMON_WORDS: u32 = 3;
const MIN_COMMON_WORDS_OF_ANSWER: u32 = 2;
/// Words in which most English comments differ from comments in other languages.
const COMMON_IN_ENGLISH: &[&str] = &[
    "about", "after", "again", "and", "are", "arrived", "because", "been", "but", "could", "didn",
    "doesn", "every", "from", "good", "great", "have", "how", "it", "just", "much", "my",
    "nothing", "only", "ordered", "our", "please", "quickly", "she", "than", "thank", "thanks",
    "that", "the", "their", "them", "then", "there", "they", "this", "three", "very", "well",
    "were", "what", "when", "which", "who", "will", "with", "would", "you", "your",
];
/// The same for German.
const COMMON_IN_GERMAN: &[&str] = &[
    "aber", "auch", "auf", "bei", "beim", "bestellt", "bin", "danke", "das", "dass", "dem",
    "diese", "dieser", "drei", "eine", "einem", "einen", "einer", "etwas", "für", "habe", "haben",
    "ich", "ihr", "im", "immer", "ist", "kam", "kein", "keine", "keiner", "leider", "mehr", "mich",
    "mir", "nach", "nicht", "nichts", "noch", "nur", "oder", "schon", "sehr", "seit", "sich",
    "sind", "und", "vom", "von", "weil", "wenn", "wie", "wieder", "wir", "wird", "wurde", "zu",
    "zum", "zur", "zwei", "über",
];
/// The words that a comment contains are noted in one bit each.
const _: () = assert!(COMMON_IN_ENGLISH.len() <= 64 && COMMON_IN_GERMAN.len() <= 64);

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
        // Comparing with every known language costs more than all else that is done with an answer.
        if let Some(language) = Self::by_common_words(comment, of_answer) {
            return Some(language);
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

    /// The language whose common words a comment contains, if it contains none of the other language.
    fn by_common_words(comment: &str, of_answer: Option<Self>) -> Option<Self> {
        let (mut english, mut german) = (0_u64, 0_u64);
        for word in comment.split(|letter: char| !letter.is_alphabetic()) {
            for (list, seen) in [(COMMON_IN_ENGLISH, &mut english), (COMMON_IN_GERMAN, &mut german)]
            {
                let place = list.iter().position(|common| common.eq_ignore_ascii_case(word));
                *seen |= place.map_or(0, |place| 1 << place);
            }
        }
        let is_enough = |count: u32, language| {
            let of_answer = of_answer == Some(language) && count >= MIN_COMMON_WORDS_OF_ANSWER;
            of_answer || count >= MIN_COMMON_WORDS
        };
        match (english.count_ones(), german.count_ones()) {
            (count, 0) if is_enough(count, Self::English) => Some(Self::English),
            (0, count) if is_enough(count, Self::German) => Some(Self::German),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
    #[test]
    fn common_words_and_the_detection_agree_on_every_labelled_comment() {
        let comments = include_str!("../labelled/tune.jsonl")
            .lines()
            .chain(include_str!("../labelled/held-out.jsonl").lines());
        let (mut all, mut found) = (0, 0);
        for line in comments {
            let labelled: serde_json::Value = serde_json::from_str(line).unwrap();
            let comment = labelled["comment"].as_str().unwrap();
            let of_answer = match labelled["locale"].as_str().unwrap() {
                "de" => Language::German,
                _ => Language::English,
            };
            if comment.chars().count() < MIN_LENGTH {
                continue;
            }
            all += 1;
            let Some(language) = Language::by_common_words(comment, Some(of_answer)) else {
                continue;
            };
            found += 1;
            let detected = Detector::new().detect(comment).unwrap();
            let is_sure = detected.confidence() >= MIN_CONFIDENCE;
            let is_same = detected.lang()
                == match language {
                    Language::English => Lang::Eng,
                    Language::German => Lang::Deu,
                };
            assert!(is_same || !is_sure, "{comment}: {language:?}, {:?}", detected.lang());
        }
        // Otherwise the detection would not be spared.
        assert!(found * 2 > all, "{found} of {all}");
    }

    #[test]
    fn other_languages_that_share_words_are_detected() {
        for comment in [
            "Das compras das lojas das que conheço, a entrega foi a mais rápida e sem problemas",
            "De levering was snel en het pakket is goed ingepakt, ik bestel hier zeker nog eens",
            "Mit mit mit barn elsker sine nye sko, og leveringen var hurtig og uden problemer",
            "Ik had drie keer gebeld en het pakket was nog steeds niet binnen, wel een nette winkel",
            "A rendelés nagyon gyorsan megjött, mit is mondhatnék, minden rendben volt vele",
            "Alt kom frem som det skulle, der var ikke noget at klage over, og prisen er god",
            "Zamówienie przyszło po dwóch dniach, nie mam żadnych uwag, wszystko było dobrze zapakowane",
            "Beställningen kom fram efter tre dagar och allt var väl förpackat, jag handlar gärna igen",
            "Tutto è arrivato in tre giorni, ben imballato e come da descrizione, grazie mille davvero",
        ] {
            for of_answer in [Language::German, Language::English] {
                let found = Language::by_common_words(comment, Some(of_answer));
                assert_eq!(found, None, "{comment}");
            }
        }
    }
}
