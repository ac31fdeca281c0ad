//! The JSON Schema (draft 2020-12), generated from the types: what those who send keep to.

use serde_json::{Value, json};

use crate::limits;

/// A UUID of version 7, in lower or upper case.
pub(crate) const UUID_V7: &str =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
/// What [`is_identifier`](crate::limits::is_identifier) takes.
pub(crate) const IDENTIFIER: &str = "^[A-Za-z0-9._-]{1,64}$";
/// What [`is_money`](crate::limits::is_money) takes.
pub(crate) const MONEY: &str = "^[0-9]{1,12}(\\.[0-9]{1,4})?$";
/// What [`is_locale`](crate::limits::is_locale) takes, but for the whole length.
pub(crate) const LOCALE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

/// What a property may be called.
pub(crate) fn property_names() -> Value {
    json!({ "pattern": IDENTIFIER })
}

/// What a property may say.
pub(crate) fn property_values() -> Value {
    json!({ "type": "string", "maxLength": limits::TEXT })
}

/// What every sender states of a response, though a receiver may take it without.
const RESPONSE: &[&str] =
    &["complete", "shown_at", "scored_at", "sent_at", "page", "locale", "method"];
/// Of its method.
const METHOD: &[&str] = &["question", "low_label", "high_label", "layout", "mode", "release"];
/// Of a display.
const DISPLAY: &[&str] = &["at", "page", "locale"];

/// The schema of a [`Response`](crate::Response), as published: pretty-printed, with a final line
/// break.
#[must_use]
pub fn json() -> String {
    let schema = schemars::schema_for!(crate::Response);
    published(schema, "Afterword response, version 1", &[("", RESPONSE), ("/$defs/Method", METHOD)])
}

/// The schema of a [`Display`](crate::Display), as published.
#[must_use]
pub fn display_json() -> String {
    let schema = schemars::schema_for!(crate::Display);
    published(schema, "Afterword display, version 1", &[("", DISPLAY)])
}

/// A schema for those who send: `stated` are the fields, by the place of their object, that they state
/// in every message.
fn published(schema: schemars::Schema, title: &str, stated: &[(&str, &[&str])]) -> String {
    let mut value = schema.to_value();
    for (place, names) in stated {
        let Some(object) = value.pointer_mut(place) else { continue };
        let mut required = object["required"].as_array().cloned().unwrap_or_default();
        required.extend(names.iter().map(|name| Value::from(*name)));
        object["required"] = required.into();
        for name in *names {
            if let Some(field) = object["properties"][*name].as_object_mut() {
                field.remove("default");
            }
        }
    }
    value["title"] = title.into();
    // In one order, whatever features others switch on in serde_json.
    value.sort_all_objects();
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}
