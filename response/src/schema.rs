//! The JSON Schema (draft 2020-12) for senders, generated from the types.

use serde_json::{Value, json};

use crate::limits;

/// A UUID of version 7, in lower or upper case.
pub(crate) const UUID_V7: &str =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
/// The pattern of [`is_identifier`](crate::limits::is_identifier).
pub(crate) const IDENTIFIER: &str = "^[A-Za-z0-9._-]{1,64}$";
/// The pattern of [`is_money`](crate::limits::is_money).
pub(crate) const MONEY: &str = "^[0-9]{1,12}(\\.[0-9]{1,4})?$";
/// The pattern of [`is_sha256`](crate::limits::is_sha256).
pub(crate) const SHA256: &str = "^[0-9a-f]{64}$";
/// The pattern of [`is_locale`](crate::limits::is_locale), without the limit on the length.
pub(crate) const LOCALE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

/// The schema of a property's name.
pub(crate) fn property_names() -> Value {
    json!({ "pattern": IDENTIFIER })
}

/// The schema of a property's value.
pub(crate) fn property_values() -> Value {
    json!({ "type": "string", "maxLength": limits::TEXT })
}

/// Fields that senders must state in a response, although receivers accept it without them.
const RESPONSE: &[&str] =
    &["complete", "shown_at", "scored_at", "sent_at", "page", "locale", "method"];
/// The same for its method.
const METHOD: &[&str] = &["question", "low_label", "high_label", "layout", "mode", "release"];
/// The same for a display.
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

/// A schema for senders. `stated` lists the fields that they must state, by the path of their object.
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
    // Sorted, so that the order does not depend on serde_json's features.
    value.sort_all_objects();
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}
