//! Reads a table of another product: finds its encoding, its delimiter and the row with the names of its
//! columns. Only the text itself and one row at a time are in memory.

use csv::StringRecord;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Columns of a table. Exports of surveys have some thirty.
pub const MAX_COLUMNS: usize = 256;
/// Bytes of a cell. A longer cell is due to a missing quotation mark.
pub const MAX_CELL: usize = 64 << 10;
/// Rows of a file: ten years of a large shop have fewer.
pub const MAX_ROWS: u64 = 1_000_000;
/// Rows that are read to guess the meaning of the columns.
const MAX_SAMPLE_ROWS: usize = 2_000;
/// Rows in which the names of the columns are searched for: titles may stand above them.
const MAX_HEADING_ROWS: usize = 10;

/// A file as text, and how it was encoded.
pub(crate) struct DecodedText {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
}

/// Reads bytes as text. A byte order mark names the encoding. Without one, zeros at every other place mean
/// UTF-16; valid UTF-8 is read as such, and everything else as Windows-1252.
pub(crate) fn decode(mut bytes: Vec<u8>) -> DecodedText {
    let encoding = match Encoding::for_bom(&bytes) {
        Some((encoding, length)) => {
            bytes.drain(..length);
            encoding
        }
        None => unmarked(&bytes),
    };
    let text = match String::from_utf8(bytes) {
        // The common case needs no copy.
        Ok(text) if encoding == UTF_8 => text,
        Ok(text) => encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned(),
        Err(error) => encoding.decode_without_bom_handling(error.as_bytes()).0.into_owned(),
    };
    DecodedText { text, encoding: encoding.name() }
}

fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(4_000)];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match () {
        () if zeros(1) * 4 > sample.len() => UTF_16LE,
        () if zeros(0) * 4 > sample.len() => UTF_16BE,
        () if std::str::from_utf8(bytes).is_ok() => UTF_8,
        () => WINDOWS_1252,
    }
}

/// One row: the line that it begins at, so that people can find it, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: StringRecord,
}

/// How rows are numbered for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    /// By the line of the text that a row begins at.
    Lines,
    /// By the row's number in the sheet.
    Rows,
}

/// A table with a row of names. Its rows are read from the text on demand: a file of nothing but commas has
/// twenty million cells, which would take a hundred times the file's size in memory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) delimiter: u8,
    /// The sheet of a workbook that it was read from.
    pub(crate) sheet: Option<String>,
    pub(crate) names: Vec<String>,
    /// The second row of names, with the question of each column if the first row has its code. Empty if
    /// there is none.
    pub(crate) labels: Vec<String>,
    /// The number of rows below the names.
    pub(crate) count: u64,
    /// The first of them, to guess the meaning of the columns.
    pub(crate) sample: Vec<Row>,
    text: String,
    numbering: Numbering,
    /// Lines before the text that are ignored.
    skipped: u64,
    /// Rows that are not empty before the first answer.
    heading: usize,
}

/// Why a file is no table that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoTable {
    /// It is empty.
    #[error("The file is empty. Export it again, with the names of the columns.")]
    Empty,
    /// It has one column only, or an unknown delimiter.
    #[error(
        "Only one column was found. The file must be a table with commas, semicolons or tabs between \
         its columns, and their names in the first line."
    )]
    OneColumn,
    /// The row at this line has more than [`MAX_COLUMNS`] columns.
    #[error(
        "Line {0} has more than {MAX_COLUMNS} columns. Leave out those that are not needed, and import \
         the file again."
    )]
    Wide(u64),
    /// A cell of the row at this line has more than [`MAX_CELL`] bytes.
    #[error(
        "A cell in line {0} is longer than {kilobytes} KB. Is a quotation mark missing at its end?",
        kilobytes = MAX_CELL >> 10
    )]
    Long(u64),
    /// It has more than [`MAX_ROWS`] rows.
    #[error("The file has more than {MAX_ROWS} rows. Split it, and import its parts one by one.")]
    Rows,
    /// It is a damaged or protected workbook, or another kind of archive.
    #[error(
        "The file is a ZIP archive or a workbook that cannot be read. Unpack an archive and choose the \
         CSV file in it; save a protected or damaged workbook again as .xlsx or as CSV."
    )]
    Archive,
    /// It is a workbook that would fill the memory.
    #[error(
        "Unpacked, the workbook is larger than {} MB. Save the sheet with the answers alone, as CSV.",
        super::workbook::MAX_UNPACKED >> 20
    )]
    Unpacked,
    /// It is a workbook of another program, or of Excel before 2007.
    #[error("This is a workbook in an older format. Save it as .xlsx or as CSV.")]
    OldWorkbook,
}

/// Reads text as a table.
pub(crate) fn read(mut text: String) -> Result<Table, NoTable> {
    // `sep=;`: a line by which some exports tell Excel the delimiter.
    let told = text.split_once('\n').and_then(|(first, _)| {
        let delimiter = first.trim().strip_prefix("sep=").filter(|it| it.len() == 1)?;
        Some((delimiter.bytes().next()?, first.len() + 1))
    });
    let (delimiter, skipped) = match told {
        Some((delimiter, length)) => {
            text.drain(..length);
            (delimiter, 1)
        }
        None => (delimiter(&text), 0),
    };
    table(text, delimiter, Numbering::Lines, skipped)
}

/// Reads a sheet of a workbook that was written as text with commas, one record per row.
pub(crate) fn read_sheet(text: String, sheet: String) -> Result<Table, NoTable> {
    Ok(Table { sheet: Some(sheet), ..table(text, b',', Numbering::Rows, 0)? })
}

fn table(
    text: String,
    delimiter: u8,
    numbering: Numbering,
    skipped: u64,
) -> Result<Table, NoTable> {
    let filled = measure(&text, delimiter, numbering, skipped)?;
    let top: Vec<Row> =
        rows(&text, delimiter, numbering, skipped).take(MAX_HEADING_ROWS + 2).collect();
    let Some(at) = heading(&top) else {
        return Err(if top.is_empty() { NoTable::Empty } else { NoTable::OneColumn });
    };
    let names: Vec<String> = top[at].cells.iter().map(|name| name.trim().to_owned()).collect();
    let below = second_heading(&names, &top[at + 1..]);
    let labels = match below {
        0 => Vec::new(),
        _ => (0..names.len()).map(|column| cell(&top[at + 1], column).to_owned()).collect(),
    };
    let heading = at + 1 + below;
    let sample =
        rows(&text, delimiter, numbering, skipped).skip(heading).take(MAX_SAMPLE_ROWS).collect();
    Ok(Table {
        delimiter,
        sheet: None,
        names,
        labels,
        count: filled.saturating_sub(heading as u64),
        sample,
        text,
        numbering,
        skipped,
        heading,
    })
}

/// The trimmed cell of a row; empty if the row is too short.
pub(crate) fn cell(row: &Row, column: usize) -> &str {
    row.cells.get(column).map_or("", str::trim)
}

/// Finds the row of names among the first rows. A title fills one cell, names fill several; of two
/// candidates, the row with more known names wins.
fn heading(top: &[Row]) -> Option<usize> {
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let known = |row: &Row| row.cells.iter().filter(|cell| super::target::is_known(cell)).count();
    let wide = || top.iter().take(MAX_HEADING_ROWS).enumerate().filter(|(_, row)| filled(row) > 1);
    let (first, row) = wide().next()?;
    let better = wide().find(|(_, other)| known(other) > known(row).max(1));
    Some(better.map_or(first, |(at, _)| at))
}

/// The number of rows below the names that describe the columns: Qualtrics has the questions and import ids
/// there, `SurveyMonkey` the possible answers.
fn second_heading(names: &[String], below: &[Row]) -> usize {
    let is_import_id = |row: &&Row| row.cells.iter().any(|cell| cell.starts_with("{\"ImportId\""));
    if let Some(at) = below.iter().take(2).position(|row| is_import_id(&row)) {
        return at + 1;
    }
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let is_survey_monkey = has("Respondent ID") && has("Collector ID");
    usize::from(is_survey_monkey && below.first().is_some_and(|row| cell(row, 0).is_empty()))
}

impl Table {
    /// The rows below the names, one at a time.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        rows(&self.text, self.delimiter, self.numbering, self.skipped).skip(self.heading)
    }
}

/// The rows that are not empty.
fn rows(
    text: &str,
    delimiter: u8,
    numbering: Numbering,
    skipped: u64,
) -> impl Iterator<Item = Row> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut number = 0;
    std::iter::from_fn(move || {
        // Reading text cannot fail: the reader allows rows of any length.
        while matches!(reader.read_record(&mut record), Ok(true)) {
            number += 1;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let line = match numbering {
                Numbering::Rows => number,
                // The position lies before any empty lines; the row begins after them.
                Numbering::Lines => record.position().map_or(0, |position| {
                    let at = usize::try_from(position.byte()).unwrap_or(text.len()).min(text.len());
                    let empty = text.as_bytes()[at..]
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
                    position.line() + empty.filter(|byte| **byte == b'\n').count() as u64
                }),
            };
            return Some(Row { line: line + skipped, cells: record.clone() });
        }
        None
    })
}

/// Counts the rows that are not empty, and checks the limits. Reads byte by byte, so that no table can fill
/// the memory.
fn measure(text: &str, delimiter: u8, numbering: Numbering, skipped: u64) -> Result<u64, NoTable> {
    let mut reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    let mut piece = [0; 4_096];
    let (mut rest, mut filled, mut row) = (text.as_bytes(), 0, 1);
    // The first two belong to the row, the third to its cell.
    let (mut cells, mut is_blank, mut size, mut line) = (0, true, 0, 1);
    loop {
        let (read, consumed, written) = reader.read_field(rest, &mut piece);
        rest = &rest[consumed..];
        size += written;
        let at = skipped + if numbering == Numbering::Rows { row } else { line };
        if size > MAX_CELL {
            return Err(NoTable::Long(at));
        }
        is_blank &= std::str::from_utf8(&piece[..written]).is_ok_and(|it| it.trim().is_empty());
        match read {
            csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
            csv_core::ReadFieldResult::Field { record_end } => {
                (cells, size) = (cells + 1, 0);
                if cells > MAX_COLUMNS {
                    return Err(NoTable::Wide(at));
                }
                if record_end {
                    filled += u64::from(!is_blank);
                    if filled > MAX_ROWS {
                        return Err(NoTable::Rows);
                    }
                    (cells, is_blank, line, row) = (0, true, reader.line(), row + 1);
                }
            }
            csv_core::ReadFieldResult::End => return Ok(filled),
        }
    }
}

/// The delimiter that splits the most of the first lines into the same number of columns (at least two), and
/// among equals into the most columns.
fn delimiter(text: &str) -> u8 {
    let sample: String = text.chars().take(20_000).collect();
    let score = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(sample.as_bytes());
        let lengths: Vec<usize> =
            reader.records().take(20).filter_map(Result::ok).map(|record| record.len()).collect();
        let alike = |length: usize| lengths.iter().filter(|it| **it == length).count();
        let usual = lengths.iter().copied().max_by_key(|length| (alike(*length), *length));
        let usual = usual.unwrap_or(0);
        (usual.min(2), alike(usual) * 100 / lengths.len().max(1), usual)
    };
    [b',', b'\t', b';'].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TABLE: &str = "Größe;Text\n9;\"Schön, gut\"\n";

    #[track_caller]
    fn check(bytes: &[u8], encoding: &str) {
        let decoded = decode(bytes.to_vec());
        assert_eq!((decoded.text.as_str(), decoded.encoding), (TABLE, encoding));
    }

    fn utf_16(bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        TABLE.encode_utf16().flat_map(bytes).collect()
    }

    fn cells(row: &Row) -> Vec<&str> {
        row.cells.iter().collect()
    }

    #[test]
    fn text_is_read_however_it_was_encoded() {
        check(TABLE.as_bytes(), "UTF-8");
        check(&[b"\xef\xbb\xbf", TABLE.as_bytes()].concat(), "UTF-8");
        check(&utf_16(u16::to_le_bytes), "UTF-16LE");
        check(&[b"\xff\xfe".to_vec(), utf_16(u16::to_le_bytes)].concat(), "UTF-16LE");
        check(&utf_16(u16::to_be_bytes), "UTF-16BE");
        check(&WINDOWS_1252.encode(TABLE).0, "windows-1252");
    }

    #[test]
    fn the_delimiter_is_found_and_lines_are_counted() {
        for (text, delimiter) in [
            ("a,b\n1,\"x\ny\"\n\n2,z\n", b','),
            ("a;b\n1;\"x\ny\"\n\n2;z\n", b';'),
            ("a\tb\n1\t\"x\ny\"\n\n2\tz\n", b'\t'),
        ] {
            let table = read(text.to_owned()).unwrap();
            assert_eq!(
                (table.delimiter, table.names.as_slice()),
                (delimiter, &["a".into(), "b".into()][..])
            );
            assert_eq!((table.sample[0].line, cells(&table.sample[0])), (2, vec!["1", "x\ny"]));
            assert_eq!((table.sample[1].line, cells(&table.sample[1])), (5, vec!["2", "z"]));
        }
        // Commas in comments separate no columns.
        assert_eq!(
            read("score;comment\n9;gut, schnell, nett\n8;ja, gut\n".into()).unwrap().delimiter,
            b';'
        );
        let told = read("sep=;\na;b\n1;2\n".into()).unwrap();
        assert_eq!((told.names.len(), told.sample[0].line), (2, 3));
    }

    #[test]
    fn a_title_above_the_column_names_is_skipped() {
        for title in [
            "Umfrage 2026;;\n",
            "Umfrage 2026\n\n",
            "Umfrage, Herbst\n",
            "Umfrage;2026\n;;\n",
            "sep=;\nUmfrage 2026\n",
        ] {
            let table = read(format!(
                "{title}Datum;Note (0-10);Kommentar\n1.3.26;9;gut, ja\n4.3.26;8;na\n"
            ));
            let table = table.unwrap();
            assert_eq!(table.names, ["Datum", "Note (0-10)", "Kommentar"], "{title:?}");
            assert_eq!(table.count, 2, "{title:?}");
        }
    }

    #[test]
    fn questions_below_the_codes_of_columns_are_not_answers() {
        let table = read(
            "EndDate,Q1\nEnd Date,How likely?\n\"{\"\"ImportId\"\":\"\"endDate\"\"}\",\"{}\"\n2026-03-01,9\n"
                .into(),
        )
        .unwrap();
        assert_eq!((table.labels[1].as_str(), table.count), ("How likely?", 1));
        assert_eq!(table.sample[0].line, 4);
        let table =
            read("Respondent ID,Collector ID,How likely?\n,,Response\n118,42,9\n119,42,8\n".into())
                .unwrap();
        assert_eq!((table.labels[2].as_str(), table.count), ("Response", 2));
    }

    #[test]
    fn a_file_that_is_not_a_table_is_explained() {
        assert_eq!(read(String::new()), Err(NoTable::Empty));
        assert_eq!(read("\n\n , \n".into()), Err(NoTable::Empty));
        assert_eq!(read("hello\nworld\n".into()), Err(NoTable::OneColumn));
    }

    #[test]
    fn implausible_content_of_a_table_is_refused_with_its_line() {
        let wide = ",".repeat(MAX_COLUMNS);
        assert_eq!(read(wide.clone()), Err(NoTable::Wide(1)));
        assert_eq!(read(format!("a{wide}")), Err(NoTable::Wide(1)));
        assert_eq!(read(format!("a,b\n\n1,2\n3{wide},\n")), Err(NoTable::Wide(4)));
        assert_eq!(
            read(format!("a,b\n\"x\ny\",1\n2,\"{}", "z,\n".repeat(30_000))),
            Err(NoTable::Long(4))
        );
        assert_eq!(
            read(format!("sep=,\na,b\n1,{}\n", "x".repeat(MAX_CELL + 1))),
            Err(NoTable::Long(3))
        );
        assert!(read(format!("a,b\n1,{}\n", "x".repeat(MAX_CELL))).is_ok());
        assert_eq!(read("a,b\n".repeat(1_000_001)), Err(NoTable::Rows));
        assert_eq!(
            NoTable::Wide(4).to_string().split('.').next(),
            Some("Line 4 has more than 256 columns")
        );
    }

    #[test]
    fn rows_are_numbered_while_they_are_read() {
        let text = "a;b\r\n1;\"x\r\n;\"\"y\"\r\n\r\n ; \r\n2;ü\r\n;3";
        let table = read(text.into()).unwrap();
        let rows: Vec<Row> = table.rows().collect();
        assert_eq!((rows.len(), table.count), (3, 3));
        assert_eq!(rows, table.sample);
        assert_eq!(cells(&rows[0]), ["1", "x\r\n;\"y"]);
    }
}
