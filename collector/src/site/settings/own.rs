//! The person's own account: name, password and sessions.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, words::Words};
use crate::{
    access::{
        password::{MAX_PASSWORD_LENGTH, Weakness, weakness},
        person::Person,
        secret::Secret,
    },
    http::{
        cookies,
        error::{Error, PageError},
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    language::Language,
    site::{
        frame::{failure::too_many, field, form_token, moment, role_name},
        login::open,
        welcome::{is_name, view::password_field},
    },
    state::Shared,
    store::{Account, accounts::SessionTimes},
};

/// `GET /settings`: the person's own account.
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    show(&shared, &person, Notice::from_query(query.as_deref()), OwnProblems::default()).await
}

async fn show(
    shared: &Shared,
    person: &Person,
    notice: Option<Notice>,
    problems: OwnProblems,
) -> Result<Response, PageError> {
    let (account, sessions) = match person.account() {
        Some(id) => {
            (shared.store.account(id).await?, shared.store.sessions(id, Timestamp::now()).await?)
        }
        None => (None, Vec::new()),
    };
    let mut page = view(person, account.as_ref(), &sessions, notice, problems);
    if problems != OwnProblems::default() {
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(page)
}

/// The account of the person who sent a form; the admin token has none.
fn account(person: &Person) -> Result<i64, PageError> {
    person.account().ok_or(PageError(Error::NotFound("The admin token belongs to no account.")))
}

/// A new name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Name {
    name: String,
}

/// `POST /settings/name`
pub(crate) async fn rename(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Name { name } }: OwnForm<Name>,
) -> Result<Response, PageError> {
    let id = account(&person)?;
    let name = name.trim();
    if !is_name(name) {
        let problems = OwnProblems { name: true, ..OwnProblems::default() };
        return show(&shared, &person, None, problems).await;
    }
    shared.store.rename(id, name).await?;
    Ok(see_other("/settings?done=name"))
}

/// A new password, with the current one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewPassword {
    current: String,
    password: String,
}

/// `POST /settings/password`: checks the current password, ends every session, and opens a new one here.
pub(crate) async fn change_password(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: NewPassword { current, password } }: OwnForm<NewPassword>,
) -> Result<Response, PageError> {
    let id = account(&person)?;
    let account = shared.store.account(id).await?;
    let Some(account) = account else { return Err(PageError(Error::NotFound(""))) };
    let mut problems = OwnProblems {
        password: weakness(&password, &[&account.name, &account.login]),
        ..OwnProblems::default()
    };
    // A stranger at an open browser must not be able to try passwords. Attempts are counted per browser,
    // so nobody elsewhere can use them up.
    let Some(session) = person.session() else { return Err(PageError(Error::NotFound(""))) };
    match shared.attempts.attempt_by(session.hash()) {
        Ok(()) => {
            let hash = shared.store.account_by_login(&account.login).await?.map(|it| it.1);
            let current = current.chars().take(MAX_PASSWORD_LENGTH).collect();
            problems.current = !shared.passwords.is_right(current, hash).await?;
        }
        Err(wait) => problems.wait = Some(wait.as_secs()),
    }
    if problems != OwnProblems::default() {
        return show(&shared, &person, None, problems).await;
    }
    let hash = shared.passwords.hash(password).await?;
    shared.store.set_password(id, &hash).await?;
    let session = open(&shared, id).await?;
    let jar = CookieJar::new().add(cookies::session(&person.origin, &session));
    Ok((jar, see_other("/settings?done=password")).into_response())
}

/// `POST /settings/sessions`: signs the person out everywhere, also here.
pub(crate) async fn sign_out_everywhere(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, .. }: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    shared.store.close_sessions(account(&person)?).await?;
    let jar = CookieJar::new().add(cookies::no_session(&person.origin));
    Ok((jar, see_other("/login?out")).into_response())
}

/// The problems of a form on this page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct OwnProblems {
    name: bool,
    current: bool,
    password: Option<Weakness>,
    /// Seconds to wait before the current password may be tried again.
    wait: Option<u64>,
}

/// The page. `account` is `None` for the holder of the admin token.
fn view(
    person: &Person,
    account: Option<&Account>,
    sessions: &[SessionTimes],
    notice: Option<Notice>,
    problems: OwnProblems,
) -> Response {
    let language = person.language;
    let words = Words::of(language);
    let this = person.session().map(Secret::hash);
    let main = html! {
        @if let Some(account) = account {
            section .sheet {
                h2 { (words.name) }
                p .quiet { (words.login_is) strong { (account.login) } ", "
                    (role_name(account.role, language)) "." }
                form .fields method="post" action="/settings/name" {
                    (form_token(person))
                    (field("name", words.name, words.name_hint, problems.name.then_some(words.name_wrong), &html! {
                        input #name name="name" value=(account.name) autocomplete="name" required
                            maxlength="100" aria-describedby="name-hint"
                            aria-invalid=[problems.name.then_some("true")];
                    }))
                    div { button { (words.save) } }
                }
            }
            section .sheet {
                h2 { (words.password) }
                p .quiet { (words.password_lead) }
                form .fields method="post" action="/settings/password" {
                    (form_token(person))
                    // Tells a password manager the login.
                    input type="hidden" autocomplete="username" value=(account.login);
                    (current_password(words, language, problems))
                    (password_field(language, problems.password))
                    div { button { (words.change) } }
                }
            }
            section .sheet {
                h2 { (words.sessions) }
                p .quiet { (words.sessions_lead) }
                ul .entries {
                    @for session in sessions {
                        @let is_this = Some(session.hash) == this;
                        li {
                            div { strong { (if is_this { words.this_one } else { words.another }) } }
                            div .quiet .small {
                                (words.since) ": " (moment(session.created_at, person)) " · "
                                (words.seen) ": " (moment(session.seen_at, person))
                            }
                        }
                    }
                }
                form method="post" action="/settings/sessions" {
                    (form_token(person))
                    button .second { (words.out_everywhere) }
                }
            }
        } @else {
            p .notice { (words.no_account) }
        }
    };
    framed(person, Part::Own, notice, &main)
}

fn current_password(words: &Words, language: Language, problems: OwnProblems) -> Markup {
    let problem = match problems.wait {
        Some(seconds) => Some(too_many(seconds, language)),
        None => problems.current.then(|| words.current_wrong.to_owned()),
    };
    html! {
        div .field {
            label for="current" { (words.current) }
            input #current name="current" type="password" autocomplete="current-password" required
                maxlength="200" aria-describedby=[problem.as_ref().map(|_| "current-problem")]
                aria-invalid=[problem.as_ref().map(|_| "true")];
            @if let Some(problem) = &problem { p .error #current-problem { (problem) } }
        }
    }
}
