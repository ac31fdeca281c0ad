//! `/settings`: one's own account, the colleagues, and the tokens of programs.

mod view;

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;

use self::view::{FreshLink, FreshToken, OwnProblems, Said};
use crate::{
    access::{
        Role, Scope,
        password::{LONGEST, weakness},
        person::Person,
        secret::Secret,
    },
    http::{
        cookies::{self, see_other},
        error::{Error, PageError},
        extract::OwnForm,
    },
    query::{BadQuery, ParameterProblem},
    site::{login::open, welcome::is_name},
    state::Shared,
    store::{
        ZoneError,
        accounts::{Changed, Purpose},
    },
};

/// So that a person, or a scanner for leaked secrets, knows what was found.
const TOKEN_PREFIX: &str = "aw_";

fn said(query: Option<&str>) -> Said {
    Said::from_query(query.unwrap_or_default())
}

/// `GET /settings`: one's own account.
pub(crate) async fn own(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    own_page(&collector, &person, said(query.as_deref()), OwnProblems::default()).await
}

async fn own_page(
    collector: &Shared,
    person: &Person,
    said: Said,
    problems: OwnProblems,
) -> Result<Response, PageError> {
    let (account, sessions) = match person.account() {
        Some(id) => (
            collector.store.account(id).await?,
            collector.store.sessions(id, Timestamp::now()).await?,
        ),
        None => (None, Vec::new()),
    };
    let mut page = view::own(person, account.as_ref(), &sessions, said, problems);
    if problems != OwnProblems::default() {
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(page)
}

/// The account of whoever sent a form; a token has none.
fn account(person: &Person) -> Result<i64, PageError> {
    person.account().ok_or(PageError(Error::NotFound("The admin token belongs to no account.")))
}

/// `POST /settings/name`
pub(crate) async fn rename(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let id = account(&person)?;
    let name = form.trimmed("name");
    if !is_name(name) {
        let problems = OwnProblems { name: true, ..OwnProblems::default() };
        return own_page(&collector, &person, Said::Nothing, problems).await;
    }
    collector.store.rename(id, name).await?;
    Ok(see_other("/settings?done=name"))
}

/// `POST /settings/password`: takes the current one, ends every session, and opens another here.
pub(crate) async fn change_password(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let id = account(&person)?;
    let account = collector.store.account(id).await?;
    let Some(account) = account else { return Err(PageError(Error::NotFound(""))) };
    let mut problems = OwnProblems {
        password: weakness(form.get("password"), &[&account.name, &account.login]),
        ..OwnProblems::default()
    };
    // Whoever finds an open browser must not be able to try passwords in it; and nobody elsewhere can use
    // up its attempts.
    let Some(session) = person.session() else { return Err(PageError(Error::NotFound(""))) };
    match collector.attempts.attempt_by(session.hash()) {
        Ok(()) => {
            let hash = collector.store.account_by_login(&account.login).await?.map(|it| it.1);
            let current = form.get("current").chars().take(LONGEST).collect();
            problems.current = !collector.passwords.is_right(current, hash).await?;
        }
        Err(wait) => problems.wait = Some(wait.as_secs()),
    }
    if problems != OwnProblems::default() {
        return own_page(&collector, &person, Said::Nothing, problems).await;
    }
    let hash = collector.passwords.hash(form.get("password").to_owned()).await?;
    collector.store.set_password(id, &hash).await?;
    let session = open(&collector, id).await?;
    Ok(cookies::redirect(&person.origin, "/settings?done=password", Some(&session)))
}

/// `POST /settings/sessions`: signs out everywhere, here too.
pub(crate) async fn sign_out_everywhere(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, .. }: OwnForm,
) -> Result<Response, PageError> {
    collector.store.close_sessions(account(&person)?).await?;
    Ok(cookies::redirect(&person.origin, "/login?out", None))
}

/// `GET /settings/colleagues`
pub(crate) async fn colleagues(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    colleagues_page(&collector, &person, None, said(query.as_deref())).await
}

async fn colleagues_page(
    collector: &Shared,
    person: &Person,
    fresh: Option<&FreshLink>,
    said: Said,
) -> Result<Response, PageError> {
    let accounts = collector.store.accounts().await?;
    let invitations = collector.store.invitations(Timestamp::now()).await?;
    let mut page = view::colleagues(person, &accounts, &invitations, fresh, said);
    match said {
        Said::LastAdmin | Said::Gone => *page.status_mut() = StatusCode::CONFLICT,
        Said::NoInviteName => *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY,
        _ => {}
    }
    Ok(page)
}

/// Makes a link, and the page that shows it this once.
async fn show_link(
    collector: &Shared,
    person: &Person,
    name: &str,
    purpose: &Purpose,
) -> Result<Response, PageError> {
    let secret = Secret::new("")?;
    let until = collector.store.put_link(secret.hash(), purpose, Timestamp::now()).await?;
    let kind = match purpose {
        Purpose::Setup => "setup",
        Purpose::Invitation { .. } => "invitation",
        Purpose::Password(_) => "password",
    };
    let address = format!("{}/{kind}/{}", person.origin, secret.reveal());
    let fresh = FreshLink { name: name.to_owned(), address, until };
    colleagues_page(collector, person, Some(&fresh), Said::Nothing).await
}

fn role(name: &str) -> Result<Role, BadQuery> {
    Role::from_name(name).ok_or_else(|| {
        BadQuery::of("role", ParameterProblem::Word(Role::ALL.map(Role::name).to_vec()))
    })
}

/// `POST /settings/colleagues`: makes an invitation.
pub(crate) async fn invite(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let name = form.trimmed("name");
    if !is_name(name) {
        return colleagues_page(&collector, &person, None, Said::NoInviteName).await;
    }
    let purpose = Purpose::Invitation { role: role(form.get("role"))?, name: name.to_owned() };
    show_link(&collector, &person, name, &purpose).await
}

/// `POST /settings/colleagues/{id}`: another role, a link for a new password, or the end.
pub(crate) async fn change_colleague(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<i64>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let (changed, done) = match form.get("do") {
        "role" => (collector.store.set_role(id, role(form.get("role"))?).await?, "role"),
        "remove" => (collector.store.remove_account(id).await?, "removed"),
        "link" => {
            let Some(account) = collector.store.account(id).await? else {
                return colleagues_page(&collector, &person, None, Said::Gone).await;
            };
            return show_link(&collector, &person, &account.name, &Purpose::Password(id)).await;
        }
        _ => return Err(PageError(Error::NotFound(""))),
    };
    match changed {
        Changed::Done => Ok(see_other(&format!("/settings/colleagues?done={done}"))),
        Changed::LastAdmin => colleagues_page(&collector, &person, None, Said::LastAdmin).await,
        Changed::Gone => colleagues_page(&collector, &person, None, Said::Gone).await,
    }
}

/// `POST /settings/invitations/{id}`: withdraws an invitation.
pub(crate) async fn withdraw(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<i64>,
    _: OwnForm,
) -> Result<Response, PageError> {
    collector.store.revoke_invitation(id).await?;
    Ok(see_other("/settings/colleagues?done=withdrawn"))
}

/// `GET /settings/tokens`
pub(crate) async fn tokens(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let tokens = collector.store.tokens().await?;
    Ok(view::tokens(&person, &tokens, None, said(query.as_deref()), false))
}

/// `POST /settings/tokens`: makes a token and shows it this once.
pub(crate) async fn make_token(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let name = form.trimmed("name");
    let scope = Scope::from_name(form.get("scope")).filter(|_| is_name(name));
    let Some(scope) = scope else {
        let tokens = collector.store.tokens().await?;
        let mut page = view::tokens(&person, &tokens, None, Said::Nothing, true);
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    };
    let secret = Secret::new(TOKEN_PREFIX)?;
    let by = person.name.as_deref();
    collector.store.put_token(secret.hash(), name, scope, by, Timestamp::now()).await?;
    let fresh = FreshToken { name: name.to_owned(), secret: secret.reveal().to_owned() };
    let tokens = collector.store.tokens().await?;
    Ok(view::tokens(&person, &tokens, Some(&fresh), Said::Nothing, false))
}

/// `POST /settings/tokens/{id}`: revokes a token.
pub(crate) async fn revoke_token(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<i64>,
    _: OwnForm,
) -> Result<Response, PageError> {
    collector.store.revoke_token(id).await?;
    Ok(see_other("/settings/tokens?done=revoked"))
}

/// `GET /settings/shop`
pub(crate) async fn shop(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Response {
    view::shop(&person, collector.is_time_zone_fixed, said(query.as_deref()), None)
}

/// `POST /settings/shop`: sets the time zone, unless the file does.
pub(crate) async fn save_shop(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    if collector.is_time_zone_fixed {
        return Ok(see_other("/settings/shop"));
    }
    let zone = form.trimmed("zone");
    match collector.store.set_time_zone(zone).await {
        Ok(()) => Ok(see_other("/settings/shop?done=zone")),
        Err(ZoneError::Store(error)) => Err(error.into()),
        Err(ZoneError::Unknown(_)) => {
            let mut page = view::shop(&person, false, Said::Nothing, Some(zone));
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}
