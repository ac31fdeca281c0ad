//! What handlers take from a request: who is looking or sending, and what their form says.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};

use super::{
    body,
    error::{Challenge, Error, PageError},
};
use crate::{
    abuse::Sender,
    access::person::{Person, Visitor},
    state::Shared,
};

/// Bytes; the largest of our forms is a tenth of it.
const LARGEST: usize = 64 << 10;

/// A form's fields, in the order sent.
#[derive(Debug)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// A field's value; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// A field's value without the spaces around it.
    pub(crate) fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }
}

impl FromRequest<Arc<Shared>> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, _: &Arc<Shared>) -> Result<Self, PageError> {
        let body = to_bytes(request.into_body(), LARGEST).await.map_err(|error| {
            PageError(if body::is_late(&error) { Error::Slow } else { Error::TooLarge })
        })?;
        Ok(Self::read(&body))
    }
}

/// A form that this person sent from our own page: its token is checked.
#[derive(Debug)]
pub(crate) struct OwnForm {
    pub(crate) person: Person,
    pub(crate) form: Form,
}

impl FromRequest<Arc<Shared>> for OwnForm {
    type Rejection = PageError;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let person =
            <Person as axum::extract::FromRequestParts<_>>::from_request_parts(&mut parts, shared)
                .await?;
        let form = Form::from_request(Request::from_parts(parts, body), shared).await?;
        person.check(Some(form.get("form_token")))?;
        Ok(Self { person, form })
    }
}

impl FromRequestParts<Arc<Shared>> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Shared>) -> Result<Self, PageError> {
        // The guard puts it there; without it nobody passes.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(PageError(Error::Unauthorized(Challenge::Login)))
    }
}

impl FromRequestParts<Arc<Shared>> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Infallible> {
        Ok(shared.abuse.sender(&parts.extensions, &parts.headers))
    }
}

impl FromRequestParts<Arc<Shared>> for Person {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, PageError> {
        let visitor = Visitor::from_request_parts(parts, shared).await?;
        Self::of(&visitor).ok_or(PageError(Error::Unauthorized(Challenge::Login)))
    }
}
