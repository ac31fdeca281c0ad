//! The page of a week.

use axum::response::Response;
use jiff::{ToSpan as _, civil::Date};
use maud::{Markup, html};

use super::{
    Week,
    words::{Words, between, half_within, replied, too_few, verdict},
};
use crate::{
    access::person::Person,
    site::{
        answer::line,
        frame::{Place, format::Format, page},
        hits::number,
    },
    store::{Hits, Stored},
};

/// A group of open cases.
pub(super) struct Waiting {
    pub(super) name: &'static str,
    /// The query of the inbox that lists them.
    pub(super) query: String,
    /// The number of cases; `None` if counting took too long.
    pub(super) count: Option<Hits>,
}

/// The page.
pub(super) fn week(week: &Week, person: &Person) -> Response {
    let words = Words::of(person.language);
    let format = Format::of(person.language);
    let title =
        format!("{} · {} – {}", words.week, format.day(week.monday), format.day(week.sunday));
    let days = format!("from={}&to={}", week.monday, week.sunday);
    let main = html! {
        div .stack .week {
            header {
                h1 { (title) }
                p .lead { (words.lead) }
                nav .row .no-print aria-label=(words.weeks) {
                    a rel="prev" href=(address(week.monday, -7)) { "‹ " (words.before) }
                    @if week.is_over { a rel="next" href=(address(week.monday, 7)) { (words.after) " ›" } }
                }
            }
            section .sheet aria-labelledby="changed" {
                h2 #changed { (words.changed) }
                (changed(week, person, words))
                p .no-print { a href={ "/?" (days) } { (words.report) } }
            }
            section .sheet aria-labelledby="said" {
                h2 #said { (words.said) }
                @if week.critical.is_empty() && week.glad.is_empty() {
                    p .quiet { (words.silent) }
                }
                (said(words.critical, &week.critical, person))
                (said(words.glad, &week.glad, person))
                p .no-print { a href={ "/responses?" (days) } { (words.all_said) } }
            }
            section .sheet aria-labelledby="waits" {
                h2 #waits { (words.waits) }
                dl .facts {
                    @for Waiting { name, query, count: found } in &week.waiting {
                        dt { a href={ "/inbox?" (query) } { (name) } }
                        dd {
                            @match found {
                                Some(found) => strong { (number(*found, person.language)) },
                                None => span .quiet { (words.uncounted) },
                            }
                        }
                    }
                }
            }
            section .sheet aria-labelledby="done" {
                h2 #done { (words.done) }
                dl .facts {
                    @for (name, found) in [
                        (words.new_cases, week.done.new),
                        (words.answered, week.done.answered),
                        (words.closed, week.done.closed),
                    ] {
                        dt { (name) } dd { strong { (format.count(found)) } }
                    }
                }
                @if week.answers.waits.cases() > 0 {
                    h3 { (words.waited) }
                    dl .facts {
                        dt { (words.share_answered) }
                        dd { strong { (replied(&week.answers, person.language)) } }
                        dt { (words.elsewhere) }
                        dd { strong { (format.count(week.answers.elsewhere)) } }
                        dt { (words.first_answer) }
                        dd { (half_within(week.answers.waits.half_within(), person.language)) }
                    }
                }
                p .no-print { a href="/inbox" { (words.to_inbox) } }
            }
        }
    };
    page(person, Place::Inbox, &title, &main)
}

/// The address of the week that is `days` after this one.
fn address(monday: Date, days: i64) -> String {
    format!("/week?of={}", monday.saturating_add(days.days()))
}

fn changed(week: &Week, person: &Person, words: &Words) -> Markup {
    let format = Format::of(person.language);
    let report = &week.read.report;
    let figures = &report.figures;
    let (Some(nps), Some(interval)) = (figures.nps, figures.interval) else {
        return html! { p .quiet { (words.none) } };
    };
    html! {
        dl .facts {
            dt { (words.nps) }
            dd {
                strong data-figure="nps" { (format.score(nps)) } ", "
                (between(interval, person.language))
                @if !figures.enough { p .small .quiet { (too_few(person.language)) } }
            }
            dt { (words.compared) }
            dd data-figure="change" {
                @match &report.change {
                    Some(change) => {
                        (verdict(change.difference.verdict, change.difference.points, person.language))
                    },
                    None => span .quiet { (words.nothing_before) },
                }
            }
            dt { (words.answers) }
            dd {
                strong data-figure="answers" { (format.count(figures.answers)) }
                @if let Some(change) = &report.change {
                    " (" (words.before) ": " (format.count(change.before.answers)) ")"
                }
            }
        }
    }
}

fn said(title: &str, comments: &[Stored], person: &Person) -> Markup {
    html! {
        @if !comments.is_empty() {
            h3 { (title) }
            ul .answers-of { @for stored in comments { li { (line(stored, person)) } } }
        }
    }
}
