//! The page of one answer.

use afterword_response::{CustomerKind, Response as Answer, Segment};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use super::{quote, themes, words::Words};
use crate::{
    access::{Role, person::Person},
    language::Language,
    site::{
        case::{self, ActionNotice, AnswerDetails, Typed, badge_of, notice},
        frame::{Place, form_token, moment, names::Names, page, segment_class},
    },
    store::{AnswerHistory, Owner, Stored, answer_pages::SecondRating, surveys::Survey},
    words::cldr::{country, language_name},
};

/// The page.
pub(super) fn answer(
    person: &Person,
    answer_details: &AnswerDetails,
    surveys: &[Survey],
    (told, of_quote): (Option<&ActionNotice>, &Markup),
    typed: Option<&Typed>,
) -> Response {
    let words = Words::of(person.language);
    let here = format!("/responses/{}", answer_details.answer.response.id);
    let main = html! {
        div .stack {
            p .back { a href="/responses" { "‹ " (words.back) } }
            @if let Some(told) = told { (notice(person, told, Some(answer_details), &here)) }
            (of_quote)
            (content(person, answer_details, surveys, &here, typed))
        }
    };
    page(person, Place::Responses, words.title, &main)
}

/// An answer with its case and its facts, on its own page or beside a list. `here` is the address that the forms of the
/// case lead back to.
pub(crate) fn content(
    person: &Person,
    answer_details: &AnswerDetails,
    surveys: &[Survey],
    here: &str,
    typed: Option<&Typed>,
) -> Markup {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    let AnswerDetails { answer, past, others, .. } = answer_details;
    let response = &answer.response;
    let draft = match typed {
        Some(Typed::Reply(draft)) => Some(draft),
        _ => None,
    };
    let segment = Segment::of(response.score);
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    let customer = response.customer.as_ref().and_then(|customer| customer.id.as_deref());
    html! {
        div .answer {
            header .answer-head {
                p .mark .(segment_class(segment)) {
                    strong { (response.score) } " " span { (names.segment(segment)) }
                }
                div {
                    h1 { (names.touchpoint(response.touchpoint))
                        @if let Some(order) = order { " · " (order) } }
                    p .lead { time datetime=(answer.received_at) { (moment(answer.received_at, person)) } }
                }
            }
            section .sheet .said aria-label=(words.comment) {
                @if let Some(comment) = words_of(response) {
                    blockquote lang=(response.locale) dir="auto" { (comment) }
                } @else {
                    p .quiet { (words.no_comment) }
                }
                @if answer.aside.kind().is_some() {
                    @let why: Vec<_> = answer.aside.names().iter().map(|it| names.aside(it)).collect();
                    p { span .badge .warn { (words.not_counted) " " (why.join(", ")) } }
                }
            }
            (case::reply_section(person, answer_details, here, draft))
            (themes::section(person, answer, &answer_details.corrections))
            (quote::section(person, answer_details))
            (case::section(person, answer_details, here, typed))
            @if !answer_details.ratings.is_empty() {
                section .sheet aria-labelledby="rated-again" {
                    h2 #rated-again { (words.rated_again) }
                    p .quiet { (words.rated_again_lead) }
                    (second_ratings(&answer_details.ratings, &response.locale, person))
                }
            }
            section .sheet aria-labelledby="facts" {
                h2 #facts { (words.facts) }
                (facts(answer, past, surveys, person))
            }
            @if !past.earlier.is_empty() {
                section .sheet aria-labelledby="history" {
                    h2 #history { (words.history) }
                    (history(answer, past, person))
                }
            }
            @if order.is_some() || customer.is_some() {
                section .sheet aria-labelledby="others" {
                    h2 #others { (words.others) }
                    @if others.is_empty() {
                        p .quiet { (words.no_others) }
                    } @else {
                        ul .answers-of {
                            @for (other, its_case) in others {
                                li .row .apart { (line(other, person)) (badge_of(its_case, person)) }
                            }
                        }
                    }
                    @if person.may(Role::Member) {
                        p .row {
                            @if let Some(order) = order {
                                a href=(access_address(Owner::Order, order)) { (words.all_of_order) }
                            }
                            @if let Some(customer) = customer {
                                a href=(access_address(Owner::Customer, customer)) { (words.all_of_customer) }
                            }
                        }
                    }
                }
            }
            div .row .actions {
                button .second type="button" data-copy="address" data-copied=(words.copied) hidden {
                    (words.copy_link)
                }
                span #address .hidden-text { (person.origin) "/responses/" (response.id) }
                @if person.may(Role::Member) {
                    form method="post" action="/data/erase" {
                        (form_token(person))
                        input type="hidden" name="by" value="response";
                        input type="hidden" name="value" value=(response.id);
                        button .second { (words.erase) }
                    }
                }
            }
        }
    }
}

/// The comment, unless it is empty.
fn words_of(response: &Answer) -> Option<&str> {
    response.comment.as_deref().filter(|comment| !comment.trim().is_empty())
}

/// The address of the page with all answers of an order or a customer.
pub(crate) fn access_address(owner: Owner, number: &str) -> String {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("number", number).finish();
    format!("/responses/of/{}?{query}", owner.name())
}

/// A line of a list: the answer's score and comment, with a link to its page.
pub(crate) fn line(stored: &Stored, person: &Person) -> Markup {
    let names = Names::of(person.language);
    let words = Words::of(person.language);
    let response = &stored.response;
    html! {
        a .to-answer href={ "/responses/" (response.id) } {
            span .mark .(segment_class(Segment::of(response.score))) { strong { (response.score) } }
            span .text {
                @match words_of(response) {
                    Some(comment) => span lang=(response.locale) dir="auto" { (comment) },
                    None => span .quiet { (words.no_comment) },
                }
                small { (names.touchpoint(response.touchpoint)) " · " (moment(stored.received_at, person)) }
            }
        }
    }
}

/// The name of the customer's kind.
pub(super) const fn kind(kind: CustomerKind, language: Language) -> &'static str {
    let words = Words::of(language);
    match kind {
        CustomerKind::New => words.new,
        CustomerKind::Returning => words.returning,
    }
}

/// The facts of an answer apart from score and comment, each with its name.
pub(super) fn known(
    stored: &Stored,
    past: &AnswerHistory,
    surveys: &[Survey],
    person: &Person,
) -> Vec<(String, String)> {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    let response = &stored.response;
    let survey = surveys.iter().find(|survey| survey.id == response.survey);
    let survey = survey.map_or(response.survey.as_str(), Survey::title);
    let order = response.order.as_ref();
    let customer = response.customer.as_ref();
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let value = order.and_then(|order| {
        let value = order.value.as_ref()?;
        let value = match person.language {
            Language::German => value.replace('.', ","),
            Language::English => value.clone(),
        };
        Some(format!("{value} {}", order.currency.as_deref().unwrap_or_default()).trim().to_owned())
    });
    let yes_or_no = |is: bool| if is { words.yes } else { words.no }.to_owned();
    let was_changed = moment(stored.updated_at, person) != moment(stored.received_at, person);
    let display = past.display.as_ref();
    let shown = display.map(|display| display.shown_at.unwrap_or(display.received_at));
    let closed = display.and_then(|display| display.dismissed_at);
    let pairs = [
        (words.survey, text(survey)),
        (words.touchpoint, text(names.touchpoint(response.touchpoint))),
        (words.shown, shown.map(|at| moment(at, person))),
        (words.closed, closed.map(|at| moment(at, person))),
        (words.answered, Some(moment(stored.received_at, person))),
        (words.changed, was_changed.then(|| moment(stored.updated_at, person))),
        (words.order, order.and_then(|order| order.id.clone())),
        (words.value, value),
        (
            words.country,
            order
                .and_then(|order| order.country.as_deref())
                .map(|code| country(code, person.language).unwrap_or(code).to_owned()),
        ),
        (words.products, order.and_then(|order| text(&order.products.join(", ")))),
        (words.customer, customer.and_then(|customer| customer.id.clone())),
        (
            words.kind,
            customer.and_then(|it| it.kind).map(|it| kind(it, person.language).to_owned()),
        ),
        // The customer left the contact for a reply, so only people who may reply see it.
        (words.contact, response.contact.clone().filter(|_| person.may(Role::Member))),
        (
            words.wants_answer,
            response
                .contact
                .as_ref()
                .filter(|_| !person.may(Role::Member))
                .map(|_| yes_or_no(true)),
        ),
        (words.reasons, text(&reasons(&response.reasons, person.language).join(", "))),
        (words.tags, text(&response.tags.join(", "))),
        (words.quotable, response.quotable.map(yes_or_no)),
        (words.quote_name, response.quote_name.clone()),
        (
            words.language,
            text(&response.locale).map(|tag| language_name(&tag, person.language).unwrap_or(tag)),
        ),
        (words.page, text(&response.page)),
        (words.question, text(&response.method.question)),
    ];
    let properties =
        response.properties.iter().map(|(name, value)| (names.property(name), value.clone()));
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(properties)
        .collect()
}

/// The revisions of the answer, oldest first. Revisions that changed neither score nor comment are left out.
pub(super) fn history(stored: &Stored, past: &AnswerHistory, person: &Person) -> Markup {
    let mut said: Vec<(Timestamp, u8, Option<&str>)> = Vec::new();
    let revisions = past.earlier.iter().rev().map(|earlier| (earlier.at, &earlier.response));
    for (at, response) in revisions.chain([(stored.updated_at, &stored.response)]) {
        let now = (at, response.score, words_of(response));
        if said.last().is_none_or(|before| (before.1, before.2) != (now.1, now.2)) {
            said.push(now);
        }
    }
    scores(&said, &stored.response.locale, person)
}

/// What a customer rated later, on the answer page.
pub(super) fn second_ratings(ratings: &[SecondRating], locale: &str, person: &Person) -> Markup {
    let said: Vec<_> = ratings.iter().map(|it| (it.at, it.score, it.comment.as_deref())).collect();
    scores(&said, locale, person)
}

/// Scores with their comments and times.
fn scores(said: &[(Timestamp, u8, Option<&str>)], locale: &str, person: &Person) -> Markup {
    let words = Words::of(person.language);
    html! {
        ol .history {
            @for (at, score, comment) in said {
                li {
                    span .mark .(segment_class(Segment::of(*score))) { strong { (score) } }
                    span .text {
                        @match comment {
                            Some(comment) => span lang=(locale) dir="auto" { (comment) },
                            None => span .quiet { (words.without_comment) },
                        }
                        small { time datetime=(at) { (moment(*at, person)) } }
                    }
                }
            }
        }
    }
}

/// The names of reasons; a reason without a known name stays as it is.
fn reasons(reasons: &[String], language: Language) -> Vec<String> {
    let names = Names::of(language);
    reasons.iter().map(|reason| names.reason(reason).unwrap_or(reason).to_owned()).collect()
}

fn facts(stored: &Stored, past: &AnswerHistory, surveys: &[Survey], person: &Person) -> Markup {
    html! {
        dl .facts {
            @for (name, value) in known(stored, past, surveys, person) { dt { (name) } dd { (value) } }
        }
    }
}
