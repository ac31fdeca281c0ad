//! The links to periods, and the form with the report's filter.

use afterword_response::Touchpoint;
use maud::{Markup, html};

use super::{Page, USUAL_PERIOD};
use crate::{
    aside::Flagged,
    query::Period,
    report::facts::{Facet, THEME},
    site::filtering::{folded, said},
    themes::Theme,
};

impl Page<'_> {
    pub(super) fn periods(&self) -> Markup {
        let words = self.texts.words;
        let current = self.query.period.unwrap_or(USUAL_PERIOD);
        html! {
            nav .pick .no-print aria-label=(words.period) {
                @for period in Period::OFFERED {
                    @let name = period.name();
                    a href=(self.address(&[("period", Some(&name)), ("from", None), ("to", None)]))
                        aria-current=[(!self.has_dates() && period == current).then_some("true")] {
                        (self.texts.period(period))
                    }
                }
            }
        }
    }

    pub(super) fn filter(&self) -> Markup {
        let (words, filter) = (self.texts.words, &self.query.filter);
        html! {
            div .report-filter .no-print {
                (folded(&said(filter, self.surveys, self.person), &html! {
                form method="get" action="/" aria-label=(words.filter) {
                    @if !self.has_dates() {
                        @if let Some(period) = self.query.period {
                            input type="hidden" name="period" value=(period.name());
                        }
                    }
                    @if let Some(facet) = &filter.facet {
                        input type="hidden" name=(facet.name) value=(facet.value);
                    }
                    @if let Some(by) = &self.query.by { input type="hidden" name="by" value=(by); }
                    @if self.query.flagged == Flagged::With {
                        input type="hidden" name="flagged" value="with";
                    }
                    @if self.report.surveys.len() > 1 || filter.survey.is_some() {
                        label {
                            span { (words.survey) }
                            select name="survey" {
                                option value="" { (words.all_surveys) }
                                @for survey in &self.report.surveys {
                                    option value=(survey)
                                        selected[filter.survey.as_ref() == Some(survey)] {
                                        (self.survey_title(survey))
                                    }
                                }
                            }
                        }
                    }
                    label {
                        span { (words.touchpoint) }
                        select name="touchpoint" {
                            option value="" { (words.all_touchpoints) }
                            @for (touchpoint, name) in self.touchpoint_names() {
                                option value=(touchpoint.name())
                                    selected[filter.touchpoint == Some(touchpoint)] { (name) }
                            }
                        }
                    }
                    label .date {
                        span { (words.from) }
                        input type="date" name="from" min="1970-01-01" max="2199-12-31"
                            value=[filter.from];
                    }
                    label .date {
                        span { (words.to) }
                        input type="date" name="to" min="1970-01-01" max="2199-12-31"
                            value=[filter.to];
                    }
                    button .second { (words.show) }
                }
                }, self.person.language))
                @if let Some(facet) = &filter.facet {
                    p .narrowed {
                        strong .badge { (self.narrowed(facet)) }
                        " "
                        a href=(self.address(&[(&facet.name, None)])) { (words.without) }
                    }
                }
            }
        }
    }

    /// What the report is narrowed to, in words.
    fn narrowed(&self, facet: &Facet) -> String {
        match Theme::from_id(&facet.value).filter(|_| facet.name == THEME) {
            Some(theme) => format!("{}: {}", self.texts.words.theme, self.theme_name(theme)),
            None => self.texts.narrowed(&facet.name, &facet.value),
        }
    }

    fn touchpoint_names(&self) -> impl Iterator<Item = (Touchpoint, &'static str)> {
        let names = self.names;
        Touchpoint::NAMES
            .iter()
            .filter_map(|name| Touchpoint::from_name(name))
            .map(move |touchpoint| (touchpoint, names.touchpoint(touchpoint)))
    }
}
