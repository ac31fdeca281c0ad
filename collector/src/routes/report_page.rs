//! `GET /`: the report as a page for people.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::{
    Collector,
    person::Person,
    query::{Empty, ReportQuery},
    report,
};
use crate::pages::{self, PageError};

pub(crate) async fn report_page(
    person: Person,
    State(collector): Collector,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = ReportQuery::read(query.as_deref().unwrap_or_default(), Empty::Unsaid)?;
    let read = report::read(&collector, &query, pages::report::USUAL).await?;
    let surveys = collector.store.surveys().await?;
    Ok(pages::report::report(&query, &read, &surveys, &person))
}
