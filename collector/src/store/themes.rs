//! The shop's own themes and rules, as they are stored.

use crate::themes::Rule;

/// A stored rule.
#[derive(Clone, Debug)]
pub(crate) struct StoredRule {
    pub(crate) number: i64,
    pub(crate) rule: Rule,
}

/// The outcome of adding a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleAdded {
    Added,
    /// The rule exists already.
    Known,
    /// There are [`MAX_RULES`](crate::themes::MAX_RULES).
    NoRoom,
}

/// The outcome of adding or changing a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThemeSet {
    Set,
    /// Another theme has this name.
    Known,
    /// There are as many themes, or rules, as there may be.
    NoRoom,
    /// There is no such theme.
    Unknown,
}
