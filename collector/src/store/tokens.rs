//! What programs show to be let in.

use jiff::Timestamp;

use crate::access::Scope;

/// A token, as far as it is known after it was shown.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    /// The name of whoever made it.
    pub(crate) created_by: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}
