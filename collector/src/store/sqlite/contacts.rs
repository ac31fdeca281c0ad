//! The table `contacts`: which answers have a contact, and which had one until it was erased.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::Store;
use crate::store::{StoreError, cases::State};

/// Notes that an answer has a contact.
pub(super) fn add(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO contacts (number) VALUES (?)
             ON CONFLICT (number) DO UPDATE SET erased_at = NULL WHERE erased_at IS NOT NULL",
        )?
        .execute([number])?;
    Ok(())
}

/// Notes that the contact of an answer was erased.
pub(super) fn mark_erased(connection: &Connection, number: i64, at: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE contacts SET erased_at = ?2 WHERE number = ?1")?
        .execute([number, at])?;
    Ok(())
}

/// Forgets an answer that is erased.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM contacts WHERE number = ?")?.execute([number])?;
    Ok(())
}

/// The contacts to erase: of answers that arrived before ?1, and of cases that have had state ?2, which is closed, since
/// before ?3.
const DUE: &str = "SELECT c.number FROM contacts c CROSS JOIN responses r ON r.number = c.number
    WHERE c.erased_at IS NULL AND (r.received_at < ?1 OR (r.case_state = ?2 AND (
        SELECT max(s.at) FROM case_events e JOIN case_steps s USING (step)
        WHERE e.number = c.number AND e.what = 'state' AND e.after = ?2) < ?3))";

impl Store {
    /// Erases up to `most` contacts at `now`: of cases that have been closed since before `closed_before`, and of answers
    /// that arrived before `answered_before`. Returns their number, which is 0 once none is left.
    pub(crate) async fn expire_contacts(
        &self,
        closed_before: Timestamp,
        answered_before: Timestamp,
        now: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let (answered, closed) = (answered_before.as_millisecond(), closed_before.as_millisecond());
        // Looked for by a reader: that takes a second where there are very many, during which answers are written.
        let due: Vec<i64> = self
            .read_long(move |connection| {
                let sql = format!("{DUE} LIMIT ?4");
                let mut all = connection.prepare_cached(&sql)?;
                let values = params![answered, State::Closed.number(), closed, most];
                Ok(all.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?)
            })
            .await?;
        self.write(move |ledger| {
            let sql = format!("{DUE} AND c.number = ?4");
            let mut gone = 0;
            for number in &due {
                // Somebody may have opened the case again since.
                let values = params![answered, State::Closed.number(), closed, number];
                if ledger.connection().prepare_cached(&sql)?.exists(values)? {
                    ledger.erase_contact(*number, now.as_millisecond())?;
                    gone += 1;
                }
            }
            Ok(gone)
        })
        .await
    }
}
