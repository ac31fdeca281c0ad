//! The table `alerts`: what was found, and about which answer.

use rusqlite::{Connection, params};

use crate::{rules::Finding, store::StoreError};

/// The answer of an alert: its row number, and the id that it is shown under.
pub(super) struct ToldOf<'a> {
    pub(super) number: i64,
    pub(super) shown_as: &'a str,
}

/// Writes an alert; returns its number.
pub(super) fn write(
    connection: &Connection,
    rule: i64,
    answer: Option<&ToldOf<'_>>,
    finding: &Finding,
    now: i64,
) -> Result<i64, StoreError> {
    let finding = serde_json::to_string(finding)
        .map_err(|_| StoreError::unexpected("what an alert is about"))?;
    connection
        .prepare_cached(
            "INSERT INTO alerts (at, rule, number, shown_as, finding) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            now,
            rule,
            answer.map(|it| it.number),
            answer.map(|it| it.shown_as),
            finding
        ])?;
    Ok(connection.last_insert_rowid())
}
