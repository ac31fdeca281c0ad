//! The tables `cases`, `case_steps` and `case_events`. The state itself is a column of `responses`, which only the
//! ledger writes.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, time};
use crate::store::{
    StoreError,
    cases::{Case, Event, State, Step, What, Who},
};

/// The account in `case_steps` that stands for the customer.
const CUSTOMER: i64 = 0;

/// A case as it is stored.
pub(super) struct StoredCase {
    /// That of `responses`.
    pub(super) number: i64,
    pub(super) state: Option<State>,
    /// Whether it has a row in `cases`.
    pub(super) was_acted_on: bool,
    pub(super) version: u32,
    /// An account's id.
    pub(super) owner: Option<i64>,
}

/// A change to a case, as `case_events` holds it.
pub(super) struct Change<'a> {
    pub(super) what: &'static str,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    pub(super) note: Option<&'a str>,
}

impl Store {
    /// The case of an answer with its history, oldest first; `None` if there is no such answer.
    pub(crate) async fn case(&self, id: &str) -> Result<Option<(Case, Vec<Event>)>, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let Some(found) = find(connection, &id)? else { return Ok(None) };
            let events = events(connection, found.number)?;
            Ok(Some((case(connection, &found)?, events)))
        })
        .await
    }

    /// The cases of answers by their public ids, in their order.
    pub(crate) async fn cases(&self, ids: Vec<String>) -> Result<Vec<Case>, StoreError> {
        let public_ids = Arc::clone(&self.public_ids);
        self.read(move |connection| {
            let of = |id: &String| {
                let id = public_ids.original(id).unwrap_or_else(|| id.clone());
                match find(connection, &id)? {
                    Some(found) => case(connection, &found),
                    None => Ok(Case::default()),
                }
            };
            ids.iter().map(of).collect()
        })
        .await
    }

    /// A step, to tell whoever made it what it did; `None` if nothing is left of it.
    pub(crate) async fn step(&self, step: i64) -> Result<Option<Step>, StoreError> {
        self.read(move |connection| {
            let cases: u32 = connection
                .prepare_cached("SELECT count(DISTINCT number) FROM case_events WHERE step = ?")?
                .query_row([step], |row| row.get(0))?;
            let mut last = connection.prepare_cached(
                "SELECT e.*, s.at, s.account FROM case_events e JOIN case_steps s USING (step)
                 WHERE step = ? ORDER BY event DESC LIMIT 1",
            )?;
            let last = last.query_and_then([step], |row| event(connection, row))?.next();
            let Some(Event { at, who, what }) = last.transpose()? else { return Ok(None) };
            let changed_since = connection
                .prepare_cached(
                    "SELECT 1 FROM case_events e JOIN cases c USING (number)
                     WHERE e.step = ? AND what IN ('state', 'owner') AND c.version <> (
                         SELECT max(version) FROM case_events
                         WHERE step = e.step AND number = e.number)",
                )?
                .exists([step])?;
            let can_be_undone = !changed_since && what != What::Note(None);
            Ok(Some(Step { at, who, cases, what, can_be_undone }))
        })
        .await
    }
}

/// Whether a colleague can be given a case: read-only people cannot work on it.
pub(super) fn may_own(connection: &Connection, account: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM accounts WHERE id = ? AND role <> 'reader'")?
        .exists([account])
}

/// Begins a step of an account, or of the holder of the admin token.
pub(super) fn begin(connection: &Connection, by: Option<i64>, at: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT INTO case_steps (at, account) VALUES (?, ?) RETURNING step")?
        .query_row(params![at, by], |row| row.get(0))
}

/// Writes changes to a case, with their history, but for its state.
pub(super) fn write(
    connection: &Connection,
    case: &StoredCase,
    version: u32,
    step: i64,
    changes: &[Change<'_>],
) -> rusqlite::Result<()> {
    let mut owner = case.owner;
    for Change { what, before, after, note } in changes {
        if *what == "owner" {
            owner = *after;
        }
        connection
            .prepare_cached(
                "INSERT INTO case_events (number, step, what, before, after, version, note)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![case.number, step, what, before, after, version, note])?;
    }
    connection
        .prepare_cached(
            "INSERT INTO cases (number, version, owner) VALUES (?, ?, ?)
             ON CONFLICT (number) DO UPDATE SET version = excluded.version, owner = excluded.owner",
        )?
        .execute(params![case.number, version, owner])?;
    Ok(())
}

/// Writes that the customer has added or changed words or contact, so that the case is new again.
pub(super) fn customer_wrote(
    connection: &Connection,
    case: &StoredCase,
    at: i64,
) -> rusqlite::Result<()> {
    let step = begin(connection, Some(CUSTOMER), at)?;
    let before = case.state.map(State::number);
    let change = Change { what: "words", before, after: Some(State::New.number()), note: None };
    write(connection, case, case.version + 1, step, &[change])
}

/// Erases a case with its notes and its history.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    let removed =
        connection.prepare_cached("DELETE FROM cases WHERE number = ?")?.execute([number])?;
    if removed == 0 {
        return Ok(());
    }
    connection
        .prepare_cached(
            "DELETE FROM case_steps WHERE step IN (SELECT step FROM case_events WHERE number = ?1)
             AND NOT EXISTS (SELECT 1 FROM case_events e
                             WHERE e.step = case_steps.step AND e.number <> ?1)",
        )?
        .execute([number])?;
    connection.prepare_cached("DELETE FROM case_events WHERE number = ?")?.execute([number])?;
    Ok(())
}

/// The case of the answer with this id.
pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<StoredCase>> {
    connection
        .prepare_cached(
            "SELECT r.number, case_state, c.number IS NOT NULL, coalesce(version, 0), owner
             FROM responses r LEFT JOIN cases c ON c.number = r.number WHERE r.id = ?",
        )?
        .query_row([id], stored)
        .optional()
}

/// The case of the answer with this row number.
pub(super) fn find_numbered(
    connection: &Connection,
    number: i64,
) -> rusqlite::Result<Option<StoredCase>> {
    connection
        .prepare_cached(
            "SELECT r.number, case_state, c.number IS NOT NULL, coalesce(version, 0), owner
             FROM responses r LEFT JOIN cases c ON c.number = r.number WHERE r.number = ?",
        )?
        .query_row([number], stored)
        .optional()
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredCase> {
    Ok(StoredCase {
        number: row.get(0)?,
        state: State::from_number(row.get(1)?),
        was_acted_on: row.get(2)?,
        version: row.get(3)?,
        owner: row.get(4)?,
    })
}

fn case(connection: &Connection, stored: &StoredCase) -> Result<Case, StoreError> {
    let owner = stored.owner.map(|owner| who(connection, Some(owner))).transpose()?;
    Ok(Case { state: stored.state, version: stored.version, owner })
}

fn events(connection: &Connection, number: i64) -> Result<Vec<Event>, StoreError> {
    let mut events = connection.prepare_cached(
        "SELECT e.*, s.at, s.account FROM case_events e JOIN case_steps s USING (step)
         WHERE number = ? ORDER BY event",
    )?;
    events.query_and_then([number], |row| event(connection, row))?.collect()
}

fn event(connection: &Connection, row: &Row<'_>) -> Result<Event, StoreError> {
    let after: Option<i64> = row.get("after")?;
    let what = match row.get_ref("what")?.as_str().map_err(rusqlite::Error::from)? {
        "state" => What::State(after.and_then(State::from_number)),
        "owner" => What::Owner(after.map(|owner| who(connection, Some(owner))).transpose()?),
        "note" => What::Note(row.get("note")?),
        _ => What::Words,
    };
    Ok(Event { at: time(row, "at")?, who: who(connection, row.get("account")?)?, what })
}

/// Who an account is, as `case_steps` names it.
fn who(connection: &Connection, account: Option<i64>) -> rusqlite::Result<Who> {
    Ok(match account {
        None => Who::TokenHolder,
        Some(CUSTOMER) => Who::Customer,
        Some(account) => {
            let name = connection
                .prepare_cached("SELECT name FROM accounts WHERE id = ?")?
                .query_row([account], |row| row.get(0))
                .optional()?;
            Who::Colleague { account, name }
        }
    })
}
