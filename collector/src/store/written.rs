//! The writer's figures.

/// What was written since the start, and how much waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Changes that wait to be written.
    pub(crate) waiting: u64,
    /// Transactions that were committed.
    pub(crate) commits: u64,
    /// Answers, displays and other changes in them.
    pub(crate) changes: u64,
}
