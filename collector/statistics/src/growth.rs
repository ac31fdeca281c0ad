//! Which of many small counts have grown from one period to the next, as of phrases in comments.
//!
//! The measure is the log-likelihood ratio of Dunning (Accurate Methods for the Statistics of Surprise and Coincidence,
//! Computational Linguistics 19, 1993), which holds for rare things, too. The verdict is the exact binomial test of the
//! same counts, since that ratio's usual distribution is too generous where one of them is nought; with Holm's method over
//! all of them.

use crate::{MIN_ANSWERS_FOR_VERDICT, Part, count, several::stand_out};

/// How far both shares are from being the same, as -2 log λ: 0 where they are, more the less likely they are.
pub fn log_likelihood(before: Part, now: Part) -> f64 {
    let whole = count(before.whole + now.whole);
    let named = count(before.part + now.part);
    let cell = |seen: u64, of: u64, all: f64| {
        let (seen, expected) = (count(seen), count(of) * all / whole);
        if seen > 0.0 && expected > 0.0 { seen * (seen / expected).ln() } else { 0.0 }
    };
    let sum: f64 = [before, now]
        .iter()
        .map(|it| {
            cell(it.part, it.whole, named)
                + cell(it.whole.saturating_sub(it.part), it.whole, whole - named)
        })
        .sum();
    (2.0 * sum).max(0.0)
}

/// Whether each share has grown, by more than chance among all of them. Each is a pair of before and now.
pub fn grown(shares: &[(Part, Part)]) -> Vec<bool> {
    let probabilities: Vec<f64> =
        shares.iter().map(|(before, now)| probability(*before, *now)).collect();
    stand_out(&probabilities)
}

/// How likely chance alone puts at least as many of those that are named into the later period.
fn probability(before: Part, now: Part) -> f64 {
    let (all, whole) = (before.part + now.part, before.whole + now.whole);
    if before.whole.min(now.whole) < MIN_ANSWERS_FOR_VERDICT || now.part == 0 {
        return 1.0;
    }
    let share = count(now.whole) / count(whole);
    let (hit, miss) = (share.ln(), (1.0 - share).ln());
    let ways = |of: u64| libm::lgamma(count(of) + 1.0);
    let tail: f64 = (now.part..=all)
        .map(|part| {
            let rest = all - part;
            (ways(all) - ways(part) - ways(rest) + count(part) * hit + count(rest) * miss).exp()
        })
        .sum();
    tail.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(before: (u64, u64), now: (u64, u64)) -> (Part, Part) {
        let part = |(part, whole)| Part { part, whole };
        (part(before), part(now))
    }

    #[test]
    fn the_measure_is_dunnings() {
        let of = |before, now| {
            let (before, now) = shares(before, now);
            log_likelihood(before, now)
        };
        // "the swiss" in the paper: 110 of 2552 words against 111 of 29225.
        assert!((of((111, 29_225), (110, 2_552)) - 270.72).abs() < 0.01);
        assert!(of((10, 100), (20, 200)).abs() < 1e-9);
        assert!(of((0, 100), (0, 100)).abs() < 1e-9);
        assert!((of((0, 500), (8, 500)) - of((8, 500), (0, 500))).abs() < 1e-9);
    }

    #[test]
    fn small_counts_are_judged_exactly() {
        let (before, now) = shares((0, 1_000), (5, 1_000));
        assert!((probability(before, now) - 0.031_25).abs() < 1e-9, "five of five in one half");
        let (before, now) = shares((3, 1_000), (5, 1_000));
        assert!((probability(before, now) - 93.0 / 256.0).abs() < 1e-9);
        assert_eq!(grown(&[shares((0, 1_000), (6, 1_000))]), [true]);
        assert_eq!(grown(&[shares((0, 1_000), (5, 1_000)); 2]), [false; 2], "two tests at once");
        assert_eq!(grown(&[shares((9, 1_000), (0, 1_000))]), [false], "a fall");
        assert_eq!(grown(&[shares((0, 29), (9, 1_000))]), [false], "too few to compare with");
    }

    /// By chance alone fewer than one of twenty lists get any mark.
    #[test]
    fn chance_marks_few_lists() {
        let mut state = 7_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) & 1 == 1
        };
        let lists = 400;
        let marked = (0..lists)
            .filter(|_| {
                let list: Vec<_> = (0..60)
                    .map(|number| {
                        let all = 5 + number % 20;
                        let now = (0..all).filter(|_| random()).count() as u64;
                        shares((all - now, 1_000), (now, 1_000))
                    })
                    .collect();
                grown(&list).contains(&true)
            })
            .count();
        assert!(marked <= lists / 20, "{marked} of {lists} lists");
    }
}
