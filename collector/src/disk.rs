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

impl Disk {
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
