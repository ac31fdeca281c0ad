//! `GET /inbox/new`: the number of cases that have arrived since the list was made, for a page that stays open. The
//! page's script asks every 20 seconds while the page is visible.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    access::person::Person,
    http::error::PageError,
    query::{BadQuery, CaseQuery, Empty, ParameterProblem},
    site::case,
    state::Shared,
    store::Hits,
};

/// New cases are counted up to this number.
const MAX_COUNTED: u64 = 200;
/// The parameter with the arrival of the newest case in the list, in Unix milliseconds.
pub(super) const SINCE: &str = "since";

/// A sentence about the new cases in the reader's language; 204 if there are none, and 304 if their number has not changed
/// since the page asked last.
pub(crate) async fn news(
    person: Person,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes());
    let (since, rest): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == SINCE);
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    let cases = CaseQuery::read(&rest, Empty::Ignored)?;
    let since = since.first().and_then(|(_, since)| since.parse().ok());
    let since: Option<Timestamp> = since.and_then(|at| Timestamp::from_millisecond(at).ok());
    let since = since.and_then(|at| at.checked_add(SignedDuration::from_millis(1)).ok());
    let Some(since) = since else {
        return Err(BadQuery::of(SINCE, ParameterProblem::DayOrMoment).into());
    };
    let mut filter = cases.filter(&shared.store.time_zone().await?, person.account());
    filter.from = Some(filter.from.map_or(since, |from| from.max(since)));
    let hits = shared.store.hits(&filter, MAX_COUNTED).await?;
    let tag = match hits {
        Hits::Exactly(count) => format!("\"{count}\""),
        Hits::AtLeast(_) => "\"many\"".to_owned(),
    };
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-store".to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    if hits == Hits::Exactly(0) {
        return Ok((StatusCode::NO_CONTENT, caching).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let sentence = case::news(hits, person.language);
    Ok((caching, content_type, sentence).into_response())
}
