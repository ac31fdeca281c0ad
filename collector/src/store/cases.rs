//! Cases: answers that somebody looks after.
//!
//! An answer with a comment, a low score or a contact is automatically a new case. Until somebody acts on the case, only
//! its state is stored, with the answer.

use afterword_response::{Response, Segment};
use jiff::Timestamp;

use crate::{aside::Aside, report::statistics::Waits};

/// The largest number of characters of a note.
pub(crate) const MAX_NOTE_LENGTH: usize = 4_000;
/// The largest number of cases that one step changes.
pub(crate) const MAX_CASES_PER_STEP: usize = 200;

/// The state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    /// Nobody has seen it.
    New,
    Seen,
    InProgress,
    /// The shop has replied to the customer.
    Answered,
    Closed,
}

impl State {
    /// All states, in the order in which a case usually passes them.
    pub(crate) const ALL: [Self; 5] =
        [Self::New, Self::Seen, Self::InProgress, Self::Answered, Self::Closed];

    /// The open states: somebody still has to do something.
    pub(crate) const OPEN: [Self; 3] = [Self::New, Self::Seen, Self::InProgress];

    /// The name in addresses, forms and JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Seen => "seen",
            Self::InProgress => "in-progress",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// The state of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The stored number, from 1 to 5. (0 is stored for an answer that is not a case.)
    pub(crate) const fn number(self) -> i64 {
        self as i64 + 1
    }

    /// The state of that number; `None` for 0.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }
}

/// Whether an answer is a case before anybody acts on it: it has a comment, a low score or a contact. Tests, excluded and
/// waiting answers are not.
pub(crate) fn opens(response: &Response, aside: Aside) -> bool {
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    aside.may_stand()
        && (Segment::of(response.score) == Segment::Detractor
            || says(&response.comment)
            || says(&response.contact))
}

/// The cases that a filter finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaseFilter {
    pub(crate) states: Vec<State>,
    pub(crate) owner: Option<OwnerChoice>,
}

/// A selection of owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerChoice {
    Nobody,
    /// Colleagues whose accounts were removed.
    Former,
    /// An account, by its id.
    Account(i64),
}

/// A person who acted, or who owns a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A colleague; `name` is `None` once their account was removed.
    Colleague { account: i64, name: Option<String> },
    /// The holder of the admin token.
    TokenHolder,
    /// The customer, who changed their answer or wrote back.
    Customer,
    /// The collector itself.
    Collector,
}

/// The current data of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    /// `None` for an answer that is not a case.
    pub(crate) state: Option<State>,
    /// 0 until somebody changes the case.
    pub(crate) version: u32,
    pub(crate) owner: Option<Actor>,
}

/// A step of a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    pub(crate) who: Actor,
    pub(crate) what: CaseChange,
}

/// The content of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CaseChange {
    /// The state changed; `None` for an answer that was not a case before.
    State(Option<State>),
    /// The owner changed; `None` for no owner.
    Owner(Option<Actor>),
    /// A note was added; `None` if its text was deleted by undoing.
    Note(Option<String>),
    /// The customer added or changed the comment or the contact after somebody had acted.
    Words,
    /// The shop replied; `None` if the reply was taken back.
    Reply(Option<Way>),
    /// The customer wrote back to a reply.
    WroteBack,
    /// The customer rated again, with a comment.
    RatedAgain,
    /// The mail of a reply could not be delivered, and no other attempt follows.
    MailFailed,
}

/// The way that a reply goes to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The customer reads it on the answer page.
    Page,
    /// By mail, through the shop's mail server. The answer page, if there is one, shows it, too.
    Mail,
    /// A colleague has sent it with another program, and says so.
    Elsewhere,
}

impl Way {
    const ALL: [Self; 3] = [Self::Page, Self::Mail, Self::Elsewhere];

    /// The name in forms, in JSON and in the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// The way of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }

    /// The number in the history of a case, from 1 to 3.
    pub(crate) const fn number(self) -> i64 {
        self as i64 + 1
    }

    /// The way of that number.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.number() == number)
    }
}

/// An action on cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Marks a new case as seen. It changes no case in another state, and no version.
    See,
    /// Sets another state.
    Set(State),
    /// Gives the case to a colleague, by their account, or to nobody.
    Assign(Option<i64>),
    /// Adds a note. A note contradicts no other change, so it is added to any version.
    Note(String),
}

/// A case to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The answer's id, either the public one or its own.
    pub(crate) id: String,
    /// The version that the person saw. A case of another version is not changed. `None` allows any version.
    pub(crate) version: Option<u32>,
}

/// The outcome of acting on cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActOutcome {
    /// The step, to undo it; `None` if nothing changed.
    pub(crate) step: Option<i64>,
    /// The number of changed cases.
    pub(crate) changed: u32,
    /// The number of cases that were not changed, because somebody else had changed them meanwhile.
    pub(crate) kept: u32,
}

/// A step, for the notice to the person who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    pub(crate) who: Actor,
    /// The number of cases that it changed.
    pub(crate) cases: u32,
    /// The last of its changes.
    pub(crate) what: CaseChange,
    /// Whether none of these cases was changed after the step.
    pub(crate) can_be_undone: bool,
}

/// The numbers of cases in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CaseCounts {
    /// Cases whose answers arrived in it, whatever their state is now.
    pub(crate) new: u64,
    /// Cases that were set to answered in it; each counts once.
    pub(crate) answered: u64,
    /// Cases that were closed in it; each counts once.
    pub(crate) closed: u64,
}

/// How the cases with a comment or a contact were answered that arrived in a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FirstAnswers {
    /// How long each waited for the first answer, from here or elsewhere, in whole hours.
    pub(crate) waits: Waits,
    /// Cases with a reply that the customer can read on the answer page, or whose mail the server has accepted.
    pub(crate) replied: u64,
    /// Other cases that somebody set to answered, or noted a reply for that was sent elsewhere.
    pub(crate) elsewhere: u64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_state_is_found_by_its_name_and_its_number() {
        for (at, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(State::from_name(state.name()), Some(state));
            assert_eq!(State::from_number(state.number()), Some(state));
            assert_eq!(state.number(), i64::try_from(at).unwrap() + 1);
        }
        assert_eq!((State::from_name("open"), State::from_number(0)), (None, None));
    }

    #[test]
    fn a_way_is_found_by_its_name_and_its_number() {
        for way in Way::ALL {
            assert_eq!(Way::from_name(way.name()), Some(way));
            assert_eq!(Way::from_number(way.number()), Some(way));
        }
        assert_eq!((Way::from_name("post"), Way::from_number(0)), (None, None));
    }

    #[test]
    fn words_a_low_score_or_a_contact_make_a_case() {
        let response = |score: u8, comment: &str, contact: &str| -> Response {
            serde_json::from_value(serde_json::json!({
                "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-000000000001", "revision": 1, "survey": "s",
                "touchpoint": "order", "score": score, "comment": comment, "contact": contact
            }))
            .unwrap()
        };
        for (score, comment, contact, expected) in [
            (10, "", "", false),
            (7, "  ", " ", false),
            (10, "Gut", "", true),
            (6, "", "", true),
            (9, "", "kim@example.org", true),
        ] {
            let response = response(score, comment, contact);
            assert_eq!(opens(&response, Aside::NONE), expected, "{score} {comment:?} {contact:?}");
            assert_eq!(opens(&response, Aside::REPEATED), expected, "a customer is a customer");
            for aside in [Aside::TEST, Aside::EXCLUDED, Aside::WAITING] {
                assert!(!opens(&response, aside), "{:?}", aside.names());
            }
        }
    }
}
