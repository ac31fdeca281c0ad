//! The connections that read. They never wait for the writer, and it never for them.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::file::DatabaseFile;
use crate::store::StoreError;

/// More readers than cores gain nothing; pages and exports are short.
const READERS: usize = 4;

/// The connections that read, opened as they are needed.
pub(super) struct Readers {
    file: DatabaseFile,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(file: DatabaseFile) -> Self {
        Self { file, idle: Arc::default(), permits: Arc::new(Semaphore::new(READERS)) }
    }

    /// Runs `work` on a connection, away from the threads that answer requests.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        let permit = tokio::time::timeout(self.file.busy_timeout, waiting)
            .await
            .map_err(|_| StoreError::slow())?
            .map_err(|_| StoreError::closed())?;
        let (file, idle) = (self.file.clone(), Arc::clone(&self.idle));
        let task = tokio::task::spawn_blocking(move || {
            let connection = lock(&idle).pop();
            let connection = match connection {
                Some(connection) => connection,
                None => file.open_to_read()?,
            };
            let value = work(&connection);
            // One that failed may be in any state.
            if value.is_ok() {
                lock(&idle).push(connection);
            }
            drop(permit);
            value
        });
        task.await.map_err(|error| StoreError::Engine(error.into()))?
    }

    /// Waits for those that read, and closes every connection.
    pub(super) async fn close(&self) {
        let all = u32::try_from(READERS).unwrap_or(u32::MAX);
        if let Ok(permits) = self.permits.acquire_many(all).await {
            self.permits.close();
            drop(permits);
        }
        lock(&self.idle).clear();
    }
}

fn lock(idle: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    // A list of connections is whole whatever a thread that panicked did with one of them.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
