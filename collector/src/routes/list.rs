//! `GET /v1/responses`: what was answered, newest first, for programs.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use serde::Serialize;

use super::{
    Collector,
    query::{Empty, ListQuery},
};
use crate::{
    error::Error,
    store::{Cursor, Stored},
};

/// A page of the list.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Page {
    responses: Vec<Item>,
    /// What to pass as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// A response as it was sent, and when it came.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Item {
    #[serde(flatten)]
    response: afterword_response::Response,
    received_at: String,
    updated_at: String,
}

pub(crate) async fn list(
    State(collector): Collector,
    RawQuery(query): RawQuery,
) -> Result<([(HeaderName, &'static str); 1], Json<Page>), Error> {
    let list = ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    let filter = list.filter.filter(&collector.store.time_zone().await?);
    let (responses, next) = collector.store.list(&filter, list.after.as_ref(), list.limit).await?;
    let page = Page {
        responses: responses.into_iter().map(Item::from).collect(),
        next: next.as_ref().map(Cursor::encode),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

impl From<Stored> for Item {
    fn from(stored: Stored) -> Self {
        Self {
            // Milliseconds, as in the response's own times.
            received_at: format!("{:.3}", stored.received_at),
            updated_at: format!("{:.3}", stored.updated_at),
            response: stored.response,
        }
    }
}
