//! Finds the themes of stored answers again, one batch after the other: it reads answers and finds their themes on a
//! reading connection, and then writes them in a short transaction.

use rusqlite::{Connection, params};

use super::{
    Store,
    themes::{DONE, note_progress, progress},
};
use crate::{
    store::StoreError,
    themes::{Named, Rules},
};

/// The number of answers whose themes are found again in one step. It is small, so that arriving answers need not wait.
const BATCH: usize = 200;

impl Store {
    /// Finds the themes of the next stored answers again; `false` if there are none left.
    pub(crate) async fn find_some_themes(&self) -> Result<bool, StoreError> {
        let rules = self.lists.rules();
        let edition = rules.edition();
        let step = move |connection: &Connection| match progress(connection, edition)? {
            None => Ok(None),
            Some(after) => found_after(connection, after, &rules).map(Some),
        };
        let Some(found) = self.read_long(step).await? else { return Ok(false) };
        self.write(move |ledger| {
            for (number, revision, named) in &found.answers {
                ledger.name(*number, *revision, edition, named)?;
            }
            let progress = found.last.map_or(DONE.to_owned(), |number| number.to_string());
            // If the rules changed in between, everything starts again.
            if self::progress(ledger.connection(), edition)? == Some(found.after) {
                note_progress(ledger.connection(), edition, &progress)?;
            }
            Ok(())
        })
        .await?;
        Ok(true)
    }
}

/// The result of a step.
struct Found {
    /// The row number after which the step began.
    after: i64,
    /// Answers by row number and revision, with their themes before corrections.
    answers: Vec<(i64, u32, Named)>,
    /// The row number of the last answer that was read; `None` if there was none.
    last: Option<i64>,
}

/// The themes of the answers after a row number.
fn found_after(connection: &Connection, after: i64, rules: &Rules) -> Result<Found, StoreError> {
    let mut next = connection.prepare_cached(
        "SELECT number, revision, response, themes_edition FROM responses
         WHERE number > ? ORDER BY number LIMIT ?",
    )?;
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut rows = next.query(params![after, limit])?;
    let mut found = Found { after, answers: Vec::new(), last: None };
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        found.last = Some(number);
        if row.get::<_, i64>(3)?.cast_unsigned() == rules.edition() {
            continue;
        }
        let json = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        // `odd_rows` reports answers that cannot be read.
        if let Ok(response) = super::response("", json) {
            found.answers.push((number, row.get(1)?, Named::of(&response, rules)));
        }
    }
    Ok(found)
}
