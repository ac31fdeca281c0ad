//! What the writer has done so far.

/// What was written since the start, and what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// What waits for its turn now.
    pub(crate) waiting: u64,
    /// Transactions that were committed.
    pub(crate) commits: u64,
    /// Answers, displays and other changes in them.
    pub(crate) changes: u64,
}
