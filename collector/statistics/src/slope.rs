//! Tests whether scores slide: a change too slow for a single step to stand out.
//!
//! Nathan Mantel's extension test for trend, Journal of the American Statistical Association 58 (1963): if
//! chance alone distributed the answers of a stratum over its days, the sum of day × answer would have a
//! known variance; sums and variances of several strata add up. All answers have the same weight, whatever
//! the length of the steps on the page, and days without answers do no harm. Changes that are no slide
//! separate strata: another way of asking, a jump, another touchpoint.

use serde::Serialize;

use crate::{Interval, MIN_ANSWERS_FOR_VERDICT, Segments, Verdict, Z, count};

/// The smallest number of days with answers: with fewer days the test would be too coarse.
const MIN_DAYS: usize = 7;

/// Comparable answers, by day. A day may occur more than once.
pub type Stratum = Vec<(i32, Segments)>;

/// How the score slid over a period: the straight line that fits its answers best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Slope {
    /// Points of the score from the period's first day to its last, along the line.
    pub points: f64,
    /// The interval at 95 %. It excludes zero exactly if `z` is above 1.96 or below −1.96.
    pub interval: Interval,
    /// The normal deviate that chance exceeds as seldom as this slope.
    pub z: f64,
    /// Whether it is real.
    pub verdict: Verdict,
}

impl Slope {
    /// The slope of all strata together, over a period of so many days. `None` if no stratum has answers
    /// from two days, or all answers are equal.
    pub fn over(days: i32, strata: &[Stratum]) -> Option<Self> {
        let (mut answers, mut score, mut spread, mut variance) = (0, 0.0, 0.0, 0.0);
        let mut seen = 0;
        for stratum in strata {
            let Some(sums) = Sums::of(stratum) else { continue };
            answers += sums.answers;
            seen += sums.days;
            score += sums.products;
            spread += sums.days_squared;
            variance += sums.days_squared * sums.scores_squared / (count(sums.answers) - 1.0);
        }
        if variance <= 0.0 {
            return None;
        }
        let z = score / variance.sqrt();
        let whole = 100.0 * f64::from((days - 1).max(1)) / spread;
        let (points, error) = (score * whole, variance.sqrt() * whole);
        let verdict = match (answers >= MIN_ANSWERS_FOR_VERDICT && seen >= MIN_DAYS, z.abs() > Z) {
            (false, _) => Verdict::TooFew,
            (true, true) => Verdict::Real,
            (true, false) => Verdict::CouldBeChance,
        };
        let interval = Interval { low: points - Z * error, high: points + Z * error };
        Some(Self { points, interval, z, verdict })
    }
}

/// A stratum's contribution to the test.
struct Sums {
    answers: u64,
    /// The number of different days.
    days: usize,
    /// Sums of squares and products of the deviations from the means of the stratum.
    days_squared: f64,
    scores_squared: f64,
    products: f64,
}

impl Sums {
    fn of(stratum: &Stratum) -> Option<Self> {
        let mut all = Segments::default();
        let mut different: Vec<i32> = Vec::new();
        // Counted from the first day, since squares of days since 1970 would drown the differences.
        let first = stratum.iter().map(|(day, _)| *day).min()?;
        let (mut days, mut days_squared, mut products) = (0.0, 0.0, 0.0);
        for (day, segments) in stratum {
            let (x, answers) = (f64::from(day - first), count(segments.answers()));
            days += x * answers;
            days_squared += x * x * answers;
            products += x * (count(segments.promoters) - count(segments.detractors));
            all.add(segments);
            if segments.answers() > 0 {
                different.push(*day);
            }
        }
        different.sort_unstable();
        different.dedup();
        let answers = count(all.answers());
        let sum = count(all.promoters) - count(all.detractors);
        (different.len() > 1).then(|| Self {
            answers: all.answers(),
            days: different.len(),
            days_squared: days_squared - days * days / answers,
            scores_squared: count(all.promoters + all.detractors) - sum * sum / answers,
            products: products - days * sum / answers,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::segments;

    #[test]
    fn the_slope_is_as_computed_by_hand() {
        // Four days with two answers each: −1 −1, −1 1, −1 1, 1 1. Means 1.5 and 0; squares 10 and 8;
        // products 2 × (1.5 + 1.5) = 6. Variance 10 × 8 / 7.
        let days = [(5, 0, 2), (6, 1, 1), (7, 1, 1), (8, 2, 0)];
        let stratum: Stratum = days
            .map(|(day, promoters, detractors)| (day, segments(promoters, 0, detractors)))
            .to_vec();
        let slope = Slope::over(4, &[stratum]).unwrap();
        assert!((slope.z - 6.0 / (80.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        // 0.6 a day.
        assert!((slope.points - 180.0).abs() < 1e-9);
        assert_eq!(slope.verdict, Verdict::TooFew);
    }

    #[test]
    fn a_slide_is_found_although_no_week_shows_it() {
        // Ten weeks of 30 answers, from 18 promoters and 6 detractors to the reverse: 5.4 points a week.
        let weeks: Vec<Segments> = (0..10)
            .map(|week| {
                let lost = (f64::from(week) * 8.1 / 9.0).round() as u64;
                segments(18 - lost, 6, 6 + lost)
            })
            .collect();
        for pair in weeks.windows(2) {
            let step = crate::Difference::between(&pair[0], &pair[1]).unwrap();
            assert_eq!(step.verdict, Verdict::CouldBeChance);
        }
        let stratum: Stratum =
            (0..).zip(&weeks).map(|(week, segments)| (20_000 + 7 * week, *segments)).collect();
        let slope = Slope::over(70, &[stratum]).unwrap();
        assert_eq!(slope.verdict, Verdict::Real);
        assert!((-65.0..-50.0).contains(&slope.points), "{slope:?}");
        assert!(slope.interval.high < 0.0);
    }

    #[test]
    fn a_jump_between_strata_is_not_a_slide() {
        let days = |from: i32, promoters: u64| -> Stratum {
            (from..from + 20).map(|day| (day, segments(promoters, 2, 8 - promoters))).collect()
        };
        let apart = Slope::over(40, &[days(0, 7), days(20, 2)]).unwrap();
        assert!(apart.z.abs() < 1e-9, "{apart:?}");
        let together: Stratum = [days(0, 7), days(20, 2)].concat();
        assert_eq!(Slope::over(40, &[together]).unwrap().verdict, Verdict::Real);
    }

    #[test]
    fn without_days_or_differences_there_is_no_slope() {
        assert_eq!(Slope::over(9, &[]), None);
        assert_eq!(Slope::over(9, &[vec![(3, segments(20, 0, 20))]]), None);
        let alike = (0..9).map(|day| (day, segments(20, 0, 0))).collect();
        assert_eq!(Slope::over(9, &[alike]), None);
        let few_days = (0..6).map(|day| (day, segments(day as u64, 4, 9))).collect();
        assert_eq!(Slope::over(9, &[few_days]).unwrap().verdict, Verdict::TooFew);
    }

    proptest! {
        #[test]
        fn the_order_and_the_origin_of_days_do_not_matter(
            days in prop::collection::vec((0..90_i32, 0..9_u64, 0..9_u64, 0..9_u64), 2..40),
            offset in 0..25_000_i32
        ) {
            let at = |offset: i32| -> Stratum {
                days.iter().map(|(day, p, n, d)| (day + offset, segments(*p, *n, *d))).collect()
            };
            let mut turned = at(offset);
            turned.reverse();
            match (Slope::over(90, &[at(0)]), Slope::over(90, &[turned])) {
                (Some(one), Some(other)) => {
                    prop_assert!((one.z - other.z).abs() < 1e-6);
                    prop_assert!((one.points - other.points).abs() < 1e-6);
                    prop_assert_eq!(one.z.abs() <= Z, one.interval.contains(0.0));
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }
}
