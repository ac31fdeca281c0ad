//! `GET /responses`: what was answered, as a page for people.

mod choice;
mod view;
mod words;

use std::sync::Arc;

pub(crate) use self::choice::choose;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use crate::{
    access::person::Person,
    http::error::PageError,
    query::{Empty, ListQuery},
    reading,
    state::Shared,
};

pub(crate) async fn responses_page(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let list = ListQuery::read(query.as_deref().unwrap_or_default(), Empty::Ignored)?;
    let (responses, next) = reading::list(&collector.store, &list).await?;
    let next = next.map(|next| list.behind(Some(&next)));
    let surveys = collector.store.surveys().await?;
    Ok(view::responses(&list, &responses, next.as_deref(), &surveys, &person))
}
