//! Sentences with values on the page about data. Each language has its own order of words.

use crate::{
    exchange::run::{Dates, Problem, Target},
    language::Language,
    site::frame::format::Format,
};

use super::words::Words;

/// A count in the language's notation.
pub(super) fn number(count: u64, language: Language) -> String {
    Format::of(language).count(count)
}

/// A count with the singular or the plural of a noun.
pub(super) fn many(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The text of the button that imports.
pub(super) fn import_now(answers: u64, language: Language) -> String {
    match (answers, language) {
        (1, Language::English) => "Import 1 answer".to_owned(),
        (1, Language::German) => "1 Antwort importieren".to_owned(),
        (_, Language::English) => format!("Import {} answers", number(answers, language)),
        (_, Language::German) => format!("{} Antworten importieren", number(answers, language)),
    }
}

/// A problem of the columns that must be solved before a file can be imported.
pub(super) fn mapping_problem(problem: Problem, words: &Words, language: Language) -> String {
    match problem {
        Problem::Missing(Target::Score) => words.missing_score.into(),
        Problem::Missing(_) => words.missing_time.into(),
        Problem::Double(twice) => format!("{}{}.", words.double, target(twice, language)),
        Problem::Dates => words.dates_unclear.into(),
        Problem::Stars => words.stars.into(),
        Problem::Currency => words.currency_missing.into(),
    }
}

/// The name of a target.
pub(super) fn target(of: Target, language: Language) -> &'static str {
    let (english, german) = match of {
        Target::Ignore | Target::Own(_) => ("left out", "weggelassen"),
        Target::Score => ("the score", "die Bewertung"),
        Target::Stars => ("stars, each counted as two", "Sterne, jeder zählt zwei"),
        Target::Time => ("the time", "die Zeit"),
        Target::Comment => ("the comment", "der Kommentar"),
        Target::Id => ("its id there", "die Kennung dort"),
        Target::Order => ("the order's number", "die Bestellnummer"),
        Target::Value => ("the order's total", "der Bestellwert"),
        Target::Currency => ("the currency", "die Währung"),
        Target::Country => ("the country (DE)", "das Land (DE)"),
        Target::Products => ("products", "Produkte"),
        Target::Customer => ("the customer's number", "die Kundennummer"),
        Target::Kind => ("new or returning", "neu oder wiederkehrend"),
        Target::Contact => ("a contact to answer", "ein Kontakt zum Antworten"),
        Target::Reasons => ("reasons", "Gründe"),
        Target::Tags => ("tags", "Schlagwörter"),
        Target::Touchpoint => ("the touchpoint", "der Kontaktpunkt"),
        Target::Survey => ("the survey", "die Umfrage"),
        Target::Locale => ("the language", "die Sprache"),
        Target::Page => ("the page's address", "die Adresse der Seite"),
        Target::Property => ("a property of your own", "eine eigene Eigenschaft"),
        Target::Excluded => ("a mark: does not count", "ein Vermerk: zählt nicht"),
        Target::SurveyKind => ("the kind of survey", "die Art der Umfrage"),
    };
    match language {
        Language::English => english,
        Language::German => german,
    }
}

/// The name of a notation of times.
pub(super) fn dates(of: Dates, language: Language) -> &'static str {
    let (english, german) = match of {
        Dates::Iso => ("2026-11-24 17:00", "2026-11-24 17:00"),
        Dates::DayFirst => ("24.11.2026 17:00, day first", "24.11.2026 17:00, Tag zuerst"),
        Dates::MonthFirst => {
            ("11/24/2026 5:00 PM, month first", "11/24/2026 5:00 PM, Monat zuerst")
        }
        Dates::Serial => ("46350.7, days as Excel counts them", "46350,7, Tage nach Excel"),
        Dates::Seconds => ("1795539600, seconds since 1970", "1795539600, Sekunden seit 1970"),
        Dates::Milliseconds => {
            ("1795539600000, milliseconds since 1970", "1795539600000, Millisekunden seit 1970")
        }
    };
    match language {
        Language::English => english,
        Language::German => german,
    }
}
