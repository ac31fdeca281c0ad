//! `GET /v1/report`: everything the report page shows, for programs.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    Collector,
    query::{Empty, Period, ReportQuery, segment_name},
};
use crate::{
    error::Error,
    report::{Frame, Report, facts::Wanted},
    state::Shared,
    store::{Comments, StoreError, Stored},
};

/// How many comments come with a report. The list has the rest.
const COMMENTS: u32 = 10;

/// The report, and what it rests on.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ReportAnswer {
    #[serde(flatten)]
    report: Report,
    /// The time zone in which the shop's days begin.
    time_zone: String,
    /// The latest comments that `segment` and `q` leave; `GET /v1/responses` has the rest.
    comments: Vec<Comment>,
}

/// A comment beside its score.
#[derive(Serialize, schemars::JsonSchema)]
struct Comment {
    id: String,
    score: u8,
    /// `detractor`, `passive` or `promoter`.
    segment: &'static str,
    comment: String,
    survey: String,
    touchpoint: &'static str,
    locale: String,
    received_at: String,
}

/// Everything that was read for a report.
pub(crate) struct Read {
    pub(crate) report: Report,
    pub(crate) comments: Vec<Stored>,
    /// Whether there are more comments than these.
    pub(crate) more_comments: bool,
    pub(crate) zone: TimeZone,
}

pub(crate) async fn report(
    State(collector): Collector,
    RawQuery(query): RawQuery,
) -> Result<([(HeaderName, &'static str); 1], Json<ReportAnswer>), Error> {
    let query = ReportQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    let Read { report, comments, zone, .. } = read(&collector, &query, Period::All).await?;
    let answer = ReportAnswer {
        report,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        comments: comments.into_iter().map(Comment::from).collect(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// Reads what `query` asks for; `usual` is the period where it says none.
pub(crate) async fn read(
    shared: &Shared,
    query: &ReportQuery,
    usual: Period,
) -> Result<Read, StoreError> {
    let store = &shared.store;
    let zone = store.time_zone().await?;
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let span = store.span(query.filter.survey.as_deref()).await?;
    let (days, compare) = query.days(today, span, usual);

    let selection = query.selection();
    let wanted = Wanted { selection: &selection, days, compare, by: query.by.as_deref() };
    let facts = store.facts(&wanted).await?;
    let frame = Frame { days, compare, step: query.step, by: query.by.clone() };
    let report = Report::of(&facts, &selection, &frame);

    let mut filter = query.filter.filter(&zone);
    filter.comments = Comments::Only;
    (filter.from, filter.before) = days.moments(&zone);
    let (comments, next) = store.list(&filter, None, COMMENTS).await?;
    Ok(Read { report, comments, more_comments: next.is_some(), zone })
}

impl From<Stored> for Comment {
    fn from(stored: Stored) -> Self {
        let response = stored.response;
        Self {
            id: response.id,
            score: response.score,
            segment: segment_name(response.score),
            comment: response.comment.unwrap_or_default(),
            survey: response.survey,
            touchpoint: response.touchpoint.name(),
            locale: response.locale,
            received_at: format!("{:.3}", stored.received_at),
        }
    }
}
