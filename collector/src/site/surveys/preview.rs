//! The preview of a survey: the question as the shop will show it.

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{
    extract::{Path, RawQuery, State},
    http::header,
    response::Response,
};
use maud::{PreEscaped, html};

use super::{find, tag, touchpoint, words::Words};
use crate::{
    access::person::Person,
    http::{error::PageError, policy},
    site::frame::{self, Place, names::Names},
    state::Shared,
    store::surveys::Survey,
};

/// `GET /surveys/{id}/preview`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let is_there = shared.assets.contains("afterword.js").await;
    Ok(view(&person, &survey, touchpoint(query.as_deref()), is_there))
}

/// `is_there`: whether the collector has the widget's files.
fn view(person: &Person, survey: &Survey, touchpoint: Touchpoint, is_there: bool) -> Response {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    let element = tag::element(survey, touchpoint, "class=\"preview\" data-preview=\"true\"");
    let main = html! {
        div .settings .stack {
            header {
                p .small { a href={ "/surveys/" (survey.id) "?touchpoint=" (touchpoint.name()) "#tag" } { "← " (words.back) } }
                h1 { (words.preview_title) }
                p .lead { (survey.title()) " · " (names.touchpoint(touchpoint)) ". " (words.preview_lead) }
            }
            (PreEscaped(element))
            script async src={ "/" (tag::script(survey)) } {}
            @if !is_there { p .notice .warn { (words.no_widget) } }
        }
    };
    let mut response = frame::page(person, Place::Surveys, words.preview_title, &main);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy::PREVIEW);
    response
}
