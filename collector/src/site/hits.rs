//! The number of entries above a list. A page does not wait for it: it says how many were found at once, and the page's
//! script asks for the number if counting goes on.

use std::time::Duration;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use tokio::time::timeout;

use super::frame::format::Format;
use crate::{
    http::error::PageError,
    language::Language,
    state::Shared,
    store::{Filter, Hits},
};

/// Entries are counted up to this number.
pub(super) const MAX_COUNTED: u64 = 10_000;
/// The longest time that counting goes on once the page is there.
const COUNTING: Duration = Duration::from_secs(10);

/// How many there are: `1,284` or `More than 10,000`.
pub(super) fn number(hits: Hits, language: Language) -> String {
    let format = Format::of(language);
    match (hits, language) {
        (Hits::Exactly(count), _) => format.count(count),
        (Hits::AtLeast(count), Language::English) => {
            format!("More than {}", format.count(count.saturating_sub(1)))
        }
        (Hits::AtLeast(count), Language::German) => {
            format!("Mehr als {}", format.count(count.saturating_sub(1)))
        }
    }
}

/// The line above a list. `sentence` says how many `hits` there are; at `address` it is found once all are counted.
pub(super) fn line(hits: Hits, sentence: &str, address: &str) -> Markup {
    match hits {
        Hits::AtLeast(count) if count <= MAX_COUNTED => html! {
            p .hits role="status" data-hits=(address) { @if count > 1 { (sentence) } }
        },
        Hits::AtLeast(_) | Hits::Exactly(_) => html! { p .hits role="status" { (sentence) } },
    }
}

/// The sentence for a page that asks for it; 204 if counting takes too long.
pub(super) async fn counted(
    shared: &Shared,
    filter: &Filter,
    sentence: impl Fn(Hits) -> String,
) -> Result<Response, PageError> {
    let Ok(hits) = timeout(COUNTING, shared.store.hits(filter, MAX_COUNTED)).await else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, sentence(hits?)).into_response())
}
