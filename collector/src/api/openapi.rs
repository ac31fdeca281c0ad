//! `GET /openapi.json`: the API for programs, in `OpenAPI` 3.1.
//!
//! It is made of the code: which addresses there are and what they need from the routes themselves,
//! what is sent and answered from the types, by `schemars`. Here stand the words, and which type
//! belongs where. A test holds that no address for programs is left out.

use std::sync::Arc;

use afterword_response::{Display, Response, Segment, Touchpoint};
use axum::{
    Extension, Json,
    http::{HeaderName, Method, header},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    erasures::{Erased, Erasures},
    import::Imported,
    list::Page,
    report::ReportAnswer,
};
use crate::{
    access::Need,
    http::{error::Problem, guard::Rules},
    ingest::Receipt,
    query,
    report::facts::FACETS,
};

/// An address for programs, described.
struct Described {
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Parameter>,
    /// The bodies that are taken, by content type.
    body: Option<Value>,
    /// The bodies of success, by content type.
    answer: Value,
    /// What can go wrong, beside what always can.
    problems: &'static [u16],
}

/// A parameter of the query.
struct Parameter {
    name: &'static str,
    description: &'static str,
    schema: Value,
}

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
    let problem = in_problem(&mut generator);
    let mut paths = Map::new();
    for (method, path, need) in rules.all() {
        let Some(described) = described(method, path, &mut generator) else { continue };
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        operations[method.as_str().to_ascii_lowercase()] = operation(described, need, &problem);
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

/// A schema of the type, by reference.
fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "schema": generator.subschema_for::<T>() })
}

fn in_json<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "application/json": schema::<T>(generator) })
}

fn in_problem(generator: &mut SchemaGenerator) -> Value {
    schema::<Problem<'static>>(generator)
}

fn text() -> Value {
    json!({ "text/plain": { "schema": { "type": "string" } } })
}

/// What there is to say of an address; `None` for those that people meet, or browsers.
fn described(method: &Method, path: &str, generator: &mut SchemaGenerator) -> Option<Described> {
    let described = match (method.as_str(), path) {
        ("POST", "/v1/responses") => {
            let message = json!({ "schema": { "oneOf": [
                generator.subschema_for::<Response>(), generator.subschema_for::<Display>()
            ] } });
            Described {
                summary: "Take a revision of a response, or a step of a display",
                description: "Answered when it is on the disk. A repeat, or a revision that is not \
                    higher than the one kept, changes nothing and succeeds, so that a sender may \
                    always repeat itself. text/plain holds the same JSON and spares a page the \
                    preflight; a form has the same fields flat, with dotted names. A form that a \
                    person's browser sends by itself (Sec-Fetch-Mode: navigate) may leave out \
                    what a script would know, is led on to /thanks with 303, and gets a page \
                    where others get a problem document: docs/NOSCRIPT.md.",
                parameters: Vec::new(),
                body: Some(json!({
                    "application/json": message,
                    "text/plain": { "schema": { "type": "string", "contentMediaType": "application/json" } },
                    "application/x-www-form-urlencoded": { "schema": { "type": "object" } }
                })),
                answer: in_json::<Receipt>(generator),
                problems: &[400, 403, 408, 409, 413, 415, 422],
            }
        }
        ("GET", "/v1/responses") => Described {
            summary: "List responses, newest first",
            description: "Page by page: pass next as after, unchanged.",
            parameters: [
                filter(),
                vec![
                    Parameter {
                        name: "limit",
                        description: "The length of a page.",
                        schema: json!({ "type": "integer", "minimum": 1, "maximum": query::MAX_PAGE_LENGTH, "default": query::USUAL_PAGE_LENGTH }),
                    },
                    Parameter {
                        name: "after",
                        description: "The value of next from the page before.",
                        schema: json!({ "type": "string" }),
                    },
                ],
            ]
            .into_iter()
            .flatten()
            .collect(),
            body: None,
            answer: in_json::<Page>(generator),
            problems: &[400],
        },
        ("GET", "/v1/report") => Described {
            summary: "The report: everything that its page shows",
            description: "Without a period everything there is. The segment and the words narrow the \
                comments only: the score of those who are promoters says nothing.",
            parameters: report_parameters(),
            body: None,
            answer: in_json::<ReportAnswer>(generator),
            problems: &[400],
        },
        ("DELETE", "/v1/responses") => Described {
            summary: "Erase what an order, a customer or one response left",
            description: "Exactly one of the parameters. The receipt says how much was erased, and \
                nothing of what it was.",
            parameters: ["order", "customer", "id"]
                .map(|name| Parameter {
                    name,
                    description: "Whose responses, by the shop's number or the response's id.",
                    schema: json!({ "type": "string", "minLength": 1 }),
                })
                .into(),
            body: None,
            answer: in_json::<Erased>(generator),
            problems: &[400],
        },
        ("GET", "/v1/erasures") => Described {
            summary: "List the receipts of what was erased, newest first",
            description: "Up to a thousand.",
            parameters: Vec::new(),
            body: None,
            answer: in_json::<Erasures>(generator),
            problems: &[],
        },
        ("GET", "/v1/export") => Described {
            summary: "All responses that a filter lets through, as a file",
            description: "Written while it is sent; the header Afterword-Rows says how many follow. \
                CSV opens in spreadsheets with its umlauts, and what looks like a formula is text.",
            parameters: [
                filter(),
                vec![
                    Parameter {
                        name: "format",
                        description: "What the file is written as.",
                        schema: json!({ "enum": ["csv", "jsonl"], "default": "csv" }),
                    },
                    Parameter {
                        name: "delimiter",
                        description: "Between the fields of CSV.",
                        schema: json!({ "enum": ["comma", "semicolon"], "default": "comma" }),
                    },
                ],
            ]
            .into_iter()
            .flatten()
            .collect(),
            body: None,
            answer: json!({
                "text/csv": { "schema": { "type": "string" } },
                "application/x-ndjson": { "schema": { "type": "string" } }
            }),
            problems: &[400],
        },
        ("POST", "/v1/import") => Described {
            summary: "Add a file of answers that were given elsewhere",
            description: "CSV of Delighted, Wootric or others, or what an export wrote. A second time \
                changes nothing. A column is named by map.TARGET=COLUMN where it is not recognized.",
            parameters: import_parameters(),
            body: Some(json!({
                "text/csv": { "schema": { "type": "string" } },
                "application/x-ndjson": { "schema": { "type": "string" } }
            })),
            answer: in_json::<Imported>(generator),
            problems: &[400],
        },
        ("GET", "/healthz") => Described {
            summary: "The process is alive",
            description: "Does not ask the database.",
            parameters: Vec::new(),
            body: None,
            answer: text(),
            problems: &[],
        },
        ("GET", "/readyz") => Described {
            summary: "The database answers",
            description: "503 where it does not.",
            parameters: Vec::new(),
            body: None,
            answer: text(),
            problems: &[],
        },
        ("GET", "/metrics") => Described {
            summary: "Figures, as Prometheus reads them",
            description: "OpenMetrics. Requests, latency, refusals, connections, the disk, and when each survey \
                was last answered.",
            parameters: Vec::new(),
            body: None,
            answer: json!({
                "application/openmetrics-text": { "schema": { "type": "string" } }
            }),
            problems: &[],
        },
        ("GET", "/openapi.json") => Described {
            summary: "This document",
            description: "",
            parameters: Vec::new(),
            body: None,
            answer: json!({ "application/json": { "schema": { "type": "object" } } }),
            problems: &[],
        },
        _ => return None,
    };
    Some(described)
}

fn import_parameters() -> Vec<Parameter> {
    [
        ("survey", "The survey of rows that name none.", json!({ "type": "string" })),
        ("touchpoint", "Their touchpoint.", json!({ "enum": Touchpoint::NAMES })),
        ("locale", "Their language, as a tag such as de.", json!({ "type": "string" })),
        ("dates", "How dates are written where that is ambiguous.", json!({ "type": "string" })),
        ("dry_run", "Whether only to say what would be added.", json!({ "type": "boolean" })),
        ("map.TARGET", "The column that holds TARGET.", json!({ "type": "string" })),
    ]
    .into_iter()
    .map(|(name, description, schema)| Parameter { name, description, schema })
    .collect()
}

/// Which responses: what lists, exports and the report share.
fn filter() -> Vec<Parameter> {
    let moment =
        "A day of the shop's calendar, 2026-11-24, or a moment, 2026-11-24T17:00:00Z. Included.";
    let when = json!({ "anyOf": [
        { "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }
    ] });
    let mut parameters = narrowing();
    for name in ["from", "to"] {
        parameters.push(Parameter { name, description: moment, schema: when.clone() });
    }
    parameters
}

fn report_parameters() -> Vec<Parameter> {
    let mut parameters = narrowing();
    let day = json!({ "type": "string", "format": "date" });
    for (name, description, schema) in [
        ("from", "The first day, of the shop's calendar.", day.clone()),
        ("to", "The last day.", day),
        (
            "period",
            "Instead of from and to: so many days up to today, or all.",
            json!({ "type": "string", "pattern": "^([0-9]{1,4}d|all)$" }),
        ),
        (
            "step",
            "How long the trend's steps are; chosen by the period if not said.",
            json!({ "enum": ["day", "week", "month"] }),
        ),
        (
            "by",
            "What to break down by: product, country, customer, tag, reason, language or prop-NAME.",
            json!({ "type": "string" }),
        ),
    ] {
        parameters.push(Parameter { name, description, schema });
    }
    parameters
}

fn narrowing() -> Vec<Parameter> {
    let segments = query::SEGMENTS.map(|(name, _): (&str, Segment)| name);
    let mut parameters = vec![
        Parameter {
            name: "survey",
            description: "A survey, by its id.",
            schema: json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" }),
        },
        Parameter {
            name: "touchpoint",
            description: "A moment in the customer's journey.",
            schema: json!({ "enum": Touchpoint::NAMES }),
        },
        Parameter {
            name: "segment",
            description: "0 to 6, 7 and 8, 9 and 10.",
            schema: json!({ "enum": segments }),
        },
        Parameter {
            name: "q",
            description: "Words that the comment holds, by their beginnings; \"in quotation marks\" as they stand.",
            schema: json!({ "type": "string", "maxLength": query::MAX_SEARCH_LENGTH }),
        },
    ];
    for name in FACETS {
        parameters.push(Parameter {
            name,
            description: "Responses that share this value. One such parameter at a time.",
            schema: json!({ "type": "string" }),
        });
    }
    parameters.push(Parameter {
        name: "prop-NAME",
        description: "Responses whose property NAME has this value, as in prop-coupon=WELCOME.",
        schema: json!({ "type": "string" }),
    });
    parameters
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn document() -> (Value, Rules) {
        let (_, rules) = crate::router::routes().into_parts();
        (super::document(&rules), rules)
    }

    #[test]
    fn every_address_for_programs_is_described_and_no_other() {
        let (document, rules) = document();
        for (method, path, need) in rules.all() {
            let is_described =
                !document["paths"][path][method.as_str().to_ascii_lowercase()].is_null();
            let is_for_programs = (path.starts_with("/v1/") && *method != Method::OPTIONS)
                || ["/healthz", "/readyz", "/metrics", "/openapi.json"].contains(&path);
            assert_eq!(is_described, is_for_programs, "{method} {path}");
            if is_described {
                let operation = &document["paths"][path][method.as_str().to_ascii_lowercase()];
                assert_eq!(operation["security"].is_array(), need != Need::Nothing, "{path}");
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
