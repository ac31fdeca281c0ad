//! The outer face: which address is answered by what. One file a route.

mod access_log;
mod cross_origin;
pub(crate) mod data;
mod erasure;
mod export;
mod files;
pub(crate) mod form;
pub(crate) mod guard;
mod health;
mod import;
mod ingest;
mod language;
pub(crate) mod list;
mod login;
mod openapi;
mod origin;
mod page_files;
pub(crate) mod person;
mod plain_form;
pub(crate) mod query;
pub(crate) mod report;
mod report_page;
mod responses_page;
mod settings;
mod surveys;
mod thanks;
mod welcome;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{delete, options, post},
};

use tower_http::compression::{CompressionLayer, Predicate as _, predicate::SizeAbove};

use self::guard::Routes;
use crate::{
    access::{Need, Role, Scope},
    error::Error,
    pages,
    state::Shared,
};

/// What handlers take as their state.
type Collector = State<Arc<Shared>>;

/// Every address there is, with what it needs.
pub(crate) fn routes() -> Routes {
    Routes::default()
        // The widget's way in, its health, its files.
        .post("/v1/responses", Need::Nothing, ingest::ingest)
        .on(Method::OPTIONS, "/v1/responses", Need::Nothing, options(cross_origin::preflight))
        .get("/thanks", Need::Nothing, thanks::thanks)
        .get("/healthz", Need::Nothing, health::healthz)
        .get("/readyz", Need::Nothing, health::readyz)
        .get("/openapi.json", Need::Nothing, openapi::openapi)
        .get("/demo", Need::Nothing, |uri: Uri| async move {
            redirect(StatusCode::PERMANENT_REDIRECT, &uri)
        })
        .get("/pages/{file}", Need::Nothing, page_files::page_file)
        // Before signing in.
        .get("/login", Need::OwnForm, login::page)
        .post("/login", Need::OwnForm, login::sign_in)
        .post("/language", Need::OwnForm, language::choose)
        .get("/setup/{secret}", Need::OwnForm, welcome::page)
        .post("/setup/{secret}", Need::OwnForm, welcome::accept)
        .get("/invitation/{secret}", Need::OwnForm, welcome::page)
        .post("/invitation/{secret}", Need::OwnForm, welcome::accept)
        .get("/password/{secret}", Need::OwnForm, welcome::page)
        .post("/password/{secret}", Need::OwnForm, welcome::accept)
        // People.
        .post("/logout", Need::Role(Role::Reader), login::sign_out)
        .get("/", Need::Role(Role::Reader), report_page::report_page)
        .get("/responses", Need::Role(Role::Reader), responses_page::responses_page)
        .get("/surveys", Need::Role(Role::Reader), surveys::list)
        .post("/surveys", Need::Role(Role::Member), surveys::add)
        .get("/surveys/{id}", Need::Role(Role::Reader), surveys::page)
        .post("/surveys/{id}", Need::Role(Role::Member), surveys::save)
        .post("/surveys/{id}/refusals", Need::Role(Role::Member), surveys::refusals)
        .get("/surveys/{id}/preview", Need::Role(Role::Reader), surveys::preview)
        .get("/settings", Need::Role(Role::Reader), settings::own)
        .post("/settings/name", Need::Role(Role::Reader), settings::rename)
        .post("/settings/password", Need::Role(Role::Reader), settings::change_password)
        .post("/settings/sessions", Need::Role(Role::Reader), settings::sign_out_everywhere)
        .get("/settings/shop", Need::Role(Role::Admin), settings::shop)
        .post("/settings/shop", Need::Role(Role::Admin), settings::save_shop)
        .get("/settings/colleagues", Need::Role(Role::Admin), settings::colleagues)
        .post("/settings/colleagues", Need::Role(Role::Admin), settings::invite)
        .post("/settings/colleagues/{id}", Need::Role(Role::Admin), settings::change_colleague)
        .post("/settings/invitations/{id}", Need::Role(Role::Admin), settings::withdraw)
        .get("/settings/tokens", Need::Role(Role::Admin), settings::tokens)
        .post("/settings/tokens", Need::Role(Role::Admin), settings::make_token)
        .post("/settings/tokens/{id}", Need::Role(Role::Admin), settings::revoke_token)
        .get("/data", Need::Role(Role::Reader), data::page)
        .get("/data/export", Need::Role(Role::Reader), export::download)
        .on(
            Method::POST,
            "/data/import",
            Need::Role(Role::Member),
            // It counts by itself, and says what to do.
            post(data::upload).layer(DefaultBodyLimit::disable()),
        )
        .get("/data/import/{id}", Need::Role(Role::Member), data::trial)
        .post("/data/import/{id}", Need::Role(Role::Member), data::import)
        .get("/data/import/{id}/rejected", Need::Role(Role::Member), data::rejected)
        .post("/data/erase", Need::Role(Role::Member), data::erase)
        // Programs.
        .get("/v1/responses", Need::Scope(Scope::Read), list::list)
        .get("/v1/report", Need::Scope(Scope::Read), report::report)
        .on(Method::DELETE, "/v1/responses", Need::Scope(Scope::Admin), delete(erasure::erase))
        .get("/v1/erasures", Need::Scope(Scope::Read), erasure::list)
        .get("/v1/export", Need::Scope(Scope::Read), export::export)
        .post("/v1/import", Need::Scope(Scope::Import), import::import)
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let (router, rules) = routes().into_parts();
    router
        // Before the fallback: the widget's files are compressed once and for all.
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024).and(is_text)))
        .fallback(files::file)
        .layer(middleware::from_fn_with_state((Arc::clone(&shared), Arc::new(rules)), guard::guard))
        .layer(middleware::from_fn(cross_origin::allow))
        .layer(middleware::map_response(guard::typed))
        .layer(middleware::from_fn(access_log::log))
        .with_state(shared)
}

/// Whether an answer is text that we made: pages, lists, reports. A page about a failure is written
/// anew by the guard, behind this layer, and stays as it is.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    if pages::is_written_anew(extensions) {
        return false;
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| {
        ["text/html", "text/css", "text/javascript", "application/json"]
            .iter()
            .any(|text| content_type.starts_with(text))
    })
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
