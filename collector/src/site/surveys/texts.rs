//! The sentences with values on the pages about surveys. Each language has its own order of words.

use jiff::Timestamp;

use super::words::Words;
use crate::{
    access::person::Person,
    language::Language,
    report::facts::PROPERTY,
    site::frame::{format::Format, moment},
    store::bounds::{MAX_METHODS, MAX_PROPERTIES, METHODS, PROPERTIES, max_values},
};

/// The number of answers that count, and the time of the latest one. If none counts, the latest is a test or the like, and not
/// named.
pub(super) fn answers(
    answers: i64,
    latest: Option<Timestamp>,
    person: &Person,
    words: &Words,
) -> String {
    let said = match (answers, person.language) {
        (0, _) => words.answers_none.to_owned(),
        (1, Language::English) => "1 answer".to_owned(),
        (1, Language::German) => "1 Antwort".to_owned(),
        (_, Language::English) => format!("{} answers", number(answers, person.language)),
        (_, Language::German) => format!("{} Antworten", number(answers, person.language)),
    };
    match latest.filter(|_| answers > 0) {
        Some(latest) => format!("{said}{}{}", words.latest, moment(latest, person)),
        None => said,
    }
}

/// The number of answers and displays of a survey.
pub(super) fn holding(answers: u64, displays: u64, language: Language) -> String {
    let count = |count: u64| Format::of(language).count(count);
    let (one, many) = match language {
        Language::English => (["answer", "display"], ["answers", "displays"]),
        Language::German => (["Antwort", "Anzeige"], ["Antworten", "Anzeigen"]),
    };
    let said = |number: u64, at: usize| {
        format!("{} {}", count(number), if number == 1 { one[at] } else { many[at] })
    };
    format!("{}, {}", said(answers, 0), said(displays, 1))
}

/// The sentence that only the latest answers are shown.
pub(super) fn latest_of(shown: u64, all: u64, language: Language) -> String {
    let all = Format::of(language).count(all);
    match language {
        Language::English => format!("The latest {shown} of {all}:"),
        Language::German => format!("Die neuesten {shown} von {all}:"),
    }
}

/// The sentence that names the text to type as a confirmation.
pub(super) fn type_name(name: &str, language: Language) -> String {
    match language {
        Language::English => format!("Type “{name}” to confirm."),
        Language::German => format!("Geben Sie zur Bestätigung „{name}“ ein."),
    }
}

/// The beginning of a comment.
pub(super) fn excerpt(comment: &str) -> String {
    const MOST: usize = 80;
    let mut excerpt: String = comment.chars().take(MOST).collect();
    if excerpt.len() < comment.len() {
        excerpt.push('…');
    }
    excerpt
}

/// The number of refused answers.
pub(super) fn refused(answers: i64, language: Language) -> String {
    match (answers, language) {
        (1, Language::English) => "1 answer refused".to_owned(),
        (1, Language::German) => "1 Antwort abgewiesen".to_owned(),
        (_, Language::English) => format!("{} answers refused", number(answers, language)),
        (_, Language::German) => format!("{} Antworten abgewiesen", number(answers, language)),
    }
}

/// A facet with more values than are counted, as an entry of a list.
pub(super) fn left_out(facet: &str, language: Language) -> String {
    let most = match facet {
        PROPERTIES => MAX_PROPERTIES,
        METHODS => MAX_METHODS,
        facet => max_values(facet),
    };
    let most = Format::of(language).count(most as u64);
    let own = facet.strip_prefix(PROPERTY);
    match (facet, language) {
        (PROPERTIES, Language::English) => {
            format!("properties of your own: more than {most}, or others than you chose,")
        }
        (PROPERTIES, Language::German) => {
            format!("eigene Merkmale: mehr als {most} oder andere, als Sie gewählt haben,")
        }
        (METHODS, Language::English) => format!("ways of asking: more than {most}"),
        (METHODS, Language::German) => format!("Arten zu fragen: mehr als {most}"),
        (_, Language::English) => {
            let name = match facet {
                "product" => "products",
                "country" => "countries",
                "tag" => "tags",
                "reason" => "reasons",
                "language" => "languages",
                _ => return format!("values of “{}”: more than {most}", own.unwrap_or(facet)),
            };
            format!("{name}: more than {most}")
        }
        (_, Language::German) => {
            let name = match facet {
                "product" => "Produkte",
                "country" => "Länder",
                "tag" => "Schlagwörter",
                "reason" => "Gründe",
                "language" => "Sprachen",
                _ => return format!("Werte von „{}“: mehr als {most}", own.unwrap_or(facet)),
            };
            format!("{name}: mehr als {most}")
        }
    }
}

/// The explanation of the choice of properties.
pub(super) fn properties_hint(language: Language) -> String {
    match language {
        Language::English => format!(
            "Names of data-prop-…, separated by commas; only these are counted. Left open: the first \
             {MAX_PROPERTIES} that arrive."
        ),
        Language::German => format!(
            "Namen von data-prop-…, durch Kommas getrennt; nur diese werden gezählt. Bleibt es leer: die \
             ersten {MAX_PROPERTIES}, die ankommen."
        ),
    }
}

/// A number of days.
pub(super) fn days(days: u32, language: Language) -> String {
    match language {
        Language::English => format!("{days} days"),
        Language::German => format!("{days} Tage"),
    }
}

fn number(number: i64, language: Language) -> String {
    Format::of(language).count(number.unsigned_abs())
}
