//! `GET /responses`: the page with the list of responses.

mod choice;
mod list_view;
mod view;
mod words;

use std::sync::Arc;

pub(crate) use self::choice::choose;
pub(in crate::site) use self::view::{choices, indexing_so_far, period};

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use self::{list_view::ListView, view::ListContent};
use super::hits::{self, MAX_COUNTED};
use crate::{
    access::{person::Person, public_ids::Ids},
    http::error::{Error, PageError},
    query::{Empty, ListQuery},
    state::Shared,
    store::{Comments, Hits, StoreError},
};

pub(crate) async fn responses_page(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let mut list_view = ListView::read(query.as_deref().unwrap_or_default())?;
    let numbered = list_view.numbered(&collector).await?;
    if list_view.is_number_only {
        let Some(numbered) = &numbered else {
            // The search text is too short, which this reports with the right form.
            ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Ignored)?;
            return Err(PageError(Error::NotFound("")));
        };
        let found = ListContent {
            list_view: &list_view,
            numbered: Some(numbered),
            responses: &[],
            hits: Hits::Exactly(0),
            next: None,
            indexing: None,
        };
        return Ok(view::responses(&found, &collector.store.surveys().await?, &person));
    }
    let mut filter = list_view.list.filter.filter(&collector.store.time_zone().await?);
    filter.comments = list_view.comments;
    let ListQuery { after, limit, .. } = &list_view.list.clone();
    let (mut responses, mut next) =
        collector.store.list(&filter, after.as_ref(), *limit, Ids::Public).await?;
    if responses.is_empty() && next.is_none() && after.is_none() {
        // If there are no comments at all, scores without a comment are shown.
        (list_view.comments, filter.comments) = (Comments::Any, Comments::Any);
        (responses, next) = collector.store.list(&filter, None, *limit, Ids::Public).await?;
    }
    let hits = collector.store.hits_at_once(&filter, MAX_COUNTED).await?;
    let next = next.map(|next| list_view.older(&next));
    let surveys = collector.store.surveys().await?;
    let found = ListContent {
        list_view: &list_view,
        numbered: numbered.as_ref(),
        responses: &responses,
        hits,
        next: next.as_deref(),
        indexing: indexing(&collector, filter.words.as_deref()).await?,
    };
    Ok(view::responses(&found, &surveys, &person))
}

/// `GET /responses/count`: how many answers the list has, for a page that could not count them at once.
pub(crate) async fn count(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let list_view = ListView::read(query.as_deref().unwrap_or_default())?;
    let mut filter = list_view.list.filter.filter(&shared.store.time_zone().await?);
    filter.comments = list_view.comments;
    let sentence = |hits| view::hits_of(hits, filter.comments, person.language);
    hits::counted(&shared, &filter, sentence).await
}

/// The percentage of answers that a search goes through; `None` for all, or if no words are searched for.
pub(in crate::site) async fn indexing(
    shared: &Shared,
    words: Option<&str>,
) -> Result<Option<u8>, StoreError> {
    match words {
        Some(_) => shared.store.indexing().await,
        None => Ok(None),
    }
}
