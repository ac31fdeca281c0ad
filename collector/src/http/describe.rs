//! The description of an address for programs. Each handler has one; `/openapi.json` is made of these
//! descriptions.

pub(crate) mod contract;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use crate::query::Parameter;

/// Describes an address. Schemas of types come from the generator, which gathers them.
pub(crate) type Describe = fn(&mut SchemaGenerator) -> Operation;

/// The id of the operation that returns its list in pages.
pub(crate) const PAGED: &str = "listResponses";

/// The description of an address for programs.
pub(crate) struct Operation {
    /// The operation's id, by which a generated client calls it.
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    /// The accepted request bodies, by content type.
    pub(crate) body: Option<Value>,
    /// The bodies of a successful answer, by content type.
    pub(crate) answer: Value,
    /// The statuses of failures, beside those that every address has.
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

/// The content of an exported or imported file.
pub(crate) fn file() -> Value {
    json!({
        "text/csv": { "schema": { "type": "string" } },
        "application/jsonl": { "schema": { "type": "string" } }
    })
}
