//! The table `replies`.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    Store,
    alert_rules::customer_wrote_back,
    cases::{News, find_numbered, renew, who},
    time,
};
use crate::store::{
    StoreError,
    alerts::Outcome,
    cases::State,
    replies::{
        CustomerReply, DueReply, MailState, Reply, TAKE_BACK, Way, WriteBackOutcome, WrittenBack,
    },
};

impl Store {
    /// The replies to the answer with this id, oldest first.
    pub(crate) async fn replies(&self, id: &str) -> Result<Vec<Reply>, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let mut found = connection.prepare_cached(
                "SELECT p.*, s.account FROM responses r JOIN replies p ON p.number = r.number
                     JOIN case_steps s USING (step)
                 WHERE r.id = ? ORDER BY reply",
            )?;
            found.query_and_then([id], |row| reply(connection, row))?.collect()
        })
        .await
    }

    /// The replies to an answer that the customer can read at `now`, oldest first. `number` is that of the answer's row.
    pub(crate) async fn customer_replies(
        &self,
        number: i64,
        now: Timestamp,
    ) -> Result<Vec<CustomerReply>, StoreError> {
        self.read(move |connection| {
            let mut found = connection.prepare_cached(
                "SELECT public_id, at, words, written_back FROM replies
                 WHERE number = ? AND visible_from <= ? ORDER BY reply",
            )?;
            let found = found.query_and_then([number, now.as_millisecond()], |row| {
                Ok::<_, StoreError>(CustomerReply {
                    id: row.get("public_id")?,
                    at: time(row, "at")?,
                    words: row.get("words")?,
                    written_back: row.get("written_back")?,
                })
            })?;
            found.collect()
        })
        .await
    }

    /// Stores what the customer writes back to a reply, once, and makes the case new again. `number` is that of the
    /// answer's row, `reply` the reply's public id. The caller limits and redacts the words.
    pub(crate) async fn write_back(
        &self,
        number: i64,
        reply: String,
        words: String,
        now: Timestamp,
    ) -> Result<WriteBackOutcome, StoreError> {
        let public_ids = Arc::clone(&self.public_ids);
        self.write(move |ledger| {
            let connection = ledger.connection();
            let is_written = connection
                .prepare_cached(
                    "SELECT written_back IS NOT NULL FROM replies
                     WHERE number = ? AND public_id = ? AND visible_from <= ?",
                )?
                .query_row(params![number, reply, now.as_millisecond()], |row| row.get(0))
                .optional()?;
            match is_written {
                None => return Ok(WriteBackOutcome::NotFound),
                Some(true) => return Ok(WriteBackOutcome::Already),
                Some(false) => {}
            }
            let Some(case) = find_numbered(connection, number)? else {
                return Ok(WriteBackOutcome::NotFound);
            };
            connection
                .prepare_cached(
                    "UPDATE replies SET written_back = ?2, written_back_at = ?3 WHERE public_id = ?1",
                )?
                .execute(params![reply, words, now.as_millisecond()])?;
            renew(connection, &case, News::WroteBack, now.as_millisecond())?;
            customer_wrote_back(connection, &public_ids, &case, now.as_millisecond())?;
            ledger.set_case_state(number, Some(State::New))?;
            Ok(WriteBackOutcome::Written)
        })
        .await
    }

    /// The reply whose mail is due for the longest time.
    pub(crate) async fn due_reply(&self, now: Timestamp) -> Result<Option<DueReply>, StoreError> {
        self.read(move |connection| {
            let mut due = connection.prepare_cached(
                "SELECT p.*, r.response ->> '$.contact' AS contact, r.locale
                 FROM replies p JOIN responses r USING (number)
                 WHERE mail_next_at <= ? ORDER BY mail_next_at, reply LIMIT 1",
            )?;
            let due = due.query_and_then([now.as_millisecond()], |row| {
                Ok::<_, StoreError>(DueReply {
                    reply: row.get("reply")?,
                    number: row.get("number")?,
                    public_id: row.get("public_id")?,
                    words: row.get("words")?,
                    contact: row.get("contact")?,
                    locale: row.get("locale")?,
                    since: time(row, "mail_since")?,
                    attempts: row.get("mail_attempts")?,
                })
            })?;
            due.into_iter().next().transpose()
        })
        .await
    }

    /// Writes what became of an attempt to send a reply by mail. If it is given up, its case is new again.
    pub(crate) async fn reply_attempted(
        &self,
        reply: i64,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let (state, next_at) = match outcome {
                Outcome::Delivered => ("delivered", None),
                Outcome::Again(at) => ("waiting", Some(at.as_millisecond())),
                Outcome::Failed => ("failed", None),
            };
            let number: Option<i64> = connection
                .prepare_cached(
                    "UPDATE replies SET mail = ?2, mail_next_at = ?3, mail_attempts = mail_attempts + 1
                     WHERE reply = ?1 AND mail = 'waiting' RETURNING number",
                )?
                .query_row(params![reply, state, next_at], |row| row.get(0))
                .optional()?;
            if outcome == Outcome::Failed
                && let Some(number) = number
                && let Some(case) = find_numbered(connection, number)?
            {
                renew(connection, &case, News::MailFailed, now.as_millisecond())?;
                ledger.set_case_state(number, Some(State::New))?;
            }
            Ok(())
        })
        .await
    }
}

/// A reply of the person who wants to take it back.
pub(super) struct OwnReply {
    pub(super) reply: i64,
    pub(super) words: String,
    /// Whether the customer can read it.
    pub(super) is_visible: bool,
}

/// The reply that a step of this person wrote.
pub(super) fn of_step(
    connection: &Connection,
    step: i64,
    by: Option<i64>,
    now: Timestamp,
) -> rusqlite::Result<Option<OwnReply>> {
    connection
        .prepare_cached(
            "SELECT reply, words, coalesce(visible_from <= ?3, FALSE)
             FROM replies JOIN case_steps USING (step) WHERE step = ?1 AND account IS ?2",
        )?
        .query_row(params![step, by, now.as_millisecond()], |row| {
            Ok(OwnReply { reply: row.get(0)?, words: row.get(1)?, is_visible: row.get(2)? })
        })
        .optional()
}

/// Adds a reply. The customer can read it, and its mail is due, [`TAKE_BACK`] after `at`.
pub(super) fn add(
    connection: &Connection,
    number: i64,
    step: i64,
    way: Way,
    words: &str,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let visible_from = (at + TAKE_BACK).as_millisecond();
    let visible_from = (way != Way::Elsewhere).then_some(visible_from);
    let mail_at = visible_from.filter(|_| way == Way::Mail);
    connection
        .prepare_cached(
            "INSERT INTO replies (number, public_id, step, at, way, words, visible_from, mail,
                 mail_since, mail_next_at)
             VALUES (?, lower(hex(randomblob(16))), ?, ?, ?, ?, ?, ?, ?8, ?8)",
        )?
        .execute(params![
            number,
            step,
            at.as_millisecond(),
            way.name(),
            words,
            visible_from,
            mail_at.map(|_| "waiting"),
            mail_at
        ])?;
    Ok(())
}

/// Makes the mail of a step's reply due again, if it was given up; returns whether it was.
pub(super) fn mail_again(
    connection: &Connection,
    number: i64,
    step: i64,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let changed = connection
        .prepare_cached(
            "UPDATE replies SET mail = 'waiting', mail_since = ?3, mail_attempts = 0, mail_next_at = ?3
             WHERE number = ?1 AND step = ?2 AND mail = 'failed'",
        )?
        .execute([number, step, now.as_millisecond()])?;
    Ok(changed > 0)
}

/// Erases one reply.
pub(super) fn remove_one(connection: &Connection, reply: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM replies WHERE reply = ?")?.execute([reply])?;
    Ok(())
}

/// Whether a step wrote a reply. Such a step is taken back, not undone.
pub(super) fn is_of_step(connection: &Connection, step: i64) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM replies WHERE step = ?")?.exists([step])
}

/// Erases the replies to an answer, with what the customer wrote back and with mails that wait.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM replies WHERE number = ?")?.execute([number])?;
    Ok(())
}

fn reply(connection: &Connection, row: &Row<'_>) -> Result<Reply, StoreError> {
    let optional = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = row.get(column)?;
        at.map(|_| time(row, column)).transpose()
    };
    let way: String = row.get("way")?;
    let mail: Option<String> = row.get("mail")?;
    let mail = mail.map(|mail| {
        MailState::from_name(&mail).ok_or_else(|| StoreError::unexpected("a mail's state"))
    });
    let written_back: Option<String> = row.get("written_back")?;
    Ok(Reply {
        at: time(row, "at")?,
        who: who(connection, row.get("account")?)?,
        step: row.get("step")?,
        way: Way::from_name(&way).ok_or_else(|| StoreError::unexpected("a reply's way"))?,
        words: row.get("words")?,
        visible_from: optional("visible_from")?,
        mail: mail.transpose()?,
        written_back: written_back
            .zip(optional("written_back_at")?)
            .map(|(words, at)| WrittenBack { at, words }),
    })
}
