//! What stands in a cell: text that no spreadsheet takes for a formula, and lists.
//!
//! Both are undone by their partner, whatever the text: what is exported is imported the same.

/// What makes a spreadsheet calculate, or begins a line of its own: the list of OWASP, and the wide
/// forms that Excel reads as the narrow ones in some languages.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet might take it for a formula, or might once an apostrophe was taken off.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// Text that stays text: an apostrophe goes before what could be a formula.
pub(crate) fn neutralised(text: &str) -> String {
    if is_risky(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that was neutralised so.
pub(crate) fn original(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_risky(text) => text,
        _ => cell,
    }
}

/// Items joined with semicolons; one within an item is marked with a backslash.
pub(crate) fn join(items: &[String]) -> String {
    let escaped: Vec<String> =
        items.iter().map(|item| item.replace('\\', "\\\\").replace(';', "\\;")).collect();
    escaped.join(";")
}

/// The items that were joined so. Empty ones are left out: no item of the contract is empty.
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_formula_is_led_by_an_apostrophe() {
        for risky in ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\n=1", "＝1", "'=1", "''+1"] {
            assert_eq!(neutralised(risky), format!("'{risky}"));
        }
        for harmless in ["", "Gut = besser", "'tis fine", "1-2", " =1", "ä"] {
            assert_eq!(neutralised(harmless), harmless);
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_as_a_formula_and_every_text_comes_back(
            text in "[='+@\\-\t\r\n＝＋－＠]{0,3}(\\PC|\n){0,12}"
        ) {
            let cell = neutralised(&text);
            prop_assert!(!cell.starts_with(FORMULA));
            prop_assert_eq!(original(&cell), text.as_str());
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
            assert!(!cell.starts_with(FORMULA));
            assert_eq!(original(&cell), text);
            let items = split(&text);
            assert_eq!(split(&join(&items)), items);
        });
    }
}
