//! Files that a browser uploaded for an import.

/// A file that waits to be imported, or the result of its import.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) defaults: String,
    pub(crate) outcome: Option<String>,
    pub(crate) rejected: Option<Vec<u8>>,
}
