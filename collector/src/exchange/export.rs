//! Writes answers as CSV for spreadsheets, or as JSON Lines for programs.

use std::io;

use super::columns::{COLUMNS, Dialect, PROPERTY, cells};
use super::sheet::Sheet;
use super::stored_json::StoredJson;
use crate::store::Stored;

/// The format of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8 with a byte order mark, by which Excel recognises UTF-8.
    Csv(Dialect),
    /// One JSON object a line, each as the list of responses has it.
    JsonLines,
}

impl Format {
    /// The media type, with its parameters.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    /// The extension of the file's name.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Writes a file piece by piece.
pub(crate) struct Writer(Shape);

/// The columns of an export.
enum Shape {
    /// All stored fields, to be imported again; and the properties that have a column.
    Complete(Format, Vec<String>),
    /// A few columns for people.
    Sheet(Box<Sheet>),
}

impl Writer {
    pub(crate) const fn new(format: Format, properties: Vec<String>) -> Self {
        Self(Shape::Complete(format, properties))
    }

    pub(crate) fn of_sheet(sheet: Sheet) -> Self {
        Self(Shape::Sheet(Box::new(sheet)))
    }

    /// The text before the first answer.
    pub(crate) fn head(&self) -> io::Result<Vec<u8>> {
        let (dialect, names) = match &self.0 {
            Shape::Complete(Format::JsonLines, _) => return Ok(Vec::new()),
            Shape::Complete(Format::Csv(dialect), properties) => {
                let properties = properties.iter().map(|name| format!("{PROPERTY}{name}"));
                let names = COLUMNS.iter().map(|name| (*name).to_owned()).chain(properties);
                (*dialect, names.collect())
            }
            Shape::Sheet(sheet) => (sheet.dialect, sheet.head()),
        };
        rows("\u{feff}".as_bytes().to_vec(), dialect, [names].into_iter())
    }

    /// The lines of these answers.
    pub(crate) fn lines(&self, answers: Vec<Stored>) -> io::Result<Vec<u8>> {
        match &self.0 {
            Shape::Complete(Format::Csv(dialect), properties) => {
                let cells = answers.iter().map(|it| cells(it, properties, *dialect));
                rows(Vec::new(), *dialect, cells)
            }
            Shape::Sheet(sheet) => {
                rows(Vec::new(), sheet.dialect, answers.iter().map(|it| sheet.cells(it)))
            }
            Shape::Complete(Format::JsonLines, _) => {
                let mut lines = Vec::new();
                for answer in answers {
                    serde_json::to_writer(&mut lines, &StoredJson::from(answer))?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
        }
    }
}

fn rows(
    start: Vec<u8>,
    dialect: Dialect,
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter())
        .terminator(csv::Terminator::CRLF)
        .from_writer(start);
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
