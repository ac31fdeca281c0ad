//! `GET /responses`: the same list as a page for people.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::{
    Collector,
    person::Person,
    query::{Empty, ListQuery},
};
use crate::pages::{self, PageError};

pub(crate) async fn responses_page(
    person: Person,
    State(collector): Collector,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let list = ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Unsaid)?;
    let filter = list.filter.filter(&collector.store.time_zone().await?);
    let (responses, next) = collector.store.list(&filter, list.after.as_ref(), list.limit).await?;
    let next = next.map(|next| list.behind(Some(&next)));
    let surveys = collector.store.surveys().await?;
    Ok(pages::responses(&list, &responses, next.as_deref(), &surveys, &person))
}
