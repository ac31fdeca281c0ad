//! The impact of a group of answers on the score: the score of all answers minus the score without the group.
//!
//! With `p` as the group's share, the impact is `p` × (score of the group − score of the rest). Its variance has two
//! parts (the delta method): `p`² × the variance of that difference, which is Welch's on the adjusted scores as in
//! [`difference`](crate::difference), and the difference² × `p` (1 − `p`) / answers, since another sample would have
//! another share.

use serde::Serialize;

use crate::{Interval, Segments, Z, count, difference::Estimate, student::student};

/// The largest possible impact, in points.
const MAX_IMPACT: f64 = 200.0;

/// The impact of a group on the score of all answers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Impact {
    /// The score of all answers minus the score without the group, in points.
    pub points: f64,
    /// The interval at 95 %.
    pub interval: Interval,
}

impl Impact {
    /// The impact of `group`, whose answers are among `all`; `None` if the group or the rest is empty.
    pub fn of(all: &Segments, group: &Segments) -> Option<Self> {
        let rest = all.without(group);
        let points = all.nps()? - rest.nps()?;
        let estimate = Estimate::weighted(&rest, group, 1.0)?;
        let share = count(group.answers()) / count(all.answers());
        let of_share = share * (1.0 - share) / count(all.answers());
        let error = (share * share * estimate.error * estimate.error
            + estimate.adjusted * estimate.adjusted * of_share)
            .sqrt();
        let half = student(Z, estimate.freedom) * error + share * estimate.half_step;
        let interval =
            Interval::around(100.0 * share * estimate.adjusted, 100.0 * half, MAX_IMPACT, points);
        Some(Self { points, interval })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::segments;

    #[test]
    fn the_impact_is_the_score_minus_the_score_without_the_group() {
        // 100 answers with a score of 40. Without the group of 20, of which 15 are detractors, 80 answers have a score of 65.
        let impact = Impact::of(&segments(60, 20, 20), &segments(3, 2, 15)).unwrap();
        assert!((impact.points - (40.0 - 65.0)).abs() < 1e-9, "{impact:?}");
        assert!(impact.interval.high < 0.0 && impact.interval.low > -40.0, "{impact:?}");
        assert_eq!(Impact::of(&segments(60, 20, 20), &segments(0, 0, 0)), None);
        assert_eq!(Impact::of(&segments(60, 20, 20), &segments(60, 20, 20)), None);
    }

    #[test]
    fn the_interval_holds_the_true_impact_in_19_of_20_samples() {
        const SAMPLES: u32 = 4_000;
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        // The group's share, and the shares of promoters and detractors in the group and in the rest.
        for (answers, share, group, rest) in [
            (200, 0.2, (0.2, 0.6), (0.6, 0.15)),
            (200, 0.1, (0.5, 0.2), (0.5, 0.2)),
            (1_000, 0.05, (0.1, 0.8), (0.6, 0.2)),
            (400, 0.4, (0.8, 0.05), (0.5, 0.3)),
        ] {
            let score = |(promoters, detractors): (f64, f64)| promoters - detractors;
            let truth = 100.0 * share * (score(group) - score(rest));
            let mut held = 0;
            for _ in 0..SAMPLES {
                let (mut all, mut named) = (Segments::default(), Segments::default());
                for _ in 0..answers {
                    let is_named = draw() < share;
                    let (promoters, detractors) = if is_named { group } else { rest };
                    let place = draw();
                    let answer = if place < promoters {
                        segments(1, 0, 0)
                    } else if place < promoters + detractors {
                        segments(0, 0, 1)
                    } else {
                        segments(0, 1, 0)
                    };
                    all.add(&answer);
                    if is_named {
                        named.add(&answer);
                    }
                }
                if Impact::of(&all, &named).is_none_or(|it| it.interval.contains(truth)) {
                    held += 1;
                }
            }
            let coverage = f64::from(held) / f64::from(SAMPLES);
            assert!((0.93..=0.99).contains(&coverage), "{coverage} of {answers}, {share}");
        }
    }
}
