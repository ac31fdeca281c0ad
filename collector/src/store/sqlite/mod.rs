//! SQLite: all SQL of the collector, one file per table.
//!
//! One thread writes ([`writer`]) and a few connections read ([`reading`]). Thanks to SQLite's write-ahead log
//! neither waits for the other. Only [`ledger`] writes responses and displays: it also updates the roll-ups, the
//! facts and the search index.

mod accounts;
mod acts;
mod address;
mod alert_rules;
mod all_of_filter;
mod answer_pages;
mod bounds;
mod cases;
mod comments;
mod concentration;
mod contacts;
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
mod mails;
mod migrations;
mod naming;
mod offsets;
mod outbox;
mod own_cases;
mod quotes;
mod reading;
mod recount;
mod replies;
mod replying;
mod responses;
mod review_links;
mod rollups;
mod search;
mod settings;
mod sums;
mod surveys;
mod templates;
mod themes;
mod tokens;
mod told;
mod uploads;
mod whose;
mod writer;
mod zone;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex as Guarded, PoisonError},
    time::{Duration, Instant},
};

use afterword_response::Response;
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Row};
use tokio::sync::Mutex;

pub(crate) use self::responses::Writing;
use self::{
    file::{DatabaseFile, create_private},
    ledger::Ledger,
    lock::Lock,
    reading::Readers,
    surveys::Lists,
    writer::Writer,
};
use super::{OpenError, StoreError, WriterFigures, error::Cause};
use crate::access::public_ids::PublicIds;
use crate::survey::Settings;

/// Time between two test writes, however many requests ask for one.
const TEST_WRITE_INTERVAL: Duration = Duration::from_secs(1);
/// How long a read for a page, a list or a part of an export may take.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limits for waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a lock by another program, and for a free reader.
    pub(crate) busy: Duration,
    /// For another collector to release the database.
    pub(crate) lock: Duration,
}

/// The database.
pub(crate) struct Store {
    writer: Writer,
    readers: Readers,
    file: DatabaseFile,
    /// The ids that answers are shown under.
    public_ids: Arc<PublicIds>,
    /// The surveys and their allowed origins, as of the last commit.
    lists: Arc<Lists>,
    /// The lock that keeps other collectors away while this one serves.
    lock: Guarded<Option<Lock>>,
    /// The time and result of the last test of reading and writing.
    tried: Mutex<Option<(Instant, Result<(), StoreError>)>>,
    /// The surveys' settings in the settings file.
    fixed: BTreeMap<String, Settings>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // The statement was interrupted because its time was over.
            Some(ErrorCode::OperationInterrupted) => Self::slow(),
            _ => Self::Engine(error.into()),
        }
    }
}

impl Store {
    /// Opens the database at an address, creates it if it does not exist, and migrates it.
    pub(crate) async fn open(address: &str, busy_timeout: Duration) -> Result<Self, OpenError> {
        let path = address::file_of(address)?;
        create_private(&path).map_err(|error| OpenError::File(path.clone(), error))?;
        Self::connect(DatabaseFile { path, busy_timeout }, None).await
    }

    /// Opens the database at an address to serve it, creates it if it does not exist, and migrates it. Then no other
    /// collector can serve it, and reads have a time limit.
    pub(crate) async fn serve(address: &str, patience: Patience) -> Result<Self, OpenError> {
        let path = address::file_of(address)?;
        create_private(&path).map_err(|error| OpenError::File(path.clone(), error))?;
        // Before the migration, and before anything is cached.
        let lock = Lock::take(&path, patience.lock).await?;
        let file = DatabaseFile { path, busy_timeout: patience.busy };
        let store = Self::connect(file, Some(READ_TIMEOUT)).await?;
        *store.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
        Ok(store)
    }

    /// Opens an existing database, and migrates it.
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

    /// Sets the settings of surveys that go before the stored ones.
    pub(crate) fn fixing(mut self, fixed: BTreeMap<String, Settings>) -> Self {
        self.fixed = fixed;
        self
    }

    /// Whether the database can be read and written, tested at most once a second.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        let mut tried = self.tried.lock().await;
        if let Some((at, outcome)) = &*tried
            && at.elapsed() < TEST_WRITE_INTERVAL
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
        // Only a write shows that the disk is full.
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

    /// The writer's figures.
    pub(crate) fn written(&self) -> WriterFigures {
        self.writer.written()
    }

    /// Closes every connection; the last one folds the write-ahead log into the file. Then another collector can serve
    /// the database.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
        // The result of the last test no longer holds.
        *self.tried.lock().await = None;
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(work).await
    }

    /// Runs a read that may take long; only some readers do that at a time.
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

/// Reads a stored response.
fn response(id: &str, json: &str) -> Result<Response, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Row { id: id.to_owned(), cause: error.into() })
}

/// Reads a column of Unix milliseconds.
fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|_| StoreError::unexpected("a time"))
}

fn open(file: DatabaseFile, read_for: Option<Duration>) -> Result<Store, OpenError> {
    let unusable = |cause: Cause| OpenError::Open(file.path.clone(), cause);
    let mut connection = file.open_to_write().map_err(|error| unusable(error.into()))?;
    migrations::migrate(&mut connection).map_err(|error| OpenError::Migrate(error.into()))?;
    search::update(&mut connection).map_err(|error| OpenError::Store(error.into()))?;
    recount::update(&mut connection).map_err(OpenError::Store)?;
    themes::begin(&connection).map_err(OpenError::Store)?;
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
    fn a_commit_is_durable_because_its_settings_are_on() {
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
