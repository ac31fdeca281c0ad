//! SQLite: the only SQL there is, one file a table.
//!
//! One connection writes and a few read, as SQLite's write-ahead log allows: readers never wait for
//! the writer, and writers queue here instead of fighting for the file's lock.
//!
//! The triggers of the migrations 0010 to 0012 keep what the report and the search read, whoever
//! writes `responses`.

mod accounts;
pub(crate) mod copies;
mod displays;
mod erasures;
mod filter;
mod load;
mod responses;
mod rollups;
mod search;
mod settings;
mod surveys;
mod tokens;
mod uploads;
mod zone;

use std::{collections::BTreeMap, io, str::FromStr as _, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{OpenError, StoreError};
use crate::survey::Settings;

/// More readers than cores gain nothing; pages and exports are short.
const READERS: u32 = 4;

/// The database.
pub(crate) struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    /// What the settings file says of surveys.
    fixed: BTreeMap<String, Settings>,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Engine(error.into())
    }
}

impl Store {
    /// Opens the database at an address, creates it if it is not there, and migrates it.
    pub(crate) async fn open(address: &str, busy_timeout: Duration) -> Result<Self, OpenError> {
        let options = connect_options(address)?;
        let file = options.get_filename().to_owned();
        create_private(&file).map_err(|error| OpenError::File(file.clone(), error))?;
        Self::connect(options, busy_timeout).await
    }

    /// Opens a database that is there, and migrates it.
    pub(crate) async fn open_existing(
        address: &str,
        busy_timeout: Duration,
    ) -> Result<Self, OpenError> {
        let options = connect_options(address)?;
        let file = options.get_filename();
        if !file.exists() {
            return Err(OpenError::Missing(file.to_owned()));
        }
        Self::connect(options, busy_timeout).await
    }

    async fn connect(
        options: SqliteConnectOptions,
        busy_timeout: Duration,
    ) -> Result<Self, OpenError> {
        let options = options.busy_timeout(busy_timeout);
        let file = options.get_filename().to_owned();
        let pool = || SqlitePoolOptions::new().acquire_timeout(busy_timeout).idle_timeout(None);
        let writer = pool()
            .max_connections(1)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(|error| OpenError::Open(file.clone(), error.into()))?;
        sqlx::migrate!().run(&writer).await.map_err(|error| OpenError::Migrate(error.into()))?;
        let reader = pool()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(|error| OpenError::Open(file, error.into()))?;
        Ok(Self { writer, reader, fixed: BTreeMap::new() })
    }

    /// With these settings of surveys, which go before those that are stored.
    pub(crate) fn fixing(mut self, fixed: BTreeMap<String, Settings>) -> Self {
        self.fixed = fixed;
        self
    }

    /// Whether the database answers.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM responses LIMIT 1").fetch_optional(&self.reader).await?;
        Ok(())
    }

    /// Closes every connection; the last one folds the write-ahead log into the file.
    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

fn connect_options(address: &str) -> Result<SqliteConnectOptions, OpenError> {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("sqlite") => {}
        Some("postgres" | "postgresql") => return Err(OpenError::Postgres),
        _ => return Err(OpenError::Address(None)),
    }
    if address.contains(":memory:") || address.contains("mode=memory") {
        return Err(OpenError::Memory);
    }
    let options = SqliteConnectOptions::from_str(address)
        .map_err(|error| OpenError::Address(Some(error.into())))?;
    if options.get_filename().as_os_str().is_empty() {
        return Err(OpenError::Address(None));
    }
    Ok(options
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A 2xx says "durably stored". NORMAL, the usual choice beside WAL, loses the last commits
        // with the power.
        .synchronous(SqliteSynchronous::Full)
        // A row that REPLACE takes away counts as deleted, for the triggers too.
        .pragma("recursive_triggers", "ON")
        // On Apple's systems a plain fsync stops at the drive's cache.
        .pragma("fullfsync", "ON")
        // What is erased is overwritten, and not only marked as free.
        .pragma("secure_delete", "ON"))
}

/// Makes the file before SQLite does, readable by nobody else: it holds what customers wrote.
/// SQLite gives its log files the same permissions.
fn create_private(file: &std::path::Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_sqlite_file_is_an_address() {
        for address in ["sqlite://a.db", "sqlite:a.db", "sqlite:///var/lib/a.db?mode=rwc"] {
            assert!(connect_options(address).is_ok(), "{address}");
        }
        for (address, hint) in [
            ("postgres://u:secret@host/db", "PostgreSQL is not supported"),
            ("PostgreSQL://host/db", "PostgreSQL is not supported"),
            ("sqlite::memory:", "keeps nothing"),
            ("sqlite://", "sqlite://FILE"),
            ("mysql://u:secret@host/db", "sqlite://FILE"),
            ("afterword.db", "sqlite://FILE"),
            ("sqlite://a.db?nonsense=1", "sqlite://FILE"),
        ] {
            let error = connect_options(address).unwrap_err().to_string();
            assert!(error.contains(hint), "{address}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_commit_is_durable_by_settings_that_are_really_on() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}/a.db", folder.path().display());
        let store = Store::open(&address, Duration::from_millis(700)).await.unwrap();
        for (pool, query_only) in [(&store.writer, 0), (&store.reader, 1)] {
            for (pragma, expected) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA busy_timeout", 700),
                ("PRAGMA query_only", query_only),
            ] {
                let value: i64 = sqlx::query_scalar(pragma).fetch_one(pool).await.unwrap();
                assert_eq!(value, expected, "{pragma}");
            }
            let journal: String =
                sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
            assert_eq!(journal, "wal");
        }
        store.close().await;
    }
}
