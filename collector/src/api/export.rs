//! `GET /v1/export` for programs and `GET /data/export` for people: the answers a filter lets through,
//! as a file.
//!
//! It is written while it is sent, in pieces: a million answers take no more memory than a page of
//! them. The header `Afterword-Rows` says how many follow, so that a receiver can show progress and
//! knows whether it got all; answers that arrive meanwhile are not among them.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use crate::{
    exchange::run::{self, Dialect, Format},
    http::error::Error,
    problems::Bilingual,
    query::{Empty, ListQuery},
    state::Shared,
};

/// How many answers the file holds.
const ROWS: HeaderName = HeaderName::from_static("afterword-rows");

pub(crate) async fn export(
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    file(collector, query.as_deref().unwrap_or_default(), Empty::Refused, Dialect::Comma).await
}

pub(crate) async fn file(
    collector: Arc<Shared>,
    query: &str,
    empty: Empty,
    usual: Dialect,
) -> Result<Response, Error> {
    let (format, query) = format(query, usual)?;
    let filter = ListQuery::read(&query, empty)?.filter;
    let filter = filter.filter(&collector.store.time_zone().await?);
    let (rows, pieces) = run::stream_of(collector, filter, format).await?;
    let name = format!(
        "attachment; filename=\"afterword-{}.{}\"",
        Timestamp::now().strftime("%Y-%m-%d"),
        format.extension()
    );
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ROWS, rows.into());
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// What the file is written as, and the rest of the query.
fn format(query: &str, usual: Dialect) -> Result<(Format, String), Error> {
    let (mut format, mut dialect) = ("csv".to_owned(), usual);
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, &*value) {
            ("format", "csv" | "jsonl") => format = value.into_owned(),
            ("format", _) => {
                let problem = Bilingual::new("must be csv or jsonl", "muss csv oder jsonl sein");
                return Err(Error::parameter("format", problem));
            }
            ("delimiter", "") => {}
            ("delimiter", "comma") => dialect = Dialect::Comma,
            ("delimiter", "semicolon") => dialect = Dialect::Semicolon,
            ("delimiter", _) => {
                let problem =
                    Bilingual::new("must be comma or semicolon", "muss comma oder semicolon sein");
                return Err(Error::parameter("delimiter", problem));
            }
            ("limit" | "after", _) => {
                let problem = Bilingual::new(
                    "is for lists; an export holds every response",
                    "gibt es nur bei Listen; ein Export enthält jede Antwort",
                );
                return Err(Error::parameter(&name, problem));
            }
            _ => {
                rest.append_pair(&name, &value);
            }
        }
    }
    let format = if format == "csv" { Format::Csv(dialect) } else { Format::JsonLines };
    Ok((format, rest.finish()))
}
