//! The section about themes: how often each theme is named, and its effect on the score.

use maud::{Markup, html};

use super::{Page, scores::arrow};
use crate::{
    query::FilterQuery,
    report::{
        facts::{Facet, THEME},
        statistics::Interval,
        themes::{NamedTheme, SharePoint, Themes},
    },
    site::report::charts::{self, Rows},
    store::Stored,
    themes::Theme,
};

impl Page<'_> {
    pub(super) fn themes(&self, themes: &Themes) -> Markup {
        let (texts, words) = (self.texts, self.texts.words);
        // The scale always contains 0, because an impact is a distance from it.
        let nought = Interval { low: 0.0, high: 0.0 };
        let intervals = themes.named.iter().filter_map(|it| Some(it.impact?.interval));
        let scale = Rows::new(intervals.chain([nought]), Some(0.0));
        let shares = themes.named.iter().flat_map(|it| &it.trend).filter_map(|it| it.share);
        let most = shares.fold(0.01, f64::max);
        html! {
            section .sheet .themes aria-labelledby="themes" {
                h2 #themes { (words.themes) }
                p .lead { (texts.themes_lead(themes.base.answers)) }
                @if !themes.complete {
                    p .notice .warn data-figure="themes-incomplete" { (words.themes_incomplete) }
                }
                @if themes.named.is_empty() {
                    p { (words.no_themes) }
                } @else {
                    p .quiet .small { (texts.themes_marks(themes)) }
                    table .rows .theme-rows role="table" {
                        thead role="rowgroup" { tr role="row" {
                            th scope="col" role="columnheader" { (words.theme) }
                            td .plot role="cell" {
                                span .label aria-hidden="true" { (words.impact) }
                                (scale.axis(|it| texts.format.whole(it)))
                            }
                            th scope="col" role="columnheader" .number { (words.impact) }
                            th scope="col" role="columnheader" .number { (words.share) }
                            th scope="col" role="columnheader" .number { "NPS" }
                        } }
                        tbody role="rowgroup" {
                            @for theme in &themes.named {
                                (self.theme(theme, scale, most))
                                (self.examples(theme))
                            }
                        }
                    }
                }
                @if themes.compared { (self.phrases(themes)) }
            }
        }
    }

    /// What is written more often than before.
    fn phrases(&self, themes: &Themes) -> Markup {
        let (texts, words) = (self.texts, self.texts.words);
        html! {
            div .phrases {
                h3 { (words.phrases) }
                p .quiet .small { (texts.phrases_lead(themes.phrases_of)) }
                @if themes.phrases.is_empty() {
                    p { (words.no_phrases) }
                } @else {
                    ul {
                        @for it in &themes.phrases {
                            li data-figure="phrase" {
                                a href={ "/responses?" (self.with_words(&it.phrase)) } { q { (it.phrase) } }
                                " " span .quiet { (texts.phrase_counts(it.comments, it.comments_before)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The list of answers with a phrase, as a query.
    fn with_words(&self, phrase: &str) -> String {
        let words = Some(format!("\"{phrase}\""));
        FilterQuery { facet: None, segment: None, words, ..self.filter_in_days() }.query()
    }

    /// A theme as the shop calls it.
    pub(super) fn theme_name(&self, theme: Theme) -> &str {
        self.names.theme(theme, &self.person.themes)
    }

    fn theme(&self, theme: &NamedTheme, scale: Rows, most: f64) -> Markup {
        let (texts, words, figures) = (self.texts, self.texts.words, &theme.figures);
        html! {
            tr role="row" data-kind="theme" data-value=(theme.theme.id()) {
                th scope="row" role="rowheader" {
                    a href=(self.address(&[(THEME, Some(theme.theme.id()))])) { (self.theme_name(theme.theme)) }
                    @if !figures.enough { " " span .badge { (words.few) } }
                    @if theme.rising { " " span .badge .rising { (words.rising) } }
                    @if let Some(difference) = &theme.difference {
                        span .apart-from { (arrow(difference)) (texts.beside_others(difference)) }
                    }
                }
                td .plot role="cell" {
                    @if let Some(impact) = theme.impact {
                        (scale.row(impact.points, impact.interval, figures.enough))
                    }
                }
                td .number .impact role="cell" {
                    @if let Some(impact) = theme.impact {
                        strong { (texts.format.difference(impact.points)) }
                        small { (texts.differences(impact.interval)) }
                    } @else {
                        "–"
                    }
                }
                td .number .share role="cell" {
                    span .label aria-hidden="true" { (words.share) " " }
                    (texts.format.share(theme.share))
                    small { (texts.answers(figures.answers)) }
                    @if let Some(before) = theme.share_before {
                        small { (words.share_before) " " (texts.format.share(before)) }
                    }
                    (self.share_over_time(theme, most))
                }
                td .number .theme-nps role="cell" {
                    span .label aria-hidden="true" { "NPS " }
                    (figures.nps.map_or("–".to_owned(), |nps| texts.format.score(nps)))
                    small { (figures.interval.map(|it| texts.range(it)).unwrap_or_default()) }
                }
            }
        }
    }

    /// The share of a theme over time, where there is more than one step.
    fn share_over_time(&self, theme: &NamedTheme, most: f64) -> Markup {
        let middle = |it: &SharePoint| f64::from(it.dates.from + it.dates.to) / 2.0;
        let points: Vec<(f64, f64, bool)> =
            theme.trend.iter().filter_map(|it| Some((middle(it), it.share?, it.joined))).collect();
        let [first, .., last] = points.as_slice() else { return html! {} };
        let [from, to] = [first, last].map(|(_, share, _)| self.texts.format.share(*share));
        let label = self.texts.share_over_time(self.theme_name(theme.theme), &from, &to);
        charts::shares_over_time(&points, (first.0, last.0), most, &label)
    }

    /// The latest comments about a theme, and a link to all answers that name it.
    fn examples(&self, theme: &NamedTheme) -> Markup {
        let words = self.texts.words;
        let examples: &[Stored] = self
            .read
            .examples
            .iter()
            .find(|(of, _)| *of == theme.theme)
            .map_or(&[], |(_, comments)| comments);
        let filter = FilterQuery {
            facet: Facet::new(THEME, theme.theme.id()),
            segment: None,
            words: None,
            ..self.filter_in_days()
        };
        html! {
            tr .examples role="row" {
                td colspan="5" role="cell" {
                    details {
                        summary {
                            (words.examples)
                            span .hidden-text { ": " (self.theme_name(theme.theme)) }
                        }
                        @if !examples.is_empty() {
                            ol .responses { @for stored in examples { li { (self.comment(stored)) } } }
                        }
                        p .no-print {
                            a href={ "/responses?" (filter.query()) } {
                                (words.all_of_theme)
                                span .hidden-text { ": " (self.theme_name(theme.theme)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
