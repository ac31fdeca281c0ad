//! Builds the search index anew, in the background: after an update that finds comments by other words. After an
//! interruption it continues where it was.

use std::{convert::Infallible, future, time::Duration};

use tokio::time;

use crate::store::Store;

/// The number of answers that are indexed in one step. It is small, so that arriving answers need not wait.
const BATCH: usize = 200;
/// The pause between two batches, which leaves time for other work.
const PAUSE: Duration = Duration::from_millis(20);
/// Time before the next attempt after a failure.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Indexes the stored answers that are not in the index, newest first, and never ends.
pub(crate) async fn keep_complete(store: &Store) -> Infallible {
    let mut has_worked = false;
    loop {
        match store.index_some(BATCH).await {
            Ok(true) => {
                if !has_worked {
                    tracing::info!(
                        "the search index is being built anew: older answers are found once that is done"
                    );
                }
                has_worked = true;
                time::sleep(PAUSE).await;
            }
            Ok(false) => {
                if has_worked {
                    tracing::info!("the search index is complete");
                }
                return future::pending().await;
            }
            Err(error) => {
                tracing::warn!(%error, "the search index cannot be built; trying again in a minute");
                time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}
