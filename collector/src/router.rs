//! The routes: for every address its handler and the permission that it needs; and the layers around them.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{delete, get, options, post},
};

use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, Predicate as _, predicate::SizeAbove},
    set_header::SetResponseHeaderLayer,
};

use crate::{
    access::{Need, Role, Scope},
    api::{
        cases, choice, erasures, export, import, list, openapi, quotes, report, review_link, rules,
    },
    files,
    http::{
        access_log, body,
        error::{Error, Failure},
        extract::MAX_FORM_SIZE,
        guard::{self, Routes},
        health, request_id,
    },
    ingest::{self, cross_origin, noscript},
    site::{
        answer::{self, access},
        customer::{answer_page, thanks},
        data,
        frame::{failure, files as page_files},
        inbox, language, login, quotes as quotes_page, report as report_page, responses,
        settings::{
            self,
            alerts::{mails, targets, waiting},
        },
        surveys, week, welcome,
    },
    state::Shared,
};

/// Every route with its permission.
pub(crate) fn routes() -> Routes {
    Routes::default()
        // For the widget and for monitoring.
        .post("/v1/responses", Need::Nothing, ingest::ingest)
        .described(ingest::describe)
        .on(Method::OPTIONS, "/v1/responses", Need::Nothing, options(cross_origin::preflight))
        .get("/v1/quotes", Need::Nothing, quotes::quotes)
        .described(quotes::describe)
        .get("/thanks", Need::Nothing, thanks::thanks)
        .get("/healthz", Need::Nothing, health::healthz)
        .described(health::describe_alive)
        .get("/readyz", Need::Nothing, health::readyz)
        .described(health::describe_ready)
        .get("/openapi.json", Need::Nothing, openapi::openapi)
        .described(openapi::describe)
        .get("/demo", Need::Nothing, |uri: Uri| async move {
            redirect(StatusCode::PERMANENT_REDIRECT, &uri)
        })
        .get("/pages/{file}", Need::Nothing, page_files::page_file)
        .get("/logo/{file}", Need::Nothing, settings::shop::logo)
        .get("/accent/{file}", Need::Nothing, settings::shop::accent)
        // Pages before signing in.
        .get("/login", Need::OwnForm, login::page)
        .post("/login", Need::OwnForm, login::sign_in)
        .post("/language", Need::OwnForm, language::choose)
        .get("/setup/{secret}", Need::OwnForm, welcome::page)
        .post("/setup/{secret}", Need::OwnForm, welcome::accept)
        .get("/invitation/{secret}", Need::OwnForm, welcome::page)
        .post("/invitation/{secret}", Need::OwnForm, welcome::accept)
        .get("/r/{secret}", Need::OwnForm, answer_page::show)
        .post("/r/{secret}", Need::OwnForm, answer_page::act)
        .get("/password/{secret}", Need::OwnForm, welcome::page)
        .post("/password/{secret}", Need::OwnForm, welcome::accept)
        // Pages for people.
        .post("/logout", Need::Role(Role::Reader), login::sign_out)
        .get("/", Need::Role(Role::Reader), report_page::report_page)
        .get("/inbox", Need::Role(Role::Reader), inbox::page)
        .get("/week", Need::Role(Role::Reader), week::page)
        .get("/inbox/new", Need::Role(Role::Reader), inbox::news)
        .get("/inbox/count", Need::Role(Role::Reader), inbox::count)
        .post("/inbox/cases", Need::Role(Role::Member), inbox::act_on_chosen)
        .post("/inbox/undo", Need::Role(Role::Member), inbox::undo)
        .post("/inbox/{id}", Need::Role(Role::Member), inbox::act)
        .post("/inbox/{id}/seen", Need::Role(Role::Member), inbox::see)
        .post("/inbox/{id}/reply", Need::Role(Role::Member), inbox::reply)
        .post("/inbox/{id}/take-back", Need::Role(Role::Member), inbox::take_back)
        .post("/inbox/{id}/send-again", Need::Role(Role::Member), inbox::send_again)
        .get("/responses", Need::Role(Role::Reader), responses::responses_page)
        .get("/responses/count", Need::Role(Role::Reader), responses::count)
        .get("/responses/{id}", Need::Role(Role::Reader), answer::page)
        .post("/responses/{id}/themes", Need::Role(Role::Member), answer::themes::correct)
        .post("/responses/{id}/quote", Need::Role(Role::Member), answer::quote::choose)
        .post("/responses/{id}/quote/withdraw", Need::Role(Role::Member), answer::quote::withdraw)
        .get("/quotes", Need::Role(Role::Reader), quotes_page::page)
        .get("/responses/of/{owner}", Need::Role(Role::Member), access::page)
        .get("/responses/of/{owner}/file", Need::Role(Role::Member), access::file)
        .post("/responses/choice", Need::Role(Role::Member), responses::choose)
        .get("/surveys", Need::Role(Role::Reader), surveys::list::page)
        .post("/surveys", Need::Role(Role::Member), surveys::list::add)
        .get("/surveys/{id}", Need::Role(Role::Reader), surveys::survey::page)
        .post("/surveys/{id}", Need::Role(Role::Member), surveys::survey::save)
        .post("/surveys/{id}/refusals", Need::Role(Role::Member), surveys::survey::refusals)
        .post("/surveys/{id}/archive", Need::Role(Role::Member), surveys::removal::archive)
        .get("/surveys/{id}/delete", Need::Role(Role::Member), surveys::removal::page)
        .post("/surveys/{id}/delete", Need::Role(Role::Member), surveys::removal::delete)
        .get("/surveys/{id}/preview", Need::Role(Role::Reader), surveys::preview::page)
        .get("/surveys/{id}/review-link", Need::Role(Role::Reader), surveys::review_link::page)
        .get("/surveys/{id}/review-link/file", Need::Role(Role::Reader), surveys::review_link::file)
        .get("/settings", Need::Role(Role::Reader), settings::own::page)
        .post("/settings/name", Need::Role(Role::Reader), settings::own::rename)
        .post("/settings/password", Need::Role(Role::Reader), settings::own::change_password)
        .post("/settings/sessions", Need::Role(Role::Reader), settings::own::sign_out_everywhere)
        .get("/settings/shop", Need::Role(Role::Admin), settings::shop::page)
        .post("/settings/shop", Need::Role(Role::Admin), settings::shop::save)
        .post("/settings/shop/links", Need::Role(Role::Admin), settings::shop::save_links)
        .on(
            Method::POST,
            "/settings/shop/logo",
            Need::Role(Role::Admin),
            // As for an import.
            post(settings::shop::save_logo).layer(DefaultBodyLimit::disable()),
        )
        .get("/settings/themes", Need::Role(Role::Member), settings::themes::page)
        .post("/settings/themes", Need::Role(Role::Member), settings::themes::add)
        .post("/settings/themes/own", Need::Role(Role::Member), settings::themes::add_own)
        .post("/settings/themes/of/{theme}", Need::Role(Role::Member), settings::themes::set)
        .post("/settings/themes/{rule}", Need::Role(Role::Member), settings::themes::remove)
        .get("/settings/alerts", Need::Role(Role::Member), settings::alerts::page)
        .post("/settings/alerts", Need::Role(Role::Member), settings::alerts::add)
        .post("/settings/alerts/rules/{rule}", Need::Role(Role::Member), settings::alerts::change)
        .post(
            "/settings/alerts/rules/{rule}/targets",
            Need::Role(Role::Member),
            settings::alerts::choose_targets,
        )
        .post("/settings/alerts/targets", Need::Role(Role::Admin), targets::add)
        .post("/settings/alerts/targets/{target}", Need::Role(Role::Admin), targets::change)
        .post("/settings/alerts/targets/{target}/test", Need::Role(Role::Member), targets::test)
        .post("/settings/alerts/waiting", Need::Role(Role::Member), waiting::save)
        .post("/settings/alerts/mails", Need::Role(Role::Member), mails::save)
        .post(
            "/settings/alerts/deliveries/{delivery}",
            Need::Role(Role::Member),
            targets::send_again,
        )
        .get("/settings/templates", Need::Role(Role::Member), settings::templates::page)
        .post("/settings/templates", Need::Role(Role::Member), settings::templates::add)
        .post(
            "/settings/templates/{template}",
            Need::Role(Role::Member),
            settings::templates::change,
        )
        .get("/settings/legal", Need::Role(Role::Admin), settings::legal::page)
        .get("/settings/health", Need::Role(Role::Admin), settings::health::page)
        .get("/settings/colleagues", Need::Role(Role::Admin), settings::colleagues::page)
        .post("/settings/colleagues", Need::Role(Role::Admin), settings::colleagues::invite)
        .post("/settings/colleagues/{id}", Need::Role(Role::Admin), settings::colleagues::change)
        .post("/settings/invitations/{id}", Need::Role(Role::Admin), settings::colleagues::withdraw)
        .get("/settings/tokens", Need::Role(Role::Admin), settings::tokens::page)
        .post("/settings/tokens", Need::Role(Role::Admin), settings::tokens::make_token)
        .post("/settings/tokens/{id}", Need::Role(Role::Admin), settings::tokens::revoke_token)
        .get("/data", Need::Role(Role::Reader), data::page)
        .get("/data/export", Need::Role(Role::Reader), data::export::download)
        .on(
            Method::POST,
            "/data/import",
            Need::Role(Role::Member),
            // The handler limits the size itself, so that a page explains the limit.
            post(data::import::upload).layer(DefaultBodyLimit::disable()),
        )
        .get("/data/import/{id}", Need::Role(Role::Member), data::import::trial)
        .post("/data/import/{id}", Need::Role(Role::Member), data::import::import)
        .get("/data/import/{id}/rejected", Need::Role(Role::Member), data::import::rejected)
        .post("/data/expiry", Need::Role(Role::Member), data::expiry::confirm)
        .post("/data/erase", Need::Role(Role::Member), data::erase::erase)
        // The API for programs.
        .get("/v1/responses", Need::Scope(Scope::Read), list::list)
        .described(list::describe)
        .get("/v1/cases", Need::Scope(Scope::Cases), cases::list)
        .described(cases::describe)
        .get("/v1/rules", Need::Scope(Scope::Cases), rules::list)
        .described(rules::describe)
        .get("/metrics", Need::Scope(Scope::Read), health::metrics)
        .described(health::describe_metrics)
        .get("/v1/report", Need::Scope(Scope::Read), report::report)
        .described(report::describe)
        .get("/v1/review-link", Need::Scope(Scope::Read), review_link::review_link)
        .described(review_link::describe)
        .on(Method::DELETE, "/v1/responses", Need::Scope(Scope::Admin), delete(erasures::erase))
        .described(erasures::describe_erase)
        .get("/v1/erasures", Need::Scope(Scope::Read), erasures::list)
        .described(erasures::describe_list)
        .post("/v1/erasures", Need::Scope(Scope::Admin), choice::erase)
        .described(choice::describe_erase)
        .post("/v1/exclusions", Need::Scope(Scope::Admin), choice::exclude)
        .described(choice::describe_exclude)
        .on(Method::DELETE, "/v1/exclusions", Need::Scope(Scope::Admin), delete(choice::include))
        .described(choice::describe_include)
        .get("/v1/export", Need::Scope(Scope::Read), export::export)
        .described(export::describe)
        .post("/v1/import", Need::Scope(Scope::Import), import::import)
        .described(import::describe)
}

/// The routes of the second listener, for monitoring; they need no permission.
pub(crate) fn figures(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .with_state(shared)
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let (router, rules) = routes().into_parts();
    let rules = Arc::new(rules);
    router
        .layer(DefaultBodyLimit::max(MAX_FORM_SIZE))
        // Inside of the fallback: the widget's files were compressed when they were built.
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024).and(is_text)))
        .fallback(files::file)
        // One stack, from the outermost layer to the innermost: each `Router::layer` would box every route once more.
        .layer(
            ServiceBuilder::new()
                .layer(middleware::map_request(body::limited))
                .layer(middleware::from_fn_with_state(Arc::clone(&shared), request_id::name))
                .layer(middleware::from_fn_with_state(Arc::clone(&shared), access_log::log))
                // Browsers must not guess another content type than the declared one.
                .layer(SetResponseHeaderLayer::overriding(
                    header::X_CONTENT_TYPE_OPTIONS,
                    HeaderValue::from_static("nosniff"),
                ))
                .layer(middleware::from_fn(cross_origin::allow))
                .layer(middleware::from_fn_with_state(
                    Arc::clone(&shared),
                    noscript::explain_method,
                ))
                .layer(middleware::from_fn(failure::explain))
                .layer(Extension(Arc::clone(&rules)))
                .layer(middleware::from_fn_with_state((Arc::clone(&shared), rules), guard::guard)),
        )
        .with_state(shared)
}

/// Whether an answer should be compressed: pages, lists and reports. The body of a failure is written later, by
/// the layer `failure::explain`.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    if extensions.get::<Failure>().is_some() {
        return false;
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| {
        ["text/html", "text/css", "text/javascript", "application/json"]
            .iter()
            .any(|text| content_type.starts_with(text))
    })
}

/// Redirects to the demo shop, with the same query.
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
