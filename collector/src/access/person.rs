//! Who looks at a page, as plain data. Whether they may is decided by `http::guard`, before a handler
//! sees them.

use jiff::tz::TimeZone;

use super::{Caller, Role, Scope, secret::Secret};
use crate::language::Language;

/// A form that another site made a person's browser send, or that is older than their session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForeignForm;

/// Somebody with a browser, whether or not we know them.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    /// See [`Person::here`].
    pub(crate) here: String,
    /// See [`Person::origin`].
    pub(crate) origin: String,
    /// See [`Person::elsewhere`].
    pub(crate) elsewhere: Option<String>,
    /// See [`Person::zone`].
    pub(crate) zone: TimeZone,
    pub(crate) caller: Caller,
}

/// A person who is signed in, or whoever holds the admin token. A handler that takes one is closed
/// to everybody else.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// As colleagues know them; `None` for whoever holds the admin token.
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    /// The language that pages speak to them.
    pub(crate) language: Language,
    /// The address that they are at, with its query, to come back to; `/` where that cannot be
    /// repeated.
    pub(crate) here: String,
    /// The collector's own origin as their browser sees it, such as `https://feedback.shop.example`.
    pub(crate) origin: String,
    /// Where the page that they asked for is, if they asked under another host than the collector's.
    pub(crate) elsewhere: Option<String>,
    /// The shop's time zone, by which pages tell times.
    pub(crate) zone: TimeZone,
    /// Their account and session; `None` for whoever holds the admin token.
    session: Option<(i64, Secret)>,
}

impl Person {
    pub(crate) fn of(visitor: &Visitor) -> Option<Self> {
        let (name, role, session) = match &visitor.caller {
            Caller::Colleague(colleague) => (
                Some(colleague.name.clone()),
                colleague.role,
                Some((colleague.account, colleague.session.clone())),
            ),
            Caller::Program(Scope::Admin) => (None, Role::Admin, None),
            Caller::Program(_) | Caller::Stranger | Caller::WrongToken => return None,
        };
        Some(Self {
            name,
            role,
            language: visitor.language,
            here: visitor.here.clone(),
            origin: visitor.origin.clone(),
            elsewhere: visitor.elsewhere.clone(),
            zone: visitor.zone.clone(),
            session,
        })
    }

    /// Whether they may do what takes this role: for what a page offers. That it is enforced is the
    /// route's own need.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.role >= role
    }

    /// Whether they have an account, and did not come with the admin token.
    pub(crate) const fn is_colleague(&self) -> bool {
        self.session.is_some()
    }

    /// Their account's number.
    pub(crate) fn account(&self) -> Option<i64> {
        self.session.as_ref().map(|(account, _)| *account)
    }

    /// What their browser keeps.
    pub(crate) fn session(&self) -> Option<&Secret> {
        self.session.as_ref().map(|(_, session)| session)
    }

    /// Refuses a form that another site made this person's browser send.
    ///
    /// # Errors
    /// The token is missing, or another session's. Nothing was changed yet.
    pub(crate) fn check(&self, form_token: Option<&str>) -> Result<(), ForeignForm> {
        let is_ours = match self.session() {
            Some(session) => form_token.is_some_and(|token| session.made_form_token(token)),
            // No browser sends a bearer token by itself.
            None => true,
        };
        if is_ours { Ok(()) } else { Err(ForeignForm) }
    }
}
