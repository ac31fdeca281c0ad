//! Customers who were won back: detractors who rate again on their answer page, and better.
//!
//! Nobody sets this by hand. It is computed from second ratings, which no score counts, so that a shop's replies cannot
//! raise its score by themselves.

use serde::Serialize;

use super::{
    Dates,
    calendar::{Day, Days, Step},
    facts::{Answers, Facts, RatedAgain},
    statistics::{Interval, share_interval},
    sum,
};

/// The days after an answer in which a second rating can win its customer back.
pub(crate) const WON_BACK_DAYS: i32 = 90;
/// The lowest second score of a customer who was won back: no detractor gives it.
pub(crate) const WON_BACK_SCORE: u8 = 7;

/// Detractors, and how many of them were won back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct WonBackShare {
    pub(crate) detractors: u64,
    /// Those who rated again within 90 days.
    pub(crate) rated_again: u64,
    /// Those whose last rating in these days was 7 or more.
    pub(crate) won_back: u64,
    /// `won_back` of `detractors`, 0 to 1; null without detractors.
    pub(crate) share: Option<f64>,
    /// Its 95 % interval (Wilson).
    pub(crate) interval: Option<Interval>,
}

impl WonBackShare {
    fn of(own: &[&Answers], again: &[&RatedAgain], days: Days) -> Self {
        let detractors = sum(own, days).segments().detractors;
        let of_days: Vec<_> = again.iter().filter(|it| days.contains(it.day)).collect();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let won_back = count(of_days.iter().filter(|it| it.score >= WON_BACK_SCORE).count());
        #[expect(clippy::cast_precision_loss, reason = "counts of answers")]
        let share = (detractors > 0).then(|| won_back as f64 / detractors as f64);
        Self {
            detractors,
            rated_again: count(of_days.len()),
            won_back,
            share,
            interval: share_interval(won_back, detractors),
        }
    }
}

/// The detractors of a month.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct WonBackMonth {
    #[serde(flatten)]
    pub(crate) dates: Dates,
    #[serde(flatten)]
    pub(crate) share: WonBackShare,
    /// Whether some of them can still be won back, because their 90 days are not over.
    pub(crate) open: bool,
}

/// The detractors of the period, and how many of them were won back.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct WonBack {
    #[serde(flatten)]
    pub(crate) total: WonBackShare,
    /// By the month of the first answer, oldest first; months without detractors are left out.
    pub(crate) months: Vec<WonBackMonth>,
}

impl WonBack {
    /// `None` if no detractor of the period has rated again. `own` are the answers of the report.
    pub(super) fn of(
        facts: &Facts,
        own: &[&Answers],
        is_asked_for: impl Fn(&RatedAgain) -> bool,
        days: Days,
    ) -> Option<Self> {
        let again: Vec<_> = facts.rated_again.iter().filter(|it| is_asked_for(it)).collect();
        let total = WonBackShare::of(own, &again, days);
        if total.rated_again == 0 {
            return None;
        }
        let is_open = |last: Day| last + WON_BACK_DAYS >= facts.today;
        let months = Step::Month.cut(days, &[]).into_iter().map(|month| WonBackMonth {
            dates: month.into(),
            share: WonBackShare::of(own, &again, month),
            open: is_open(month.last),
        });
        Some(Self { total, months: months.filter(|month| month.share.detractors > 0).collect() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::Touchpoint;
    use jiff::civil::date as civil;

    use super::*;
    use crate::report::{calendar::day, statistics::Distribution};

    fn answers(on: Day, score: usize, count: u64) -> Answers {
        let mut scores = Distribution::default();
        scores.0[score] = count;
        Answers { day: on, survey: "s".into(), touchpoint: Touchpoint::Order, scores }
    }

    #[test]
    fn a_month_counts_its_detractors_and_those_won_back() {
        let (october, november) = (day(civil(2026, 10, 7)), day(civil(2026, 11, 3)));
        let all = [answers(october, 3, 8), answers(october, 9, 90), answers(november, 6, 2)];
        let again = |day, score| RatedAgain { day, touchpoint: Touchpoint::Order, score };
        let facts = Facts {
            rated_again: vec![
                again(october, 7),
                again(october, 10),
                again(october, 6),
                again(november, 9),
            ],
            today: day(civil(2027, 2, 10)),
            ..Facts::default()
        };
        let days = Days { first: day(civil(2026, 9, 20)), last: day(civil(2026, 11, 30)) };
        let own: Vec<_> = all.iter().collect();
        let found = WonBack::of(&facts, &own, |_| true, days).unwrap();
        assert_eq!(
            (found.total.detractors, found.total.rated_again, found.total.won_back),
            (10, 4, 3)
        );
        assert_eq!(found.total.share, Some(0.3));
        let interval = found.total.interval.unwrap();
        // Wilson's interval of 3 of 10, as published tables have it.
        assert!((interval.low - 0.108).abs() < 0.001 && (interval.high - 0.603).abs() < 0.001);
        let months: Vec<_> = found
            .months
            .iter()
            .map(|month| (month.share.detractors, month.share.won_back, month.open))
            .collect();
        assert_eq!(months, [(8, 2, false), (2, 1, true)], "September has no detractors");
        assert_eq!(WonBack::of(&facts, &own, |_| false, days), None);
    }
}
