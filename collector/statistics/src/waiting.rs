//! Estimates how long customers wait for a reply, including those who still wait.
//!
//! The estimate is that of Edward Kaplan and Paul Meier, Journal of the American Statistical Association 53 (1958): for each
//! hour, it takes the customers who have waited for that long, and the share of them who get a reply in the next hour. The
//! product of the remaining shares is the share of customers who wait longer. Customers who still wait count for as long as
//! they have waited. (A mean over replies alone would look better the more customers are left waiting.)

use std::collections::BTreeMap;

use crate::{Z, count};

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
    steps: Vec<Step>,
}

/// An hour in which at least one case was answered.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    hours: u32,
    /// The share that waits longer.
    share: f64,
    /// Greenwood's sum: the variance of the logarithm of the share.
    variance: f64,
}

/// The hours within which half of all cases are answered, with their uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfWithin {
    /// `None` if fewer than half were answered.
    pub hours: Option<u32>,
    /// The lower end of the 95 % interval; `None` if the cases show none.
    pub low: Option<u32>,
    /// The upper end; `None` if it is open: too few were answered to say.
    pub high: Option<u32>,
}

impl Waits {
    /// The estimate from all cases, by the hours that they have waited.
    #[must_use]
    pub fn of(waited: &BTreeMap<u32, WaitingHour>) -> Self {
        let cases: u64 = waited.values().map(|it| it.answered + it.left).sum();
        let (mut waiting, mut share, mut variance) = (cases, 1.0, 0.0);
        let mut steps = Vec::new();
        for (hours, WaitingHour { answered, left }) in waited {
            if *answered > 0 {
                share *= 1.0 - count(*answered) / count(waiting);
                variance += count(*answered) / (count(waiting) * count(waiting - answered));
                steps.push(Step { hours: *hours, share, variance });
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

    /// The number of hours within which half of all cases are answered, with its 95 % interval. The interval contains the
    /// hours at which a test would not reject that half are answered (Ron Brookmeyer and John Crowley, Biometrics 38
    /// (1982)), by the variance of Greenwood on the scale of log(-log), as `survfit` of R computes with
    /// `conf.type = "log-log"`.
    #[must_use]
    pub fn half_within(&self) -> HalfWithin {
        let first = |is_there: &dyn Fn(&Step) -> bool| {
            self.steps.iter().find(|step| is_there(step)).map(|step| step.hours + 1)
        };
        // A product may exceed 0.5 by a rounding error.
        let half = 0.5 + 1e-12;
        HalfWithin {
            hours: first(&|step| step.share <= half),
            low: first(&|step| step.bound(1.0) <= half),
            high: first(&|step| step.bound(-1.0) <= half),
        }
    }
}

impl Step {
    /// An end of the share's 95 % interval: the lower one for 1, the upper one for -1.
    fn bound(&self, sign: f64) -> f64 {
        let log = -self.share.ln();
        // Once all are answered, the scale has no value; then nothing is said.
        if !log.is_finite() || log <= 0.0 {
            return if sign > 0.0 { 0.0 } else { 1.0 };
        }
        (-log * (sign * Z * self.variance.sqrt() / log).exp()).exp()
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
        assert_eq!((all.cases(), all.answered(), all.half_within().hours), (4, 4, Some(5)));
        assert_eq!(waits(&[]).half_within(), HalfWithin { hours: None, low: None, high: None });
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
        for (step, expected) in waits.steps.iter().zip(expected) {
            assert!((step.share - expected).abs() < 0.0005, "{step:?}");
        }
        // The standard errors at 6 and at 23 weeks.
        let error = |step: &Step| step.share * step.variance.sqrt();
        assert!((error(&waits.steps[0]) - 0.0764).abs() < 0.0001);
        assert!((error(&waits.steps[6]) - 0.1346).abs() < 0.0001);
        // In Venables and Ripley, Modern Applied Statistics with S: 23 weeks, from 13 to no end. The hour that ends after
        // 23 hours is the 24th.
        let half = HalfWithin { hours: Some(24), low: Some(14), high: None };
        assert_eq!(waits.half_within(), half);
    }

    /// The other 21 patients of the same trial, who all relapsed: 8 weeks, from 4 to 11, in the same book.
    #[test]
    fn the_interval_equals_the_textbooks() {
        let known = [
            (1, 2, 0),
            (2, 2, 0),
            (3, 1, 0),
            (4, 2, 0),
            (5, 2, 0),
            (8, 4, 0),
            (11, 2, 0),
            (12, 2, 0),
            (15, 1, 0),
            (17, 1, 0),
            (22, 1, 0),
            (23, 1, 0),
        ];
        let half = HalfWithin { hours: Some(9), low: Some(5), high: Some(12) };
        assert_eq!(waits(&known).half_within(), half);
    }

    #[test]
    fn waiting_customers_make_the_estimate_longer() {
        let answered = [(2, 5, 0)];
        let hours = |waited| waits(waited).half_within().hours;
        assert_eq!(hours(&answered), Some(3));
        assert_eq!(hours(&[(2, 5, 0), (100, 0, 20)]), None, "most still wait");
        assert_eq!(hours(&[(1, 0, 20), (2, 5, 0)]), Some(3), "those came just now");
    }
}
