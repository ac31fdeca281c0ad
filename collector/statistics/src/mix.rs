//! Whether a score changed, or only the mix of touchpoints.
//!
//! If more answers come from a touchpoint that scores lower, the overall score falls although no touchpoint
//! has changed. Direct standardisation, by which epidemiology compares the mortality of populations of
//! different ages, separates the two: each touchpoint's change is weighted by its share of the earlier
//! answers, which leaves the change within touchpoints. A touchpoint that was asked in only one period cannot
//! be compared and is left out. A touchpoint with few answers does no harm: its weight is small if there were
//! few before, and its error is large if there are few after.

use serde::Serialize;

use crate::{Difference, MIN_ANSWERS_FOR_VERDICT, Segments, count, difference::Estimate};

/// A change split into a part within touchpoints and a part by the mix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Mix {
    /// The change if the later answers had the mix of the earlier ones.
    pub standardised: Difference,
    /// The change by the mix alone, in points: the whole change minus the standardised one.
    pub by_mix: f64,
}

/// The answers of one stratum in both periods.
type Sides = (Segments, Segments);

impl Mix {
    /// For the answers of each stratum, earlier and later. `None` if there is no mix: only one stratum has
    /// answers, or none was asked in both periods.
    pub fn of(strata: &[Sides]) -> Option<Self> {
        let (mut earlier, mut later) = (Segments::default(), Segments::default());
        for (before, after) in strata {
            earlier.add(before);
            later.add(after);
        }
        let compared: Vec<Sides> = strata
            .iter()
            .filter(|(before, after)| before.answers() > 0 && after.answers() > 0)
            .copied()
            .collect();
        let asked = strata.iter().filter(|(before, after)| before.answers() + after.answers() > 0);
        if asked.count() < 2 || compared.is_empty() {
            return None;
        }
        let standardised = standardised(&compared)?;
        let whole = later.nps()? - earlier.nps()?;
        Some(Self { standardised, by_mix: whole - standardised.points })
    }
}

fn standardised(strata: &[Sides]) -> Option<Difference> {
    let earlier: u64 = strata.iter().map(|(before, _)| before.answers()).sum();
    let later: u64 = strata.iter().map(|(_, after)| after.answers()).sum();
    let mut sum = Estimate {
        seen: 0.0,
        adjusted: 0.0,
        error: 0.0,
        freedom: 0.0,
        half_step: f64::MAX,
        variance: 0.0,
        gap: 0.0,
        fewest: count(earlier.min(later)),
    };
    for (before, after) in strata {
        let weight = count(before.answers()) / count(earlier);
        let part = Estimate::weighted(before, after, weight)?;
        let square = (weight * part.error).powi(2);
        sum.seen += weight * part.seen;
        sum.adjusted += weight * part.adjusted;
        sum.error += square;
        sum.freedom += square * square / part.freedom;
        // A sum of steps of several sizes can move by the smallest one.
        sum.half_step = sum.half_step.min(weight * part.half_step);
    }
    sum.freedom = sum.error * sum.error / sum.freedom;
    sum.error = sum.error.sqrt();
    Some(sum.difference(earlier.min(later) >= MIN_ANSWERS_FOR_VERDICT))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Verdict;
    use crate::segments;

    #[test]
    fn a_change_of_mix_alone_is_recognised() {
        // Orders score 60 in both periods, support −60; support grows from a tenth to two thirds.
        let orders = (segments(126, 36, 18), segments(42, 12, 6));
        let support = (segments(2, 4, 14), segments(12, 24, 84));
        let all = Difference::between(&segments(128, 40, 32), &segments(54, 36, 90)).unwrap();
        assert_eq!((all.points, all.verdict), (-68.0, Verdict::Real));
        let mix = Mix::of(&[orders, support]).unwrap();
        assert!(mix.standardised.points.abs() < 1e-9, "{mix:?}");
        assert_eq!(mix.standardised.verdict, Verdict::CouldBeChance);
        assert!((mix.by_mix + 68.0).abs() < 1e-9);
    }

    #[test]
    fn a_fall_within_touchpoints_stays_a_fall() {
        let orders = (segments(126, 36, 18), segments(60, 36, 84));
        let support = (segments(4, 4, 12), segments(2, 4, 14));
        let mix = Mix::of(&[orders, support]).unwrap();
        assert_eq!(mix.standardised.verdict, Verdict::Real);
        // 0.9 × −73.3 + 0.1 × −20.
        assert!((mix.standardised.points + 68.0).abs() < 0.1, "{mix:?}");
        assert!(mix.by_mix.abs() < 0.1);
    }

    #[test]
    fn a_new_touchpoint_is_left_out() {
        let orders = (segments(60, 20, 20), segments(60, 20, 20));
        let support = (Segments::default(), segments(10, 10, 80));
        let mix = Mix::of(&[orders, support]).unwrap();
        assert_eq!(mix.standardised.points, 0.0);
        assert_eq!(mix.by_mix, -55.0);
    }

    #[test]
    fn without_a_mix_there_is_no_standardisation() {
        let orders = (segments(60, 20, 20), segments(30, 20, 50));
        assert_eq!(Mix::of(&[]), None);
        assert_eq!(Mix::of(&[orders]), None);
        assert_eq!(Mix::of(&[orders, (Segments::default(), Segments::default())]), None);
        // Nothing was asked in both periods.
        assert_eq!(
            Mix::of(&[(orders.0, Segments::default()), (Segments::default(), orders.1)]),
            None
        );
    }
}
