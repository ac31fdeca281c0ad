//! Summarises headline and trend for one sentence: how the score compares with the period before, and how it
//! moved within the period. It contains only changes that are more than chance. `site/report/texts.rs` writes
//! the sentence.

use super::{
    Figures, Point, Report,
    statistics::{Slope, Verdict},
};

/// The sentence's two halves; either may be missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Story<'a> {
    /// `None` if there is nothing to compare with.
    pub(crate) against: Option<Comparison>,
    /// `None` if there are too few answers for a course.
    pub(crate) course: Option<Course<'a>>,
    /// Set if the score moved against the overall change at the end: the lowest or highest step with enough
    /// answers, and the last step.
    pub(crate) turned: Option<(&'a Point, &'a Point)>,
}

/// The score compared with that of the period before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Higher,
    Lower,
    /// The difference could be chance.
    Alike,
}

/// The course of the score within the period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Course<'a> {
    /// No direction beyond chance.
    Steady,
    /// It slid by so many points, too slowly for a single step to stand out.
    Slides(f64),
    /// The score of all answers slides by so many points, although that of no touchpoint does: the mix of
    /// touchpoints changes.
    MixSlides(f64),
    /// The scores of the touchpoints slide by so many points, and a change of their mix hides it.
    SlidesWithin(f64),
    /// Some steps stand out: the last of them, and their number.
    Jumps(&'a Point, usize),
}

impl<'a> Story<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        let against = report.change.as_ref().and_then(|change| {
            match (change.difference.verdict, change.difference.points > 0.0) {
                (Verdict::Real, true) => Some(Comparison::Higher),
                (Verdict::Real, false) => Some(Comparison::Lower),
                (Verdict::CouldBeChance, _) => Some(Comparison::Alike),
                (Verdict::TooFew | Verdict::NotComparable, _) => None,
            }
        });
        let course = course(report);
        let turned = match (against, course.and_then(Course::rises)) {
            (Some(Comparison::Lower), Some(true)) => turned(report, |nps| -nps),
            (Some(Comparison::Higher), Some(false)) => turned(report, |nps| nps),
            _ => None,
        };
        Self { against, course, turned }
    }
}

impl Course<'_> {
    /// Whether the score went up at the end; `None` if it is steady.
    fn rises(self) -> Option<bool> {
        match self {
            Self::Slides(points) => Some(points > 0.0),
            Self::Jumps(point, _) => point.change.map(|change| change.points > 0.0),
            Self::Steady | Self::MixSlides(_) | Self::SlidesWithin(_) => None,
        }
    }
}

fn course(report: &Report) -> Option<Course<'_>> {
    let trend = &report.trend;
    let marked = || trend.points.iter().filter(|point| point.change.is_some());
    if let Some(last) = marked().next_back() {
        return Some(Course::Jumps(last, marked().count()));
    }
    let slope = trend.slope.as_ref().filter(|slope| slope.verdict != Verdict::TooFew)?;
    let is_real = slope.verdict == Verdict::Real;
    let within = trend.slope_within.as_ref();
    let is_real_within = within.map(|slope| slope.verdict == Verdict::Real);
    Some(match (is_real, is_real_within, within) {
        (true, Some(false), _) => Course::MixSlides(slid(report, slope)),
        (true, ..) => Course::Slides(slid(report, slope)),
        (false, Some(true), Some(within)) => Course::SlidesWithin(within.points),
        (false, ..) => Course::Steady,
    })
}

/// By how many points the score slid. A straight line through a score that jumped rises more than the score
/// itself, so this is the smaller of both numbers.
fn slid(report: &Report, slope: &Slope) -> f64 {
    let scores = || report.trend.points.iter().filter_map(|point| point.figures.nps);
    let (low, high) = (scores().fold(f64::MAX, f64::min), scores().fold(f64::MIN, f64::max));
    let most = (high - low).max(0.0);
    slope.points.clamp(-most, most)
}

/// The step that is highest by `measure`, and the last step; `None` if they are the same.
fn turned(report: &Report, measure: impl Fn(f64) -> f64) -> Option<(&Point, &Point)> {
    let enough = || report.trend.points.iter().filter(|point| point.figures.enough);
    let measured = |figures: &Figures| figures.nps.map_or(f64::MIN, &measure);
    let last = enough().next_back()?;
    let turn = enough().max_by(|a, b| measured(&a.figures).total_cmp(&measured(&b.figures)))?;
    (turn.dates != last.dates).then_some((turn, last))
}

#[cfg(test)]
mod tests {
    use afterword_response::Touchpoint::{self, Order, Support};

    use super::*;
    use crate::report::{
        Frame,
        calendar::{Days, Step},
        facts::{Answers, Facts, Selection},
        statistics::Distribution,
    };

    /// Answers of a day at a touchpoint: promoters, passives, detractors.
    fn day(
        day: i32,
        touchpoint: Touchpoint,
        [promoters, passives, detractors]: [u64; 3],
    ) -> Answers {
        let mut scores = Distribution::default();
        scores.0[10] = promoters;
        scores.0[8] = passives;
        scores.0[3] = detractors;
        Answers { day, survey: "s".into(), touchpoint, scores }
    }

    /// The report on days 20,000 to 20,069, ten weeks, and the ten before.
    fn report(answers: Vec<Answers>) -> Report {
        let facts = Facts { answers, ..Facts::default() };
        let days = Days { first: 20_000, last: 20_069 };
        let frame = Frame { days, compare: true, are_full: true, step: Some(Step::Week), by: None };
        Report::of(&facts, &Selection::default(), &frame)
    }

    /// The report on the answers that `of_day` returns for every day of both periods.
    fn told(of_day: impl Fn(i32) -> Vec<(Touchpoint, [u64; 3])>) -> Report {
        let answers = (19_930..20_070).flat_map(|number| {
            of_day(number - 20_000).into_iter().map(move |(at, counts)| day(number, at, counts))
        });
        report(answers.collect())
    }

    const USUAL_DAY: [u64; 3] = [3, 1, 1];
    const BAD_DAY: [u64; 3] = [1, 1, 3];

    #[test]
    fn an_unchanged_score_is_steady() {
        let report = told(|_| vec![(Order, USUAL_DAY)]);
        let story = Story::of(&report);
        assert_eq!((story.against, story.course), (Some(Comparison::Alike), Some(Course::Steady)));
        assert_eq!(report.change.and_then(|it| it.power).map(|it| it.points), Some(5.0));
    }

    #[test]
    fn a_slow_slide_is_found_although_no_week_stands_out() {
        // Two of five customers turn from promoters to detractors, first on some days and at last on most.
        let report = told(|day| {
            let turned = day > 0 && (day * 7) % 70 < day;
            vec![(Order, if turned { [1, 1, 3] } else { USUAL_DAY })]
        });
        assert!(report.trend.points.iter().all(|point| point.change.is_none()));
        let Some(Course::Slides(points)) = Story::of(&report).course else {
            panic!("{:?}", Story::of(&report))
        };
        assert!((-100.0..-40.0).contains(&points), "{points}");
    }

    #[test]
    fn a_fall_that_recovers_turned_at_its_lowest_week() {
        // The score is bad for the first 31 days: the days before the first Monday, and four whole weeks.
        let report =
            told(|day| vec![(Order, if (0..31).contains(&day) { BAD_DAY } else { USUAL_DAY })]);
        let story = Story::of(&report);
        assert_eq!(story.against, Some(Comparison::Lower));
        let Some(Course::Jumps(last, marks)) = story.course else { panic!("{story:?}") };
        assert!(last.change.is_some_and(|it| it.points > 0.0) && marks == 1, "{story:?}");
        let Some((lowest, last)) = story.turned else { panic!("{story:?}") };
        assert!(lowest.figures.nps < last.figures.nps);
    }

    #[test]
    fn a_leap_between_two_steps_is_not_exaggerated() {
        // The leap comes in the middle of a week, so it is divided between two steps.
        let report =
            told(|day| vec![(Order, if (0..28).contains(&day) { BAD_DAY } else { USUAL_DAY })]);
        let Some(Course::Slides(points)) = Story::of(&report).course else {
            panic!("{:?}", Story::of(&report))
        };
        let line = report.trend.slope.map(|slope| slope.points);
        assert!(line > Some(100.0) && (points - 80.0).abs() < 1e-9, "{line:?} {points}");
    }

    #[test]
    fn a_slide_caused_by_the_mix_alone_is_recognised() {
        // Support, which scores low, is asked more and more; orders and support stay as they are.
        let report = told(|day| {
            let more = u64::try_from(day.max(0) / 7).unwrap_or_default();
            vec![(Order, [6, 2, 2]), (Support, BAD_DAY.map(|it| it * more / 2))]
        });
        let story = Story::of(&report);
        assert!(matches!(story.course, Some(Course::MixSlides(_))), "{story:?}");
        let Some(mix) = report.change.as_ref().and_then(|change| change.mix) else { panic!() };
        assert_eq!(mix.standardised.verdict, Verdict::CouldBeChance);
        assert!(mix.by_mix < -5.0, "{mix:?}");
    }

    #[test]
    fn a_few_answers_have_no_story() {
        let report = report(vec![day(20_003, Order, USUAL_DAY), day(20_004, Order, USUAL_DAY)]);
        let story = Story::of(&report);
        assert_eq!((story.against, story.course, story.turned), (None, None, None));
    }
}
