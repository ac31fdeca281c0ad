//! The section of a case on the page of its answer: its state, owner, notes and history.

use maud::{Markup, html};

use super::{
    details::AnswerDetails,
    reply::Draft,
    words::{Words, also_others, happened},
};
use crate::{
    access::{Role, person::Person},
    site::frame::{form_token, moment},
    store::{
        Stored,
        cases::{Actor, Case, CaseChange, Event, MAX_NOTE_LENGTH, State},
    },
};

/// What a person has typed into a form of the case and must not be lost: the page shows it again.
pub(crate) enum Typed {
    /// A note that was too long.
    Note(String),
    /// A reply.
    Reply(Draft),
}

/// The section. `next` is the address that the browser is sent to after its forms.
pub(crate) fn section(
    person: &Person,
    answer_details: &AnswerDetails,
    next: &str,
    typed: Option<&Typed>,
) -> Markup {
    let words = Words::of(person.language);
    let AnswerDetails { case, events, .. } = answer_details;
    html! {
        section .sheet .case aria-labelledby="case" {
            div .row .apart {
                h2 #case { (words.case) }
                (badge(case, words))
            }
            p .owned {
                @match &case.owner {
                    Some(owner) => { (words.looked_after_by) " " strong { (words.name(owner)) } },
                    None => span .quiet { (words.looked_after_by_nobody) },
                }
            }
            @if person.may(Role::Member) {
                (states(person, answer_details, next, words))
                (owner(person, answer_details, next, words))
                (note(person, answer_details, next, typed, words))
            }
            @if !events.is_empty() {
                h3 #done { (words.history) }
                (history(events, person))
            }
        }
    }
}

/// A short text with the state of a case and its owner.
pub(crate) fn badge(case: &Case, words: &Words) -> Markup {
    let class = match case.state {
        Some(State::New) => "badge state fresh",
        Some(State::InProgress) => "badge state warn",
        Some(State::Answered | State::Closed) => "badge state good",
        Some(State::Seen) | None => "badge state",
    };
    let name = case.state.map_or(words.no_case, |state| words.name_of(state));
    html! { span class=(class) data-state=(case.state.map_or("", State::name)) { (name) } }
}

/// The badge of another answer of the same order or customer, if it is a case.
pub(crate) fn badge_of(case: &Case, person: &Person) -> Markup {
    html! {
        @if case.state.is_some() { (badge(case, Words::of(person.language))) }
    }
}

/// A form that acts on a case.
fn form(person: &Person, answer_details: &AnswerDetails, next: &str, content: &Markup) -> Markup {
    let id = &answer_details.answer.response.id;
    html! {
        form .row method="post" action={ "/inbox/" (id) } {
            (form_token(person))
            input type="hidden" name="version" value=(answer_details.case.version);
            input type="hidden" name="next" value=(next);
            (content)
        }
    }
}

fn states(person: &Person, answer_details: &AnswerDetails, next: &str, words: &Words) -> Markup {
    let id = &answer_details.answer.response.id;
    let now = answer_details.case.state;
    // The usual next states. There is no button that makes a seen case new.
    let steps = [State::InProgress, State::Answered, State::Closed, State::New];
    let offered = steps.into_iter().filter(|state| Some(*state) != now);
    let others: Vec<String> = answer_details.others.iter().filter_map(open_case).collect();
    html! {
        @if now == Some(State::New) {
            form .row method="post" action={ "/inbox/" (id) } data-seen={ "/inbox/" (id) "/seen" }
                data-seen-said=(words.seen) {
                (form_token(person))
                input type="hidden" name="next" value=(next);
                button .second name="do" value="seen" { (words.set_seen) }
            }
        }
        (form(person, answer_details, next, &html! {
            // The key that closes a case fills it with the address of the next one.
            input type="hidden" name="then";
            @for state in offered {
                @let class = if state == State::New { "plain" } else { "second" };
                button class=(class) name="do" value=(state.name()) { (words.setting(state)) }
            }
            @if !others.is_empty() {
                label .choice .also {
                    input type="checkbox" name="also" value=(others.join(" "));
                    (also_others(others.len(), person.language))
                }
            }
        }))
    }
}

/// The id and version of another answer, if it is an open case.
fn open_case((other, case): &(Stored, Case)) -> Option<String> {
    let is_open = case.state.is_some_and(|state| State::OPEN.contains(&state));
    is_open.then(|| target(&other.response.id, case))
}

/// A case as forms name it: its answer's id and the version that the page shows.
pub(crate) fn target(id: &str, case: &Case) -> String {
    format!("{id}.{}", case.version)
}

fn owner(person: &Person, answer_details: &AnswerDetails, next: &str, words: &Words) -> Markup {
    let owner = match &answer_details.case.owner {
        Some(Actor::Colleague { account, .. }) => Some(*account),
        _ => None,
    };
    html! {
        (form(person, answer_details, next, &html! {
            @if person.account().is_some() && person.account() != owner {
                button .second name="do" value="take" { (words.take) }
            }
            (colleagues(answer_details, owner, "owner", words))
            button .plain name="do" value="give" { (words.give) }
        }))
    }
}

/// The field for a case's new owner.
fn colleagues(
    answer_details: &AnswerDetails,
    owner: Option<i64>,
    id: &str,
    words: &Words,
) -> Markup {
    html! {
        label .give for=(id) { (words.give_to) }
        select #(id) name="owner" {
            option value="" selected[owner.is_none()] { (words.nobody) }
            @for colleague in &answer_details.colleagues {
                option value=(colleague.id) selected[owner == Some(colleague.id)] { (colleague.name) }
            }
        }
    }
}

fn note(
    person: &Person,
    answer_details: &AnswerDetails,
    next: &str,
    typed: Option<&Typed>,
    words: &Words,
) -> Markup {
    let id = &answer_details.answer.response.id;
    let refused = match typed {
        Some(Typed::Note(text)) => Some(text.as_str()),
        _ => None,
    };
    let is_refused = refused.is_some();
    html! {
        form .note method="post" action={ "/inbox/" (id) } {
            (form_token(person))
            input type="hidden" name="next" value=(next);
            label for="note" { (words.note) }
            textarea #note name="note" rows="3" maxlength=(MAX_NOTE_LENGTH) required
                aria-describedby="note-hint" aria-invalid=[is_refused.then_some("true")] {
                (refused.unwrap_or_default())
            }
            div #note-hint {
                @if is_refused { p .error { (words.note_long) } }
                p .hint { (words.note_hint) }
            }
            button .second name="do" value="note" { (words.add_note) }
        }
    }
}

/// The history of a case, oldest first. Only people who work with answers see the text of notes.
pub(crate) fn history(events: &[Event], person: &Person) -> Markup {
    let words = Words::of(person.language);
    html! {
        ol .done {
            @for Event { at, who, what } in events {
                li {
                    p { strong { (words.name(who)) } " · " (happened(what, person.language))
                        " · " small { time datetime=(at) { (moment(*at, person)) } } }
                    @if let CaseChange::Note(Some(text)) = what {
                        @if person.may(Role::Member) { p .note-text dir="auto" { (text) } }
                    }
                }
            }
        }
    }
}
