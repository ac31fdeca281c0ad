//! The score and what can be concluded from it: pure arithmetic on counts.
//!
//! A score is 100 × (promoters − detractors) / answers, from −100 to 100. Each answer counts as 1, 0
//! or −1, so that the score is 100 times a mean, and its uncertainty that of a mean.
//!
//! The interval is the adjusted Wald interval for Net Promoter Scores: three answers are added, three
//! quarters of one a promoter, three quarters a detractor, and the ordinary interval is drawn around
//! what comes of it. Brendan Rocks, "Interval Estimation for the Net Promoter Score", The American
//! Statistician 70 (2016), found it the best of those compared; unlike the unadjusted one it does not
//! shrink to nothing where all answers are alike. The other measures here use the same adjusted
//! spread, so that none of them claims certainty from a handful of equal answers.

use serde::Serialize;

/// Below this many answers the figures are shown and no verdict is given.
pub(crate) const ENOUGH: u64 = 30;
/// Standard errors to either side of an interval that holds the truth 95 times in 100.
pub(crate) const Z: f64 = 1.96;
/// What the adjustment adds to the promoters, and to the detractors; twice that to the passives.
const ADDED: f64 = 0.75;

/// Two bounds, both included. Points of the score, or of a difference of two; or shares, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Answers by segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Segments {
    pub(crate) promoters: u64,
    pub(crate) passives: u64,
    pub(crate) detractors: u64,
}

/// Answers by score, 0 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Distribution(pub(crate) [u64; 11]);

impl Distribution {
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    pub(crate) fn segments(&self) -> Segments {
        let [detractors @ .., seven, eight, nine, ten] = self.0;
        Segments {
            promoters: nine + ten,
            passives: seven + eight,
            detractors: detractors.iter().sum(),
        }
    }
}

impl Segments {
    pub(crate) fn answers(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.promoters += other.promoters;
        self.passives += other.passives;
        self.detractors += other.detractors;
    }

    /// The score; `None` without answers.
    pub(crate) fn nps(&self) -> Option<f64> {
        // One division at the end: 100 × 400 / 1000 is 40 exactly.
        let answers = self.answers();
        (answers > 0)
            .then(|| 100.0 * (count(self.promoters) - count(self.detractors)) / count(answers))
    }

    /// Where the score of everybody like those who answered lies, at 95 %; `None` without answers.
    pub(crate) fn interval(&self) -> Option<Interval> {
        let (centre, error) = self.adjusted()?;
        Some(around(centre, error, 100.0))
    }

    /// The adjusted score and its standard error, in points; `None` without answers.
    fn adjusted(&self) -> Option<(f64, f64)> {
        (self.answers() > 0).then(|| {
            let answers = count(self.answers()) + 4.0 * ADDED;
            let promoters = (count(self.promoters) + ADDED) / answers;
            let detractors = (count(self.detractors) + ADDED) / answers;
            let centre = promoters - detractors;
            let variance = promoters + detractors - centre * centre;
            (100.0 * centre, 100.0 * (variance / answers).sqrt())
        })
    }

    /// The lowest and the highest score that there would be if those who were asked and said nothing
    /// had answered too: all of them detractors, or all of them promoters. `None` where nobody was
    /// asked.
    pub(crate) fn bounds(&self, asked: u64) -> Option<Interval> {
        let silent = asked.saturating_sub(self.answers());
        let worst = Self { detractors: self.detractors + silent, ..*self };
        let best = Self { promoters: self.promoters + silent, ..*self };
        Some(Interval { low: worst.nps()?, high: best.nps()? })
    }

    /// Whether there are enough answers for a verdict.
    pub(crate) fn is_enough(&self) -> bool {
        self.answers() >= ENOUGH
    }
}

/// Where a share lies, at 95 %, of which `part` of `whole` were seen; `None` without any. Wilson's
/// interval: it stays within 0 to 1 and does not shrink to nothing at either end.
pub(crate) fn share_interval(part: u64, whole: u64) -> Option<Interval> {
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

/// What is to be made of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// Chance alone makes a difference as large in fewer than 1 of 20 cases.
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
pub(crate) struct Difference {
    /// In points of the score.
    pub(crate) points: f64,
    /// At 95 %. It holds zero exactly where `z` is at most 1.96 either way.
    pub(crate) interval: Interval,
    /// The difference in its own standard errors.
    pub(crate) z: f64,
    pub(crate) verdict: Verdict,
}

impl Difference {
    /// The difference of the scores of two groups of different people; `None` if one is empty.
    pub(crate) fn between(earlier: &Segments, later: &Segments) -> Option<Self> {
        let points = later.nps()? - earlier.nps()?;
        let (_, earlier_error) = earlier.adjusted()?;
        let (_, later_error) = later.adjusted()?;
        let error = earlier_error.hypot(later_error);
        Some(Self::new(points, error, earlier.is_enough() && later.is_enough()))
    }

    /// The difference of the scores of the same orders at two moments; `None` without orders.
    ///
    /// Per order the difference is −2 to 2, and the spread is that of these: what an order's two
    /// answers have in common cancels, so that fewer are needed than of different people. Adjusted
    /// as the interval of a single score is, with three orders of differences 1, −1 and 0.
    pub(crate) fn paired(pairs: &Pairs) -> Option<Self> {
        let orders = pairs.orders();
        (orders > 0).then(|| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (first, row) in pairs.0.iter().enumerate() {
                for (second, orders) in row.iter().enumerate() {
                    let difference = position(second) - position(first);
                    sum += difference * count(*orders);
                    squares += difference * difference * count(*orders);
                }
            }
            let adjusted = count(orders) + 4.0 * ADDED;
            let mean = sum / adjusted;
            let variance = (squares + 2.0 * ADDED) / adjusted - mean * mean;
            let error = 100.0 * (variance / adjusted).sqrt();
            Self::new(100.0 * sum / count(orders), error, orders >= ENOUGH)
        })
    }

    fn new(points: f64, error: f64, is_enough: bool) -> Self {
        let z = points / error;
        let verdict = match (is_enough, z.abs() > Z) {
            (false, _) => Verdict::TooFew,
            (true, true) => Verdict::Real,
            (true, false) => Verdict::CouldBeChance,
        };
        Self { points, interval: around(points, error, 200.0), z, verdict }
    }

    /// How likely chance alone makes a difference at least as large, 0 to 1.
    pub(crate) fn probability(&self) -> f64 {
        libm::erfc(self.z.abs() / std::f64::consts::SQRT_2)
    }
}

/// Orders by their segments at two moments: `pairs.0[first][second]`, each counted from detractor
/// over passive to promoter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) [[u64; 3]; 3]);

impl Pairs {
    pub(crate) fn orders(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// The answers at the first moment.
    pub(crate) fn first(&self) -> Segments {
        let [detractors, passives, promoters] = self.0.map(|row| row.iter().sum());
        Segments { promoters, passives, detractors }
    }

    /// The answers at the second moment.
    pub(crate) fn second(&self) -> Segments {
        let [detractors, passives, promoters] =
            [0, 1, 2].map(|second| self.0.iter().map(|row| row[second]).sum());
        Segments { promoters, passives, detractors }
    }
}

/// Which of several differences are too large for chance, when all of them were looked at together:
/// by chance alone even one is marked in fewer than 1 of 20 such lists. Holm's method, Scandinavian
/// Journal of Statistics 6 (1979).
pub(crate) fn stand_out(probabilities: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut marked = vec![false; probabilities.len()];
    for (rank, index) in order.iter().enumerate() {
        let left = count((probabilities.len() - rank) as u64);
        if probabilities[*index] > 0.05 / left {
            break;
        }
        marked[*index] = true;
    }
    marked
}

/// −1, 0 or 1 for the segments counted from 0.
fn position(segment: usize) -> f64 {
    [-1.0, 0.0, 1.0][segment]
}

fn around(centre: f64, error: f64, most: f64) -> Interval {
    Interval {
        low: (centre - Z * error).clamp(-most, most),
        high: (centre + Z * error).clamp(-most, most),
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, and no shop has more customers")]
fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn segments(promoters: u64, passives: u64, detractors: u64) -> Segments {
        Segments { promoters, passives, detractors }
    }

    /// Known to one decimal place.
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
    fn the_published_vectors_come_out() {
        // `reference/commercial-peers.md`, 3.1: promoters, passives, detractors; score; interval.
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
    fn without_answers_there_is_no_figure() {
        let none = Segments::default();
        assert_eq!((none.nps(), none.interval(), none.bounds(0)), (None, None, None));
        assert_eq!(Difference::between(&none, &segments(9, 0, 0)), None);
        assert_eq!(Difference::between(&segments(9, 0, 0), &none), None);
        assert_eq!(Difference::paired(&Pairs::default()), None);
    }

    #[test]
    fn scores_fall_into_the_methods_segments() {
        let distribution = Distribution([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(distribution.segments(), segments(21, 17, 28));
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
        // Adjusted: 100 answers, 60/20/20 and 50/20/30. Variances 0.640446 and 0.753558 (÷ 103).
        let difference = Difference::between(&segments(60, 20, 20), &segments(50, 20, 30)).unwrap();
        assert_eq!(difference.points, -20.0);
        assert!((difference.z - -1.7192).abs() < 0.0005, "{}", difference.z);
        assert_eq!(difference.verdict, Verdict::CouldBeChance);
        about(difference.interval.low, -42.8);
        about(difference.interval.high, 2.8);
        assert!((difference.probability() - 0.0856).abs() < 0.0005);
    }

    #[test]
    fn pairs_need_fewer_orders_than_strangers_for_the_same_gap() {
        // 60 orders; 12 of them went from promoter to detractor, the rest stayed where they were.
        let pairs = Pairs([[14, 0, 0], [0, 14, 0], [12, 0, 20]]);
        let paired = Difference::paired(&pairs).unwrap();
        let strangers = Difference::between(&pairs.first(), &pairs.second()).unwrap();
        assert_eq!(paired.points, -40.0);
        assert_eq!(paired.points, strangers.points);
        assert!(paired.z.abs() > strangers.z.abs());
        // By hand: sum −24, squares 48; n 63: mean −0.38095, variance 49.5/63 − 0.14512 = 0.64059.
        assert!((paired.z - -40.0 / 10.0837).abs() < 0.001, "{}", paired.z);
    }

    #[test]
    fn silence_can_only_widen_what_is_known() {
        let bounds = segments(60, 20, 20).bounds(200).unwrap();
        assert_eq!(bounds, Interval { low: -30.0, high: 70.0 });
        let all_answered = segments(60, 20, 20).bounds(100).unwrap();
        assert_eq!(all_answered, Interval { low: 40.0, high: 40.0 });
        assert_eq!(Segments::default().bounds(7).unwrap(), Interval { low: -100.0, high: 100.0 });
    }

    #[test]
    fn several_looks_need_stronger_signs() {
        assert_eq!(stand_out(&[0.04]), [true]);
        assert_eq!(stand_out(&[0.04, 0.04]), [false, false]);
        assert_eq!(stand_out(&[0.04, 0.5, 0.001]), [false, false, true]);
        assert_eq!(stand_out(&[0.02, 0.04, 0.001]), [true, true, true]);
        assert_eq!(stand_out(&[]), Vec::<bool>::new());
    }

    /// The logarithms of the factorials up to `n`.
    fn log_factorials(n: u64) -> Vec<f64> {
        let mut sum = 0.0;
        std::iter::once(0.0)
            .chain((1..=n).map(|k| {
                sum += count(k).ln();
                sum
            }))
            .collect()
    }

    /// How often an interval of `n` answers holds the truth, summed over every possible outcome.
    fn coverage(n: u64, promoters: f64, detractors: f64) -> f64 {
        let factorial = log_factorials(n);
        let at = |k: u64| factorial[usize::try_from(k).unwrap()];
        let truth = 100.0 * (promoters - detractors);
        let mut sum = 0.0;
        for p in 0..=n {
            for d in 0..=n - p {
                let outcome = segments(p, n - p - d, d);
                let interval = outcome.interval().unwrap();
                if interval.low <= truth && truth <= interval.high {
                    let passives = 1.0 - promoters - detractors;
                    let chance = at(n) - at(p) - at(d) - at(n - p - d)
                        + count(p) * promoters.ln()
                        + count(d) * detractors.ln()
                        + count(n - p - d) * passives.ln();
                    sum += chance.exp();
                }
            }
        }
        sum
    }

    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        for n in [10, 30, 100] {
            for (promoters, detractors) in
                [(0.3, 0.3), (0.5, 0.2), (0.6, 0.1), (0.8, 0.05), (0.1, 0.6)]
            {
                let coverage = coverage(n, promoters, detractors);
                assert!(
                    (0.93..0.995).contains(&coverage),
                    "{n} answers, {promoters}/{detractors}: {coverage}"
                );
            }
        }
    }

    fn any_segments(most: u64) -> impl Strategy<Value = Segments> {
        (0..most, 0..most, 0..most).prop_map(|(p, n, d)| segments(p, n, d))
    }

    proptest! {
        #[test]
        fn the_interval_lies_on_the_scale_and_narrows_with_answers(some in any_segments(10_000)) {
            prop_assume!(some.answers() > 0);
            let interval = some.interval().unwrap();
            prop_assert!(-100.0 <= interval.low && interval.low < interval.high);
            prop_assert!(interval.high <= 100.0);
            let many = segments(some.promoters * 9, some.passives * 9, some.detractors * 9);
            let narrower = many.interval().unwrap();
            prop_assert!(narrower.high - narrower.low < interval.high - interval.low);
            prop_assert_eq!(many.nps(), some.nps());
        }

        #[test]
        fn turning_the_scale_round_turns_the_figures_round(some in any_segments(500)) {
            prop_assume!(some.answers() > 0);
            let turned = segments(some.detractors, some.passives, some.promoters);
            let (interval, other) = (some.interval().unwrap(), turned.interval().unwrap());
            prop_assert!((interval.low + other.high).abs() < 1e-9);
            prop_assert_eq!(some.nps().map(|nps| -nps), turned.nps());
        }

        #[test]
        fn zero_is_outside_the_interval_exactly_where_a_difference_is_real(
            earlier in any_segments(300), later in any_segments(300)
        ) {
            prop_assume!(earlier.answers() > 0 && later.answers() > 0);
            let difference = Difference::between(&earlier, &later).unwrap();
            let holds_zero = difference.interval.low <= 0.0 && 0.0 <= difference.interval.high;
            prop_assert_eq!(difference.z.abs() <= Z, holds_zero);
            prop_assert_eq!(difference.z.abs() > Z, difference.probability() < 0.049_996);
            let back = Difference::between(&later, &earlier).unwrap();
            prop_assert_eq!(back.points, -difference.points);
        }

        #[test]
        fn the_gap_of_pairs_is_that_of_their_two_scores(
            pairs in prop::array::uniform3(prop::array::uniform3(0_u64..200))
        ) {
            let pairs = Pairs(pairs);
            prop_assume!(pairs.orders() > 0);
            let gap = Difference::paired(&pairs).unwrap();
            let scores = pairs.second().nps().unwrap() - pairs.first().nps().unwrap();
            prop_assert!((gap.points - scores).abs() < 1e-9);
            prop_assert!(gap.interval.low <= gap.points && gap.points <= gap.interval.high);
        }

        #[test]
        fn the_score_lies_between_its_bounds(some in any_segments(300), silent in 0_u64..500) {
            prop_assume!(some.answers() > 0);
            let bounds = some.bounds(some.answers() + silent).unwrap();
            let nps = some.nps().unwrap();
            prop_assert!(bounds.low <= nps && nps <= bounds.high);
        }
    }
}
