//! `GET /v1/review-link`: after which scores the link for a review was shown, and the history of the setting.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use schemars::SchemaGenerator;

use crate::{
    exchange::link_proof::LinkProofJson,
    http::{
        describe::{self, Operation},
        error::Error,
    },
    query::{Empty, LinkProofQuery},
    reading,
    state::Shared,
};

pub(crate) async fn review_link(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = LinkProofQuery::read(query.as_deref().unwrap_or_default(), Empty::Refused)?;
    reading::link_proof(&shared.store, &query).await
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    let mut answer = describe::in_json::<LinkProofJson>(generator);
    answer["text/csv"] = serde_json::json!({ "schema": { "type": "string" } });
    Operation {
        id: "getReviewLink",
        summary: "After which scores the link for a review was shown",
        description: "Counts by day and score of the answers whose thanks showed the link, and of those whose thanks did \
            not; and every change of the link in the settings. No person stands in it. CSV has a line for each survey, day \
            and score, with the setting at the end of that day.",
        parameters: LinkProofQuery::parameters(),
        body: None,
        answer,
        problems: &[400],
    }
}
