//! A sample of the comments of a period, to look for phrases in.

use rusqlite::{Connection, Row, params};

use super::{
    Store,
    filter::{Fact, Query, SAMPLED, Selection},
    responses::limits,
};
use crate::{
    report::{
        facts::{Facet, READ, THEME_READ},
        phrases::PeriodComment,
    },
    store::{Comments, Filter, StoreError},
};

/// The most answers that are examined one by one for a sample. A survey or touchpoint that has few among so many gets its sample
/// from the index of sampled comments, which has fewer of them.
const MAX_EXAMINED: i64 = 60_000;

impl Store {
    /// Every so-many-th comment of a filter without a facet that could be read, up to `most`, newest first. Those from `since` on
    /// are of the period itself.
    pub(crate) async fn sampled_comments(
        &self,
        filter: &Filter,
        since: Option<jiff::Timestamp>,
        every: u64,
        most: usize,
    ) -> Result<Vec<PeriodComment>, StoreError> {
        let facet = Facet { name: THEME_READ.to_owned(), value: READ.to_owned() };
        let filter = Filter { facet: Some(facet), comments: Comments::Only, ..filter.clone() };
        let since = since.map_or(i64::MIN, jiff::Timestamp::as_millisecond);
        let every = i64::try_from(every.max(1)).unwrap_or(i64::MAX);
        self.read_long(move |connection| {
            let Fact::One(fact) = Fact::of(&filter, connection)? else { return Ok(Vec::new()) };
            let query = sample(connection, &filter, fact, (every, MAX_EXAMINED), most)?;
            let mut sample = connection.prepare_cached(&query.sql)?;
            let comment = |row: &Row<'_>| {
                Ok(PeriodComment {
                    text: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
                    source: row.get(1)?,
                    is_now: row.get::<_, i64>(2)? >= since,
                })
            };
            let comments = sample.query_map(&*query.parameters(), comment)?;
            Ok(comments.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// The statement that reads every so-many-th comment of those with a fact. It examines at most so many, unless it reads them
/// from the index of sampled comments.
fn sample(
    connection: &Connection,
    filter: &Filter,
    fact: i64,
    (every, examined): (i64, i64),
    most: usize,
) -> rusqlite::Result<Query> {
    const COLUMNS: &str = "r.comment, coalesce(r.customer_id, r.order_id), r.received_at";
    let (from, before) = limits(filter);
    let narrows = filter.survey.is_some() || filter.touchpoint.is_some();
    let are_many = || {
        let mut further = connection.prepare_cached(
            "SELECT 1 FROM response_facts WHERE fact = ? AND received_at >= ? AND received_at < ?
             LIMIT 1 OFFSET ?",
        )?;
        let (from, before) = (from.unwrap_or(i64::MIN), before.unwrap_or(i64::MAX));
        further.exists(params![fact, from, before, examined.saturating_mul(every)])
    };
    let selection = if every >= SAMPLED || (narrows && are_many()?) {
        Selection::sample(COLUMNS).each_of_sample(every.max(SAMPLED))
    } else {
        Selection::candidates(COLUMNS, filter, Some(fact)).each(every)
    };
    Ok(selection.matching(filter).between(from, before).newest_first(most))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use afterword_response::Touchpoint;
    use jiff::Timestamp;
    use rusqlite::Connection;

    use super::*;
    use crate::{
        aside::{Aside, Flagged},
        store::{Standing, Stored},
        themes::Named,
    };

    const ANSWERS: i64 = 400;

    /// Every third answer has no comment that could be read, and every fourth is of another touchpoint.
    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        let stored = (0..ANSWERS).map(|number| {
            let at = Timestamp::from_second(1_790_000_000 + number * 1_000).unwrap();
            let response = serde_json::from_value(serde_json::json!({
                "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}"), "revision": 1,
                "survey": "a", "touchpoint": (if number % 4 == 3 { "return" } else { "order" }),
                "score": 9, "locale": "de",
                "comment": (number % 3 != 0).then(|| format!("Die Lieferung kam am Tag {number}"))
            }));
            Stored {
                response: response.unwrap(),
                received_at: at,
                updated_at: at,
                aside: Aside::NONE,
                named: Named { themes: Vec::new(), is_read: number % 3 != 0 },
            }
        });
        store.put_all(store.prepare(stored.collect(), |_| {})).await.unwrap();
        (store, folder)
    }

    /// The numbers of a sample, and its plan.
    fn sampled(
        connection: &Connection,
        filter: &Filter,
        every: i64,
        examined: i64,
    ) -> (Vec<i64>, String) {
        let fact = connection
            .query_row("SELECT fact FROM facts WHERE facet = ?", [THEME_READ], |row| row.get(0))
            .unwrap();
        let query = sample(connection, filter, fact, (every, examined), 1_000).unwrap();
        let sql = query.sql.replacen("r.comment,", "r.number,", 1);
        let all = |sql: &str, column: usize| {
            let mut statement = connection.prepare(sql).unwrap();
            let mut rows = statement.query(&*query.parameters()).unwrap();
            let mut found = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                found.push(row.get::<_, rusqlite::types::Value>(column).unwrap());
            }
            found
        };
        let numbers = all(&sql, 0).into_iter().map(|it| match it {
            rusqlite::types::Value::Integer(number) => number,
            other => panic!("{other:?}"),
        });
        let numbers = numbers.collect();
        let plan = all(&format!("EXPLAIN QUERY PLAN {sql}"), 3);
        (numbers, format!("{plan:?}"))
    }

    #[tokio::test]
    async fn few_comments_are_sampled_among_all_and_many_in_the_index_of_one_in_eight() {
        let (store, _folder) = store().await;
        let all = Filter {
            comments: Comments::Only,
            standing: Standing::Counted(Flagged::Without),
            ..Filter::default()
        };
        let rare = Filter { touchpoint: Some(Touchpoint::Return), ..all.clone() };
        let named = Filter { survey: Some("a".into()), ..rare.clone() };
        let later =
            Filter { from: Some(Timestamp::from_second(1_790_200_000).unwrap()), ..rare.clone() };
        let many = "INDEX responses_comment_sample";
        for (filter, every, examined, expected, index) in [
            (&all, 1, 1_000, 1, "PRIMARY KEY"),
            (&all, 7, 10, 7, "PRIMARY KEY"),
            (&all, 8, 1_000, 8, many),
            (&all, 20, 1_000, 20, many),
            (&rare, 1, 1_000, 1, "INDEX responses_newest"),
            (&rare, 2, 133, 2, "INDEX responses_newest"),
            (&named, 3, 1_000, 3, "INDEX responses_survey_newest"),
            // More than so many of all touchpoints would be examined.
            (&rare, 2, 132, 8, many),
            (&named, 1, 100, 8, many),
            (&later, 1, 133, 1, "INDEX responses_newest"),
            (&later, 1, 132, 8, many),
        ] {
            let of = filter.clone();
            let found = store.read(move |connection| Ok(sampled(connection, &of, every, examined)));
            let (numbers, plan) = found.await.unwrap();
            let mut wanted: Vec<i64> = (0..ANSWERS)
                .filter(|it| it % 3 != 0 && (filter.touchpoint.is_none() || it % 4 == 3))
                .filter(|it| filter.from.is_none() || *it >= 200)
                .map(|it| it + 1)
                .filter(|number| match expected {
                    ..8 => number % expected == 0,
                    8.. => number % 8 == 0 && number % expected < 8,
                })
                .collect();
            wanted.reverse();
            assert_eq!(numbers, wanted, "{filter:?}, every {every}");
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
        store.close().await;
    }
}
