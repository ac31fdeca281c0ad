//! For whatever watches over the process: is it alive, and can it work?

use std::time::Duration;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::Collector;
use crate::{error::Error, store::StoreError};

/// Monitors give up after a few seconds themselves; a slow database is one that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Alive. Does not ask the database: restarting the collector would not mend it.
pub(crate) async fn healthz() -> Response {
    ok()
}

/// Ready: the database answers.
pub(crate) async fn readyz(State(collector): Collector) -> Result<Response, Error> {
    match tokio::time::timeout(PATIENCE, collector.store.ready()).await {
        Ok(ready) => ready?,
        Err(_) => return Err(StoreError::slow().into()),
    }
    Ok(ok())
}

fn ok() -> Response {
    (
        [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "ok\n",
    )
        .into_response()
}
