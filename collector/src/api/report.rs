//! `GET /v1/report`: everything the report page shows, for programs.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use schemars::SchemaGenerator;
use serde::Serialize;

use crate::{
    http::{
        describe::{Operation, in_json},
        error::Error,
    },
    query::{Empty, Period, ReportQuery, segment_name},
    reading::{self, ReportReading},
    report::Report,
    state::Shared,
    store::Stored,
    themes::Theme,
};

/// The report with its period, time zone and latest comments.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ReportAnswer {
    #[serde(flatten)]
    report: Report,
    /// The time zone in which the shop's days begin.
    time_zone: String,
    /// The latest comments that `segment` and `q` leave; `GET /v1/responses` has the rest.
    comments: Vec<Comment>,
    /// The latest comments about each theme of `themes`; `GET /v1/responses?theme=price` has the rest.
    theme_comments: Vec<ThemeComments>,
}

/// The latest comments about a theme.
#[derive(Serialize, schemars::JsonSchema)]
struct ThemeComments {
    #[schemars(extend("enum" = Theme::IDS))]
    theme: &'static str,
    comments: Vec<Comment>,
}

/// A comment with its score.
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

pub(crate) async fn report(
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<([(HeaderName, &'static str); 1], Json<ReportAnswer>), Error> {
    let query = ReportQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    let ReportReading { report, comments, examples, zone, .. } =
        reading::report(&collector.store, &query, Period::All).await?;
    let answer = ReportAnswer {
        report,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        comments: comments.into_iter().map(Comment::from).collect(),
        theme_comments: examples
            .into_iter()
            .map(|(theme, comments)| ThemeComments {
                theme: theme.id(),
                comments: comments.into_iter().map(Comment::from).collect(),
            })
            .collect(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
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

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "getReport",
        summary: "The report: everything that its page shows",
        description: "Without a period everything there is. The segment and the words narrow the \
            comments only: the score of those who are promoters says nothing.",
        parameters: ReportQuery::parameters(),
        body: None,
        answer: in_json::<ReportAnswer>(generator),
        problems: &[400],
    }
}
