//! `cargo xtask locales`: checks that every file in `locales/` has exactly the texts that the widget and
//! the collector read.
//!
//! `en.json` defines the keys, and the placeholders of each text. Also checked: the length of each text, the
//! plural forms that CLDR lists for the language, its direction, and the compressed size of its words.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use icu_locale::{
    Direction, LanguageIdentifier, LocaleDirectionality, LocaleExpander, subtags::script,
};
use icu_plurals::{PluralCategory, PluralRules};
use serde_json::{Map, Value};

use crate::dist;
use crate::places::root;

/// The number of languages that we promise.
const MIN_LOCALES: usize = 45;

/// The file that the others are compared with.
const REFERENCE: &str = "en";

/// The largest number of characters of a label at an end of the scale or on a link.
const MAX_LABEL: usize = 40;
/// The largest number of characters of any other text of the widget.
const MAX_TEXT: usize = 200;
/// The largest number of characters of a text on the collector's pages, which have more room.
const MAX_PAGE_TEXT: usize = 300;

/// The largest size of a language's texts in the Latin script, in bytes of Brotli.
const MAX_LATIN_BYTES: usize = 1024;
/// The same in other scripts, whose letters take two bytes or three.
const MAX_OTHER_BYTES: usize = 1331;

/// The largest number that the counter of left characters shows: the longest comment of the contract.
const MAX_COUNT: usize = 2000;

/// Keys that are no texts. Only languages with other digits than 0 to 9 have `digits`.
const FACTS: [&str; 3] = ["name", "dir", "digits"];
/// The texts of the collector's pages.
const PAGES: &str = "pages";
/// A text with this ending goes before the one without it where customers are addressed informally.
const INFORMAL: &str = "-informal";
/// The text that has no informal form.
const CLOSE: &str = "_close";
/// The ending of the plural form that every language has.
const OTHER: &str = "-other";
/// Endings that the code puts to a key itself.
const SEGMENTS: [&str; 3] = ["-detractor", "-passive", "-promoter"];

type Words = Map<String, Value>;

/// Prints the compressed size of each language, and fails if a file breaks a rule.
pub(crate) fn check() -> Result<()> {
    let locales = read(&root().join("locales"))?;
    let (_, reference) =
        locales.iter().find(|(tag, _)| tag == REFERENCE).context("locales/en.json")?;
    let mut complaints = unread(reference)?;
    if locales.len() < MIN_LOCALES {
        complaints.push(format!("{} languages, and {MIN_LOCALES} are promised", locales.len()));
    }
    for (tag, words) in &locales {
        let found = problems(tag, words, reference)?;
        complaints
            .extend(found.into_iter().map(|problem| format!("locales/{tag}.json: {problem}")));
        let (bytes, most) = (weight(words)?, most_bytes(tag)?);
        println!("{tag:<8}{bytes:>6} of {most} bytes");
        if bytes > most {
            complaints.push(format!("locales/{tag}.json: {bytes} bytes, {most} at most"));
        }
    }
    if complaints.is_empty() { Ok(()) } else { bail!("{}", complaints.join("\n")) }
}

fn read(folder: &Path) -> Result<Vec<(String, Words)>> {
    let mut locales = Vec::new();
    for entry in fs::read_dir(folder).context("reading locales/")? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).context("a locale's name")?;
        let text = fs::read_to_string(&path)?;
        let words = serde_json::from_str(&text).with_context(|| format!("locales/{tag}.json"))?;
        locales.push((tag.to_owned(), words));
    }
    locales.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(locales)
}

/// The problems of a language's file.
fn problems(tag: &str, words: &Words, reference: &Words) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let language: LanguageIdentifier =
        tag.parse().with_context(|| format!("{tag} is no language tag"))?;
    let categories = categories(&language)?;

    let expected = expected_keys(reference, &categories);
    compare_keys(&mut problems, words, &expected);
    let pages = |words: &Words| words.get(PAGES).and_then(Value::as_object).cloned();
    let (own, theirs) = (pages(words).unwrap_or_default(), pages(reference).unwrap_or_default());
    compare_keys(&mut problems, &own, &theirs.keys().cloned().collect::<Vec<_>>());

    let right_to_left =
        LocaleDirectionality::new_extended().get(&language) == Some(Direction::RightToLeft);
    let direction = if right_to_left { "rtl" } else { "ltr" };
    if words.get("dir").and_then(Value::as_str) != Some(direction) {
        problems.push(format!("`dir` is to be {direction}"));
    }
    if let Some(digits) = words.get("digits").and_then(Value::as_str)
        && (digits.chars().count() != 10 || !digits.chars().all(char::is_numeric))
    {
        problems.push("`digits` are the ten digits, from that of 0 to that of 9".to_owned());
    }

    for (key, text) in words.iter().filter(|(key, _)| *key != PAGES) {
        let plain = key.strip_suffix(INFORMAL).unwrap_or(key);
        let most = if plain.ends_with("-label") { MAX_LABEL } else { MAX_TEXT };
        check_text(&mut problems, key, text, reference_text(plain, reference), most);
        if key != plain && words.get(plain) == Some(text) {
            problems.push(format!("`{key}` says what `{plain}` says: leave it out"));
        }
    }
    for (key, text) in &own {
        check_text(&mut problems, key, text, theirs.get(key), MAX_PAGE_TEXT);
    }
    Ok(problems)
}

/// The plural forms that the language has for numbers of characters; `other` is always among them.
fn categories(language: &LanguageIdentifier) -> Result<BTreeSet<&'static str>> {
    // Whatever the script: ICU has no rules of its own for Serbian in Latin letters.
    let language = LanguageIdentifier { script: None, ..language.clone() };
    let rules = PluralRules::try_new_cardinal((&icu_locale::Locale::from(language.clone())).into())
        .with_context(|| format!("plural rules of {language}"))?;
    let all = (0..=MAX_COUNT).map(|count| rules.category_for(count));
    Ok(all.chain([PluralCategory::Other]).map(category_name).collect())
}

fn category_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The keys that a language's file must have, in order: those of the reference, with the language's own
/// plural forms.
fn expected_keys(reference: &Words, categories: &BTreeSet<&str>) -> Vec<String> {
    let counted: BTreeSet<&str> =
        reference.keys().filter_map(|key| key.strip_suffix(OTHER)).collect();
    let mut keys = Vec::new();
    for key in reference.keys() {
        let base = key.rsplit_once('-').map(|(base, _)| base).filter(|it| counted.contains(it));
        match base {
            // Handled once for all plural forms.
            Some(base) if key.ends_with(OTHER) => {
                let order = ["zero", "one", "two", "few", "many", "other"];
                let own = order.iter().filter(|category| categories.contains(*category));
                keys.extend(own.map(|category| format!("{base}-{category}")));
            }
            Some(_) => {}
            None => keys.push(key.clone()),
        }
    }
    keys
}

/// Checks that the file has these keys in this order, each informal one after its plain one.
fn compare_keys(problems: &mut Vec<String>, words: &Words, expected: &[String]) {
    let mut before = "";
    let mut own = Vec::new();
    for key in words.keys() {
        let is_informal = key.strip_suffix(INFORMAL) == Some(before)
            && !FACTS.contains(&before)
            && before != CLOSE;
        // `digits` is optional.
        if !is_informal && key != "digits" {
            own.push(key.as_str());
            before = key;
        }
    }
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let missing = expected.iter().filter(|key| !own.contains(key));
    let missing: Vec<_> = missing.map(|key| format!("`{key}` is missing")).collect();
    let unused = own.iter().filter(|key| !expected.contains(key));
    let unused: Vec<_> = unused.map(|key| format!("nobody reads `{key}` here")).collect();
    if missing.is_empty() && unused.is_empty() && own != expected {
        let first = own.iter().zip(&expected).find(|(own, expected)| own != expected);
        let first = first.map_or("", |(own, _)| own);
        problems.push(format!("the keys are to stand as in en.json, `{first}` does not"));
    }
    problems.extend(missing.into_iter().chain(unused));
}

/// The English text of that name. Every plural form is compared with English `-other`.
fn reference_text<'a>(key: &str, reference: &'a Words) -> Option<&'a Value> {
    let other = || reference.get(&format!("{}{OTHER}", key.rsplit_once('-')?.0));
    reference.get(key).or_else(other)
}

fn check_text(
    problems: &mut Vec<String>,
    key: &str,
    text: &Value,
    reference: Option<&Value>,
    most: usize,
) {
    let Some(text) = text.as_str() else {
        problems.push(format!("`{key}` is no text"));
        return;
    };
    let length = text.chars().count();
    if text.is_empty() || text.trim() != text {
        problems.push(format!("`{key}` is empty, or has space around it"));
    }
    if length > most {
        problems.push(format!("`{key}` has {length} characters, {most} at most"));
    }
    if text.contains(['"', '\'', '`']) || text.contains("...") {
        problems.push(format!("`{key}` has a typewriter's quotes or dots: “ ” ’ …"));
    }
    let expected = placeholders(reference.and_then(Value::as_str).unwrap_or_default());
    if placeholders(text) != expected {
        problems.push(format!("`{key}` is to have {expected:?} in it, each once"));
    }
}

/// The placeholders of a text, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
        .collect();
    found.sort_unstable();
    found
}

/// The compressed bytes of a language's words, without the texts of the collector's pages.
fn weight(words: &Words) -> Result<usize> {
    let mut words = words.clone();
    for key in [PAGES, "name"] {
        words.shift_remove(key);
    }
    Ok(dist::brotli(Value::from(words).to_string().as_bytes())?.len())
}

fn most_bytes(tag: &str) -> Result<usize> {
    let mut language: LanguageIdentifier = tag.parse()?;
    LocaleExpander::new_extended().maximize(&mut language);
    let is_latin = language.script == Some(script!("Latn"));
    Ok(if is_latin { MAX_LATIN_BYTES } else { MAX_OTHER_BYTES })
}

/// The widget's keys that no code names. Unused keys of the pages are found by the compiler, since they are
/// members of a type.
fn unread(reference: &Words) -> Result<Vec<String>> {
    let mut source = String::new();
    for folder in ["src", "script"] {
        gather(&root().join(folder), &mut source)?;
    }
    let names =
        |key: &str| source.contains(&format!("\"{key}\"")) || source.contains(&format!("'{key}'"));
    let keys = reference.keys().filter(|key| *key != PAGES && !FACTS.contains(&key.as_str()));
    let unread = keys.filter(|key| {
        let ends = SEGMENTS.iter().chain(&[OTHER, "-one"]);
        let base = ends.clone().find_map(|end| key.strip_suffix(end)).unwrap_or(key);
        !names(base)
    });
    Ok(unread.map(|key| format!("locales/en.json: no code names `{key}`")).collect())
}

/// Appends the code of a folder to `source`, without the list of keys and without tests.
fn gather(folder: &Path, source: &mut String) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            gather(&path, source)?;
        } else if (name.ends_with(".rs") || name.ends_with(".js"))
            && !["texts.rs", "tests.rs", "attributes.rs"].contains(&name)
        {
            source.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn every_language_file_is_complete() {
        check().unwrap_or_else(|error| panic!("{error}"));
    }

    fn words(value: Value) -> Words {
        value.as_object().unwrap().clone()
    }

    fn reference() -> Words {
        words(json!({
            "name": "English", "dir": "ltr", "question": "Recommend {subject}?", "low-label": "No",
            "_left-one": "{count} character", "_left-other": "{count} characters", "_close": "Close",
            "pages": { "back": "Back to {site}" },
        }))
    }

    /// German with these changes; `null` removes a key.
    #[track_caller]
    fn complains(tag: &str, changes: Value, expected: &[&str]) {
        let mut file = words(json!({
            "name": "Deutsch", "dir": "ltr", "question": "{subject} empfehlen?", "low-label": "Nein",
            "_left-one": "{count} Zeichen", "_left-other": "{count} Zeichen", "_close": "Zu",
            "pages": { "back": "Zu {site}" },
        }));
        for (key, text) in words(changes) {
            match text {
                Value::Null => drop(file.shift_remove(&key)),
                text => drop(file.insert(key, text)),
            }
        }
        let found = problems(tag, &file, &reference()).unwrap();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} is not {expected}");
        }
    }

    #[test]
    fn a_complete_file_has_no_problems() {
        complains("de", json!({}), &[]);
        complains("de", json!({ "digits": "0123456789" }), &[]);
    }

    #[test]
    fn a_key_is_missing_unread_or_out_of_its_place() {
        complains("de", json!({ "low-label": null }), &["`low-label` is missing"]);
        complains("de", json!({ "_shut": "Zu" }), &["nobody reads `_shut`"]);
        complains(
            "de",
            json!({ "_close-informal": "Mach zu" }),
            &["nobody reads `_close-informal`"],
        );
        complains("de", json!({ "pages": {} }), &["`back` is missing"]);
        complains("de", json!({ "pages": { "back": "Zu {site}", "us": "uns" } }), &["reads `us`"]);
        let mut moved = words(json!({ "low-label": "Nein" }));
        moved.extend(words(json!({
            "name": "Deutsch", "dir": "ltr", "question": "{subject}?", "_left-one": "{count}",
            "_left-other": "{count}", "_close": "Zu", "pages": { "back": "{site}" },
        })));
        let found = problems("de", &moved, &reference()).unwrap();
        assert_eq!(found, ["the keys are to stand as in en.json, `low-label` does not"]);
    }

    #[test]
    fn a_text_is_too_long_or_lacks_a_placeholder() {
        let long = ["x".repeat(MAX_LABEL + 1), "x".repeat(MAX_TEXT + 1)];
        complains("de", json!({ "low-label": long[0] }), &["`low-label` has 41 characters"]);
        complains("de", json!({ "_close": long[1] }), &["`_close` has 201 characters"]);
        complains(
            "de",
            json!({ "question": "Empfehlen?" }),
            &["`question` is to have [\"subject\"]"],
        );
        complains("de", json!({ "low-label": "{subject}" }), &["`low-label` is to have []"]);
        complains("de", json!({ "pages": { "back": "Zu" } }), &["`back` is to have [\"site\"]"]);
        complains("de", json!({ "low-label": "Nein..." }), &["typewriter"]);
        complains("de", json!({ "low-label": " Nein" }), &["space around it"]);
        complains("de", json!({ "low-label": 1 }), &["no text"]);
    }

    #[test]
    fn each_language_has_its_own_plural_forms() {
        complains("cs", json!({}), &["`_left-few` is missing"]);
        complains("ja", json!({}), &["nobody reads `_left-one`"]);
        let forms = |tag: &str| -> Vec<_> {
            categories(&tag.parse().unwrap()).unwrap().into_iter().collect()
        };
        assert_eq!(forms("ar"), ["few", "many", "one", "other", "two", "zero"]);
        assert_eq!(forms("pl"), ["few", "many", "one", "other"]);
        assert_eq!(forms("fr"), ["one", "other"]);
        assert_eq!(forms("lv"), ["one", "other", "zero"]);
    }

    #[test]
    fn the_direction_is_the_scripts() {
        complains("he", json!({ "dir": "ltr" }), &["`_left-two` is missing", "`dir` is to be rtl"]);
        complains("de", json!({ "dir": "rtl" }), &["`dir` is to be ltr"]);
    }

    #[test]
    fn other_scripts_have_more_room() {
        assert_eq!(most_bytes("sr-Latn").unwrap(), MAX_LATIN_BYTES);
        assert_eq!(most_bytes("sr-Cyrl").unwrap(), MAX_OTHER_BYTES);
        assert_eq!(most_bytes("vi").unwrap(), MAX_LATIN_BYTES);
        assert_eq!(most_bytes("ja").unwrap(), MAX_OTHER_BYTES);
    }
}
