//! The tables `alert_targets` and `deliveries`: what is to be sent, where, and what became of it.
//!
//! A message is written in the transaction of what it is about, and holds nothing of it: whatever is sent is read at
//! each attempt, so that an erasure leaves nothing to send.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, time};
use crate::{
    access::public_ids::PublicIds,
    language::Language,
    rules::Finding,
    store::{
        StoreError,
        alerts::{
            Attempt, DeliveryState, DueDelivery, NewTarget, Outcome, ShownDelivery, StoredAbout,
            StoredTarget, Undelivered, read_condition,
        },
    },
};

/// How long messages are kept that were delivered: 30 days.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Store {
    /// The targets, in the order in which they were added.
    pub(crate) async fn alert_targets(&self) -> Result<Vec<StoredTarget>, StoreError> {
        self.read(|connection| {
            let mut targets = connection.prepare_cached(
                "SELECT t.*, (SELECT count(*) FROM deliveries d
                              WHERE d.target = t.target AND d.next_at IS NOT NULL) AS waiting
                 FROM alert_targets t ORDER BY target",
            )?;
            targets.query_and_then([], target)?.collect()
        })
        .await
    }

    /// Adds a target; returns its number, which `seal` gets to seal its secrets for this place.
    pub(crate) async fn add_alert_target(
        &self,
        new: NewTarget,
        now: Timestamp,
        seal: impl Fn(i64) -> Result<Vec<u8>, StoreError> + Send + 'static,
    ) -> Result<i64, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let target = connection.query_row(
                "INSERT INTO alert_targets (kind, name, language, host, sealed, created_at)
                 VALUES (?, ?, ?, ?, x'', ?) RETURNING target",
                params![new.kind, new.name, new.language.tag(), new.host, now.as_millisecond()],
                |row| row.get(0),
            )?;
            connection.execute(
                "UPDATE alert_targets SET sealed = ?2 WHERE target = ?1",
                params![target, seal(target)?],
            )?;
            Ok(target)
        })
        .await
    }

    /// Replaces the sealed secrets of a target; returns whether it exists.
    pub(crate) async fn reseal_alert_target(
        &self,
        target: i64,
        sealed: Vec<u8>,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let changed = ledger.connection().execute(
                "UPDATE alert_targets SET sealed = ?2 WHERE target = ?1",
                params![target, sealed],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Removes a target with all its messages.
    pub(crate) async fn remove_alert_target(&self, target: i64) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute("DELETE FROM deliveries WHERE target = ?", [target])?;
            connection.execute("DELETE FROM alert_targets WHERE target = ?", [target])?;
            Ok(())
        })
        .await
    }

    /// Writes a test message to a target; returns whether the target exists.
    pub(crate) async fn test_alert_target(
        &self,
        target: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let exists = connection
                .prepare_cached("SELECT 1 FROM alert_targets WHERE target = ?")?
                .exists([target])?;
            if exists {
                let receiver = Receiver::Target(target);
                write(connection, receiver, "test", None, None, now.as_millisecond())?;
            }
            Ok(exists)
        })
        .await
    }

    /// Up to `most` messages to a target that are due, the longest due first.
    pub(crate) async fn due_deliveries(
        &self,
        target: i64,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<DueDelivery>, StoreError> {
        let public_ids = std::sync::Arc::clone(&self.public_ids);
        self.read(move |connection| due_to(connection, &public_ids, "target", target, now, most))
            .await
    }

    /// Writes what became of an attempt.
    pub(crate) async fn attempted(
        &self,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let (state, next_at) = match attempt.outcome {
                Outcome::Delivered => ("delivered", None),
                Outcome::Again(at) => ("waiting", Some(at.as_millisecond())),
                Outcome::Failed => ("failed", None),
            };
            ledger
                .connection()
                .prepare_cached(
                    "UPDATE deliveries SET state = ?2, next_at = ?3, attempts = attempts + 1,
                         last_at = ?4, status = ?5, problem = ?6,
                         shown_as = CASE WHEN ?2 = 'delivered' THEN NULL ELSE shown_as END
                     WHERE delivery = ?1",
                )?
                .execute(params![
                    attempt.delivery,
                    state,
                    next_at,
                    now.as_millisecond(),
                    attempt.status,
                    attempt.problem
                ])?;
            Ok(())
        })
        .await
    }

    /// Sends a message again that was given up; returns whether there is such a one.
    pub(crate) async fn send_again(
        &self,
        delivery: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let changed = ledger.connection().execute(
                "UPDATE deliveries SET state = 'waiting', since = ?2, attempts = 0, next_at = ?2
                 WHERE delivery = ?1 AND state = 'failed'",
                params![delivery, now.as_millisecond()],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// The latest messages, those that were given up first.
    pub(crate) async fn deliveries(&self, most: u32) -> Result<Vec<ShownDelivery>, StoreError> {
        self.read(move |connection| {
            let mut deliveries = Vec::new();
            // The first are few and have an index; the others are read from the end.
            for states in ["= 'failed'", "<> 'failed'"] {
                let sql = format!(
                    "SELECT d.*, coalesce(t.name, c.name) AS receiver, d.account IS NOT NULL AS is_mail
                     FROM deliveries d LEFT JOIN alert_targets t USING (target)
                         LEFT JOIN accounts c ON c.id = d.account
                     WHERE d.state {states} ORDER BY d.delivery DESC LIMIT ?"
                );
                let mut found = connection.prepare_cached(&sql)?;
                for delivery in found.query_and_then([most], shown)? {
                    deliveries.push(delivery?);
                }
            }
            deliveries.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            Ok(deliveries)
        })
        .await
    }

    /// How many messages have not arrived.
    pub(crate) async fn undelivered(&self) -> Result<Undelivered, StoreError> {
        self.read(|connection| {
            let count = |sql: &str| -> Result<u64, StoreError> {
                let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
                Ok(count.unsigned_abs())
            };
            Ok(Undelivered {
                waiting: count("SELECT count(*) FROM deliveries WHERE next_at IS NOT NULL")?
                    + count("SELECT count(*) FROM replies WHERE mail_next_at IS NOT NULL")?,
                failed: count("SELECT count(*) FROM deliveries WHERE state = 'failed'")?,
                failed_replies: count("SELECT count(*) FROM replies WHERE mail = 'failed'")?,
            })
        })
        .await
    }

    /// Erases messages that were delivered long ago, except those to targets about alerts, which go with their alert.
    pub(crate) async fn expire_deliveries(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = (now - KEPT).as_millisecond();
        self.write(move |ledger| {
            ledger.connection().execute(
                "DELETE FROM deliveries WHERE state = 'delivered' AND created_at < ?
                     AND (alert IS NULL OR account IS NOT NULL)",
                [before],
            )?;
            Ok(())
        })
        .await
    }
}

/// Writes a message about an alert to the targets that its rule tells, and to the colleagues who have chosen mails about the
/// rule.
pub(super) fn announce(
    connection: &Connection,
    alert: i64,
    rule: i64,
    now: i64,
) -> Result<(), StoreError> {
    for target in targets_of(connection, rule)? {
        write(connection, Receiver::Target(target), "alert", Some(alert), None, now)?;
    }
    let accounts: Vec<i64> = connection
        .prepare_cached("SELECT account FROM alert_mail_rules WHERE rule = ?")?
        .query_map([rule], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for account in accounts {
        announce_to(connection, alert, account, now)?;
    }
    Ok(())
}

/// Writes a message about an alert to a colleague, which is sent at that moment or later.
pub(super) fn announce_to(
    connection: &Connection,
    alert: i64,
    account: i64,
    at: i64,
) -> Result<(), StoreError> {
    write(connection, Receiver::Colleague(account), "alert", Some(alert), None, at)
}

/// Writes a test mail to a colleague.
pub(super) fn write_test_mail(
    connection: &Connection,
    account: i64,
    now: i64,
) -> Result<(), StoreError> {
    write(connection, Receiver::Colleague(account), "test", None, None, now)
}

/// Up to `most` messages that are due to a receiver, whose number is in that column; the longest due first.
pub(super) fn due_to(
    connection: &Connection,
    public_ids: &PublicIds,
    column: &'static str,
    receiver: i64,
    now: Timestamp,
    most: u32,
) -> Result<Vec<DueDelivery>, StoreError> {
    let sql = format!(
        "SELECT d.delivery, d.message, d.what, d.shown_as, d.since, d.attempts, d.created_at,
             a.at, a.rule, a.number, a.finding, u.condition
         FROM deliveries d LEFT JOIN alerts a USING (alert)
             LEFT JOIN alert_rules u ON u.rule = a.rule
         WHERE d.{column} = ?1 AND d.next_at <= ?2 ORDER BY d.next_at, d.delivery LIMIT ?3"
    );
    let mut due = connection.prepare_cached(&sql)?;
    let due = due.query_and_then(params![receiver, now.as_millisecond(), most], |row| {
        Ok::<_, StoreError>(DueDelivery {
            delivery: row.get("delivery")?,
            message: row.get("message")?,
            about: about(connection, public_ids, row)?,
            since: time(row, "since")?,
            attempts: row.get("attempts")?,
        })
    })?;
    due.collect()
}

/// Erases the messages about the alerts of an answer, and tells whoever got one, or may have got one, that the answer
/// was erased.
pub(super) fn retract(connection: &Connection, number: i64, now: i64) -> Result<(), StoreError> {
    let told: Vec<(i64, String)> = connection
        .prepare_cached(
            "SELECT DISTINCT d.target, a.shown_as FROM alerts a JOIN deliveries d USING (alert)
             WHERE a.number = ? AND d.attempts > 0 AND a.shown_as IS NOT NULL
                 AND d.target IS NOT NULL",
        )?
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    connection
        .prepare_cached(
            "DELETE FROM deliveries WHERE alert IN (SELECT alert FROM alerts WHERE number = ?)",
        )?
        .execute([number])?;
    for (target, shown_as) in told {
        write(connection, Receiver::Target(target), "erased", None, Some(&shown_as), now)?;
    }
    Ok(())
}

/// The targets that a rule tells.
fn targets_of(connection: &Connection, rule: i64) -> Result<Vec<i64>, StoreError> {
    let mut targets = connection.prepare_cached(
        "SELECT target FROM alert_targets
         WHERE EXISTS (SELECT 1 FROM alert_rules WHERE rule = ?1 AND tells_all = 1)
            OR target IN (SELECT target FROM alert_rule_targets WHERE rule = ?1)",
    )?;
    let targets = targets.query_map([rule], |row| row.get(0))?;
    Ok(targets.collect::<Result<_, _>>()?)
}

/// Who gets a message.
#[derive(Clone, Copy)]
enum Receiver {
    Target(i64),
    /// A colleague, by mail.
    Colleague(i64),
}

fn write(
    connection: &Connection,
    receiver: Receiver,
    what: &str,
    alert: Option<i64>,
    shown_as: Option<&str>,
    now: i64,
) -> Result<(), StoreError> {
    let (target, account) = match receiver {
        Receiver::Target(target) => (Some(target), None),
        Receiver::Colleague(account) => (None, Some(account)),
    };
    connection
        .prepare_cached(
            "INSERT INTO deliveries
                 (message, target, account, what, alert, shown_as, state, created_at, since, next_at)
             VALUES ('msg_' || lower(hex(randomblob(16))), ?, ?, ?, ?, ?, 'waiting', ?6, ?6, ?6)",
        )?
        .execute(params![target, account, what, alert, shown_as, now])?;
    Ok(())
}

fn about(
    connection: &Connection,
    public_ids: &PublicIds,
    row: &Row<'_>,
) -> Result<StoredAbout, StoreError> {
    let at = time(row, "created_at")?;
    match row.get_ref("what")?.as_str().map_err(rusqlite::Error::from)? {
        "test" => Ok(StoredAbout::Test { at }),
        "erased" => {
            let id: Option<String> = row.get("shown_as")?;
            Ok(StoredAbout::Erased { at, id: id.unwrap_or_default() })
        }
        _ => {
            let condition: Option<String> = row.get("condition")?;
            let finding: String = row.get("finding")?;
            let number: Option<i64> = row.get("number")?;
            Ok(StoredAbout::Alert {
                at: time(row, "at")?,
                rule: row.get("rule")?,
                condition: condition.as_deref().map(read_condition).transpose()?,
                finding: serde_json::from_str::<Finding>(&finding)
                    .map_err(|_| StoreError::unexpected("what an alert is about"))?,
                answer: number
                    .map(|number| answer(connection, public_ids, number))
                    .transpose()?
                    .flatten()
                    .map(Box::new),
            })
        }
    }
}

fn answer(
    connection: &Connection,
    public_ids: &PublicIds,
    number: i64,
) -> Result<Option<(afterword_response::Response, Timestamp)>, StoreError> {
    let mut found = connection
        .prepare_cached("SELECT id, response, received_at FROM responses WHERE number = ?")?;
    let found = found.query_row([number], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    });
    let Some((id, json, received_at)) = found.optional()? else { return Ok(None) };
    let mut response = super::response(&id, &json)?;
    response.id = public_ids.public(&id);
    let received_at =
        Timestamp::from_millisecond(received_at).map_err(|_| StoreError::unexpected("a time"))?;
    Ok(Some((response, received_at)))
}

fn target(row: &Row<'_>) -> Result<StoredTarget, StoreError> {
    let language: String = row.get("language")?;
    Ok(StoredTarget {
        target: row.get("target")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        language: Language::from_tag(&language)
            .ok_or_else(|| StoreError::unexpected("a target's language"))?,
        host: row.get("host")?,
        sealed: row.get("sealed")?,
        created_at: time(row, "created_at")?,
        waiting: row.get::<_, i64>("waiting")?.unsigned_abs(),
    })
}

fn shown(row: &Row<'_>) -> Result<ShownDelivery, StoreError> {
    let optional = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = row.get(column)?;
        at.map(|_| time(row, column)).transpose()
    };
    let state: String = row.get("state")?;
    Ok(ShownDelivery {
        delivery: row.get("delivery")?,
        what: row.get("what")?,
        receiver: row.get("receiver")?,
        is_mail: row.get("is_mail")?,
        state: DeliveryState::from_name(&state)
            .ok_or_else(|| StoreError::unexpected("a delivery's state"))?,
        created_at: time(row, "created_at")?,
        attempts: row.get("attempts")?,
        next_at: optional("next_at")?,
        last_at: optional("last_at")?,
        status: row.get("status")?,
        problem: row.get("problem")?,
    })
}
