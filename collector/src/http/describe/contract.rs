//! The schemas of the messages that senders send. They come from the contract and hold its limits, which
//! the types of stored and returned answers do not have.

use afterword_response::schema;
use serde_json::{Map, Value, json};

/// The messages of the contract, with their published schemas.
fn messages() -> [(&'static str, Value); 2] {
    [("Response", schema::json()), ("Display", schema::display_json())]
        // The schemas are generated, and a test parses them.
        .map(|(name, schema)| (name, serde_json::from_str(&schema).unwrap_or_default()))
}

/// A reference to a message of the contract, which [`add_to`] adds.
pub(crate) fn message() -> Value {
    json!({ "anyOf": [
        { "$ref": "#/components/schemas/Response" }, { "$ref": "#/components/schemas/Display" }
    ] })
}

/// The schema of a message as a form: the same fields flat, with dotted names; lists joined by commas.
pub(crate) fn form() -> Value {
    json!({ "anyOf": messages().map(|(_, schema)| flat(&schema)) })
}

/// Adds the messages' schemas and the schemas that they refer to. If an answer has a schema of the same
/// name, as the stored method has, the sender's gets another name.
pub(crate) fn add_to(schemas: &mut Map<String, Value>) {
    for (name, mut schema) in messages() {
        let Some(object) = schema.as_object_mut() else { continue };
        object.remove("$schema");
        let Some(Value::Object(definitions)) = object.remove("$defs") else { continue };
        let renamed: Vec<(String, String)> = definitions
            .iter()
            .map(|(name, definition)| {
                let is_taken = schemas.get(name).is_some_and(|known| known != definition);
                (name.clone(), if is_taken { format!("Sent{name}") } else { name.clone() })
            })
            .collect();
        refer(&mut schema, &renamed);
        schemas.insert(name.to_owned(), schema);
        for (name, mut definition) in definitions {
            refer(&mut definition, &renamed);
            let renamed = renamed.iter().find(|(known, _)| *known == name);
            schemas.insert(renamed.map_or(name, |(_, name)| name.clone()), definition);
        }
    }
}

/// Rewrites the references of a stand-alone schema for a document that holds many.
fn refer(schema: &mut Value, renamed: &[(String, String)]) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
                && let Some((_, name)) = renamed.iter().find(|(known, _)| known == name)
            {
                *reference = format!("#/components/schemas/{name}");
            }
            fields.values_mut().for_each(|field| refer(field, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, renamed)),
        _ => {}
    }
}

/// The schema of a form that carries a message.
fn flat(schema: &Value) -> Value {
    let mut fields = Map::new();
    let mut patterns = Map::new();
    let mut required = Vec::new();
    for (name, field) in properties(schema) {
        let is_required = requires(schema, name);
        let group = resolved(schema, field);
        if name == "properties" {
            let pattern = group["propertyNames"]["pattern"].as_str().unwrap_or_default();
            let pattern = pattern.replacen('^', r"^properties\.", 1);
            patterns.insert(pattern, group["additionalProperties"].clone());
        } else if group["properties"].is_object() {
            for (key, field) in properties(group) {
                let name = format!("{name}.{key}");
                if is_required && requires(group, key) {
                    required.push(name.clone());
                }
                fields.insert(name, as_text(resolved(schema, field)));
            }
        } else {
            if is_required {
                required.push(name.clone());
            }
            fields.insert(name.clone(), as_text(group));
        }
    }
    json!({
        "type": "object", "properties": fields, "patternProperties": patterns, "required": required
    })
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten()
}

fn requires(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|required| required.iter().any(|it| it == name))
}

/// The schema behind a reference; of a nullable schema, the part that is not null.
fn resolved<'a>(schema: &'a Value, field: &'a Value) -> &'a Value {
    let field = field["anyOf"].get(0).unwrap_or(field);
    let definition = field["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/"));
    definition.map_or(field, |name| &schema["$defs"][name])
}

/// A field's schema where every value is a text.
fn as_text(field: &Value) -> Value {
    let mut text = field.clone();
    let is =
        |kind: &str| field["type"] == kind || field["type"].get(0).is_some_and(|it| it == kind);
    if is("boolean") {
        return json!({ "enum": ["true", "false"], "description": field["description"] });
    }
    if is("array") {
        return json!({
            "type": "string",
            "description": format!("{} Joined by commas.", field["description"].as_str().unwrap_or_default())
        });
    }
    if field["type"].is_array() {
        text["type"] = field["type"][0].clone();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_contracts_form_fits_the_schema_of_forms() {
        let response = json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455", "revision": 2,
            "complete": true, "test": true, "survey": "post-purchase", "touchpoint": "order", "score": 9,
            "comment": "Schnell & gut", "reasons": ["delivery"], "quotable": false,
            "quote_name": "Kim", "contact": "a@example.org", "answer_page": "0".repeat(64),
            "shown_at": "2026-11-21T17:00:00.000Z",
            "scored_at": "2026-11-21T17:00:04.120Z", "sent_at": "2026-11-21T17:00:04.520Z",
            "page": "https://shop.example/thank-you", "locale": "de",
            "method": { "question": "Well?", "low_label": "no", "high_label": "yes",
                        "layout": "two-rows", "mode": "inline", "release": "0.1.0",
                        "contact_text": "Only to answer.", "quote_text": "You may quote me." },
            "order": { "id": "A-1001", "value": "129.90", "currency": "EUR", "country": "DE",
                       "products": ["SKU 1", "SKU 2"], "signature": "abc" },
            "customer": { "id": "c1", "kind": "returning" },
            "properties": { "coupon": "WELCOME" }, "tags": ["q4", "app"], "review_link": true
        });
        let response: afterword_response::Response = serde_json::from_value(response).unwrap();
        let [(_, schema), (_, display)] = messages();
        let [schema, display] = [flat(&schema), flat(&display)];
        let known = schema["properties"].as_object().unwrap();
        let mut form = Map::new();
        for (name, value) in response.to_form() {
            assert!(known.contains_key(&name) || name == "properties.coupon", "{name}");
            let number = value.parse::<u32>().ok().filter(|_| known[&name]["type"] == "integer");
            form.insert(name, number.map_or(Value::String(value), Value::from));
        }
        assert_eq!(known.len() + 1, form.len(), "every field is in the form");
        let form = Value::Object(form);
        let errors = |schema: &Value, form: &Value| -> Vec<String> {
            let validator = jsonschema::validator_for(schema).unwrap();
            validator.iter_errors(form).map(|error| error.to_string()).collect()
        };
        assert_eq!(errors(&schema, &form), Vec::<String>::new());
        for (field, wrong) in [
            ("score", json!(11)),
            ("complete", json!("yes")),
            ("order.value", json!("1,50")),
            ("customer.kind", json!("loyal")),
            ("method.layout", json!("circle")),
        ] {
            let mut form = form.clone();
            form[field] = wrong;
            assert_ne!(errors(&schema, &form), Vec::<String>::new(), "{field}");
        }
        assert!(display["required"].as_array().unwrap().contains(&json!("display")));
    }
}
