//! How much of what strangers can invent is counted and kept: the numbers, and who waits.
//!
//! An answer is kept as it was sent, whatever is in it. What it can be found and broken down by is
//! counted within these bounds, first come, or as the shop chooses; the survey's page and the report say
//! what was more.

use std::collections::HashMap;

use afterword_response::limits;

use crate::report::facts::PROPERTY;

/// The shop's own properties of a survey that are counted, unless the shop chooses which: as many as one
/// answer may have.
pub(crate) const MAX_PROPERTIES: usize = limits::PROPERTIES;
/// Ways of asking of a survey that are told apart.
pub(crate) const MAX_METHODS: usize = 200;
/// What stands for the shop's own properties where there are too many of them.
pub(crate) const PROPERTIES: &str = PROPERTY;
/// What stands for the ways of asking where there are too many of them.
pub(crate) const METHODS: &str = "method";

/// How many values of a facet are counted in a survey.
pub(crate) fn max_values(facet: &str) -> usize {
    match facet {
        "product" => 5_000,
        // There are fewer countries and languages; what strangers send need not be one.
        "country" => 300,
        "language" => 100,
        "customer" => 10,
        _ => 200,
    }
}

/// Surveys that appear by themselves with their first answer.
pub(crate) const MAX_BY_THEMSELVES: usize = 20;
/// Ids of surveys that may wait to be added.
const MAX_WAITING: usize = 200;
/// Answers that may wait with them.
const MAX_WAITING_ANSWERS: u64 = 1_000;
/// Bytes of those answers.
const MAX_WAITING_BYTES: u64 = 10 << 20;

/// The answers to surveys that wait to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// How many there are of each survey.
    pub(crate) surveys: HashMap<String, u64>,
    pub(crate) answers: u64,
    pub(crate) bytes: u64,
}

impl Waiting {
    /// Whether there is room for the first revision of another answer of that many bytes.
    pub(crate) fn has_room(&self, survey: &str, bytes: u64) -> bool {
        let is_listed = self.surveys.contains_key(survey) || self.surveys.len() < MAX_WAITING;
        is_listed && self.answers < MAX_WAITING_ANSWERS && self.fits(bytes)
    }

    /// Whether there is room for so many more bytes of answers that wait already.
    pub(crate) const fn fits(&self, bytes: u64) -> bool {
        self.bytes.saturating_add(bytes) <= MAX_WAITING_BYTES
    }

    pub(crate) fn add(&mut self, survey: &str, answers: u64, bytes: u64) {
        *self.surveys.entry(survey.to_owned()).or_default() += answers;
        self.answers += answers;
        self.bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_in_ids_answers_and_bytes() {
        let mut waiting = Waiting::default();
        for number in 0..200 {
            assert!(waiting.has_room(&number.to_string(), 100), "{number}");
            waiting.add(&number.to_string(), 1, 100);
        }
        assert!(!waiting.has_room("another", 100));
        assert!(waiting.has_room("7", 100), "one that waits already may go on");
        waiting.add("7", 799, 1);
        assert!(waiting.has_room("7", 100));
        waiting.add("7", 1, 1);
        assert!(!waiting.has_room("7", 100));

        let mut large = Waiting::default();
        large.add("a", 1, 10 << 20);
        assert!(large.has_room("a", 0) && !large.has_room("a", 1));
    }
}
