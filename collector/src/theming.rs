//! Finds the themes of stored answers again, in the background: after an update with other lexicons, and after a change of
//! the shop's rules. After an interruption it continues where it was.

use std::{convert::Infallible, time::Duration};

use tokio::{sync::Notify, time};

use crate::store::{Store, StoreError};

/// The pause between two batches, which leaves time for other work.
const PAUSE: Duration = Duration::from_millis(20);
/// Time before the next attempt after a failure.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Finds the themes of all stored answers that need it, whenever `rules_changed` is notified, and never ends.
pub(crate) async fn keep_found(store: &Store, rules_changed: &Notify) -> Infallible {
    loop {
        match find_all(store).await {
            Ok(()) => rules_changed.notified().await,
            Err(error) => {
                tracing::warn!(%error, "the themes of stored answers cannot be found; trying again in a minute");
                time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

/// Finds the themes of all stored answers that need it.
pub(crate) async fn find_all(store: &Store) -> Result<(), StoreError> {
    while store.find_some_themes().await? {
        time::sleep(PAUSE).await;
    }
    Ok(())
}
