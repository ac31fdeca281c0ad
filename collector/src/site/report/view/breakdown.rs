//! The breakdown: the score by the values of a property.

use maud::{Markup, html};

use super::{
    Page,
    scores::{Row, has_marks},
};
use crate::report::Breakdown;

impl Page<'_> {
    pub(super) fn breakdown(&self, breakdown: &Breakdown) -> Markup {
        let (report, texts, words) = (self.report, self.texts, self.texts.words);
        let chosen = self.query.filter.facet.as_ref();
        let names: Vec<_> =
            breakdown.values.iter().map(|it| texts.value(&breakdown.by, &it.value)).collect();
        let rows: Vec<Row<'_>> = breakdown
            .values
            .iter()
            .zip(&names)
            .map(|(value, name)| {
                let is_chosen = chosen
                    .is_some_and(|facet| facet.name == breakdown.by && facet.value == value.value);
                let mut changes = Vec::from_iter(chosen.map(|facet| (facet.name.as_str(), None)));
                changes.push((breakdown.by.as_str(), (!is_chosen).then_some(value.value.as_str())));
                Row {
                    key: &value.value,
                    name,
                    address: Some(self.address(&changes)),
                    is_current: is_chosen,
                    figures: &value.figures,
                    difference: value.difference.as_ref(),
                }
            })
            .collect();
        let has_few = rows.iter().any(|row| !row.figures.enough);
        let all = report.figures.nps.filter(|_| chosen.is_none());
        // One that was asked for has a tab also without data, so that it is clear what there is none of.
        let asked_for = Some(&breakdown.by).filter(|by| !report.facets.contains(by));
        html! {
            section .sheet .breakdown aria-labelledby="breakdown" {
                h2 #breakdown { (words.breakdown) }
                nav .pick .no-print aria-label=(words.by) {
                    @for facet in report.facets.iter().chain(asked_for) {
                        a href={ (self.address(&[("by", Some(facet))])) "#breakdown" }
                            aria-current=[(*facet == breakdown.by).then_some("true")] {
                            (texts.facet(facet))
                        }
                    }
                }
                @if rows.is_empty() {
                    p { (words.no_values) }
                } @else {
                    p .lead { (texts.breakdown_lead(all.is_some(), has_marks(&rows), has_few, chosen.is_some())) }
                    (self.rows(&rows, &texts.facet(&breakdown.by), all, "value"))
                }
                @if !report.left_out.is_empty() {
                    p .small .quiet data-figure="left-out" { (texts.left_out(&report.left_out)) }
                }
                @if breakdown.more > 0 { p .small .quiet { (texts.more_values(breakdown.more)) } }
            }
        }
    }
}
