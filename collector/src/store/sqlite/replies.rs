//! The table `replies`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    Store,
    acts::{apply, take_back_state},
    cases::{self, Change, begin, find, find_numbered, who},
    time,
};
use crate::store::{
    StoreError,
    cases::{State, Target},
    replies::{
        CustomerReply, MailState, Reply, ReplyOutcome, TAKE_BACK, TakeBackOutcome, Way,
        WriteBackOutcome, WrittenBack,
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

    /// Writes a reply to an answer, whose case becomes answered. `by` is an account, or `None` for the holder of the admin
    /// token. The customer can read it, and its mail is due, [`TAKE_BACK`] after `at`.
    pub(crate) async fn reply(
        &self,
        on: &Target,
        way: Way,
        words: String,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<ReplyOutcome, StoreError> {
        let id = self.meant(&on.id).await?;
        let seen = on.version;
        self.write(move |ledger| {
            let connection = ledger.connection();
            let Some(case) = find(connection, &id)? else { return Ok(ReplyOutcome::NotFound) };
            if seen.is_some_and(|seen| seen != case.version) {
                return Ok(ReplyOutcome::Changed);
            }
            let step = begin(connection, by, at.as_millisecond())?;
            let visible_from = (at + TAKE_BACK).as_millisecond();
            let visible_from = (way != Way::Elsewhere).then_some(visible_from);
            let mail_at = visible_from.filter(|_| way == Way::Mail);
            connection
                .prepare_cached(
                    "INSERT INTO replies (number, public_id, step, at, way, words, visible_from,
                         mail, mail_since, mail_next_at)
                     VALUES (?, lower(hex(randomblob(16))), ?, ?, ?, ?, ?, ?, ?8, ?8)",
                )?
                .execute(params![
                    case.number,
                    step,
                    at.as_millisecond(),
                    way.name(),
                    words,
                    visible_from,
                    mail_at.map(|_| "waiting"),
                    mail_at
                ])?;
            let mut changes = Vec::new();
            if case.state != Some(State::Answered) {
                changes.push(Change {
                    what: "state",
                    before: case.state.map(State::number),
                    after: Some(State::Answered.number()),
                    note: None,
                });
            }
            let after = Some(way.number());
            changes.push(Change { what: "reply", before: None, after, note: None });
            apply(ledger, &case, case.version + 1, step, &changes)?;
            Ok(ReplyOutcome::Written { step })
        })
        .await
    }

    /// Takes back the reply of a step, which the customer cannot read yet. The case gets its earlier state, unless somebody
    /// has changed it since. Only the person who replied can do that.
    pub(crate) async fn take_back(
        &self,
        step: i64,
        by: Option<i64>,
        now: Timestamp,
    ) -> Result<TakeBackOutcome, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let found = connection
                .prepare_cached(
                    "SELECT reply, words, coalesce(visible_from <= ?3, FALSE) AS is_visible
                     FROM replies JOIN case_steps USING (step)
                     WHERE step = ?1 AND account IS ?2",
                )?
                .query_row(params![step, by, now.as_millisecond()], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
                })
                .optional()?;
            let Some((reply, words, is_visible)) = found else {
                return Ok(TakeBackOutcome::NotFound);
            };
            if is_visible {
                return Ok(TakeBackOutcome::TooLate);
            }
            connection.prepare_cached("DELETE FROM replies WHERE reply = ?")?.execute([reply])?;
            // The history still says that a reply was written.
            connection
                .prepare_cached(
                    "UPDATE case_events SET after = NULL WHERE step = ? AND what = 'reply'",
                )?
                .execute([step])?;
            take_back_state(ledger, step, by, now)?;
            Ok(TakeBackOutcome::TakenBack { words })
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
            cases::customer_did(connection, &case, "wrote-back", now.as_millisecond())?;
            ledger.set_case_state(number, Some(State::New))?;
            Ok(WriteBackOutcome::Written)
        })
        .await
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use jiff::SignedDuration;
    use tempfile::TempDir;

    use super::*;
    use crate::{
        aside::Aside,
        store::{Store, cases::CaseChange},
    };

    const ID: &str = "0192f0c1-7a2b-7c3d-8e4f-000000000001";

    struct Given {
        store: Store,
        now: Timestamp,
        _folder: TempDir,
    }

    impl Given {
        /// One answer, which is a new case.
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let address = format!("sqlite://{}", folder.path().join("a.db").display());
            let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
            let response = serde_json::from_value(serde_json::json!({
                "version": 1, "id": ID, "revision": 1, "survey": "s", "touchpoint": "order",
                "score": 2, "comment": "Zu spät"
            }));
            store.put(&response.unwrap(), Aside::NONE).await.unwrap();
            Self { store, now: "2026-11-26T08:00:00Z".parse().unwrap(), _folder: folder }
        }

        async fn reply(&self, way: Way, words: &str, version: u32) -> ReplyOutcome {
            let on = Target { id: ID.into(), version: Some(version) };
            self.store.reply(&on, way, words.into(), None, self.now).await.unwrap()
        }

        async fn take_back(&self, step: i64, seconds: i64) -> TakeBackOutcome {
            let at = self.now + SignedDuration::from_secs(seconds);
            self.store.take_back(step, None, at).await.unwrap()
        }

        async fn visible(&self, seconds: i64) -> Vec<CustomerReply> {
            let at = self.now + SignedDuration::from_secs(seconds);
            self.store.customer_replies(1, at).await.unwrap()
        }

        async fn write_back(&self, reply: &str, words: &str) -> WriteBackOutcome {
            let at = self.now + SignedDuration::from_secs(60);
            self.store.write_back(1, reply.into(), words.into(), at).await.unwrap()
        }

        async fn state(&self) -> Option<State> {
            self.store.case(ID).await.unwrap().unwrap().0.state
        }
    }

    fn step(outcome: ReplyOutcome) -> i64 {
        let ReplyOutcome::Written { step } = outcome else { panic!("{outcome:?}") };
        step
    }

    #[tokio::test]
    async fn a_customer_reads_a_reply_once_it_can_no_longer_be_taken_back() {
        let given = Given::new().await;
        let first = step(given.reply(Way::Page, "Das tut uns leid.", 0).await);
        assert_eq!(given.state().await, Some(State::Answered));
        assert_eq!(given.visible(9).await, []);
        assert_eq!(given.visible(10).await[0].words, "Das tut uns leid.");
        assert_eq!(given.take_back(first, 10).await, TakeBackOutcome::TooLate);
        let words = "Das tut uns leid.".to_owned();
        assert_eq!(given.take_back(first, 9).await, TakeBackOutcome::TakenBack { words });
        assert_eq!(given.state().await, Some(State::New), "as before the reply");
        assert_eq!(given.visible(60).await, []);
        assert_eq!(given.take_back(first, 9).await, TakeBackOutcome::NotFound);
        let (_, events) = given.store.case(ID).await.unwrap().unwrap();
        assert!(events.iter().any(|event| event.what == CaseChange::Reply(None)), "{events:?}");
    }

    #[tokio::test]
    async fn a_reply_to_a_case_that_somebody_changed_is_not_written() {
        let given = Given::new().await;
        step(given.reply(Way::Page, "Eins", 0).await);
        assert_eq!(given.reply(Way::Page, "Zwei", 0).await, ReplyOutcome::Changed);
        let replies = given.store.replies(ID).await.unwrap();
        assert_eq!(replies.iter().map(|it| it.words.as_str()).collect::<Vec<_>>(), ["Eins"]);
        // Undoing it as another action would leave the reply.
        let first = replies[0].step;
        let undone = given.store.undo(first, None, given.now).await.unwrap();
        assert_eq!((undone.changed, undone.step), (0, None));
    }

    #[tokio::test]
    async fn a_customer_writes_back_once_and_the_case_is_new_again() {
        let given = Given::new().await;
        step(given.reply(Way::Mail, "Eins", 0).await);
        step(given.reply(Way::Elsewhere, "Nebenbei", 1).await);
        let visible = given.visible(60).await;
        assert_eq!(visible.len(), 1, "what was sent elsewhere stands on no page");
        let id = &visible[0].id;
        assert_eq!((id.len(), visible[0].written_back.as_deref()), (32, None));
        assert_eq!(given.write_back("0", "?").await, WriteBackOutcome::NotFound);
        assert_eq!(given.write_back(id, "Danke!").await, WriteBackOutcome::Written);
        assert_eq!(given.write_back(id, "Noch etwas").await, WriteBackOutcome::Already);
        assert_eq!(given.visible(60).await[0].written_back.as_deref(), Some("Danke!"));
        let (case, events) = given.store.case(ID).await.unwrap().unwrap();
        assert_eq!((case.state, case.version), (Some(State::New), 3));
        assert_eq!(events.last().unwrap().what, CaseChange::WroteBack);
    }

    #[tokio::test]
    async fn a_reply_elsewhere_can_be_taken_back_later_too() {
        let given = Given::new().await;
        let step = step(given.reply(Way::Elsewhere, "Am Telefon", 0).await);
        let words = "Am Telefon".to_owned();
        assert_eq!(given.take_back(step, 3_600).await, TakeBackOutcome::TakenBack { words });
    }

    #[tokio::test]
    async fn replies_are_erased_with_their_answer() {
        let given = Given::new().await;
        step(given.reply(Way::Page, "Eins", 0).await);
        let id = given.visible(60).await[0].id.clone();
        given.write_back(&id, "Danke!").await;
        given.store.write(|ledger| ledger.remove(ID).map(drop)).await.unwrap();
        let left = given.store.read(|connection| {
            let count = "SELECT count(*) FROM replies";
            Ok(connection.query_row(count, [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(left.await.unwrap(), 0);
        assert_eq!(given.write_back(&id, "Noch etwas").await, WriteBackOutcome::NotFound);
    }
}
