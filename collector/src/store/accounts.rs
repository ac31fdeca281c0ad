//! Who may sign in, who is signed in, and the links that work once.

use jiff::Timestamp;

use crate::access::{Role, secret::SecretHash};

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
}

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub(crate) struct SessionTimes {
    pub(crate) hash: SecretHash,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
}

/// What a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Creates the first admin.
    Setup,
    /// Creates a colleague of this role; the name is who was meant.
    Invitation { role: Role, name: String },
    /// Sets a new password for this account.
    Password(i64),
}

/// A one-time link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) id: i64,
    pub(crate) purpose: Purpose,
    pub(crate) expires_at: Timestamp,
}

/// What somebody says of themselves when they create their account.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount {
    pub(crate) login: String,
    pub(crate) name: String,
    /// In the PHC format.
    pub(crate) password: String,
}

/// What became of an attempt to use a link.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LinkOutcome {
    /// Done; the account.
    Done(i64),
    /// The link was used, revoked or has expired.
    Gone,
    /// Another account has that login.
    LoginTaken,
}

/// What became of a change to a colleague.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AccountChange {
    Done,
    Gone,
    /// Refused: nobody would be left to let others in.
    LastAdmin,
}
