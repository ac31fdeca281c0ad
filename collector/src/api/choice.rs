//! What programs do with all answers that a filter finds: `POST /v1/exclusions` takes them out of the
//! figures, `DELETE /v1/exclusions` counts them again, `POST /v1/erasures` erases them. Who does not say how
//! many they are is told, and nothing is done.

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
        describe::{Described, in_json},
        error::Error,
    },
    query::ChoiceQuery,
    state::Shared,
    store::{Exclusion, erasures::Receipt},
};

type Answer = ([(HeaderName, &'static str); 1], Json<Chosen>);

/// What was done, or would be.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Chosen {
    /// How many answers the filter finds.
    answers: u64,
    /// Whether something was done with them.
    done: bool,
    /// Of what was erased; null where nothing was.
    receipt: Option<Erased>,
}

/// What is done with answers.
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
        // To its end, also if nobody waits for the answer any more.
        let acting = async move {
            match act {
                Act::Mark(exclusion) => store.exclude(&filter, exclusion).await.map(|_| None),
                Act::Erase => store.erase_all(&filter).await,
            }
            .map_err(Error::from)
        };
        receipt = shared.intake.complete(acting).await?;
    }
    let chosen =
        Chosen { answers, done: choice.answers.is_some(), receipt: receipt.map(Erased::from) };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(chosen)))
}

fn describe(
    generator: &mut SchemaGenerator,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
) -> Described {
    Described {
        id,
        summary,
        description,
        parameters: ChoiceQuery::parameters(),
        body: None,
        answer: in_json::<Chosen>(generator),
        problems: &[400, 409],
    }
}

/// What there is to say of taking answers out.
pub(crate) fn describe_exclude(generator: &mut SchemaGenerator) -> Described {
    describe(
        generator,
        "excludeResponses",
        "Take all answers that a filter finds out of every figure",
        "First without answers: it says how many the filter finds, and GET /v1/responses lists them. Then with \
         answers set to that number; if it is another by now, nothing is done (409), so let `to` lie in the \
         past. Some hundred at a time, so that answers go on arriving.",
    )
}

/// What there is to say of counting them again.
pub(crate) fn describe_include(generator: &mut SchemaGenerator) -> Described {
    describe(
        generator,
        "includeResponses",
        "Count all answers that a filter finds again",
        "What was taken out by hand counts again; what is set aside for another reason stays so. Like \
         POST, first without answers.",
    )
}

/// What there is to say of erasing.
pub(crate) fn describe_erase(generator: &mut SchemaGenerator) -> Described {
    describe(
        generator,
        "eraseByFilter",
        "Erase all answers that a filter finds",
        "First without answers: it says how many would go, and GET /v1/responses lists them. Then with answers \
         set to that number; if it is another by now, nothing is erased (409), so let `to` lie in the past. \
         Some hundred at a time under one receipt.",
    )
}
