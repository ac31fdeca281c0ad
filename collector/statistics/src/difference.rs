//! The difference of two scores: whether it is more than chance, and how many answers are needed to recognise one.
//!
//! The test is Welch's, B. L. Welch, Biometrika 34 (1947), on the adjusted scores and with Student's
//! distribution. Answers are whole numbers, so a difference moves in steps, and chance alone reaches the step
//! beyond the limit more often than a smooth curve predicts. Therefore half a step is subtracted (the
//! continuity correction). Without it the error rate reaches 6.4 % for some numbers of answers; with it no
//! pair of sizes that `tests/verdicts.rs` enumerates exceeds 5.0 %.

use serde::Serialize;

use crate::{
    Interval, MIN_ANSWERS_FOR_VERDICT, Segments, Z, count,
    score::ADDED_ANSWERS,
    student::{normal, student},
};

/// The largest possible difference, in points.
const MAX_DIFFERENCE: f64 = 200.0;
/// The normal deviate for a power of 4 in 5.
const POWER: f64 = 0.841_621;
/// Answers to add on each side for the adjustment, which draws scores towards 0, and for Student's wider
/// limits: the effect of both for large numbers.
const EXTRA_ANSWERS: u64 = 5;
/// Iterations after which the detectable difference no longer changes.
const MAX_ITERATIONS: u32 = 20;
/// The smallest difference, in points, for which the number of needed answers is computed: a smaller one
/// takes tens of thousands of answers, and nobody acts on it.
const MIN_POINTS: f64 = 5.0;

/// Whether a difference is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Chance alone makes so large a difference in at most 1 of 20 cases.
    Real,
    /// Chance alone would explain it.
    CouldBeChance,
    /// Fewer than 30 answers on one side.
    TooFew,
    /// The question was asked in another way in between.
    NotComparable,
}

/// The difference of two scores, later minus earlier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Difference {
    /// In points of the score.
    pub points: f64,
    /// The interval at 95 %. It excludes zero exactly if `z` is above 1.96 or below −1.96.
    pub interval: Interval,
    /// The normal deviate that chance exceeds as seldom as this difference.
    pub z: f64,
    /// Whether it is real.
    pub verdict: Verdict,
}

/// The difference that these answers could have shown, and the number of answers that a smaller one needs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Power {
    /// A real difference of so many points would have been recognised in 4 of 5 cases.
    pub detectable: f64,
    /// A difference of so many points: the one that was seen, but at least 5.
    pub points: f64,
    /// The number of answers (for pairs: orders) on each side with which `points` would be recognised in 4 of 5 cases.
    pub answers: u64,
}

impl Difference {
    /// The difference of the scores of two groups of different people; `None` if one is empty.
    pub fn between(earlier: &Segments, later: &Segments) -> Option<Self> {
        Estimate::between(earlier, later).map(|it| it.difference(is_enough(earlier, later)))
    }

    /// The probability, 0 to 1, with which chance alone makes a difference at least as large.
    pub fn probability(&self) -> f64 {
        libm::erfc(self.z.abs() / std::f64::consts::SQRT_2)
    }
}

impl Power {
    /// For the difference of two groups of different people; `None` if one is empty.
    pub fn between(earlier: &Segments, later: &Segments) -> Option<Self> {
        let estimate = Estimate::between(earlier, later)?;
        let mut all = *earlier;
        all.add(later);
        let all = all.adjusted_by(1.0);
        let squares = all.variance + all.mean * all.mean;
        let sides = [earlier, later].map(|side| side.adjusted_by(1.0).answers - 1.0);
        // A real difference also changes the spread of the answers. So the error is that of the detectable
        // difference, which is found by iteration.
        let mut detectable = 0.0;
        for _ in 0..MAX_ITERATIONS {
            let moved = squares - (all.mean.abs() - detectable).powi(2);
            let error = (all.variance / sides[0] + moved.max(all.variance) / sides[1]).sqrt();
            detectable = estimate.detectable(error);
        }
        Some(estimate.power(detectable))
    }
}

fn is_enough(earlier: &Segments, later: &Segments) -> bool {
    earlier.answers().min(later.answers()) >= MIN_ANSWERS_FOR_VERDICT
}

/// A difference with the numbers for its verdict, as means of values −2 to 2, not in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    /// The observed difference.
    pub(crate) seen: f64,
    /// The difference of the adjusted means.
    pub(crate) adjusted: f64,
    /// The standard error of that.
    pub(crate) error: f64,
    /// Degrees of freedom.
    pub(crate) freedom: f64,
    /// Half of the smallest step by which the difference moves: that of one answer by [`gap`](Self::gap).
    pub(crate) half_step: f64,
    /// The variance of one answer, both sides added.
    pub(crate) variance: f64,
    /// The smallest step between observed values, by the function `gap`.
    pub(crate) gap: f64,
    /// The answers of the smaller side.
    pub(crate) fewest: f64,
}

impl Estimate {
    fn between(earlier: &Segments, later: &Segments) -> Option<Self> {
        Self::weighted(earlier, later, 1.0)
    }

    /// The difference in a stratum, with its share of the adjustment's answers.
    pub(crate) fn weighted(earlier: &Segments, later: &Segments, share: f64) -> Option<Self> {
        let seen = (later.nps()? - earlier.nps()?) / 100.0;
        let sides = [earlier, later].map(|side| side.adjusted_by(share));
        let [(first, first_freedom), (second, second_freedom)] =
            sides.map(|side| (side.variance / (side.answers - 1.0), side.answers - 1.0));
        let gap = gap(&either(earlier.seen(), later.seen()));
        let fewest = count(earlier.answers().min(later.answers()));
        Some(Self {
            seen,
            adjusted: sides[1].mean - sides[0].mean,
            error: (first + second).sqrt(),
            // Welch and Satterthwaite.
            freedom: (first + second).powi(2)
                / (first * first / first_freedom + second * second / second_freedom),
            half_step: gap / 2.0 / fewest,
            variance: sides[0].variance + sides[1].variance,
            gap,
            fewest,
        })
    }

    pub(crate) fn difference(&self, is_enough: bool) -> Difference {
        let beyond = (self.adjusted.abs() - self.half_step).max(0.0);
        let z = normal((beyond / self.error).copysign(self.adjusted), self.freedom);
        let verdict = match (is_enough, z.abs() > Z) {
            (false, _) => Verdict::TooFew,
            (true, true) => Verdict::Real,
            (true, false) => Verdict::CouldBeChance,
        };
        let points = 100.0 * self.seen;
        let half = 100.0 * self.half_width();
        let interval = Interval::around(100.0 * self.adjusted, half, MAX_DIFFERENCE, points);
        Difference { points, interval, z, verdict }
    }

    fn half_width(&self) -> f64 {
        student(Z, self.freedom) * self.error + self.half_step
    }

    /// The difference that is called real in 4 of 5 cases, for a standard error of `error`.
    pub(crate) fn detectable(&self, error: f64) -> f64 {
        let adjusted = (student(Z, self.freedom) + POWER) * error + self.half_step;
        // The adjustment draws it towards zero.
        adjusted * (1.0 + ADDED_ANSWERS / self.fewest)
    }

    pub(crate) fn power(&self, detectable: f64) -> Power {
        let points = (100.0 * self.seen.abs()).max(MIN_POINTS);
        // With n answers a side, (Z + POWER) × √(variance / n) + gap / 2n is to be the difference.
        let spread = (Z + POWER) * self.variance.sqrt();
        let difference = points / 100.0;
        let root =
            2.0 * difference / (spread + (spread * spread + 2.0 * self.gap * difference).sqrt());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most some ten thousands: the difference is 5 points or more"
        )]
        let answers = root.powi(-2).ceil() as u64 + EXTRA_ANSWERS;
        Power {
            detectable: (100.0 * detectable).min(MAX_DIFFERENCE),
            points,
            answers: answers.max(MIN_ANSWERS_FOR_VERDICT),
        }
    }
}

/// The values that occur on either side.
fn either<const N: usize>(one: [bool; N], other: [bool; N]) -> [bool; N] {
    std::array::from_fn(|index| one[index] || other[index])
}

/// The smallest step by which a sum of values moves if only these of several values in a row occur; 0 if
/// only one occurs.
pub(crate) fn gap(seen: &[bool]) -> f64 {
    let values = || seen.iter().enumerate().filter(|(_, seen)| **seen).map(|(index, _)| index);
    let first = values().next().unwrap_or_default();
    count(values().fold(0, |gap, value| greatest_divisor(gap, (value - first) as u64)))
}

fn greatest_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::segments;

    #[test]
    fn a_difference_needs_answers_on_both_sides() {
        let none = Segments::default();
        assert_eq!(Difference::between(&none, &segments(9, 0, 0)), None);
        assert_eq!(Difference::between(&segments(9, 0, 0), &none), None);
    }

    #[test]
    fn a_verdict_needs_thirty_answers_on_both_sides() {
        let verdict = |earlier: &Segments, later: &Segments| {
            Difference::between(earlier, later).unwrap().verdict
        };
        let (all_bad, all_good) = (segments(0, 0, 30), segments(30, 0, 0));
        assert_eq!(verdict(&all_bad, &all_good), Verdict::Real);
        assert_eq!(verdict(&segments(0, 0, 29), &all_good), Verdict::TooFew);
        assert_eq!(verdict(&all_bad, &segments(29, 0, 0)), Verdict::TooFew);
        assert_eq!(verdict(&segments(15, 0, 15), &segments(16, 0, 14)), Verdict::CouldBeChance);
    }

    #[test]
    fn a_difference_is_as_computed_by_hand() {
        // Adjusted: 103 answers, 60.75/21.5/20.75 and 50.75/21.5/30.75: means 40/103 and 20/103,
        // variances 0.640447 and 0.753558, each over 102; degrees of freedom 202.67; half a step of
        // 0.5/100.
        let difference = Difference::between(&segments(60, 20, 20), &segments(50, 20, 30)).unwrap();
        assert_eq!(difference.points, -20.0);
        let t: f64 = (20.0 / 103.0 - 0.005) / ((0.640_447_f64 + 0.753_558) / 102.0).sqrt();
        assert!((t - 1.618_2).abs() < 1e-4, "{t}");
        // From a table: t of 1.6182 with 203 degrees of freedom is as unlikely as z of 1.6110.
        assert!((difference.z + 1.611_0).abs() < 2e-4, "{}", difference.z);
        assert_eq!(difference.verdict, Verdict::CouldBeChance);
        assert!((difference.probability() - 0.107_2).abs() < 5e-4);
        // 19.417 points to either side of which 1.97174 standard errors of 11.690 and half a step lie.
        assert!((difference.interval.low + 42.967).abs() < 0.01, "{difference:?}");
        assert!((difference.interval.high - 4.132).abs() < 0.01, "{difference:?}");
    }

    #[test]
    fn sums_move_by_the_gap_between_the_occurring_values() {
        for (seen, expected) in [
            (&[true, true, true][..], 1.0),
            (&[true, false, true], 2.0),
            (&[false, true, true], 1.0),
            (&[false, false, true], 0.0),
            (&[false; 3], 0.0),
            (&[true, false, false, false, true], 4.0),
            (&[true, false, true, false, true], 2.0),
            (&[true, false, false, true, false], 3.0),
        ] {
            assert_eq!(gap(seen), expected, "{seen:?}");
        }
    }

    #[test]
    fn the_detectable_difference_shrinks_with_answers() {
        let few = Power::between(&segments(18, 6, 6), &segments(17, 6, 7)).unwrap();
        let many = Power::between(&segments(1800, 600, 600), &segments(1700, 600, 700)).unwrap();
        assert!((60.0..70.0).contains(&few.detectable), "{few:?}");
        assert!((5.0..6.5).contains(&many.detectable), "{many:?}");
        // 6.7 points, the same spread: (2.80 / 0.0667)² × 1.33.
        assert!((2_200..2_500).contains(&few.answers), "{few:?}");
        // Equal scores: no number of answers could show a difference.
        let alike = Power::between(&segments(60, 20, 20), &segments(60, 20, 20)).unwrap();
        assert_eq!(alike.points, 5.0);
    }

    fn any_segments(most: u64) -> impl Strategy<Value = Segments> {
        (0..most, 0..most, 0..most).prop_map(|(p, n, d)| segments(p, n, d))
    }

    proptest! {
        #[test]
        fn the_interval_excludes_zero_exactly_if_a_difference_is_real(
            earlier in any_segments(300), later in any_segments(300)
        ) {
            prop_assume!(earlier.answers() > 0 && later.answers() > 0);
            let difference = Difference::between(&earlier, &later).unwrap();
            prop_assert_eq!(difference.z.abs() <= Z, difference.interval.contains(0.0));
            prop_assert_eq!(difference.z.abs() > Z, difference.probability() < 0.049_995_7);
            prop_assert!(difference.interval.contains(difference.points));
            let back = Difference::between(&later, &earlier).unwrap();
            prop_assert_eq!(back.points, -difference.points);
            prop_assert_eq!(back.z, -difference.z);
        }

        #[test]
        fn an_undetectable_difference_is_not_called_real(
            earlier in any_segments(200), later in any_segments(200)
        ) {
            prop_assume!(earlier.answers() > 0 && later.answers() > 0);
            let difference = Difference::between(&earlier, &later).unwrap();
            let power = Power::between(&earlier, &later).unwrap();
            prop_assert!(power.detectable > 0.0 && power.points >= 5.0);
            prop_assert!(power.answers >= MIN_ANSWERS_FOR_VERDICT);
            if difference.points.abs() >= 1.2 * power.detectable {
                prop_assert!(difference.z.abs() > Z);
            }
        }
    }
}
