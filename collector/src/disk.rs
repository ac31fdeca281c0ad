//! The size of the database, and the free space for it.

use std::{fs, io, path::Path};

/// Bytes of the database, and free bytes on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Disk {
    /// The file itself, without its log.
    pub(crate) database: u64,
    /// The write-ahead log.
    pub(crate) log: u64,
    /// Bytes that this user may still write; `None` if the system does not tell.
    pub(crate) free: Option<u64>,
}

/// Bytes of free space (200 MB) below which we warn, however small the database is.
const MIN_FREE_SPACE: u64 = 200 << 20;

impl Disk {
    /// Bytes of the database with its log.
    pub(crate) const fn size(self) -> u64 {
        self.database + self.log
    }

    /// Whether the free space is too small: a backup needs as much again as the database, and so does a
    /// `VACUUM`.
    pub(crate) fn is_short(self) -> bool {
        self.free.is_some_and(|free| free < MIN_FREE_SPACE.max(2 * self.size()))
    }

    /// The disk of the database at `path`.
    ///
    /// # Errors
    /// Its free space cannot be read.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let size = |path: &Path| fs::metadata(path).map_or(0, |it| it.len());
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        Ok(Self {
            database: size(path),
            log: size(Path::new(&log)),
            free: free(folder.unwrap_or(Path::new(".")))?,
        })
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

#[cfg(not(unix))]
fn free(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}
