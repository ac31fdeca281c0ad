//! CORS for the ingest address: any shop's page may post there and read every answer, refusals
//! too. Credentials are never allowed, and lists stay out of foreign pages' reach.
//!
//! It is ours and not `tower_http::cors`: that goes by route, so that it would open the list, which has
//! the same address, or miss what the guard refuses; and it answers every `OPTIONS` by itself.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::guard::Rules;

/// How long a browser may remember the permission; none remembers longer than a day.
const MAX_AGE: &str = "86400";

/// Answers a preflight. The headers asked for are repeated, because `*` does not cover
/// `Authorization`, which a shop may well send to a proxy in between.
pub(crate) async fn preflight(
    Extension(rules): Extension<Arc<Rules>>,
    path: MatchedPath,
    headers: HeaderMap,
) -> Response {
    let asked = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        asked.unwrap_or_else(|| HeaderValue::from_static("*")),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    headers.insert(header::VARY, HeaderValue::from_static("access-control-request-headers"));
    if let Ok(methods) = HeaderValue::try_from(rules.methods(path.as_str())) {
        headers.insert(header::ALLOW, methods);
    }
    response
}

/// Lets any origin read the answer to what is sent to the ingest address, refusals too; a list and
/// everything else stays closed.
pub(crate) async fn allow(request: Request, next: Next) -> Response {
    let lists = matches!(*request.method(), Method::GET | Method::HEAD)
        || request.uri().path() != "/v1/responses";
    let mut response = next.run(request).await;
    if !lists {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers
            .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
    response
}
