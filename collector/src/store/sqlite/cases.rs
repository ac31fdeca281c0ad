//! The tables `cases`, `case_steps` and `case_events`. The state itself is a column of `responses`, which only the
//! ledger writes.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, time};
use crate::{
    report::statistics::{WaitingHour, Waits},
    store::{
        StoreError,
        cases::{Actor, Case, CaseChange, CaseCounts, Event, FirstAnswers, State, Step},
        replies::Way,
    },
};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;
/// The condition for cases to which the shop can reply: they have a comment or a contact. A contact that was erased in
/// the meantime counts, so that figures of the past stay.
pub(super) const HAS_WORDS_OR_CONTACT: &str =
    "(r.comment IS NOT NULL OR EXISTS (SELECT 1 FROM contacts WHERE contacts.number = r.number))";

/// The numbers of the states in which a case is open: new, seen and in progress.
pub(super) const OPEN: &str = "(1, 2, 3)";

/// The account in `case_steps` that stands for the customer.
const CUSTOMER: i64 = 0;
/// The account in `case_steps` that stands for the collector itself.
const COLLECTOR: i64 = -1;

/// The stored values of a case.
pub(super) struct StoredCase {
    /// The row number in `responses`.
    pub(super) number: i64,
    pub(super) state: Option<State>,
    /// Whether it has a row in `cases`.
    pub(super) was_acted_on: bool,
    pub(super) version: u32,
    /// An account's id.
    pub(super) owner: Option<i64>,
}

/// A change of a case, as it is stored in `case_events`.
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

    /// The cases of the answers with these public ids, in the same order.
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

    /// The numbers of cases in the period from one moment to before another.
    pub(crate) async fn case_counts(
        &self,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> Result<CaseCounts, StoreError> {
        let from = from.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = before.map_or(i64::MAX, Timestamp::as_millisecond);
        self.read_long(move |connection| {
            let mut new: i64 = 0;
            for state in State::ALL {
                new += connection
                    .prepare_cached(
                        "SELECT count(*) FROM responses WHERE case_state > 0 AND case_state = ?
                         AND received_at >= ? AND received_at < ?",
                    )?
                    .query_row([state.number(), from, before], |row| row.get::<_, i64>(0))?;
            }
            let mut set = connection.prepare_cached(
                "SELECT count(DISTINCT number) FROM case_steps s JOIN case_events e USING (step)
                 WHERE s.at >= ? AND s.at < ? AND what = 'state' AND after = ?",
            )?;
            let mut set = |state: State| -> rusqlite::Result<i64> {
                set.query_row([from, before, state.number()], |row| row.get(0))
            };
            Ok(CaseCounts {
                new: new.unsigned_abs(),
                answered: set(State::Answered)?.unsigned_abs(),
                closed: set(State::Closed)?.unsigned_abs(),
            })
        })
        .await
    }

    /// How the cases with a comment or a contact were answered that arrived in a period, as of `now`. A case that was closed
    /// without an answer counts as waiting for as long as it was open.
    pub(crate) async fn first_answers(
        &self,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<FirstAnswers, StoreError> {
        let from = from.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = before.map_or(i64::MAX, Timestamp::as_millisecond);
        let now = now.as_millisecond();
        self.read_long(move |connection| {
            // Both queries see the same cases.
            let connection = connection.unchecked_transaction()?;
            let mut waited: BTreeMap<u32, WaitingHour> = BTreeMap::new();
            let mut add = |hours: i64, change: &mut dyn FnMut(&mut WaitingHour)| {
                let hours = u32::try_from(hours.max(0)).unwrap_or(u32::MAX);
                change(waited.entry(hours).or_default());
            };
            // First, all cases are counted as if they still waited. This uses an index and reads no history.
            for state in State::ALL {
                let sql = format!(
                    "SELECT (?1 - received_at) / {HOUR}, count(*) FROM responses r
                     WHERE {HAS_WORDS_OR_CONTACT} AND case_state > 0 AND case_state = ?2
                         AND received_at >= ?3 AND received_at < ?4 GROUP BY 1"
                );
                let mut all = connection.prepare_cached(&sql)?;
                let mut rows = all.query([now, state.number(), from, before])?;
                while let Some(row) = rows.next()? {
                    let count: i64 = row.get(1)?;
                    add(row.get(0)?, &mut |at| at.left += count.unsigned_abs());
                }
            }
            // Then the cases that were answered or closed are corrected. A reply counts from the moment that the customer can
            // read it, unless its mail was not accepted; so the state that was set with it does not count.
            let sql = format!(
                "SELECT r.received_at,
                     (SELECT min(visible_from) FROM replies p WHERE p.number = c.number
                          AND visible_from <= ?3 AND (way = 'page' OR mail = 'delivered')),
                     min(CASE WHEN e.what = 'reply' AND e.after = {elsewhere} THEN s.at
                         WHEN e.what = 'state' AND e.after = {answered} AND NOT EXISTS (
                             SELECT 1 FROM case_events i
                             WHERE i.step = e.step AND i.number = e.number AND i.what = 'reply')
                         THEN s.at END),
                     min(CASE WHEN e.what = 'state' AND e.after = {closed}
                         AND r.case_state = {closed} THEN s.at END)
                 FROM cases c CROSS JOIN responses r ON r.number = c.number
                     JOIN case_events e ON e.number = c.number
                     JOIN case_steps s ON s.step = e.step
                 WHERE {HAS_WORDS_OR_CONTACT} AND r.case_state > 0
                     AND r.received_at >= ?1 AND r.received_at < ?2
                     AND (e.what = 'reply'
                         OR (e.what = 'state' AND e.after IN ({answered}, {closed})))
                 GROUP BY c.number",
                elsewhere = Way::Elsewhere.number(),
                answered = State::Answered.number(),
                closed = State::Closed.number(),
            );
            let (mut replied, mut elsewhere) = (0, 0);
            let mut ended = connection.prepare_cached(&sql)?;
            let mut rows = ended.query([from, before, now])?;
            while let Some(row) = rows.next()? {
                let received_at: i64 = row.get(0)?;
                let (replied_at, elsewhere_at): (Option<i64>, Option<i64>) =
                    (row.get(1)?, row.get(2)?);
                let closed_at: Option<i64> = row.get(3)?;
                match (replied_at, elsewhere_at) {
                    (Some(_), _) => replied += 1,
                    (None, Some(_)) => elsewhere += 1,
                    (None, None) => {}
                }
                let answered_at = [replied_at, elsewhere_at].into_iter().flatten().min();
                let Some(ended_at) = answered_at.or(closed_at) else { continue };
                add((now - received_at) / HOUR, &mut |at| at.left = at.left.saturating_sub(1));
                add((ended_at - received_at) / HOUR, &mut |at| match answered_at {
                    Some(_) => at.answered += 1,
                    None => at.left += 1,
                });
            }
            Ok(FirstAnswers { waits: Waits::of(&waited), replied, elsewhere })
        })
        .await
    }

    /// A step, for the notice to the person who made it; `None` if it changed nothing that still exists.
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
            let can_be_undone = !changed_since
                && what != CaseChange::Note(None)
                && !matches!(what, CaseChange::Reply(_));
            Ok(Some(Step { at, who, cases, what, can_be_undone }))
        })
        .await
    }
}

/// Whether a colleague can own a case. Read-only people cannot, because they cannot work on it.
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

/// Writes changes of a case with their history, except its state.
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

/// Why a case is new again, though no colleague did anything.
#[derive(Clone, Copy)]
pub(super) enum News {
    /// The customer added or changed the comment or the contact.
    Words,
    /// The customer wrote back to a reply.
    WroteBack,
    /// The customer rated again, with a comment.
    RatedAgain,
    /// The mail of a reply could not be delivered.
    MailFailed,
}

/// Writes why a case is new again, except the state itself.
pub(super) fn renew(
    connection: &Connection,
    case: &StoredCase,
    news: News,
    at: i64,
) -> rusqlite::Result<()> {
    let (what, by) = match news {
        News::Words => ("words", CUSTOMER),
        News::WroteBack => ("wrote-back", CUSTOMER),
        News::RatedAgain => ("rated-again", CUSTOMER),
        News::MailFailed => ("mail-failed", COLLECTOR),
    };
    let step = begin(connection, Some(by), at)?;
    let before = case.state.map(State::number);
    let change = Change { what, before, after: Some(State::New.number()), note: None };
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

/// Selects the columns that [`stored`] reads; a condition follows.
const SELECT_CASE: &str =
    "SELECT r.number, case_state, c.number IS NOT NULL, coalesce(version, 0), owner
     FROM responses r LEFT JOIN cases c ON c.number = r.number WHERE";

/// The case of the answer with this id.
pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<StoredCase>> {
    connection
        .prepare_cached(&format!("{SELECT_CASE} r.id = ?"))?
        .query_row([id], stored)
        .optional()
}

/// The case of the answer with this row number.
pub(super) fn find_numbered(
    connection: &Connection,
    number: i64,
) -> rusqlite::Result<Option<StoredCase>> {
    connection
        .prepare_cached(&format!("{SELECT_CASE} r.number = ?"))?
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
        "state" => CaseChange::State(after.and_then(State::from_number)),
        "owner" => CaseChange::Owner(after.map(|owner| who(connection, Some(owner))).transpose()?),
        "note" => CaseChange::Note(row.get("note")?),
        "reply" => CaseChange::Reply(after.and_then(Way::from_number)),
        "wrote-back" => CaseChange::WroteBack,
        "rated-again" => CaseChange::RatedAgain,
        "mail-failed" => CaseChange::MailFailed,
        _ => CaseChange::Words,
    };
    Ok(Event { at: time(row, "at")?, who: who(connection, row.get("account")?)?, what })
}

/// The person behind an account in `case_steps`.
pub(super) fn who(connection: &Connection, account: Option<i64>) -> rusqlite::Result<Actor> {
    Ok(match account {
        None => Actor::TokenHolder,
        Some(CUSTOMER) => Actor::Customer,
        Some(COLLECTOR) => Actor::Collector,
        Some(account) => {
            let name = connection
                .prepare_cached("SELECT name FROM accounts WHERE id = ?")?
                .query_row([account], |row| row.get(0))
                .optional()?;
            Actor::Colleague { account, name }
        }
    })
}
