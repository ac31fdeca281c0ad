//! The parts that the collector's pages share: the document around the main part, the page about a failure, the files
//! that pages load, numbers and dates.

pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod format;
mod shell;

use afterword_response::Segment;
use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};

use crate::{access::person::Person, http::policy, language::Language};

pub(crate) use crate::words::names::{self, role_name};
pub(crate) use shell::{Place, elsewhere, form_token};

/// A time in the reader's language and in the shop's time zone.
pub(crate) fn moment(time: Timestamp, person: &Person) -> String {
    let text = format::Format::of(person.language).moment(time, &person.zone);
    // Without a configured zone the time is in UTC, which readers must not take for their own time.
    if person.zone == TimeZone::UTC { format!("{text} UTC") } else { text }
}

/// A segment's class, which has its colour.
pub(crate) const fn segment_class(segment: Segment) -> &'static str {
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

/// A whole document, with the headers that guard a page.
pub(crate) fn guarded(page: Markup) -> Response {
    let mut response = Body::from(page.into_string()).into_response();
    policy::guard_page(response.headers_mut());
    response
}

/// A label, an input, and below it the input's problem or else its hint.
pub(crate) fn field(
    id: &str,
    label: &str,
    hint: &str,
    problem: Option<&str>,
    input: &Markup,
) -> Markup {
    html! {
        div .field {
            label for=(id) { (label) }
            (input)
            div id={ (id) "-hint" } {
                @if let Some(problem) = problem { p .error { (problem) } }
                @if !hint.is_empty() { p .hint { (hint) } }
            }
        }
    }
}
