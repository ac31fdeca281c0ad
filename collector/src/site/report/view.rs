//! The report's page: what was answered, how sure that is, and what changed.
//!
//! It shows a [`Report`] and computes nothing: every figure here is one of `GET /v1/report`.

use afterword_response::Segment;
use axum::response::Response;
use maud::{Markup, html};

use super::{
    charts::{self, Parts, Rows, Size, TrendAxis, TrendPoint},
    texts::Texts,
};
use crate::{
    access::person::Person,
    aside::{Flagged, Kind},
    language::Language,
    query::{FilterQuery, Period, ReportQuery, SEGMENTS, When},
    reading::ReportReading,
    report::{
        Breakdown, Change, Dates, Figures, Moments, NonResponse, Point, Report,
        calendar::{Day, Step, date},
        facts::{Facet, Source},
        method::MethodChange,
        statistics::{Difference, Mix, Verdict},
        story::Story,
    },
    site::frame::{self, Place, names::Names, segment_class},
    store::{Stored, surveys::Survey},
};

/// The period where the address says none.
pub(crate) const USUAL: Period = Period::Last(90);

/// The change of mix is told where it makes so many points of a change: less is in every change.
const MIX_TOLD: f64 = 2.0;

/// The page for what `query` asked for. `surveys` are those that have a name.
pub(crate) fn report(
    query: &ReportQuery,
    read: &ReportReading,
    surveys: &[Survey],
    person: &Person,
) -> Response {
    let page = Page {
        query,
        read,
        surveys,
        report: &read.report,
        texts: Texts::of(person.language),
        names: Names::of(person.language),
    };
    frame::page(person, Place::Report, page.texts.words.title, &page.main())
}

/// What a list is narrowed to, in words.
pub(crate) fn narrowed(facet: &Facet, language: Language) -> String {
    Texts::of(language).narrowed(&facet.name, &facet.value)
}

/// What every part of the page needs.
struct Page<'a> {
    query: &'a ReportQuery,
    read: &'a ReportReading,
    surveys: &'a [Survey],
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
                @if report.figures.answers == 0 {
                    section .sheet {
                        h2 { (words.none_title) }
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
                    @if let Some(breakdown) = &report.breakdown { (self.breakdown(breakdown)) }
                    @if let Some(silence) = &report.non_response { (self.silence(silence)) }
                    (self.comments())
                }
            }
        }
    }

    /// For a shop that begins.
    fn empty(&self) -> Markup {
        let words = self.texts.words;
        html! {
            div .report {
                h1 { (words.title) }
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

    /// What the report is about, in one line.
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

    /// What the shop calls a survey.
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

    fn periods(&self) -> Markup {
        let words = self.texts.words;
        let current = self.query.period.unwrap_or(USUAL);
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

    fn filter(&self) -> Markup {
        let (words, filter) = (self.texts.words, &self.query.filter);
        html! {
            div .report-filter .no-print {
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
                @if let Some(facet) = &filter.facet {
                    p .narrowed {
                        strong .badge { (self.texts.narrowed(&facet.name, &facet.value)) }
                        " "
                        a href=(self.address(&[(&facet.name, None)])) { (words.without) }
                    }
                }
            }
        }
    }

    fn touchpoint_names(
        &self,
    ) -> impl Iterator<Item = (afterword_response::Touchpoint, &'static str)> {
        let names = self.names;
        afterword_response::Touchpoint::NAMES
            .iter()
            .filter_map(|name| afterword_response::Touchpoint::from_name(name))
            .map(move |touchpoint| (touchpoint, names.touchpoint(touchpoint)))
    }

    /// The score, how sure it is, and what it consists of.
    fn head(&self) -> Markup {
        let (report, texts) = (self.report, self.texts);
        let (words, format) = (texts.words, texts.format);
        let figures = &report.figures;
        let (Some(nps), Some(interval)) = (figures.nps, figures.interval) else { return html! {} };
        let score = format.score(nps);
        // The decimal place is smaller: it is known least.
        let (whole, tenth) = score.split_at(score.len() - 2);
        html! {
            section .sheet .head aria-labelledby="nps" {
                div .head-score {
                    h2 #nps .quiet { (words.nps) }
                    p .nps data-figure="nps" { (whole) span { (tenth) } }
                    (charts::gauge(nps, interval, |it| format.whole(it)))
                    p .range { (words.interval) " " strong data-figure="interval" { (texts.range(interval)) } }
                    @if figures.enough {
                        p .small .quiet { (texts.certainty(interval)) }
                    } @else {
                        p .notice { (texts.too_few(figures.answers)) }
                    }
                    (self.concentration(true))
                    (self.ways(nps))
                }
                dl .head-facts {
                    div {
                        dt { (words.answers) }
                        dd { strong data-figure="answers" { (format.count(figures.answers)) } }
                    }
                    div {
                        dt { (words.response_rate) }
                        @if let Some(silence) = &report.non_response {
                            dd {
                                strong data-figure="response-rate" { (format.share(silence.response_rate)) }
                                span .small .quiet {
                                    (texts.of_displays(report.displays)) ". " (words.interval) " "
                                    span data-figure="response-rate-interval" { (texts.shares(silence.response_rate_interval)) } "."
                                }
                            }
                        } @else {
                            dd {
                                strong .missing { (words.not_measured) }
                                span .small .quiet {
                                    (if self.query.filter.facet.is_some() { words.rate_with_property }
                                     else { words.how_to_measure })
                                }
                            }
                        }
                    }
                    div {
                        dt { (words.change) }
                        @match &report.change {
                            Some(change) => { (self.change(change)) }
                            None => { dd { strong .missing { (words.nothing_before) } } }
                        }
                    }
                }
                (self.distribution(nps))
            }
        }
    }

    /// Who gave so many answers that these are fewer opinions, now or in the period before.
    fn concentration(&self, now: bool) -> Markup {
        let found = || self.report.concentration.iter().filter(|it| it.now == now);
        // The orders of a customer are that customer's.
        let most = found().filter(|it| it.by == Source::Customer).map(|it| it.answers).max();
        html! {
            @for it in found().filter(|it| it.by == Source::Customer || Some(it.answers) > most) {
                p .notice data-figure="concentration" { (self.texts.concentration(it)) }
            }
        }
    }

    /// What no figure counts and why, with the way to look at it; and the score with and without what
    /// is implausible.
    fn set_aside(&self) -> Markup {
        let (texts, flagged) = (self.texts, self.query.flagged);
        let Some(aside) = &self.report.aside else { return html! {} };
        let counts = [
            (Kind::Test, aside.test),
            (Kind::Repeated, aside.repeated),
            (Kind::Excluded, aside.excluded),
            (Kind::Flagged, if flagged == Flagged::Without { aside.flagged } else { 0 }),
        ];
        let other = match flagged {
            Flagged::Without => Some("with"),
            Flagged::With => None,
        };
        let said = counts.iter().any(|(_, count)| *count > 0);
        html! {
            @if said || self.report.otherwise.is_some() {
                p .notice .set-aside data-figure="aside" {
                    @if said {
                        (texts.words.set_aside) " "
                        @for (index, (kind, count)) in counts.iter().filter(|it| it.1 > 0).enumerate() {
                            @if index > 0 { ", " }
                            a data-aside=(kind.name()) href=(self.responses_aside(*kind)) {
                                (texts.set_aside(*kind, *count))
                            }
                        }
                        ". "
                    }
                    @if let Some(otherwise) = &self.report.otherwise {
                        span data-figure="otherwise" {
                            (texts.otherwise(flagged, otherwise.nps, aside.flagged))
                        }
                        " "
                        a .no-print href=(self.address(&[("flagged", other)])) {
                            (match flagged {
                                Flagged::Without => texts.words.count_flagged,
                                Flagged::With => texts.words.leave_flagged_out,
                            })
                        }
                    }
                }
            }
        }
    }

    /// The list of what is set aside in the report's period.
    fn responses_aside(&self, kind: Kind) -> String {
        let filter = &self.query.filter;
        let day = |day| date(day).to_string();
        let period = self.report.period;
        let pairs = [
            ("survey", filter.survey.clone()),
            ("touchpoint", filter.touchpoint.map(|it| it.name().to_owned())),
            ("from", Some(day(period.from))),
            ("to", Some(day(period.to))),
            ("aside", Some(kind.name().to_owned())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/responses?{query}")
    }

    /// The scores of the period's different ways of asking, which the figure pools.
    fn ways(&self, nps: f64) -> Markup {
        let (ways, texts) = (&self.report.ways, self.texts);
        let Some(last) = ways.last() else { return html! {} };
        let day = |day| date(day).to_string();
        let (from, to) = (day(last.dates.from), day(last.dates.to));
        let only = [("period", None), ("from", Some(from.as_str())), ("to", Some(to.as_str()))];
        html! {
            div .notice .ways role="note" aria-label=(texts.words.ways) {
                p { (texts.pooled(nps)) }
                ul data-figure="ways" {
                    @for way in ways {
                        li { (texts.way(way.dates, way.figures.nps, way.figures.answers)) }
                    }
                }
                p .no-print { a href=(self.address(&only)) { (texts.words.since_change) } }
            }
        }
    }

    fn change(&self, change: &Change) -> Markup {
        let (texts, difference) = (self.texts, &change.difference);
        html! {
            dd {
                strong data-figure="change" {
                    (arrow(difference)) (texts.format.difference(difference.points))
                }
                " " (self.verdict(difference.verdict))
                span .small .quiet {
                    (texts.verdict_reason(difference.verdict, change.period))
                    " " (texts.words.interval) " "
                    span data-figure="change-interval" { (self.difference_range(difference)) } "."
                }
                @if let Some(power) = &change.power {
                    span .small .quiet data-figure="power" { (texts.power(power)) }
                }
                @if let Some(mix) = change.mix.as_ref().filter(|mix| mix.by_mix.abs() >= MIX_TOLD) {
                    (self.mix(mix))
                }
                (self.concentration(false))
            }
        }
    }

    /// What is left of a change without that of the mix.
    fn mix(&self, mix: &Mix) -> Markup {
        let (texts, difference) = (self.texts, &mix.standardised);
        html! {
            div .mix {
                p {
                    (texts.words.mix) " "
                    strong data-figure="mix" {
                        (arrow(difference)) (texts.format.difference(difference.points))
                    }
                    " " (self.verdict(difference.verdict))
                }
                p .small .quiet { (texts.mix_reason(mix.by_mix)) }
            }
        }
    }

    /// A verdict on its badge. The words say it; the shade only supports them.
    fn verdict(&self, verdict: Verdict) -> Markup {
        let is_clear = verdict == Verdict::Real;
        html! {
            span .badge .clear[is_clear] data-figure="verdict" { (self.texts.verdict(verdict)) }
        }
    }

    fn difference_range(&self, difference: &Difference) -> String {
        let [low, high] = [difference.interval.low, difference.interval.high]
            .map(|it| self.texts.format.difference(it));
        let to = match self.texts.language {
            Language::English => "to",
            Language::German => "bis",
        };
        format!("{low} {to} {high}")
    }

    fn distribution(&self, nps: f64) -> Markup {
        let (report, texts) = (self.report, self.texts);
        let (words, format) = (texts.words, texts.format);
        let (answers, segments) = (report.figures.answers, &report.figures.segments);
        #[expect(clippy::cast_precision_loss, reason = "a share to be rounded")]
        let share = |count: u64| count as f64 / answers as f64;
        let named = [
            ("detractor", words.detractors, "0–6", segments.detractors),
            ("passive", words.passives, "7–8", segments.passives),
            ("promoter", words.promoters, "9–10", segments.promoters),
        ];
        html! {
            figure .distribution {
                figcaption { (texts.sum(share(segments.promoters), share(segments.detractors), nps)) }
                div .bars-frame {
                    (charts::distribution(
                        &report.distribution, Size::Wide, texts.distribution_label(),
                        |count| format.rough_share(share(count)),
                    ))
                    (charts::distribution(
                        &report.distribution, Size::Narrow, texts.distribution_label(),
                        |count| format.percents(share(count)),
                    ))
                    (charts::shares(named.map(|(.., count)| count), Parts::Segments))
                }
                ul .key {
                    @for (segment, name, scores, count) in named {
                        li {
                            i class={ "swatch " (segment) } {}
                            span { (name) " " span .quiet { (scores) } }
                            strong data-figure={ (segment) "-share" } { (format.share(share(count))) }
                            span .quiet data-figure=(segment) { (format.count(count)) }
                        }
                    }
                }
                details .more {
                    summary { (words.as_table) }
                    table {
                        thead { tr {
                            th scope="col" { (words.score) }
                            th scope="col" .number { (words.answers) }
                            th scope="col" .number { (words.share) }
                        } }
                        tbody {
                            @for (score, count) in report.distribution.iter().enumerate() {
                                tr {
                                    th scope="row" { (score) }
                                    td .number data-figure={ "score-" (score) } { (format.count(*count)) }
                                    td .number { (format.share(share(*count))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn trend(&self) -> Markup {
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
                    // One step alone is no course of anything.
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

    /// The days of the line behind; `None` without one.
    fn dates_before(&self) -> Option<Dates> {
        let before = &self.report.trend.before;
        let (first, last) = (before.first()?, before.last()?);
        let is_line = before.iter().any(|point| point.joined);
        is_line.then_some(Dates { from: first.dates.from, to: last.dates.to })
    }

    /// The changes of a day, those that are alike as one, each with where it happened.
    fn changes_of(&self, from: Day) -> Vec<(String, &MethodChange)> {
        type Alike<'a> = (Vec<&'a str>, Vec<&'a str>, &'a MethodChange);
        let mut alike: Vec<Alike<'_>> = Vec::new();
        for change in self.report.trend.method_changes.iter().filter(|it| it.from == from) {
            let touchpoint = self.names.touchpoint(change.touchpoint);
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

    fn days(&self) -> crate::report::calendar::Days {
        crate::report::calendar::Days {
            first: self.report.period.from,
            last: self.report.period.to,
        }
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

    /// Days along the trend's axis, few enough to be read: Mondays, firsts of months, or of years.
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
        // One too near to the end would be cut.
        let room = f64::from(days.count()) * if size == Size::Wide { 0.02 } else { 0.06 };
        chosen
            .into_iter()
            .map(|number| (f64::from(number), self.texts.tick(date(number), is_long)))
            .filter(|(x, _)| {
                x - f64::from(days.first) >= room * 0.5 && f64::from(days.last) + 1.0 - x >= room
            })
            .collect()
    }

    fn touchpoints(&self) -> Markup {
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

    /// Scores below one another, each on its interval.
    fn rows(&self, rows: &[Row<'_>], heading: &str, all: Option<f64>, kind: &str) -> Markup {
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

    fn moments(&self, first: &Moments, others: &[Moments]) -> Markup {
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

    fn breakdown(&self, breakdown: &Breakdown) -> Markup {
        let (report, texts, words) = (self.report, self.texts, self.texts.words);
        let chosen = self.query.filter.facet.as_ref();
        let rows: Vec<Row<'_>> = breakdown
            .values
            .iter()
            .map(|value| {
                let is_chosen = chosen
                    .is_some_and(|facet| facet.name == breakdown.by && facet.value == value.value);
                let mut changes = Vec::from_iter(chosen.map(|facet| (facet.name.as_str(), None)));
                changes.push((breakdown.by.as_str(), (!is_chosen).then_some(value.value.as_str())));
                Row {
                    key: &value.value,
                    name: texts.value(&breakdown.by, &value.value),
                    address: Some(self.address(&changes)),
                    is_current: is_chosen,
                    figures: &value.figures,
                    difference: value.difference.as_ref(),
                }
            })
            .collect();
        let has_few = rows.iter().any(|row| !row.figures.enough);
        let all = report.figures.nps.filter(|_| chosen.is_none());
        html! {
            section .sheet .breakdown aria-labelledby="breakdown" {
                h2 #breakdown { (words.breakdown) }
                nav .pick .no-print aria-label=(words.by) {
                    @for facet in &report.facets {
                        a href={ (self.address(&[("by", Some(facet))])) "#breakdown" }
                            aria-current=[(*facet == breakdown.by).then_some("true")] {
                            (texts.facet(facet))
                        }
                    }
                }
                p .lead { (texts.breakdown_lead(all.is_some(), has_marks(&rows), has_few, chosen.is_some())) }
                @if rows.is_empty() {
                    p { (words.none) }
                } @else {
                    (self.rows(&rows, &texts.facet(&breakdown.by), all, "value"))
                }
                @if breakdown.more > 0 { p .small .quiet { (texts.more_values(breakdown.more)) } }
            }
        }
    }

    fn silence(&self, silence: &NonResponse) -> Markup {
        let (report, texts) = (self.report, self.texts);
        let (words, format) = (texts.words, texts.format);
        #[expect(clippy::cast_precision_loss, reason = "a share to be rounded")]
        let share = |count: u64| format.share(count as f64 / report.displays as f64);
        let parts = [
            ("answered", words.answered, silence.answered),
            ("closed", words.closed, report.dismissals),
            ("ignored", words.ignored, silence.ignored),
        ];
        html! {
            section .sheet .silence aria-labelledby="silence" {
                h2 #silence { (words.silence) }
                p .lead { (texts.silence_lead(silence.bounds)) }
                (charts::shares(parts.map(|(.., count)| count), Parts::Displays))
                ul .key {
                    @for (part, name, count) in parts {
                        li {
                            i class={ "swatch " (part) } {}
                            span { (name) }
                            strong { (share(count)) }
                            span .quiet data-figure=(part) { (format.count(count)) }
                        }
                    }
                }
            }
        }
    }

    fn comments(&self) -> Markup {
        let (words, filter) = (self.texts.words, &self.query.filter);
        let comments = &self.read.comments;
        let is_narrowed = filter.words.is_some() || filter.segment.is_some();
        html! {
            section .comments aria-labelledby="comments" {
                div .row .apart {
                    h2 #comments { (words.comments) }
                    nav .pick .no-print aria-label=(words.segment) {
                        a href={ (self.address(&[("segment", None)])) "#comments" }
                            aria-current=[filter.segment.is_none().then_some("true")] { (words.everybody) }
                        @for (name, segment) in SEGMENTS {
                            a href={ (self.address(&[("segment", Some(name))])) "#comments" }
                                aria-current=[(filter.segment == Some(segment)).then_some("true")] {
                                (self.names.segment(segment))
                            }
                        }
                    }
                }
                form .search .no-print method="get" action="/#comments" role="search" {
                    @for (name, value) in self.hidden_without_words() {
                        input type="hidden" name=(name) value=(value);
                    }
                    label .hidden-text for="q" { (words.search) }
                    input #q type="search" name="q" maxlength="200" placeholder=(words.search)
                        value=[filter.words.as_ref()];
                    button .second { (words.search_go) }
                }
                @if comments.is_empty() {
                    p .sheet { (if is_narrowed { words.none_found } else { words.no_comments }) }
                } @else {
                    ol .responses .sheet { @for stored in comments { li { (self.comment(stored)) } } }
                }
                p .row .no-print {
                    @if self.read.more_comments {
                        a href={ "/responses?" (self.list_query()) } { (words.more_comments) }
                    }
                    a href=(self.export_address()) download { (words.download) }
                }
            }
        }
    }

    fn hidden_without_words(&self) -> Vec<(String, String)> {
        let query = self.query.with(&[("q", None)]);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The list of responses with the same conditions.
    fn list_query(&self) -> String {
        self.filter_in_days().query()
    }

    /// The file of the answers that the report counts. What narrows its comments only is left out.
    fn export_address(&self) -> String {
        let filter = FilterQuery { segment: None, words: None, ..self.filter_in_days() };
        format!("/data/export?format=csv&{}", filter.query())
    }

    fn filter_in_days(&self) -> FilterQuery {
        let day = |number| Some(When::Day(date(number)));
        FilterQuery {
            from: day(self.report.period.from),
            to: day(self.report.period.to),
            ..self.query.filter.clone()
        }
    }

    fn comment(&self, stored: &Stored) -> Markup {
        let response = &stored.response;
        let segment = Segment::of(response.score);
        html! {
            article {
                p .mark .(segment_class(segment)) {
                    span .hidden-text { (self.texts.words.score) " " }
                    strong { (response.score) }
                    " " span { (self.names.segment(segment)) }
                }
                p .comment lang=(response.locale) dir="auto" {
                    (response.comment.as_deref().unwrap_or_default())
                }
                p .from {
                    time datetime=(stored.received_at) {
                        (self.texts.format.moment(stored.received_at, &self.read.zone))
                    }
                    span {
                        (self.names.touchpoint(response.touchpoint))
                        @if let Some(order) = response.order.as_ref().and_then(|it| it.id.as_deref()) {
                            " · " (self.texts.words.number) " " (order)
                        }
                    }
                }
            }
        }
    }
}

/// A line of a table of scores.
struct Row<'a> {
    key: &'a str,
    name: &'a str,
    address: Option<String>,
    is_current: bool,
    figures: &'a Figures,
    /// From the other rows, where it stands out.
    difference: Option<&'a Difference>,
}

/// Whether any row stands out; `None` where too few answered for two to be compared.
fn has_marks(rows: &[Row<'_>]) -> Option<bool> {
    let compared = rows.iter().filter(|row| row.figures.enough).count();
    (compared > 1).then(|| rows.iter().any(|row| row.difference.is_some()))
}

/// Which way a difference went, for the eye; the sign says it too.
fn arrow(difference: &Difference) -> Markup {
    let (class, sign) = match difference.points {
        points if points > 0.0 => ("rise", "▲"),
        points if points < 0.0 => ("fall", "▼"),
        _ => return html! {},
    };
    // Only what is no chance is worth a colour.
    let class = if difference.verdict == Verdict::Real { class } else { "unsure" };
    html! { span .arrow .(class) aria-hidden="true" { (sign) } }
}

/// The trend's steps that have answers, so many days later than they were.
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
