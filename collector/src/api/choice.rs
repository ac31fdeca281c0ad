//! Actions on all answers that a filter finds, for programs: `POST /v1/exclusions` excludes them from the figures,
//! `DELETE /v1/exclusions` includes them again, `POST /v1/erasures` erases them. A request without their number
//! gets the number, and changes nothing.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use schemars::SchemaGenerator;
use serde::Serialize;

use super::erasures::Erased;
use crate::{
    http::{
        describe::{Operation, in_json},
        error::Error,
    },
    query::ChoiceQuery,
    state::Shared,
    store::{Exclusion, erasures::Receipt},
};

type Answer = ([(HeaderName, &'static str); 1], Json<ActionResult>);

/// The result of an action, or of a request without the number.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ActionResult {
    /// The number of answers that the filter finds.
    answers: u64,
    /// Whether the action was performed.
    done: bool,
    /// The erasure; null if nothing was erased.
    receipt: Option<Erased>,
}

/// An action on answers.
#[derive(Clone, Copy)]
enum Act {
    Mark(Exclusion),
    Erase,
}

pub(crate) async fn exclude(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Error> {
    act(&shared, query, Act::Mark(Exclusion::Exclude)).await
}

pub(crate) async fn include(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Error> {
    act(&shared, query, Act::Mark(Exclusion::Include)).await
}

pub(crate) async fn erase(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Error> {
    act(&shared, query, Act::Erase).await
}

async fn act(shared: &Shared, query: Option<String>, act: Act) -> Result<Answer, Error> {
    let choice = ChoiceQuery::read(query.as_deref().unwrap_or_default())?;
    let filter = choice.filter.filter(&shared.store.time_zone().await?);
    let answers = shared.store.count_of(&filter).await?;
    let mut receipt: Option<Receipt> = None;
    if let Some(seen) = choice.answers {
        if seen != answers {
            return Err(Error::Changed(answers));
        }
        let store = Arc::clone(&shared.store);
        // In a task, so that it is completed even if the client hangs up.
        let acting = async move {
            match act {
                Act::Mark(exclusion) => store.exclude(&filter, exclusion).await.map(|_| None),
                Act::Erase => store.erase_all(&filter).await,
            }
            .map_err(Error::from)
        };
        receipt = shared.intake.complete(acting).await?;
    }
    let chosen = ActionResult {
        answers,
        done: choice.answers.is_some(),
        receipt: receipt.map(Erased::from),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(chosen)))
}

fn describe(
    generator: &mut SchemaGenerator,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
) -> Operation {
    Operation {
        id,
        summary,
        description,
        parameters: ChoiceQuery::parameters(),
        body: None,
        answer: in_json::<ActionResult>(generator),
        problems: &[400, 409],
    }
}

/// Describes the exclusion for `/openapi.json`.
pub(crate) fn describe_exclude(generator: &mut SchemaGenerator) -> Operation {
    describe(
        generator,
        "excludeResponses",
        "Exclude all responses of a filter from every figure",
        "Send it first without answers: the result is their number, and GET /v1/responses lists them. Then send it \
         with answers set to that number. If the number has changed, nothing is done (409), so set `to` to a time \
         in the past. The responses are changed in batches, so that new ones can arrive meanwhile.",
    )
}

/// Describes the inclusion for `/openapi.json`.
pub(crate) fn describe_include(generator: &mut SchemaGenerator) -> Operation {
    describe(
        generator,
        "includeResponses",
        "Include all responses of a filter in the figures again",
        "Responses that were excluded by hand count again; those that are set aside for another reason do not. \
         Like POST, send it first without answers.",
    )
}

/// Describes the erasure for `/openapi.json`.
pub(crate) fn describe_erase(generator: &mut SchemaGenerator) -> Operation {
    describe(
        generator,
        "eraseByFilter",
        "Erase all responses of a filter",
        "Send it first without answers: the result is the number of responses to erase, and GET /v1/responses lists \
         them. Then send it with answers set to that number. If the number has changed, nothing is erased (409), \
         so set `to` to a time in the past. They are erased in batches, with one receipt.",
    )
}
