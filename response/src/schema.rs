//! The JSON Schema (draft 2020-12), generated from the types.

/// A UUID of version 7, in lower or upper case.
pub(crate) const UUID_V7: &str =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
/// What [`is_identifier`](crate::limits::is_identifier) takes.
pub(crate) const IDENTIFIER: &str = "^[A-Za-z0-9._-]{1,64}$";
/// What [`is_money`](crate::limits::is_money) takes.
pub(crate) const MONEY: &str = "^[0-9]{1,12}(\\.[0-9]{1,4})?$";
/// What [`is_locale`](crate::limits::is_locale) takes, but for the whole length.
pub(crate) const LOCALE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

/// The schema of a [`Response`](crate::Response), as published: pretty-printed, with a final line
/// break.
#[must_use]
pub fn json() -> String {
    published(schemars::schema_for!(crate::Response), "Afterword response, version 1")
}

/// The schema of a [`Display`](crate::Display), as published.
#[must_use]
pub fn display_json() -> String {
    published(schemars::schema_for!(crate::Display), "Afterword display, version 1")
}

fn published(mut schema: schemars::Schema, title: &str) -> String {
    schema.insert("title".into(), title.into());
    let mut value = schema.to_value();
    // In one order, whatever features others switch on in serde_json.
    value.sort_all_objects();
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}
