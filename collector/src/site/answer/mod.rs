//! `GET /responses/{id}`: the page of one answer: its facts, its case, and links to other answers of the same order or
//! customer.

pub(crate) mod access;
pub(crate) mod quote;
pub(crate) mod themes;
mod view;
mod words;

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

pub(crate) use self::view::{access_address, content, line};
use super::case::{ActionNotice, AnswerDetails, Outcome, Typed};
use crate::{
    access::person::Person,
    http::error::{Error, PageError},
    state::Shared,
};

/// `GET /responses/{id}`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let outcome = Outcome::read(query.as_deref().unwrap_or_default());
    let told = ActionNotice::of(&shared, outcome).await?;
    let of_quote = quote::told(query.as_deref().unwrap_or_default(), &person);
    whole(&shared, &person, &id, (told.as_ref(), &of_quote), None).await
}

/// The page of an answer, whose form contains what was typed, so that it is not lost.
pub(crate) async fn show(
    shared: &Shared,
    person: &Person,
    id: &str,
    typed: &Typed,
) -> Result<Response, PageError> {
    whole(shared, person, id, (None, &html! {}), Some(typed)).await
}

async fn whole(
    shared: &Shared,
    person: &Person,
    id: &str,
    (told, of_quote): (Option<&ActionNotice>, &Markup),
    typed: Option<&Typed>,
) -> Result<Response, PageError> {
    let answer_details = AnswerDetails::of(shared, &id.to_ascii_lowercase()).await?;
    let answer_details =
        answer_details.ok_or(PageError(Error::NotFound("No answer of this id is kept.")))?;
    let surveys = shared.store.surveys().await?;
    Ok(view::answer(person, &answer_details, &surveys, (told, of_quote), typed))
}
