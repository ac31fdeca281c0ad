//! Who looks at a page, as handlers see them. Whether they may has been decided by [`super::guard`].

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::language::own_address;
use crate::{
    access::{Caller, Role, Scope, secret::Secret, session::SESSION_MAX_AGE},
    error::{Challenge, Error},
    negotiate::Language,
    pages::PageError,
    state::Shared,
};

/// Somebody with a browser, whether or not we know them.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    /// See [`Person::here`].
    pub(crate) here: String,
    /// See [`Person::origin`].
    pub(crate) origin: String,
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
    /// The shop's time zone, by which pages tell times.
    pub(crate) zone: TimeZone,
    /// Their account and session; `None` for whoever holds the admin token.
    session: Option<(i64, Secret)>,
}

impl Person {
    pub(crate) fn of(visitor: &Visitor) -> Option<Self> {
        let (name, role, session) = match &visitor.caller {
            Caller::Colleague(colleague) => (
                Some(colleague.account.name.clone()),
                colleague.account.role,
                Some((colleague.account.id, colleague.session.clone())),
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

    /// The hidden field of a form, by which [`check`](Self::check) knows that this person sent it.
    pub(crate) fn form_token(&self) -> Markup {
        // Without random bits there is no token, and the form is refused when it comes.
        let token = self.session().and_then(|session| session.form_token().ok());
        html! { input type="hidden" name="form_token" value=(token.unwrap_or_default()); }
    }

    /// Refuses a form that another site made this person's browser send.
    ///
    /// # Errors
    /// The token is missing, or another session's. Nothing was changed yet.
    pub(crate) fn check(&self, form_token: Option<&str>) -> Result<(), PageError> {
        let is_ours = match self.session() {
            Some(session) => form_token.is_some_and(|token| session.made_form_token(token)),
            // No browser sends a bearer token by itself.
            None => true,
        };
        if is_ours { Ok(()) } else { Err(PageError(Error::ForeignForm)) }
    }
}

impl FromRequestParts<Arc<Shared>> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Shared>) -> Result<Self, PageError> {
        // The guard puts it there; without it nobody passes.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(PageError(Error::Unauthorized(Challenge::Login)))
    }
}

impl FromRequestParts<Arc<Shared>> for Person {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, PageError> {
        let visitor = Visitor::from_request_parts(parts, shared).await?;
        Self::of(&visitor).ok_or(PageError(Error::Unauthorized(Challenge::Login)))
    }
}

/// The address of a request as one to come back to.
pub(crate) fn here(method: &Method, uri: &Uri) -> String {
    match (method, uri.path_and_query()) {
        (&Method::GET | &Method::HEAD, Some(here)) => own_address(here.as_str()).to_owned(),
        _ => "/".to_owned(),
    }
}

/// The session cookie's name. With HTTPS it has the prefix by which a browser guarantees that it was
/// set by this very host over HTTPS, for the whole of it.
pub(crate) fn cookie_name(own: &str) -> &'static str {
    if own.starts_with("https://") { "__Host-afterword_session" } else { "afterword_session" }
}

/// The name of the cookie by which a browser is known to have signed in before.
pub(crate) fn device_cookie_name(own: &str) -> &'static str {
    if own.starts_with("https://") { "__Host-afterword_device" } else { "afterword_device" }
}

/// Has the browser keep, for a year, that it signed in here.
pub(crate) fn keep_device(response: &mut Response, own: &str, device: &Secret) {
    let secure = if own.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}",
        device_cookie_name(own),
        device.reveal()
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Leads on to `next`, and has the browser keep a session, or forget the one it has.
pub(crate) fn redirect(own: &str, next: &str, session: Option<&Secret>) -> Response {
    let mut response = see_other(next);
    let secure = if own.starts_with("https://") { "; Secure" } else { "" };
    let (value, age) = session.map_or(("", 0), |it| (it.reveal(), SESSION_MAX_AGE.as_secs()));
    let cookie = format!(
        "{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}",
        cookie_name(own)
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Leads on to another of our own pages, after a form.
pub(crate) fn see_other(next: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(next) = HeaderValue::try_from(own_address(next)) {
        headers.insert(header::LOCATION, next);
    }
    response
}
