//! The result of an import in numbers, as it is stored and shown.

use serde::{Deserialize, Serialize};

use super::run::Outcome;

/// The result of an import in numbers.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) added: u64,
    pub(crate) known: u64,
    pub(crate) erased: u64,
    pub(crate) rejected: u64,
}

impl Tally {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        Self {
            rows: outcome.rows,
            added: outcome.added,
            known: outcome.known,
            erased: outcome.erased,
            rejected: outcome.refused,
        }
    }
}
