//! One-time links: `/setup/{secret}`, `/invitation/{secret}` and `/password/{secret}`.
//!
//! Opening a link does not use it up, because chat programs open every link in a message.

pub(crate) mod view;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use serde::Deserialize;

use self::view::{Problems, welcome};
use crate::{
    access::{
        password::weakness,
        person::Visitor,
        secret::{Secret, SecretHash},
    },
    http::{
        cookies,
        error::{Error, PageError},
        extract::Form,
        redirect::see_other,
    },
    language::Language,
    site::login::open,
    state::Shared,
    store::{
        ZoneError,
        accounts::{Link, LinkOutcome, NewAccount, Purpose},
    },
};

/// The default time zone of a shop whose admin reads German.
const GERMAN_ZONE: &str = "Europe/Berlin";

/// Characters of a name or a login.
const MAX_NAME_LENGTH: usize = 100;

/// `GET` of a link: the form.
pub(crate) async fn page(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    Path(secret): Path<String>,
) -> Result<Response, PageError> {
    let (_, link) = find(&collector, secret).await?;
    let name = match &link.purpose {
        Purpose::Invitation { name, .. } => name.as_str(),
        Purpose::Setup | Purpose::Password(_) => "",
    };
    Ok(welcome(visitor.language, &link.purpose, (name, ""), Problems::default()))
}

/// The fields of the form; a link for a new password has only the password.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Welcome {
    name: String,
    login: String,
    password: String,
}

/// Uses a link up, and signs the person in.
pub(crate) async fn accept(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    Path(secret): Path<String>,
    Form(Welcome { name, login, password }): Form<Welcome>,
) -> Result<Response, PageError> {
    let (hash, link) = find(&collector, secret).await?;
    let (name, typed) = (name.trim(), login.trim());
    let login = typed.to_lowercase();
    let is_new = !matches!(link.purpose, Purpose::Password(_));
    let problems = Problems {
        name: is_new && !is_name(name),
        login: is_new && (!is_name(&login) || login.contains(char::is_whitespace)),
        login_taken: false,
        password: weakness(&password, &[name, &login]),
    };
    let again = |problems| Ok(welcome(visitor.language, &link.purpose, (name, typed), problems));
    if problems != Problems::default() {
        return again(problems);
    }
    let password = collector.passwords.hash(password).await?;
    let now = Timestamp::now();
    let used = if is_new {
        let new = NewAccount { login, name: name.to_owned(), password };
        collector.store.join(hash, &new, now).await?
    } else {
        collector.store.reset_password(hash, &password, now).await?
    };
    match used {
        LinkOutcome::Done(account) => {
            let session = open(&collector, account).await?;
            let is_first = link.purpose == Purpose::Setup;
            let is_german = visitor.language == Language::German;
            if is_first && is_german && !collector.is_time_zone_fixed {
                // Germany, Austria and Switzerland have the same time; the settings can change it.
                collector.store.suggest_time_zone(GERMAN_ZONE).await.map_err(unsettled)?;
            }
            // A colleague sees the report first; for the first admin it is still empty.
            let next = if is_first { "/surveys" } else { "/" };
            let jar = CookieJar::new().add(cookies::session(&visitor.origin, &session));
            Ok((jar, see_other(next)).into_response())
        }
        LinkOutcome::Gone => Err(PageError(Error::LinkGone)),
        LinkOutcome::LoginTaken => again(Problems { login_taken: true, ..Problems::default() }),
    }
}

fn unsettled(error: ZoneError) -> PageError {
    match error {
        ZoneError::Store(error) => error.into(),
        ZoneError::Unknown(_) => PageError(Error::NotFound("")),
    }
}

async fn find(collector: &Shared, secret: String) -> Result<(SecretHash, Link), PageError> {
    let hash = Secret::given(secret).hash();
    let link = collector.store.link(hash, Timestamp::now()).await?;
    link.map(|link| (hash, link)).ok_or(PageError(Error::LinkGone))
}

/// Whether a text can be a name.
pub(crate) fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    (1..=MAX_NAME_LENGTH).contains(&length) && !name.contains(char::is_control)
}
