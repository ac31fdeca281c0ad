//! Why a row of a file is not taken, in the reader's language.

use super::import::Reason;
use crate::{language::Language, words::problems::of_field};

/// Why a row is not taken, as the end of a sentence about it.
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
    use afterword_response::receive::{self, Refusal};

    use super::*;

    #[test]
    fn a_line_that_is_no_json_is_told_where() {
        let Err(Refusal::Syntax(words)) = receive::from_json(b"{\"version\":1,") else { panic!() };
        assert_eq!(
            of_row(&Reason::Json(words), Language::German),
            "ist kein JSON: der Fehler steht bei Zeichen 13"
        );
    }
}
