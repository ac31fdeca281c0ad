//! The table `displays`: that the question was shown, and closed.

use afterword_response::Display;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::Store;
use crate::aside::Aside;
use crate::store::{StoreError, arrival::DisplayArrival};

/// Displays that are looked at for those of one survey, at a time.
const MAX_EXAMINED: i64 = 50_000;

impl Store {
    /// Keeps a step of a display; it is on the disk then. A repeat changes nothing.
    pub(crate) async fn put_display(
        &self,
        display: &Display,
        aside: Aside,
    ) -> Result<(), StoreError> {
        self.writer.show(DisplayArrival::new(display.clone(), Timestamp::now(), aside)).await
    }

    /// How many displays of a survey are kept.
    pub(crate) async fn count_displays_of(&self, survey: &str) -> Result<u64, StoreError> {
        let (mut count, mut after) = (0, Some(0));
        while let Some(from) = after {
            let (ids, next) = self.displays_of(survey, from).await?;
            count += ids.len() as u64;
            after = next;
        }
        Ok(count)
    }

    /// Ids of displays of a survey behind a place in the table, and the place to go on from; `None` at the
    /// table's end.
    pub(super) async fn displays_of(
        &self,
        survey: &str,
        after: i64,
    ) -> Result<(Vec<String>, Option<i64>), StoreError> {
        let survey = survey.to_owned();
        self.read_long(move |connection| {
            let mut ids = connection.prepare_cached(
                "SELECT id FROM displays WHERE rowid > ?1 AND rowid <= ?1 + ?2 AND survey = ?3",
            )?;
            let ids = ids.query_map(params![after, MAX_EXAMINED, survey], |row| row.get(0))?;
            let ids = ids.collect::<Result<_, _>>()?;
            // Places may be free for long.
            let next: Option<i64> = connection
                .prepare_cached(
                    "SELECT rowid FROM displays WHERE rowid > ? ORDER BY rowid LIMIT 1",
                )?
                .query_row([after + MAX_EXAMINED], |row| row.get(0))
                .optional()?;
            Ok((ids, next.map(|next| next - 1)))
        })
        .await
    }
}
