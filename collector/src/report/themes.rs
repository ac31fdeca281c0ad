//! The themes of comments: how often each theme is named, with which scores, and its effect on the score.

use serde::{Serialize, Serializer};

use super::{
    Dates, Figures, Frame,
    calendar::{Day, Step},
    facts::ThemeFacts,
    phrases::{self, RisingPhrase},
    statistics::{self, Difference, Impact, Interval, Part, Segments},
};
use crate::themes::Theme;

/// The themes of the comments.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Themes {
    /// The counted answers whose comments have words in German or English. Every share and every impact is computed
    /// from them.
    pub(crate) base: Figures,
    /// The themes that are named, most often named first.
    pub(crate) named: Vec<NamedTheme>,
    /// Whether the themes of all stored answers have been found by the current rules. If not, older answers are missing
    /// here, or have the themes of earlier rules.
    pub(crate) complete: bool,
    /// Whether a rise can be recognised: there are answers since the beginning of the period before, and both periods have
    /// at least 30 answers of the base.
    pub(crate) compared: bool,
    /// Phrases that are written more often than in the period before; empty if that is not compared.
    pub(crate) phrases: Vec<RisingPhrase>,
    /// The comments of both periods that the phrases were looked for in: all, or a sample of some thousands.
    pub(crate) phrases_of: usize,
}

/// A theme, and the answers of the base that name it, whether they praise or blame it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct NamedTheme {
    #[serde(serialize_with = "as_id")]
    #[schemars(with = "String", extend("enum" = Theme::IDS))]
    pub(crate) theme: Theme,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// Their share of the base, 0 to 1.
    pub(crate) share: f64,
    /// Its 95 % interval (Wilson).
    pub(crate) share_interval: Interval,
    /// The score of the base minus the score of the base without them; null if all of the base name the theme.
    pub(crate) impact: Option<Impact>,
    /// The difference of their score from that of the rest of the base, if it stands out (Holm over all themes: chance
    /// alone marks any in fewer than 1 of 20 such reports); null otherwise.
    pub(crate) difference: Option<Difference>,
    /// The share in the period before; null if that is not compared.
    pub(crate) share_before: Option<f64>,
    /// Whether the share has risen by more than chance (Holm over all themes).
    pub(crate) rising: bool,
    /// The share over time, in the steps of the score's trend. It is broken where the theme was found by other rules from
    /// then on.
    pub(crate) trend: Vec<SharePoint>,
}

/// The share of a theme in a step of the trend.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct SharePoint {
    #[serde(flatten)]
    pub(crate) dates: Dates,
    /// The answers of the base that name the theme.
    pub(crate) answers: u64,
    /// All answers of the base.
    pub(crate) base: u64,
    /// Their share, 0 to 1; null where the base is empty.
    pub(crate) share: Option<f64>,
    /// Whether a line may connect this point with the one before.
    pub(crate) joined: bool,
}

impl Themes {
    /// `None` if no comment could be read.
    pub(super) fn of(facts: &ThemeFacts, frame: &Frame) -> Option<Self> {
        let (now, before) = (&facts.now, &facts.before);
        let base = now.base;
        if base.answers() == 0 {
            return None;
        }
        let mut named: Vec<(Theme, Segments)> = now
            .naming
            .iter()
            .filter(|(_, answers)| answers.answers() > 0)
            .map(|(theme, answers)| (*theme, *answers))
            .collect();
        named.sort_by_key(|(theme, answers)| (std::cmp::Reverse(answers.answers()), *theme));
        let groups: Vec<Segments> = named.iter().map(|(_, answers)| *answers).collect();
        let differences = statistics::marked_groups(&base, &groups);

        let is_compared = frame.compare && frame.are_full && facts.are_found;
        let of_before = |theme: &Theme| Part {
            part: before.naming.get(theme).map_or(0, Segments::answers),
            whole: before.base.answers(),
        };
        let shares: Vec<(Part, Part)> = named
            .iter()
            .map(|(theme, answers)| {
                (of_before(theme), Part { part: answers.answers(), whole: base.answers() })
            })
            .collect();
        let compared = is_compared && base.is_enough() && before.base.is_enough();
        let rising = if compared { statistics::risen(&shares) } else { vec![false; shares.len()] };

        let named = named.iter().zip(shares).zip(differences.into_iter().zip(rising)).filter_map(
            |((&(theme, answers), (earlier, share)), (difference, rising))| {
                Some(NamedTheme {
                    theme,
                    figures: answers.into(),
                    share: part_of(share)?,
                    share_interval: statistics::share_interval(share.part, share.whole)?,
                    impact: Impact::of(&base, &answers),
                    difference,
                    share_before: part_of(earlier).filter(|_| is_compared),
                    rising,
                    trend: trend(facts, theme, frame),
                })
            },
        );
        Some(Self {
            base: base.into(),
            named: named.collect(),
            complete: facts.are_found,
            compared,
            phrases: if compared { phrases::rising(&facts.comments) } else { Vec::new() },
            phrases_of: facts.comments.len(),
        })
    }
}

/// The share of a theme over time.
fn trend(facts: &ThemeFacts, theme: Theme, frame: &Frame) -> Vec<SharePoint> {
    let breaks: Vec<Day> = facts
        .changes
        .iter()
        .filter(|(changed, day)| {
            changed.is_none_or(|it| it == theme)
                && frame.days.contains(*day)
                && *day > frame.days.first
        })
        .map(|(_, day)| *day)
        .collect();
    let mut has_one_before = false;
    Step::of(frame.step, frame.days)
        .cut(frame.days, &breaks)
        .into_iter()
        .map(|days| {
            let (mut answers, mut base) = (0, 0);
            for day in facts.days.range(days.first..=days.last).map(|(_, day)| day) {
                answers += day.naming.get(&theme).copied().unwrap_or_default();
                base += day.base;
            }
            let share = part_of(Part { part: answers, whole: base });
            let joined = has_one_before && share.is_some() && !breaks.contains(&days.first);
            has_one_before = share.is_some();
            SharePoint { dates: days.into(), answers, base, share, joined }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of answers")]
fn part_of(Part { part, whole }: Part) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn as_id<S: Serializer>(theme: &Theme, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(theme.id())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::{
        calendar::Days,
        facts::{ThemeAnswers, ThemeDay},
    };

    fn segments(promoters: u64, passives: u64, detractors: u64) -> Segments {
        Segments { promoters, passives, detractors }
    }

    fn of(facts: &ThemeFacts, are_full: bool) -> Option<Themes> {
        let days = Days { first: 100, last: 129 };
        Themes::of(facts, &Frame { days, compare: true, are_full, step: None, by: None })
    }

    #[test]
    fn the_most_named_come_first_with_their_share_impact_and_rise() {
        let facts = ThemeFacts {
            now: ThemeAnswers {
                base: segments(120, 40, 40),
                naming: [
                    (Theme::Price, segments(20, 5, 5)),
                    (Theme::ReturnsRefund, segments(5, 5, 30)),
                    (Theme::Packaging, segments(0, 0, 0)),
                ]
                .into(),
            },
            before: ThemeAnswers {
                base: segments(120, 40, 40),
                naming: [
                    (Theme::ReturnsRefund, segments(5, 2, 3)),
                    (Theme::Price, segments(30, 0, 0)),
                ]
                .into(),
            },
            // Two days of one week, and one of another.
            days: [(100, 20, 5), (101, 20, 5), (120, 160, 30)]
                .map(|(day, base, returns)| {
                    let naming = [(Theme::ReturnsRefund, returns)].into();
                    (day, ThemeDay { base, naming })
                })
                .into(),
            changes: vec![(Some(Theme::Price), 101), (None, 121), (None, 90)],
            are_found: true,
            comments: Vec::new(),
        };
        let themes = of(&facts, true).unwrap();
        let [returns, price] = themes.named.as_slice() else { panic!("{themes:?}") };
        assert_eq!((returns.theme, returns.figures.answers), (Theme::ReturnsRefund, 40));
        assert!((returns.share - 0.2).abs() < 1e-12);
        assert_eq!(returns.share_before, Some(0.05));
        assert!(returns.rising && !price.rising);
        let impact = returns.impact.unwrap();
        // 40 now; without them 115 promoters and 10 detractors of 160.
        assert!((impact.points - (40.0 - 65.625)).abs() < 1e-9, "{impact:?}");
        assert!(returns.difference.is_some() && price.difference.is_none());

        // 30 days are shown one by one.
        assert_eq!((returns.trend.len(), price.trend.len()), (30, 30));
        let shown = |point: &SharePoint| (point.answers, point.base, point.share, point.joined);
        let trend: Vec<_> = returns.trend.iter().map(shown).collect();
        assert_eq!(
            trend[..3],
            [(5, 20, Some(0.25), false), (5, 20, Some(0.25), true), (0, 0, None, false)]
        );
        assert_eq!(shown(&price.trend[1]), (0, 20, Some(0.0), false), "other rules from then on");

        let halves = of(&facts, false).unwrap();
        assert!(!halves.compared && halves.named.iter().all(|it| !it.rising));
        assert_eq!(halves.named[0].share_before, None);
        assert_eq!(of(&ThemeFacts::default(), true), None);
    }
}
