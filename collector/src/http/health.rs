//! For whatever watches over the process: is it alive, and can it work?

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use schemars::SchemaGenerator;

use super::{
    describe::{Described, text},
    error::Error,
};
use crate::{state::Shared, store::StoreError};

/// Monitors give up after a few seconds themselves; a slow database is one that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Alive. Does not ask the database: restarting the collector would not mend it.
pub(crate) async fn healthz() -> Response {
    ok()
}

/// Ready: the database answers.
pub(crate) async fn readyz(State(collector): State<Arc<Shared>>) -> Result<Response, Error> {
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

/// What there is to say of being alive.
pub(crate) fn describe_alive(_: &mut SchemaGenerator) -> Described {
    Described {
        summary: "The process is alive",
        description: "Does not ask the database.",
        parameters: Vec::new(),
        body: None,
        answer: text(),
        problems: &[],
    }
}

/// What there is to say of being ready.
pub(crate) fn describe_ready(_: &mut SchemaGenerator) -> Described {
    Described {
        summary: "The database answers",
        description: "503 where it does not.",
        parameters: Vec::new(),
        body: None,
        answer: text(),
        problems: &[],
    }
}
