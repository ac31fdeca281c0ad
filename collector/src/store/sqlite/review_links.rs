//! The link for a review: the table `review_links`, and the counts of answers by whether it was shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::{Store, filter::Query, time};
use crate::{
    report::{
        calendar::{Day, Days},
        facts::{LINK_SHOWN, REVIEW_LINK},
    },
    store::{
        StoreError,
        review_links::{LinkChange, LinkProof, ScoreDay},
    },
};

/// The columns of counts by score, 0 to 10.
const SCORES: &str = "sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5), sum(s6), sum(s7), \
                      sum(s8), sum(s9), sum(s10)";

impl Store {
    /// After which scores the link was shown on these days, or on all; and the history of the setting. Of one survey, or of
    /// all of them.
    pub(crate) async fn link_proof(
        &self,
        survey: Option<&str>,
        days: Option<Days>,
    ) -> Result<LinkProof, StoreError> {
        let survey = survey.map(str::to_owned);
        self.read_long(move |connection| {
            let snapshot = connection.unchecked_transaction()?;
            Ok(LinkProof {
                days: score_days(&snapshot, survey.as_deref(), days)?,
                changes: changes(&snapshot, survey.as_deref())?,
            })
        })
        .await
    }

    /// Notes the links of all surveys, as the settings and the file have them together.
    pub(super) async fn note_links(&self) -> Result<(), StoreError> {
        let surveys = self.surveys().await?;
        let links: Vec<(String, Option<String>)> =
            surveys.into_iter().map(|it| (it.id, it.settings.review_link)).collect();
        let now = Timestamp::now();
        self.write(move |ledger| {
            for (survey, link) in &links {
                note(ledger.connection(), survey, link.as_deref(), now)?;
            }
            Ok(())
        })
        .await
    }
}

/// Notes the link that a survey has from now on, unless it had that one before.
pub(super) fn note(
    connection: &Connection,
    survey: &str,
    link: Option<&str>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO review_links SELECT ?1, ?2, ?3
             WHERE (SELECT link FROM review_links WHERE survey = ?1
                    ORDER BY since DESC LIMIT 1) IS NOT ?3
             ON CONFLICT (survey, since) DO UPDATE SET link = excluded.link",
        )?
        .execute(params![survey, now.as_millisecond(), link])?;
    Ok(())
}

fn changes(connection: &Connection, survey: Option<&str>) -> Result<Vec<LinkChange>, StoreError> {
    let mut all = connection.prepare_cached(
        "SELECT survey, since, link FROM review_links
         WHERE ?1 IS NULL OR survey = ?1 ORDER BY survey, since",
    )?;
    let change = |row: &Row<'_>| {
        Ok(LinkChange { survey: row.get(0)?, since: time(row, "since")?, link: row.get(2)? })
    };
    all.query_and_then([survey], change)?.collect()
}

fn score_days(
    connection: &Connection,
    survey: Option<&str>,
    days: Option<Days>,
) -> Result<Vec<ScoreDay>, StoreError> {
    let mut counts: BTreeMap<(String, Day), [ScoreCounts; 11]> = BTreeMap::new();
    for facet in [None, Some(REVIEW_LINK)] {
        let mut query = Query::new("SELECT survey, day, ");
        match facet {
            None => query.push("'', ").push(SCORES).push(" FROM daily_scores WHERE true"),
            Some(facet) => {
                query.push("value, ").push(SCORES).push(" FROM daily_facets WHERE facet = ");
                query.bind(facet.to_owned())
            }
        };
        if let Some(survey) = survey {
            query.push(" AND survey = ").bind(survey.to_owned());
        }
        if let Some(days) = days {
            query.push(" AND day BETWEEN ").bind(days.first);
            query.push(" AND ").bind(days.last);
        }
        query.push(" GROUP BY 1, 2, 3");
        let mut statement = connection.prepare_cached(&query.sql)?;
        let mut rows = statement.query(&*query.parameters())?;
        while let Some(row) = rows.next()? {
            let of_day = counts.entry((row.get(0)?, row.get(1)?)).or_default();
            let value = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            for (score, counts) in of_day.iter_mut().enumerate() {
                let sum: i64 = row.get(3 + score)?;
                *match (facet, value) {
                    (None, _) => &mut counts.answers,
                    (Some(_), LINK_SHOWN) => &mut counts.shown,
                    (Some(_), _) => &mut counts.not_shown,
                } += sum.unsigned_abs();
            }
        }
    }
    Ok(counts
        .into_iter()
        .flat_map(|((survey, day), scores)| {
            (0..).zip(scores).filter(|(_, counts)| counts.answers > 0).map(
                move |(score, counts)| ScoreDay {
                    survey: survey.clone(),
                    day,
                    score,
                    answers: counts.answers,
                    shown: counts.shown,
                    not_shown: counts.not_shown,
                },
            )
        })
        .collect())
}

/// The answers of a day with one score.
#[derive(Clone, Copy, Default)]
struct ScoreCounts {
    answers: u64,
    shown: u64,
    not_shown: u64,
}
