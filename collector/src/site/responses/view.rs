//! The list of responses as a page: a filter, one entry a response, and the way to older ones.

use afterword_response::{Segment, Touchpoint};
use axum::response::Response;
use maud::{Markup, html};

use super::{choice::buttons, words::Words};
use crate::{
    access::{Role, person::Person},
    query::{FilterQuery, ListQuery, SEGMENTS, When},
    site::{
        frame::{Place, moment, names::Names, page, segment_class},
        report::narrowed,
    },
    store::{Stored, surveys::Survey},
};

/// The page for what `list` asked for. `next` is the query of the page behind it; `surveys` are those
/// that have a name.
pub(crate) fn responses(
    list: &ListQuery,
    responses: &[Stored],
    next: Option<&str>,
    surveys: &[Survey],
    person: &Person,
) -> Response {
    let words = Words::of(person.language);
    let is_filtered = list.filter != FilterQuery::default();
    let length = usize::try_from(list.limit).unwrap_or(usize::MAX);
    let main = html! {
        header {
            h1 { (words.title) }
            p .lead { (words.lead) }
        }
        @if is_filtered || list.after.is_some() || !responses.is_empty() {
            (filter(&list.filter, surveys, person, words))
        }
        @if responses.is_empty() {
            section .sheet {
                @if next.is_some() {
                    p { (words.none_yet) }
                } @else if is_filtered || list.after.is_some() {
                    p { (words.none_filtered) }
                } @else {
                    h2 { (words.none_title) }
                    p { (words.none) }
                }
            }
        } @else {
            ol .responses .sheet {
                @for stored in responses { li { (response(stored, surveys, person, words)) } }
            }
        }
        @if is_filtered && !responses.is_empty() && person.may(Role::Member) {
            (buttons(person, &list.filter, words))
        }
        @if !responses.is_empty() || next.is_some() {
            nav .pages aria-label=(words.pages) {
                @if list.after.is_some() {
                    a .button .second href={ "/responses?" (list.behind(None)) } { (words.newest) }
                }
                @if let Some(next) = next {
                    a .button .second rel="next" href={ "/responses?" (next) } {
                        (if responses.len() < length { words.further } else { words.older })
                    }
                }
                a .download href={ "/data/export?format=csv&" (list.filter.query()) } download {
                    (if is_filtered { words.download_these } else { words.download_all })
                }
            }
        }
    };
    page(person, Place::Responses, words.title, &main)
}

fn filter(filter: &FilterQuery, surveys: &[Survey], person: &Person, words: &Words) -> Markup {
    let names = Names::of(person.language);
    let chosen = filter.survey.as_deref();
    html! {
        form .filter method="get" action="/responses" aria-label=(words.filter) {
            @if let Some(facet) = &filter.facet {
                input type="hidden" name=(facet.name) value=(facet.value);
            }
            @if let Some(kind) = filter.aside {
                input type="hidden" name="aside" value=(kind.name());
            }
            @if surveys.len() > 1 || chosen.is_some() {
                label {
                    span { (words.survey) }
                    select name="survey" {
                        option value="" { (words.all) }
                        @for survey in surveys {
                            option value=(survey.id) selected[chosen == Some(survey.id.as_str())] {
                                (survey.title())
                            }
                        }
                        // One that has no answers yet, or none any more.
                        @if let Some(id) = chosen.filter(|id| surveys.iter().all(|it| it.id != *id)) {
                            option value=(id) selected { (id) }
                        }
                    }
                }
            }
            label {
                span { (words.touchpoint) }
                select name="touchpoint" {
                    option value="" { (words.all) }
                    @for name in Touchpoint::NAMES {
                        @if let Some(touchpoint) = Touchpoint::from_name(name) {
                            option value=(name) selected[filter.touchpoint == Some(touchpoint)] {
                                (names.touchpoint(touchpoint))
                            }
                        }
                    }
                }
            }
            label {
                span { (words.segment) }
                select name="segment" {
                    option value="" { (words.all) }
                    @for (name, segment) in SEGMENTS {
                        option value=(name) selected[filter.segment == Some(segment)] {
                            (names.segment(segment))
                        }
                    }
                }
            }
            label {
                span { (words.words) }
                input type="search" name="q" maxlength="200" value=[filter.words.as_ref()];
            }
            // A moment, which only programs say, would be lost on a field for days.
            @for (name, when, label) in [("from", filter.from, words.from), ("to", filter.to, words.to)] {
                @if let Some(When::Moment(moment)) = when {
                    input type="hidden" name=(name) value=(moment);
                } @else {
                    label .date {
                        span { (label) }
                        input type="date" name=(name) min="1970-01-01" max="2199-12-31" value=[when];
                    }
                }
            }
            button .second { (words.apply) }
            @if *filter != FilterQuery::default() { a href="/responses" { (words.clear) } }
        }
        @if let Some(kind) = filter.aside {
            p .narrowed { strong .badge { (words.only) " " (names.aside(kind.name())) } }
        }
        @if let Some(facet) = &filter.facet {
            p .narrowed { strong .badge { (narrowed(facet, person.language)) } }
        }
    }
}

fn response(stored: &Stored, surveys: &[Survey], person: &Person, words: &Words) -> Markup {
    let names = Names::of(person.language);
    let response = &stored.response;
    let segment = Segment::of(response.score);
    let comment = response.comment.as_deref().filter(|comment| !comment.trim().is_empty());
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    let survey = surveys.iter().find(|survey| survey.id == response.survey);
    let survey = survey.map_or(response.survey.as_str(), Survey::title);
    html! {
        article data-id=(response.id) data-score=(response.score)
            data-revision=(response.revision) data-complete=(response.complete) {
            p .mark .(segment_class(segment)) {
                span .hidden-text { (words.score) " " }
                strong { (response.score) }
                " " span { (names.segment(segment)) }
            }
            div {
                @if let Some(comment) = comment {
                    // The customer's language, for whoever has it read aloud, and their direction.
                    p .comment lang=(response.locale) dir="auto" { (comment) }
                } @else {
                    p .no-comment { (words.no_comment) }
                }
                dl {
                    (fact(words.survey, survey))
                    (fact(words.touchpoint, names.touchpoint(response.touchpoint)))
                    @if let Some(order) = order { (fact(words.order, order)) }
                    @if let Some(themes) = themes(stored, names) {
                        (fact(words.themes, &themes))
                    }
                    @if !response.locale.is_empty() { (fact(words.language, &response.locale)) }
                    @if response.revision > 1 {
                        (fact(words.revision, &response.revision.to_string()))
                    }
                }
            }
            p .from {
                time datetime=(stored.received_at) { (moment(stored.received_at, person)) }
                span { (if response.complete { words.complete } else { words.score_only }) }
                @if stored.aside.kind().is_some() {
                    @let why: Vec<_> = stored.aside.names().iter().map(|it| names.aside(it)).collect();
                    span .badge .aside { (words.not_counted) " " (why.join(", ")) }
                }
            }
        }
    }
}

/// What a comment is about, in words; `None` where nothing was found in it.
fn themes(stored: &Stored, names: &Names) -> Option<String> {
    let named: Vec<&str> = stored.themes()?.into_iter().map(|theme| names.theme(theme)).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}
