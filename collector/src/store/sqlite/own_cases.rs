//! Alerts by no rule, to colleagues who look after cases: by mail alone, if they have chosen so.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use super::{
    Store,
    cases::{HAS_WORDS_OR_CONTACT, OPEN},
    mails, outbox, settings,
    told::{ToldOf, write},
};
use crate::{
    aside::Aside,
    rules::{Finding, USUAL_WAITING_DAYS, may_alert},
    store::StoreError,
};

/// Stands in `alerts` for the rule of such an alert.
pub(super) const RULE: i64 = 0;

/// How long the mail about an assignment waits, in milliseconds, so that it can be undone.
const ASSIGNED_AFTER_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Cases that have waited for longer than the chosen days and so many are not told of: they were there before somebody
/// chose the days, or were taken up again long ago.
const WATCHED_DAYS: i64 = 7;
/// Cases that are told of at a time. The next run tells of others.
const MAX_PER_RUN: u32 = 100;
/// The setting with the days that a case waits before somebody is told.
const WAITING_DAYS: &str = "case_waiting_days";

/// The numbers of the states that end the wait: answered and closed.
const ENDED: &str = "(4, 5)";

/// A case that waits for an answer.
struct WaitingCase {
    number: i64,
    id: String,
    owner: Option<i64>,
    /// When it was opened, or opened again.
    since: i64,
}

impl Store {
    /// The days that a case waits for an answer before somebody is told; 0 for never.
    pub(crate) async fn waiting_days(&self) -> Result<u32, StoreError> {
        self.read(|connection| {
            let days = settings::value(connection, WAITING_DAYS)?;
            Ok(days.and_then(|days| days.parse().ok()).unwrap_or(USUAL_WAITING_DAYS))
        })
        .await
    }

    /// Sets the days that a case waits for an answer before somebody is told; 0 for never.
    pub(crate) async fn set_waiting_days(&self, days: u32) -> Result<(), StoreError> {
        self.write(move |ledger| {
            Ok(settings::set(ledger.connection(), WAITING_DAYS, Some(&days.to_string()))?)
        })
        .await
    }

    /// Tells of every case that has waited for an answer for so many days: its owner, or those who have chosen cases that
    /// nobody looks after. Each is told of once until it is answered or closed.
    pub(crate) async fn tell_of_waiting(
        &self,
        days: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let public_ids = std::sync::Arc::clone(&self.public_ids);
        let at = now.as_millisecond();
        let wait = SignedDuration::from_hours(24 * i64::from(days));
        let until = now.checked_sub(wait).map_err(|_| StoreError::unexpected("a time"))?;
        let waiting = self.read_long(move |connection| waiting(connection, until)).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        self.write(move |ledger| {
            let connection = ledger.connection();
            for case in &waiting {
                let told = ToldOf { number: case.number, shown_as: &public_ids.public(&case.id) };
                let days = u32::try_from((at - case.since) / DAY_MS).unwrap_or(u32::MAX);
                let receivers = match case.owner {
                    None => mails::who_wants_unowned_cases(connection)?,
                    Some(owner) if mails::wants_own_cases(connection, owner)? => vec![owner],
                    Some(_) => Vec::new(),
                };
                tell(connection, &told, &Finding::Waiting { days }, &receivers, at)?;
            }
            Ok(())
        })
        .await
    }
}

/// Writes an alert, and the mails about it; nothing for nobody.
pub(super) fn tell(
    connection: &Connection,
    answer: &ToldOf<'_>,
    finding: &Finding,
    receivers: &[i64],
    at: i64,
) -> Result<(), StoreError> {
    if receivers.is_empty() {
        return Ok(());
    }
    let alert = write(connection, RULE, Some(answer), finding, at)?;
    for account in receivers {
        outbox::announce_to(connection, alert, *account, at)?;
    }
    Ok(())
}

/// A case was given to a colleague by somebody else.
pub(super) fn assigned(
    connection: &Connection,
    answer: &ToldOf<'_>,
    owner: i64,
    now: i64,
) -> Result<(), StoreError> {
    let is_on_its_way = connection
        .prepare_cached(
            "SELECT 1 FROM deliveries d JOIN alerts a USING (alert)
             WHERE d.account = ? AND d.next_at IS NOT NULL AND a.number = ?
                 AND a.finding ->> '$.found' = 'assigned'",
        )?
        .exists([owner, answer.number])?;
    if is_on_its_way || !mails::wants_own_cases(connection, owner)? {
        return Ok(());
    }
    tell(connection, answer, &Finding::Assigned, &[owner], now + ASSIGNED_AFTER_MS)
}

/// The cases that were opened, or opened again, in the days before a moment, are still open, and of which nobody was told
/// since. The longest waiting first.
fn waiting(connection: &Connection, until: Timestamp) -> Result<Vec<WaitingCase>, StoreError> {
    // An answered or closed case is opened again by the event of its history that has such a state before it.
    let sql = format!(
        "WITH opened AS (
             SELECT r.number, r.received_at AS since FROM responses r
             WHERE case_state > 0 AND case_state IN {OPEN}
                 AND received_at >= ?1 AND received_at < ?2
                 AND NOT EXISTS (SELECT 1 FROM case_events e
                                 WHERE e.number = r.number AND e.what <> 'owner'
                                     AND e.before IN {ENDED})
             UNION ALL
             SELECT e.number, s.at FROM case_steps s JOIN case_events e USING (step)
             WHERE s.at >= ?1 AND s.at < ?2 AND e.what <> 'owner'
                 AND e.before IN {ENDED}
                 AND NOT EXISTS (SELECT 1 FROM case_events l WHERE l.number = e.number
                                 AND l.event > e.event AND l.what <> 'owner' AND l.before IN {ENDED})
         )
         SELECT r.number, r.id, c.owner, r.aside, opened.since
         FROM opened JOIN responses r USING (number) LEFT JOIN cases c USING (number)
         WHERE r.case_state IN {OPEN} AND {HAS_WORDS_OR_CONTACT}
             AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.number = r.number
                             AND a.at >= opened.since AND a.finding ->> '$.found' = 'waiting')
         ORDER BY opened.since LIMIT ?3"
    );
    let mut found = connection.prepare_cached(&sql)?;
    let until = until.as_millisecond();
    let from = until - WATCHED_DAYS * DAY_MS;
    let case = |row: &Row<'_>| {
        let aside = Aside::from_bits(row.get(3)?);
        let (number, id, owner, since) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(4)?);
        Ok(may_alert(aside).then_some(WaitingCase { number, id, owner, since }))
    };
    let cases = found.query_map(params![from, until, MAX_PER_RUN], case)?;
    Ok(cases.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
