//! Who looks at a page: an extractor that closes a page to everybody who is not signed in.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{Markup, html};

use super::admin::credentials;
use crate::{
    Shared,
    access::Role,
    error::{Challenge, Error},
    negotiate::{self, Language},
    pages::PageError,
};

/// A person with a browser, who gave the token as the password; or a program with a bearer token.
pub(crate) struct Person {
    /// As colleagues know them; `None` for whoever holds the admin token.
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    /// The language that pages speak to them.
    pub(crate) language: Language,
    /// The address that they are at, with its query, to come back to; `/` where that cannot be
    /// repeated.
    pub(crate) here: String,
}

impl Person {
    /// The hidden field of a form, by which [`check`](Self::check) knows that this person sent it.
    #[allow(dead_code, reason = "for the first form that changes something")]
    pub(crate) fn form_token(&self) -> Markup {
        html! { input type="hidden" name="form_token" value="basic"; }
    }

    /// Refuses what a form did that was not ours: another site can make a browser send forms here.
    #[allow(dead_code, clippy::unused_self, reason = "for the first form that changes something")]
    pub(crate) fn check(&self, form_token: Option<&str>) -> Result<(), PageError> {
        match form_token {
            Some("basic") => Ok(()),
            _ => Err(PageError(Error::Unauthorized(Challenge::Basic))),
        }
    }
}

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
        if !admitted {
            return Err(PageError(Error::Unauthorized(Challenge::Basic)));
        }
        let here = match (&parts.method, parts.uri.path_and_query()) {
            (&Method::GET, Some(here)) => here.as_str().to_owned(),
            _ => "/".to_owned(),
        };
        let language = negotiate::language(&parts.headers);
        Ok(Self { name: None, role: Role::Admin, language, here })
    }
}
