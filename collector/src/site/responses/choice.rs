//! Actions on all answers of a filter: exclude them from the figures, include them again, or erase them.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{list_view::ERASED, words::Words};
use crate::{
    access::person::Person,
    aside::Kind,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    query::{Empty, FilterQuery, ListQuery},
    site::frame::{Place, form_token, format::Format, page},
    state::Shared,
    store::Exclusion,
};

/// The form: the action, the answers, and the confirmation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// The part of the list's address after the `?`.
    filter: String,
    /// `exclude`, `include` or `erase`.
    #[serde(rename = "do")]
    action: String,
    /// The time at which the number of answers was shown: later answers are not affected.
    until: String,
}

/// `POST /responses/choice`: shows the number of answers, and performs the action once it is confirmed.
pub(crate) async fn choose(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Choice { filter, action, until } }: OwnForm<Choice>,
) -> Result<Response, PageError> {
    let asked = ListQuery::read(&filter, Empty::Ignored)?.filter;
    let mut filter = asked.filter(&shared.store.time_zone().await?);
    let back = || see_other(&format!("/responses?{}", asked.query()));
    // Without a filter nothing is done, so that a mistake cannot erase or exclude all answers.
    if asked == FilterQuery::default() {
        return Ok(back());
    }
    let now = Timestamp::now();
    let confirmed: Option<Timestamp> = until.parse().ok();
    let until = confirmed.unwrap_or(now);
    filter.before = Some(filter.before.map_or(until, |before| before.min(until)));
    if confirmed.is_none() {
        let answers = shared.store.count_of(&filter).await?;
        return Ok(confirm(&person, &asked, &action, until, answers));
    }
    let intake = Arc::clone(&shared.intake);
    let store = Arc::clone(&shared.store);
    // In a task, so that the action completes even if the browser closes the connection.
    let receipt = intake
        .complete(async move {
            match action.as_str() {
                "exclude" => store.exclude(&filter, Exclusion::Exclude).await.map(|_| None),
                "include" => store.exclude(&filter, Exclusion::Include).await.map(|_| None),
                "erase" => store.erase_all(&filter).await,
                _ => Ok(None),
            }
            .map_err(crate::http::error::Error::from)
        })
        .await?;
    Ok(match receipt {
        // The list of a filter is empty then, so the page says why.
        Some(receipt) => {
            see_other(&format!("/responses?{}&{ERASED}={}", asked.query(), receipt.responses))
        }
        None => back(),
    })
}

/// The buttons under a list.
pub(super) fn buttons(person: &Person, filter: &FilterQuery, words: &Words) -> Markup {
    let action = match filter.aside {
        Some(Kind::Excluded) => Some(("include", words.include)),
        // A test never counts.
        Some(Kind::Test) => None,
        _ => Some(("exclude", words.exclude)),
    };
    html! {
        form .choice .row method="post" action="/responses/choice" {
            (form_token(person))
            input type="hidden" name="filter" value=(filter.query());
            @for (name, label) in action.into_iter().chain([("erase", words.erase)]) {
                button .second name="do" value=(name) { (label) }
            }
        }
    }
}

/// The page that asks for confirmation.
fn confirm(
    person: &Person,
    filter: &FilterQuery,
    action: &str,
    until: Timestamp,
    answers: u64,
) -> Response {
    let words = Words::of(person.language);
    let (title, lead, button) = match action {
        "erase" => (words.erase_sure, words.erase_lead, words.erase),
        "include" => (words.include_sure, words.include_lead, words.include),
        _ => (words.exclude_sure, words.exclude_lead, words.exclude),
    };
    let count = Format::of(person.language).count(answers);
    let main = html! {
        div .stack {
            h1 { (title) }
            p .lead data-figure="answers" { (count) " " (if answers == 1 { words.answer } else { words.answers }) }
            p { (lead) }
            form .row method="post" action="/responses/choice" {
                (form_token(person))
                input type="hidden" name="filter" value=(filter.query());
                input type="hidden" name="until" value=(until);
                button name="do" value=(action) { (button) }
                a href={ "/responses?" (filter.query()) } { (words.cancel) }
            }
        }
    };
    page(person, Place::Responses, title, &main)
}
