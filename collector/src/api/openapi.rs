//! `GET /openapi.json`: the API for programs, in `OpenAPI` 3.1.
//!
//! It is made of the code: which addresses there are and what they need from the routes themselves,
//! what is sent and answered from the types, by `schemars`. Here stand the words, and which type
//! belongs where. A test holds that no address for programs is left out.

mod contract;

use std::sync::Arc;

use afterword_response::{Segment, Touchpoint, limits};
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
    aside::Kind,
    exchange::run::{Dates, Target},
    http::{error::Problem, guard::Rules},
    ingest::Receipt,
    query,
    report::facts::FACETS,
};

/// An address for programs, described.
struct Described {
    /// What a generated client calls it.
    id: &'static str,
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

/// Something that the query may say.
struct Parameter {
    name: &'static str,
    description: &'static str,
    schema: Value,
    place: Place,
}

/// The list that goes on from page to page.
const PAGED: &str = "listResponses";

/// How a parameter stands in the query.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Under its name.
    Named,
    /// Not at all: the properties of its object stand there, each under its own name. So a schema can say
    /// which of them exclude one another, and what the names look like that a shop chose.
    Spread,
}

impl Parameter {
    fn named(name: &'static str, description: &'static str, schema: Value) -> Self {
        Self { name, description, schema, place: Place::Named }
    }

    fn spread(name: &'static str, description: &'static str, mut schema: Value) -> Self {
        schema["type"] = "object".into();
        Self { name, description, schema, place: Place::Spread }
    }

    fn described(self) -> Value {
        let is_required = self.schema.get("oneOf").is_some();
        let mut parameter = json!({
            "name": self.name, "in": "query", "required": is_required,
            "description": self.description, "schema": self.schema
        });
        if self.place == Place::Spread {
            parameter["style"] = "form".into();
            parameter["explode"] = true.into();
        }
        parameter
    }
}

pub(crate) async fn openapi(
    Extension(rules): Extension<Arc<Rules>>,
) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    ([(header::CACHE_CONTROL, "no-cache")], Json(document(&rules)))
}

/// The whole document.
fn document(rules: &Rules) -> Value {
    // Answers, as they are sent: what may be left out is not required.
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
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
    let mut schemas = generator.take_definitions(true);
    contract::add_to(&mut schemas);
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

fn operation(described: Described, need: Need, problem: &Value) -> Value {
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
    let parameters: Vec<Value> =
        described.parameters.into_iter().map(Parameter::described).collect();
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
            let message = json!({ "schema": contract::message() });
            Described {
                id: "putResponse",
                summary: "Take a revision of a response, or a step of a display",
                description: "Answered when it is on the disk. A repeat, or a revision that is not \
                    higher than the one kept, changes nothing and succeeds, so that a sender may \
                    always repeat itself. The schemas bind the sender. The collector refuses a message \
                    for version, id, revision, survey, touchpoint, score, display, and a comment over \
                    its limit; other fields that break the contract are cut or left out, and stand \
                    under notes in the receipt. text/plain holds the same JSON and spares a page the \
                    preflight; a form has the same fields flat, with dotted names. A form that a \
                    person's browser sends by itself (Sec-Fetch-Mode: navigate) may leave out \
                    what a script would know, is led on to /thanks with 303, and gets a page \
                    where others get a problem document: docs/NOSCRIPT.md.",
                parameters: Vec::new(),
                body: Some(json!({
                    "application/json": message,
                    "text/plain": { "schema": {
                        "type": "string", "contentMediaType": "application/json",
                        "contentSchema": contract::message()
                    } },
                    "application/x-www-form-urlencoded": { "schema": contract::form() }
                })),
                answer: in_json::<Receipt>(generator),
                problems: &[400, 403, 408, 409, 413, 415, 422, 429],
            }
        }
        ("GET", "/v1/responses") => Described {
            id: PAGED,
            summary: "List responses, newest first",
            description: "Page by page: pass next as after, unchanged.",
            parameters: [
                filter(),
                vec![
                    Parameter::named(
                        "limit",
                        "The length of a page.",
                        json!({
                            "type": "integer", "minimum": 1, "maximum": query::MAX_PAGE_LENGTH,
                            "default": query::USUAL_PAGE_LENGTH
                        }),
                    ),
                    Parameter::named(
                        "after",
                        "The value of next from the page before, unchanged.",
                        json!({ "type": "string", "format": "cursor" }),
                    ),
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
            id: "getReport",
            summary: "The report: everything that its page shows",
            description: "Without a period everything there is. The segment and the words narrow the \
                comments only: the score of those who are promoters says nothing.",
            parameters: report_parameters(),
            body: None,
            answer: in_json::<ReportAnswer>(generator),
            problems: &[400],
        },
        ("DELETE", "/v1/responses") => Described {
            id: "eraseResponses",
            summary: "Erase what an order, a customer or one response left",
            description: "Exactly one of the parameters. The receipt says how much was erased, and \
                nothing of what it was.",
            parameters: vec![whose()],
            body: None,
            answer: in_json::<Erased>(generator),
            problems: &[400],
        },
        ("GET", "/v1/erasures") => Described {
            id: "listErasures",
            summary: "List the receipts of what was erased, newest first",
            description: "Up to a thousand.",
            parameters: Vec::new(),
            body: None,
            answer: in_json::<Erasures>(generator),
            problems: &[],
        },
        ("GET", "/v1/export") => Described {
            id: "exportResponses",
            summary: "All responses that a filter lets through, as a file",
            description: "Written while it is sent; the header Afterword-Rows says how many follow. \
                CSV opens in spreadsheets with its umlauts, and what looks like a formula is text.",
            parameters: [
                filter(),
                vec![
                    Parameter::named(
                        "format",
                        "What the file is written as.",
                        json!({ "enum": ["csv", "jsonl"], "default": "csv" }),
                    ),
                    Parameter::named(
                        "delimiter",
                        "Between the fields of CSV.",
                        json!({ "enum": ["comma", "semicolon"], "default": "comma" }),
                    ),
                ],
            ]
            .into_iter()
            .flatten()
            .collect(),
            body: None,
            answer: json!({
                "text/csv": { "schema": { "type": "string" } },
                "application/jsonl": { "schema": { "type": "string" } }
            }),
            problems: &[400],
        },
        ("POST", "/v1/import") => Described {
            id: "importResponses",
            summary: "Add a file of answers that were given elsewhere",
            description: "CSV of Delighted, Wootric or others, or what an export wrote. A second time \
                changes nothing. A column is named by map.TARGET=COLUMN where it is not recognized.",
            parameters: import_parameters(),
            body: Some(json!({
                "text/csv": { "schema": { "type": "string" } },
                "application/jsonl": { "schema": { "type": "string" } }
            })),
            answer: in_json::<Imported>(generator),
            problems: &[400],
        },
        ("GET", "/healthz") => Described {
            id: "isAlive",
            summary: "The process is alive",
            description: "Does not ask the database.",
            parameters: Vec::new(),
            body: None,
            answer: text(),
            problems: &[],
        },
        ("GET", "/readyz") => Described {
            id: "isReady",
            summary: "The database answers",
            description: "503 where it does not.",
            parameters: Vec::new(),
            body: None,
            answer: text(),
            problems: &[],
        },
        ("GET", "/metrics") => Described {
            id: "getMetrics",
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
            id: "getOpenApi",
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

/// Exactly one of the three.
fn whose() -> Parameter {
    let alternatives = [
        ("order", "The shop's number of an order."),
        ("customer", "The shop's number of a customer."),
        ("id", "A response's id."),
    ]
    .map(|(name, description)| {
        json!({
            "properties": {
                name: { "type": "string", "minLength": 1, "description": description }
            },
            "required": [name],
            "additionalProperties": false
        })
    });
    let description = "Whose responses: exactly one of order, customer and id.";
    Parameter::spread("whose", description, json!({ "oneOf": alternatives }))
}

fn import_parameters() -> Vec<Parameter> {
    let dates = Dates::NAMES.map(|(name, _)| name);
    let targets = Target::NAMES.map(|(name, _)| name).join("|");
    vec![
        Parameter::named("survey", "The survey of rows that name none.", survey()),
        Parameter::named("touchpoint", "Their touchpoint.", json!({ "enum": Touchpoint::NAMES })),
        Parameter::named(
            "locale",
            "Their language, as a tag such as de.",
            json!({
                "type": "string", "maxLength": limits::LOCALE,
                "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
            }),
        ),
        Parameter::named(
            "dates",
            "How dates are written where that is ambiguous.",
            json!({ "enum": dates }),
        ),
        Parameter::named(
            "dry_run",
            "Whether only to say what would be added.",
            json!({ "type": "boolean", "default": false }),
        ),
        Parameter::spread(
            "map",
            "The columns that are not recognized: map.TARGET=COLUMN, as in map.score=Rating.",
            json!({
                "patternProperties": { (format!("^map\\.({targets})$")): { "type": "string" } },
                "additionalProperties": false
            }),
        ),
    ]
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
        parameters.push(Parameter::named(name, moment, when.clone()));
    }
    parameters.push(Parameter::named(
        "aside",
        "Only what no figure counts, by why: the first of these that is true of an answer.",
        json!({ "enum": Kind::ALL.map(Kind::name) }),
    ));
    parameters
}

fn report_parameters() -> Vec<Parameter> {
    let day = |description: &str| {
        json!({
            "type": "string", "format": "date", "description": description,
            "pattern": "^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-"
        })
    };
    let facets = FACETS.join("|");
    let mut parameters = narrowing();
    parameters.extend([
        Parameter::spread(
            "days",
            "Which days: from and to, or a period up to today, but not both. All there are if nothing is \
             said.",
            json!({ "anyOf": [
                {
                    "properties": {
                        "from": day("The first day, of the shop's calendar."),
                        "to": day("The last day; not before the first.")
                    },
                    "additionalProperties": false
                },
                {
                    "properties": { "period": {
                        "type": "string", "description": "The last 1 to 3660 days, as in 30d; or all.",
                        "pattern": "^(([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)d|all)$"
                    } },
                    "additionalProperties": false
                }
            ] }),
        ),
        Parameter::named(
            "step",
            "How long the trend's steps are; chosen by the period if not said.",
            json!({ "enum": ["day", "week", "month"] }),
        ),
        Parameter::named(
            "by",
            "What to break down by: product, country, customer, tag, reason, language or prop-NAME.",
            json!({ "type": "string", "pattern": format!("^({facets}|{PROPERTY})$") }),
        ),
        Parameter::named(
            "flagged",
            "Whether implausible answers are counted; without, if not said.",
            json!({ "enum": ["without", "with"] }),
        ),
    ]);
    parameters
}

/// What a property is called where answers are narrowed or broken down.
const PROPERTY: &str = "prop-[A-Za-z0-9._-]{1,64}";

fn survey() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" })
}

fn narrowing() -> Vec<Parameter> {
    let segments = query::SEGMENTS.map(|(name, _): (&str, Segment)| name);
    let value = json!({ "type": "string", "minLength": 1, "maxLength": limits::TEXT });
    let facets: Map<String, Value> =
        FACETS.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    vec![
        Parameter::named("survey", "A survey, by its id.", survey()),
        Parameter::named(
            "touchpoint",
            "A moment in the customer's journey.",
            json!({ "enum": Touchpoint::NAMES }),
        ),
        Parameter::named("segment", "0 to 6, 7 and 8, 9 and 10.", json!({ "enum": segments })),
        Parameter::named(
            "q",
            "Words that the comment holds, by their beginnings; \"in quotation marks\" as they stand.",
            json!({
                "type": "string", "maxLength": query::MAX_SEARCH_LENGTH,
                "pattern": "[\\p{L}\\p{N}]"
            }),
        ),
        Parameter::spread(
            "fact",
            "Responses that share this value: product, country, customer, tag, reason, language, or a \
             property as in prop-coupon=WELCOME. One of them at a time.",
            json!({
                "properties": facets,
                "patternProperties": { (format!("^{PROPERTY}$")): value },
                "additionalProperties": false,
                "maxProperties": 1
            }),
        ),
    ]
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
        let mut ids = std::collections::HashSet::new();
        for (method, path, need) in rules.all() {
            let is_described =
                !document["paths"][path][method.as_str().to_ascii_lowercase()].is_null();
            let is_for_programs = (path.starts_with("/v1/") && *method != Method::OPTIONS)
                || ["/healthz", "/readyz", "/metrics", "/openapi.json"].contains(&path);
            assert_eq!(is_described, is_for_programs, "{method} {path}");
            if is_described {
                let operation = &document["paths"][path][method.as_str().to_ascii_lowercase()];
                assert_eq!(operation["security"].is_array(), need != Need::Nothing, "{path}");
                assert!(ids.insert(operation["operationId"].to_string()), "{operation}");
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
    fn what_may_be_left_out_of_an_answer_is_not_required_in_it() {
        let (document, _) = document();
        let schemas = &document["components"]["schemas"];
        let required = |name: &str| schemas[name]["required"].to_string();
        assert_eq!(required("Problem"), r#"["type","title","status","detail"]"#);
        assert!(!required("Receipt").contains("notes"), "{}", required("Receipt"));
        // A sender states a page; what is kept may be without.
        assert!(required("Response").contains("page"));
        assert!(!required("StoredJson").contains("page"), "{}", required("StoredJson"));
    }

    #[test]
    fn parameters_that_exclude_one_another_are_said() {
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
