//! Taking answers out for good: on demand, by response, order or customer; and by time, once a survey's
//! answers are as old as they may get. What a comment must not hold is [`crate::redact`]'s.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub use crate::store::erasures::{Receipt, Subject};
use crate::{
    config::Config,
    store::{OpenError, Store, StoreError, erasures::Erase},
};

/// How many responses are taken out in one transaction: few, so that answers that arrive meanwhile
/// need not wait.
const MAX_ERASED_AT_ONCE: u32 = 200;
/// How often the server looks for what is too old.
const RETENTION_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Why something was not erased.
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

/// Erases the responses of `value`: an id, an order's number or a customer's, as `subject` says. `None`
/// if there were none. Nothing is found by [`Subject::Filter`] and [`Subject::Retention`].
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
        Subject::Filter | Subject::Retention => Ok(None),
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

/// For how long answers are kept, where it is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    /// Of which survey; `None` is all of them.
    pub(crate) survey: Option<String>,
    pub(crate) days: u32,
}

impl Keep {
    /// The moment from which on answers are kept.
    pub(crate) fn since(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(SignedDuration::from_hours(24 * i64::from(self.days)))
            .unwrap_or(Timestamp::MIN)
    }
}

/// Takes out what is past its time. Returns how many responses and displays went.
pub(crate) async fn expire(store: &Store, rules: &[Keep]) -> Result<u64, StoreError> {
    let mut gone = 0;
    // Every survey that has an answer is there with a rule of its own.
    for rule in rules.iter().filter(|rule| rule.survey.is_some()) {
        let since = rule.since(Timestamp::now());
        loop {
            let batch = store.expire(rule.survey.as_deref(), since, MAX_ERASED_AT_ONCE).await?;
            if batch == 0 {
                break;
            }
            gone += batch;
            // Answers that wait for the writer go first.
            tokio::task::yield_now().await;
        }
    }
    if gone > 0 {
        store.fold().await?;
    }
    Ok(gone)
}

/// Takes out what is past its time, now and every day; never ends.
pub(crate) async fn expire_daily(store: &Store, usual: Option<u32>) {
    loop {
        match retention(store, usual).await {
            Ok(rules) => match expire(store, &rules).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "what was past its time was erased"),
                Err(error) => {
                    tracing::error!(%error, "what is past its time could not be erased");
                }
            },
            Err(error) => tracing::error!(%error, "how long answers are kept could not be read"),
        }
        if let Err(error) = store.forget_uploads().await {
            tracing::error!(%error, "files that wait to be imported could not be forgotten");
        }
        tokio::time::sleep(RETENTION_INTERVAL).await;
    }
}

/// For how long each survey's answers are kept: as long as it says itself, or else `usual` days; for
/// ever where neither is said.
pub(crate) async fn retention(store: &Store, usual: Option<u32>) -> Result<Vec<Keep>, StoreError> {
    let surveys = store.surveys().await?;
    let own = surveys.into_iter().filter_map(|survey| {
        let days = survey.settings.retention_days.or(usual)?;
        Some(Keep { survey: Some(survey.id), days })
    });
    // Last, for surveys that are not there yet: an import may bring one.
    Ok(own.chain(usual.map(|days| Keep { survey: None, days })).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Collector, SettingsFile};

    #[tokio::test]
    async fn a_survey_goes_by_its_own_time_and_else_by_that_of_all() {
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
}
