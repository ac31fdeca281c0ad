//! The text of a cell: escapes formulas and joins lists. Each function has an inverse, so that an exported
//! text is imported unchanged.

use std::borrow::Cow;

/// First characters that make a spreadsheet read a formula or begin a new line: OWASP's list, and the wide
/// forms that Excel reads like the narrow ones in some languages.
const RISKY_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Characters that end a cell in some reader: a program that expects semicolons begins a cell after each of
/// them, also in a file with commas.
const SEPARATORS: [char; 5] = [';', ',', '\t', '\r', '\n'];

/// Characters that make a spreadsheet read a formula after a separator.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet may read a formula at this byte, also after quotation marks and apostrophes.
fn is_risky(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches(['\'', '"']);
    if at == 0 { rest.starts_with(RISKY_STARTS) } else { rest.starts_with(FORMULA_SIGNS) }
}

/// The places where a cell begins in some reader.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let behind = text.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len());
    std::iter::once(0).chain(behind)
}

/// Puts an apostrophe before each possible formula, so that the text stays text however a reader splits it.
pub(crate) fn neutralised(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut written = 0;
    for at in beginnings(text).filter(|at| is_risky(text, *at)) {
        safe.push_str(&text[written..at]);
        safe.push('\'');
        written = at;
    }
    safe.push_str(&text[written..]);
    safe
}

/// The inverse of [`neutralised`].
pub(crate) fn original(cell: &str) -> Cow<'_, str> {
    // `is_risky` skips apostrophes, so it gives the same result with and without the added one.
    let is_added = |at: &usize| cell[*at..].starts_with('\'') && is_risky(cell, *at);
    let mut added = beginnings(cell).filter(is_added).peekable();
    if added.peek().is_none() {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut read = 0;
    for at in added {
        text.push_str(&cell[read..at]);
        read = at + 1;
    }
    text.push_str(&cell[read..]);
    Cow::Owned(text)
}

/// Joins items with semicolons; a semicolon within an item gets a backslash.
pub(crate) fn join(items: &[String]) -> String {
    let escaped: Vec<String> =
        items.iter().map(|item| item.replace('\\', "\\\\").replace(';', "\\;")).collect();
    escaped.join(";")
}

/// The inverse of [`join`]. Empty items are left out: the contract has none.
pub(crate) fn split(cell: &str) -> Vec<String> {
    let (mut items, mut item) = (Vec::new(), String::new());
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => item.extend(letters.next()),
            ';' => items.push(std::mem::take(&mut item)),
            _ => item.push(letter),
        }
    }
    items.push(item);
    items.retain(|item| !item.is_empty());
    items
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_that_could_be_a_formula_begins_with_an_apostrophe() {
        for risky in ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\nx", "＝1", "'=1", "''+1"] {
            assert_eq!(neutralised(risky), format!("'{risky}"));
        }
        for harmless in [
            "",
            "Gut = besser",
            "'tis fine",
            "1-2",
            " =1",
            "ä",
            "gut, -2",
            "a;b",
            "schön,\nund heil",
        ] {
            assert_eq!(neutralised(harmless), harmless);
        }
        for (risky, safe) in [
            ("gut;=1+1", "gut;'=1+1"),
            ("gut,=1,@x", "gut,'=1,'@x"),
            ("a\n=1", "a\n'=1"),
            ("\n=1", "'\n'=1"),
            ("a\t+1", "a\t'+1"),
            ("a;\"=1\"", "a;'\"=1\""),
            ("a;'=1", "a;''=1"),
        ] {
            assert_eq!(neutralised(risky), safe);
            assert_eq!(original(safe), risky);
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_as_a_formula_and_every_text_comes_back(
            text in "[='+@\\-\t\r\n＝＋－＠]{0,3}(\\PC|[\n;,\t=+'\"]){0,12}"
        ) {
            let cell = neutralised(&text);
            prop_assert!(!cell.starts_with(RISKY_STARTS));
            prop_assert_eq!(original(&cell), text.as_str());
        }

        #[test]
        fn no_reader_sees_a_formula_wherever_it_splits_a_row(
            texts in prop::collection::vec("[='+@;,\"a\t\n-]{0,12}", 1..5),
            delimiter in prop::sample::select(&[b',', b';'][..]),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(texts.iter().map(|text| neutralised(text))).unwrap();
            let row = writer.into_inner().unwrap();
            for split in *b";,\t" {
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(split)
                    .flexible(true)
                    .has_headers(false)
                    .from_reader(&row[..]);
                for record in reader.records() {
                    for cell in &record.unwrap() {
                        prop_assert!(!cell.starts_with(['=', '+', '-', '@']), "{:?} in {:?}", cell, row);
                    }
                }
            }
            // A reader that ignores quotation marks.
            for cell in String::from_utf8(row.clone()).unwrap().split(SEPARATORS) {
                prop_assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell:?}");
            }
        }

        #[test]
        fn a_list_comes_back_item_by_item(items in prop::collection::vec("(\\PC|[;\\\\]){1,8}", 0..6)) {
            prop_assert_eq!(split(&join(&items)), items);
        }
    }

    #[test]
    fn fuzz_cell() {
        bolero::check!(name = "cell").with_iterations(5_000).for_each(|text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            let cell = neutralised(&text);
            assert!(!cell.starts_with(RISKY_STARTS));
            assert_eq!(original(&cell), text);
            let items = split(&text);
            assert_eq!(split(&join(&items)), items);
        });
    }
}
