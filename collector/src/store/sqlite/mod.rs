//! SQLite: the only SQL there is, one file a table.
//!
//! One thread writes ([`writer`]) and a few connections read ([`reading`]), as SQLite's write-ahead log
//! allows: neither waits for the other. Responses and displays are written in [`ledger`] and nowhere
//! else: it keeps the roll-ups, the facts and the search.

mod accounts;
mod address;
mod all_of_filter;
mod bounds;
mod concentration;
pub(crate) mod copies;
mod displays;
mod erasures;
mod expiry;
mod file;
mod filter;
mod history;
mod ledger;
mod load;
mod lock;
mod migrations;
mod offsets;
mod reading;
mod recount;
mod responses;
mod rollups;
mod search;
mod settings;
mod sums;
mod surveys;
mod tokens;
mod uploads;
mod whose;
mod writer;
mod zone;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex as Guarded, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Row};
use tokio::sync::Mutex;

use self::{
    file::{DatabaseFile, create_private},
    ledger::Ledger,
    lock::Lock,
    reading::Readers,
    surveys::Lists,
    writer::Writer,
};
use super::{OpenError, StoreError, Written, error::Cause};
use crate::access::public_ids::PublicIds;
use crate::survey::Settings;

/// How often writing is tried out at most, however many ask.
const TRY_EVERY: Duration = Duration::from_secs(1);
/// How long a page, a list or a part of an export may take of a server's readers.
const READ_FOR: Duration = Duration::from_secs(10);

/// How long things of a database may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For whoever else has it locked, and for a reader's turn.
    pub(crate) busy: Duration,
    /// For the end of a collector that serves it.
    pub(crate) lock: Duration,
}

/// The database.
pub(crate) struct Store {
    writer: Writer,
    readers: Readers,
    file: DatabaseFile,
    /// The ids that answers are shown under.
    public_ids: Arc<PublicIds>,
    /// Which surveys there are and where their answers may come from, as of the last commit.
    lists: Arc<Lists>,
    /// What keeps a second collector off, while this one serves.
    lock: Guarded<Option<Lock>>,
    /// When reading and writing was last tried out, and what it came to.
    tried: Mutex<Option<(Instant, Result<(), StoreError>)>>,
    /// What the settings file says of surveys.
    fixed: BTreeMap<String, Settings>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // Its time was over.
            Some(ErrorCode::OperationInterrupted) => Self::slow(),
            _ => Self::Engine(error.into()),
        }
    }
}

impl Store {
    /// Opens the database at an address, creates it if it is not there, and migrates it.
    pub(crate) async fn open(address: &str, busy_timeout: Duration) -> Result<Self, OpenError> {
        let path = address::file_of(address)?;
        create_private(&path).map_err(|error| OpenError::File(path.clone(), error))?;
        Self::connect(DatabaseFile { path, busy_timeout }, None).await
    }

    /// Opens the database at an address to serve it, creates it if it is not there, and migrates it. No
    /// other collector can serve it then; reading has a deadline.
    pub(crate) async fn serve(address: &str, patience: Patience) -> Result<Self, OpenError> {
        let path = address::file_of(address)?;
        create_private(&path).map_err(|error| OpenError::File(path.clone(), error))?;
        // Before it is migrated, and before anything of it is remembered.
        let lock = Lock::take(&path, patience.lock).await?;
        let file = DatabaseFile { path, busy_timeout: patience.busy };
        let store = Self::connect(file, Some(READ_FOR)).await?;
        *store.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
        Ok(store)
    }

    /// Opens a database that is there, and migrates it.
    pub(crate) async fn open_existing(
        address: &str,
        busy_timeout: Duration,
    ) -> Result<Self, OpenError> {
        let path = address::file_of(address)?;
        if !path.exists() {
            return Err(OpenError::Missing(path));
        }
        Self::connect(DatabaseFile { path, busy_timeout }, None).await
    }

    async fn connect(file: DatabaseFile, read_for: Option<Duration>) -> Result<Self, OpenError> {
        let path = file.path.clone();
        let opening = tokio::task::spawn_blocking(move || open(file, read_for));
        opening.await.unwrap_or_else(|error| Err(OpenError::Open(path, error.into())))
    }

    /// With these settings of surveys, which go before those that are stored.
    pub(crate) fn fixing(mut self, fixed: BTreeMap<String, Settings>) -> Self {
        self.fixed = fixed;
        self
    }

    /// Whether the database can be read and written: what the last try came to, which is made at most
    /// once a second.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        let mut tried = self.tried.lock().await;
        if let Some((at, outcome)) = &*tried
            && at.elapsed() < TRY_EVERY
        {
            return outcome.as_ref().map_err(StoreError::again).copied();
        }
        let outcome = self.try_out().await;
        let told = outcome.as_ref().map_err(StoreError::again).copied();
        *tried = Some((Instant::now(), outcome));
        told
    }

    async fn try_out(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            connection.prepare_cached("SELECT 1 FROM responses LIMIT 1")?.exists([])?;
            Ok(())
        })
        .await?;
        // A full disk shows only to whoever writes.
        self.write(|ledger| {
            ledger.connection().execute(
                "INSERT INTO settings (name, value) VALUES ('tried_at', ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [Timestamp::now().to_string()],
            )?;
            Ok(())
        })
        .await
    }

    /// What was written since the start, and what waits.
    pub(crate) fn written(&self) -> Written {
        self.writer.written()
    }

    /// Closes every connection; the last one folds the write-ahead log into the file. Another collector may
    /// serve it then.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
        // What was true a moment ago no longer is.
        *self.tried.lock().await = None;
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(work).await
    }

    /// Reads what may take long: only some of the readers do that at a time.
    async fn read_long<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read_long(work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Ledger<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.write(work).await
    }
}

/// A column of Unix milliseconds.
fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|_| StoreError::unexpected("a time"))
}

fn open(file: DatabaseFile, read_for: Option<Duration>) -> Result<Store, OpenError> {
    let unusable = |cause: Cause| OpenError::Open(file.path.clone(), cause);
    let mut connection = file.open_to_write().map_err(|error| unusable(error.into()))?;
    migrations::migrate(&mut connection).map_err(|error| OpenError::Migrate(error.into()))?;
    search::update(&mut connection).map_err(|error| OpenError::Store(error.into()))?;
    recount::update(&mut connection).map_err(OpenError::Store)?;
    let lists = Arc::new(Lists::read(&connection).map_err(OpenError::Store)?);
    let public_ids =
        Arc::new(PublicIds::new(settings::public_id_key(&connection).map_err(OpenError::Store)?));
    let readers = Readers::new(file.clone(), read_for);
    let writer = Writer::start(file.clone(), connection, Arc::clone(&lists))
        .map_err(|error| unusable(error.into()))?;
    Ok(Store {
        writer,
        readers,
        file,
        public_ids,
        lists,
        lock: Guarded::new(None),
        tried: Mutex::new(None),
        fixed: BTreeMap::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_commit_is_durable_by_settings_that_are_really_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        create_private(&path).unwrap();
        let file = DatabaseFile { path, busy_timeout: Duration::from_millis(700) };
        for (connection, query_only) in
            [(file.open_to_write().unwrap(), 0), (file.open_to_read().unwrap(), 1)]
        {
            for (pragma, expected) in [
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("busy_timeout", 700),
                ("query_only", query_only),
                ("secure_delete", 1 - query_only),
            ] {
                let value: i64 =
                    connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap();
                assert_eq!(value, expected, "{pragma}");
            }
            let journal: String =
                connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
            assert_eq!(journal, "wal");
        }
    }
}
