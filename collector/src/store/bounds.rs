//! Limits on values that strangers can invent, and the answers to surveys that wait to be added.
//!
//! An answer is stored as it was sent. The values by which it can be found and broken down are counted only
//! within these limits: the first ones, or the ones that the shop chooses. The survey's page and the report
//! name the facets that have more.

use std::collections::HashMap;

use afterword_response::limits;

use crate::report::facts::PROPERTY;

/// Properties of a survey that are counted, unless the shop chooses which: as many as one answer may have.
pub(crate) const MAX_PROPERTIES: usize = limits::PROPERTIES;
/// Methods of a survey that are distinguished.
pub(crate) const MAX_METHODS: usize = 200;
/// The name for properties in the list of facets that have too many values.
pub(crate) const PROPERTIES: &str = PROPERTY;
/// The name for methods in that list.
pub(crate) const METHODS: &str = "method";

/// The number of values of a facet that are counted in a survey.
pub(crate) fn max_values(facet: &str) -> usize {
    match facet {
        "product" => 5_000,
        // There are fewer countries and languages, but strangers can send others.
        "country" => 300,
        "language" => 100,
        "customer" => 10,
        _ => 200,
    }
}

/// Surveys that are added automatically with their first answer.
pub(crate) const MAX_AUTOMATIC_SURVEYS: usize = 20;
/// Surveys that may wait to be added.
const MAX_WAITING_SURVEYS: usize = 200;
/// Answers that may wait with them.
const MAX_WAITING_ANSWERS: u64 = 1_000;
/// Bytes of those answers.
const MAX_WAITING_BYTES: u64 = 10 << 20;

/// The answers to surveys that wait to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The number of answers to each survey.
    pub(crate) surveys: HashMap<String, u64>,
    pub(crate) answers: u64,
    pub(crate) bytes: u64,
}

impl Waiting {
    /// Whether there is room for another answer of that many bytes.
    pub(crate) fn has_room(&self, survey: &str, bytes: u64) -> bool {
        let is_listed =
            self.surveys.contains_key(survey) || self.surveys.len() < MAX_WAITING_SURVEYS;
        is_listed && self.answers < MAX_WAITING_ANSWERS && self.fits(bytes)
    }

    /// Whether there is room for so many more bytes in revisions of answers that wait already.
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
    fn waiting_answers_are_bounded_in_ids_number_and_bytes() {
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
