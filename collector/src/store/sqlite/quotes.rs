//! The table `quotes`.

use afterword_response::Response;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    Store,
    filter::{NOT_ARCHIVED, Query},
};
use crate::{
    aside::Aside,
    quotes::{MAX_SHOWN, allowed, excerpt},
    report::{calendar::Days, statistics::Distribution},
    store::{
        StoreError,
        quotes::{Quote, Quoted, Shown},
    },
};

impl Store {
    /// Quotes the answer with a public id, as far as the typed words are those of its comment. `revision` is the one that
    /// the reader saw.
    pub(crate) async fn quote(
        &self,
        id: &str,
        revision: u32,
        typed: &str,
    ) -> Result<Quoted, StoreError> {
        let (id, typed, now) = (self.meant(id).await?, typed.to_owned(), Timestamp::now());
        self.write(move |ledger| {
            let connection = ledger.connection();
            let found: Option<(i64, u32, String, u16)> = connection
                .prepare_cached(
                    "SELECT number, revision, response, aside FROM responses WHERE id = ?",
                )?
                .query_row([&id], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            let Some((number, stored, json, aside)) = found else { return Ok(Quoted::Changed) };
            if stored != revision {
                return Ok(Quoted::Changed);
            }
            let response: Response = serde_json::from_str(&json)
                .map_err(|_| StoreError::unexpected("a stored response"))?;
            let Some(comment) = allowed(&response).filter(|_| Aside::from_bits(aside) == Aside::NONE)
            else {
                return Ok(Quoted::NotAllowed);
            };
            let Some(words) = excerpt(comment, &typed) else { return Ok(Quoted::OtherWords) };
            connection.execute(
                "INSERT INTO quotes (number, quote, revision, words, chosen_at)
                 VALUES (?, lower(hex(randomblob(12))), ?, ?, ?)
                 ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, words = excluded.words",
                params![number, stored, words, now.as_millisecond()],
            )?;
            Ok(Quoted::Done)
        })
        .await
    }

    /// Takes the quote of the answer with a public id down; returns whether there was one.
    pub(crate) async fn withdraw_quote(&self, id: &str) -> Result<bool, StoreError> {
        let id = self.meant(id).await?;
        self.write(move |ledger| {
            let gone = ledger.connection().execute(
                "DELETE FROM quotes WHERE number = (SELECT number FROM responses WHERE id = ?)",
                [&id],
            )?;
            Ok(gone > 0)
        })
        .await
    }

    /// The words of the quote of the answer with a public id.
    pub(crate) async fn quote_of(&self, id: &str) -> Result<Option<String>, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let mut one = connection.prepare_cached(
                "SELECT words FROM quotes JOIN responses USING (number) WHERE id = ?",
            )?;
            Ok(one.query_row([id], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// The quotes of a survey, or of all that are not archived, with the counted answers.
    pub(crate) async fn quotes(&self, survey: Option<&str>) -> Result<Shown, StoreError> {
        let survey = survey.map(str::to_owned);
        let mut shown = self
            .read(move |connection| {
                let snapshot = connection.unchecked_transaction()?;
                let (days, scores) = scores(&snapshot, survey.as_deref())?;
                Ok(Shown { quotes: quotes(&snapshot, survey.as_deref())?, days, scores })
            })
            .await?;
        for quote in &mut shown.quotes {
            quote.response = self.public_ids.public(&quote.response);
        }
        Ok(shown)
    }
}

/// Removes the quote of an answer whose words, name or permission have changed, or that is erased.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM quotes WHERE number = ?")?.execute([number])?;
    Ok(())
}

/// Quotes the whole comment of the answer with this id, which is stored already.
pub(super) fn load(connection: &Connection, id: &str, at: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO quotes (number, quote, revision, words, chosen_at)
             SELECT number, lower(hex(randomblob(12))), revision, trim(comment), ?2
             FROM responses WHERE id = ?1 AND comment IS NOT NULL AND aside = 0
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![id, at.as_millisecond()])?;
    Ok(())
}

fn of_survey(query: &mut Query, survey: Option<&str>) {
    match survey {
        Some(survey) => query.push("survey = ").bind(survey.to_owned()),
        None => query.push(NOT_ARCHIVED),
    };
}

/// The shown quotes of a survey, or of all that are not archived, the newest first.
fn shown(survey: Option<&str>) -> Query {
    // SQLite runs a CROSS JOIN in the written order. A shop quotes some dozens of its answers: they are looked up and sorted.
    // In the order of the answers' own index every answer would be read.
    let mut query = Query::new(
        "SELECT quote, id, survey, words, response ->> '$.quote_name', locale, received_at
         FROM quotes q CROSS JOIN responses r ON r.number = q.number WHERE aside = 0 AND ",
    );
    of_survey(&mut query, survey);
    let most = i64::try_from(MAX_SHOWN).unwrap_or(i64::MAX);
    query.push(" ORDER BY received_at DESC, r.number DESC LIMIT ").bind(most);
    query
}

fn quotes(connection: &Connection, survey: Option<&str>) -> Result<Vec<Quote>, StoreError> {
    let query = shown(survey);
    let mut all = connection.prepare_cached(&query.sql)?;
    let quote = |row: &Row<'_>| {
        Ok(Quote {
            id: row.get(0)?,
            response: row.get(1)?,
            survey: row.get(2)?,
            words: row.get(3)?,
            name: row.get(4)?,
            locale: row.get(5)?,
            answered_at: super::time(row, "received_at")?,
        })
    };
    all.query_and_then(&*query.parameters(), quote)?.collect()
}

/// The counted answers by score, and their first and last day.
fn scores(
    connection: &Connection,
    survey: Option<&str>,
) -> Result<(Option<Days>, Distribution), StoreError> {
    let mut query = Query::new(
        "SELECT min(day), max(day), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5), sum(s6),
             sum(s7), sum(s8), sum(s9), sum(s10)
         FROM daily_scores WHERE flagged = 0 AND answers > 0 AND ",
    );
    of_survey(&mut query, survey);
    let mut one = connection.prepare_cached(&query.sql)?;
    let read = |row: &Row<'_>| {
        let mut scores = Distribution::default();
        for (score, sum) in scores.0.iter_mut().enumerate() {
            *sum = row.get::<_, Option<i64>>(2 + score)?.unwrap_or_default().unsigned_abs();
        }
        let ends: (Option<i32>, Option<i32>) = (row.get(0)?, row.get(1)?);
        Ok((ends.0.zip(ends.1).map(|(first, last)| Days { first, last }), scores))
    };
    Ok(one.query_row(&*query.parameters(), read)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::shown;
    use crate::store::Store;

    #[tokio::test]
    async fn the_quotes_are_read_without_looking_at_the_answers_that_are_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        for survey in [None, Some("s")] {
            let plan = store.read(move |connection| {
                let query = shown(survey);
                let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", query.sql))?;
                let steps = plan.query_map(&*query.parameters(), |row| row.get(3))?;
                Ok(steps.collect::<Result<Vec<String>, _>>()?)
            });
            let plan = plan.await.unwrap();
            assert!(plan[0].starts_with("SCAN q"), "{plan:?}");
            assert!(plan[1].starts_with("SEARCH r USING INTEGER PRIMARY KEY"), "{plan:?}");
        }
        store.close().await;
    }
}
