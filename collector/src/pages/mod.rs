//! The collector's own pages: HTML made on the server. Everything works without scripts.
//!
//! Everything a customer wrote passes through `maud`, which escapes it; and should that ever fail,
//! the content security policy leaves nothing to run or to load but our own files.
//!
//! # Making a page
//!
//! ```ignore
//! pub(crate) async fn report_page(person: Person, …) -> Result<Response, PageError> {
//!     let main = html! { h1 { … } … };          // the main part only; it starts with the `h1`
//!     Ok(pages::page(&person, Place::Report, title, &main))
//! }
//! ```
//!
//! - [`Person`](crate::routes::person::Person), taken as an extractor, is who is looking: `name`,
//!   `role`, `language`, and `here` (the address they are at). A handler that takes it is closed to
//!   everybody who is not signed in. Texts are chosen by `person.language`.
//! - [`page`] frames the main part (navigation, footer, headers). [`bare_page`] does for visitors who
//!   are not signed in.
//! - A form that changes something is `method="post"` and holds `(person.form_token())`, a hidden
//!   field; its handler takes [`OwnForm`](crate::routes::form::OwnForm), which has checked it, or asks
//!   `person.check(token)?` before it does anything.
//! - The route is listed in `routes/mod.rs` with what it needs; one that is not listed is closed.
//! - Styles: `styles/base.css` is the design system (its comments name the parts: `stack`, `row`,
//!   `columns`, `sheet`, `field`, `hint`, `error`, `filter`, `table-frame`, `notice`, `badge`, `more`,
//!   `facts`, `button`, `second`, `danger`). What only one page needs is a file of its own beside it,
//!   listed in [`files`]. There are no `style` attributes: the policy drops them.
//! - Scripts: `page.js` only, and pages work without it. `button data-copy="ID" data-copied="Copied"
//!   hidden` copies the text of the element with that id.

pub(crate) mod customer;
pub(crate) mod data;
mod failure;
pub(crate) mod files;
pub(crate) mod format;
pub(crate) mod login;
pub(crate) mod report;
mod responses;
pub(crate) mod settings;
mod shell;
pub(crate) mod surveys;
mod tag;
mod texts;
pub(crate) mod welcome;
mod words;

use std::sync::Arc;

use afterword_response::Segment;
use axum::{
    body::Body,
    http::{Extensions, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use maud::Markup;

use crate::{
    access::password::PasswordError, error::Error, negotiate::Language, routes::person::Person,
    store::StoreError,
};

pub(crate) use responses::responses;
pub(crate) use shell::{Place, role_name};

/// Allows the collector's own style sheet, script and icon, forms to itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

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

impl From<PasswordError> for PageError {
    fn from(error: PasswordError) -> Self {
        Self(error.into())
    }
}

impl From<getrandom::Error> for PageError {
    fn from(error: getrandom::Error) -> Self {
        Self(error.into())
    }
}

/// Left on the answer to a request that failed: what to write, once it is known for whom.
#[derive(Clone)]
struct Failure(Arc<Error>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let (title, main) = failure::failure(&error, Language::English);
        let mut response = bare_page(Language::English, &title, &main);
        error.attach(&mut response);
        response.extensions_mut().insert(Failure(Arc::new(error)));
        response
    }
}

/// Whether an answer's body is only a stand-in until [`for_reader`] knows for whom it is.
pub(crate) fn is_written_anew(extensions: &Extensions) -> bool {
    extensions.get::<Failure>().is_some()
}

/// Writes the page about a failure once more, for this reader: in their language, with their
/// navigation. Any other answer stays as it is.
pub(crate) fn for_reader(
    mut response: Response,
    language: Language,
    person: Option<&Person>,
) -> Response {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return response;
    };
    let (title, main) = failure::failure(&error, language);
    let page = shell::document(language, person.map(|it| (it, Place::Elsewhere)), &title, &main);
    *response.body_mut() = Body::from(page.into_string());
    response
}

/// A time as the reader's language writes it, in the shop's time zone.
fn moment(time: Timestamp, person: &Person) -> String {
    let text = format::Format::of(person.language).moment(time, &person.zone);
    // Whoever has set no zone should not take it for theirs.
    if person.zone == TimeZone::UTC { format!("{text} UTC") } else { text }
}

/// A segment's class, which has its colour.
const fn segment_class(segment: Segment) -> &'static str {
    match segment {
        Segment::Detractor => "detractor",
        Segment::Passive => "passive",
        Segment::Promoter => "promoter",
    }
}

/// A page for somebody who is signed in, around its main part.
pub(crate) fn page(person: &Person, place: Place, title: &str, main: &Markup) -> Response {
    guarded(shell::document(person.language, Some((person, place)), title, main))
}

/// A page for anybody: without navigation.
pub(crate) fn bare_page(language: Language, title: &str, main: &Markup) -> Response {
    guarded(shell::document(language, None, title, main))
}

/// A page with the headers that guard it.
fn guarded(page: Markup) -> Response {
    let mut response = Body::from(page.into_string()).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: with it a browser hides a form's own origin, by which we know our own.
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "Accept-Language, Cookie"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
