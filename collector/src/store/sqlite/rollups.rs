//! The roll-ups: what the report reads instead of every response. Triggers keep them; see the
//! migrations 0010 and 0011.

use std::collections::HashMap;

use afterword_response::Touchpoint;
use sqlx::{ColumnIndex, QueryBuilder, Row as _, Sqlite, Transaction, sqlite::SqliteRow};

use super::Store;
use crate::{
    report::{
        self,
        calendar::Days,
        facts::{
            Answers, Asked, AskedHow, Displays, Facts, MomentPairs, Selection, ValueAnswers, Wanted,
        },
        statistics::{Distribution, Pairs, Segments},
    },
    store::StoreError,
};

/// Counts again what the triggers keep, from the responses and displays themselves.
pub(super) async fn recount(transaction: &mut Transaction<'_, Sqlite>) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM daily_scores",
        "INSERT INTO daily_scores
         SELECT day, survey, touchpoint, method, count(*), sum(s0), sum(s1), sum(s2), sum(s3),
                sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
         FROM counted_responses GROUP BY day, survey, touchpoint, method",
        "DELETE FROM daily_facets",
        "INSERT INTO daily_facets
         SELECT facet, day, value, survey, touchpoint, count(*), sum(s0), sum(s1), sum(s2), sum(s3),
                sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
         FROM counted_facets GROUP BY facet, day, value, survey, touchpoint",
        // The pairs follow by their own triggers.
        "DELETE FROM order_moments",
        "INSERT INTO order_moments
         SELECT order_id, survey, place, touchpoint, day, segment FROM (
             SELECT *, row_number() OVER (PARTITION BY order_id, survey, touchpoint
                                          ORDER BY received_at DESC, id DESC) AS newest
             FROM moment_responses)
         WHERE newest = 1",
        "DELETE FROM daily_displays",
        "INSERT INTO daily_displays
         SELECT day, survey, touchpoint, count(*), sum(dismissed), sum(promoters), sum(passives),
                sum(detractors)
         FROM counted_displays GROUP BY day, survey, touchpoint",
    ] {
        sqlx::query(statement).execute(&mut **transaction).await?;
    }
    Ok(())
}

impl Store {
    /// The first and the last day that has answers or displays; `None` without any.
    pub(crate) async fn span(&self, survey: Option<&str>) -> Result<Option<Days>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT min(first), max(last) FROM (");
        for (index, table) in ["daily_scores", "daily_displays"].into_iter().enumerate() {
            query.push(if index > 0 { " UNION ALL " } else { "" });
            // One of both at a time is read off the end of the index.
            for (side, column) in [("min", "first"), ("max", "last")] {
                query.push(if side == "min" { "SELECT (" } else { ", (" });
                query.push("SELECT ").push(side).push("(day) FROM ").push(table);
                if let Some(survey) = survey {
                    query.push(" WHERE survey = ").push_bind(survey);
                }
                query.push(") AS ").push(column);
            }
        }
        query.push(")");
        let (first, last): (Option<i32>, Option<i32>) =
            query.build_query_as().fetch_one(&self.reader).await?;
        Ok(first.zip(last).map(|(first, last)| Days { first, last }))
    }

    /// Reads what the report is made of, all of it as of one moment.
    pub(crate) async fn facts(&self, wanted: &Wanted<'_>) -> Result<Facts, StoreError> {
        let mut snapshot = self.reader.begin().await?;
        let facts = read(&mut snapshot, wanted).await?;
        snapshot.commit().await?;
        Ok(facts)
    }
}

async fn read(
    snapshot: &mut Transaction<'_, Sqlite>,
    wanted: &Wanted<'_>,
) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    let both = if wanted.compare { wanted.days.with(wanted.days.before()) } else { wanted.days };

    let methods: Vec<SqliteRow> = sqlx::query(
        "SELECT method, language, question, low_label, high_label, layout, mode FROM methods",
    )
    .fetch_all(&mut **snapshot)
    .await?;
    let mut places = HashMap::with_capacity(methods.len());
    for row in &methods {
        places.insert(row.try_get::<i64, _>(0)?, facts.methods.len());
        facts.methods.push(AskedHow {
            language: row.try_get(1)?,
            question: row.try_get(2)?,
            low_label: row.try_get(3)?,
            high_label: row.try_get(4)?,
            layout: row.try_get(5)?,
            mode: row.try_get(6)?,
        });
    }

    let selection = wanted.selection;
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT day, survey, touchpoint, method, answers, \
         s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10 FROM daily_scores",
    );
    within(&mut query, both, selection);
    // By place, not by name: these are thousands of rows.
    for row in query.build().fetch_all(&mut **snapshot).await? {
        let Some(touchpoint) = touchpoint(&row, 2)? else { continue };
        let day = row.try_get(0)?;
        if let Some(method) = places.get(&row.try_get::<i64, _>(3)?) {
            facts.asked.push(Asked {
                day,
                survey: row.try_get(1)?,
                touchpoint,
                method: *method,
                answers: count(&row, 4)?,
            });
        }
        if selection.facet.is_none() {
            facts.answers.push(Answers { day, touchpoint, scores: scores(&row, 5)? });
        }
    }
    if let Some(facet) = &selection.facet {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT day, touchpoint, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10 \
             FROM daily_facets",
        );
        within(&mut query, both, selection);
        query.push(" AND facet = ").push_bind(&facet.name);
        query.push(" AND value = ").push_bind(&facet.value);
        for row in query.build().fetch_all(&mut **snapshot).await? {
            let Some(touchpoint) = touchpoint(&row, 1)? else { continue };
            facts.answers.push(Answers {
                day: row.try_get(0)?,
                touchpoint,
                scores: scores(&row, 2)?,
            });
        }
    } else {
        facts.displays = displays(snapshot, wanted).await?;
        facts.pairs = pairs(snapshot, wanted).await?;
    }

    // Each name is found by a jump in the index, however many days lie between.
    let names: Vec<Option<String>> = sqlx::query_scalar(
        "WITH RECURSIVE names (name) AS (
             SELECT min(facet) FROM daily_facets
             UNION ALL
             SELECT (SELECT min(facet) FROM daily_facets WHERE facet > name) FROM names
             WHERE name IS NOT NULL)
         SELECT name FROM names WHERE name IS NOT NULL",
    )
    .fetch_all(&mut **snapshot)
    .await?;
    facts.facets = report::in_order(names.into_iter().flatten().collect());
    let surveys: Vec<Option<String>> = sqlx::query_scalar(
        "WITH RECURSIVE names (name) AS (
             SELECT min(survey) FROM responses
             UNION ALL
             SELECT (SELECT min(survey) FROM responses WHERE survey > name) FROM names
             WHERE name IS NOT NULL)
         SELECT name FROM names WHERE name IS NOT NULL",
    )
    .fetch_all(&mut **snapshot)
    .await?;
    facts.surveys = surveys.into_iter().flatten().collect();

    if let Some(by) = wanted.by.or(facts.facets.first().map(String::as_str)) {
        facts.values = values(snapshot, wanted, by).await?;
    }
    Ok(facts)
}

/// Narrows a query to days and the selection's survey; the touchpoint is narrowed later, since every
/// touchpoint is shown beside the one that was asked for.
fn within(query: &mut QueryBuilder<Sqlite>, days: Days, selection: &Selection) {
    query.push(" WHERE day BETWEEN ").push_bind(days.first);
    query.push(" AND ").push_bind(days.last);
    if let Some(survey) = &selection.survey {
        query.push(" AND survey = ").push_bind(survey.clone());
    }
}

async fn displays(
    snapshot: &mut Transaction<'_, Sqlite>,
    wanted: &Wanted<'_>,
) -> Result<Vec<Displays>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT touchpoint, sum(shown) AS shown, sum(dismissed) AS dismissed, \
         sum(promoters) AS promoters, sum(passives) AS passives, sum(detractors) AS detractors \
         FROM daily_displays",
    );
    within(&mut query, wanted.days, wanted.selection);
    query.push(" GROUP BY touchpoint");
    let mut displays = Vec::new();
    for row in query.build().fetch_all(&mut **snapshot).await? {
        let Some(touchpoint) = touchpoint(&row, "touchpoint")? else { continue };
        displays.push(Displays {
            touchpoint,
            shown: count(&row, "shown")?,
            dismissed: count(&row, "dismissed")?,
            answered: segments(&row)?,
        });
    }
    Ok(displays)
}

async fn pairs(
    snapshot: &mut Transaction<'_, Sqlite>,
    wanted: &Wanted<'_>,
) -> Result<Vec<MomentPairs>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT first, second, first_segment, second_segment, sum(pairs) AS pairs FROM daily_pairs",
    );
    within(&mut query, wanted.days, wanted.selection);
    query.push(" GROUP BY first, second, first_segment, second_segment ORDER BY first, second");
    let mut found: Vec<MomentPairs> = Vec::new();
    for row in query.build().fetch_all(&mut **snapshot).await? {
        let moments = touchpoint(&row, "first")?.zip(touchpoint(&row, "second")?);
        let Some((first, second)) = moments else { continue };
        if found.last().is_none_or(|last| (last.first, last.second) != (first, second)) {
            found.push(MomentPairs { first, second, pairs: Pairs::default() });
        }
        let place = |column| -> Result<usize, StoreError> {
            let segment: i64 = row.try_get(column)?;
            Ok(usize::try_from(segment.clamp(-1, 1) + 1).unwrap_or_default())
        };
        let (from, to) = (place("first_segment")?, place("second_segment")?);
        if let Some(last) = found.last_mut() {
            last.pairs.0[from][to] += count(&row, "pairs")?;
        }
    }
    Ok(found)
}

async fn values(
    snapshot: &mut Transaction<'_, Sqlite>,
    wanted: &Wanted<'_>,
    by: &str,
) -> Result<Vec<ValueAnswers>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT value, sum(s9 + s10) AS promoters, sum(s7 + s8) AS passives, \
         sum(answers - s7 - s8 - s9 - s10) AS detractors FROM daily_facets",
    );
    within(&mut query, wanted.days, wanted.selection);
    query.push(" AND facet = ").push_bind(by);
    // Answers whose language is not known.
    query.push(" AND value <> ''");
    if let Some(touchpoint) = wanted.selection.touchpoint {
        query.push(" AND touchpoint = ").push_bind(touchpoint.name());
    }
    query.push(" GROUP BY value");
    let rows = query.build().fetch_all(&mut **snapshot).await?;
    rows.iter()
        .map(|row| Ok(ValueAnswers { value: row.try_get("value")?, segments: segments(row)? }))
        .collect()
}

/// A touchpoint by its name; `None` for one that a newer release may have written.
fn touchpoint(
    row: &SqliteRow,
    column: impl ColumnIndex<SqliteRow>,
) -> Result<Option<Touchpoint>, StoreError> {
    Ok(Touchpoint::from_name(row.try_get(column)?))
}

fn count(row: &SqliteRow, column: impl ColumnIndex<SqliteRow>) -> Result<u64, StoreError> {
    let count: i64 = row.try_get(column)?;
    // Counts of what is there; a negative one would be a fault in the triggers, not a reason to fail.
    Ok(u64::try_from(count).unwrap_or_default())
}

fn segments(row: &SqliteRow) -> Result<Segments, StoreError> {
    Ok(Segments {
        promoters: count(row, "promoters")?,
        passives: count(row, "passives")?,
        detractors: count(row, "detractors")?,
    })
}

/// The scores 0 to 10, the first of which stands in the column of that place.
fn scores(row: &SqliteRow, first: usize) -> Result<Distribution, StoreError> {
    let mut scores = Distribution::default();
    for (score, sum) in scores.0.iter_mut().enumerate() {
        *sum = count(row, first + score)?;
    }
    Ok(scores)
}
