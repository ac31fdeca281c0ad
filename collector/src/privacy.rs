//! Erasure of answers: on demand, by response, order or customer; and by age, once a survey's answers are older
//! than allowed. [`crate::redact`] removes contacts from comments.
//!
//! Answers that are erased because of a wrong clock or a mistaken setting are lost. So erasure by age waits for
//! a confirmation on the page Data if the clock has jumped by more than [`MAX_JUMP`] since the run before, or if
//! more than a fifth of a survey would be erased at once. Contacts are erased earlier than their answers
//! ([`ContactPeriods`]), and also only if the clock has not jumped.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

pub use crate::store::erasures::{Receipt, Subject};
use crate::{
    config::{Config, ContactPeriods},
    store::{
        OpenError, Store, StoreError,
        erasures::Erase,
        expiry::{ConfirmedErasure, Expiry, WaitingErasure},
    },
};

/// Responses that are erased in one transaction: few, so that arriving answers need not wait.
const MAX_ERASED_AT_ONCE: u32 = 200;
/// Time between two runs of the erasure by age.
const RETENTION_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);
/// The time since the run before, at most, for the clock to be plausible. Otherwise the machine was off for
/// long, or the clock is wrong, and a person has to decide which.
const MAX_JUMP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a confirmation for a survey holds.
const CONFIRMATION_PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why an erasure failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database could not be written.
    #[error("nothing was erased")]
    Store(#[from] StoreError),
}

/// Erases the responses of `value`: an id, or the number of an order or a customer, as `subject` says. `None` if
/// there were none, or for any other subject.
///
/// # Errors
/// The database cannot be opened or written.
pub async fn erase(
    config: &Config,
    subject: Subject,
    value: &str,
) -> Result<Option<Receipt>, EraseError> {
    let store = Store::open_existing(&config.database, config.busy_timeout).await?;
    let erased = match subject {
        Subject::Response => store.erase(Erase::Response(&value.to_ascii_lowercase())).await,
        Subject::Order => store.erase(Erase::Order(value)).await,
        Subject::Customer => store.erase(Erase::Customer(value)).await,
        Subject::Survey | Subject::Filter | Subject::Retention => Ok(None),
    };
    store.close().await;
    Ok(erased?)
}

/// The latest receipts, newest first.
///
/// # Errors
/// The database cannot be opened or read.
pub async fn receipts(config: &Config) -> Result<Vec<Receipt>, EraseError> {
    let store = Store::open_existing(&config.database, config.busy_timeout).await?;
    let receipts = store.receipts(u32::MAX).await;
    store.close().await;
    Ok(receipts?)
}

/// A limit on how long answers are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    /// The survey; `None` for all others.
    pub(crate) survey: Option<String>,
    pub(crate) days: u32,
}

impl Keep {
    /// Answers from this moment on are kept.
    pub(crate) fn since(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(SignedDuration::from_hours(24 * i64::from(self.days)))
            .unwrap_or(Timestamp::MIN)
    }
}

/// A person's confirmation of a waiting erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The clock is right.
    Clock,
    /// This survey's answers are to be erased after so many days, however many at once.
    Survey { survey: String, days: u32 },
}

/// Stores a confirmation, for the next run.
pub(crate) async fn confirm(store: &Store, word: Word, now: Timestamp) -> Result<(), StoreError> {
    let until = now.checked_add(CONFIRMATION_PERIOD).ok();
    let change = move |expiry: &mut Expiry| match &word {
        Word::Clock => {
            expiry.odd_clock = None;
            expiry.clock = Some(now);
        }
        Word::Survey { survey, days } => {
            expiry.held.retain(|it| (&it.survey, it.days) != (survey, *days));
            expiry.confirmed.retain(|it| it.survey != *survey && it.holds(now));
            expiry.confirmed.push(ConfirmedErasure { survey: survey.clone(), days: *days, until });
        }
    };
    store.change_expiry(change).await.map(drop)
}

/// Whether the clock is plausible compared to the run before. Stores the result.
async fn is_plausible(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let expiry = store
        .change_expiry(move |expiry| {
            let has_jumped = expiry.clock.is_some_and(|before| now > before + MAX_JUMP);
            if has_jumped {
                expiry.odd_clock = Some(now);
            } else {
                expiry.odd_clock = None;
                expiry.clock = Some(now);
            }
        })
        .await?;
    if let (Some(_), Some(before)) = (expiry.odd_clock, expiry.clock) {
        tracing::warn!(
            clock = %now, %before,
            "the clock is far ahead of its time at the last check: nothing is erased by age until \
             somebody says on the page Data that it is right"
        );
    }
    Ok(expiry.odd_clock.is_none())
}

/// The moment so many days before `now`.
fn days_before(now: Timestamp, days: u32) -> Timestamp {
    Keep { survey: None, days }.since(now)
}

/// Erases the contacts whose time is over at `now`. Returns their number.
async fn expire_contacts(
    store: &Store,
    ContactPeriods { after_close, at_most }: ContactPeriods,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let (closed, answered) = (days_before(now, after_close), days_before(now, at_most));
    let mut gone = 0;
    loop {
        let batch = store.expire_contacts(closed, answered, now, MAX_ERASED_AT_ONCE).await?;
        if batch == 0 {
            break;
        }
        gone += batch;
        tokio::task::yield_now().await;
    }
    if gone > 0 {
        tracing::info!(gone, "contacts were erased after their time");
        store.fold().await?;
    }
    Ok(gone)
}

/// Erases the responses and displays that are too old at `now`, except those that wait for a confirmation, and the
/// contacts whose time is over. Returns the number of responses and displays.
pub(crate) async fn expire(
    store: &Store,
    rules: &[Keep],
    contacts: ContactPeriods,
    now: Timestamp,
) -> Result<u64, StoreError> {
    if !is_plausible(store, now).await? {
        return Ok(0);
    }
    expire_contacts(store, contacts, now).await?;
    let expiry = store.expiry().await?;
    let (mut gone, mut held) = (0, Vec::new());
    // Every survey with an answer, also a waiting one, has its own rule.
    for Keep { survey, days } in rules {
        let (Some(survey), since) = (survey, Keep { survey: None, days: *days }.since(now)) else {
            continue;
        };
        let (answers, displays) = store.past(survey, since).await?;
        let is_much = answers.is_much() || displays.is_much();
        if is_much && !expiry.is_confirmed(survey, *days, now) {
            tracing::warn!(
                survey,
                days,
                answers = answers.due,
                of = answers.all,
                displays = displays.due,
                "more than a fifth of a survey is past its retention period: it is erased once somebody confirms \
                 it on the page Data"
            );
            held.push(WaitingErasure { survey: survey.clone(), days: *days, answers, displays });
            continue;
        }
        loop {
            let batch = store.expire(Some(survey), since, MAX_ERASED_AT_ONCE).await?;
            if batch == 0 {
                break;
            }
            gone += batch;
            // Lets waiting answers be written first.
            tokio::task::yield_now().await;
        }
    }
    if gone > 0 {
        store.fold().await?;
    }
    if held != expiry.held {
        store.change_expiry(move |expiry| expiry.held.clone_from(&held)).await?;
    }
    Ok(gone)
}

/// Erases what is too old now, every day, and whenever `word` signals a confirmation; never ends. First completes
/// interrupted deletions of surveys.
pub(crate) async fn expire_daily(
    store: &Store,
    usual: Option<u32>,
    contacts: ContactPeriods,
    word: &Notify,
) {
    match store.end_deletions().await {
        Ok(ended) if ended.is_empty() => {}
        Ok(ended) => tracing::info!(?ended, "surveys whose deletion was interrupted are deleted"),
        Err(error) => tracing::error!(%error, "surveys could not be deleted to the end"),
    }
    loop {
        match retention(store, usual).await {
            Ok(rules) => match expire(store, &rules, contacts, Timestamp::now()).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "answers past their retention period were erased"),
                Err(error) => {
                    tracing::error!(%error, "answers past their retention period could not be erased");
                }
            },
            Err(error) => tracing::error!(%error, "how long answers are kept could not be read"),
        }
        if let Err(error) = store.forget_uploads().await {
            tracing::error!(%error, "expired uploads could not be deleted");
        }
        // A day has passed, or there is a confirmation.
        let _ = tokio::time::timeout(RETENTION_INTERVAL, word.notified()).await;
    }
}

/// The rules of all surveys: each survey's own number of days, or else `usual`. Without both, its answers are
/// kept for ever.
pub(crate) async fn retention(store: &Store, usual: Option<u32>) -> Result<Vec<Keep>, StoreError> {
    let surveys = store.surveys().await?;
    let own = surveys.into_iter().filter_map(|survey| {
        let days = survey.settings.retention_days.or(usual)?;
        Some(Keep { survey: Some(survey.id), days })
    });
    let waiting = store
        .waiting_surveys()
        .await?
        .into_iter()
        .filter_map(|waiting| Some(Keep { survey: Some(waiting.id), days: usual? }));
    let own: Vec<Keep> = own.chain(waiting).collect();
    // The last rule is for surveys that do not exist yet; an import may add one.
    Ok(own.into_iter().chain(usual.map(|days| Keep { survey: None, days })).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Collector, SettingsFile};

    #[tokio::test]
    async fn a_survey_has_its_own_retention_or_else_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::new(format!("sqlite://{}/a.db", folder.path().display()));
        let text = "[surveys.long]\nretention-days = 900\n[surveys.other]\n";
        for (head, expected) in [
            ("", vec![(Some("long"), 900)]),
            ("retention-days = 30\n", vec![(Some("long"), 900), (Some("other"), 30), (None, 30)]),
        ] {
            let file = SettingsFile::read(&format!("{head}{text}")).unwrap();
            let collector = Collector::open(&config.clone().settings(file)).await.unwrap();
            let rules =
                retention(&collector.shared.store, collector.shared.keep_days).await.unwrap();
            let rules: Vec<_> = rules.iter().map(|it| (it.survey.as_deref(), it.days)).collect();
            assert_eq!(rules, expected);
            collector.close().await;
        }
    }

    async fn with_answers(
        answers: usize,
        days_ago: impl Fn(usize) -> i64,
    ) -> (Store, tempfile::TempDir) {
        use crate::store::Stored;

        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        let stored = (0..answers).map(|number| {
            let at = now() - SignedDuration::from_hours(24 * days_ago(number));
            let response = serde_json::from_value(serde_json::json!({
                "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}"),
                "revision": 1, "survey": "s", "touchpoint": "order", "score": 9
            }));
            Stored {
                response: response.unwrap(),
                received_at: at,
                updated_at: at,
                aside: crate::aside::Aside::NONE,
                named: crate::themes::Named::default(),
            }
        });
        store.put_all(store.prepare(stored.collect(), |_| {})).await.unwrap();
        (store, folder)
    }

    fn now() -> Timestamp {
        "2026-11-25T12:00:00Z".parse().unwrap()
    }

    const CONTACTS: ContactPeriods = ContactPeriods { after_close: 90, at_most: 365 };

    fn rules(days: u32) -> Vec<Keep> {
        vec![Keep { survey: Some("s".into()), days }]
    }

    #[tokio::test]
    async fn a_clock_that_jumps_erases_nothing_until_somebody_says_that_it_is_right() {
        let (store, _folder) = with_answers(50, |number| i64::try_from(number).unwrap()).await;
        assert_eq!(expire(&store, &rules(365), CONTACTS, now()).await.unwrap(), 0);
        let later = now() + SignedDuration::from_hours(24 * 400);
        for _ in 0..2 {
            assert_eq!(expire(&store, &rules(365), CONTACTS, later).await.unwrap(), 0);
            assert_eq!(store.count().await.unwrap(), 50);
            assert_eq!(store.expiry().await.unwrap().odd_clock, Some(later));
        }
        // The clock was wrong, and is right again.
        assert_eq!(expire(&store, &rules(365), CONTACTS, now()).await.unwrap(), 0);
        assert!(!store.expiry().await.unwrap().waits());
        // The machine was off for a year.
        assert_eq!(expire(&store, &rules(365), CONTACTS, later).await.unwrap(), 0);
        confirm(&store, Word::Clock, later).await.unwrap();
        assert_eq!(expire(&store, &rules(365), CONTACTS, later).await.unwrap(), 0);
        let expiry = store.expiry().await.unwrap();
        assert_eq!((expiry.odd_clock, expiry.held[0].answers.due), (None, 50));
        let word = Word::Survey { survey: "s".into(), days: 365 };
        confirm(&store, word, later).await.unwrap();
        assert_eq!(expire(&store, &rules(365), CONTACTS, later).await.unwrap(), 50);
        assert!(!store.expiry().await.unwrap().waits());
        store.close().await;
    }

    #[tokio::test]
    async fn more_than_a_fifth_of_a_survey_waits_for_somebodys_word() {
        // One answer a day: 20 of 100 are older than 80 days.
        let (store, _folder) = with_answers(100, |number| i64::try_from(number).unwrap() + 1).await;
        let first = rules(79);
        assert_eq!(expire(&store, &first, CONTACTS, now()).await.unwrap(), 0);
        let held = store.expiry().await.unwrap().held;
        assert_eq!((held[0].answers.due, held[0].answers.all, held[0].days), (21, 100, 79));
        // A confirmation for another number of days does not count.
        let other = Word::Survey { survey: "s".into(), days: 80 };
        confirm(&store, other, now()).await.unwrap();
        assert_eq!(expire(&store, &first, CONTACTS, now()).await.unwrap(), 0);
        let word = Word::Survey { survey: "s".into(), days: 79 };
        confirm(&store, word, now()).await.unwrap();
        assert_eq!(expire(&store, &first, CONTACTS, now()).await.unwrap(), 21);
        // The confirmation holds for a month, and not for ever.
        let soon = now() + SignedDuration::from_hours(24 * 6);
        assert_eq!(expire(&store, &first, CONTACTS, soon).await.unwrap(), 6);
        let mut day = soon;
        for _ in 0..10 {
            day += SignedDuration::from_hours(24 * 6);
            expire(&store, &first, CONTACTS, day).await.unwrap();
        }
        assert!(store.expiry().await.unwrap().waits());
        assert!(store.count().await.unwrap() > 0);
        store.close().await;
    }

    #[tokio::test]
    async fn a_fifth_of_a_survey_is_erased_without_confirmation() {
        let (store, _folder) = with_answers(100, |number| i64::try_from(number).unwrap() + 1).await;
        assert_eq!(expire(&store, &rules(80), CONTACTS, now()).await.unwrap(), 20);
        assert!(!store.expiry().await.unwrap().waits());
        store.close().await;
    }
}
