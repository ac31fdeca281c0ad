//! `/inbox`: the list of cases with the open one beside it, and the actions on cases.

mod acts;
mod inbox_query;
mod news;
mod replies;
mod view;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

pub(crate) use self::{
    acts::{act, act_on_chosen, see, undo},
    news::news,
    replies::{reply, send_again, take_back},
};
use self::{inbox_query::InboxQuery, view::InboxContent};
use super::{
    case::{self, ActionNotice, AnswerDetails, colleagues},
    hits::{self, MAX_COUNTED},
    responses::indexing,
};
use crate::{
    access::{person::Person, public_ids::Ids},
    http::error::PageError,
    query::{CaseQuery, Empty},
    state::Shared,
};

/// `GET /inbox`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let inbox_query = InboxQuery::read(query.as_deref().unwrap_or_default())?;
    let filter = inbox_query.cases.filter(&shared.store.time_zone().await?, person.account());
    let list = &inbox_query.cases.list;
    let (responses, next) =
        shared.store.list(&filter, list.after.as_ref(), list.limit, Ids::Public).await?;
    let ids = responses.iter().map(|stored| stored.response.id.clone()).collect();
    let cases = shared.store.cases(ids).await?;
    let hits = shared.store.hits_at_once(&filter, MAX_COUNTED).await?;
    let open = match &inbox_query.open {
        Some(id) => AnswerDetails::of(&shared, id).await?,
        None => None,
    };
    let found = InboxContent {
        cases: responses.into_iter().zip(cases).collect(),
        hits,
        next: next.map(|next| inbox_query.older(&next)),
        open,
        told: ActionNotice::of(&shared, inbox_query.outcome).await?,
        colleagues: colleagues(&shared).await?,
        surveys: shared.store.surveys().await?,
        indexing: indexing(&shared, list.filter.words.as_deref()).await?,
    };
    Ok(view::inbox(&inbox_query, &found, &person))
}

/// `GET /inbox/count`: how many cases the list has, for a page that could not count them at once.
pub(crate) async fn count(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let cases = CaseQuery::read(query.as_deref().unwrap_or_default(), Empty::Ignored)?;
    let filter = cases.filter(&shared.store.time_zone().await?, person.account());
    hits::counted(&shared, &filter, |hits| case::found(hits, person.language)).await
}
