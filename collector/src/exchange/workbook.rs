//! Reads an Excel workbook as a table: the first sheet that holds one, cell by cell.

use std::io::{self, Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::table::{self, MAX_CELL, MAX_COLUMNS, NoTable, Table};

/// Bytes of a workbook's parts when unpacked. A small archive of zeros could unpack to gigabytes.
pub(crate) const MAX_UNPACKED: u64 = 200 << 20;
/// Bytes of the part that holds the texts of all cells, which is read into memory as a whole.
const MAX_STRINGS: u64 = 64 << 20;
/// Bytes of the sheet as text.
const MAX_TEXT: usize = 64 << 20;
/// Rows of a sheet: Excel's own limit.
const SHEET_ROWS: u32 = 1 << 20;

/// The kind of a file.
pub(crate) enum Kind {
    /// A ZIP archive, which may be a workbook.
    Archive,
    /// The container of Excel before 2007.
    Old,
    /// Anything else, read as text.
    Text,
}

/// Recognises the kind of a file by its first bytes.
pub(crate) fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Kind::Archive,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Kind::Old,
        _ => Kind::Text,
    }
}

/// Reads a workbook's bytes as a table.
pub(crate) fn read(bytes: Vec<u8>) -> Result<Table, NoTable> {
    let bytes = weigh(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| NoTable::Archive)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut refused = NoTable::Empty;
    for name in sheets {
        match sheet(&mut book, &name) {
            Ok(text) => match table::read_sheet(text, name) {
                Ok(table) if table.count > 0 => return Ok(table),
                Ok(_) => {}
                Err(problem) => refused = problem,
            },
            Err(problem) => refused = problem,
        }
    }
    Err(refused)
}

/// Unpacks each part without storing it, and counts the bytes: an archive may lie about its sizes.
fn weigh(bytes: Vec<u8>) -> Result<Vec<u8>, NoTable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NoTable::Archive)?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(NoTable::Archive);
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| NoTable::Archive)?;
        let most = match part.name().as_deref().unwrap_or_default() {
            "xl/sharedStrings.xml" => MAX_STRINGS.min(left),
            _ => left,
        };
        if part.size() > most {
            return Err(NoTable::Unpacked);
        }
        let size = io::copy(&mut part.take(most + 1), &mut io::sink());
        let size = size.map_err(|_| NoTable::Archive)?;
        if size > most {
            return Err(NoTable::Unpacked);
        }
        left -= size;
    }
    Ok(archive.into_inner().into_inner())
}

/// Writes a sheet as text with commas, one record per row.
fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<String, NoTable> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| NoTable::Archive)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::<u8>::new());
    let mut row: Vec<String> = Vec::new();
    // The library counts rows from 0, people from 1.
    let mut at = 0;
    while let Some(cell) = cells.next_cell().map_err(|_| NoTable::Archive)? {
        let value = text(cell.get_value());
        if value.is_empty() {
            continue;
        }
        let (line, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if line < at || line >= SHEET_ROWS {
            return Err(NoTable::Archive);
        }
        if column >= MAX_COLUMNS {
            return Err(NoTable::Wide(u64::from(line) + 1));
        }
        if value.len() > MAX_CELL {
            return Err(NoTable::Long(u64::from(line) + 1));
        }
        while at < line {
            write(&mut writer, &mut row)?;
            at += 1;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = value;
        if writer.get_ref().len() > MAX_TEXT {
            return Err(NoTable::Unpacked);
        }
    }
    write(&mut writer, &mut row)?;
    let bytes = writer.into_inner().map_err(|_| NoTable::Archive)?;
    String::from_utf8(bytes).map_err(|_| NoTable::Archive)
}

fn write(writer: &mut csv::Writer<Vec<u8>>, row: &mut Vec<String>) -> Result<(), NoTable> {
    if row.is_empty() {
        // An empty row becomes a record, too, so that the rows below keep their numbers.
        row.push(String::new());
    }
    writer.write_record(&*row).map_err(|_| NoTable::Archive)?;
    row.clear();
    Ok(())
}

/// A cell as text, as in a CSV file.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // The shortest form of the number: 9 and not 9.0.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(time) => moment(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // The error of a formula counts as no value.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn moment(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    // A cell that shows only a day has no time of day; its zero does not mean midnight.
    if time.as_f64().fract() == 0.0 {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Info" sheetId="1" r:id="r1"/><sheet name="Antworten" sheetId="2" r:id="r2"/></sheets></workbook>"#;
    const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
    const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

    /// A workbook whose second sheet has these rows, as XML.
    pub(crate) fn workbook(rows: &str) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let sheet = |rows: &str| {
            format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            )
        };
        for (name, content) in [
            ("[Content_Types].xml", TYPES.to_owned()),
            ("_rels/.rels", ROOT.to_owned()),
            ("xl/workbook.xml", BOOK.to_owned()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.to_owned()),
            ("xl/styles.xml", STYLES.to_owned()),
            ("xl/worksheets/sheet1.xml", sheet("")),
            ("xl/worksheets/sheet2.xml", sheet(rows)),
        ] {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    /// A row of texts and numbers.
    pub(crate) fn row(number: u32, cells: &[&str]) -> String {
        let cells = cells.iter().zip('A'..).map(|(cell, column)| match cell.parse::<f64>() {
            Ok(value) if column == 'A' => format!(r#"<c r="{column}{number}" s="1"><v>{value}</v></c>"#),
            Ok(value) => format!(r#"<c r="{column}{number}"><v>{value}</v></c>"#),
            Err(_) => format!(
                r#"<c r="{column}{number}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>"#
            ),
        });
        format!(r#"<row r="{number}">{}</row>"#, cells.collect::<String>())
    }

    #[test]
    fn a_workbook_is_read_with_its_rows_numbers_and_days() {
        let rows = [
            row(1, &["Umfrage"]),
            row(3, &["Datum", "Bewertung", "Kommentar"]),
            row(4, &["46082", "9", "gut,\nsehr"]),
            row(7, &["46082.75", "10", "=x"]),
        ]
        .concat();
        let table = read(workbook(&rows)).unwrap();
        assert_eq!(table.sheet.as_deref(), Some("Antworten"));
        assert_eq!((table.names[1].as_str(), table.count), ("Bewertung", 2));
        let read: Vec<(u64, Vec<String>)> = table
            .rows()
            .map(|row| (row.line, row.cells.iter().map(str::to_owned).collect()))
            .collect();
        assert_eq!(read[0], (4, vec!["2026-03-01".into(), "9".into(), "gut,\nsehr".into()]));
        assert_eq!(read[1], (7, vec!["2026-03-01 18:00:00".into(), "10".into(), "=x".into()]));
    }

    #[test]
    fn a_workbook_that_would_fill_the_memory_is_refused_before_it_is_opened() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..=(MAX_UNPACKED >> 20) {
            archive.write_all(&zeros).unwrap();
        }
        let packed = archive.finish().unwrap().into_inner();
        assert!(packed.len() < 1 << 20);
        assert_eq!(read(packed), Err(NoTable::Unpacked));
    }

    #[test]
    fn a_file_that_is_not_a_workbook_is_refused() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("answers.csv", SimpleFileOptions::default()).unwrap();
        archive.write_all(b"a,b\n1,2\n").unwrap();
        assert_eq!(read(archive.finish().unwrap().into_inner()), Err(NoTable::Archive));
        assert_eq!(read(b"PK\x03\x04nonsense".to_vec()), Err(NoTable::Archive));
        assert_eq!(read(workbook("")), Err(NoTable::Empty));
        let far = r#"<row r="1"><c r="ZZ1"><v>1</v></c></row>"#;
        assert_eq!(read(workbook(far)), Err(NoTable::Wide(1)));
    }
}
