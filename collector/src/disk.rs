//! How much room there is for the database, and how much it takes.

use std::{fs, io, path::Path};

/// Bytes of the database, and bytes that are free beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Disk {
    /// The file itself, without its log.
    pub(crate) database: u64,
    /// The log of what is not folded into the file yet.
    pub(crate) log: u64,
    /// What this user may still write; `None` where the system does not say.
    pub(crate) free: Option<u64>,
}

/// The least free space that is not warned about, however small the database: 200 MB.
const MIN_FREE_SPACE: u64 = 200 << 20;

impl Disk {
    /// Bytes of the database with its log.
    pub(crate) const fn size(self) -> u64 {
        self.database + self.log
    }

    /// Whether somebody should make room: a backup takes as much again as the database, and so does the tidying
    /// of its file.
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
