//! Who may do what: roles, and what each is allowed.

/// What a colleague may do. Each role may do everything the one below it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(dead_code, reason = "until colleagues can be invited")]
pub(crate) enum Role {
    /// Sees everything, changes nothing.
    Reader,
    /// Also works with answers: import, export, erasure, and surveys.
    Member,
    /// Also decides who else may: colleagues, tokens and settings.
    Admin,
}
