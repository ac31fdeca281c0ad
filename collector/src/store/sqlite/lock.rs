//! The lock that keeps a second collector off a database.
//!
//! SQLite lets several programs write to one file, and the command line relies on that. Two collectors are
//! another matter: each would count a customer's budget by itself and remember what the other has changed.
//! So the one that serves holds a lock of the system, which goes with its process however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::store::OpenError;

/// How often a collector that waits for its predecessor's end looks again.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Held by the collector that serves a database.
///
/// The lock is on an empty file beside the database: closing any descriptor of the database itself would take
/// SQLite's own locks off it. The file stays when the lock is gone; deleting it could hand the lock to two.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the database at `path`, which has to be there. Waits for up to `patience` for a
    /// collector that holds it: the successor of one that is about to end.
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
            tokio::time::sleep(LOOK_EVERY).await;
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

/// The lock's file. By the database's real path: two names of one database are one database.
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
        // One that was deleted meanwhile locks nothing.
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

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}
