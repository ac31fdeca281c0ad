//! `/login` and `/logout`.

mod view;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

use self::view::{Said, login};
use crate::{
    abuse::Sender,
    access::{Caller, password::LONGEST, person::Visitor, secret::Secret},
    http::{
        address::own_address,
        cookies::{self, cookie, device_cookie_name, keep_device, see_other},
        error::PageError,
        extract::{Form, OwnForm},
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
    let said = if value("out").is_some() {
        Said::SignedOut
    } else if !collector.store.has_admin().await? {
        Said::Nobody
    } else {
        Said::Nothing
    };
    Ok(login(visitor.language, said, "", next))
}

/// `POST /login`: opens a session. Whether the login or the password was wrong is not said, and
/// takes the same time.
pub(crate) async fn sign_in(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    sender: Sender,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    let next = own_address(form.get("next"));
    let typed = form.trimmed("login");
    let name = typed.to_lowercase();
    let again = |said| Ok(login(visitor.language, said, typed, next));
    let device = cookie(&headers, device_cookie_name(&visitor.origin))
        .map(|device| Secret::given(device).hash());
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
        return again(Said::Wait(wait.as_secs()));
    }
    let found = collector.store.account_by_login(&name).await?;
    let (account, hash) = found.unzip();
    let password = form.get("password");
    let hash = hash.filter(|_| password.chars().count() <= LONGEST);
    let password = password.chars().take(LONGEST).collect();
    let is_right = collector.passwords.is_right(password, hash).await?;
    let Some(account) = account.filter(|_| is_right) else {
        tracing::info!("an attempt to sign in failed");
        return again(Said::Wrong);
    };
    // Another secret than before, should somebody have planted one.
    if let Caller::Colleague(colleague) = &visitor.caller {
        collector.store.close_session(colleague.session.hash()).await?;
    }
    let session = open(&collector, account.id).await?;
    let mut response = cookies::redirect(&visitor.origin, next, Some(&session));
    if !is_known {
        let device = Secret::new("")?;
        collector.store.remember_device(account.id, device.hash(), Timestamp::now()).await?;
        keep_device(&mut response, &visitor.origin, &device);
    }
    Ok(response)
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
    OwnForm { person, .. }: OwnForm,
) -> Result<Response, PageError> {
    if let Some(session) = person.session() {
        collector.store.close_session(session.hash()).await?;
    }
    Ok(cookies::redirect(&person.origin, "/login?out", None))
}
