//! The report: all figures with their uncertainty. Pure functions from counts to figures.
//!
//! `store::rollups` reads [`Facts`], [`Report::of`] computes every figure from them, and `GET /v1/report` and the
//! page both show that one value. This module decides what is compared; `afterword_statistics` computes
//! intervals and verdicts.

pub(crate) mod calendar;
pub(crate) mod facts;
pub(crate) mod method;
pub(crate) mod phrases;
pub(crate) mod story;
pub(crate) mod themes;
pub(crate) mod won_back;

use std::collections::BTreeMap;

use afterword_response::Touchpoint;
pub(crate) use afterword_statistics as statistics;
use serde::{Serialize, Serializer};

use crate::aside::Flagged;

use self::{
    calendar::{Day, Days, Step},
    facts::{
        Answers, AsideCounts, Facet, Facts, MostFrom, ORDER_VALUE, Selection, Source, read_band,
    },
    method::{MethodChange, jiff_date},
    statistics::{
        Difference, Distribution, Interval, Mix, Pairs, Power, Segments, Slope, Stratum, Verdict,
    },
    themes::Themes,
    won_back::WonBack,
};

/// The largest number of values in a breakdown. Of further values, only the number is shown.
const MAX_VALUES: usize = 15;
/// A customer or order with more than one in this many answers is named beside the score, because such a score
/// is not the opinion of many people.
const CONCENTRATION_PARTS: u64 = 10;
/// The number of answers about one order that is normal, since its customer may be asked at two touchpoints.
const TWO_MOMENTS: u64 = 2;

/// A score with its answers and its interval.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Figures {
    pub(crate) answers: u64,
    #[serde(flatten)]
    pub(crate) segments: Segments,
    /// The score, −100 to 100; null without answers.
    pub(crate) nps: Option<f64>,
    /// Its 95 % interval (adjusted Wald); null without answers.
    pub(crate) interval: Option<Interval>,
    /// Whether there are at least 30 answers, which are enough for a verdict.
    pub(crate) enough: bool,
}

impl From<Segments> for Figures {
    fn from(segments: Segments) -> Self {
        Self {
            answers: segments.answers(),
            segments,
            nps: segments.nps(),
            interval: segments.interval(),
            enough: segments.is_enough(),
        }
    }
}

/// Days as they are sent: the first and the last date, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Dates {
    #[serde(serialize_with = "as_date")]
    #[schemars(with = "jiff_date::Date")]
    pub(crate) from: Day,
    #[serde(serialize_with = "as_date")]
    #[schemars(with = "jiff_date::Date")]
    pub(crate) to: Day,
}

impl From<Days> for Dates {
    fn from(days: Days) -> Self {
        Self { from: days.first, to: days.last }
    }
}

/// All figures of the report.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Report {
    /// The period, in the shop's calendar.
    pub(crate) period: Dates,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// Answers by score, 0 to 10.
    pub(crate) distribution: [u64; 11],
    /// The parts of the period in which the question was asked in one way, oldest first; empty if it did not
    /// change. `nps` pools them, although their scores may differ because of the question.
    pub(crate) ways: Vec<MethodPeriod>,
    /// Customers and orders with more than a tenth of the answers. Intervals and verdicts assume independent
    /// answers, which these are not.
    pub(crate) concentration: Vec<Concentration>,
    /// How often the question was shown; 0 if the shop's pages do not report it.
    pub(crate) displays: u64,
    /// How often it was closed unanswered.
    pub(crate) dismissals: u64,
    /// The effect of customers who did not answer; null without displays.
    pub(crate) non_response: Option<NonResponse>,
    /// The change against the period before; null if one of both has no answers.
    pub(crate) change: Option<Change>,
    pub(crate) trend: Trend,
    /// Every touchpoint with answers, also if only one is selected.
    pub(crate) touchpoints: Vec<AtTouchpoint>,
    /// Orders with answers at two touchpoints, the most frequent pair first. Empty if a property is selected.
    pub(crate) moments: Vec<Moments>,
    pub(crate) breakdown: Option<Breakdown>,
    /// What the comments are about; null if a property is selected, or if no comment could be read.
    pub(crate) themes: Option<Themes>,
    /// Detractors who rated again, and better; null if a property is selected, or if nobody rated again.
    pub(crate) won_back: Option<WonBack>,
    /// The facets that the answers can be broken down by.
    pub(crate) facets: Vec<String>,
    /// The ids of all surveys with answers.
    pub(crate) surveys: Vec<String>,
    /// Facets with more values than are counted in a survey: `product`; `prop-` stands for too many properties,
    /// `method` for too many methods. The answers keep all values.
    pub(crate) left_out: Vec<String>,
    /// Archived surveys, which the report over all surveys leaves out; empty if a survey is selected.
    pub(crate) archived: Vec<String>,
    /// The number of answers that no figure counts, by reason; null if a property is selected.
    pub(crate) aside: Option<AsideCounts>,
    /// The score with flagged answers if the report leaves them out, or without them if it counts them; null if
    /// there are none.
    pub(crate) otherwise: Option<Figures>,
}

/// Days on which the question was asked in one way.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct MethodPeriod {
    #[serde(flatten)]
    pub(crate) dates: Dates,
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

/// Many answers from one customer or about one order.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Concentration {
    pub(crate) by: Source,
    /// Whether it concerns the period itself, and not the one before.
    pub(crate) now: bool,
    /// The number of their answers.
    pub(crate) answers: u64,
    /// Their share of all answers, 0 to 1.
    pub(crate) share: f64,
}

/// How many customers were asked, and how many answered.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct NonResponse {
    /// Displays that were answered.
    pub(crate) answered: u64,
    /// Displays neither answered nor closed.
    pub(crate) ignored: u64,
    /// The share of displays that were answered, 0 to 1.
    pub(crate) response_rate: f64,
    /// Its 95 % interval (Wilson).
    pub(crate) response_rate_interval: Interval,
    /// The score if all who did not answer were detractors, and if all of them were promoters.
    pub(crate) bounds: Interval,
    /// The day in the period on which displays began to be counted in another way: only once half of the question was
    /// in view, before that once it was painted. The response rate mixes both. Null if there is no such day.
    #[serde(serialize_with = "as_optional_date")]
    #[schemars(with = "Option<jiff_date::Date>")]
    pub(crate) shown_in_view_from: Option<Day>,
}

/// The change against the period before: the same number of days directly before, or only the days since the
/// way of asking last changed.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Change {
    pub(crate) period: Dates,
    pub(crate) before: Figures,
    #[serde(flatten)]
    pub(crate) difference: Difference,
    /// The change that these answers could have shown; null unless the change could be chance.
    pub(crate) power: Option<Power>,
    /// The change without the effect of the mix of surveys and touchpoints; null if there is no mix, or if the
    /// change is not comparable.
    pub(crate) mix: Option<Mix>,
}

/// The score over time.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Trend {
    pub(crate) step: Step,
    pub(crate) points: Vec<Point>,
    /// The period before in the same steps, to compare the line with; empty if it is not comparable.
    pub(crate) before: Vec<Point>,
    /// How the score slid. Changes of the way of asking and marked steps are not counted (Mantel's test). Null if
    /// no line fits the answers.
    pub(crate) slope: Option<Slope>,
    /// The same within each survey and touchpoint, without the effect of their mix; null if there is no mix.
    pub(crate) slope_within: Option<Slope>,
    /// The changes of the way of asking; points on either side are not comparable.
    pub(crate) method_changes: Vec<MethodChange>,
}

/// A step of the trend.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Point {
    #[serde(flatten)]
    pub(crate) dates: Dates,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// The change from the step before, if it stands out (Holm: chance alone marks a step in fewer than 1 of 20
    /// such trends); null otherwise.
    pub(crate) change: Option<Difference>,
    /// Whether a line may connect this point with the one before.
    pub(crate) joined: bool,
}

/// The answers at one touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct AtTouchpoint {
    #[schemars(with = "String")]
    pub(crate) touchpoint: Touchpoint,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// The difference from the answers at other touchpoints, if it stands out (Holm: chance alone marks a row in
    /// fewer than 1 of 20 such tables); null otherwise.
    pub(crate) difference: Option<Difference>,
}

/// Orders whose customers answered at two touchpoints.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Moments {
    #[schemars(with = "String")]
    pub(crate) first: Touchpoint,
    #[schemars(with = "String")]
    pub(crate) second: Touchpoint,
    pub(crate) orders: u64,
    /// The scores of these orders alone.
    pub(crate) first_figures: Figures,
    pub(crate) second_figures: Figures,
    /// The second score minus the first, order by order. If there are several pairs of touchpoints, the verdict
    /// accounts for all of them (Holm).
    pub(crate) gap: Difference,
    /// The gap that these orders could have shown; null unless the gap could be chance.
    pub(crate) power: Option<Power>,
    /// Orders whose segment rose, and those whose segment fell.
    pub(crate) better: u64,
    pub(crate) worse: u64,
}

/// The answers by the values of one facet.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Breakdown {
    /// `country`, or `prop-coupon`.
    pub(crate) by: String,
    /// The most frequent values, most answers first.
    pub(crate) values: Vec<Value>,
    /// The number of further values.
    pub(crate) more: usize,
}

/// The answers with one value.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Value {
    pub(crate) value: String,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// The difference from all other answers, if it stands out (Holm: chance alone marks a row in fewer than 1 of
    /// 20 such tables); null otherwise.
    pub(crate) difference: Option<Difference>,
}

/// The settings of the report, apart from the selection of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) days: Days,
    /// Whether to compare with the period before; false for the period of all answers.
    pub(crate) compare: bool,
    /// Whether there are answers since the beginning of the period before. Only then the shares of both periods can
    /// be compared.
    pub(crate) are_full: bool,
    pub(crate) step: Option<Step>,
    pub(crate) by: Option<String>,
}

impl Report {
    pub(crate) fn of(facts: &Facts, selection: &Selection, frame: &Frame) -> Self {
        let (days, before) = (frame.days, frame.days.before());
        let is_asked_for =
            |touchpoint| selection.touchpoint.is_none_or(|wanted| wanted == touchpoint);
        let own: Vec<&Answers> =
            facts.answers.iter().filter(|answers| is_asked_for(answers.touchpoint)).collect();
        let distribution = sum(&own, days);
        let figures = Figures::from(distribution.segments());

        let asked: Vec<_> =
            facts.asked.iter().filter(|asked| is_asked_for(asked.touchpoint)).cloned().collect();
        let method_changes = method::changes(&asked, &facts.methods);

        let mut shown = (0, 0, Segments::default());
        for displays in facts.displays.iter().filter(|it| is_asked_for(it.touchpoint)) {
            shown.0 += displays.shown;
            shown.1 += displays.dismissed;
            shown.2.add(&displays.answered);
        }
        let (displays, dismissals, answered) = shown;

        let change = if frame.compare {
            change(&own, &distribution, before, days, &method_changes)
        } else {
            None
        };
        // If only some of the days before are comparable, their concentration is unknown.
        let all_before = change
            .as_ref()
            .filter(|change| change.period.from == before.first)
            .map(|change| change.before.answers);
        let trend = trend(&own, days, frame.step, method_changes, change.as_ref());
        Self {
            period: days.into(),
            concentration: concentration(facts, figures.answers, all_before),
            ways: ways(&own, days, &trend.method_changes),
            otherwise: otherwise(&figures, facts.flagged, selection.flagged),
            figures,
            distribution: distribution.0,
            displays,
            dismissals,
            non_response: non_response(displays, dismissals, &answered).map(|found| NonResponse {
                shown_in_view_from: facts
                    .shown_in_view_from
                    .filter(|from| days.first < *from && *from <= days.last),
                ..found
            }),
            change,
            trend,
            touchpoints: touchpoints(facts, days),
            moments: moments(facts, selection),
            breakdown: breakdown(facts, frame.by.as_deref()),
            themes: facts.themes.as_ref().and_then(|it| Themes::of(it, frame)),
            won_back: WonBack::of(facts, &own, |it| is_asked_for(it.touchpoint), days),
            facets: facts.facets.clone(),
            surveys: facts.surveys.clone(),
            left_out: facts.left_out.clone(),
            archived: facts.archived.clone(),
            aside: selection.facet.is_none().then_some(facts.aside),
        }
    }
}

/// The figures with flagged answers if the report leaves them out, or without them if it counts them.
fn otherwise(figures: &Figures, flagged: Segments, counted: Flagged) -> Option<Figures> {
    (flagged.answers() > 0).then(|| {
        let mut segments = figures.segments;
        match counted {
            Flagged::Without => segments.add(&flagged),
            Flagged::With => {
                let less = |all: u64, few: u64| all.saturating_sub(few);
                segments = Segments {
                    promoters: less(segments.promoters, flagged.promoters),
                    passives: less(segments.passives, flagged.passives),
                    detractors: less(segments.detractors, flagged.detractors),
                };
            }
        }
        segments.into()
    })
}

fn sum(answers: &[&Answers], days: Days) -> Distribution {
    let mut total = Distribution::default();
    for answers in answers.iter().filter(|answers| days.contains(answers.day)) {
        total.add(&answers.scores);
    }
    total
}

/// The parts of the period between changes of the way of asking.
fn ways(answers: &[&Answers], days: Days, method_changes: &[MethodChange]) -> Vec<MethodPeriod> {
    let mut begins: Vec<Day> = method_changes.iter().map(|change| change.from).collect();
    begins.dedup();
    if begins.is_empty() {
        return Vec::new();
    }
    let ends = begins.iter().map(|day| day - 1).chain([days.last]);
    std::iter::once(days.first)
        .chain(begins.iter().copied())
        .zip(ends)
        .map(|(first, last)| Days { first, last })
        .map(|days| MethodPeriod {
            dates: days.into(),
            figures: sum(answers, days).segments().into(),
        })
        .collect()
}

/// Whether so many answers from one customer, or about one order, are named among `all` of a report.
pub(crate) fn is_concentrated(answers: u64, all: u64) -> bool {
    answers > TWO_MOMENTS && answers * CONCENTRATION_PARTS > all && all > 0
}

/// The customers and orders with more than a tenth of the answers, now and in the whole period before.
fn concentration(facts: &Facts, now: u64, before: Option<u64>) -> Vec<Concentration> {
    let of = |is_now: bool, most_from: &[MostFrom], all: u64| -> Vec<Concentration> {
        most_from
            .iter()
            .filter(|most| is_concentrated(most.answers, all))
            .map(|most| Concentration {
                by: most.source,
                now: is_now,
                answers: most.answers,
                #[expect(clippy::cast_precision_loss, reason = "counts of answers")]
                share: most.answers as f64 / all as f64,
            })
            .collect()
    };
    let mut found = of(true, &facts.most_from, now);
    found.extend(of(false, &facts.most_from_before, before.unwrap_or_default()));
    found
}

fn non_response(displays: u64, dismissals: u64, answered: &Segments) -> Option<NonResponse> {
    let bounds = answered.bounds(displays)?;
    #[expect(clippy::cast_precision_loss, reason = "counts of displays")]
    let response_rate = answered.answers() as f64 / displays as f64;
    Some(NonResponse {
        answered: answered.answers(),
        ignored: displays - dismissals - answered.answers(),
        response_rate,
        response_rate_interval: statistics::share_interval(answered.answers(), displays)?,
        bounds,
        shown_in_view_from: None,
    })
}

fn change(
    answers: &[&Answers],
    now: &Distribution,
    before: Days,
    days: Days,
    method_changes: &[MethodChange],
) -> Option<Change> {
    // Days with another way of asking are left out of the period before, but not out of the period itself: its
    // figures count all its days.
    let last_change = |days: Days| {
        method_changes.iter().map(|it| it.from).filter(|from| days.contains(*from)).max()
    };
    let before = Days { first: last_change(before).unwrap_or(before.first), ..before };
    let (earlier, now) = (sum(answers, before).segments(), now.segments());
    let mut difference = Difference::between(&earlier, &now)?;
    let is_comparable = last_change(days).is_none();
    if !is_comparable {
        difference.verdict = Verdict::NotComparable;
    }
    Some(Change {
        period: before.into(),
        before: earlier.into(),
        difference,
        power: Power::between(&earlier, &now)
            .filter(|_| difference.verdict == Verdict::CouldBeChance),
        mix: if is_comparable { mix(answers, before, days) } else { None },
    })
}

/// The change within each survey and touchpoint.
fn mix(answers: &[&Answers], before: Days, days: Days) -> Option<Mix> {
    let mut strata: BTreeMap<(&str, &str), (Segments, Segments)> = BTreeMap::new();
    for answers in answers {
        let stratum = strata.entry((&answers.survey, answers.touchpoint.name())).or_default();
        if before.contains(answers.day) {
            stratum.0.add(&answers.scores.segments());
        } else if days.contains(answers.day) {
            stratum.1.add(&answers.scores.segments());
        }
    }
    Mix::of(&strata.into_values().collect::<Vec<_>>())
}

fn trend(
    answers: &[&Answers],
    days: Days,
    step: Option<Step>,
    method_changes: Vec<MethodChange>,
    change: Option<&Change>,
) -> Trend {
    let step = Step::of(step, days);
    let method_changes: Vec<_> = method_changes
        .into_iter()
        .filter(|change| days.contains(change.from) && change.from > days.first)
        .collect();
    let breaks: Vec<Day> = method_changes.iter().map(|change| change.from).collect();
    let points = points(answers, days, step, &breaks);
    let before = change
        .filter(|change| change.difference.verdict != Verdict::NotComparable)
        .map(|change| Days { first: change.period.from, last: change.period.to });
    let jumps = points.iter().filter(|it| it.change.is_some()).map(|it| it.dates.from);
    let anew: Vec<Day> = breaks.iter().copied().chain(jumps).collect();
    let (slope, slope_within) = slopes(answers, days, &anew);
    Trend {
        step,
        before: before.map(|before| self::points(answers, before, step, &[])).unwrap_or_default(),
        points,
        slope,
        slope_within,
        method_changes,
    }
}

fn points(answers: &[&Answers], days: Days, step: Step, breaks: &[Day]) -> Vec<Point> {
    let steps = step.cut(days, breaks);
    let mut sums = vec![Distribution::default(); steps.len()];
    for answers in answers.iter().filter(|it| days.contains(it.day)) {
        let index = steps.partition_point(|step| step.last < answers.day);
        sums[index].add(&answers.scores);
    }
    let segments: Vec<Segments> = sums.iter().map(Distribution::segments).collect();
    let anew: Vec<bool> = steps.iter().map(|step| breaks.contains(&step.first)).collect();
    let marks = statistics::marked_steps(&segments, &anew);
    let mut earlier = 0;
    let mut points = Vec::with_capacity(steps.len());
    for (((days, segments), is_new), change) in steps.iter().zip(segments).zip(anew).zip(marks) {
        let joined = !is_new && earlier > 0 && segments.answers() > 0;
        earlier = segments.answers();
        points.push(Point { dates: (*days).into(), joined, figures: segments.into(), change });
    }
    points
}

/// How the score slid over the days: for all answers together, and within each survey and touchpoint. Answers
/// on either side of a day in `anew` are not compared.
fn slopes(answers: &[&Answers], days: Days, anew: &[Day]) -> (Option<Slope>, Option<Slope>) {
    let mut together: BTreeMap<usize, Stratum> = BTreeMap::new();
    let mut within: BTreeMap<(usize, &str, &str), Stratum> = BTreeMap::new();
    for answers in answers.iter().filter(|it| days.contains(it.day)) {
        let stretch = anew.iter().filter(|day| **day <= answers.day).count();
        let of_day = (answers.day, answers.scores.segments());
        together.entry(stretch).or_default().push(of_day);
        let key = (stretch, answers.survey.as_str(), answers.touchpoint.name());
        within.entry(key).or_default().push(of_day);
    }
    let is_mixed = within.len() > together.len();
    let slope = |strata: Vec<Stratum>| Slope::over(days.count(), &strata);
    let within = if is_mixed { slope(within.into_values().collect()) } else { None };
    (slope(together.into_values().collect()), within)
}

fn touchpoints(facts: &Facts, days: Days) -> Vec<AtTouchpoint> {
    let own = |touchpoint: Touchpoint| {
        let answers: Vec<_> =
            facts.answers.iter().filter(|answers| answers.touchpoint == touchpoint).collect();
        sum(&answers, days).segments()
    };
    let found: Vec<(Touchpoint, Segments)> = Touchpoint::NAMES
        .iter()
        .filter_map(|name| Touchpoint::from_name(name))
        .map(|touchpoint| (touchpoint, own(touchpoint)))
        .filter(|(_, segments)| segments.answers() > 0)
        .collect();
    let mut all = Segments::default();
    found.iter().for_each(|(_, segments)| all.add(segments));
    let groups: Vec<Segments> = found.iter().map(|(_, segments)| *segments).collect();
    found
        .into_iter()
        .zip(statistics::marked_groups(&all, &groups))
        .map(|((touchpoint, segments), difference)| AtTouchpoint {
            touchpoint,
            figures: segments.into(),
            difference,
        })
        .collect()
}

fn moments(facts: &Facts, selection: &Selection) -> Vec<Moments> {
    let mut moments: Vec<Moments> = facts
        .pairs
        .iter()
        .filter(|it| {
            selection.touchpoint.is_none_or(|wanted| [it.first, it.second].contains(&wanted))
        })
        .filter_map(|it| {
            let Pairs([[_, rose, leapt], [fell, _, climbed], [plunged, slid, _]]) = it.pairs;
            Some(Moments {
                first: it.first,
                second: it.second,
                orders: it.pairs.orders(),
                first_figures: it.pairs.first().into(),
                second_figures: it.pairs.second().into(),
                gap: it.pairs.difference()?,
                power: it.pairs.power(),
                better: rose + leapt + climbed,
                worse: fell + plunged + slid,
            })
        })
        .collect();
    moments.sort_by_key(|it| std::cmp::Reverse(it.orders));
    let gaps: Vec<Option<Difference>> = moments.iter().map(|it| Some(it.gap)).collect();
    for (moments, mark) in moments.iter_mut().zip(statistics::marked(gaps)) {
        if moments.gap.verdict == Verdict::Real && mark.is_none() {
            moments.gap.verdict = Verdict::CouldBeChance;
        }
        moments.power = moments.power.filter(|_| moments.gap.verdict == Verdict::CouldBeChance);
    }
    moments
}

fn breakdown(facts: &Facts, by: Option<&str>) -> Option<Breakdown> {
    let by = by.or(facts.facets.first().map(String::as_str))?;
    let mut values: Vec<_> = facts.values.iter().collect();
    values.sort_by(|a, b| {
        let (first, second) = (a.segments.answers(), b.segments.answers());
        second.cmp(&first).then_with(|| a.value.cmp(&b.value))
    });
    let more = values.len().saturating_sub(MAX_VALUES);
    values.truncate(MAX_VALUES);
    if by == ORDER_VALUE {
        // Bands of amounts are sorted by amount.
        values.sort_by_cached_key(|it| {
            read_band(&it.value).map(|(currency, from, _)| (currency.to_owned(), from))
        });
    }
    // The values were chosen by their numbers of answers and not by their scores, so the choice does not
    // bias the test.
    let groups: Vec<Segments> = values.iter().map(|it| it.segments).collect();
    let values = values
        .into_iter()
        .zip(statistics::marked_groups(&facts.everybody, &groups))
        .map(|(it, difference)| Value {
            value: it.value.clone(),
            figures: it.segments.into(),
            difference,
        })
        .collect();
    Some(Breakdown { by: by.to_owned(), values, more })
}

fn as_date<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&calendar::date(*day))
}

fn as_optional_date<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => as_date(day, serializer),
        None => serializer.serialize_none(),
    }
}

/// Sorts the facets: those that all shops have come first.
pub(crate) fn in_order(mut names: Vec<String>) -> Vec<String> {
    let place = |name: &str| {
        facts::FACETS.iter().position(|known| *known == name).unwrap_or(facts::FACETS.len())
    };
    names.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    names
}

/// Whether answers can be broken down by a facet of that name.
pub(crate) fn is_facet(name: &str) -> bool {
    facts::FACETS.contains(&name)
        || name.strip_prefix(facts::PROPERTY).is_some_and(afterword_response::limits::is_identifier)
}

impl Facet {
    /// The facet of that name and value, by which answers can be filtered.
    pub(crate) fn new(name: &str, value: &str) -> Option<Self> {
        (name == facts::THEME || is_facet(name))
            .then(|| Self { name: name.to_owned(), value: value.to_owned() })
    }
}
