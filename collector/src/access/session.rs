//! How long a person stays signed in, and how long a one-time link works.

use jiff::{SignedDuration, Timestamp};

/// A session that nobody used for this long has ended.
pub(crate) const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session ends this long after signing in, used or not.
pub(crate) const SESSION_MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a one-time link works.
pub(crate) const LINK_WORKS: SignedDuration = SignedDuration::from_hours(72);

/// Which sessions are live at a moment: those used and opened after these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) used_after: Timestamp,
    pub(crate) opened_after: Timestamp,
}

impl Live {
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { used_after: now - SESSION_IDLE, opened_after: now - SESSION_MAX_AGE }
    }
}
