//! The list of responses as a page: a filter, one entry a response, and the way to older ones.

use afterword_response::{Segment, Touchpoint};
use axum::response::Response;
use maud::{Markup, html};

use super::{Place, texts::Texts};
use crate::{
    routes::{
        person::Person,
        query::{FilterQuery, ListQuery, SEGMENTS, When},
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
    let texts = Texts::of(person.language);
    let is_filtered = list.filter != FilterQuery::default();
    let main = html! {
        header {
            h1 { (texts.title) }
            p .lead { (texts.lead) }
        }
        @if is_filtered || list.after.is_some() || !responses.is_empty() {
            (filter(&list.filter, surveys, person, texts))
        }
        @if responses.is_empty() {
            section .sheet {
                @if is_filtered || list.after.is_some() {
                    p { (texts.none_filtered) }
                } @else {
                    h2 { (texts.none_title) }
                    p { (texts.none) }
                }
            }
        } @else {
            ol .responses .sheet {
                @for stored in responses { li { (response(stored, surveys, person, texts)) } }
            }
        }
        @if !responses.is_empty() {
            nav .pages aria-label=(texts.pages) {
                @if list.after.is_some() {
                    a .button .second href={ "/responses?" (list.behind(None)) } { (texts.newest) }
                }
                @if let Some(next) = next {
                    a .button .second rel="next" href={ "/responses?" (next) } { (texts.older) }
                }
                a .download href={ "/data/export?format=csv&" (list.filter.query()) } download {
                    (if is_filtered { texts.download_these } else { texts.download_all })
                }
            }
        }
    };
    super::page(person, Place::Responses, texts.title, &main)
}

fn filter(filter: &FilterQuery, surveys: &[Survey], person: &Person, texts: &Texts) -> Markup {
    let chosen = filter.survey.as_deref();
    html! {
        form .filter method="get" action="/responses" aria-label=(texts.filter) {
            @if let Some(facet) = &filter.facet {
                input type="hidden" name=(facet.name) value=(facet.value);
            }
            @if surveys.len() > 1 || chosen.is_some() {
                label {
                    span { (texts.survey) }
                    select name="survey" {
                        option value="" { (texts.all) }
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
                span { (texts.touchpoint) }
                select name="touchpoint" {
                    option value="" { (texts.all) }
                    @for name in Touchpoint::NAMES {
                        @if let Some(touchpoint) = Touchpoint::from_name(name) {
                            option value=(name) selected[filter.touchpoint == Some(touchpoint)] {
                                (texts.touchpoint_name(touchpoint))
                            }
                        }
                    }
                }
            }
            label {
                span { (texts.segment) }
                select name="segment" {
                    option value="" { (texts.all) }
                    @for (name, segment) in SEGMENTS {
                        option value=(name) selected[filter.segment == Some(segment)] {
                            (texts.segment_name(segment))
                        }
                    }
                }
            }
            label {
                span { (texts.words) }
                input type="search" name="q" maxlength="200" value=[filter.words.as_ref()];
            }
            // A moment, which only programs say, would be lost on a field for days.
            @for (name, when, label) in [("from", filter.from, texts.from), ("to", filter.to, texts.to)] {
                @if let Some(When::Moment(moment)) = when {
                    input type="hidden" name=(name) value=(moment);
                } @else {
                    label .date {
                        span { (label) }
                        input type="date" name=(name) min="1970-01-01" max="2199-12-31" value=[when];
                    }
                }
            }
            button .second { (texts.apply) }
            @if *filter != FilterQuery::default() { a href="/responses" { (texts.clear) } }
        }
        @if let Some(facet) = &filter.facet {
            p .narrowed { strong .badge { (super::report::narrowed(facet, person.language)) } }
        }
    }
}

fn response(stored: &Stored, surveys: &[Survey], person: &Person, texts: &Texts) -> Markup {
    let response = &stored.response;
    let segment = Segment::of(response.score);
    let comment = response.comment.as_deref().filter(|comment| !comment.trim().is_empty());
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    let survey = surveys.iter().find(|survey| survey.id == response.survey);
    let survey = survey.map_or(response.survey.as_str(), Survey::title);
    html! {
        article data-id=(response.id) data-score=(response.score)
            data-revision=(response.revision) data-complete=(response.complete) {
            p .mark .(super::segment_class(segment)) {
                span .hidden-text { (texts.score) " " }
                strong { (response.score) }
                " " span { (texts.segment_name(segment)) }
            }
            div {
                @if let Some(comment) = comment {
                    // The customer's language, for whoever has it read aloud, and their direction.
                    p .comment lang=(response.locale) dir="auto" { (comment) }
                } @else {
                    p .no-comment { (texts.no_comment) }
                }
                dl {
                    (fact(texts.survey, survey))
                    (fact(texts.touchpoint, texts.touchpoint_name(response.touchpoint)))
                    @if let Some(order) = order { (fact(texts.order, order)) }
                    @if !response.locale.is_empty() { (fact(texts.language, &response.locale)) }
                    @if response.revision > 1 {
                        (fact(texts.revision, &response.revision.to_string()))
                    }
                }
            }
            p .from {
                time datetime=(stored.received_at) { (super::moment(stored.received_at, person)) }
                span { (if response.complete { texts.complete } else { texts.score_only }) }
            }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}
