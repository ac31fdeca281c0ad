//! The names of countries and languages, from the Unicode CLDR (edition 48, Unicode License v3), as Node's
//! `Intl.DisplayNames` gives them: a line of each file has a code, the name in English and the name in German.

use std::{collections::HashMap, sync::LazyLock};

use crate::language::Language;

/// The names by code, in English and German.
type Table = LazyLock<HashMap<&'static str, [&'static str; 2]>>;

/// The countries of ISO 3166-1, and Kosovo.
static COUNTRIES: Table = LazyLock::new(|| read(include_str!("countries.tsv")));
/// The languages of ISO 639-1, and others that shops have.
static LANGUAGES: Table = LazyLock::new(|| read(include_str!("languages.tsv")));

fn read(text: &'static str) -> HashMap<&'static str, [&'static str; 2]> {
    let line = |line: &'static str| {
        let (code, names) = line.split_once('\t')?;
        let (english, german) = names.split_once('\t')?;
        Some((code, [english, german]))
    };
    text.lines().filter_map(line).collect()
}

fn name(table: &Table, code: &str, language: Language) -> Option<&'static str> {
    let [english, german] = table.get(code)?;
    Some(match language {
        Language::English => english,
        Language::German => german,
    })
}

/// The name of a country by its code (`DE`); `None` if there is no such country.
pub(crate) fn country(code: &str, language: Language) -> Option<&'static str> {
    name(&COUNTRIES, &code.to_ascii_uppercase(), language)
}

/// The name of a language by its tag: `Chinese (Traditional, Hong Kong)` for `zh-Hant-HK`. `None` if there is no such
/// language, or if the tag says more than language, script and country.
pub(crate) fn language_name(tag: &str, language: Language) -> Option<String> {
    let mut parts = tag.split('-');
    let named = name(&LANGUAGES, &parts.next()?.to_ascii_lowercase(), language)?;
    let more: Option<Vec<&str>> =
        parts.map(|part| script(part, language).or_else(|| country(part, language))).collect();
    let more = more?;
    // Such as Norwegian (Bokmål).
    let joined = match named.strip_suffix(')') {
        _ if more.is_empty() => named.to_owned(),
        Some(open) => format!("{open}, {})", more.join(", ")),
        None => format!("{named} ({})", more.join(", ")),
    };
    Some(joined)
}

fn script(code: &str, language: Language) -> Option<&'static str> {
    let [english, german] = match code {
        "Hans" => ["Simplified", "vereinfacht"],
        "Hant" => ["Traditional", "traditionell"],
        "Cyrl" => ["Cyrillic", "kyrillisch"],
        "Latn" => ["Latin", "lateinisch"],
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::German => german,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_line_is_a_code_with_two_names() {
        for (table, text, count) in [
            (&COUNTRIES, include_str!("countries.tsv"), 250),
            (&LANGUAGES, include_str!("languages.tsv"), 189),
        ] {
            assert_eq!((table.len(), text.lines().count()), (count, count));
            for (code, names) in table.iter() {
                let is_whole = |name: &&str| !name.is_empty() && !name.contains('\t');
                assert!(names.iter().all(is_whole), "{code}: {names:?}");
            }
        }
    }

    #[test]
    fn countries_are_called_as_people_call_them() {
        for (code, english, german) in [
            ("DE", "Germany", "Deutschland"),
            ("at", "Austria", "Österreich"),
            ("GB", "United Kingdom", "Vereinigtes Königreich"),
            ("HK", "Hong Kong", "Hongkong"),
        ] {
            assert_eq!(country(code, Language::English), Some(english));
            assert_eq!(country(code, Language::German), Some(german));
        }
        for wrong in ["", "ZZ", "DEU", "EU", "Deutschland"] {
            assert_eq!(country(wrong, Language::German), None, "{wrong}");
        }
    }

    #[test]
    fn every_language_of_customers_has_a_name() {
        for tag in crate::locales::all().map(|locale| &*locale.tag) {
            for language in [Language::English, Language::German] {
                assert!(language_name(tag, language).is_some(), "{tag}");
            }
        }
        for (tag, english, german) in [
            ("de", "German", "Deutsch"),
            ("de-AT", "German (Austria)", "Deutsch (Österreich)"),
            (
                "zh-Hant-HK",
                "Chinese (Traditional, Hong Kong)",
                "Chinesisch (traditionell, Hongkong)",
            ),
            ("sr-Cyrl", "Serbian (Cyrillic)", "Serbisch (kyrillisch)"),
            ("nb-NO", "Norwegian Bokmål (Norway)", "Norwegisch (Bokmål, Norwegen)"),
        ] {
            assert_eq!(language_name(tag, Language::English).unwrap(), english);
            assert_eq!(language_name(tag, Language::German).unwrap(), german);
        }
        for wrong in ["", "qq", "de-x-shop", "elsewhere", "de-"] {
            assert_eq!(language_name(wrong, Language::German), None, "{wrong}");
        }
    }
}
