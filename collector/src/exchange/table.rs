//! Reading somebody else's table: which encoding, which delimiter, which columns.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A file as text, and how it was encoded.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: &'static str,
}

/// Reads bytes as text. A byte order mark says how; without one, zeros at every other place are UTF-16,
/// what is valid UTF-8 is that, and the rest is what Windows wrote in Western Europe.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (unmarked(bytes), bytes),
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name() }
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

/// One row: the line it begins at, for people to find it, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// A table with a row of names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) delimiter: u8,
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// Why a file is no table that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoTable {
    /// Nothing in it.
    #[error("The file is empty. Export it again, with the names of the columns.")]
    Empty,
    /// A text, or columns that nothing known stands between.
    #[error(
        "Only one column was found. The file must be a table with commas, semicolons or tabs between \
         its columns, and their names in the first line."
    )]
    OneColumn,
}

/// Reads text as a table.
pub(crate) fn read(text: &str) -> Result<Table, NoTable> {
    // A line that tells Excel, and some who export for it, which delimiter follows.
    let (told, text, skipped) = match text.split_once('\n') {
        Some((first, rest)) => match first.trim().strip_prefix("sep=") {
            Some(delimiter) if delimiter.len() == 1 => (delimiter.bytes().next(), rest, 1),
            _ => (None, text, 0),
        },
        None => (None, text, 0),
    };
    let delimiter = told.unwrap_or_else(|| delimiter(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        // Text cannot fail to be one: rows may be of any length.
        let Ok(record) = record else { continue };
        // A record begins behind the empty lines before it.
        let line = record.position().map_or(0, |position| {
            let at = usize::try_from(position.byte()).unwrap_or(text.len()).min(text.len());
            let empty =
                text.as_bytes()[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            position.line() + empty.filter(|byte| **byte == b'\n').count() as u64
        }) + skipped;
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(Row { line, cells });
        }
    }
    if rows.is_empty() {
        return Err(NoTable::Empty);
    }
    let names: Vec<String> =
        rows.remove(0).cells.into_iter().map(|name| name.trim().to_owned()).collect();
    if names.len() < 2 {
        return Err(NoTable::OneColumn);
    }
    Ok(Table { delimiter, names, rows })
}

/// The delimiter that makes the most columns of the first lines, the same in each.
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
        let first = lengths.first().copied().unwrap_or(0);
        let alike = lengths.iter().filter(|length| **length == first).count();
        // Names hold no delimiters but the real one, so many columns in the first line count most.
        (first.min(2), alike * 100 / lengths.len().max(1), first)
    };
    [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TABLE: &str = "Größe;Text\n9;\"Schön, gut\"\n";

    #[track_caller]
    fn check(bytes: &[u8], encoding: &str) {
        let decoded = decode(bytes);
        assert_eq!((decoded.text.as_ref(), decoded.encoding), (TABLE, encoding));
    }

    fn utf_16(bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        TABLE.encode_utf16().flat_map(bytes).collect()
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
            let table = read(text).unwrap();
            assert_eq!(
                (table.delimiter, table.names.as_slice()),
                (delimiter, &["a".into(), "b".into()][..])
            );
            assert_eq!(table.rows[0], Row { line: 2, cells: vec!["1".into(), "x\ny".into()] });
            assert_eq!(table.rows[1], Row { line: 5, cells: vec!["2".into(), "z".into()] });
        }
        // Commas in what people wrote are not between columns.
        assert_eq!(
            read("score;comment\n9;gut, schnell, nett\n8;ja, gut\n").unwrap().delimiter,
            b';'
        );
        let told = read("sep=;\na;b\n1;2\n").unwrap();
        assert_eq!((told.names.len(), told.rows[0].line), (2, 3));
    }

    #[test]
    fn what_is_no_table_is_explained() {
        assert_eq!(read(""), Err(NoTable::Empty));
        assert_eq!(read("hello\nworld\n"), Err(NoTable::OneColumn));
    }
}
