//! A case wherever it is shown: its section on the page of its answer, its badge in lists, its history, and what a person
//! is told after they acted.

mod looked;
mod notice;
mod outcome;
mod section;
mod words;

pub(crate) use self::{
    looked::{Looked, colleagues},
    notice::{Told, notice},
    outcome::{Outcome, with_outcome},
    section::{RefusedNote, badge, badge_of, history, section, target},
    words::{Words, found, news},
};
