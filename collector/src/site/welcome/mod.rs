//! One-time links: `/setup/{secret}`, `/invitation/{secret}` and `/password/{secret}`.
//!
//! Looking at one does not use it up: chat programs look at every link they are given.

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

/// What a shop that speaks German keeps its time by.
const GERMAN_ZONE: &str = "Europe/Berlin";

/// Characters of a name or a login.
const MAX_NAME_LENGTH: usize = 100;

/// The form behind a link.
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

/// What somebody says of themselves; of a link for a new password the password alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Welcome {
    name: String,
    login: String,
    password: String,
}

/// Uses a link up, and signs in whom it was for.
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
                // The clocks of Germany, Austria and Switzerland agree; the settings say how to change it.
                collector.store.suggest_time_zone(GERMAN_ZONE).await.map_err(unsettled)?;
            }
            // To a colleague's first look: the report. The first admin has nothing to look at yet.
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
