//! The question itself, as the shop will show it.

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{
    extract::{Path, RawQuery, State},
    http::header,
    response::Response,
};
use maud::html;

use super::{find, touchpoint, words::Words};
use crate::{
    access::person::Person,
    http::{error::PageError, policy},
    language::Language,
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
    Ok(view(&person, &survey, touchpoint(query.as_deref())))
}

fn view(person: &Person, survey: &Survey, touchpoint: Touchpoint) -> Response {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    // maud has no attributes whose names are computed, and these are few.
    let settings = &survey.settings;
    let script = match settings.language {
        Some(language) => format!("/afterword.{}.js", language.tag()),
        None => "/afterword.js".to_owned(),
    };
    let main = html! {
        div .settings .stack {
            header {
                p .small { a href={ "/surveys/" (survey.id) "?touchpoint=" (touchpoint.name()) "#tag" } { "← " (words.back) } }
                h1 { (words.preview_title) }
                p .lead { (survey.title()) " · " (names.touchpoint(touchpoint)) ". " (words.preview_lead) }
            }
            afterword-survey .preview data-preview="true" data-survey=(survey.id)
                data-touchpoint=(touchpoint.name()) data-subject=[settings.subject.as_deref()]
                data-review-url=[settings.review_link.as_deref()]
                data-locale=[settings.language.map(Language::tag)] {}
            script async src=(script) {}
            p .hint { (words.no_widget) }
        }
    };
    let mut response = frame::page(person, Place::Surveys, words.preview_title, &main);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy::PREVIEW);
    response
}
