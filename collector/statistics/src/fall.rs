//! Whether the score of a week has fallen against the weeks before it, for an alert that comes by itself.
//!
//! A shop looks at this every week, so the limit of a single look ([`Z`](crate::Z), 1 of 40 cases to each side) would
//! be reached by chance more than once a year. The limit here is 1 of 100 cases: half a false alarm a year, whether or
//! not the weeks share what they are compared with. The tests simulate it.

use crate::{Difference, MIN_ANSWERS_FOR_VERDICT, Segments};

/// Standard errors below the earlier score that chance alone reaches in 1 of 100 weeks.
const LIMIT: f64 = 2.326;

/// Whether the score of a week's answers is lower than the one before by more than chance. Never with fewer than 30
/// answers on either side.
pub fn has_fallen(before: &Segments, week: &Segments) -> bool {
    before.answers().min(week.answers()) >= MIN_ANSWERS_FOR_VERDICT
        && Difference::between(before, week).is_some_and(|it| it.z < -LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{count, segments};

    /// Xorshift, so that the simulation is the same everywhere.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            count(self.0 >> 11) / count(1 << 53)
        }

        /// A week of so many answers, of which these shares are promoters and detractors.
        fn week(&mut self, answers: u64, promoters: f64, detractors: f64) -> Segments {
            let mut week = Segments::default();
            for _ in 0..answers {
                match self.next() {
                    it if it < promoters => week.promoters += 1,
                    it if it < promoters + detractors => week.detractors += 1,
                    _ => week.passives += 1,
                }
            }
            week
        }
    }

    /// Alarms in so many years of a shop whose customers are always the same, each week against the eight before it.
    fn alarms(years: u64, answers: u64, promoters: f64, detractors: f64) -> u64 {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ answers);
        let mut weeks: Vec<Segments> = Vec::new();
        let mut alarms = 0;
        for _ in 0..years * 52 + 8 {
            // Weeks differ in size, as weeks do.
            let size = answers / 2 + (chance.next() * count(answers)) as u64;
            let week = chance.week(size, promoters, detractors);
            if let Some(before) = weeks.len().checked_sub(8) {
                let mut all = Segments::default();
                weeks[before..].iter().for_each(|it| all.add(it));
                alarms += u64::from(has_fallen(&all, &week));
            }
            weeks.push(week);
        }
        alarms
    }

    #[test]
    fn a_shop_whose_customers_stay_the_same_has_at_most_one_false_alarm_a_year() {
        const YEARS: u64 = 40;
        for answers in [20, 40, 100, 400] {
            for (promoters, detractors) in [(0.5, 0.2), (0.75, 0.1), (0.9, 0.02), (0.3, 0.4)] {
                let alarms = alarms(YEARS, answers, promoters, detractors);
                assert!(alarms <= YEARS, "{alarms} in {YEARS} years of {answers} answers a week");
            }
        }
    }

    #[test]
    fn a_fall_that_matters_is_seen() {
        let before = segments(480, 200, 120);
        assert!(has_fallen(&before, &segments(40, 25, 35)), "from +45 to +5, 100 answers");
        assert!(!has_fallen(&before, &segments(60, 25, 15)), "the same as before");
        assert!(!has_fallen(&before, &segments(80, 15, 5)), "better");
        assert!(!has_fallen(&before, &segments(0, 0, 29)), "too few");
    }
}
