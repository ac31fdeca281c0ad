//! `/login` and `/logout`.

mod view;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use serde::Deserialize;

use self::view::{Notice, login};
use crate::{
    abuse::Sender,
    access::{Caller, password::MAX_PASSWORD_LENGTH, person::Visitor, secret::Secret},
    http::{
        address::own_address,
        cookies,
        error::PageError,
        extract::{Form, NoFields, OwnForm},
        redirect::see_other,
    },
    state::Shared,
};

/// `GET /login`: the form.
pub(crate) async fn page(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query: Vec<_> = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let value =
        |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let next = own_address(value("next").unwrap_or("/"));
    if matches!(visitor.caller, Caller::Colleague(_)) {
        return Ok(see_other(next));
    }
    let notice = if value("out").is_some() {
        Notice::SignedOut
    } else if !collector.store.has_admin().await? {
        Notice::Nobody
    } else {
        Notice::Nothing
    };
    Ok(login(visitor.language, notice, "", next, visitor.elsewhere.as_deref()))
}

/// The form to sign in, and the page to open then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignIn {
    login: String,
    password: String,
    next: String,
}

/// `POST /login`: opens a session. The refusal does not tell whether the login or the password was wrong, and
/// takes the same time in both cases.
pub(crate) async fn sign_in(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    sender: Sender,
    jar: CookieJar,
    Form(SignIn { login: typed, password, next }): Form<SignIn>,
) -> Result<Response, PageError> {
    let next = own_address(&next);
    let typed = typed.trim();
    let name = typed.to_lowercase();
    let again =
        |notice| Ok(login(visitor.language, notice, typed, next, visitor.elsewhere.as_deref()));
    let device = jar
        .get(cookies::device_name(&visitor.origin))
        .map(|device| Secret::given(device.value()).hash());
    let is_known = match device {
        Some(device) => collector.store.knows_device(&name, device).await?,
        None => false,
    };
    let counted = match device.filter(|_| is_known) {
        Some(device) => collector.attempts.attempt_by(device),
        None => collector.attempts.attempt(&name, sender.network),
    };
    if let Err(wait) = counted {
        tracing::warn!("an attempt to sign in was put off: there were too many");
        return again(Notice::Wait(wait.as_secs()));
    }
    let found = collector.store.account_by_login(&name).await?;
    let (account, hash) = found.unzip();
    let hash = hash.filter(|_| password.chars().count() <= MAX_PASSWORD_LENGTH);
    let password = password.chars().take(MAX_PASSWORD_LENGTH).collect();
    let is_right = collector.passwords.is_right(password, hash).await?;
    let Some(account) = account.filter(|_| is_right) else {
        tracing::info!("an attempt to sign in failed");
        return again(Notice::Wrong);
    };
    // A new secret, in case another person had set the cookie before.
    if let Caller::Colleague(colleague) = &visitor.caller {
        collector.store.close_session(colleague.session.hash()).await?;
    }
    let session = open(&collector, account.id).await?;
    let mut jar = jar.add(cookies::session(&visitor.origin, &session));
    if !is_known {
        let device = Secret::new("")?;
        collector.store.remember_device(account.id, device.hash(), Timestamp::now()).await?;
        jar = jar.add(cookies::device(&visitor.origin, &device));
    }
    Ok((jar, see_other(next)).into_response())
}

/// Opens a session for an account.
pub(crate) async fn open(collector: &Shared, account: i64) -> Result<Secret, PageError> {
    let session = Secret::new("")?;
    collector.store.open_session(account, session.hash(), Timestamp::now()).await?;
    Ok(session)
}

/// `POST /logout`: ends this session.
pub(crate) async fn sign_out(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, .. }: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    if let Some(session) = person.session() {
        collector.store.close_session(session.hash()).await?;
    }
    let jar = CookieJar::new().add(cookies::no_session(&person.origin));
    Ok((jar, see_other("/login?out")).into_response())
}
