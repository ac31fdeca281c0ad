//! The inbox as a page: a filter, the list with actions on several cases, and the open case beside it.

use afterword_response::Segment;
use axum::response::Response;
use maud::{Markup, html};

use super::{inbox_query::InboxQuery, news::SINCE};
use crate::{
    access::{Role, person::Person},
    query::{OwnerQuery, StateChoice},
    site::{
        answer,
        case::{self, ActionNotice, AnswerDetails, Words, badge, notice, target},
        filtering::{folded, said},
        frame::{Place, form_token, moment, names::Names, page, segment_class},
        hits,
        report::narrowed,
        responses::{choices, indexing_so_far, period},
    },
    store::{
        Account, Hits, Stored,
        cases::{Case, State},
        surveys::Survey,
    },
};

/// The number of characters of a comment that the list shows; the open case has the whole comment.
const EXCERPT_LENGTH: usize = 180;

/// The cases on the page, and everything else that it shows.
pub(super) struct InboxContent {
    pub(super) cases: Vec<(Stored, Case)>,
    /// The number of cases on all pages.
    pub(super) hits: Hits,
    /// The address of the next page.
    pub(super) next: Option<String>,
    pub(super) open: Option<AnswerDetails>,
    pub(super) told: Option<ActionNotice>,
    pub(super) colleagues: Vec<Account>,
    pub(super) surveys: Vec<Survey>,
    /// The percentage of answers that are in the search index; `None` for all, or if nothing is searched for.
    pub(super) indexing: Option<u8>,
}

/// The page.
pub(super) fn inbox(inbox_query: &InboxQuery, found: &InboxContent, person: &Person) -> Response {
    let words = Words::of(person.language);
    let here = inbox_query.here();
    let main = html! {
        div .inbox .has-open[found.open.is_some()] {
            header {
                h1 { (words.title) }
                p .lead { (words.lead) " " a .no-print href="/week" { (words.to_week) } }
            }
            @if let Some(told) = &found.told { (notice(person, told, found.open.as_ref(), &here)) }
            (filter(inbox_query, found, person, words))
            @if let Some(percent) = found.indexing {
                p .indexing role="status" { (indexing_so_far(percent, person.language)) }
            }
            div .beside {
                section .cases aria-label=(words.list) { (list(inbox_query, found, person, words)) }
                div .detail {
                    @if let Some(answer_details) = &found.open {
                        p .back { a href=(inbox_query.list()) {
                            "‹ " (words.close_detail) } }
                        (answer::content(person, answer_details, &found.surveys, &here, None))
                    }
                }
            }
            (keys(words))
        }
    };
    page(person, Place::Inbox, words.title, &main)
}

fn filter(
    inbox_query: &InboxQuery,
    found: &InboxContent,
    person: &Person,
    words: &Words,
) -> Markup {
    let cases = &inbox_query.cases;
    let filter = &cases.list.filter;
    let owners = [OwnerQuery::Me, OwnerQuery::Nobody].into_iter();
    let names = [words.me, words.nobody].map(str::to_owned).into_iter();
    let colleagues = found.colleagues.iter();
    let owners =
        owners.zip(names).chain(colleagues.map(|it| (OwnerQuery::Account(it.id), it.name.clone())));
    let mut said = said(filter, &found.surveys, person);
    let owner = cases.owner.and_then(|owner| match owner {
        OwnerQuery::Former => Some(words.former.to_owned()),
        owner => owners.clone().find(|it| it.0 == owner).map(|it| it.1),
    });
    let wanted = (cases.wanted != StateChoice::default())
        .then(|| words.name_of_choice(cases.wanted).to_owned());
    said.extend(wanted);
    said.extend(owner.map(|name| format!("{}: {name}", words.owner)));
    said.extend(cases.score.map(|score| format!("{}: {score}", words.score)));
    html! {
        (folded(&said, &html! {
        form .filter method="get" action="/inbox" aria-label=(words.filter) {
            @if let Some(facet) = filter.property() {
                input type="hidden" name=(facet.name) value=(facet.value);
            }
            label .search {
                span { (words.search) }
                input #search type="search" name="q" maxlength="200"
                    value=(filter.words.as_deref().unwrap_or_default());
            }
            label {
                span { (words.state) }
                select name="state" {
                    @for wanted in StateChoice::ALL {
                        option value=(wanted.name()) selected[cases.wanted == wanted] {
                            (words.name_of_choice(wanted))
                        }
                    }
                }
            }
            label {
                span { (words.owner) }
                select name="owner" {
                    option value="" { (words.anybody) }
                    @for (owner, name) in owners {
                        option value=(owner.name()) selected[cases.owner == Some(owner)] { (name) }
                    }
                }
            }
            button .second { (words.show) }
            @if cases.is_narrowed() { a href="/inbox" { (words.show_all) } }
            div .narrowing {
                (choices(filter, &found.surveys, person))
                label {
                    span { (words.score) }
                    select name="score" {
                        option value="" { (words.any) }
                        @for score in 0..=10 {
                            option value=(score) selected[cases.score == Some(score)] { (score) }
                        }
                    }
                }
                (period(filter, person))
            }
        }
        }, person.language))
        @if let Some(facet) = filter.property() {
            p .narrowed { strong .badge { (narrowed(facet, person.language)) } }
        }
    }
}

fn list(inbox_query: &InboxQuery, found: &InboxContent, person: &Person, words: &Words) -> Markup {
    if found.cases.is_empty() {
        return none(inbox_query, found, words);
    }
    let list = &inbox_query.cases.list;
    let length = usize::try_from(list.limit).unwrap_or(usize::MAX);
    let may_act = person.may(Role::Member);
    let newest = found.cases.first().filter(|_| list.after.is_none());
    html! {
        // The page's script fills it.
        @if let Some((newest, _)) = newest {
            p role="status" {
                a .news href=(inbox_query.here()) data-news=(news_address(inbox_query, newest)) hidden {}
            }
        }
        (hits::line(found.hits, &case::found(found.hits, person.language), &count_address(inbox_query)))
        @if may_act {
            form #chosen method="post" action="/inbox/cases" {
                (form_token(person))
                input type="hidden" name="next" value=(inbox_query.here());
            }
        }
        ol .sheet {
            @for (stored, case) in &found.cases { li { (entry(inbox_query, stored, case, person, words)) } }
        }
        @if may_act { (with_chosen(found, words)) }
        nav .pages aria-label=(words.pages) {
            // On the second page, the newer ones are the newest.
            @let newer = inbox_query.newer();
            @if list.after.is_some() && newer.as_ref() != Some(&inbox_query.newest()) {
                a .button .second href=(inbox_query.newest()) { (words.newest) }
            }
            @if let Some(newer) = newer {
                a .button .second rel="prev" href=(newer) { (words.newer) }
            }
            @if let Some(next) = &found.next {
                a .button .second rel="next" href=(next) {
                    (if found.cases.len() < length { words.further } else { words.older })
                }
            }
        }
    }
}

/// The address at which the page's script asks how many cases there are.
fn count_address(inbox_query: &InboxQuery) -> String {
    format!("/inbox/count?{}", inbox_query.cases.behind(None))
}

/// The address at which the page's script asks for new cases.
fn news_address(inbox_query: &InboxQuery, newest: &Stored) -> String {
    let since = newest.received_at.as_millisecond().to_string();
    let query = inbox_query.cases.behind(None);
    let query = form_urlencoded::Serializer::new(query).append_pair(SINCE, &since).finish();
    format!("/inbox/new?{query}")
}

fn none(inbox_query: &InboxQuery, found: &InboxContent, words: &Words) -> Markup {
    let sought = inbox_query.cases.list.filter.words.as_deref();
    html! {
        div .sheet {
            @if let Some(next) = &found.next {
                p { (words.none_yet) }
                p { a .button .second rel="next" href=(next) { (words.further) } }
            } @else if inbox_query.cases.is_narrowed() {
                p { (words.none_filtered) }
            } @else {
                h2 { (words.none) }
                p { (words.none_lead) }
            }
            @if let Some(sought) = sought {
                @let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", sought).finish();
                p { a href={ "/responses?" (query) } { (words.look_in_responses) } }
            }
        }
    }
}

/// A case: its score, the beginning of its comment, and a line with its facts.
fn entry(
    inbox_query: &InboxQuery,
    stored: &Stored,
    case: &Case,
    person: &Person,
    words: &Words,
) -> Markup {
    let names = Names::of(person.language);
    let response = &stored.response;
    let is_open = inbox_query.open.as_deref() == Some(response.id.as_str());
    let comment = response.comment.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    html! {
        @if person.may(Role::Member) {
            input type="checkbox" form="chosen" name="case" value=(target(&response.id, case))
                aria-label={ (words.choose) ": " (response.score) ", " (moment(stored.received_at, person)) };
        }
        a .to-case href=(inbox_query.with_open(&response.id)) aria-current=[is_open.then_some("true")] {
            span .mark .(segment_class(Segment::of(response.score))) {
                span .hidden-text { (words.score) " " } strong { (response.score) }
            }
            span .text {
                @match comment {
                    Some(comment) => span lang=(response.locale) dir="auto" { (excerpt(comment)) },
                    None => span .quiet { (words.no_words) },
                }
                small {
                    (names.touchpoint(response.touchpoint))
                    @if let Some(order) = order { " · " (order) }
                    " · " (moment(stored.received_at, person))
                }
            }
            span .standing {
                (badge(case, words))
                @if let Some(owner) = &case.owner { small { (words.name(owner)) } }
            }
        }
    }
}

fn excerpt(comment: &str) -> String {
    let mut letters = comment.chars();
    let first: String = letters.by_ref().take(EXCERPT_LENGTH).collect();
    if letters.next().is_some() { format!("{}…", first.trim_end()) } else { first }
}

/// The actions on the chosen cases. The buttons belong to a form above the list, so that no form is within another.
fn with_chosen(found: &InboxContent, words: &Words) -> Markup {
    html! {
        fieldset .with-chosen .row {
            legend { (words.with_chosen) }
            label .choice .all hidden { input type="checkbox" data-all="case"; (words.choose_all) }
            @for state in [State::InProgress, State::Answered, State::Closed] {
                button .second form="chosen" name="do" value=(state.name()) { (words.setting(state)) }
            }
            label .give for="chosen-owner" { (words.give_to) }
            select #chosen-owner form="chosen" name="owner" {
                option value="" { (words.nobody) }
                @for colleague in &found.colleagues { option value=(colleague.id) { (colleague.name) } }
            }
            button .second form="chosen" name="do" value="give" { (words.give) }
        }
    }
}

/// The keys that the page's script listens to. The script shows this element.
fn keys(words: &Words) -> Markup {
    let keys = [
        ("j", words.key_next),
        ("k", words.key_previous),
        ("/", words.key_search),
        ("e", words.key_close),
        ("?", words.key_help),
    ];
    html! {
        details .more .keys data-keys hidden {
            summary { (words.keys) }
            dl .facts { @for (key, does) in keys { dt { kbd { (key) } } dd { (does) } } }
            label .choice { input type="checkbox" data-keys-on checked; (words.keys_on) }
        }
    }
}
