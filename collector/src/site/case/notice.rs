//! The notice after an action on cases: what was done, with a button to undo it, or that somebody else changed the case
//! before.

use maud::{Markup, html};

use super::{
    details::AnswerDetails,
    outcome::Outcome,
    reply::{is_own, take_back},
    words::{Words, cases, changed_by, happened, kept},
};
use crate::{
    access::person::Person,
    site::frame::{form_token, moment},
    state::Shared,
    store::{
        StoreError,
        cases::{CaseChange, Event, Step},
    },
};

/// The outcome of the last action, for the notice.
pub(crate) struct ActionNotice {
    outcome: Outcome,
    step: Option<(i64, Step)>,
}

impl ActionNotice {
    /// Reads the outcome that an address names; `None` if it names none.
    pub(crate) async fn of(shared: &Shared, outcome: Outcome) -> Result<Option<Self>, StoreError> {
        let Some(done) = outcome.done else { return Ok(None) };
        let step = shared.store.step(done).await?.map(|step| (done, step));
        Ok(Some(Self { outcome, step }))
    }
}

/// The notice. `answer_details` is the open case, `next` the address that the browser is sent to after undoing.
pub(crate) fn notice(
    person: &Person,
    told: &ActionNotice,
    answer_details: Option<&AnswerDetails>,
    next: &str,
) -> Markup {
    let words = Words::of(person.language);
    let ActionNotice { outcome, step } = told;
    html! {
        @if let Some((number, step)) = step {
            @let replied = answer_details.and_then(|all| {
                Some((all, all.replies.iter().find(|reply| reply.step == *number)?))
            });
            div .notice .good .row .apart role="status" {
                p { strong { (done(step, person)) } }
                @if let Some(reply) = replied {
                    (take_back(person, reply.0, reply.1, next))
                } @else if is_own(&step.who, person) && step.can_be_undone {
                    form method="post" action="/inbox/undo" {
                        (form_token(person))
                        input type="hidden" name="step" value=(number);
                        input type="hidden" name="next" value=(next);
                        button .plain { (words.undo) }
                    }
                }
            }
        }
        @if outcome.kept > 0 {
            div .notice .warn role="status" {
                @match answer_details.and_then(|answer_details| last_change(&answer_details.events)) {
                    Some(Event { at, who, what }) if step.is_none() => {
                        p { strong { (changed_by(who, person.language)) } " "
                            (happened(what, person.language)) ", " (moment(*at, person)) }
                        p { (words.changed_meanwhile) }
                    },
                    _ => p { strong { (kept(outcome.kept, person.language)) } },
                }
            }
        } @else if step.is_none() {
            div .notice role="status" { p { (words.nothing_changed) } }
        }
    }
}

fn done(step: &Step, person: &Person) -> String {
    let what = happened(&step.what, person.language);
    if step.cases == 1 {
        return what;
    }
    format!("{}: {what}", cases(step.cases.into(), person.language))
}

/// The latest change of a case's state or owner.
fn last_change(events: &[Event]) -> Option<&Event> {
    events.iter().rev().find(|event| !matches!(event.what, CaseChange::Note(_)))
}
