//! Tables of scores, and verdicts on differences, for several sections of the page.

use maud::{Markup, html};

use super::Page;
use crate::{
    language::Language,
    report::{
        Figures,
        statistics::{Difference, Verdict},
    },
    site::report::charts::Rows,
};

/// A line of a table of scores.
pub(super) struct Row<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    pub(super) address: Option<String>,
    pub(super) is_current: bool,
    pub(super) figures: &'a Figures,
    /// The difference from the other rows, if it stands out.
    pub(super) difference: Option<&'a Difference>,
}

/// Whether any row stands out; `None` if fewer than two rows have enough answers to be compared.
pub(super) fn has_marks(rows: &[Row<'_>]) -> Option<bool> {
    let compared = rows.iter().filter(|row| row.figures.enough).count();
    (compared > 1).then(|| rows.iter().any(|row| row.difference.is_some()))
}

impl Page<'_> {
    /// The scores one below the other, each with its interval.
    pub(super) fn rows(
        &self,
        rows: &[Row<'_>],
        heading: &str,
        all: Option<f64>,
        kind: &str,
    ) -> Markup {
        let (words, format) = (self.texts.words, self.texts.format);
        let scale = Rows::new(rows.iter().filter_map(|row| row.figures.interval), all);
        html! {
            table .rows role="table" {
                thead role="rowgroup" { tr role="row" {
                    th scope="col" role="columnheader" { (heading) }
                    td .plot role="cell" { (scale.axis(|it| format.whole(it))) }
                    th scope="col" role="columnheader" .number { "NPS" }
                    th scope="col" role="columnheader" .number { (words.interval) }
                    th scope="col" role="columnheader" .number { (words.answers) }
                } }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" data-kind=(kind) data-value=(row.key) {
                            th scope="row" role="rowheader" {
                                @if let Some(address) = &row.address {
                                    a href=(address) aria-current=[row.is_current.then_some("true")] {
                                        (row.name)
                                    }
                                } @else {
                                    (row.name)
                                }
                                @if !row.figures.enough { " " span .badge { (words.few) } }
                                @if let Some(difference) = row.difference {
                                    span .apart-from { (arrow(difference)) (self.texts.beside_others(difference)) }
                                }
                            }
                            td .plot role="cell" {
                                @if let (Some(nps), Some(interval)) = (row.figures.nps, row.figures.interval) {
                                    (scale.row(nps, interval, row.figures.enough))
                                }
                            }
                            td .number .score role="cell" {
                                (row.figures.nps.map_or("–".to_owned(), |nps| format.score(nps)))
                            }
                            td .number .range role="cell" {
                                (row.figures.interval.map(|it| self.texts.range(it)).unwrap_or_default())
                            }
                            td .number .count role="cell" {
                                (format.count(row.figures.answers))
                            }
                        }
                    }
                }
            }
        }
    }

    /// A verdict as a badge. Its text states the verdict; its shade only supports the text.
    pub(super) fn verdict(&self, verdict: Verdict) -> Markup {
        let is_clear = verdict == Verdict::Real;
        html! {
            span .badge .clear[is_clear] data-figure="verdict" { (self.texts.verdict(verdict)) }
        }
    }

    pub(super) fn difference_range(&self, difference: &Difference) -> String {
        let [low, high] = [difference.interval.low, difference.interval.high]
            .map(|it| self.texts.format.difference(it));
        let to = match self.texts.language {
            Language::English => "to",
            Language::German => "bis",
        };
        format!("{low} {to} {high}")
    }
}

/// An arrow in the direction of a difference, which its sign also shows.
pub(super) fn arrow(difference: &Difference) -> Markup {
    let (class, sign) = match difference.points {
        points if points > 0.0 => ("rise", "▲"),
        points if points < 0.0 => ("fall", "▼"),
        _ => return html! {},
    };
    // Only differences beyond chance are coloured.
    let class = if difference.verdict == Verdict::Real { class } else { "unsure" };
    html! { span .arrow .(class) aria-hidden="true" { (sign) } }
}
