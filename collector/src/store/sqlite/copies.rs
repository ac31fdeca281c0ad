//! Copies the database's file, and checks it for damage.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Row};

use super::{
    Store, address,
    file::create_private,
    lock::Lock,
    migrations::{self, MIGRATIONS},
    recount,
};
use crate::store::{
    OpenError, StoreError,
    copies::{FileFault, Inspection, Version},
};

/// Faults that are reported.
const MAX_FAULTS: usize = 20;

impl From<rusqlite::Error> for FileFault {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

/// Inspects a file without changing it.
pub(crate) async fn inspect(path: &Path) -> Result<Inspection, FileFault> {
    let path = path.to_owned();
    blocking(move || {
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let version = version(&file)?;
        let responses: i64 = match version {
            Version::Foreign => 0,
            _ => file.query_row("SELECT count(*) FROM responses", [], |row| row.get(0))?,
        };
        Ok(Inspection { version, faults: faults(&file)?, responses: responses.unsigned_abs() })
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileFault> + Send + 'static,
) -> Result<T, FileFault> {
    let task = tokio::task::spawn_blocking(work);
    task.await.unwrap_or_else(|error| Err(FileFault(error.to_string())))
}

pub(super) fn version(file: &Connection) -> rusqlite::Result<Version> {
    let tables: i64 = file.query_row(
        "SELECT count(*) FROM sqlite_master
         WHERE type = 'table' AND name IN ('_sqlx_migrations', 'responses', 'settings')",
        [],
        |row| row.get(0),
    )?;
    if tables != 3 {
        return Ok(Version::Foreign);
    }
    let taken = migrations::taken(file)?;
    let is_known = |version: &i64| MIGRATIONS.iter().any(|known| known.version == *version);
    Ok(match () {
        () if !taken.iter().all(is_known) => Version::Newer,
        () if taken.len() < MIGRATIONS.len() => Version::Older,
        () => Version::Current,
    })
}

/// Damage of the file, and rows that refer to missing rows.
fn faults(file: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut check = file.prepare(&format!("PRAGMA integrity_check({MAX_FAULTS})"))?;
    let lines = check.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = lines.collect::<Result<_, _>>()?;
    faults.retain(|line| line != "ok");
    let mut check = file.prepare("PRAGMA foreign_key_check")?;
    let stray = |row: &Row<'_>| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!("a row of {table} points to none of {parent}"))
    };
    for stray in check.query_map([], stray)?.take(MAX_FAULTS) {
        faults.push(stray?);
    }
    Ok(faults)
}

/// Folds a database's log into its file; fails if another program has it open.
pub(crate) async fn claim(path: &Path) -> Result<(), FileFault> {
    let path = path.to_owned();
    blocking(move || {
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        file.busy_timeout(std::time::Duration::from_millis(200))?;
        // SQLite leaves the mode WAL only if no other connection is open.
        let mode: String =
            file.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))?;
        match mode.as_str() {
            "delete" => Ok(()),
            _ => Err(FileFault("the database is open elsewhere".into())),
        }
    })
    .await
}

/// Keeps every collector from serving the database at `path`, as long as the value lives; `None` if one does.
///
/// # Errors
/// The file beside the database cannot be opened.
pub(crate) fn lock(path: &Path) -> std::io::Result<Option<impl Sized + use<>>> {
    Lock::try_for(path)
}

/// The file that an address names.
pub(crate) fn file_of(address: &str) -> Result<PathBuf, OpenError> {
    address::file_of(address)
}

/// An empty file for a copy, which only its owner may read.
pub(crate) fn private(path: &Path) -> std::io::Result<()> {
    create_private(path)
}

impl Store {
    /// Writes a copy of the database as of one moment, while others go on writing. The file must not exist,
    /// or be empty.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_str().ok_or(StoreError::unexpected("the path of the copy"))?.to_owned();
        // On a new connection, since read-only connections cannot create files.
        self.aside(move |connection| {
            connection.execute("VACUUM INTO ?", [path])?;
            Ok(())
        })
        .await
    }

    /// The derived tables that differ from what the responses give.
    pub(crate) async fn disagreeing(&self) -> Result<Vec<&'static str>, StoreError> {
        self.aside(|connection| recount::disagreeing(&connection)).await
    }

    /// Rebuilds the derived tables from the responses.
    pub(crate) async fn derive_anew(&self) -> Result<(), StoreError> {
        self.write(recount::everything).await
    }

    /// The number of rows whose columns differ from the response in them.
    pub(crate) async fn odd_rows(&self) -> Result<u64, StoreError> {
        self.aside(|connection| {
            let count: i64 = connection.query_row(
                "SELECT count(*) FROM responses
                 WHERE CASE WHEN json_valid(response) THEN
                     response ->> '$.id' IS NOT id OR response ->> '$.score' IS NOT score
                         OR response ->> '$.survey' IS NOT survey
                     ELSE 1 END",
                [],
                |row| row.get(0),
            )?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// When the newest response arrived, by the clock of that time.
    pub(crate) async fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            let newest: Option<i64> =
                connection
                    .query_row("SELECT max(received_at) FROM responses", [], |row| row.get(0))?;
            Ok(newest.and_then(|time| Timestamp::from_millisecond(time).ok()))
        })
        .await
    }

    /// Runs long work on a new connection, so that nobody waits for it.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let file = self.file.clone();
        let task = tokio::task::spawn_blocking(move || work(file.open_to_write()?));
        task.await.map_err(|error| StoreError::Engine(error.into()))?
    }
}
