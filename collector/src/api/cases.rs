//! `GET /v1/cases`: the cases of the inbox, newest first, for programs. Notes and contacts are for people.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use schemars::SchemaGenerator;
use serde::Serialize;

use crate::{
    access::public_ids::Ids,
    exchange::stored_json::StoredJson,
    http::{
        conditional::tagged_json,
        describe::{Operation, in_json},
        error::Error,
    },
    query::{CaseQuery, Empty},
    state::Shared,
    store::{
        Cursor, Stored,
        cases::{Actor, Case, State as CaseState},
    },
};

/// A page of the list.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Page {
    cases: Vec<CaseJson>,
    /// The value of `after` for the next page; null on the last one. If few cases match, a page may have fewer than `limit`,
    /// or none, although others follow, because only a limited number of cases is examined for a page.
    next: Option<String>,
}

/// A case with its answer.
#[derive(Serialize, schemars::JsonSchema)]
struct CaseJson {
    #[schemars(extend("enum" = CaseState::ALL.map(CaseState::name)))]
    state: &'static str,
    /// Counts the changes of state and owner, and new words of the customer.
    version: u32,
    /// The colleague who looks after it; null if nobody does, or if they were removed.
    owner: Option<String>,
    /// Whether the customer left a contact to be answered. The contact itself is on the page of the case.
    wants_contact: bool,
    /// The answer, with the id that it is shown under.
    response: StoredJson,
}

impl CaseJson {
    fn new((mut stored, case): (Stored, Case)) -> Option<Self> {
        let owner = match case.owner {
            Some(Actor::Colleague { name, .. }) => name,
            _ => None,
        };
        let wants_contact = stored.response.contact.take().is_some();
        let state = case.state?.name();
        let version = case.version;
        Some(Self { state, version, owner, wants_contact, response: stored.into() })
    }
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = CaseQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    let filter = query.filter(&shared.store.time_zone().await?, None);
    let list = &query.list;
    let after = list.after.as_ref();
    // Only answers with their original ids say whether there is a contact.
    let (mut found, next) = shared.store.list(&filter, after, list.limit, Ids::Original).await?;
    for stored in &mut found {
        stored.response.id = shared.store.public_id(&stored.response.id);
        // It belongs to the customer's link.
        stored.response.answer_page = None;
    }
    let ids = found.iter().map(|stored| stored.response.id.clone()).collect();
    let cases = shared.store.cases(ids).await?;
    let page = Page {
        cases: found.into_iter().zip(cases).filter_map(CaseJson::new).collect(),
        next: next.as_ref().map(Cursor::encode),
    };
    Ok(tagged_json(&headers, &page))
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "listCases",
        summary: "List cases, newest first",
        description: "The cases of the inbox with their answers, page by page: pass next as after, unchanged. Notes and \
            contacts are not included. The header ETag changes with the page: send it as If-None-Match to be \
            answered 304 as long as nothing has changed.",
        parameters: CaseQuery::parameters(),
        body: None,
        answer: in_json::<Page>(generator),
        problems: &[400],
    }
}
