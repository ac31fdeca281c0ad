//! `GET /responses`: the same list as a page for people.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Collector,
    admin::Person,
    query::{Empty, ListQuery},
};
use crate::{
    negotiate,
    pages::{self, PageError},
};

pub(crate) async fn responses_page(
    _: Person,
    State(collector): Collector,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let list = ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Unsaid)?;
    let (responses, next) =
        collector.store.list(&list.filter, list.after.as_ref(), list.limit).await?;
    let next = next.map(|next| list.behind(Some(&next)));
    Ok(pages::responses(&list, &responses, next.as_deref(), negotiate::language(&headers)))
}
