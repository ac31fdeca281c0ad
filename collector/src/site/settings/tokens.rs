//! The tokens of programs.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, to_copy, words::Words};
use crate::{
    access::{
        Scope,
        person::Person,
        secret::{Secret, TOKEN_PREFIX},
    },
    http::{
        error::PageError,
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    site::{
        frame::{field, form_token, moment},
        welcome::is_name,
    },
    state::Shared,
    store::Token,
};

/// `GET /settings/tokens`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let tokens = shared.store.tokens().await?;
    Ok(view(&person, &tokens, None, Notice::from_query(query.as_deref()), false))
}

/// The form for a new token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewToken {
    name: String,
    scope: String,
}

/// `POST /settings/tokens`: makes a token and shows it, only this once.
pub(crate) async fn make_token(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: NewToken { name, scope } }: OwnForm<NewToken>,
) -> Result<Response, PageError> {
    let name = name.trim();
    let scope = Scope::from_name(&scope).filter(|_| is_name(name));
    let Some(scope) = scope else {
        let tokens = shared.store.tokens().await?;
        let mut page = view(&person, &tokens, None, None, true);
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    };
    let secret = Secret::new(TOKEN_PREFIX)?;
    let by = person.name.as_deref();
    shared.store.put_token(secret.hash(), name, scope, by, Timestamp::now()).await?;
    let fresh = FreshToken { name: name.to_owned(), secret: secret.reveal().to_owned() };
    let tokens = shared.store.tokens().await?;
    Ok(view(&person, &tokens, Some(&fresh), None, false))
}

/// `POST /settings/tokens/{id}`: revokes a token.
pub(crate) async fn revoke_token(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    _: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    shared.store.revoke_token(id).await?;
    Ok(see_other("/settings/tokens?done=revoked"))
}

/// A new token and its name.
struct FreshToken {
    name: String,
    secret: String,
}

fn view(
    person: &Person,
    tokens: &[Token],
    fresh: Option<&FreshToken>,
    notice: Option<Notice>,
    is_name_wrong: bool,
) -> Response {
    let words = Words::of(person.language);
    let main = html! {
        @if let Some(fresh) = fresh {
            section .sheet .fresh role="status" {
                h2 { (words.token_is) "“" (fresh.name) "”" }
                p { (words.token_do) code { "Authorization: Bearer …" } }
                (to_copy("fresh-token", &fresh.secret, words))
            }
        }
        section .sheet {
            h2 { (words.tokens) }
            p .quiet { (words.tokens_lead) }
            @if tokens.is_empty() {
                p { (words.no_tokens) }
            } @else {
                ul .entries {
                    @for token in tokens { li { (token_entry(person, token, words)) } }
                }
            }
        }
        section .sheet {
            h2 { (words.new_token) }
            form .fields method="post" action="/settings/tokens" {
                (form_token(person))
                (field("name", words.token_name, words.token_name_hint,
                    is_name_wrong.then_some(words.token_name_wrong), &html! {
                    input #name name="name" required maxlength="100" autocomplete="off"
                        aria-describedby="name-hint" aria-invalid=[is_name_wrong.then_some("true")];
                }))
                fieldset .stack {
                    legend { (words.scope) }
                    @for scope in Scope::ALL {
                        @let id = format!("scope-{}", scope.name());
                        div .choice {
                            input type="radio" id=(id) name="scope" value=(scope.name())
                                checked[scope == Scope::Read];
                            label for=(id) { (words.scope_name(scope)) }
                        }
                    }
                }
                div { button { (words.make_token) } }
            }
        }
    };
    framed(person, Part::Tokens, notice, &main)
}

fn token_entry(person: &Person, token: &Token, words: &Words) -> Markup {
    html! {
        div {
            strong { (token.name) } " " span .badge { (words.scope_name(token.scope)) }
            div .quiet .small {
                (words.made) (moment(token.created_at, person))
                @if let Some(by) = &token.created_by { (words.by) (by) }
                " · "
                @match token.used_at {
                    Some(used_at) => { (words.used) (moment(used_at, person)) }
                    None => (words.never_used),
                }
            }
        }
        details .more {
            summary { (words.revoke) " …" span .hidden-text { ": " (token.name) } }
            form .choices method="post" action={ "/settings/tokens/" (token.id) } {
                (form_token(person))
                button .danger { (words.revoke) }
                p .hint { (words.revoke_hint) }
            }
        }
    }
}
