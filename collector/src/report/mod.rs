//! The report: what the answers say, and how sure that is. Pure functions from counts to figures.
//!
//! `store::rollups` reads [`Facts`], [`Report::of`] makes every figure of them, and that one value is
//! what `GET /v1/report` sends and what the page shows.

pub(crate) mod calendar;
pub(crate) mod facts;
pub(crate) mod method;
pub(crate) mod statistics;

use afterword_response::Touchpoint;
use serde::{Serialize, Serializer};

use self::{
    calendar::{Day, Days, Step},
    facts::{Facet, Facts, Selection},
    method::{MethodChange, jiff_date},
    statistics::{Difference, Distribution, Interval, Pairs, Segments, Verdict},
};

/// How many values a breakdown shows; the rest is summed up.
const MAX_VALUES: usize = 15;

/// A score with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Figures {
    pub(crate) answers: u64,
    #[serde(flatten)]
    pub(crate) segments: Segments,
    /// The score, −100 to 100; null without answers.
    pub(crate) nps: Option<f64>,
    /// Its 95 % interval (adjusted Wald); null without answers.
    pub(crate) interval: Option<Interval>,
    /// Whether there are enough answers, 30, to judge by.
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

/// Everything the report says.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Report {
    /// The period, in the shop's calendar.
    pub(crate) period: Dates,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// Answers by score, 0 to 10.
    pub(crate) distribution: [u64; 11],
    /// How often the question was shown; 0 where the shop's pages do not report it.
    pub(crate) displays: u64,
    /// How often it was closed unanswered.
    pub(crate) dismissals: u64,
    /// What the silence leaves open; null without displays.
    pub(crate) non_response: Option<NonResponse>,
    /// Compared with the period before; null if one of both has no answers.
    pub(crate) change: Option<Change>,
    pub(crate) trend: Trend,
    /// Every touchpoint that was answered, whichever was asked for.
    pub(crate) touchpoints: Vec<AtTouchpoint>,
    /// Orders answered at two moments, most orders first. Empty where a property is asked for.
    pub(crate) moments: Vec<Moments>,
    pub(crate) breakdown: Option<Breakdown>,
    /// By what the answers can be broken down.
    pub(crate) facets: Vec<String>,
    /// The surveys that were ever answered.
    pub(crate) surveys: Vec<String>,
}

/// Those who were asked, and those who answered.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct NonResponse {
    /// Displays that were answered.
    pub(crate) answered: u64,
    /// Displays neither answered nor closed.
    pub(crate) ignored: u64,
    /// Answered displays per display, 0 to 1.
    pub(crate) response_rate: f64,
    /// Its 95 % interval (Wilson).
    pub(crate) response_rate_interval: Interval,
    /// The score if everybody silent were a detractor, and if everybody silent were a promoter.
    pub(crate) bounds: Interval,
}

/// The change against the period before: as many days directly before, or those of them since the
/// way of asking last changed.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Change {
    pub(crate) period: Dates,
    pub(crate) before: Figures,
    #[serde(flatten)]
    pub(crate) difference: Difference,
}

/// The score over time.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Trend {
    pub(crate) step: Step,
    pub(crate) points: Vec<Point>,
    /// Where the way of asking changed; points to either side are not to be compared.
    pub(crate) method_changes: Vec<MethodChange>,
}

/// A step of the trend.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Point {
    #[serde(flatten)]
    pub(crate) dates: Dates,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// The change from the step before, where chance alone would mark one in fewer than 1 of 20 such
    /// trends (Holm); null elsewhere.
    pub(crate) change: Option<Difference>,
    /// Whether a line may join this point with the one before.
    pub(crate) joined: bool,
}

/// The answers at one touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct AtTouchpoint {
    #[schemars(with = "String")]
    pub(crate) touchpoint: Touchpoint,
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

/// Orders whose customers answered at two moments of the journey.
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
    /// The second minus the first, order by order.
    pub(crate) gap: Difference,
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
    /// How many values more there are.
    pub(crate) more: usize,
}

/// The answers that share a value.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Value {
    pub(crate) value: String,
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

/// What the report is asked for, beside whose answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) days: Days,
    /// Whether the period before is of interest: it is not where everything there is was asked for.
    pub(crate) compare: bool,
    pub(crate) step: Option<Step>,
    pub(crate) by: Option<String>,
}

impl Report {
    pub(crate) fn of(facts: &Facts, selection: &Selection, frame: &Frame) -> Self {
        let (days, before) = (frame.days, frame.days.before());
        let is_asked_for =
            |touchpoint| selection.touchpoint.is_none_or(|wanted| wanted == touchpoint);
        let own: Vec<(Day, &Distribution)> = facts
            .answers
            .iter()
            .filter(|answers| is_asked_for(answers.touchpoint))
            .map(|answers| (answers.day, &answers.scores))
            .collect();
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

        Self {
            period: days.into(),
            figures,
            distribution: distribution.0,
            displays,
            dismissals,
            non_response: non_response(displays, dismissals, &answered),
            change: if frame.compare {
                change(&own, &distribution, before, days, &method_changes)
            } else {
                None
            },
            trend: trend(&own, days, frame.step, method_changes),
            touchpoints: touchpoints(facts, days),
            moments: moments(facts, selection),
            breakdown: breakdown(facts, frame.by.as_deref()),
            facets: facts.facets.clone(),
            surveys: facts.surveys.clone(),
        }
    }
}

fn sum(answers: &[(Day, &Distribution)], days: Days) -> Distribution {
    let mut total = Distribution::default();
    for (_, scores) in answers.iter().filter(|(day, _)| days.contains(*day)) {
        total.add(scores);
    }
    total
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
    })
}

fn change(
    answers: &[(Day, &Distribution)],
    now: &Distribution,
    before: Days,
    days: Days,
    method_changes: &[MethodChange],
) -> Option<Change> {
    // What was asked in another way is left out of the days before; within the period itself it
    // cannot be.
    let last_change = |days: Days| {
        method_changes.iter().map(|it| it.from).filter(|from| days.contains(*from)).max()
    };
    let before = Days { first: last_change(before).unwrap_or(before.first), ..before };
    let (earlier, now) = (sum(answers, before).segments(), now.segments());
    let mut difference = Difference::between(&earlier, &now)?;
    if last_change(days).is_some() {
        difference.verdict = Verdict::NotComparable;
    }
    Some(Change { period: before.into(), before: earlier.into(), difference })
}

fn trend(
    answers: &[(Day, &Distribution)],
    days: Days,
    step: Option<Step>,
    method_changes: Vec<MethodChange>,
) -> Trend {
    let step = step.filter(|step| step.suits(days)).unwrap_or_else(|| Step::fitting(days));
    let method_changes: Vec<_> = method_changes
        .into_iter()
        .filter(|change| days.contains(change.from) && change.from > days.first)
        .collect();
    let breaks: Vec<Day> = method_changes.iter().map(|change| change.from).collect();
    let steps = step.cut(days, &breaks);
    let mut sums = vec![Distribution::default(); steps.len()];
    for (day, scores) in answers.iter().filter(|(day, _)| days.contains(*day)) {
        let index = steps.partition_point(|step| step.last < *day);
        sums[index].add(scores);
    }
    let mut points: Vec<Point> = Vec::with_capacity(steps.len());
    let mut comparisons = Vec::new();
    for (days, scores) in steps.iter().zip(&sums) {
        let segments = scores.segments();
        let earlier = points.last().filter(|_| !breaks.contains(&days.first));
        let difference =
            earlier.and_then(|it| Difference::between(&it.figures.segments, &segments));
        if let Some(difference) = difference.filter(|it| it.verdict != Verdict::TooFew) {
            comparisons.push((points.len(), difference));
        }
        points.push(Point {
            dates: (*days).into(),
            joined: difference.is_some(),
            figures: segments.into(),
            change: None,
        });
    }
    let probabilities: Vec<f64> = comparisons.iter().map(|(_, it)| it.probability()).collect();
    for ((index, difference), is_marked) in
        comparisons.iter().zip(statistics::stand_out(&probabilities))
    {
        if is_marked {
            points[*index].change = Some(*difference);
        }
    }
    Trend { step, points, method_changes }
}

fn touchpoints(facts: &Facts, days: Days) -> Vec<AtTouchpoint> {
    Touchpoint::NAMES
        .iter()
        .filter_map(|name| Touchpoint::from_name(name))
        .filter_map(|touchpoint| {
            let own: Vec<_> = facts
                .answers
                .iter()
                .filter(|answers| answers.touchpoint == touchpoint)
                .map(|answers| (answers.day, &answers.scores))
                .collect();
            let segments = sum(&own, days).segments();
            (segments.answers() > 0).then(|| AtTouchpoint { touchpoint, figures: segments.into() })
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
                gap: Difference::paired(&it.pairs)?,
                better: rose + leapt + climbed,
                worse: fell + plunged + slid,
            })
        })
        .collect();
    moments.sort_by_key(|it| std::cmp::Reverse(it.orders));
    moments
}

fn breakdown(facts: &Facts, by: Option<&str>) -> Option<Breakdown> {
    let by = by.or(facts.facets.first().map(String::as_str))?;
    let mut values: Vec<Value> = facts
        .values
        .iter()
        .map(|it| Value { value: it.value.clone(), figures: it.segments.into() })
        .collect();
    values.sort_by(|a, b| {
        b.figures.answers.cmp(&a.figures.answers).then_with(|| a.value.cmp(&b.value))
    });
    let more = values.len().saturating_sub(MAX_VALUES);
    values.truncate(MAX_VALUES);
    Some(Breakdown { by: by.to_owned(), values, more })
}

fn as_date<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&calendar::date(*day))
}

/// The facets in an order that puts what shops have in common first.
pub(crate) fn in_order(mut names: Vec<String>) -> Vec<String> {
    let place = |name: &str| {
        facts::FACETS.iter().position(|known| *known == name).unwrap_or(facts::FACETS.len())
    };
    names.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    names
}

/// Whether a facet of that name can exist.
pub(crate) fn is_facet(name: &str) -> bool {
    facts::FACETS.contains(&name)
        || name.strip_prefix(facts::PROPERTY).is_some_and(afterword_response::limits::is_identifier)
}

impl Facet {
    /// The facet of that name and value.
    pub(crate) fn new(name: &str, value: &str) -> Option<Self> {
        is_facet(name).then(|| Self { name: name.to_owned(), value: value.to_owned() })
    }
}
