//! How long a person stays signed in, and how long a one-time link works.

use jiff::{SignedDuration, Timestamp};

/// A session ends if it is not used for this long.
pub(crate) const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session ends this long after signing in, used or not.
pub(crate) const SESSION_MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A one-time link stops working this long after it was made.
pub(crate) const LINK_WORKS: SignedDuration = SignedDuration::from_hours(72);

/// The sessions that are live at a moment: those last used and opened after these two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LiveSessions {
    pub(crate) used_after: Timestamp,
    pub(crate) opened_after: Timestamp,
}

impl LiveSessions {
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { used_after: now - SESSION_IDLE, opened_after: now - SESSION_MAX_AGE }
    }
}
