//! The problems of fields, parameters and settings, as the end of a sentence that begins with the name. Programs get the
//! English text.

use afterword_response::receive::Problem;

use crate::{
    language::Language, query::ParameterProblem, report::facts::FACETS, survey::SettingProblem,
};

/// The problem of a field of the contract.
pub(crate) fn of_field(problem: &Problem, language: Language) -> String {
    if language == Language::English {
        return problem.to_string();
    }
    match problem {
        Problem::Missing => "fehlt".into(),
        Problem::NoVersion => "fehlt; dieser Collector kennt die Version 1".into(),
        Problem::Object => "muss ein Objekt sein".into(),
        Problem::List => "muss eine Liste von Texten sein".into(),
        Problem::Text => "muss ein Text sein".into(),
        Problem::Flag => "muss true oder false sein".into(),
        Problem::Empty => "darf nicht leer sein".into(),
        Problem::NotEmpty => "muss leer bleiben".into(),
        Problem::Long { most, has } => {
            format!("darf höchstens {most} Zeichen lang sein und hat {has}")
        }
        Problem::Many { most, has } => {
            format!("darf höchstens {most} Einträge haben und hat {has}")
        }
        Problem::Number { least, most } => {
            format!("muss eine ganze Zahl von {least} bis {most} sein")
        }
        Problem::Identifier => {
            "muss aus 1 bis 64 Buchstaben (ohne Umlaute), Ziffern, „.“, „_“ oder „-“ bestehen"
                .into()
        }
        Problem::PropertyName => {
            "braucht einen Namen aus 1 bis 64 Buchstaben (ohne Umlaute), Ziffern, „.“, „_“ oder „-“"
                .into()
        }
        Problem::Uuid => "muss eine UUID der Version 7 mit Bindestrichen sein".into(),
        Problem::Time => "muss eine Zeit nach RFC 3339 sein, etwa 2026-11-21T17:00:00.000Z".into(),
        Problem::Address => "muss eine Adresse mit http oder https sein".into(),
        Problem::Locale => "muss ein Sprachkürzel wie de oder pt-BR sein".into(),
        Problem::Amount => {
            "muss eine Dezimalzahl wie 129.90 sein, ohne Vorzeichen und Tausenderzeichen".into()
        }
        Problem::Sha256 => "muss ein SHA-256 aus 64 kleinen hexadezimalen Ziffern sein".into(),
        Problem::Code { letters, example } => {
            let letters = if *letters == 2 { "zwei" } else { "drei" };
            format!("muss aus {letters} Großbuchstaben bestehen, etwa {example}")
        }
        Problem::Word { allowed } => format!("muss eines von {} sein", allowed.join(", ")),
    }
}

/// The problem of a parameter of an address.
pub(crate) fn of_parameter(problem: &ParameterProblem, language: Language) -> String {
    use Language::{English, German};

    match (problem, language) {
        (ParameterProblem::Unknown { known }, English) => {
            format!("is not known here; known are {}", listed(known, "and"))
        }
        (ParameterProblem::Unknown { known }, German) => {
            format!("gibt es hier nicht; bekannt sind {}", listed(known, "und"))
        }
        (ParameterProblem::Repeated, English) => "must be given once".into(),
        (ParameterProblem::Repeated, German) => "darf nur einmal vorkommen".into(),
        (ParameterProblem::Word(words), English) => format!("must be one of {}", words.join(", ")),
        (ParameterProblem::Word(words), German) => {
            format!("muss eines von {} sein", words.join(", "))
        }
        (ParameterProblem::Either(one, other), English) => format!("must be {one} or {other}"),
        (ParameterProblem::Either(one, other), German) => format!("muss {one} oder {other} sein"),
        (ParameterProblem::Facet, English) => {
            format!("must be one of {} or prop-NAME", FACETS.join(", "))
        }
        (ParameterProblem::Facet, German) => {
            format!("muss eines von {} oder prop-NAME sein", FACETS.join(", "))
        }
        (ParameterProblem::Identifier, English) => {
            "must be 1 to 64 letters, digits, '.', '_' or '-'".into()
        }
        (ParameterProblem::Identifier, German) => of_field(&Problem::Identifier, German),
        (ParameterProblem::Long { most }, English) => format!("must be at most {most} characters"),
        (ParameterProblem::Long { most }, German) => {
            format!("darf höchstens {most} Zeichen lang sein")
        }
        (ParameterProblem::Length { least, most }, English) => {
            format!("must be {least} to {most} characters")
        }
        (ParameterProblem::Length { least, most }, German) => {
            format!("muss {least} bis {most} Zeichen lang sein")
        }
        (ParameterProblem::NoWord, English) => {
            "must have a word of at least two letters in it to look for".into()
        }
        (ParameterProblem::NoWord, German) => {
            "muss ein Wort aus mindestens zwei Buchstaben enthalten, nach dem gesucht werden kann"
                .into()
        }
        (ParameterProblem::SecondFacet, English) => {
            "cannot be combined: ask for one property at a time".into()
        }
        (ParameterProblem::SecondFacet, German) => {
            "lässt sich nicht kombinieren: Wählen Sie nur eine Eigenschaft".into()
        }
        (ParameterProblem::DayOrMoment, English) => {
            "must be a day such as 2026-11-24 or a time such as 2026-11-24T17:00:00Z".into()
        }
        (ParameterProblem::DayOrMoment, German) => {
            "muss ein Tag wie 2026-11-24 oder eine Zeit wie 2026-11-24T17:00:00Z sein".into()
        }
        (ParameterProblem::Day, English) => "must be a day such as 2026-11-24".into(),
        (ParameterProblem::Day, German) => "muss ein Tag wie 2026-11-24 sein".into(),
        (ParameterProblem::Number { least, most }, English) => {
            format!("must be a whole number from {least} to {most}")
        }
        (ParameterProblem::Number { least, most }, German) => {
            format!("muss eine ganze Zahl von {least} bis {most} sein")
        }
        (ParameterProblem::Cursor, English) => {
            "must be the value of next from the page before, unchanged".into()
        }
        (ParameterProblem::Cursor, German) => {
            "muss unverändert der Wert aus dem Verweis der Seite davor sein".into()
        }
        (ParameterProblem::BeforeFrom, English) => "must not be earlier than from".into(),
        (ParameterProblem::BeforeFrom, German) => "darf nicht früher als from sein".into(),
        (ParameterProblem::PeriodAndDates, English) => {
            "cannot be combined with from and to: leave one of both out".into()
        }
        (ParameterProblem::PeriodAndDates, German) => {
            "lässt sich nicht mit from und to kombinieren: Lassen Sie eines davon weg".into()
        }
        (ParameterProblem::Period, English) => {
            "must be all, or a number of days up to 3660 such as 90d".into()
        }
        (ParameterProblem::Period, German) => {
            "muss all oder eine Zahl von höchstens 3660 Tagen wie 90d sein".into()
        }
        (ParameterProblem::ForLists, English) => {
            "is for lists; an export contains every answer".into()
        }
        (ParameterProblem::ForLists, German) => {
            "gibt es nur bei Listen; ein Export enthält jede Antwort".into()
        }
        (ParameterProblem::ForPrograms(words), _) => words.clone(),
    }
}

/// The problem of a survey's setting.
pub(crate) const fn of_setting(problem: SettingProblem, language: Language) -> &'static str {
    match (problem, language) {
        (SettingProblem::Text, Language::English) => "must have 1 to 100 characters, on one line",
        (SettingProblem::Text, Language::German) => "muss 1 bis 100 Zeichen haben, in einer Zeile",
        (SettingProblem::Origin, Language::English) => {
            "must be a site without a path, such as https://shop.example or https://*.shop.example"
        }
        (SettingProblem::Origin, Language::German) => {
            "muss eine Website ohne Pfad sein, etwa https://shop.example oder https://*.shop.example"
        }
        (SettingProblem::TooManyOrigins, Language::English) => "must be 50 sites at most",
        (SettingProblem::TooManyOrigins, Language::German) => "dürfen höchstens 50 Websites sein",
        (SettingProblem::Link, Language::English) => {
            "must be a whole address, such as https://reviews.example/shop"
        }
        (SettingProblem::Link, Language::German) => {
            "muss eine vollständige Adresse sein, etwa https://bewertungen.example/shop"
        }
        (SettingProblem::ReviewCondition, Language::English) => {
            "must be the same address for every score, without a place in braces to fill in"
        }
        (SettingProblem::ReviewCondition, Language::German) => {
            "muss nach jeder Bewertung dieselbe Adresse sein, ohne eine Stelle in geschweiften Klammern"
        }
        (SettingProblem::Retention, Language::English) => {
            "must be a whole number of days from 1 to 36500"
        }
        (SettingProblem::Retention, Language::German) => {
            "muss eine ganze Zahl von 1 bis 36500 Tagen sein"
        }
        (SettingProblem::Language, Language::English) => "must be en or de",
        (SettingProblem::Language, Language::German) => "muss en oder de sein",
        (SettingProblem::Properties, Language::English) => {
            "must be 100 names at most, of letters, digits, '.', '_' or '-'"
        }
        (SettingProblem::Properties, Language::German) => {
            "dürfen höchstens 100 Namen aus Buchstaben, Ziffern, '.', '_' oder '-' sein"
        }
        (SettingProblem::Id, Language::English) => {
            "must be 1 to 64 letters, digits, '.', '_' or '-'"
        }
        (SettingProblem::Id, Language::German) => {
            "muss aus 1 bis 64 Buchstaben, Ziffern, '.', '_' oder '-' bestehen"
        }
    }
}

/// Names with commas, and a word before the last.
fn listed(names: &[&str], and: &str) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [names @ .., last] => format!("{} {and} {last}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::receive::{self, Refusal};

    use super::*;

    /// The German texts of the problems that the contract's reader finds in a body.
    fn check(body: &str, expected: &str) {
        let Err(Refusal::Fields(problems)) = receive::from_json(body.as_bytes()) else {
            panic!("{body} is not refused for a field")
        };
        let said: Vec<_> =
            problems.iter().map(|it| of_field(&it.problem, Language::German)).collect();
        assert!(said.iter().any(|it| it == expected), "{problems:?}");
    }

    #[test]
    fn problems_of_fields_are_explained_in_german() {
        check("{}", "fehlt; dieser Collector kennt die Version 1");
        check(r#"{"version":1}"#, "fehlt");
        check(
            r#"{"version":1,"touchpoint":"kasse"}"#,
            "muss eines von visit, order, delivery, support, return sein",
        );
        check(r#"{"version":1,"score":"neun"}"#, "muss eine ganze Zahl von 0 bis 10 sein");
    }
}
