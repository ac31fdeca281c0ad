//! The lock that keeps a second collector off a database.
//!
//! SQLite lets several programs write to one file, and the command line relies on that. But two collectors
//! would count budgets separately, and cache values that the other one changes. So the collector that serves
//! holds a lock of the system, which is released when its process ends in any way.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::store::OpenError;

/// Time between two attempts of a collector that waits for its predecessor to end.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// Held by the collector that serves a database.
///
/// The lock is on an empty file beside the database: closing any descriptor of the database itself would
/// release SQLite's own locks. The file is never deleted: after a deletion two collectors could hold locks
/// on two files of the same name.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the existing database at `path`. Waits for up to `patience` until another collector
    /// releases it, so that a successor can start while its predecessor ends.
    ///
    /// # Errors
    /// Another collector still holds it, or the file beside the database cannot be opened.
    pub(super) async fn take(path: &Path, patience: Duration) -> Result<Self, OpenError> {
        let beside = beside(path).map_err(|error| OpenError::File(path.to_owned(), error))?;
        let until = Instant::now() + patience;
        let mut has_said = false;
        loop {
            let taken = try_to_take(&beside);
            if let Some(lock) = taken.map_err(|error| OpenError::File(beside.clone(), error))? {
                return Ok(lock);
            }
            if Instant::now() >= until {
                return Err(OpenError::Served(path.to_owned()));
            }
            if !has_said {
                has_said = true;
                tracing::warn!(
                    database = %path.display(),
                    seconds = patience.as_secs(),
                    "another collector serves this database: waiting for its end"
                );
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
    }

    /// Takes the lock if nobody holds it.
    ///
    /// # Errors
    /// The file beside the database cannot be opened.
    pub(super) fn try_for(path: &Path) -> io::Result<Option<Self>> {
        try_to_take(&beside(path)?)
    }
}

/// The lock's file. It stands beside the database's real path, so that all names of one database share it.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let mut name = path.canonicalize()?.into_os_string();
    name.push("-lock");
    Ok(name.into())
}

fn try_to_take(beside: &Path) -> io::Result<Option<Lock>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside)?;
    match file.try_lock() {
        // If the file was deleted meanwhile, the lock is worthless.
        Ok(()) => Ok(is_there(&file, beside).then_some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            tracing::warn!(
                "this file system has no locks: a second collector would not be noticed"
            );
            Ok(Some(Lock { _file: file }))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

/// On other systems an open file cannot be deleted.
#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}
