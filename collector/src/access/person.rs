//! The person who uses a page, as plain data. `http::guard` has checked their permission before a handler gets
//! them.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{Caller, Role, Scope, secret::Secret};
use crate::{language::Language, themes::Taxonomy};

/// The form was caused by another site, or is older than the person's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForeignForm;

/// A person with a browser, signed in or not.
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
    /// See [`Person::shop`].
    pub(crate) shop: Option<String>,
    /// See [`Person::themes`].
    pub(crate) themes: Arc<Taxonomy>,
    pub(crate) caller: Caller,
}

/// A signed-in person, or the holder of the admin token. A handler with this extractor is closed to everybody
/// else.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their name; `None` for the holder of the admin token.
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    /// The language of their pages.
    pub(crate) language: Language,
    /// The address of the request with its query, to lead back to; `/` if it cannot be requested again.
    pub(crate) here: String,
    /// The collector's own origin as their browser sees it, such as `https://feedback.shop.example`.
    pub(crate) origin: String,
    /// The right address of the page, if they used another host than the collector's.
    pub(crate) elsewhere: Option<String>,
    /// The shop's time zone, in which pages show times.
    pub(crate) zone: TimeZone,
    /// The shop's name, for printed pages.
    pub(crate) shop: Option<String>,
    /// The shop's themes, with their names.
    pub(crate) themes: Arc<Taxonomy>,
    /// Their account and session; `None` for the holder of the admin token.
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
            shop: visitor.shop.clone(),
            themes: Arc::clone(&visitor.themes),
            session,
        })
    }

    /// Whether they have this role, so that a page offers what it permits. The route's own need enforces it.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.role >= role
    }

    /// Whether they have an account, and not only the admin token.
    pub(crate) const fn is_colleague(&self) -> bool {
        self.session.is_some()
    }

    /// Their account's number.
    pub(crate) fn account(&self) -> Option<i64> {
        self.session.as_ref().map(|(account, _)| *account)
    }

    /// The secret of their session.
    pub(crate) fn session(&self) -> Option<&Secret> {
        self.session.as_ref().map(|(_, session)| session)
    }

    /// Refuses a form that another site has caused.
    ///
    /// # Errors
    /// The token is missing, or belongs to another session.
    pub(crate) fn check(&self, form_token: Option<&str>) -> Result<(), ForeignForm> {
        let is_ours = match self.session() {
            Some(session) => form_token.is_some_and(|token| session.made_form_token(token)),
            // No browser sends a bearer token by itself.
            None => true,
        };
        if is_ours { Ok(()) } else { Err(ForeignForm) }
    }
}
