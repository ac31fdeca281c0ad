//! The list of responses as a page: a filter, one entry a response, and the way to older ones.

use afterword_response::{Segment, Touchpoint};
use axum::response::Response;
use maud::{Markup, html};

use super::{Place, texts::Texts};
use crate::{
    routes::{
        person::Person,
        query::{FilterQuery, ListQuery, SEGMENTS},
    },
    store::Stored,
};

/// The page for what `list` asked for. `next` is the query of the page behind it.
pub(crate) fn responses(
    list: &ListQuery,
    responses: &[Stored],
    next: Option<&str>,
    person: &Person,
) -> Response {
    let texts = Texts::of(person.language);
    let is_filtered = list.filter != FilterQuery::default();
    let main = html! {
        header {
            h1 { (texts.title) }
            p .lead { (texts.lead) }
        }
        (filter(&list.filter, texts))
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
            ol .responses {
                @for stored in responses { li { (response(stored, person, texts)) } }
            }
        }
        @if next.is_some() || list.after.is_some() {
            nav .pages aria-label=(texts.pages) {
                @if list.after.is_some() {
                    a .button href={ "/responses?" (list.behind(None)) } { (texts.newest) }
                }
                @if let Some(next) = next {
                    a .button rel="next" href={ "/responses?" (next) } { (texts.older) }
                }
            }
        }
    };
    super::page(person, Place::Responses, texts.title, &main)
}

fn filter(filter: &FilterQuery, texts: &Texts) -> Markup {
    html! {
        form .filter method="get" action="/responses" aria-label=(texts.filter) {
            label {
                span { (texts.survey) }
                input name="survey" autocomplete="off" maxlength="64" placeholder=(texts.all)
                    value=[filter.survey.as_ref()];
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
            button { (texts.apply) }
            @if *filter != FilterQuery::default() { a href="/responses" { (texts.clear) } }
        }
    }
}

fn response(stored: &Stored, person: &Person, texts: &Texts) -> Markup {
    let response = &stored.response;
    let comment = response.comment.as_deref().filter(|comment| !comment.trim().is_empty());
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    html! {
        article data-id=(response.id) data-score=(response.score)
            data-revision=(response.revision) data-complete=(response.complete) {
            p .score {
                span .hidden-text { (texts.score) " " }
                strong { (response.score) }
                " "
                span .segment { (texts.segment_name(Segment::of(response.score))) }
            }
            div .said {
                @if let Some(comment) = comment {
                    // The customer's language, for whoever has it read aloud, and their direction.
                    p .comment lang=(response.locale) dir="auto" { (comment) }
                } @else {
                    p .no-comment { (texts.no_comment) }
                }
                p .facts {
                    time datetime=(stored.received_at) { (super::moment(stored.received_at, person)) }
                    span .badge { (if response.complete { texts.complete } else { texts.score_only }) }
                }
                dl {
                    (fact(texts.survey, &response.survey))
                    (fact(texts.touchpoint, texts.touchpoint_name(response.touchpoint)))
                    @if let Some(order) = order { (fact(texts.order, order)) }
                    (fact(texts.language, &response.locale))
                    (fact(texts.revision, &response.revision.to_string()))
                }
            }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}
