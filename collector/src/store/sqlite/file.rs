//! The database as a file that is opened: by the one connection that writes, and by those that read.

use std::{
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Statements that a connection keeps compiled.
const STATEMENTS: usize = 128;
/// Memory for pages of the connection that writes, in KiB, and of each that reads.
const WRITER_CACHE: u32 = 16 * 1024;
const READER_CACHE: u32 = 4 * 1024;

/// How long folding the log in may keep everybody from writing.
const FOLD_WAIT: Duration = Duration::from_millis(40);

/// Where the database is, and how long to wait for whoever else has it locked.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile {
    pub(super) path: PathBuf,
    pub(super) busy_timeout: Duration,
}

impl DatabaseFile {
    /// Opens the file for writing. It has to be there.
    pub(super) fn open_to_write(&self) -> rusqlite::Result<Connection> {
        let connection = self.open(WRITER_CACHE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What is erased is overwritten, and not only marked as free.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(connection)
    }

    /// Opens the file for reading. It has to be there.
    pub(super) fn open_to_read(&self) -> rusqlite::Result<Connection> {
        let connection = self.open(READER_CACHE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Takes the write-ahead log into the file and cuts it. That needs a moment without readers; while
    /// it waits for one nobody can write, so it waits shortly, and tries again.
    pub(super) fn fold(&self) -> rusqlite::Result<()> {
        let connection = self.open_to_write()?;
        connection.busy_timeout(FOLD_WAIT)?;
        let until = Instant::now() + self.busy_timeout;
        loop {
            let is_busy: bool = connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
                .or_else(|error| match error.sqlite_error_code() {
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Ok(true),
                    _ => Err(error),
                })?;
            if !is_busy {
                return Ok(());
            }
            if Instant::now() >= until {
                tracing::warn!("somebody reads all the time: the log is folded in later");
                return Ok(());
            }
            thread::sleep(FOLD_WAIT);
        }
    }

    fn open(&self, cache: u32) -> rusqlite::Result<Connection> {
        // Never SQLITE_OPEN_CREATE: a file that is gone must not come back empty.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_timeout)?;
        // A 2xx says "durably stored". NORMAL, the usual choice beside WAL, loses the last commits
        // with the power.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // On Apple's systems a plain fsync stops at the drive's cache.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -i64::from(cache))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

/// Makes the file before SQLite does, readable by nobody else: it holds what customers wrote.
/// SQLite gives its log files the same permissions.
pub(super) fn create_private(file: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
