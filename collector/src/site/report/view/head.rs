//! The head of the report: the score, its interval, and the distribution of answers.

use maud::{Markup, html};

use super::{Page, scores::arrow};
use crate::{
    report::{Change, calendar::date, facts::Source, statistics::Mix},
    site::report::charts::{self, Parts, Size},
};

/// The effect of a changed mix, in points, from which the page mentions it: every change has a small one.
const MIX_TOLD: f64 = 2.0;

impl Page<'_> {
    /// The section with the score, its interval, and the distribution of answers.
    pub(super) fn head(&self) -> Markup {
        let (report, texts) = (self.report, self.texts);
        let (words, format) = (texts.words, texts.format);
        let figures = &report.figures;
        let (Some(nps), Some(interval)) = (figures.nps, figures.interval) else { return html! {} };
        let score = format.score(nps);
        // The decimal place is printed smaller, because it is the least certain.
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
                (self.ways(nps))
                (self.distribution(nps))
            }
        }
    }

    /// The customer or order with a large share of the answers, in this or the previous period.
    fn concentration(&self, now: bool) -> Markup {
        let found = || self.report.concentration.iter().filter(|it| it.now == now);
        // The orders of the named customer are not named again.
        let most = found().filter(|it| it.by == Source::Customer).map(|it| it.answers).max();
        html! {
            @for it in found().filter(|it| it.by == Source::Customer || Some(it.answers) > most) {
                p .notice data-figure="concentration" { (self.texts.concentration(it)) }
            }
        }
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

    /// The rest of a change without the effect of the mix.
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
}
