//! The state of the database's file.

/// The version of a file's tables, compared to this release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// This release's tables.
    Current,
    /// An older release made them; this one brings them up to date when it opens them.
    Older,
    /// A newer release made them, which this one cannot read.
    Newer,
    /// Not a collector's database.
    Foreign,
}

/// The result of the inspection of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inspection {
    pub(crate) version: Version,
    /// The faults, in the engine's words.
    pub(crate) faults: Vec<String>,
    /// The number of responses; 0 in a foreign file.
    pub(crate) responses: u64,
}

/// Why a file could not be inspected or claimed, in the engine's words.
#[derive(Debug, thiserror::Error)]
#[error("SQLite says: {0}")]
pub(crate) struct FileFault(pub(super) String);
