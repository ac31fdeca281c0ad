//! CORS for the ingest address: a page of any site may post there and read every answer, including refusals.
//! Credentials are never allowed, and pages of other sites cannot read lists.
//!
//! `tower_http::cors` does not fit. Around a route it would also open the list of answers, which has the same
//! address; inside the guard it would miss the guard's refusals; and it answers every `OPTIONS` itself.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::guard::Rules;

/// Seconds that a browser may remember the permission; no browser keeps it longer than a day.
const MAX_AGE: &str = "86400";

/// Answers a preflight request. The allowed headers are the requested ones, because `*` does not include
/// `Authorization`, which a shop may send to its own proxy before the collector.
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

/// Lets any origin read the answer to a POST to the ingest address, including refusals. All other answers stay
/// closed to other origins, including the list at the same address.
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
