//! Finds the days on which the way of asking changed, from the method that each answer carries.
//!
//! A trend must not join scores that were asked for in different ways. Several ways are used at the same time for
//! good reasons: each language has its own words, a phone has another layout than a desktop, and a touchpoint may
//! have its own mode. So each *strand* (survey, touchpoint, language) and each *aspect* (wording, layout, mode) in
//! it is examined separately. On each day on which a value appears or disappears, its shares of the answers before
//! and after are compared. If at least half of the strand's answers changed to the new value, and there are enough
//! of them to rule out chance, the way of asking changed on that day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afterword_response::Touchpoint;
use serde::Serialize;

use super::{
    calendar::Day,
    facts::{AskedHow, MethodDay},
};

/// The number of days with answers that are compared on either side: enough for a small shop, and not so many
/// that they contain an earlier change.
const WINDOW_DAYS: usize = 28;
/// The smallest share of a strand's answers that has to change to the new value.
const MIN_CHANGED_SHARE: f64 = 0.5;
/// The smallest change of share, in standard errors: a new layout in three answers may be chance.
const MIN_STANDARD_ERRORS: f64 = 3.0;
/// The smallest share of all answers that a strand must have for its change to break the trend's line.
const MIN_STRAND_SHARE: f64 = 0.2;

/// An aspect of the way of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aspect {
    /// The question, or the labels at the ends of the scale.
    Wording,
    /// The arrangement of the eleven values.
    Layout,
    /// The survey's place on the page.
    Mode,
}

/// A change of the way of asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct MethodChange {
    /// The first day of the new way.
    #[serde(serialize_with = "super::as_date")]
    #[schemars(with = "jiff_date::Date")]
    pub(crate) from: Day,
    pub(crate) aspect: Aspect,
    pub(crate) survey: String,
    #[schemars(with = "String")]
    pub(crate) touchpoint: Touchpoint,
    /// A language without its region: `de`.
    pub(crate) language: String,
    /// The most frequent value before: the question, or the name of the layout or mode.
    pub(crate) old: String,
    /// The most frequent value from then on.
    pub(crate) new: String,
}

/// The schema of a date.
pub(super) mod jiff_date {
    /// A date as in `2026-11-24`.
    #[derive(schemars::JsonSchema)]
    #[schemars(extend("format" = "date"))]
    #[expect(dead_code, reason = "named in schemas only")]
    pub(crate) struct Date(String);
}

/// The answers of a survey at a touchpoint in a language.
type Strand<'a> = Vec<&'a MethodDay>;

/// Every aspect.
const ASPECTS: [Aspect; 3] = [Aspect::Wording, Aspect::Layout, Aspect::Mode];

/// A value of an aspect, as the index of the first method that has it. Indexes are cheaper to compare than texts.
type Value = usize;

/// Every change in `asked`, by day. Only days on which a large strand changed count
/// ([`MIN_STRAND_SHARE`]); smaller strands that changed on the same day are named, too.
pub(crate) fn changes(asked: &[MethodDay], methods: &[AskedHow]) -> Vec<MethodChange> {
    let mut strands: BTreeMap<(&str, &str, &str), Strand<'_>> = BTreeMap::new();
    let mut daily: BTreeMap<Day, u64> = BTreeMap::new();
    for asked in asked {
        *daily.entry(asked.day).or_default() += asked.answers;
        if let Some(how) = methods.get(asked.method) {
            let strand = (asked.survey.as_str(), asked.touchpoint.name(), how.language.as_str());
            strands.entry(strand).or_default().push(asked);
        }
    }
    let values_by_aspect = ASPECTS.map(|aspect| (aspect, values(methods, aspect)));
    let mut changes = Vec::new();
    let mut days = BTreeSet::new();
    for ((_, _, language), strand) in &strands {
        for (aspect, values) in &values_by_aspect {
            let values = Values::of(strand, values);
            for (from, old, new) in values.changes() {
                let (Some(window), Some(asked)) = (values.around(from), strand.first()) else {
                    continue;
                };
                let all: u64 = daily.range(window.clone()).map(|(_, answers)| answers).sum();
                let own: u64 = values.count_in(window);
                if ratio(own, all) >= MIN_STRAND_SHARE {
                    days.insert(from);
                }
                let (old, new) = before_and_after(&methods[old], &methods[new], *aspect);
                changes.push(MethodChange {
                    from,
                    aspect: *aspect,
                    survey: asked.survey.clone(),
                    touchpoint: asked.touchpoint,
                    language: (*language).to_owned(),
                    old,
                    new,
                });
            }
        }
    }
    changes.retain(|change| days.contains(&change.from));
    changes.sort_by_key(|change| (change.from, change.aspect));
    changes
}

/// The parts of a method that an aspect compares.
fn value(how: &AskedHow, aspect: Aspect) -> [&str; 3] {
    match aspect {
        Aspect::Wording => [&how.question, &how.low_label, &how.high_label],
        Aspect::Layout => [&how.layout, "", ""],
        Aspect::Mode => [&how.mode, "", ""],
    }
}

/// Each method's value of an aspect; `None` if it is unknown, which does not count as a change.
fn values(methods: &[AskedHow], aspect: Aspect) -> Vec<Option<Value>> {
    let mut first = HashMap::new();
    methods
        .iter()
        .enumerate()
        .map(|(place, how)| {
            let value = value(how, aspect);
            (!value[0].is_empty()).then(|| *first.entry(value).or_insert(place))
        })
        .collect()
}

/// Two values for people to read: for the wording the questions, or the labels if the questions are the same.
fn before_and_after(old: &AskedHow, new: &AskedHow, aspect: Aspect) -> (String, String) {
    let (old, new) = (value(old, aspect), value(new, aspect));
    if aspect == Aspect::Wording && old[0] == new[0] {
        let labels = |[_, low, high]: [&str; 3]| format!("{low} – {high}");
        (labels(old), labels(new))
    } else {
        (old[0].to_owned(), new[0].to_owned())
    }
}

/// The number of answers by value. It is a list because there are only a few values.
type Counts = Vec<(Value, u64)>;

/// The values of one aspect in one strand: answers by day and value, in the order of days.
struct Values(BTreeMap<Day, Counts>);

impl Values {
    /// `values` has the values of all methods, by index.
    fn of(strand: &[&MethodDay], values: &[Option<Value>]) -> Self {
        let mut days: BTreeMap<Day, Counts> = BTreeMap::new();
        for asked in strand {
            if let Some(value) = values[asked.method] {
                add(days.entry(asked.day).or_default(), value, asked.answers);
            }
        }
        Self(days)
    }

    /// The days of change, with the most frequent value before and after.
    fn changes(&self) -> Vec<(Day, Value, Value)> {
        // The days on which a value appears or disappears.
        let mut seen: BTreeMap<Value, (Day, Day)> = BTreeMap::new();
        for (day, values) in &self.0 {
            for (value, _) in values {
                seen.entry(*value).and_modify(|days| days.1 = *day).or_insert((*day, *day));
            }
        }
        if seen.len() < 2 {
            return Vec::new();
        }
        let candidates: BTreeSet<Day> = seen
            .values()
            .flat_map(|(first, last)| {
                let gone = self.0.range(last + 1..).next().map(|(day, _)| *day);
                [Some(*first), gone].into_iter().flatten()
            })
            .collect();

        let mut found: Vec<(Day, Value, Value, f64)> = Vec::new();
        for day in candidates {
            let (before, after) = (self.before(day), self.after(day));
            let (Some(old), Some(new)) = (usual(&before), usual(&after)) else { continue };
            if old == new {
                continue;
            }
            let (was, is) = (share(&before, old), share(&after, old));
            let moved = (was - is).max(share(&after, new) - share(&before, new));
            let (n, m) = (total(&before), total(&after));
            let pooled = (was * n + is * m) / (n + m);
            let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
            if moved < MIN_CHANGED_SHARE || (was - is) < MIN_STANDARD_ERRORS * error {
                continue;
            }
            // A page from a cache asks in the old way for a while, which looks like a second change.
            match found.last_mut() {
                Some(last) if (last.1, last.2) == (old, new) => {
                    // An earlier trial of the new way also looks like a change, but a much smaller one.
                    if moved > last.3 + 0.1 {
                        *last = (day, old, new, moved);
                    }
                }
                _ => found.push((day, old, new, moved)),
            }
        }
        found.into_iter().map(|(day, old, new, _)| (day, old, new)).collect()
    }

    fn before(&self, day: Day) -> Counts {
        sum(self.0.range(..day).rev().take(WINDOW_DAYS).map(|(_, values)| values))
    }

    fn after(&self, day: Day) -> Counts {
        sum(self.0.range(day..).take(WINDOW_DAYS).map(|(_, values)| values))
    }

    /// The days that are compared around a day.
    fn around(&self, day: Day) -> Option<std::ops::RangeInclusive<Day>> {
        let (first, _) = self.0.range(..day).rev().take(WINDOW_DAYS).last()?;
        let (last, _) = self.0.range(day..).take(WINDOW_DAYS).last()?;
        Some(*first..=*last)
    }

    fn count_in(&self, days: std::ops::RangeInclusive<Day>) -> u64 {
        self.0.range(days).flat_map(|(_, values)| values).map(|(_, answers)| answers).sum()
    }
}

fn add(counts: &mut Counts, value: Value, answers: u64) {
    match counts.iter_mut().find(|(known, _)| *known == value) {
        Some((_, sum)) => *sum += answers,
        None => counts.push((value, answers)),
    }
}

fn sum<'a>(days: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut sums = Counts::new();
    for (value, answers) in days.flatten() {
        add(&mut sums, *value, *answers);
    }
    sums
}

/// The most frequent value; among equals the one that is first in the list of methods.
fn usual(counts: &Counts) -> Option<Value> {
    let most = |(value, answers): &&(Value, u64)| (*answers, std::cmp::Reverse(*value));
    counts.iter().max_by_key(most).map(|(value, _)| *value)
}

fn share(counts: &Counts, value: Value) -> f64 {
    let own = counts.iter().find(|(known, _)| *known == value).map_or(0, |(_, answers)| *answers);
    ratio(own, counts.iter().map(|(_, answers)| answers).sum())
}

#[expect(clippy::cast_precision_loss, reason = "counts of answers")]
fn total(counts: &Counts) -> f64 {
    counts.iter().map(|(_, answers)| answers).sum::<u64>() as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of answers")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(language: &str, question: &str, layout: &str, mode: &str) -> AskedHow {
        AskedHow {
            language: language.into(),
            question: question.into(),
            low_label: String::new(),
            high_label: String::new(),
            layout: layout.into(),
            mode: mode.into(),
        }
    }

    /// Answers, given as days, touchpoint, method and number a day.
    fn asked(rows: &[(std::ops::Range<Day>, Touchpoint, usize, u64)]) -> Vec<MethodDay> {
        rows.iter()
            .flat_map(|(days, touchpoint, method, answers)| {
                days.clone().map(|day| MethodDay {
                    day,
                    survey: "s".into(),
                    touchpoint: *touchpoint,
                    method: *method,
                    answers: *answers,
                })
            })
            .collect()
    }

    fn found(asked: &[MethodDay], methods: &[AskedHow]) -> Vec<(Day, Aspect, String)> {
        changes(asked, methods).into_iter().map(|it| (it.from, it.aspect, it.language)).collect()
    }

    use Touchpoint::{Delivery, Order, Visit};

    #[test]
    fn a_new_question_is_found_on_its_first_day() {
        let methods = [how("de", "A", "one-row", "inline"), how("de", "B", "one-row", "inline")];
        let asked = asked(&[(0..40, Order, 0, 5), (40..80, Order, 1, 5)]);
        let changes = changes(&asked, &methods);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].from, changes[0].aspect), (40, Aspect::Wording));
        assert_eq!((changes[0].old.as_str(), changes[0].new.as_str()), ("A", "B"));
    }

    #[test]
    fn an_unknown_way_of_asking_is_no_change() {
        let methods = [how("de", "A", "one-row", "inline"), how("de", "", "", "")];
        let asked = asked(&[(0..40, Order, 0, 5), (40..80, Order, 1, 5)]);
        assert_eq!(changes(&asked, &methods), []);
    }

    #[test]
    fn old_pages_in_caches_do_not_make_a_second_change() {
        let methods = [how("de", "A", "one-row", "inline"), how("de", "B", "one-row", "inline")];
        let asked = asked(&[
            (0..40, Order, 0, 8),
            (40..80, Order, 1, 8),
            (40..44, Order, 0, 2),
            (61..62, Order, 0, 1),
        ]);
        assert_eq!(found(&asked, &methods), [(40, Aspect::Wording, "de".into())]);
    }

    #[test]
    fn a_trial_before_the_change_does_not_move_it() {
        let methods = [how("de", "A", "one-row", "inline"), how("de", "B", "one-row", "inline")];
        let asked = asked(&[(0..60, Order, 0, 9), (20..22, Order, 1, 1), (60..99, Order, 1, 9)]);
        assert_eq!(found(&asked, &methods), [(60, Aspect::Wording, "de".into())]);
    }

    #[test]
    fn languages_devices_and_touchpoints_at_the_same_time_are_no_change() {
        let methods = [
            how("de", "A", "one-row", "inline"),
            how("de", "A", "two-rows", "inline"),
            how("en", "Q", "one-row", "inline"),
            how("de", "A", "two-rows", "corner"),
        ];
        let asked = asked(&[
            (0..80, Order, 0, 2),
            // The first telephone, the first English and the first visit come later.
            (1..80, Order, 1, 4),
            (9..80, Order, 2, 5),
            (30..80, Visit, 3, 9),
        ]);
        assert_eq!(found(&asked, &methods), []);
    }

    #[test]
    fn changes_of_layout_and_of_mode_are_distinguished() {
        let methods = [
            how("de", "A", "one-row", "inline"),
            how("de", "A", "two-rows", "inline"),
            how("de", "A", "two-rows", "dialog"),
        ];
        let asked = asked(&[(0..40, Order, 0, 5), (40..80, Order, 1, 5), (80..120, Order, 2, 5)]);
        assert_eq!(
            found(&asked, &methods),
            [(40, Aspect::Layout, "de".into()), (80, Aspect::Mode, "de".into())]
        );
    }

    #[test]
    fn a_change_that_is_undone_counts_as_two_changes() {
        let methods = [how("de", "A", "one-row", "inline"), how("de", "B", "one-row", "inline")];
        let asked = asked(&[(0..40, Order, 0, 5), (40..80, Order, 1, 5), (80..120, Order, 0, 5)]);
        let days: Vec<Day> = found(&asked, &methods).into_iter().map(|it| it.0).collect();
        assert_eq!(days, [40, 80]);
    }

    #[test]
    fn few_answers_and_small_strands_make_no_change() {
        let methods = [
            how("de", "A", "one-row", "inline"),
            how("de", "A", "two-rows", "inline"),
            how("fr", "F", "one-row", "inline"),
            how("fr", "G", "one-row", "inline"),
        ];
        let first_days = asked(&[(0..3, Order, 0, 1), (3..6, Order, 1, 1)]);
        assert_eq!(found(&first_days, &methods), []);
        let small =
            asked(&[(0..80, Delivery, 0, 20), (0..40, Delivery, 2, 2), (40..80, Delivery, 3, 2)]);
        assert_eq!(found(&small, &methods), []);
    }
}
