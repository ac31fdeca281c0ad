//! Addresses for monitors: whether the process runs, whether it can store answers, and its metrics.

use std::{io, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use schemars::SchemaGenerator;
use serde_json::json;

use super::{
    describe::{Operation, text},
    error::Error,
};
use crate::{
    state::Shared,
    store::{Store, StoreError},
};

/// How long the check waits for the database: less than the few seconds after which monitors give up.
const DATABASE_PATIENCE: Duration = Duration::from_secs(2);

/// The number of surveys that have their own metrics: more labels would overload a dashboard.
const MAX_SURVEYS: usize = 100;

/// `GET /metrics`: metrics in Prometheus' text format.
pub(crate) async fn metrics(State(collector): State<Arc<Shared>>) -> Result<Response, Error> {
    let mut last_answers = Vec::new();
    for survey in collector.store.surveys().await?.into_iter().take(MAX_SURVEYS) {
        if let (_, Some(at)) = collector.store.survey_answers(&survey.id).await? {
            last_answers.push((survey.id, at));
        }
    }
    let undelivered = collector.store.undelivered().await?;
    let indexing = collector.store.indexing().await?;
    let written = collector.store.written();
    let text = collector.metrics.text(last_answers, written, undelivered, indexing);
    let text = text.map_err(|error| Error::File(io::Error::other(error)))?;
    Ok((
        [
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ],
        text,
    )
        .into_response())
}

/// `GET /healthz`: the process runs. Does not check the database, because a restart would not repair it.
pub(crate) async fn healthz() -> Response {
    ok()
}

/// `GET /readyz`: the database accepts writes.
pub(crate) async fn readyz(State(collector): State<Arc<Shared>>) -> Result<Response, Error> {
    ready(&collector.store).await?;
    Ok(ok())
}

/// Checks that the database accepts writes.
///
/// # Errors
/// It does not, or not in time.
pub(crate) async fn ready(store: &Store) -> Result<(), StoreError> {
    match tokio::time::timeout(DATABASE_PATIENCE, store.ready()).await {
        Ok(ready) => ready,
        Err(_) => Err(StoreError::slow()),
    }
}

fn ok() -> Response {
    (
        [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "ok\n",
    )
        .into_response()
}

/// Describes `/healthz`.
pub(crate) fn describe_alive(_: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "isAlive",
        summary: "The process is alive",
        description: "Does not use the database.",
        parameters: Vec::new(),
        body: None,
        answer: text(),
        problems: &[],
    }
}

/// Describes `/readyz`.
pub(crate) fn describe_ready(_: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "isReady",
        summary: "The database can be read and written",
        description: "Tries to write to the database, at most once a second. 503 if that fails.",
        parameters: Vec::new(),
        body: None,
        answer: text(),
        problems: &[],
    }
}

/// Describes `/metrics`.
pub(crate) fn describe_metrics(_: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "getMetrics",
        summary: "Figures for Prometheus",
        description: "OpenMetrics. Requests, latency, refusals, connections, the disk, what waits to be written, and when each survey \
            was last answered.",
        parameters: Vec::new(),
        body: None,
        answer: json!({ "application/openmetrics-text": { "schema": { "type": "string" } } }),
        problems: &[],
    }
}
