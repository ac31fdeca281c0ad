//! Errors of the database that do not depend on its engine.

use std::{error::Error as StdError, io, path::PathBuf};

/// The engine's own error.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// This release does not support the engine.
    #[error(
        "PostgreSQL is not supported in this release; \
         use SQLite, for example --database sqlite://afterword.db"
    )]
    Postgres,
    /// The text is no database address. It is not repeated, since it may hold a password.
    #[error(
        "the database address is not understood; write sqlite://FILE for a file in this folder \
         or sqlite:///FOLDER/FILE for one elsewhere"
    )]
    Address,
    /// The address names a database in memory, which would forget every answer.
    #[error("a database in memory keeps nothing; name a file, for example sqlite://afterword.db")]
    Memory,
    /// The file does not exist and cannot be created.
    #[error("the database file {} cannot be created; does its folder exist and may this user write there?", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The file does not exist, although it should.
    #[error("there is no database {}; name it with --database or DATABASE_URL", .0.display())]
    Missing(PathBuf),
    /// The file exists, but is no database, or cannot be read or written.
    #[error("the database {} cannot be opened; is it a SQLite file that this user may write?", .0.display())]
    Open(PathBuf, #[source] Cause),
    /// Another collector serves it.
    #[error(
        "another collector serves the database {}; stop that one first, or name another database \
         with --database", .0.display()
    )]
    Served(PathBuf),
    /// The tables could not be brought up to date.
    #[error("the database could not be brought up to date; was it written by a newer release?")]
    Migrate(#[source] Cause),
    /// The settings name an unknown time zone.
    #[error(transparent)]
    TimeZone(ZoneError),
    /// A setting could not be read or written.
    #[error("the database could not be read")]
    Store(#[from] StoreError),
    /// The stored hash of the admin token is damaged.
    #[error("the stored admin token is damaged; start with AFTERWORD_TOKEN to set another")]
    Token,
    /// The system gave no random numbers.
    #[error("the system has no random numbers to make an admin token of")]
    Random(#[source] getrandom::Error),
}

/// Why a time zone was not set.
#[derive(Debug, thiserror::Error)]
pub enum ZoneError {
    /// No zone has that name.
    #[error("{0} is not the name of a time zone; use one such as Europe/Berlin")]
    Unknown(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ZoneError> for OpenError {
    fn from(error: ZoneError) -> Self {
        match error {
            ZoneError::Unknown(_) => Self::TimeZone(error),
            ZoneError::Store(error) => Self::Store(error),
        }
    }
}

/// Why a read or a write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused, or could not be reached.
    #[error("the database failed")]
    Engine(#[source] Cause),
    /// A row holds values that no release writes, or a response could not be converted to a row.
    #[error("the response {id} cannot be converted")]
    Row {
        /// The response's id.
        id: String,
        /// The error of the conversion.
        #[source]
        cause: Cause,
    },
    /// A row of another table holds values that no release writes.
    #[error("{0} in the database cannot be read")]
    Unexpected(&'static str),
}

impl StoreError {
    pub(crate) const fn unexpected(what: &'static str) -> Self {
        Self::Unexpected(what)
    }

    /// The database did not answer in time.
    pub(crate) fn slow() -> Self {
        Self::Engine("it did not answer in time".into())
    }

    /// The database was closed: the collector is about to end.
    pub(crate) fn closed() -> Self {
        Self::Engine("it is closed".into())
    }

    /// The path no longer names the file that is open.
    pub(crate) fn replaced() -> Self {
        Self::Engine("the database file was deleted or replaced while it was open".into())
    }

    /// A copy of the error: several tasks may wait for one failed transaction.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Engine(cause) => Self::Engine(cause.to_string().into()),
            Self::Row { id, cause } => {
                Self::Row { id: id.clone(), cause: cause.to_string().into() }
            }
            Self::Unexpected(what) => Self::Unexpected(what),
        }
    }

    /// Whether trying again later may help: the database was locked, full or away.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Engine(_) => true,
            Self::Row { .. } | Self::Unexpected(_) => false,
        }
    }
}
