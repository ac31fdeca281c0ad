//! Days of the shop's calendar, by which roll-ups count, and periods of days.
//!
//! A day is the number of days from 1970-01-01 to the local date. `store::zone` decides to which day a
//! moment belongs; this module only converts days and dates.

use jiff::{SpanRelativeTo, Timestamp, ToSpan as _, Unit, civil::Date, tz::TimeZone};

/// A day of the shop's calendar.
pub(crate) type Day = i32;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The date of a day; the calendar's last date for a day beyond it.
pub(crate) fn date(day: Day) -> Date {
    EPOCH.saturating_add(day.days())
}

/// The day of a date.
pub(crate) fn day(date: Date) -> Day {
    let span = EPOCH.until((Unit::Day, date)).unwrap_or_default();
    span.total((Unit::Day, SpanRelativeTo::days_are_24_hours())).map_or(0, |days| {
        #[expect(clippy::cast_possible_truncation, reason = "the calendar has 7 million days")]
        let days = days as Day;
        days
    })
}

/// Days in a row, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: Day,
    pub(crate) last: Day,
}

impl Days {
    pub(crate) fn count(self) -> i32 {
        self.last - self.first + 1
    }

    pub(crate) fn contains(self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The same number of days directly before.
    pub(crate) fn before(self) -> Self {
        Self { first: self.first - self.count(), last: self.first - 1 }
    }

    /// The first moment of these days, and the first moment after them, in the shop's time zone.
    pub(crate) fn moments(self, zone: &TimeZone) -> (Option<Timestamp>, Option<Timestamp>) {
        let begin = |day| Some(date(day).to_zoned(zone.clone()).ok()?.timestamp());
        (begin(self.first), begin(self.last + 1))
    }

    /// The shortest period that holds both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// The length of a trend's steps.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Step {
    Day,
    /// Monday to Sunday, ISO 8601.
    Week,
    Month,
}

impl Step {
    pub(crate) const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];
    /// The largest number of points in a trend. A line with more of them cannot be read.
    const MAX_STEPS: i32 = 200;

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The wanted step length if it suits `days`, or else the one that shows them best.
    pub(crate) fn of(wanted: Option<Self>, days: Days) -> Self {
        wanted.filter(|step| step.suits(days)).unwrap_or_else(|| Self::fitting(days))
    }

    /// The step length that shows `days` best.
    pub(crate) fn fitting(days: Days) -> Self {
        match days.count() {
            ..=31 => Self::Day,
            32..=400 => Self::Week,
            _ => Self::Month,
        }
    }

    /// Whether a trend over `days` has neither too few nor too many steps of this length.
    pub(crate) fn suits(self, days: Days) -> bool {
        let length = match self {
            Self::Day => 1,
            Self::Week => 7,
            // Months are the longest steps, so they always suit.
            Self::Month => return true,
        };
        days.count() / length <= Self::MAX_STEPS
    }

    /// The first day of the step that `day` lies in.
    fn begin(self, of: Day) -> Day {
        let date = date(of);
        match self {
            Self::Day => of,
            Self::Week => of - Day::from(date.weekday().to_monday_zero_offset()),
            Self::Month => day(date.first_of_month()),
        }
    }

    /// Cuts `days` at the borders of steps, and before each of `breaks`. The first and the last part may be
    /// shorter than a step.
    pub(crate) fn cut(self, days: Days, breaks: &[Day]) -> Vec<Days> {
        let mut begins: Vec<Day> = (days.first..=days.last)
            .filter(|day| *day == days.first || self.begin(*day) == *day || breaks.contains(day))
            .collect();
        begins.push(days.last + 1);
        begins.windows(2).map(|pair| Days { first: pair[0], last: pair[1] - 1 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as civil;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day(civil(1970, 1, 1)), 0);
        assert_eq!(day(civil(2026, 11, 24)), 20_781);
        assert_eq!(date(-1), civil(1969, 12, 31));
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let days = Days { first: day(civil(2026, 9, 29)), last: day(civil(2026, 11, 3)) };
        let begins = |step: Step, breaks: &[Day]| -> Vec<String> {
            step.cut(days, breaks).iter().map(|step| date(step.first).to_string()).collect()
        };
        assert_eq!(begins(Step::Month, &[]), ["2026-09-29", "2026-10-01", "2026-11-01"]);
        assert_eq!(
            begins(Step::Week, &[day(civil(2026, 10, 21))]),
            [
                "2026-09-29",
                "2026-10-05",
                "2026-10-12",
                "2026-10-19",
                "2026-10-21",
                "2026-10-26",
                "2026-11-02"
            ]
        );
        assert_eq!(Step::Day.cut(days, &[]).len(), 36);
    }

    #[test]
    fn the_period_before_is_as_long_and_ends_where_this_begins() {
        assert_eq!(Days { first: 10, last: 19 }.before(), Days { first: 0, last: 9 });
    }

    proptest! {
        #[test]
        fn a_cut_loses_no_day_and_repeats_none(
            first in -3_000..60_000_i32, count in 1..900_i32,
            breaks in prop::collection::vec(-3_000..60_000_i32, 0..4), step in 0..3_usize
        ) {
            let days = Days { first, last: first + count - 1 };
            let cut = Step::ALL[step].cut(days, &breaks);
            let all: Vec<Day> = cut.iter().flat_map(|it| it.first..=it.last).collect();
            prop_assert_eq!(all, (days.first..=days.last).collect::<Vec<_>>());
        }

        #[test]
        fn a_date_is_converted_and_back(number in -700_000..2_900_000_i32) {
            prop_assert_eq!(day(date(number)), number);
        }
    }
}
