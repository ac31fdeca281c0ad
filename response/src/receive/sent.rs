//! A body as untyped values: the common form of JSON and forms, before the contract is applied.
//!
//! JSON is read in two steps. The first checks only the syntax, so that a number that is too large or a
//! value nested too deeply spoils its own field and not the whole body. The second reads as deep as the
//! contract goes.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Refusal;

/// Levels of the contract below the body: a group, a list, its items.
const MAX_DEPTH: usize = 3;
/// Some editors and languages put it before text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A value as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SentValue {
    /// `null`: the same as no value.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<SentValue>),
    /// An object.
    Object(Object),
    /// A list or an object that is nested deeper than the contract goes.
    TooDeep,
}

/// Fields in the order in which they were sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object(Vec<(String, SentValue)>);

impl Object {
    /// The field's value, the last one if it stands twice; `None` if it is `null`.
    pub(super) fn get(&self, name: &str) -> Option<&SentValue> {
        let (_, value) = self.0.iter().rev().find(|(field, _)| field == name)?;
        Some(value).filter(|value| **value != SentValue::Null)
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &SentValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut SentValue> {
        self.0.iter_mut().rev().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    fn push(&mut self, name: &str, value: SentValue) {
        self.0.push((name.to_owned(), value));
    }
}

/// Reads JSON in UTF-8, with or without a byte order mark.
pub(super) fn from_json(body: &[u8]) -> Result<SentValue, Refusal> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let body = mend_surrogates(body);
    let raw: &RawValue =
        serde_json::from_slice(&body).map_err(|error| Refusal::Syntax(error.to_string()))?;
    Ok(SentValue::of(raw.get(), MAX_DEPTH))
}

impl SentValue {
    /// The value of `json`, which must be well-formed, down to `depth`.
    fn of(json: &str, depth: usize) -> Self {
        let inside = || depth.checked_sub(1);
        match json.as_bytes().first() {
            Some(b'n') => Some(Self::Null),
            Some(b't') => Some(Self::Flag(true)),
            Some(b'f') => Some(Self::Flag(false)),
            Some(b'"') => serde_json::from_str(json).ok().map(Self::Text),
            Some(b'[') => inside().and_then(|depth| {
                let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
                Some(Self::List(items.iter().map(|item| Self::of(item.get(), depth)).collect()))
            }),
            Some(b'{') => inside().and_then(|depth| {
                let Fields(fields) = serde_json::from_str(json).ok()?;
                let fields = fields.into_iter();
                let fields = fields.map(|(name, value)| (name, Self::of(value.get(), depth)));
                Some(Self::Object(Object(fields.collect())))
            }),
            _ => Some(Self::Number(json.to_owned())),
        }
        .unwrap_or(Self::TooDeep)
    }
}

/// The fields of a JSON object, with their values unread.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Replaces every escape of half a surrogate pair in `json` by the escape of U+FFFD.
///
/// JavaScript that cuts a text by UTF-16 units may cut a character in half, and writes the half as
/// `\ud83d`. That is well-formed JSON but no Unicode text, and `serde_json` refuses it. Both escapes are
/// six bytes long, so syntax errors keep their positions.
fn mend_surrogates(json: &[u8]) -> Cow<'_, [u8]> {
    let mut mended = Cow::Borrowed(json);
    let mut at = 0;
    while let Some(next) = json.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
        at += next;
        at += match utf16_unit(json, at) {
            // Another escape. Its second byte may be a backslash, which begins no escape.
            None => 2,
            Some(0xD800..=0xDBFF) if matches!(utf16_unit(json, at + 6), Some(0xDC00..=0xDFFF)) => {
                12
            }
            Some(0xD800..=0xDFFF) => {
                if let Some(escape) = mended.to_mut().get_mut(at..at + 6) {
                    escape.copy_from_slice(br"\ufffd");
                }
                6
            }
            Some(_) => 6,
        };
    }
    mended
}

/// The unit of UTF-16 that the escape `\uXXXX` at `at` stands for.
fn utf16_unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(br"\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}

/// The groups of the contract, whose fields a form names with a dot: `order.id`.
const GROUPS: [&str; 4] = ["method", "order", "customer", "properties"];

/// The items of a form's list: the texts of a JSON array, or else the parts between commas; trimmed,
/// without empty ones.
fn items(value: &str) -> Vec<String> {
    let all: Vec<String> = serde_json::from_str(value)
        .unwrap_or_else(|_| value.split(',').map(str::to_owned).collect());
    let trimmed = all.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
    trimmed.map(str::to_owned).collect()
}

/// Turns the fields of a form into an object. If a field is sent twice, the last value counts; a list
/// collects the items of all.
pub(super) fn from_form(fields: impl IntoIterator<Item = (String, String)>) -> SentValue {
    let mut root = Object::default();
    let mut groups = GROUPS.map(|name| (name, Object::default()));
    for (place, (name, value)) in fields.into_iter().enumerate() {
        let name = if place == 0 { name.trim_start_matches('\u{feff}') } else { &name };
        let (group, key) = match name.split_once('.') {
            Some((group, key)) if GROUPS.contains(&group) => (group, key),
            _ => ("", name),
        };
        // An empty field counts as missing, except for texts that may be empty.
        if value.is_empty() && !matches!(key, "comment" | "low_label" | "high_label") {
            continue;
        }
        let value = match (group, key) {
            ("", "version" | "revision" | "score") if value.bytes().all(|b| b.is_ascii_digit()) => {
                SentValue::Number(value)
            }
            ("", "complete" | "quotable" | "test" | "review_link") => match value.as_str() {
                "true" | "on" | "1" => SentValue::Flag(true),
                "false" | "0" => SentValue::Flag(false),
                _ => SentValue::Text(value),
            },
            ("", "reasons" | "tags") | ("order", "products") => {
                SentValue::List(items(&value).into_iter().map(SentValue::Text).collect())
            }
            _ => SentValue::Text(value),
        };
        let object = match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, object)) => object,
            None => &mut root,
        };
        match value {
            SentValue::List(more) => match object.get_mut(key) {
                Some(SentValue::List(items)) => items.extend(more),
                _ => object.push(key, SentValue::List(more)),
            },
            value => object.push(key, value),
        }
    }
    for (name, group) in groups {
        if group != Object::default() {
            root.push(name, SentValue::Object(group));
        }
    }
    SentValue::Object(root)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(mend_surrogates(json.as_bytes()), expected.as_bytes(), "{json}");
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        check(r#""a\ud83d""#, r#""a\ufffd""#);
        check(r#""\uDE00b""#, r#""\ufffdb""#);
        check(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        check(r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#);
        check(r#""\ud83d\n\ude00""#, r#""\ufffd\n\ufffd""#);
        check(r#"{"\ud83d": 1}"#, r#"{"\ufffd": 1}"#);
    }

    #[test]
    fn whole_pairs_and_texts_like_escapes_stay() {
        for json in [
            r#""\ud83d\ude00""#,
            r#""\uD83D\uDE00""#,
            r#""\\ud83d""#,
            r#""\\\\ud83d""#,
            r#""\u00e4\n\"\\""#,
            r#""\u+d83""#,
            r#""\ud8"#,
            r"\",
            "",
        ] {
            check(json, json);
        }
        check(r#""\\\ud83d""#, r#""\\\ufffd""#);
    }

    #[test]
    fn an_item_sent_twice_counts_the_last_time_and_null_is_no_value() {
        let SentValue::Object(object) = from_json(br#"{"a":1,"b":2,"a":[3],"b":null}"#).unwrap()
        else {
            panic!()
        };
        assert_eq!(object.get("a"), Some(&SentValue::List(vec![SentValue::Number("3".into())])));
        assert_eq!(object.get("b"), None);
    }

    /// Any JSON, with any characters in its texts.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let text = prop_oneof!["\\PC{0,20}", r#"[\\u"dD83fF{}\[\],:]{0,20}"#, any::<String>()];
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            text.clone().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                prop::collection::vec((text.clone(), inner), 0..8).prop_map(|fields| fields
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    /// `json` with every character beyond ASCII, and some within, escaped.
    fn escaped(json: &str) -> String {
        let mut escaped = String::new();
        for character in json.chars() {
            if character.is_ascii() {
                escaped.push(character);
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        escaped
    }

    proptest! {
        #[test]
        fn well_formed_json_stays_as_it_is(value in json()) {
            for json in [value.to_string(), escaped(&value.to_string()), format!("{value:#}")] {
                prop_assert!(matches!(mend_surrogates(json.as_bytes()), Cow::Borrowed(_)), "{json}");
            }
        }

        #[test]
        fn any_bytes_keep_their_length_and_are_repaired_only_once(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..60),
                r#"([\\u"dD83fF]|\\ud83d|\\ude00|\\\\){0,20}"#.prop_map(String::into_bytes),
            ]
        ) {
            let mended = mend_surrogates(&bytes).into_owned();
            prop_assert_eq!(mended.len(), bytes.len());
            prop_assert!(matches!(mend_surrogates(&mended), Cow::Borrowed(_)));
        }
    }
}
