//! The collector's own pages: HTML made on the server, without scripts.
//!
//! Everything a customer wrote passes through `maud`, which escapes it; and should that ever fail,
//! the content security policy leaves nothing to run or to load.

mod responses;
mod texts;

use std::sync::LazyLock;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::{error::Error, negotiate::Language, store::StoreError};

pub(crate) use responses::responses;

const STYLES: &str = include_str!("page.css");

/// Allows the one style sheet, by its hash, forms to the collector itself, and nothing else.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLES));
    HeaderValue::try_from(format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    ))
    .ok()
});

/// An error that a person reads in a browser.
#[derive(Debug)]
pub(crate) struct PageError(pub(crate) Error);

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let main = html! {
            h1 { (error.title()) }
            p { (error.detail()) }
            @if !error.problems().is_empty() {
                ul {
                    @for problem in error.problems() {
                        li { strong { (problem.field) } " " (problem.problem) }
                    }
                }
            }
            p { a href="/responses" { "All responses" } }
        };
        let mut response = page(Language::English, error.title(), &main);
        error.attach(&mut response);
        response
    }
}

/// A whole page around its main part, with the headers that guard it.
fn page(language: Language, title: &str, main: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(match language { Language::English => "en", Language::German => "de" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) " · Afterword" }
                style { (PreEscaped(STYLES)) }
            }
            body { main { (main) } }
        }
    };
    let mut response = Body::from(page.into_string()).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "Accept-Language"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = POLICY.as_ref() {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}
