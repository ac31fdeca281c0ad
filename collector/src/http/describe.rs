//! What there is to say of an address for programs, written beside its handler: of these,
//! `/openapi.json` is made.

pub(crate) mod contract;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use crate::query::Parameter;

/// Describes an address. Schemas of types come from the generator, which gathers them.
pub(crate) type Describe = fn(&mut SchemaGenerator) -> Described;

/// The list that goes on from page to page.
pub(crate) const PAGED: &str = "listResponses";

/// An address for programs, described.
pub(crate) struct Described {
    /// What a generated client calls it.
    pub(crate) id: &'static str,
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
        "application/jsonl": { "schema": { "type": "string" } }
    })
}
