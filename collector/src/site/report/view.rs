//! The report's page: the score, its uncertainty, and what changed.
//!
//! It shows a [`Report`] and computes nothing: `GET /v1/report` has every figure that the page shows. Each of the
//! files below has one part of the page.

mod aside;
mod breakdown;
mod comments;
mod filter;
mod head;
mod scores;
mod silence;
mod themes;
mod touchpoints;
mod trend;
mod won_back;

use axum::response::Response;
use maud::{Markup, html};

use super::texts::Texts;
use crate::{
    access::person::Person,
    language::Language,
    query::{Period, ReportQuery},
    reading::ReportReading,
    report::{
        Report,
        facts::{AsideCounts, Facet},
    },
    site::frame::{self, Place, names::Names},
    store::surveys::Survey,
};

/// The period if the address has none.
pub(crate) const USUAL_PERIOD: Period = Period::Last(90);

/// The page for `query`. `surveys` has the surveys with a name. `refused` has the ids of surveys with the numbers of
/// their answers that were refused because they came from a website that is not allowed.
pub(crate) fn report(
    query: &ReportQuery,
    read: &ReportReading,
    (surveys, refused): (&[Survey], &[(String, u64)]),
    person: &Person,
) -> Response {
    let page = Page {
        query,
        read,
        person,
        surveys,
        refused,
        report: &read.report,
        texts: Texts::of(person.language),
        names: Names::of(person.language),
    };
    frame::page(person, Place::Report, page.texts.words.title, &page.main())
}

/// A facet by which a list is filtered, in words.
pub(crate) fn narrowed(facet: &Facet, language: Language) -> String {
    Texts::of(language).narrowed(&facet.name, &facet.value)
}

/// The data that every part of the page needs.
struct Page<'a> {
    query: &'a ReportQuery,
    read: &'a ReportReading,
    person: &'a Person,
    surveys: &'a [Survey],
    refused: &'a [(String, u64)],
    report: &'a Report,
    texts: Texts,
    names: &'static Names,
}

impl Page<'_> {
    fn main(&self) -> Markup {
        let (report, words) = (self.report, self.texts.words);
        if report.surveys.is_empty() && report.displays == 0 {
            return self.empty();
        }
        html! {
            div .report {
                header .report-top {
                    div {
                        h1 { (words.title) }
                        p .lead { (self.about()) }
                    }
                    (self.periods())
                }
                (self.filter())
                (self.refused())
                @if report.figures.answers == 0 {
                    @let has_uncounted = report.aside.as_ref().is_some_and(|aside| *aside != AsideCounts::default());
                    section .sheet {
                        h2 { (if has_uncounted { words.none_counts } else { words.none_title }) }
                        p { (words.none) }
                        p { a href="/?period=all" { (words.show_all) } }
                    }
                    (self.set_aside())
                    @if let Some(silence) = &report.non_response { (self.silence(silence)) }
                } @else {
                    (self.head())
                    (self.set_aside())
                    (self.trend())
                    @if report.touchpoints.len() > 1 { (self.touchpoints()) }
                    @if let Some(moments) = report.moments.first() {
                        (self.moments(moments, &report.moments[1..]))
                    }
                    @if let Some(won_back) = &report.won_back { (self.won_back(won_back)) }
                    @if let Some(themes) = &report.themes { (self.themes(themes)) }
                    @if let Some(breakdown) = &report.breakdown { (self.breakdown(breakdown)) }
                    @if let Some(silence) = &report.non_response { (self.silence(silence)) }
                    (self.comments())
                }
            }
        }
    }

    /// Says that answers were refused, since no figure shows it.
    fn refused(&self) -> Markup {
        let answers: u64 = self.refused.iter().map(|(_, answers)| answers).sum();
        let Some((survey, _)) = self.refused.first() else { return html! {} };
        html! {
            p .notice .warn data-figure="refused" {
                (self.texts.refused(answers)) " "
                @if self.refused.len() == 1 {
                    a .no-print href={ "/surveys/" (survey) } { (self.texts.words.look) }
                } @else {
                    a .no-print href="/surveys" { (self.texts.words.look) }
                }
            }
        }
    }

    /// The page as long as there are no answers at all.
    fn empty(&self) -> Markup {
        let words = self.texts.words;
        html! {
            div .report {
                h1 { (words.title) }
                (self.refused())
                section .sheet .beginning {
                    h2 { (words.empty_title) }
                    p { (words.empty) }
                    p .row {
                        a .button href="/surveys" { (words.get_tag) }
                        a href="/demo/" { (words.see_demo) }
                    }
                }
            }
        }
    }

    /// The report's period, touchpoint and survey, in one line.
    fn about(&self) -> String {
        let words = self.texts.words;
        let touchpoint = self.query.filter.touchpoint;
        let mut about = vec![
            self.texts.dates(self.report.period),
            touchpoint.map_or(words.all_touchpoints, |it| self.names.touchpoint(it)).to_owned(),
        ];
        match &self.query.filter.survey {
            Some(survey) => about.push(self.survey_title(survey).to_owned()),
            None if self.report.surveys.len() > 1 => about.push(words.all_surveys.to_owned()),
            None => {}
        }
        about.join(" · ")
    }

    /// The shop's name for a survey; its id if it has none.
    fn survey_title<'b>(&'b self, id: &'b str) -> &'b str {
        self.surveys.iter().find(|survey| survey.id == id).map_or(id, Survey::title)
    }

    /// The address of the same report with other parameters.
    fn address(&self, changes: &[(&str, Option<&str>)]) -> String {
        match self.query.with(changes) {
            query if query.is_empty() => "/".to_owned(),
            query => format!("/?{query}"),
        }
    }

    fn has_dates(&self) -> bool {
        self.query.filter.from.is_some() || self.query.filter.to.is_some()
    }
}
