//! Finds what stored answers are about, in the background: after an update that finds themes otherwise, and after a
//! change of the shop's rules. Interrupted, it goes on where it was.

use std::{convert::Infallible, time::Duration};

use tokio::{sync::Notify, time};

use crate::store::{Store, StoreError};

/// Time between two batches, for whatever else the machine has to do.
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
