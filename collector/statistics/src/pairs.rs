//! Compares the answers of the same orders at two moments.
//!
//! Each order has a difference of −2 to 2, and the test uses the spread of these. Whatever an order's two
//! answers have in common cancels, so fewer answers are needed than from different people. The mean is
//! adjusted like that of a single score, with three orders of differences 1, −1 and 0; then comes Student's
//! test of a mean, with the continuity correction of [`crate::difference`].

use crate::{
    Difference, MIN_ANSWERS_FOR_VERDICT, Power, Segments, count,
    difference::{Estimate, gap},
    score::{ADDED_ANSWERS, ADDED_SQUARES},
};

/// Orders by their segments at two moments: `pairs.0[first][second]`, each counted from detractor
/// over passive to promoter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs(pub [[u64; 3]; 3]);

impl Pairs {
    /// The number of orders.
    pub fn orders(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// The answers at the first moment.
    pub fn first(&self) -> Segments {
        let [detractors, passives, promoters] = self.0.map(|row| row.iter().sum());
        Segments { promoters, passives, detractors }
    }

    /// The answers at the second moment.
    pub fn second(&self) -> Segments {
        let [detractors, passives, promoters] =
            [0, 1, 2].map(|second| self.0.iter().map(|row| row[second]).sum());
        Segments { promoters, passives, detractors }
    }

    /// The difference of the scores at the two moments; `None` without orders.
    pub fn difference(&self) -> Option<Difference> {
        self.estimate().map(|it| it.difference(self.orders() >= MIN_ANSWERS_FOR_VERDICT))
    }

    /// The difference that these orders could have shown; `None` without orders.
    pub fn power(&self) -> Option<Power> {
        self.estimate().map(|it| it.power(it.detectable(it.error)))
    }

    /// Orders by their difference, −2 to 2.
    fn differences(&self) -> [u64; 5] {
        let mut orders = [0; 5];
        for (first, row) in self.0.iter().enumerate() {
            for (second, count) in row.iter().enumerate() {
                orders[second + 2 - first] += count;
            }
        }
        orders
    }

    fn estimate(&self) -> Option<Estimate> {
        let orders = self.differences();
        let all = count(orders.iter().sum());
        (all > 0.0).then(|| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (value, orders) in [-2.0, -1.0, 0.0, 1.0, 2.0].into_iter().zip(orders) {
                sum += value * count(orders);
                squares += value * value * count(orders);
            }
            let adjusted = all + ADDED_ANSWERS;
            let mean = sum / adjusted;
            let variance = (squares + ADDED_SQUARES) / adjusted - mean * mean;
            let gap = gap(&orders.map(|orders| orders > 0));
            Estimate {
                seen: sum / all,
                adjusted: mean,
                error: (variance / (adjusted - 1.0)).sqrt(),
                freedom: adjusted - 1.0,
                half_step: gap / 2.0 / all,
                variance,
                gap,
                fewest: all,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::{Verdict, Z};

    #[test]
    fn pairs_need_fewer_orders_than_strangers_for_the_same_gap() {
        // 60 orders; 12 of them went from promoter to detractor, the rest stayed where they were.
        let pairs = Pairs([[14, 0, 0], [0, 14, 0], [12, 0, 20]]);
        let paired = pairs.difference().unwrap();
        let strangers = Difference::between(&pairs.first(), &pairs.second()).unwrap();
        assert_eq!(paired.points, -40.0);
        assert_eq!(paired.points, strangers.points);
        assert!(paired.z.abs() > strangers.z.abs());
        // By hand: sum −24, squares 48; n 63: mean −0.380952, variance 49.5/63 − 0.145125 = 0.640590,
        // over 62 the error 0.101648; seen were 0 and −2, half a step is 1/60: t 3.5838 with 62
        // degrees of freedom, which is as unlikely as z of 3.4028.
        assert!((paired.z + 3.402_8).abs() < 0.001, "{}", paired.z);
        assert_eq!(Pairs::default().difference(), None);
    }

    #[test]
    fn fewer_than_thirty_orders_get_no_verdict() {
        let pairs = Pairs([[0, 0, 0], [0, 0, 0], [29, 0, 0]]);
        assert_eq!(pairs.difference().unwrap().verdict, Verdict::TooFew);
    }

    proptest! {
        #[test]
        fn the_gap_of_pairs_is_that_of_their_two_scores(
            pairs in prop::array::uniform3(prop::array::uniform3(0_u64..200))
        ) {
            let pairs = Pairs(pairs);
            prop_assume!(pairs.orders() > 0);
            let gap = pairs.difference().unwrap();
            let scores = pairs.second().nps().unwrap() - pairs.first().nps().unwrap();
            prop_assert!((gap.points - scores).abs() < 1e-9);
            prop_assert!(gap.interval.contains(gap.points));
            prop_assert_eq!(gap.z.abs() <= Z, gap.interval.contains(0.0));
        }
    }
}
