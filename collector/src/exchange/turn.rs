//! Lets one import run at a time, because it takes much memory and a whole processor.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long an import waits for the one before.
const PATIENCE: Duration = Duration::from_secs(10);

/// Gives out the turn to import a file.
pub(crate) struct Turns(Arc<Semaphore>);

/// Another file is being imported.
#[derive(Debug)]
pub(crate) struct ImportRunning;

/// The turn to import a file; ends when it is dropped.
pub(crate) struct Turn(
    #[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit,
);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turns {
    /// Waits for a turn, for up to [`PATIENCE`].
    pub(crate) async fn take(&self) -> Result<Turn, ImportRunning> {
        match timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn(permit)),
            // `Err` would mean that the semaphore is closed, which never happens.
            Ok(Err(_)) | Err(_) => Err(ImportRunning),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_second_import_waits_for_the_first_for_a_limited_time() {
        let turns = Turns::default();
        let first = turns.take().await.unwrap();
        assert!(turns.take().await.is_err());
        drop(first);
        assert!(turns.take().await.is_ok());
    }
}
