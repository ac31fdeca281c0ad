//! Extractors for handlers: the person or program that sends a request, and the fields of its form.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawForm, Request, rejection::RawFormRejection},
    http::{StatusCode, request::Parts},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::error::{Challenge, Error, PageError};
use crate::{
    abuse::Sender,
    access::person::{Person, Visitor},
    state::Shared,
};

/// Bytes of a form; our largest form needs a tenth of it. `router` sets this limit.
pub(crate) const MAX_FORM_SIZE: usize = 64 << 10;

/// A form whose fields are those of `T`.
#[derive(Debug)]
pub(crate) struct Form<T>(pub(crate) T);

/// A form that this person sent from our own page: its token is checked.
#[derive(Debug)]
pub(crate) struct OwnForm<T> {
    pub(crate) person: Person,
    pub(crate) form: T,
}

/// A form that has only buttons.
#[derive(Debug, Deserialize)]
pub(crate) struct NoFields {}

/// The fields of a form whose names are not known in advance, in the order sent.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Vec<(String, String)>);

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

impl Fields {
    /// A field's value; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a field.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The bytes of a form.
async fn whole(request: Request, shared: &Arc<Shared>) -> Result<Bytes, Error> {
    match RawForm::from_request(request, shared).await {
        Ok(RawForm(bytes)) => Ok(bytes),
        Err(RawFormRejection::BytesRejection(error)) => Err(match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::of_body(&error),
        }),
        // Our pages send only forms.
        Err(_) => Err(Error::ForeignForm),
    }
}

/// The fields of a form. Missing fields have defaults; a form with a field twice does not come from our
/// pages.
fn read<T: DeserializeOwned>(form: &Bytes) -> Result<T, Error> {
    serde_urlencoded::from_bytes(form).map_err(|_| Error::ForeignForm)
}

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, PageError> {
        Ok(Self(read(&whole(request, shared).await?)?))
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for OwnForm<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, shared).await?;
        let form = whole(Request::from_parts(parts, body), shared).await?;
        let token = form_urlencoded::parse(&form).find(|(name, _)| name == "form_token");
        person.check(token.as_ref().map(|(_, token)| &**token))?;
        Ok(Self { person, form: read(&form)? })
    }
}

impl FromRequestParts<Arc<Shared>> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Shared>) -> Result<Self, PageError> {
        // `guard` adds it to every request that it lets in.
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
