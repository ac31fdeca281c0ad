//! The setting `expiry`, with the erasures by age that wait for a confirmation, and counts of due answers.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Store;
use crate::store::{
    StoreError,
    expiry::{Expiry, Share},
};

/// The setting's name.
const SETTING: &str = "expiry";

impl Store {
    /// The state of the erasure by age.
    pub(crate) async fn expiry(&self) -> Result<Expiry, StoreError> {
        self.read(read).await
    }

    /// Changes the state, and returns the new one.
    pub(crate) async fn change_expiry(
        &self,
        mut change: impl FnMut(&mut Expiry) + Send + 'static,
    ) -> Result<Expiry, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let mut expiry = read(connection)?;
            change(&mut expiry);
            let text =
                serde_json::to_string(&expiry).map_err(|_| StoreError::unexpected("what waits"))?;
            connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![SETTING, text],
            )?;
            Ok(expiry)
        })
        .await
    }

    /// The number of a survey's answers and displays that arrived before `before`, and the number of all of them.
    pub(crate) async fn past(
        &self,
        survey: &str,
        before: Timestamp,
    ) -> Result<(Share, Share), StoreError> {
        let (survey, before) = (survey.to_owned(), before.as_millisecond());
        // Counting a large table takes time, and here nobody waits for it.
        self.aside(move |connection| {
            let count = |sql: &str| -> Result<Share, StoreError> {
                let mut both = connection.prepare_cached(sql)?;
                let share = |due: i64, all: i64| Share {
                    due: due.unsigned_abs(),
                    all: all.unsigned_abs(),
                };
                Ok(both.query_row(params![survey, before], |row| {
                    Ok(share(row.get(0)?, row.get(1)?))
                })?)
            };
            // The total is needed only if an answer is due.
            Ok((
                count(
                    "SELECT due, CASE WHEN due THEN (SELECT count(*) FROM responses WHERE survey = ?1)
                         ELSE 0 END
                     FROM (SELECT count(*) AS due FROM responses
                           WHERE survey = ?1 AND received_at < ?2)",
                )?,
                count(
                    "SELECT due, CASE WHEN due THEN (SELECT count(*) FROM displays WHERE survey = ?1)
                         ELSE 0 END
                     FROM (SELECT count(*) AS due FROM displays
                           WHERE survey = ?1 AND received_at < ?2)",
                )?,
            ))
        })
        .await
    }
}

fn read(connection: &Connection) -> Result<Expiry, StoreError> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?")?
        .query_row([SETTING], |row| row.get(0))
        .optional()?;
    match text {
        Some(text) => serde_json::from_str(&text).map_err(|_| StoreError::unexpected("what waits")),
        None => Ok(Expiry::default()),
    }
}
