//! `GET /responses/{id}`: one answer with all that is known of it, and the ways on from it.

pub(crate) mod access;
pub(crate) mod themes;
mod view;
mod words;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};

pub(crate) use self::view::{access_address, line};
use crate::{
    access::person::Person,
    http::error::{Error, PageError},
    state::Shared,
    store::{Owner, Stored},
};

/// `GET /responses/{id}`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let answer = shared.store.answer(&id).await?;
    let answer = answer.ok_or(PageError(Error::NotFound("No answer of this id is kept.")))?;
    let others = others(&shared, &answer).await?;
    let ids = vec![answer.response.id.clone()];
    let past = shared.store.past_of(ids).await?.pop().unwrap_or_default();
    let surveys = shared.store.surveys().await?;
    let corrections = shared.store.corrections_of(&id).await?;
    let themes = themes::section(&person, &answer, &corrections);
    Ok(view::answer(&person, (&answer, &past), &others, &surveys, &themes))
}

/// The other answers of its order, then of its customer, each once.
async fn others(shared: &Shared, answer: &Stored) -> Result<Vec<Stored>, PageError> {
    let response = &answer.response;
    let order = response.order.as_ref().and_then(|order| order.id.as_deref());
    let customer = response.customer.as_ref().and_then(|customer| customer.id.as_deref());
    let mut others: Vec<Stored> = Vec::new();
    for (owner, number) in [(Owner::Order, order), (Owner::Customer, customer)] {
        let Some(number) = number else { continue };
        for other in shared.store.answers_of(owner, number).await? {
            let id = &other.response.id;
            if *id != response.id && others.iter().all(|known| known.response.id != *id) {
                others.push(other);
            }
        }
    }
    Ok(others)
}
