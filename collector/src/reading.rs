//! Reads lists, reports and exports from the database, for programs (`api`) and for people (`site`).

use std::{io, pin::Pin, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::HeaderName,
    response::{IntoResponse, Response},
};
use futures_util::Stream;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    access::public_ids::Ids,
    exchange::{
        export_query::ExportQuery,
        link_proof::{self, LinkProofJson},
        run::{self, Format},
        sheet::Sheet,
    },
    http::{download, error::Error},
    language::Language,
    query::{FilterQuery, LinkProofQuery, ListQuery, Period, PeriodBound, ReportQuery},
    report::{
        Frame, Report, calendar,
        facts::{Facts, FactsRequest},
    },
    store::{Comments, Cursor, Filter, Standing, Store, StoreError, Stored},
    themes::Theme,
};

/// Comments in a report; the list has the rest.
const REPORT_COMMENTS: u32 = 10;
/// Comments in a report for each theme.
const THEME_COMMENTS: usize = 2;
/// Comments, of both periods together, that phrases are looked for in; of more, every so-many-th.
const MAX_SAMPLE: u64 = 3_000;

const CSV: &str = "text/csv; charset=utf-8; header=present";
const JSON: &str = "application/json";

/// The header with the number of answers in an exported file.
const ROWS: HeaderName = HeaderName::from_static("afterword-rows");

/// A page of responses, newest first, without contacts, and the cursor of the next page; `None` on the last page.
pub(crate) async fn list(
    store: &Store,
    query: &ListQuery,
    ids: Ids,
) -> Result<(Vec<Stored>, Option<Cursor>), StoreError> {
    let filter = query.filter.filter(&store.time_zone().await?);
    let (mut page, next) = store.list(&filter, query.after.as_ref(), query.limit, ids).await?;
    for stored in &mut page {
        stored.response.contact = None;
    }
    Ok((page, next))
}

/// The data of a report.
pub(crate) struct ReportReading {
    pub(crate) report: Report,
    pub(crate) comments: Vec<Stored>,
    /// The latest comments that name each theme.
    pub(crate) examples: Vec<(Theme, Vec<Stored>)>,
    /// Whether there are more comments than these.
    pub(crate) more_comments: bool,
    pub(crate) zone: TimeZone,
}

/// Reads the report for `query`; `usual` is the period if the query names none.
pub(crate) async fn report(
    store: &Store,
    query: &ReportQuery,
    usual: Period,
) -> Result<ReportReading, StoreError> {
    let zone = store.time_zone().await?;
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let span = store.span(query.filter.survey.as_deref()).await?;
    let (days, compare) = query.days(today, span, usual);

    let selection = query.selection();
    let wanted = FactsRequest { selection: &selection, days, compare, by: query.by.as_deref() };
    let mut facts = store.facts(&wanted).await?;
    facts.today = calendar::day(today);
    // The segment and the words narrow only the comments, and no figure.
    let standing = Standing::Counted(query.flagged);
    let all = Filter { segment: None, words: None, standing, ..query.filter.filter(&zone) };
    let among = |facts: &Facts, days| facts.count(&selection, days);
    facts.most_from = store.most_from(&all, days.moments(&zone), among(&facts, days)).await?;
    if compare {
        let before = days.before();
        facts.most_from_before =
            store.most_from(&all, before.moments(&zone), among(&facts, before)).await?;
    }
    if let Some(themes) = facts.themes.as_mut().filter(|_| compare) {
        let base = themes.now.base.answers() + themes.before.base.answers();
        let mut both = all.clone();
        (both.from, both.before) = days.with(days.before()).moments(&zone);
        let (since, every) = (days.moments(&zone).0, base.div_ceil(MAX_SAMPLE));
        let most = usize::try_from(MAX_SAMPLE).unwrap_or(usize::MAX);
        themes.comments = store.sampled_comments(&both, since, every, most).await?;
    }
    let are_full = span.is_some_and(|span| span.first <= days.before().first);
    let frame = Frame { days, compare, are_full, step: query.step, by: query.by.clone() };
    let report = Report::of(&facts, &selection, &frame);

    let mut filter = query.filter.filter(&zone);
    filter.comments = Comments::Only;
    filter.standing = standing;
    (filter.from, filter.before) = days.moments(&zone);
    let named: Vec<Theme> =
        report.themes.iter().flat_map(|it| &it.named).map(|it| it.theme).collect();
    let all = Filter { segment: None, words: None, ..filter.clone() };
    let examples = store.latest_about(&all, named, THEME_COMMENTS).await?;
    let (comments, next) = store.list(&filter, None, REPORT_COMMENTS, Ids::Public).await?;
    Ok(ReportReading { report, comments, examples, more_comments: next.is_some(), zone })
}

/// The answers that match a filter, as a file.
///
/// The file is written in pieces while it is sent, so that a million answers take no more memory than a page
/// of them. The header `Afterword-Rows` tells how many follow, so that a receiver can show progress and knows
/// whether it got all. Answers that arrive meanwhile are not included.
pub(crate) struct Export {
    name: String,
    content_type: &'static str,
    rows: u64,
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, io::Error>> + Send>>,
}

/// Begins to read the file for `query`.
pub(crate) async fn export(
    store: &Arc<Store>,
    query: &ExportQuery,
    language: Language,
    ids: Ids,
) -> Result<Export, StoreError> {
    let zone = store.time_zone().await?;
    let (rows, pieces) =
        run::stream_of(Arc::clone(store), query.filter.filter(&zone), query.format, ids).await?;
    Ok(Export {
        name: file_name(Shape::Complete, &query.filter, query.format.extension(), &zone, language),
        content_type: query.format.content_type(),
        rows,
        pieces: Box::pin(pieces),
    })
}

/// Begins to read the sheet of the answers that match a filter.
pub(crate) async fn sheet(
    store: &Arc<Store>,
    filter: &FilterQuery,
    sheet: Sheet,
    language: Language,
) -> Result<Export, StoreError> {
    let (zone, format) = (sheet.zone.clone(), Format::Csv(sheet.dialect));
    let (rows, pieces) = run::sheet_of(Arc::clone(store), filter.filter(&zone), sheet).await?;
    Ok(Export {
        name: file_name(Shape::Sheet, filter, format.extension(), &zone, language),
        content_type: format.content_type(),
        rows,
        pieces: Box::pin(pieces),
    })
}

/// The record of the link for a review, as a file.
pub(crate) async fn link_proof(store: &Store, query: &LinkProofQuery) -> Result<Response, Error> {
    let zone = store.time_zone().await?;
    let proof = store.link_proof(query.survey.as_deref(), query.days()).await?;
    let name = format!("afterword-review-link-{}", query.survey.as_deref().unwrap_or("all"));
    if query.is_csv {
        let csv = link_proof::csv(&proof, &zone).map_err(Error::File)?;
        return Ok(download::attachment(&format!("{name}.csv"), CSV, Body::from(csv)));
    }
    let json = serde_json::to_vec(&LinkProofJson::new(proof, &zone));
    let json = json.map_err(|error| Error::File(error.into()))?;
    Ok(download::attachment(&format!("{name}.json"), JSON, Body::from(json)))
}

/// The two kinds of exported files.
#[derive(Clone, Copy)]
enum Shape {
    Sheet,
    Complete,
}

/// A file's name, with the survey and the period: `afterword-post-purchase-2026-11-01-to-2026-11-24.csv`.
fn file_name(
    shape: Shape,
    filter: &FilterQuery,
    extension: &str,
    zone: &TimeZone,
    language: Language,
) -> String {
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let day = |when: PeriodBound| match when {
        PeriodBound::Day(date) => date,
        PeriodBound::Moment(moment) => moment.to_zoned(zone.clone()).date(),
    };
    let (all, until, complete) = match language {
        Language::English => ("all", "to", "complete"),
        Language::German => ("alle", "bis", "vollstaendig"),
    };
    let last = filter.to.map_or(today, day);
    let first = filter.from.map(|from| format!("{}-", day(from))).unwrap_or_default();
    let survey = filter.survey.as_deref().unwrap_or(all);
    let name = format!("afterword-{survey}-{first}{until}-{last}");
    match shape {
        Shape::Sheet => format!("{name}.{extension}"),
        Shape::Complete => format!("{name}-{complete}.{extension}"),
    }
}

impl IntoResponse for Export {
    fn into_response(self) -> Response {
        let body = Body::from_stream(self.pieces);
        let mut response = download::attachment(&self.name, self.content_type, body);
        response.headers_mut().insert(ROWS, self.rows.into());
        response
    }
}
