//! What there is to say of an address for programs, written beside its handler: of these,
//! `/openapi.json` is made.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use crate::query::Parameter;

/// Describes an address. Schemas of types come from the generator, which gathers them.
pub(crate) type Describe = fn(&mut SchemaGenerator) -> Described;

/// An address for programs, described.
pub(crate) struct Described {
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    /// The bodies that are taken, by content type.
    pub(crate) body: Option<Value>,
    /// The bodies of success, by content type.
    pub(crate) answer: Value,
    /// What can go wrong, beside what always can.
    pub(crate) problems: &'static [u16],
}

/// A schema of the type, by reference.
pub(crate) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "schema": generator.subschema_for::<T>() })
}

/// A body of that type in JSON.
pub(crate) fn in_json<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "application/json": schema::<T>(generator) })
}

/// A body of plain text.
pub(crate) fn text() -> Value {
    json!({ "text/plain": { "schema": { "type": "string" } } })
}

/// A file as it is exported and imported.
pub(crate) fn file() -> Value {
    json!({
        "text/csv": { "schema": { "type": "string" } },
        "application/x-ndjson": { "schema": { "type": "string" } }
    })
}
