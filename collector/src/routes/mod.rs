//! The outer face: which address is answered by what. One file a route.

mod access_log;
mod admin;
mod cross_origin;
mod files;
mod health;
mod ingest;
mod language;
mod list;
mod page_files;
pub(crate) mod person;
pub(crate) mod query;
mod responses_page;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{Shared, error::Error};

/// What handlers take as their state.
type Collector = State<Arc<Shared>>;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let responses = post(ingest::ingest).get(list::list).options(cross_origin::preflight);
    // A router of its own, so that a refused method passes the cross-origin layer as well.
    let cross_origin = Router::new()
        .route("/v1/responses", responses)
        .method_not_allowed_fallback(async || Error::Method)
        .layer(middleware::from_fn(cross_origin::allow));
    Router::new()
        .merge(cross_origin)
        .route("/language", post(language::choose))
        .route("/pages/{file}", get(page_files::page_file))
        .route("/responses", get(responses_page::responses_page))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/", get(|uri: Uri| async move { redirect(StatusCode::FOUND, &uri) }))
        .route(
            "/demo",
            get(|uri: Uri| async move { redirect(StatusCode::PERMANENT_REDIRECT, &uri) }),
        )
        .fallback(files::file)
        .method_not_allowed_fallback(async || Error::Method)
        .layer(middleware::from_fn(access_log::log))
        .with_state(shared)
}

/// To the demo shop, for now; what the query says goes along.
fn redirect(status: StatusCode, uri: &Uri) -> Response {
    let target = match uri.query() {
        Some(query) => format!("/demo/?{query}"),
        None => "/demo/".to_owned(),
    };
    match HeaderValue::try_from(target) {
        Ok(target) => (status, [(header::LOCATION, target)]).into_response(),
        Err(_) => Error::NotFound("").into_response(),
    }
}
