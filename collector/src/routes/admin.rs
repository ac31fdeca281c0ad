//! Who may see what customers said: whoever holds the admin token.
//!
//! Two extractors, named for who calls. A handler that takes one is closed to everybody else.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    Shared,
    error::{Challenge, Error},
    pages::PageError,
};

/// A program with the token as its bearer token. A password that a browser remembers and sends
/// along by itself does not count here.
pub(crate) struct Program;

impl FromRequestParts<Arc<Shared>> for Program {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Error> {
        match credentials(parts) {
            Some(("bearer", token)) if shared.admin.matches(token) => Ok(Self),
            Some(("bearer", _)) => Err(Error::Unauthorized(Challenge::WrongBearer)),
            _ => Err(Error::Unauthorized(Challenge::Bearer)),
        }
    }
}

/// A person with a browser, who gave the token as the password; or a program with a bearer token.
pub(crate) struct Person;

impl FromRequestParts<Arc<Shared>> for Person {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, PageError> {
        let admitted = match credentials(parts) {
            Some(("bearer", token)) => shared.admin.matches(token),
            Some(("basic", encoded)) => {
                let decoded =
                    STANDARD.decode(encoded).ok().and_then(|it| String::from_utf8(it).ok());
                decoded
                    .as_deref()
                    .and_then(|pair| pair.split_once(':'))
                    .is_some_and(|(_, password)| shared.admin.matches(password))
            }
            _ => false,
        };
        if admitted { Ok(Self) } else { Err(PageError(Error::Unauthorized(Challenge::Basic))) }
    }
}

/// The scheme, if it is a known one, and what follows it.
fn credentials(parts: &Parts) -> Option<(&'static str, &str)> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let scheme =
        ["bearer", "basic"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    Some((scheme, rest.trim()))
}
