//! Loads a made-up year.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Store, answer_pages, quotes};
use crate::aside::Aside;
use crate::store::{
    StoreError,
    arrival::{Arrival, Author, DisplayArrival},
    erasures,
    load::{SeedDisplay, SeedRating, SeedRow},
};
use crate::themes::Rules;

/// Answers and displays in one transaction.
const CHUNK_ROWS: usize = 5_000;
/// Chunks that are prepared ahead of the writer.
const MAX_CHUNKS_AHEAD: usize = 2;

/// A row of the year, ready to be written.
enum PreparedRow {
    Answer(Box<Arrival>),
    Display(DisplayArrival),
    Rating(Box<SeedRating>),
    Quote { id: String, chosen_at: Timestamp },
}

impl Store {
    /// Stores the year, [`CHUNK_ROWS`] at a time. `progress` is called with the number of stored responses.
    pub(crate) async fn load(
        &self,
        year: impl Iterator<Item = SeedRow> + Send + 'static,
        progress: &mut impl FnMut(u64),
    ) -> Result<u64, StoreError> {
        let (send, mut ready) = tokio::sync::mpsc::channel(MAX_CHUNKS_AHEAD);
        let rules = self.lists.rules();
        let making = tokio::task::spawn_blocking(move || {
            let mut year = year.map(|it| prepare(it, &rules));
            loop {
                let mut rows = Vec::with_capacity(CHUNK_ROWS);
                let chunk = year.by_ref().take(CHUNK_ROWS).try_for_each(|row| {
                    rows.push(row?);
                    Ok::<_, StoreError>(())
                });
                let chunk = chunk.map(|()| rows);
                let is_last = chunk.as_ref().is_ok_and(Vec::is_empty);
                // Sending fails if the writer has failed.
                if is_last || send.blocking_send(chunk).is_err() {
                    break;
                }
            }
        });
        let mut stored = 0;
        while let Some(chunk) = ready.recv().await {
            let chunk = chunk?;
            stored += chunk.iter().filter(|it| matches!(it, PreparedRow::Answer(_))).count() as u64;
            // The writer's thread, which has the most to do, is not to free the rows, too.
            let chunk = Arc::new(chunk);
            let written = Arc::clone(&chunk);
            self.write(move |ledger| {
                for it in written.iter() {
                    match it {
                        PreparedRow::Answer(arrival) => drop(ledger.put(arrival, Author::Seed)?),
                        PreparedRow::Display(arrival) => ledger.show(arrival, Author::Seed)?,
                        PreparedRow::Quote { id, chosen_at } => {
                            quotes::load(ledger.connection(), id, *chosen_at)?;
                        }
                        PreparedRow::Rating(it) => {
                            answer_pages::load(ledger.connection(), &it.id, &it.rating)?;
                        }
                    }
                }
                Ok(())
            })
            .await?;
            drop(chunk);
            progress(stored);
        }
        making.await.map_err(|error| StoreError::Engine(error.into()))?;
        Ok(stored)
    }
}

fn prepare(loaded: SeedRow, rules: &Rules) -> Result<PreparedRow, StoreError> {
    Ok(match loaded {
        SeedRow::Answer(it) => PreparedRow::Answer(Box::new(Arrival::new(*it, rules)?)),
        SeedRow::Rating(it) => PreparedRow::Rating(it),
        SeedRow::Quote { id, chosen_at } => PreparedRow::Quote { id, chosen_at },
        SeedRow::Display(it) => {
            let SeedDisplay { display, shown_at, dismissed_at, received_at } = *it;
            let (shown_at, mark) = (Some(shown_at), erasures::mark(&display.id));
            let aside = Aside::NONE;
            PreparedRow::Display(DisplayArrival {
                display,
                mark,
                shown_at,
                dismissed_at,
                received_at,
                aside,
            })
        }
    })
}
