//! What is wrong with a field or a parameter, in the reader's language. Programs read the English.

use std::borrow::Cow;

use afterword_response::receive::Problem;

use crate::{exchange::run::Reason, language::Language};

/// The same in every language, English beside German, so that neither is forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bilingual {
    english: Cow<'static, str>,
    german: Cow<'static, str>,
}

impl Bilingual {
    pub(crate) fn new(
        english: impl Into<Cow<'static, str>>,
        german: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { english: english.into(), german: german.into() }
    }

    /// What only programs are told.
    pub(crate) fn english(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { german: text.clone(), english: text }
    }

    pub(crate) fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::German => &self.german,
        }
    }
}

/// A parameter of an address that is unknown or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParameterProblem {
    pub(crate) name: String,
    /// As a sentence's end: `must be …`.
    pub(crate) problem: Bilingual,
}

impl ParameterProblem {
    pub(crate) fn new(name: &str, problem: Bilingual) -> Self {
        Self { name: name.to_owned(), problem }
    }
}

/// What is wrong with a field of the contract, as the end of the sentence that its name begins.
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
        Problem::Code { letters, example } => {
            let letters = if *letters == 2 { "zwei" } else { "drei" };
            format!("muss aus {letters} Großbuchstaben bestehen, etwa {example}")
        }
        Problem::Word { allowed } => format!("muss eines von {} sein", allowed.join(", ")),
    }
}

/// Why a row of a file is not taken.
pub(crate) fn of_row(reason: &Reason, language: Language) -> String {
    if language == Language::English {
        return reason.to_string();
    }
    match reason {
        Reason::NoScore => "hat keine Bewertung".into(),
        Reason::NoTime => "hat keine Zeit".into(),
        Reason::Score(text) => format!("die Bewertung „{text}“ ist keine ganze Zahl von 0 bis 10"),
        Reason::Time(text) => format!("die Zeit „{text}“ ist nicht lesbar"),
        Reason::Future(text) => format!("die Zeit „{text}“ liegt in der Zukunft"),
        Reason::Excluded => "ist dort als „zählt nicht“ markiert".into(),
        Reason::Kind(kind) => {
            format!("gehört zu einer anderen Art von Umfrage ({kind}), nicht NPS")
        }
        Reason::Touchpoint(text) => format!(
            "der Kontaktpunkt „{text}“ ist keiner von visit, order, delivery, support, return"
        ),
        Reason::Amount(text) => format!("der Betrag „{text}“ ist nicht lesbar"),
        Reason::Field(field, problem) => format!("{field} {}", of_field(problem, language)),
        Reason::Version(version) => {
            format!("hat die Version {version}; dieser Collector kennt die Version 1")
        }
        Reason::Json(words) => match words.rsplit_once(" column ").map(|(_, column)| column) {
            Some(column) => format!("ist kein JSON: der Fehler steht bei Zeichen {column}"),
            None => "ist kein JSON".into(),
        },
        Reason::Old(days) => {
            format!("ist älter als die {days} Tage, die Antworten aufgehoben werden")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::receive::{self, Refusal};

    use super::*;

    /// What the contract's reader says of a body, in German.
    fn check(body: &str, expected: &str) {
        let Err(Refusal::Fields(problems)) = receive::from_json(body.as_bytes()) else {
            panic!("{body} is not refused for a field")
        };
        let said: Vec<_> =
            problems.iter().map(|it| of_field(&it.problem, Language::German)).collect();
        assert!(said.iter().any(|it| it == expected), "{problems:?}");
    }

    #[test]
    fn what_is_wrong_with_a_field_is_said_in_german() {
        check("{}", "fehlt; dieser Collector kennt die Version 1");
        check(r#"{"version":1}"#, "fehlt");
        check(
            r#"{"version":1,"touchpoint":"kasse"}"#,
            "muss eines von visit, order, delivery, support, return sein",
        );
        check(r#"{"version":1,"score":"neun"}"#, "muss eine ganze Zahl von 0 bis 10 sein");
    }

    #[test]
    fn a_line_that_is_no_json_is_told_where() {
        let Err(Refusal::Syntax(words)) = receive::from_json(b"{\"version\":1,") else { panic!() };
        assert_eq!(
            of_row(&Reason::Json(words), Language::German),
            "ist kein JSON: der Fehler steht bei Zeichen 13"
        );
    }
}
