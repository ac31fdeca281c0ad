//! The views of a case: its section on the page of its answer, its badge in lists, its history, and the notice after an
//! action.

mod details;
mod notice;
mod outcome;
mod reply;
mod section;
mod words;

pub(crate) use self::{
    details::{AnswerDetails, colleagues},
    notice::{ActionNotice, notice},
    outcome::{Outcome, with_outcome},
    reply::{Draft, DraftAbout, list as replies, section as reply_section, warning},
    section::{Typed, badge, badge_of, history, section, target},
    words::{Words, found, news},
};
