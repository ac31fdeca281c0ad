//! `GET /`: the page of the report.

mod charts;
mod texts;
mod view;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use crate::{
    access::person::Person,
    http::error::PageError,
    query::{Empty, ReportQuery},
    reading,
    state::Shared,
};

pub(crate) use view::narrowed;

pub(crate) async fn report_page(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = ReportQuery::read(query.as_deref().unwrap_or_default(), Empty::Ignored)?;
    let read = reading::report(&collector.store, &query, view::USUAL_PERIOD).await?;
    let surveys = collector.store.surveys().await?;
    let mut refused = collector.store.refused_answers().await?;
    if let Some(survey) = &query.filter.survey {
        refused.retain(|(of, _)| of == survey);
    }
    Ok(view::report(&query, &read, (&surveys, &refused), &person))
}
