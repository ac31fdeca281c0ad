//! `GET /openapi.json`: the API for programs, in `OpenAPI` 3.1.
//!
//! It is generated from the code: the addresses and their needs come from the routes, the bodies from the
//! types by `schemars`, the parameters from their readers, and the texts from each handler's `describe`
//! (`described` in the router's table). A test holds that no address for programs is missing.
//!
//! `aide` and `utoipa` do not fit: both bring their own routes, while our `Routes` accepts no address
//! without a need; and both describe parameters by a type that serde reads, while ours report every wrong
//! parameter at once.

use std::sync::Arc;

use axum::{
    Extension, Json,
    http::{HeaderName, header},
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    access::Need,
    http::{
        describe::{self, Operation, PAGED, schema},
        error::Problem,
        guard::{Rule, Rules},
    },
    query::{Parameter, Place},
};

pub(crate) async fn openapi(
    Extension(rules): Extension<Arc<Rules>>,
) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    ([(header::CACHE_CONTROL, "no-cache")], Json(document(&rules)))
}

/// The whole document.
fn document(rules: &Rules) -> Value {
    // The schemas describe what we send: a field that may be left out is not required.
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = schema::<Problem<'static>>(&mut generator);
    let mut paths = Map::new();
    for (path, Rule { method, need, describe }) in rules.all() {
        let Some(describe) = describe else { continue };
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        let operation = operation(describe(&mut generator), *need, &problem);
        operations[method.as_str().to_ascii_lowercase()] = operation;
    }
    let mut schemas = generator.take_definitions(true);
    describe::contract::add_to(&mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Afterword collector",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Takes the answers of a recommendation survey, keeps them and says what they mean.",
            "description": "Times are RFC 3339 in UTC. Whatever goes wrong is answered with a problem \
                document (RFC 9457) that says what to do. A parameter that is unknown or wrong is \
                refused: a filter that silently does nothing would show the wrong numbers.",
            "license": { "name": "MIT or Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{ "url": "/", "description": "The collector that this document came from." }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": {
                "type": "http", "scheme": "bearer",
                "description": "The admin token, or a token made under Settings with the scope needed."
            } }
        }
    })
}

fn operation(described: Operation, need: Need, problem: &Value) -> Value {
    let mut responses = Map::new();
    let mut success = json!({ "description": described.summary, "content": described.answer });
    if described.id == PAGED {
        success["links"] = json!({ "next": {
            "operationId": PAGED,
            "parameters": { "after": "$response.body#/next" },
            "description": "The next page, unless next is null."
        } });
    }
    responses.insert("200".into(), success);
    let closed: &[u16] = if need == Need::Nothing { &[] } else { &[401, 403] };
    for status in described.problems.iter().chain(closed).chain(&[500, 503]) {
        let reason = axum::http::StatusCode::from_u16(*status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        responses.insert(
            status.to_string(),
            json!({ "description": reason, "content": { "application/problem+json": problem } }),
        );
    }
    let parameters: Vec<Value> = described.parameters.into_iter().map(parameter).collect();
    let mut operation = json!({
        "operationId": described.id,
        "summary": described.summary,
        "description": described.description,
        "parameters": parameters,
        "responses": responses
    });
    if let Some(content) = described.body {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if let Need::Scope(scope) = need {
        operation["security"] = json!([{ "token": [] }]);
        operation["x-scope"] = json!(scope.name());
    }
    operation
}

/// A parameter in the document's form.
fn parameter(it: Parameter) -> Value {
    let is_required = it.schema.get("oneOf").is_some();
    let mut parameter = json!({
        "name": it.name, "in": "query", "required": is_required,
        "description": it.description, "schema": it.schema
    });
    if matches!(it.place, Place::Spread(_)) {
        parameter["style"] = "form".into();
        parameter["explode"] = true.into();
    }
    parameter
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(_: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "getOpenApi",
        summary: "This document",
        description: "",
        parameters: Vec::new(),
        body: None,
        answer: json!({ "application/json": { "schema": { "type": "object" } } }),
        problems: &[],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::Method;

    use super::*;

    fn document() -> (Value, Rules) {
        let (_, rules) = crate::router::routes().into_parts();
        (super::document(&rules), rules)
    }

    #[test]
    fn every_address_for_programs_is_described_and_no_other() {
        let (document, rules) = document();
        let mut ids = std::collections::HashSet::new();
        for (path, Rule { method, need, .. }) in rules.all() {
            let is_described =
                !document["paths"][path][method.as_str().to_ascii_lowercase()].is_null();
            let is_for_programs = (path.starts_with("/v1/") && *method != Method::OPTIONS)
                || ["/healthz", "/readyz", "/metrics", "/openapi.json"].contains(&path);
            assert_eq!(is_described, is_for_programs, "{method} {path}");
            if is_described {
                let operation = &document["paths"][path][method.as_str().to_ascii_lowercase()];
                assert_eq!(operation["security"].is_array(), *need != Need::Nothing, "{path}");
                assert!(ids.insert(operation["operationId"].to_string()), "{operation}");
            }
        }
    }

    #[test]
    fn it_is_valid_openapi_and_every_reference_exists() {
        let (document, _) = document();
        let text = document.to_string();
        let read: aide::openapi::OpenApi = serde_json::from_str(&text).unwrap();
        assert_eq!(read.paths.unwrap().paths.len(), document["paths"].as_object().unwrap().len());
        let mut references = 0;
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
            references += 1;
        }
        assert!(references > 20, "{references}");
    }

    #[test]
    fn optional_fields_of_an_answer_are_not_required() {
        let (document, _) = document();
        let schemas = &document["components"]["schemas"];
        let required = |name: &str| schemas[name]["required"].to_string();
        assert_eq!(required("Problem"), r#"["type","title","status","detail"]"#);
        assert!(!required("Receipt").contains("notes"), "{}", required("Receipt"));
        // A sender must name a page; a stored response may have none.
        assert!(required("Response").contains("page"));
        assert!(!required("StoredJson").contains("page"), "{}", required("StoredJson"));
    }

    #[test]
    fn parameters_that_exclude_one_another_are_described() {
        let (document, _) = document();
        let check = |method: &str, path: &str, name: &str, query: Value, expected: bool| {
            let parameters = document["paths"][path][method]["parameters"].as_array().unwrap();
            let parameter = parameters.iter().find(|it| it["name"] == name).unwrap();
            assert_eq!(
                (&parameter["style"], &parameter["explode"]),
                (&json!("form"), &json!(true))
            );
            let validator = jsonschema::validator_for(&parameter["schema"]).unwrap();
            assert_eq!(validator.is_valid(&query), expected, "{path} {query}");
        };
        let erase = |query, expected| check("delete", "/v1/responses", "whose", query, expected);
        erase(json!({ "order": "A-1" }), true);
        erase(json!({ "order": "A-1", "customer": "c1" }), false);
        erase(json!({}), false);
        erase(json!({ "order": "" }), false);
        let report = |query, expected| check("get", "/v1/report", "days", query, expected);
        report(json!({}), true);
        report(json!({ "from": "2026-11-01", "to": "2026-11-24" }), true);
        report(json!({ "period": "30d" }), true);
        report(json!({ "period": "30d", "to": "2026-11-24" }), false);
        for path in ["/v1/responses", "/v1/export", "/v1/report"] {
            let narrowed = |query, expected| check("get", path, "fact", query, expected);
            narrowed(json!({ "country": "DE" }), true);
            narrowed(json!({ "prop-coupon": "WELCOME" }), true);
            narrowed(json!({ "country": "DE", "prop-coupon": "WELCOME" }), false);
            narrowed(json!({ "colour": "red" }), false);
        }
    }

    #[test]
    fn it_contains_the_limits_of_the_contract() {
        let (document, _) = document();
        let response = &document["components"]["schemas"]["Response"]["properties"];
        assert_eq!(response["score"]["maximum"], 10);
        assert_eq!(response["comment"]["maxLength"], 2_000);
        let report = &document["components"]["schemas"]["ReportAnswer"]["properties"];
        for name in ["nps", "interval", "distribution", "trend", "comments", "time_zone"] {
            assert!(!report[name].is_null(), "{name} is missing in {report}");
        }
    }
}
