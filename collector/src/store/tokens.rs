//! The tokens of programs.

use jiff::Timestamp;

use crate::access::Scope;

/// A token without its secret, which is shown only once.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    /// The name of the person who made it.
    pub(crate) created_by: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}
