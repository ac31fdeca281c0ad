//! What can be said of the database as a file.

/// How a file's tables compare to this release's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// They are the same.
    Current,
    /// An older release made them; this one brings them up to date when it opens them.
    Older,
    /// A newer release made them, which this one cannot read.
    Newer,
    /// They are not a collector's.
    Foreign,
}

/// What was found in a file that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inspection {
    pub(crate) version: Version,
    /// What is not as it has to be, in the engine's words.
    pub(crate) faults: Vec<String>,
    /// How many responses there are; none in a foreign file.
    pub(crate) responses: u64,
}

/// Why a file could not be looked at or claimed, in the engine's words.
#[derive(Debug, thiserror::Error)]
#[error("SQLite says: {0}")]
pub(crate) struct Unusable(pub(super) String);
