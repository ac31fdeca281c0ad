//! The record of the link for a review as files: after which scores it was shown, and what the settings said.

use std::io;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::cell::neutralised;
use crate::{
    report::calendar::{Days, date},
    store::review_links::{LinkChange, LinkProof, ScoreDay},
};

/// The record as JSON.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct LinkProofJson {
    /// The time zone in which the shop's days begin.
    time_zone: String,
    /// The counted answers by survey, day and score.
    days: Vec<DayJson>,
    /// Every change of the link in a survey's settings, oldest first within a survey.
    settings: Vec<ChangeJson>,
}

/// The counted answers of a day to a survey with one score.
#[derive(Serialize, schemars::JsonSchema)]
struct DayJson {
    survey: String,
    #[schemars(extend("format" = "date"))]
    date: String,
    score: u8,
    answers: u64,
    /// Those whose thanks showed the link.
    shown: u64,
    /// Those whose thanks did not. The rest of `answers` never came to the thanks, or came from a page that does not tell.
    not_shown: u64,
}

/// A change of the link in a survey's settings.
#[derive(Serialize, schemars::JsonSchema)]
struct ChangeJson {
    survey: String,
    #[schemars(extend("format" = "date-time"))]
    since: String,
    /// Null if there was none from then on. Attributes in the shop's pages go before it.
    link: Option<String>,
}

impl LinkProofJson {
    pub(crate) fn new(proof: LinkProof, zone: &TimeZone) -> Self {
        let day = |it: ScoreDay| DayJson {
            date: date(it.day).to_string(),
            survey: it.survey,
            score: it.score,
            answers: it.answers,
            shown: it.shown,
            not_shown: it.not_shown,
        };
        let change = |it: LinkChange| ChangeJson {
            survey: it.survey,
            since: format!("{:.3}", it.since),
            link: it.link,
        };
        Self {
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            days: proof.days.into_iter().map(day).collect(),
            settings: proof.changes.into_iter().map(change).collect(),
        }
    }
}

/// The record as CSV: a line for each survey, day and score, with the link that the settings had at the end of that day.
///
/// # Errors
/// It could not be written.
pub(crate) fn csv(proof: &LinkProof, zone: &TimeZone) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(["survey", "date", "score", "answers", "shown", "not_shown", "setting"])?;
    for it in &proof.days {
        let (_, end) = Days { first: it.day, last: it.day }.moments(zone);
        let setting = end.and_then(|end| link_at(&proof.changes, &it.survey, end));
        writer.write_record([
            &*neutralised(&it.survey),
            &date(it.day).to_string(),
            &it.score.to_string(),
            &it.answers.to_string(),
            &it.shown.to_string(),
            &it.not_shown.to_string(),
            &neutralised(setting.unwrap_or_default()),
        ])?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// The link that a survey's settings had just before a moment.
fn link_at<'a>(changes: &'a [LinkChange], survey: &str, before: Timestamp) -> Option<&'a str> {
    let last = changes.iter().rfind(|it| it.survey == survey && it.since < before);
    last?.link.as_deref()
}
