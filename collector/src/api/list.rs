//! `GET /v1/responses`: the responses, newest first, for programs.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use schemars::SchemaGenerator;
use serde::Serialize;

use crate::{
    access::{person::Visitor, public_ids::Ids},
    exchange::stored_json::StoredJson,
    http::{
        describe::{self, Operation, in_json},
        error::Error,
    },
    query::{Empty, ListQuery},
    reading,
    state::Shared,
    store::Cursor,
};

/// A page of the list.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Page {
    responses: Vec<StoredJson>,
    /// What to pass as `after` for the next page; null on the last one. Where few answers match, a page may have
    /// fewer than `limit`, or none, and others follow: so many are looked at for a page and no more.
    next: Option<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<([(HeaderName, &'static str); 1], Json<Page>), Error> {
    let list = ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    let (responses, next) =
        reading::list(&collector.store, &list, Ids::exported_to(&visitor.caller)).await?;
    let page = Page {
        responses: responses.into_iter().map(StoredJson::from).collect(),
        next: next.as_ref().map(Cursor::encode),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: describe::PAGED,
        summary: "List responses, newest first",
        description: "Page by page: pass next as after, unchanged. With a read token, ids are public ones, by which a \
            response can be found; with the admin token, they are the original ids, which prove who \
            wrote a response.",
        parameters: ListQuery::parameters(),
        body: None,
        answer: in_json::<Page>(generator),
        problems: &[400],
    }
}
