//! Replying to a customer, and taking a reply back, as steps of a case.

use jiff::Timestamp;

use super::{
    Store,
    acts::{apply, take_back_state},
    cases::{Change, begin, find},
    replies::{OwnReply, add, mail_again, of_step, remove_one},
};
use crate::store::{
    StoreError,
    cases::{State, Target},
    replies::{ReplyOutcome, SendAgainOutcome, TakeBackOutcome, Way},
};

impl Store {
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
            add(connection, case.number, step, way, &words, at)?;
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

    /// Sends the mail of a reply again that was given up, and sets the case to answered. `reply` is the reply's step, `by` an
    /// account, or `None` for the holder of the admin token.
    pub(crate) async fn send_reply_again(
        &self,
        on: &Target,
        reply: i64,
        by: Option<i64>,
        now: Timestamp,
    ) -> Result<SendAgainOutcome, StoreError> {
        let id = self.meant(&on.id).await?;
        self.write(move |ledger| {
            let connection = ledger.connection();
            let Some(case) = find(connection, &id)? else { return Ok(SendAgainOutcome::NotFound) };
            if !mail_again(connection, case.number, reply, now)? {
                return Ok(SendAgainOutcome::NotFound);
            }
            let step = begin(connection, by, now.as_millisecond())?;
            let answered = State::Answered.number();
            let mut changes = Vec::new();
            if case.state != Some(State::Answered) {
                let before = case.state.map(State::number);
                changes.push(Change { what: "state", before, after: Some(answered), note: None });
            }
            let after = Some(Way::Mail.number());
            changes.push(Change { what: "reply", before: None, after, note: None });
            apply(ledger, &case, case.version + 1, step, &changes)?;
            Ok(SendAgainOutcome::Due { step })
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
            let found = of_step(connection, step, by, now)?;
            let Some(OwnReply { reply, words, is_visible }) = found else {
                return Ok(TakeBackOutcome::NotFound);
            };
            if is_visible {
                return Ok(TakeBackOutcome::TooLate);
            }
            remove_one(connection, reply)?;
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
        store::{
            cases::CaseChange,
            replies::{CustomerReply, WriteBackOutcome},
        },
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
