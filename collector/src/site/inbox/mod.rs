//! `/inbox`: the list of cases with the open one beside it, and the actions on cases.

mod acts;
mod inbox_query;
mod news;
mod replies;
mod view;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use tokio::time::timeout;

pub(crate) use self::{
    acts::{act, act_on_chosen, see, undo},
    news::news,
    replies::{reply, send_again, take_back},
};
use self::{inbox_query::InboxQuery, view::InboxContent};
use super::{
    case::{ActionNotice, AnswerDetails, colleagues},
    responses::indexing,
};
use crate::{
    access::{person::Person, public_ids::Ids},
    http::error::PageError,
    state::Shared,
};

/// Cases are counted up to this number.
const MAX_COUNTED: u64 = 10_000;
/// The longest time for counting the cases. If it takes longer, the page is shown without their number.
const COUNTING: Duration = Duration::from_millis(300);

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
    let counting = timeout(COUNTING, shared.store.count_up_to(&filter, MAX_COUNTED));
    let count = counting.await.ok().transpose()?;
    let open = match &inbox_query.open {
        Some(id) => AnswerDetails::of(&shared, id).await?,
        None => None,
    };
    let found = InboxContent {
        cases: responses.into_iter().zip(cases).collect(),
        count,
        next: next.map(|next| inbox_query.older(&next)),
        open,
        told: ActionNotice::of(&shared, inbox_query.outcome).await?,
        colleagues: colleagues(&shared).await?,
        surveys: shared.store.surveys().await?,
        indexing: indexing(&shared, list.filter.words.as_deref()).await?,
    };
    Ok(view::inbox(&inbox_query, &found, &person))
}
