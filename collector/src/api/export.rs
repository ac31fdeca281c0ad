//! `GET /v1/export`: the answers a filter lets through, as a file.

use std::sync::Arc;

use axum::extract::{RawQuery, State};

use crate::{
    exchange::{export_query::ExportQuery, run::Dialect},
    http::error::Error,
    query::Empty,
    reading::{self, Export},
    state::Shared,
};

pub(crate) async fn export(
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Export, Error> {
    let query = query.unwrap_or_default();
    let query = ExportQuery::read(&query, Empty::Refused, Dialect::Comma)?;
    Ok(reading::export(&collector.store, &query).await?)
}
