//! The list of responses as a page: a filter, an entry for each response, and links to newer and older ones.

use afterword_response::{CustomerKind, Segment, Touchpoint};
use axum::response::Response;
use maud::{Markup, html};

use super::{
    choice::buttons,
    list_view::{ListView, SHOW},
    words::Words,
};
use crate::{
    access::{Role, person::Person},
    language::Language,
    query::{FilterQuery, PeriodBound, SEGMENTS},
    report::facts::THEME,
    site::{
        answer::{access_address, line},
        filtering::{folded, said},
        frame::{Place, format::Format, moment, names::Names, page, segment_class},
        hits,
        report::narrowed,
    },
    store::{Comments, Hits, Owner, Stored, marks, surveys::Survey},
    themes::Theme,
};

/// The responses on the page, and the query that found them.
pub(super) struct ListContent<'a> {
    pub(super) list_view: &'a ListView,
    /// The answers of the order or customer whose number is in the search field.
    pub(super) numbered: Option<&'a (Owner, String, Vec<Stored>)>,
    pub(super) responses: &'a [Stored],
    /// The number of responses on all pages.
    pub(super) hits: Hits,
    /// The query of the next page.
    pub(super) next: Option<&'a str>,
    /// The percentage of answers that are in the search index; `None` for all, or if nothing is searched for.
    pub(super) indexing: Option<u8>,
}

/// The page with these responses. `surveys` has the surveys with a name.
pub(super) fn responses(found: &ListContent<'_>, surveys: &[Survey], person: &Person) -> Response {
    let words = Words::of(person.language);
    let ListContent { list_view, numbered, responses, hits, next, indexing } = found;
    let list = &list_view.list;
    let is_filtered = list.filter != FilterQuery::default();
    let sought = list.filter.words.as_deref().unwrap_or_default();
    let length = usize::try_from(list.limit).unwrap_or(usize::MAX);
    let main = html! {
        header {
            h1 { (words.title) }
            p .lead { (words.lead) }
        }
        @if let Some(count) = list_view.erased {
            p .notice .good role="status" { (erased(count, person.language)) " " (words.erased_receipt) }
        }
        @if is_filtered || list.after.is_some() || !responses.is_empty() || numbered.is_some() {
            (filter(list_view, surveys, person, words))
        }
        @if let Some(percent) = indexing {
            p .indexing role="status" { (indexing_so_far(*percent, person.language)) }
        }
        @if let Some((owner, number, answers)) = numbered {
            section .sheet .numbered aria-labelledby="numbered" {
                div .row .apart {
                    h2 #numbered {
                        (match owner { Owner::Order => words.order, Owner::Customer => words.customer })
                        " " (number)
                    }
                    @if person.may(Role::Member) {
                        a href=(access_address(*owner, number)) { (words.everything) }
                    }
                }
                ul .answers-of { @for stored in answers { li { (line(stored, person)) } } }
            }
        }
        @if responses.is_empty() {
            @if numbered.is_none() {
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
            }
        } @else {
            @let sentence = hits_of(*hits, list_view.comments, person.language);
            (hits::line(*hits, &sentence, &format!("/responses/count?{}", list_view.first())))
            ol .responses .sheet {
                @for stored in *responses { li { (response(stored, sought, surveys, person, words)) } }
            }
        }
        // The buttons act on all responses of the filter, so they are only shown if the list has all of them, also those
        // without a comment.
        @if is_filtered
            && list_view.comments == Comments::Any
            && !responses.is_empty()
            && person.may(Role::Member)
        {
            (buttons(person, &list.filter, words))
        }
        @if !responses.is_empty() || next.is_some() {
            nav .pages aria-label=(words.pages) {
                // On the second page, the newer ones are the newest.
                @let newer = list_view.newer();
                @if list.after.is_some() && newer.as_ref() != Some(&list_view.first()) {
                    a .button .second href={ "/responses?" (list_view.first()) } { (words.newest) }
                }
                @if let Some(newer) = newer {
                    a .button .second rel="prev" href={ "/responses?" (newer) } { (words.newer) }
                }
                @if let Some(next) = next {
                    a .button .second rel="next" href={ "/responses?" (next) } {
                        (if responses.len() < length { words.further } else { words.older })
                    }
                }
                a .download href={ "/data/export?format=sheet&" (list.filter.query()) } download {
                    (if is_filtered { words.download_these } else { words.download_all })
                }
            }
        }
    };
    page(person, Place::Responses, words.title, &main)
}

/// The number of responses: `1,284 answers with a comment`.
pub(super) fn hits_of(hits: Hits, comments: Comments, language: Language) -> String {
    let answers = match (language, hits) {
        (Language::English, Hits::Exactly(1)) => "answer",
        (Language::English, _) => "answers",
        (Language::German, Hits::Exactly(1)) => "Antwort",
        (Language::German, _) => "Antworten",
    };
    let with = match (language, comments) {
        (Language::English, Comments::Only) => " with a comment",
        (Language::German, Comments::Only) => " mit Kommentar",
        (_, Comments::Any) => "",
    };
    format!("{} {answers}{with}", hits::number(hits, language))
}

/// Why a search does not find everything yet.
pub(in crate::site) fn indexing_so_far(percent: u8, language: Language) -> String {
    match language {
        Language::English => format!(
            "The search index is being built anew, {percent}\u{a0}% are done. Older answers are found once it is \
             complete."
        ),
        Language::German => format!(
            "Der Suchindex wird gerade neu aufgebaut, {percent}\u{a0}% sind fertig. Ältere Antworten werden \
             gefunden, sobald er vollständig ist."
        ),
    }
}

fn erased(answers: u64, language: Language) -> String {
    let count = Format::of(language).count(answers);
    match (language, answers) {
        (Language::English, 1) => "1 answer was erased.".into(),
        (Language::English, _) => format!("{count} answers were erased."),
        (Language::German, 1) => "1 Antwort ist gelöscht.".into(),
        (Language::German, _) => format!("{count} Antworten sind gelöscht."),
    }
}

fn filter(list_view: &ListView, surveys: &[Survey], person: &Person, words: &Words) -> Markup {
    let filter = &list_view.list.filter;
    let names = Names::of(person.language);
    let mut said = said(filter, surveys, person);
    if list_view.comments == Comments::Any {
        said.push(words.also_silent.to_owned());
    }
    html! {
        (folded(&said, &html! {
        form .filter method="get" action="/responses" aria-label=(words.filter) {
            @if let Some(facet) = filter.property() {
                input type="hidden" name=(facet.name) value=(facet.value);
            }
            @if let Some(kind) = filter.aside {
                input type="hidden" name="aside" value=(kind.name());
            }
            label .search {
                span { (words.words) }
                input type="search" name="q" maxlength="200" value=(list_view.sought);
            }
            button .second { (words.apply) }
            @if *filter != FilterQuery::default() { a href="/responses" { (words.clear) } }
            div .narrowing {
            (choices(filter, surveys, person))
            label {
                span { (words.comment) }
                select name=(SHOW.0) {
                    option value="" selected[list_view.comments == Comments::Only] { (words.with_comment) }
                    option value=(SHOW.1) selected[list_view.comments == Comments::Any] { (words.all) }
                }
            }
            (period(filter, person))
            }
        }
        }, person.language))
        @if let Some(kind) = filter.aside {
            p .narrowed { strong .badge { (words.only) " " (names.aside(kind.name())) } }
        }
        @if let Some(facet) = filter.property() {
            p .narrowed { strong .badge { (narrowed(facet, person.language)) } }
        }
    }
}

/// The fields of a filter for survey, touchpoint and segment.
pub(in crate::site) fn choices(
    filter: &FilterQuery,
    surveys: &[Survey],
    person: &Person,
) -> Markup {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    let chosen = filter.survey.as_deref();
    html! {
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
                    // The chosen survey may have no answers yet, or none any more.
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
        // A list can be filtered by one property at a time.
        @if filter.property().is_none() {
            label {
                span { (words.themes) }
                select name=(THEME) {
                    option value="" { (words.all) }
                    @for theme in person.themes.wanted() {
                        option value=(theme.id())
                            selected[filter.facet.as_ref().is_some_and(|it| it.value == theme.id())] {
                            (names.theme(theme, &person.themes))
                        }
                    }
                }
            }
        }
    }
}

/// The fields of a filter for the first and the last day.
pub(in crate::site) fn period(filter: &FilterQuery, person: &Person) -> Markup {
    let words = Words::of(person.language);
    html! {
        // A field for days cannot hold a moment, which only programs set, so a hidden field keeps it.
        @for (name, when, label) in [("from", filter.from, words.from), ("to", filter.to, words.to)] {
            @if let Some(PeriodBound::Moment(moment)) = when {
                input type="hidden" name=(name) value=(moment);
            } @else {
                label .date {
                    span { (label) }
                    input type="date" name=(name) min="1970-01-01" max="2199-12-31" value=[when];
                }
            }
        }
    }
}

/// An answer: the comment first, then a line with its facts.
fn response(
    stored: &Stored,
    sought: &str,
    surveys: &[Survey],
    person: &Person,
    words: &Words,
) -> Markup {
    let names = Names::of(person.language);
    let response = &stored.response;
    let segment = Segment::of(response.score);
    let comment = response.comment.as_deref().filter(|comment| !comment.trim().is_empty());
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
                    // The customer's language and its direction, also for screen readers.
                    p .comment lang=(response.locale) dir="auto" { (marked(comment, sought)) }
                } @else {
                    p .no-comment { (words.no_comment) }
                }
                p .about { (about(stored, surveys, person, words).join(" · ")) }
            }
            p .from {
                a href={ "/responses/" (response.id) } {
                    time datetime=(stored.received_at) { (moment(stored.received_at, person)) }
                }
                @if stored.aside.kind().is_some() {
                    @let why: Vec<_> = stored.aside.names().iter().map(|it| names.aside(it)).collect();
                    span .badge .aside { (words.not_counted) " " (why.join(", ")) }
                }
            }
        }
    }
}

/// An answer's facts: `Delivery · LS-86176 · Herb pot Ida · New customer`.
fn about(stored: &Stored, surveys: &[Survey], person: &Person, words: &Words) -> Vec<String> {
    let names = Names::of(person.language);
    let response = &stored.response;
    let order = response.order.as_ref();
    // If there is only one survey, its name is left out.
    let survey = (surveys.len() > 1)
        .then(|| surveys.iter().find(|survey| survey.id == response.survey))
        .flatten()
        .map(|survey| survey.title().to_owned());
    let products = order.filter(|order| !order.products.is_empty()).map(|order| {
        let first: Vec<&str> = order.products.iter().take(2).map(String::as_str).collect();
        let more = if order.products.len() > 2 { ", …" } else { "" };
        format!("{}{more}", first.join(", "))
    });
    let kind = response.customer.as_ref().and_then(|it| it.kind).map(|kind| match kind {
        CustomerKind::New => words.new_customer.to_owned(),
        CustomerKind::Returning => words.returning_customer.to_owned(),
    });
    let touchpoint = names.touchpoint(response.touchpoint).to_owned();
    let themes = themes(stored, person).map(|themes| format!("{}: {themes}", words.themes));
    [survey, Some(touchpoint), order.and_then(|order| order.id.clone()), products, kind, themes]
        .into_iter()
        .flatten()
        .collect()
}

/// A comment with the words of the search marked.
fn marked(comment: &str, sought: &str) -> Markup {
    let places = marks(comment, sought);
    let ends = std::iter::once(0).chain(places.iter().map(|place| place.end));
    let begins = places.iter().map(|place| place.start).chain([comment.len()]);
    let between: Vec<&str> = ends.zip(begins).map(|(end, begin)| &comment[end..begin]).collect();
    html! {
        @for (index, text) in between.iter().enumerate() {
            (text)
            @if let Some(place) = places.get(index) { mark { (comment[place.clone()]) } }
        }
    }
}

/// The names of the themes of a comment; `None` if it has none.
fn themes(stored: &Stored, person: &Person) -> Option<String> {
    let names = Names::of(person.language);
    let name = |theme: &Theme| names.theme(*theme, &person.themes);
    let named: Vec<&str> = stored.named.known()?.iter().map(name).collect();
    (!named.is_empty()).then(|| named.join(", "))
}
