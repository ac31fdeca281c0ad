//! `GET /openapi.json`: the API for programs, in `OpenAPI` 3.1.
//!
//! It is made of the code: which addresses there are and what they need from the routes, what is sent
//! and answered from the types, by `schemars`, the parameters from those that read them, and the words
//! from beside each handler (`described` in the router's table). A test holds that no address for
//! programs is left out.
//!
//! It is ours and not `aide`'s or `utoipa`'s: both want routes of their own, and we have `Routes`, which
//! knows no address without a need; and both describe parameters by a type that serde reads, while
//! ours report every wrong one at once.

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
        describe::{Described, schema},
        error::Problem,
        guard::{Rule, Rules},
    },
};

pub(crate) async fn openapi(
    Extension(rules): Extension<Arc<Rules>>,
) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    ([(header::CACHE_CONTROL, "no-cache")], Json(document(&rules)))
}

/// The whole document.
fn document(rules: &Rules) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
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
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "token": {
                "type": "http", "scheme": "bearer",
                "description": "The admin token, or a token made under Settings with the scope needed."
            } }
        }
    })
}

fn operation(described: Described, need: Need, problem: &Value) -> Value {
    let mut responses = Map::new();
    responses.insert(
        "200".into(),
        json!({ "description": described.summary, "content": described.answer }),
    );
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
    let parameters: Vec<Value> = described
        .parameters
        .into_iter()
        .map(|it| {
            json!({
                "name": it.name, "in": "query", "required": false,
                "description": it.description, "schema": it.schema
            })
        })
        .collect();
    let mut operation = json!({
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

/// What there is to say of it.
pub(crate) fn describe(_: &mut SchemaGenerator) -> Described {
    Described {
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
        for (path, Rule { method, need, .. }) in rules.all() {
            let is_described =
                !document["paths"][path][method.as_str().to_ascii_lowercase()].is_null();
            let is_for_programs = (path.starts_with("/v1/") && *method != Method::OPTIONS)
                || ["/healthz", "/readyz", "/metrics", "/openapi.json"].contains(&path);
            assert_eq!(is_described, is_for_programs, "{method} {path}");
            if is_described {
                let operation = &document["paths"][path][method.as_str().to_ascii_lowercase()];
                assert_eq!(operation["security"].is_array(), *need != Need::Nothing, "{path}");
            }
        }
    }

    #[test]
    fn it_is_openapi_and_every_reference_leads_somewhere() {
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
    fn the_contracts_bounds_are_in_it() {
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
