//! The score and its interval.
//!
//! The interval is the adjusted Wald interval for Net Promoter Scores: three answers are added (0.75
//! promoters, 0.75 detractors, 1.5 passives), and the ordinary interval of the sum is used. Brendan Rocks,
//! "Interval Estimation for the Net Promoter Score", The American Statistician 70 (2016), found it the best
//! of those compared; unlike the unadjusted one it does not shrink to zero width if all answers are equal.
//! The other measures here use the same adjusted spread, so that none claims certainty from a handful of
//! equal answers.

use serde::Serialize;

use crate::{MIN_ANSWERS_FOR_VERDICT, Z, count};

/// Answers that the adjustment adds to the promoters, and to the detractors; it adds twice that to the
/// passives.
const ADDED: f64 = 0.75;
/// Answers that the adjustment adds in all.
pub(crate) const ADDED_ANSWERS: f64 = 4.0 * ADDED;
/// The sum of their squares.
pub(crate) const ADDED_SQUARES: f64 = 2.0 * ADDED;

/// A closed interval, of points of a score or a difference, or of shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies between the bounds, or on one.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// `half` to either side of the centre, limited to ±`most`, and extended to `shown`: an interval always
    /// contains the figure that stands beside it.
    pub(crate) fn around(centre: f64, half: f64, most: f64, shown: f64) -> Self {
        Self {
            low: (centre - half).clamp(-most, most).min(shown),
            high: (centre + half).clamp(-most, most).max(shown),
        }
    }
}

/// Answers by segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Segments {
    /// Scores 9 and 10.
    pub promoters: u64,
    /// Scores 7 and 8.
    pub passives: u64,
    /// Scores 0 to 6.
    pub detractors: u64,
}

/// Answers by score, 0 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution(pub [u64; 11]);

impl Distribution {
    /// Adds the other's answers to these.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// The answers by segment.
    pub fn segments(&self) -> Segments {
        let [detractors @ .., seven, eight, nine, ten] = self.0;
        Segments {
            promoters: nine + ten,
            passives: seven + eight,
            detractors: detractors.iter().sum(),
        }
    }
}

/// The adjusted mean of answers that count 1, 0 or −1, and their variance; not in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adjusted {
    pub(crate) answers: f64,
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

impl Segments {
    /// The number of answers.
    pub fn answers(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// Adds the other's answers to these.
    pub fn add(&mut self, other: &Self) {
        self.promoters += other.promoters;
        self.passives += other.passives;
        self.detractors += other.detractors;
    }

    /// These answers minus the others.
    pub fn without(&self, others: &Self) -> Self {
        Self {
            promoters: self.promoters.saturating_sub(others.promoters),
            passives: self.passives.saturating_sub(others.passives),
            detractors: self.detractors.saturating_sub(others.detractors),
        }
    }

    /// The score; `None` without answers.
    pub fn nps(&self) -> Option<f64> {
        // One division at the end: 100 × 400 / 1000 is 40 exactly.
        let answers = self.answers();
        (answers > 0)
            .then(|| 100.0 * (count(self.promoters) - count(self.detractors)) / count(answers))
    }

    /// The interval of the score at 95 %, for the whole population that the answers come from; `None` without
    /// answers.
    pub fn interval(&self) -> Option<Interval> {
        let adjusted = self.adjusted_by(1.0);
        let half = 100.0 * Z * (adjusted.variance / adjusted.answers).sqrt();
        Some(Interval::around(100.0 * adjusted.mean, half, 100.0, self.nps()?))
    }

    /// Adjusted with a part, 0 to 1, of the added answers: a stratum gets its share.
    pub(crate) fn adjusted_by(&self, part: f64) -> Adjusted {
        let answers = count(self.answers()) + part * ADDED_ANSWERS;
        let promoters = (count(self.promoters) + part * ADDED) / answers;
        let detractors = (count(self.detractors) + part * ADDED) / answers;
        let mean = promoters - detractors;
        Adjusted { answers, mean, variance: promoters + detractors - mean * mean }
    }

    /// Whether each of the values −1, 0 and 1 occurs.
    pub(crate) fn seen(&self) -> [bool; 3] {
        [self.detractors, self.passives, self.promoters].map(|answers| answers > 0)
    }

    /// The lowest and the highest possible score if everybody who was asked had answered: all others as
    /// detractors, or all as promoters. `None` if nobody was asked.
    pub fn bounds(&self, asked: u64) -> Option<Interval> {
        let silent = asked.saturating_sub(self.answers());
        let worst = Self { detractors: self.detractors + silent, ..*self };
        let best = Self { promoters: self.promoters + silent, ..*self };
        Some(Interval { low: worst.nps()?, high: best.nps()? })
    }

    /// Whether there are enough answers for a verdict.
    pub fn is_enough(&self) -> bool {
        self.answers() >= MIN_ANSWERS_FOR_VERDICT
    }
}

/// Wilson's interval at 95 % of the share `part` / `whole`; `None` if `whole` is 0. It stays within 0 to 1
/// and does not shrink to zero width at either end.
pub fn share_interval(part: u64, whole: u64) -> Option<Interval> {
    (whole > 0).then(|| {
        let (n, square) = (count(whole), Z * Z);
        let share = count(part) / n;
        let centre = share + square / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let scale = 1.0 + square / n;
        Interval {
            low: ((centre - half) / scale).max(0.0),
            high: ((centre + half) / scale).min(1.0),
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn segments(promoters: u64, passives: u64, detractors: u64) -> Segments {
        Segments { promoters, passives, detractors }
    }

    /// `expected` is given to one decimal place.
    #[track_caller]
    fn about(value: f64, expected: f64) {
        assert!((value - expected).abs() < 0.0501, "{value} is not about {expected}");
    }

    #[test]
    fn shares_have_the_published_intervals() {
        // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine
        // 17 (1998), table I, method 3.
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = share_interval(part, whole).unwrap();
            assert!((interval.low - low).abs() < 5.1e-5, "{part} of {whole}: {interval:?}");
            assert!((interval.high - high).abs() < 5.1e-5, "{part} of {whole}: {interval:?}");
        }
        assert_eq!(share_interval(0, 0), None);
    }

    #[test]
    fn the_published_values_are_computed() {
        // Promoters, passives, detractors; score; interval, computed outside of this code.
        for ((promoters, passives, detractors), nps, low, high) in [
            ((60, 20, 20), 40.0, 23.4, 54.3),
            ((6, 2, 2), 40.0, -12.6, 74.1),
            ((10, 0, 0), 100.0, 47.5, 100.0),
            ((0, 0, 5), -100.0, -100.0, -17.5),
            ((12, 5, 8), 16.0, -17.7, 46.3),
            ((300, 100, 100), 40.0, 32.8, 46.8),
            ((600, 200, 200), 40.0, 34.9, 44.8),
        ] {
            let segments = segments(promoters, passives, detractors);
            assert_eq!(segments.nps(), Some(nps));
            let interval = segments.interval().unwrap();
            about(interval.low, low);
            about(interval.high, high);
        }
    }

    #[test]
    fn one_answer_lies_in_the_interval_beside_it() {
        // Unextended, the interval around one promoter ends at 98.5.
        assert_eq!(segments(1, 0, 0).interval().unwrap().high, 100.0);
        assert_eq!(segments(0, 0, 1).interval().unwrap().low, -100.0);
    }

    #[test]
    fn without_answers_there_is_no_figure() {
        let none = Segments::default();
        assert_eq!((none.nps(), none.interval(), none.bounds(0)), (None, None, None));
    }

    #[test]
    fn scores_fall_into_the_methods_segments() {
        let distribution = Distribution([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(distribution.segments(), segments(21, 17, 28));
    }

    #[test]
    fn more_silence_can_only_widen_the_bounds() {
        let bounds = segments(60, 20, 20).bounds(200).unwrap();
        assert_eq!(bounds, Interval { low: -30.0, high: 70.0 });
        let all_answered = segments(60, 20, 20).bounds(100).unwrap();
        assert_eq!(all_answered, Interval { low: 40.0, high: 40.0 });
        assert_eq!(Segments::default().bounds(7).unwrap(), Interval { low: -100.0, high: 100.0 });
    }

    fn any_segments(most: u64) -> impl Strategy<Value = Segments> {
        (0..most, 0..most, 0..most).prop_map(|(p, n, d)| segments(p, n, d))
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_score_and_narrows_with_answers(some in any_segments(10_000)) {
            prop_assume!(some.answers() > 0);
            let interval = some.interval().unwrap();
            prop_assert!(-100.0 <= interval.low && interval.low < interval.high);
            prop_assert!(interval.high <= 100.0 && interval.contains(some.nps().unwrap()));
            let many = segments(some.promoters * 9, some.passives * 9, some.detractors * 9);
            let narrower = many.interval().unwrap();
            prop_assert!(narrower.high - narrower.low < interval.high - interval.low);
            prop_assert_eq!(many.nps(), some.nps());
        }

        #[test]
        fn few_answers_lie_in_their_interval_too(some in any_segments(4)) {
            prop_assume!(some.answers() > 0);
            prop_assert!(some.interval().unwrap().contains(some.nps().unwrap()));
        }

        #[test]
        fn reversing_the_scale_reverses_the_figures(some in any_segments(500)) {
            prop_assume!(some.answers() > 0);
            let turned = segments(some.detractors, some.passives, some.promoters);
            let (interval, other) = (some.interval().unwrap(), turned.interval().unwrap());
            prop_assert!((interval.low + other.high).abs() < 1e-9);
            prop_assert_eq!(some.nps().map(|nps| -nps), turned.nps());
        }

        #[test]
        fn the_score_lies_between_its_bounds(some in any_segments(300), silent in 0_u64..500) {
            prop_assume!(some.answers() > 0);
            let bounds = some.bounds(some.answers() + silent).unwrap();
            prop_assert!(bounds.contains(some.nps().unwrap()));
        }
    }
}
