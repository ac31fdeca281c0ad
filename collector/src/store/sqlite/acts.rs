//! Actions on cases, and undoing them.

use jiff::Timestamp;
use rusqlite::params;

use super::{
    Store,
    cases::{Change, StoredCase, begin, find, find_numbered, may_own, write},
    ledger::Ledger,
    own_cases, replies,
    told::ToldOf,
};
use crate::store::{
    StoreError,
    cases::{Act, ActOutcome, MAX_CASES_PER_STEP, State, Target},
};

impl Store {
    /// Performs an action on up to [`MAX_CASES_PER_STEP`] cases, as one step that can be undone. `by` is an account, or `None`
    /// for the holder of the admin token.
    pub(crate) async fn act(
        &self,
        on: &[Target],
        act: Act,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<ActOutcome, StoreError> {
        let mut targets = Vec::new();
        for target in on.iter().take(MAX_CASES_PER_STEP) {
            targets.push((self.meant(&target.id).await?, target.version));
        }
        let public_ids = std::sync::Arc::clone(&self.public_ids);
        self.write(move |ledger| {
            let mut acted = ActOutcome::default();
            if let Act::Assign(Some(account)) = act
                && !may_own(ledger.connection(), account)?
            {
                return Ok(acted);
            }
            for (id, version) in &targets {
                let Some(case) = find(ledger.connection(), id)? else { continue };
                let changes = changes(&case, &act);
                if changes.is_empty() {
                    continue;
                }
                let is_change = matches!(act, Act::Set(_) | Act::Assign(_));
                if is_change && version.is_some_and(|version| version != case.version) {
                    acted.kept += 1;
                    continue;
                }
                let step = match acted.step {
                    Some(step) => step,
                    None => {
                        *acted.step.insert(begin(ledger.connection(), by, at.as_millisecond())?)
                    }
                };
                let version = case.version + u32::from(is_change);
                apply(ledger, &case, version, step, &changes)?;
                acted.changed += 1;
                if let Act::Assign(Some(owner)) = act
                    && by != Some(owner)
                {
                    let told = ToldOf { number: case.number, shown_as: &public_ids.public(id) };
                    own_cases::assigned(ledger.connection(), &told, owner, at.as_millisecond())?;
                }
            }
            Ok(acted)
        })
        .await
    }

    /// Undoes a step: each of its cases that nobody has changed since gets its earlier state and owner, and its note loses
    /// its text. Only the person who made the step can do that. A reply is not undone: see [`Store::take_back`].
    pub(crate) async fn undo(
        &self,
        step: i64,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<ActOutcome, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let mut acted = ActOutcome::default();
            let is_own = connection
                .prepare_cached("SELECT 1 FROM case_steps WHERE step = ? AND account IS ?")?
                .exists(params![step, by])?;
            if !is_own || replies::is_of_step(connection, step)? {
                return Ok(acted);
            }
            // Only the text is deleted: the history still says that a note was written.
            let notes = connection
                .prepare_cached(
                    "UPDATE case_events SET note = NULL WHERE step = ? AND note IS NOT NULL",
                )?
                .execute([step])?;
            acted.changed += u32::try_from(notes).unwrap_or(u32::MAX);
            let undone = take_back_state(ledger, step, by, at)?;
            acted.step = undone.step;
            acted.changed += undone.changed;
            acted.kept = undone.kept;
            Ok(acted)
        })
        .await
    }
}

/// Gives each case of a step its earlier state and owner, unless somebody has changed it since.
pub(super) fn take_back_state(
    ledger: &Ledger<'_>,
    step: i64,
    by: Option<i64>,
    at: Timestamp,
) -> Result<ActOutcome, StoreError> {
    let connection = ledger.connection();
    let mut acted = ActOutcome::default();
    let made: Vec<(i64, u32)> = connection
        .prepare_cached(
            "SELECT number, max(version) FROM case_events
             WHERE step = ? AND what IN ('state', 'owner') GROUP BY number",
        )?
        .query_map([step], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (number, version) in made {
        let Some(case) = find_numbered(connection, number)? else { continue };
        if case.version != version {
            acted.kept += 1;
            continue;
        }
        let changes: Vec<Change<'_>> = connection
            .prepare_cached(
                "SELECT what, before, after FROM case_events
                 WHERE step = ? AND number = ? AND what IN ('state', 'owner')
                 ORDER BY event DESC",
            )?
            .query_map([step, number], |row| {
                let is_state = row.get_ref(0)?.as_str()? == "state";
                let what = if is_state { "state" } else { "owner" };
                let (before, after) = (row.get(2)?, row.get(1)?);
                Ok(Change { what, before, after, note: None })
            })?
            .collect::<Result<_, _>>()?;
        let back = match acted.step {
            Some(step) => step,
            None => *acted.step.insert(begin(connection, by, at.as_millisecond())?),
        };
        apply(ledger, &case, case.version + 1, back, &changes)?;
        acted.changed += 1;
    }
    Ok(acted)
}

/// The changes that an action makes to a case; empty if the case has the wanted state already.
fn changes<'a>(case: &StoredCase, act: &'a Act) -> Vec<Change<'a>> {
    let number = |state: Option<State>| state.map(State::number);
    let set = |state: State| Change {
        what: "state",
        before: number(case.state),
        after: Some(state.number()),
        note: None,
    };
    let mut changes = Vec::new();
    match act {
        Act::See if case.state == Some(State::New) => changes.push(set(State::Seen)),
        Act::See => {}
        Act::Set(state) if case.state == Some(*state) => {}
        Act::Set(state) => changes.push(set(*state)),
        Act::Assign(owner) if case.owner == *owner => {}
        Act::Assign(owner) => {
            let (before, after) = (case.owner, *owner);
            changes.push(Change { what: "owner", before, after, note: None });
        }
        Act::Note(text) => {
            changes.push(Change { what: "note", before: None, after: None, note: Some(text) });
        }
    }
    // Every action on an answer makes it a case.
    if case.state.is_none() && matches!(act, Act::Assign(_) | Act::Note(_)) && !changes.is_empty() {
        changes.insert(0, set(State::Seen));
    }
    changes
}

/// Writes changes of a case, and its new state.
pub(super) fn apply(
    ledger: &Ledger<'_>,
    case: &StoredCase,
    version: u32,
    step: i64,
    changes: &[Change<'_>],
) -> Result<(), StoreError> {
    write(ledger.connection(), case, version, step, changes)?;
    for change in changes.iter().filter(|change| change.what == "state") {
        let state = change.after.and_then(State::from_number);
        ledger.set_case_state(case.number, state)?;
    }
    Ok(())
}
