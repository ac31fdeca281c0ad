//! One line a request: method, route, status, time taken. Never an address, a query or a body: they
//! may name a person or hold a token.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};

use super::error::Refused;

pub(crate) async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;

    let status = response.status().as_u16();
    let route = route.as_ref().map_or("a file or nothing", MatchedPath::as_str);
    let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    match response.extensions().get::<Refused>() {
        Some(Refused { problem, fields }) => {
            tracing::info!(%method, route, status, milliseconds, problem, fields, "refused");
        }
        // What monitors and every page view ask for would drown the rest.
        None if matches!(route, "/healthz" | "/readyz" | "a file or nothing") => {
            tracing::debug!(%method, route, status, milliseconds, "answered");
        }
        None => tracing::info!(%method, route, status, milliseconds, "answered"),
    }
    response
}
