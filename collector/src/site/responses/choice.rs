//! What is done with all answers of a choice at once: taken out of the figures, counted again, or erased.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::words::Words;
use crate::{
    access::person::Person,
    aside::Kind,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    query::{Empty, FilterQuery, ListQuery},
    site::frame::{Place, form_token, format::Format, page},
    state::Shared,
    store::Exclusion,
};

/// What to do, with which answers, and whether it was confirmed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// The part of the list's address behind the `?`.
    filter: String,
    /// `exclude`, `include` or `erase`.
    #[serde(rename = "do")]
    action: String,
    /// The moment at which the number of answers was shown: those that came later stay as they are.
    until: String,
}

/// `POST /responses/choice`: shows how many answers it is about, and does it once that was confirmed.
pub(crate) async fn choose(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Choice { filter, action, until } }: OwnForm<Choice>,
) -> Result<Response, PageError> {
    let asked = ListQuery::read(&filter, Empty::Ignored)?.filter;
    let mut filter = asked.filter(&shared.store.time_zone().await?);
    let back = || see_other(&format!("/responses?{}", asked.query()));
    // Everything there is can be erased by its time, not by a slip.
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
    // To its end, also if nobody waits for the page any more.
    intake
        .complete(async move {
            match action.as_str() {
                "exclude" => store.exclude(&filter, Exclusion::Exclude).await.map(drop),
                "include" => store.exclude(&filter, Exclusion::Include).await.map(drop),
                "erase" => store.erase_all(&filter).await.map(drop),
                _ => Ok(()),
            }
            .map_err(crate::http::error::Error::from)
        })
        .await?;
    Ok(back())
}

/// The buttons under a list.
pub(super) fn buttons(person: &Person, filter: &FilterQuery, words: &Words) -> Markup {
    let excluded = filter.aside == Some(Kind::Excluded);
    let action = if excluded { ("include", words.include) } else { ("exclude", words.exclude) };
    html! {
        form .choice .row method="post" action="/responses/choice" {
            (form_token(person))
            input type="hidden" name="filter" value=(filter.query());
            @for (name, label) in [action, ("erase", words.erase)] {
                button .second name="do" value=(name) { (label) }
            }
        }
    }
}

/// Asks once more.
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
