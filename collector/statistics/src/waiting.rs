//! Estimates how long customers wait for a reply, including those who still wait.
//!
//! The estimate is that of Edward Kaplan and Paul Meier, Journal of the American Statistical Association 53 (1958): for each
//! hour, it takes the customers who have waited for that long, and the share of them who get a reply in the next hour. The
//! product of the remaining shares is the share of customers who wait longer. Customers who still wait count for as long as
//! they have waited. (A mean over replies alone would look better the more customers are left waiting.)

use std::collections::BTreeMap;

use crate::count;

/// Cases that waited for so many whole hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingHour {
    /// The number of cases that were answered then.
    pub answered: u64,
    /// The number of cases about which no more is known: they still wait, or were closed without a reply.
    pub left: u64,
}

/// The shares that wait longer than each number of hours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    cases: u64,
    answered: u64,
    /// The hours in which at least one case was answered, each with the share that waits longer.
    steps: Vec<(u32, f64)>,
}

impl Waits {
    /// The estimate from all cases, by the hours that they have waited.
    #[must_use]
    pub fn of(waited: &BTreeMap<u32, WaitingHour>) -> Self {
        let cases: u64 = waited.values().map(|it| it.answered + it.left).sum();
        let (mut waiting, mut share, mut steps) = (cases, 1.0, Vec::new());
        for (hours, WaitingHour { answered, left }) in waited {
            if *answered > 0 {
                share *= 1.0 - count(*answered) / count(waiting);
                steps.push((*hours, share));
            }
            waiting -= answered + left;
        }
        Self { cases, answered: waited.values().map(|it| it.answered).sum(), steps }
    }

    /// The number of cases.
    #[must_use]
    pub const fn cases(&self) -> u64 {
        self.cases
    }

    /// The number of answered cases.
    #[must_use]
    pub const fn answered(&self) -> u64 {
        self.answered
    }

    /// The number of hours within which half of all cases are answered; `None` if fewer than half were answered.
    #[must_use]
    pub fn half_within(&self) -> Option<u32> {
        // A product may exceed 0.5 by a rounding error.
        let half = 0.5 + 1e-12;
        self.steps.iter().find(|(_, share)| *share <= half).map(|(hours, _)| hours + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(waited: &[(u32, u64, u64)]) -> Waits {
        let waited = waited.iter().map(|(hours, answered, left)| {
            (*hours, WaitingHour { answered: *answered, left: *left })
        });
        Waits::of(&waited.collect())
    }

    #[test]
    fn without_waiting_customers_it_is_the_median() {
        let all = waits(&[(1, 1, 0), (4, 1, 0), (9, 1, 0), (30, 1, 0)]);
        assert_eq!((all.cases(), all.answered(), all.half_within()), (4, 4, Some(5)));
        assert_eq!(waits(&[]).half_within(), None);
    }

    /// Twenty-one patients under 6-MP (Freireich and others, 1963), of whom nine relapsed, as textbooks compute them. The
    /// shares at 6, 7, 10, 13, 16, 22 and 23 weeks are 0.857, 0.807, 0.753, 0.690, 0.627, 0.538 and 0.448.
    #[test]
    fn it_equals_the_textbooks_estimate() {
        let known = [
            (6, 3, 1),
            (7, 1, 0),
            (9, 0, 1),
            (10, 1, 1),
            (11, 0, 1),
            (13, 1, 0),
            (16, 1, 0),
            (17, 0, 1),
            (19, 0, 1),
            (20, 0, 1),
            (22, 1, 0),
            (23, 1, 0),
            (25, 0, 1),
            (32, 0, 2),
            (34, 0, 1),
            (35, 0, 1),
        ];
        let waits = waits(&known);
        assert_eq!((waits.cases(), waits.answered()), (21, 9));
        let expected = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
        assert_eq!(waits.steps.len(), expected.len());
        for ((hours, share), expected) in waits.steps.iter().zip(expected) {
            assert!((share - expected).abs() < 0.0005, "{hours}: {share}");
        }
        assert_eq!(waits.half_within(), Some(24));
    }

    #[test]
    fn waiting_customers_make_the_estimate_longer() {
        let answered = [(2, 5, 0)];
        assert_eq!(waits(&answered).half_within(), Some(3));
        assert_eq!(waits(&[(2, 5, 0), (100, 0, 20)]).half_within(), None, "most still wait");
        assert_eq!(waits(&[(1, 0, 20), (2, 5, 0)]).half_within(), Some(3), "those came just now");
    }
}
