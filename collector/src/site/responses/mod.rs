//! `GET /responses`: what was answered, as a page for people.

mod look;
mod view;
mod words;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use self::{look::Look, view::Found};
use crate::{
    access::person::Person, http::error::PageError, query::ListQuery, state::Shared,
    store::Comments,
};

pub(crate) async fn responses_page(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let mut look = Look::read(query.as_deref().unwrap_or_default())?;
    let numbered = look.numbered(&collector).await?;
    let mut filter = look.list.filter.filter(&collector.store.time_zone().await?);
    filter.comments = look.comments;
    let mut hits = collector.store.count_of(&filter).await?;
    if hits == 0 && filter.comments == Comments::Only {
        // Rather scores alone than nothing.
        (look.comments, filter.comments) = (Comments::Any, Comments::Any);
        hits = collector.store.count_of(&filter).await?;
    }
    let ListQuery { after, limit, .. } = &look.list;
    let (responses, next) = collector.store.list(&filter, after.as_ref(), *limit).await?;
    let next = next.map(|next| look.with(&look.list.behind(Some(&next))));
    let surveys = collector.store.surveys().await?;
    let found = Found {
        look: &look,
        numbered: numbered.as_ref(),
        responses: &responses,
        hits,
        next: next.as_deref(),
    };
    Ok(view::responses(&found, &surveys, &person))
}
