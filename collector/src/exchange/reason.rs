//! Explains in the reader's language why a file or a row was not imported.

use super::{
    import::Reason,
    table::{MAX_CELL, MAX_COLUMNS, MAX_ROWS, NoTable},
    workbook::MAX_UNPACKED,
};
use crate::{language::Language, words::problems::of_field};

/// Explains why a file is no table of answers, and what to do about it.
pub(crate) fn of_table(problem: NoTable, language: Language) -> String {
    if language == Language::English {
        return problem.to_string();
    }
    match problem {
        NoTable::Empty => {
            "Die Datei ist leer. Exportieren Sie sie noch einmal, mit den Namen der Spalten.".into()
        }
        NoTable::OneColumn => "Es wurde nur eine Spalte gefunden. Die Datei muss eine Tabelle sein, mit \
                               Kommas, Semikolons oder Tabulatoren zwischen den Spalten und deren Namen \
                               in der ersten Zeile."
            .into(),
        NoTable::Wide(line) => format!(
            "Zeile {line} hat mehr als {MAX_COLUMNS} Spalten. Lassen Sie weg, was nicht gebraucht wird, und \
             importieren Sie die Datei noch einmal."
        ),
        NoTable::Long(line) => format!(
            "Eine Zelle in Zeile {line} ist länger als {} KB. Fehlt an ihrem Ende ein Anführungszeichen?",
            MAX_CELL >> 10
        ),
        NoTable::Rows => format!(
            "Die Datei hat mehr als {} Zeilen. Teilen Sie sie, und importieren Sie die Teile \
             nacheinander.",
            MAX_ROWS
        ),
        NoTable::Archive => "Die Datei ist ein ZIP-Archiv oder eine Arbeitsmappe, die sich nicht lesen \
                             lässt. Entpacken Sie ein Archiv und wählen Sie die CSV-Datei darin; eine \
                             geschützte oder beschädigte Arbeitsmappe speichern Sie neu als .xlsx oder CSV."
            .into(),
        NoTable::Unpacked => format!(
            "Entpackt ist die Arbeitsmappe größer als {} MB. Speichern Sie nur das Blatt mit den Antworten, \
             als CSV.",
            MAX_UNPACKED >> 20
        ),
        NoTable::OldWorkbook => {
            "Das ist eine Arbeitsmappe in einem älteren Format. Speichern Sie sie als .xlsx oder CSV.".into()
        }
    }
}

/// Explains why a row was not imported, as the end of a sentence about it.
pub(crate) fn of_row(reason: &Reason, language: Language) -> String {
    if language == Language::English {
        return reason.to_string();
    }
    match reason {
        Reason::NoScore => "hat keine Bewertung".into(),
        Reason::NoTime => "hat keine Zeit".into(),
        Reason::Score(text) => format!("die Bewertung „{text}“ ist keine ganze Zahl von 0 bis 10"),
        Reason::Stars(text) => format!("„{text}“ ist keine ganze Zahl von Sternen von 1 bis 5"),
        Reason::Cells(cells, columns) => format!(
            "hat {cells} Zellen für {columns} Spalten: Text mit einem Komma oder Semikolon braucht \
             Anführungszeichen"
        ),
        Reason::Currency(text) => format!("der Betrag „{text}“ hat keine Währung"),
        Reason::Long => "ist länger, als eine Antwort sein kann".into(),
        Reason::Time(column, text) => {
            format!("die Zeit „{text}“ in der Spalte „{column}“ ist nicht lesbar")
        }
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
    fn a_line_that_is_not_json_names_the_place() {
        let Err(Refusal::Syntax(words)) = receive::from_json(b"{\"version\":1,") else { panic!() };
        assert_eq!(
            of_row(&Reason::Json(words), Language::German),
            "ist kein JSON: der Fehler steht bei Zeichen 13"
        );
    }
}
