//! Actions on one case or on several cases, and undoing them. Every action is a POST: opening an address never changes
//! anything.

use std::sync::Arc;

use axum::{
    extract::{Path, State as Shares},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::{Fields, NoFields, OwnForm},
        redirect::see_other,
    },
    site::{
        answer,
        case::{Typed, with_outcome},
    },
    state::Shared,
    store::cases::{Act, ActOutcome, MAX_NOTE_LENGTH, State, Target},
};

pub(super) const NO_ANSWER: &str = "No answer of this id is kept.";

/// The form of a case: an action and its values.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CaseForm {
    /// A state, `take`, `give` or `note`.
    #[serde(rename = "do")]
    action: String,
    version: Option<u32>,
    /// The account that the case is given to; empty for nobody.
    owner: String,
    note: String,
    /// Other cases for the same action, as `ID.VERSION`, separated by spaces.
    also: String,
    /// The address that the browser is sent to afterwards.
    next: String,
    /// The address that it is sent to instead if nobody had changed a case meanwhile, such as the next case; empty for
    /// `next`.
    then: String,
}

/// `POST /inbox/{id}`
pub(crate) async fn act(
    Shares(shared): Shares<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<CaseForm>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let CaseForm { action, version, owner, note, also, next, then } = form;
    if shared.store.case(&id).await?.is_none() {
        return Err(PageError(Error::NotFound(NO_ANSWER)));
    }
    if note.chars().count() > MAX_NOTE_LENGTH {
        let mut page = answer::show(&shared, &person, &id, &Typed::Note(note)).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let act = match action.as_str() {
        "note" if note.trim().is_empty() => None,
        "note" => Some(Act::Note(note.trim().to_owned())),
        other => read(other, &owner, &person),
    };
    let Some(act) = act else { return Ok(see_other(&next)) };
    let mut targets = vec![Target { id, version }];
    if matches!(act, Act::Set(_)) {
        targets.extend(also.split(' ').filter_map(target));
    }
    finish(&shared, &person, &targets, act, Next { next: &next, then: &then }).await
}

/// `POST /inbox/{id}/seen`: the page's script sends it once the case was open and visible for a while.
pub(crate) async fn see(
    Shares(shared): Shares<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, .. }: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    let target = Target { id: id.to_ascii_lowercase(), version: None };
    shared.store.act(&[target], Act::See, person.account(), Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /inbox/cases`: performs an action on every chosen case.
pub(crate) async fn act_on_chosen(
    Shares(shared): Shares<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    let next = form.get("next").to_owned();
    let targets: Vec<Target> = form.all("case").filter_map(target).collect();
    let Some(act) = read(form.get("do"), form.get("owner"), &person) else {
        return Ok(see_other(&next));
    };
    finish(&shared, &person, &targets, act, Next { next: &next, then: "" }).await
}

/// The form to undo a step.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UndoForm {
    step: i64,
    next: String,
}

/// `POST /inbox/undo`
pub(crate) async fn undo(
    Shares(shared): Shares<Arc<Shared>>,
    OwnForm { person, form: UndoForm { step, next } }: OwnForm<UndoForm>,
) -> Result<Response, PageError> {
    let acted = shared.store.undo(step, person.account(), Timestamp::now()).await?;
    // Undoing a note makes no new step, so the page names the undone one.
    let step = acted.step.or_else(|| (acted.changed > 0).then_some(step));
    Ok(see_other(&with_outcome(&next, &ActOutcome { step, ..acted })))
}

/// The action of a button; `None` if there is no such button.
fn read(action: &str, owner: &str, person: &Person) -> Option<Act> {
    match action {
        "seen" => Some(Act::See),
        "take" => person.account().map(|me| Act::Assign(Some(me))),
        "give" if owner.is_empty() => Some(Act::Assign(None)),
        "give" => owner.parse().ok().map(|account| Act::Assign(Some(account))),
        state => State::from_name(state).map(Act::Set),
    }
}

/// Reads a case as forms name it: `ID.VERSION`.
fn target(text: &str) -> Option<Target> {
    let (id, version) = text.split_once('.')?;
    Some(Target { id: id.to_ascii_lowercase(), version: Some(version.parse().ok()?) })
}

/// Where the browser is sent after an action, as [`CaseForm`] has it.
struct Next<'a> {
    next: &'a str,
    then: &'a str,
}

async fn finish(
    shared: &Shared,
    person: &Person,
    targets: &[Target],
    act: Act,
    Next { next, then }: Next<'_>,
) -> Result<Response, PageError> {
    let acted = shared.store.act(targets, act, person.account(), Timestamp::now()).await?;
    let next = if acted.kept > 0 || then.is_empty() { next } else { then };
    Ok(see_other(&with_outcome(next, &acted)))
}
