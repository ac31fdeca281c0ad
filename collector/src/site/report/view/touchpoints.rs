//! The comparison of touchpoints, and of the answers of one order at two touchpoints.

use maud::{Markup, html};

use super::{
    Page,
    scores::{Row, arrow, has_marks},
};
use crate::report::Moments;

impl Page<'_> {
    pub(super) fn touchpoints(&self) -> Markup {
        let (report, words) = (self.report, self.texts.words);
        let asked_for = self.query.filter.touchpoint;
        let rows: Vec<Row<'_>> = report
            .touchpoints
            .iter()
            .map(|at| {
                let name = at.touchpoint.name();
                let is_asked_for = asked_for == Some(at.touchpoint);
                let other = (!is_asked_for).then_some(name);
                Row {
                    key: name,
                    name: self.names.touchpoint(at.touchpoint),
                    address: Some(self.address(&[("touchpoint", other)])),
                    is_current: is_asked_for,
                    figures: &at.figures,
                    difference: at.difference.as_ref(),
                }
            })
            .collect();
        html! {
            section .sheet aria-labelledby="touchpoints" {
                h2 #touchpoints { (words.touchpoints) }
                p .lead {
                    (words.touchpoints_lead)
                    @if let Some(has_marks) = has_marks(&rows) {
                        " " (self.texts.marks_lead(has_marks))
                    }
                }
                (self.rows(&rows, words.touchpoint, None, "touchpoint"))
            }
        }
    }

    pub(super) fn moments(&self, first: &Moments, others: &[Moments]) -> Markup {
        let (texts, words) = (self.texts, self.texts.words);
        let scores = |moments: &Moments| {
            moments.first_figures.nps.zip(moments.second_figures.nps).unwrap_or_default()
        };
        let (before, after) = scores(first);
        let rows: Vec<Row<'_>> =
            [(first.first, &first.first_figures), (first.second, &first.second_figures)]
                .into_iter()
                .map(|(touchpoint, figures)| Row {
                    key: touchpoint.name(),
                    name: self.names.touchpoint(touchpoint),
                    address: None,
                    is_current: false,
                    figures,
                    difference: None,
                })
                .collect();
        html! {
            section .sheet .moments aria-labelledby="moments" {
                h2 #moments { (words.moments) }
                div .moments-head {
                    p .gap {
                        strong data-figure="gap" {
                            (arrow(&first.gap)) (texts.format.difference(first.gap.points))
                        }
                        " " (self.verdict(first.gap.verdict))
                        span .range {
                            (words.interval) " "
                            span data-figure="gap-interval" { (self.difference_range(&first.gap)) }
                        }
                    }
                    div {
                        p { (texts.moments_lead(
                            first.orders, (first.first, before), (first.second, after),
                            first.better, first.worse,
                        )) }
                        p .small .quiet {
                            (texts.gap_reason(&first.gap, others.len() + 1))
                            @if let Some(power) = &first.power { " " (texts.power_of_orders(power)) }
                        }
                    }
                }
                (self.rows(&rows, words.touchpoint, None, "moment"))
                @if !others.is_empty() {
                    details .more {
                        summary { (words.other_moments) }
                        div .table-frame tabindex="0" role="region" aria-label=(words.other_moments) {
                            table {
                                thead { tr {
                                    th scope="col" { (words.pair) }
                                    th scope="col" .number { (words.orders) }
                                    th scope="col" .number { (words.gap) }
                                    th scope="col" .number { (words.interval) }
                                } }
                                tbody {
                                    @for pair in others {
                                        tr {
                                            th scope="row" {
                                                (self.names.touchpoint(pair.first)) " → "
                                                (self.names.touchpoint(pair.second)) " "
                                                (self.verdict(pair.gap.verdict))
                                            }
                                            td .number { (texts.format.count(pair.orders)) }
                                            td .number { (texts.format.difference(pair.gap.points)) }
                                            td .number { (self.difference_range(&pair.gap)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
