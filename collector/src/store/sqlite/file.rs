//! Opens the database's file, for the one connection that writes and for those that read.

use std::{
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Compiled statements that a connection caches.
const MAX_CACHED_STATEMENTS: usize = 128;
/// KiB of pages that the writing connection caches, and each reading one.
const WRITER_CACHE_KIB: u32 = 16 * 1024;
const READER_CACHE_KIB: u32 = 4 * 1024;

/// How long folding the log into the file may block writes.
const FOLD_WAIT: Duration = Duration::from_millis(40);

/// The database's path, and how long to wait while another program has it locked.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile {
    pub(super) path: PathBuf,
    pub(super) busy_timeout: Duration,
}

/// The identity of a file: its device and inode. While a file is open and written to, its path can come to
/// name another file, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    database: (u64, u64),
    /// That of the write-ahead log, which does not exist before the first transaction.
    log: Option<(u64, u64)>,
}

impl Identity {
    /// Whether a later check found the same files. A log may have been created since, but not removed.
    pub(super) fn became(self, later: Self) -> bool {
        self.database == later.database && (self.log.is_none() || self.log == later.log)
    }
}

impl DatabaseFile {
    /// The identity of the files that the path names now.
    pub(super) fn identity(&self) -> io::Result<Identity> {
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Identity { database: inode(&self.path)?, log: inode(Path::new(&log)).ok() })
    }

    /// Opens the existing file for writing.
    pub(super) fn open_to_write(&self) -> rusqlite::Result<Connection> {
        let connection = self.open(WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Erased data is overwritten, and not only marked as free.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(connection)
    }

    /// Opens the existing file for reading.
    pub(super) fn open_to_read(&self) -> rusqlite::Result<Connection> {
        let connection = self.open(READER_CACHE_KIB)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Copies the write-ahead log into the file and truncates it. That needs a moment without readers, and
    /// blocks writes while it waits for one; so it waits only shortly, and is tried again later.
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
        // Never SQLITE_OPEN_CREATE: a deleted file must not be replaced by an empty one.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_timeout)?;
        // A 2xx means "durably stored". NORMAL, the usual choice with WAL, can lose the last commits at a
        // power failure.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // On Apple's systems a plain fsync does not flush the drive's cache.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -i64::from(cache))?;
        connection.set_prepared_statement_cache_capacity(MAX_CACHED_STATEMENTS);
        Ok(connection)
    }
}

#[cfg(unix)]
fn inode(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = std::fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

/// On other systems an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
fn inode(path: &Path) -> io::Result<(u64, u64)> {
    std::fs::metadata(path).map(|_| (0, 0))
}

/// Creates the file before SQLite does, so that only its owner may read it: it holds what customers wrote.
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
