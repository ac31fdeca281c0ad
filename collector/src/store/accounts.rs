//! Accounts, sessions and one-time links.

use jiff::Timestamp;

use crate::access::{Role, secret::SecretHash};

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
}

/// When a session was opened and last used.
#[derive(Clone, Debug)]
pub(crate) struct SessionTimes {
    pub(crate) hash: SecretHash,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
}

/// The purpose of a one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Creates the first admin.
    Setup,
    /// Creates an account with this role; `name` is the person whom the link is meant for.
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

/// The fields that a person fills in to create their account.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount {
    pub(crate) login: String,
    pub(crate) name: String,
    /// The password's hash, in the PHC format.
    pub(crate) password: String,
}

/// The outcome of an attempt to use a link.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LinkOutcome {
    /// The link was used; the account's number.
    Done(i64),
    /// The link was used, revoked or has expired.
    Gone,
    /// Another account has that login.
    LoginTaken,
}

/// The outcome of a change to an account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AccountChange {
    Done,
    Gone,
    /// Refused: it would leave no admin.
    LastAdmin,
}
