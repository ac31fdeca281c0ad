//! Files on their way from a browser into the database.

/// A file that waits, or what came of it.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) defaults: String,
    pub(crate) outcome: Option<String>,
    pub(crate) rejected: Option<Vec<u8>>,
}
