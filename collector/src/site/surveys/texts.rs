//! What the pages about surveys say with values in it: each language orders its own.

use jiff::Timestamp;

use super::words::Words;
use crate::{
    access::person::Person,
    language::Language,
    site::frame::{format::Format, moment},
};

/// How many answers there are, and when the latest came.
pub(super) fn answers(
    answers: i64,
    latest: Option<Timestamp>,
    person: &Person,
    words: &Words,
) -> String {
    let answers = match (answers, person.language) {
        (0, _) => words.answers_none.to_owned(),
        (1, Language::English) => "1 answer".to_owned(),
        (1, Language::German) => "1 Antwort".to_owned(),
        (_, Language::English) => format!("{} answers", number(answers, person.language)),
        (_, Language::German) => format!("{} Antworten", number(answers, person.language)),
    };
    match latest {
        Some(latest) => format!("{answers}{}{}", words.latest, moment(latest, person)),
        None => answers,
    }
}

/// How many answers were refused.
pub(super) fn refused(answers: i64, language: Language) -> String {
    match (answers, language) {
        (1, Language::English) => "1 answer refused".to_owned(),
        (1, Language::German) => "1 Antwort abgewiesen".to_owned(),
        (_, Language::English) => format!("{} answers refused", number(answers, language)),
        (_, Language::German) => format!("{} Antworten abgewiesen", number(answers, language)),
    }
}

/// So many days.
pub(super) fn days(days: u32, language: Language) -> String {
    match language {
        Language::English => format!("{days} days"),
        Language::German => format!("{days} Tage"),
    }
}

fn number(number: i64, language: Language) -> String {
    Format::of(language).count(number.unsigned_abs())
}
