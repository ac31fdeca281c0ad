//! Who may see what customers said: whoever holds the admin token.
//!
//! An extractor; a handler that takes it is closed to everybody else. [`super::person`] has the other
//! one, for people.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::{
    Shared,
    error::{Challenge, Error},
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

/// The scheme, if it is a known one, and what follows it.
pub(super) fn credentials(parts: &Parts) -> Option<(&'static str, &str)> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let scheme =
        ["bearer", "basic"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    Some((scheme, rest.trim()))
}
