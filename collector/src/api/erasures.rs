//! `DELETE /v1/responses` erases the responses of an order or a customer, or one response, and returns the
//! receipt; `GET /v1/erasures` lists the receipts.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use schemars::SchemaGenerator;
use serde::Serialize;
use serde_json::json;

use crate::{
    http::{
        describe::{Operation, in_json},
        error::Error,
    },
    query::{BadQuery, Parameter, ParameterProblem},
    state::Shared,
    store::erasures::{Erase, Receipt},
};

/// Receipts in the list.
const MAX_RECEIPTS: u32 = 1_000;

type Answer<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// The number of erased responses. `receipt` is missing if nothing was erased.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Erased {
    receipt: Option<String>,
    at: Option<String>,
    by: &'static str,
    responses: u64,
    comments: u64,
    contacts: u64,
    displays: u64,
}

/// All receipts, newest first.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Erasures {
    erasures: Vec<Erased>,
}

pub(crate) async fn erase(
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Answer<Erased>, Error> {
    let (name, value) = subject(query.as_deref().unwrap_or_default())?;
    let (what, by) = match name {
        "order" => (Erase::Order(&value), "order"),
        "customer" => (Erase::Customer(&value), "customer"),
        _ => (Erase::Response(&value), "response"),
    };
    let erased = match collector.store.erase(what).await? {
        Some(receipt) => Erased::from(receipt),
        None => Erased {
            receipt: None,
            at: None,
            by,
            responses: 0,
            comments: 0,
            contacts: 0,
            displays: 0,
        },
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(erased)))
}

pub(crate) async fn list(State(collector): State<Arc<Shared>>) -> Result<Answer<Erasures>, Error> {
    let erasures =
        collector.store.receipts(MAX_RECEIPTS).await?.into_iter().map(Erased::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Erasures { erasures })))
}

/// The one parameter that selects the responses. Every other parameter is refused: a typing error in a
/// name must not erase more than was meant.
fn subject(query: &str) -> Result<(&'static str, String), BadQuery> {
    let given: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let problem = |name: &str, problem: &str| {
        BadQuery::of(name, ParameterProblem::ForPrograms(problem.to_owned()))
    };
    match given.as_slice() {
        [(name, value)] if !value.is_empty() => match name.as_str() {
            "order" => Ok(("order", value.clone())),
            "customer" => Ok(("customer", value.clone())),
            "id" => Ok(("id", value.to_ascii_lowercase())),
            _ => {
                let known = vec!["order", "customer", "id"];
                Err(BadQuery::of(name, ParameterProblem::Unknown { known }))
            }
        },
        [(name, _)] => Err(problem(name, "must not be empty")),
        _ => Err(problem("id", "or order or customer: say exactly one of them")),
    }
}

impl From<Receipt> for Erased {
    fn from(receipt: Receipt) -> Self {
        Self {
            receipt: Some(receipt.receipt),
            at: Some(format!("{:.3}", receipt.at)),
            by: receipt.by.name(),
            responses: receipt.responses,
            comments: receipt.comments,
            contacts: receipt.contacts,
            displays: receipt.displays,
        }
    }
}

/// Describes the erasure for `/openapi.json`.
pub(crate) fn describe_erase(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "eraseResponses",
        summary: "Erase the responses of an order or a customer, or one response",
        description: "Exactly one of the parameters. The receipt has the numbers of erased data, and \
            nothing of their content.",
        parameters: vec![whose()],
        body: None,
        answer: in_json::<Erased>(generator),
        problems: &[400],
    }
}

/// Describes the list for `/openapi.json`.
pub(crate) fn describe_list(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "listErasures",
        summary: "List the receipts of erasures, newest first",
        description: "Up to a thousand.",
        parameters: Vec::new(),
        body: None,
        answer: in_json::<Erasures>(generator),
        problems: &[],
    }
}

/// The parameter that selects the responses: exactly one of three.
fn whose() -> Parameter {
    let names = [
        ("order", "The shop's number of an order."),
        ("customer", "The shop's number of a customer."),
        ("id", "A response's id."),
    ];
    let alternatives = names.map(|(name, description)| {
        json!({
            "properties": {
                name: { "type": "string", "minLength": 1, "description": description }
            },
            "required": [name],
            "additionalProperties": false
        })
    });
    let description = "Whose responses: exactly one of order, customer and id.";
    let names = names.map(|(name, _)| name).to_vec();
    Parameter::spread("whose", names, description, json!({ "oneOf": alternatives }))
}
