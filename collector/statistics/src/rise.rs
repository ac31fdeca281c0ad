//! Finds the shares that have risen from one period to the next.
//!
//! It uses the pooled test of two proportions with the continuity correction, and Holm's method over all shares. Only rises
//! are reported, so if there is none, the chance of reporting any is below 2.5 %.

use crate::{MIN_ANSWERS_FOR_VERDICT, count, several::stand_out};

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Answers of the part.
    pub part: u64,
    /// All answers, the part's included.
    pub whole: u64,
}

/// For each share, whether it has risen by more than chance, tested together with all others. Each pair has the share
/// before and the share now.
pub fn risen(shares: &[(Part, Part)]) -> Vec<bool> {
    let probabilities: Vec<f64> =
        shares.iter().map(|(before, now)| probability(*before, *now)).collect();
    let marks = stand_out(&probabilities);
    shares.iter().zip(marks).map(|((before, now), mark)| mark && is_more(*before, *now)).collect()
}

fn is_more(before: Part, now: Part) -> bool {
    u128::from(now.part) * u128::from(before.whole)
        > u128::from(before.part) * u128::from(now.whole)
}

/// The probability with which chance alone makes two shares at least as different; 1 if there are too few answers.
fn probability(before: Part, now: Part) -> f64 {
    if before.whole.min(now.whole) < MIN_ANSWERS_FOR_VERDICT {
        return 1.0;
    }
    let [first, second] = [before, now].map(|it| count(it.whole));
    let pooled = count(before.part + now.part) / (first + second);
    let error = (pooled * (1.0 - pooled) * (1.0 / first + 1.0 / second)).sqrt();
    if error == 0.0 {
        return 1.0;
    }
    let difference = (count(now.part) / second - count(before.part) / first).abs();
    let beyond = (difference - (1.0 / first + 1.0 / second) / 2.0).max(0.0);
    libm::erfc(beyond / error / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(before: (u64, u64), now: (u64, u64)) -> (Part, Part) {
        let part = |(part, whole)| Part { part, whole };
        (part(before), part(now))
    }

    #[test]
    fn only_a_rise_beyond_chance_is_reported() {
        let risen = |list: &[(Part, Part)]| super::risen(list);
        assert_eq!(risen(&[shares((10, 200), (30, 200))]), [true]);
        assert_eq!(risen(&[shares((30, 200), (10, 200))]), [false], "a fall");
        assert_eq!(risen(&[shares((10, 200), (14, 200))]), [false], "chance");
        assert_eq!(risen(&[shares((0, 29), (29, 29))]), [false], "too few");
        assert_eq!(risen(&[shares((0, 200), (0, 200))]), [false], "nobody");
        // 10 and 22 of 200 would be reported if tested alone, but not among twelve shares.
        let among = |others: usize| {
            let mut list = vec![shares((20, 200), (20, 200)); others];
            list.push(shares((10, 200), (23, 200)));
            risen(&list).last().copied()
        };
        assert_eq!((among(0), among(11)), (Some(true), Some(false)));
    }
}
