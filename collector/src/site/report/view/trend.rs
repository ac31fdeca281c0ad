//! The trend of the score, and the changes of the way of asking.

use std::borrow::Cow;

use maud::{Markup, html};

use super::{Page, scores::arrow};
use crate::{
    report::{
        Dates, Figures, Point,
        calendar::{Day, Days, Step, date},
        method::MethodChange,
        story::Story,
    },
    site::report::charts::{self, Size, TrendAxis, TrendPoint},
};

impl Page<'_> {
    pub(super) fn trend(&self) -> Markup {
        let (trend, texts) = (&self.report.trend, self.texts);
        let (words, format) = (texts.words, texts.format);
        let points: Vec<TrendPoint> = drawable(&trend.points, 0);
        let before: Vec<TrendPoint> = drawable(&trend.before, self.days().count());
        let letters = letters(trend.method_changes.iter().map(|change| change.from));
        let axis = |size| TrendAxis {
            first: f64::from(self.report.period.from),
            last: f64::from(self.report.period.to) + 1.0,
            ticks: self.ticks(size),
            breaks: letters.iter().map(|(day, letter)| (f64::from(*day), letter.clone())).collect(),
        };
        let score = |point: Option<&TrendPoint>| {
            point.map(|point| format.score(point.nps)).unwrap_or_default()
        };
        let label = texts.trend_label(points.len(), &score(points.first()), &score(points.last()));
        let compared = trend
            .points
            .windows(2)
            .any(|pair| pair[1].joined && pair[0].figures.enough && pair[1].figures.enough);
        let marked = trend.points.iter().filter(|point| point.change.is_some()).count();
        html! {
            section .sheet .trend aria-labelledby="trend" {
                div .row .apart {
                    h2 #trend { (words.trend) }
                    nav .pick .no-print aria-label=(words.step) {
                        @for step in Step::ALL {
                            @if step.suits(self.days()) {
                                a href={ (self.address(&[("step", Some(step.name()))])) "#trend" }
                                    aria-current=[(step == trend.step).then_some("true")] {
                                    (texts.step(step))
                                }
                            }
                        }
                    }
                }
                @if self.query.step.is_some_and(|step| step != trend.step) {
                    p .small { (words.step_too_fine) }
                }
                figure {
                    // A single step is not a trend.
                    @if points.len() < 2 {
                        figcaption { (texts.trend_too_short(trend.step)) }
                    } @else {
                        figcaption {
                            @if let Some(story) = texts.story(&Story::of(self.report)) {
                                p .story data-figure="story" { (story) }
                            }
                            p { (texts.trend_lead(trend.step, compared, marked)) }
                        }
                        @if let Some(dates) = self.dates_before() {
                            ul .key .lines {
                                li { i .line {} span { (words.this_period) } }
                                li { i .line .before {} span { (texts.dates(dates)) } }
                            }
                        }
                        @for size in [Size::Wide, Size::Narrow] {
                            (charts::trend(
                                &points, &before, &axis(size), size, &label, |it| format.whole(it),
                            ))
                        }
                    }
                    @if !letters.is_empty() {
                        div .breaks {
                            p { (texts.breaks_lead()) }
                            ol {
                                @for (from, letter) in &letters { li {
                                    @let changes = self.changes_of(*from);
                                    details .more {
                                        summary {
                                            span .letter { (letter) } " "
                                            (texts.changed(*from, changes.iter().map(|(_, it)| it.aspect)))
                                        }
                                        dl {
                                            @for (places, change) in &changes {
                                                dt { (texts.aspect(change.aspect)) " (" (places) ")" }
                                                dd {
                                                    (words.before) ": "
                                                    (texts.method(change.aspect, &change.old))
                                                    br;
                                                    (words.after) ": "
                                                    (texts.method(change.aspect, &change.new))
                                                }
                                            }
                                        }
                                    }
                                } }
                            }
                        }
                    }
                    (self.trend_table(&letters))
                }
            }
        }
    }

    /// The days of the previous period's line; `None` without one.
    fn dates_before(&self) -> Option<Dates> {
        let before = &self.report.trend.before;
        let (first, last) = (before.first()?, before.last()?);
        let is_line = before.iter().any(|point| point.joined);
        is_line.then_some(Dates { from: first.dates.from, to: last.dates.to })
    }

    /// The changes of a day, each with its surveys and touchpoints; equal changes are combined.
    fn changes_of(&self, from: Day) -> Vec<(String, &MethodChange)> {
        type Alike<'a> = (Vec<Cow<'a, str>>, Vec<Cow<'a, str>>, &'a MethodChange);
        let mut alike: Vec<Alike<'_>> = Vec::new();
        for change in self.report.trend.method_changes.iter().filter(|it| it.from == from) {
            let touchpoint = Cow::from(self.names.touchpoint(change.touchpoint));
            let language = self.texts.value("language", &change.language);
            let index = alike.iter().position(|(.., it)| {
                (it.aspect, &it.old, &it.new) == (change.aspect, &change.old, &change.new)
            });
            let index = index.unwrap_or_else(|| {
                alike.push((Vec::new(), Vec::new(), change));
                alike.len() - 1
            });
            for (names, name) in [(0, touchpoint), (1, language)] {
                let (touchpoints, languages, _) = &mut alike[index];
                let names = if names == 0 { touchpoints } else { languages };
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        alike
            .into_iter()
            .map(|(touchpoints, languages, change)| {
                (format!("{}; {}", touchpoints.join(", "), languages.join(", ")), change)
            })
            .collect()
    }

    fn days(&self) -> Days {
        Days { first: self.report.period.from, last: self.report.period.to }
    }

    fn trend_table(&self, letters: &[(Day, String)]) -> Markup {
        let (trend, texts) = (&self.report.trend, self.texts);
        let (words, format) = (texts.words, texts.format);
        html! {
            details .more {
                summary { (words.as_table) }
                div .table-frame tabindex="0" role="region" aria-label={ (words.trend) ": " (words.as_table) } {
                    table {
                        thead { tr {
                            th scope="col" { (words.time) }
                            th scope="col" .number { "NPS" }
                            th scope="col" .number { (words.interval) }
                            th scope="col" .number { (words.answers) }
                            th scope="col" .number { (words.detractors) }
                            th scope="col" .number { (words.passives) }
                            th scope="col" .number { (words.promoters) }
                            th scope="col" .number { (words.marked) }
                        } }
                        @for (points, is_now) in [(&trend.points, true), (&trend.before, false)] { tbody {
                            @for point in points.iter().rev() {
                                @let day = date(point.dates.from);
                                tr data-step=[is_now.then_some(day)] data-before=[(!is_now).then_some(day)] {
                                    th scope="row" {
                                        (texts.step_name(point.dates))
                                        @for (_, letter) in letters.iter()
                                            .filter(|(day, _)| *day == point.dates.from) {
                                            " " span .letter { (letter) }
                                        }
                                    }
                                    (self.figures(&point.figures))
                                    td .number { (format.count(point.figures.answers)) }
                                    td .number { (format.count(point.figures.segments.detractors)) }
                                    td .number { (format.count(point.figures.segments.passives)) }
                                    td .number { (format.count(point.figures.segments.promoters)) }
                                    td .number {
                                        @if let Some(change) = &point.change {
                                            (arrow(change)) (format.difference(change.points))
                                        }
                                    }
                                }
                            }
                        } }
                    }
                }
            }
        }
    }

    /// A score and its interval as two cells.
    fn figures(&self, figures: &Figures) -> Markup {
        html! {
            td .number .score {
                (figures.nps.map_or("–".to_owned(), |nps| self.texts.format.score(nps)))
            }
            td .number .range {
                (figures.interval.map(|interval| self.texts.range(interval)).unwrap_or_default())
            }
        }
    }

    /// The labelled days of the trend's axis, few enough to be readable: Mondays, or first days of months or years.
    fn ticks(&self, size: Size) -> Vec<(f64, String)> {
        let days = self.days();
        let most = if size == Size::Wide { 12 } else { 5 };
        let is_long = days.count() > 62;
        let all: Vec<Day> = (days.first..=days.last)
            .filter(|number| {
                let date = date(*number);
                match days.count() {
                    ..=14 => true,
                    15..=62 => date.weekday().to_monday_zero_offset() == 0,
                    _ => date.day() == 1,
                }
            })
            .collect();
        // Every second, third, sixth or twelfth month stays in step with the year.
        let stride = [1, 2, 3, 6, 12, 24, 60, 120]
            .into_iter()
            .find(|stride| all.len().div_ceil(*stride) <= most)
            .unwrap_or(240);
        let kept = |number: &Day| {
            let date = date(*number);
            !is_long
                || (i32::from(date.year()) * 12 + i32::from(date.month()) - 1) % stride as i32 == 0
        };
        let chosen: Vec<Day> = if is_long {
            all.into_iter().filter(kept).collect()
        } else {
            all.into_iter().step_by(stride).collect()
        };
        // A label too close to the end would be cut off.
        let room = f64::from(days.count()) * if size == Size::Wide { 0.02 } else { 0.06 };
        chosen
            .into_iter()
            .map(|number| (f64::from(number), self.texts.tick(date(number), is_long)))
            .filter(|(x, _)| {
                x - f64::from(days.first) >= room * 0.5 && f64::from(days.last) + 1.0 - x >= room
            })
            .collect()
    }
}

/// The trend's steps with answers, moved by this number of days.
fn drawable(points: &[Point], later: i32) -> Vec<TrendPoint> {
    points
        .iter()
        .filter_map(|point| {
            Some(TrendPoint {
                x: (f64::from(point.dates.from) + f64::from(point.dates.to) + 1.0) / 2.0
                    + f64::from(later),
                nps: point.figures.nps?,
                interval: point.figures.interval?,
                enough: point.figures.enough,
                joined: point.joined,
                change: point.change.map(|change| change.points),
            })
        })
        .collect()
}

/// A letter for each day, in order: A to Z, then A2.
fn letters(days: impl Iterator<Item = Day>) -> Vec<(Day, String)> {
    let mut days: Vec<Day> = days.collect();
    days.dedup();
    days.into_iter()
        .enumerate()
        .map(|(index, day)| {
            let letter = char::from(b'A' + (index % 26) as u8);
            let round = index / 26 + 1;
            (day, if round > 1 { format!("{letter}{round}") } else { letter.to_string() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::calendar::day;

    #[test]
    fn breaks_of_one_day_share_a_letter() {
        let day = |number: i8| day(jiff::civil::date(2026, 11, number));
        let letters = letters([day(1), day(1), day(3)].into_iter());
        assert_eq!(letters, [(day(1), "A".to_owned()), (day(3), "B".to_owned())]);
    }
}
