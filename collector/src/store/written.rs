//! The writer's figures.

/// The number of writes since the start, and of waiting ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WriterFigures {
    /// Changes that wait to be written.
    pub(crate) waiting: u64,
    /// Transactions that were committed.
    pub(crate) commits: u64,
    /// Answers, displays and other changes in them.
    pub(crate) changes: u64,
}
