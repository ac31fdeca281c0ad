//! `POST /v1/responses`: accepts one revision of a response, or one step of a display. [`noscript`] answers
//! forms that a browser sends without a script; [`script`] answers scripts and programs.
//!
//! The answer 200 is sent only after the commit. A revision that is not higher than the stored one changes
//! nothing, but succeeds, so that a sender can always repeat a request.

mod body;
pub(crate) mod cross_origin;
pub(crate) mod noscript;
mod script;

use std::{borrow::Cow, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response},
};
use schemars::SchemaGenerator;
use serde_json::json;

use self::script::Receipt;
use crate::{
    abuse::Sender,
    access::trial::TRIAL,
    http::{
        address,
        describe::{Operation, contract, in_json},
    },
    intake::Source,
    state::Shared,
};

pub(crate) async fn ingest(
    State(shared): State<Arc<Shared>>,
    sender: Sender,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // A person's form is read even if a budget is used up, because the page about it contains their answer.
    let taken = match noscript::is_a_persons(&headers, None) {
        true => Ok(()),
        false => shared.abuse.budgets.take_request(sender.network),
    };
    let arrived = match taken {
        Ok(()) => body::arrive(&headers, body).await,
        Err(exceeded) => Err(exceeded.into()),
    };
    let own = address::own(shared.public_url.as_deref(), &headers, &uri);
    // `?` stands for an origin that is not text; no survey allows it.
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("?"));
    let here = address::own(None, &headers, &uri);
    let trial = trial(&uri);
    let source = Source { sender, origin, own: &own, here: &here, trial: trial.as_deref() };
    if noscript::is_a_persons(&headers, arrived.as_ref().ok()) {
        return noscript::answer(&shared, source, &headers, arrived).await;
    }
    script::take(&shared.intake, source, arrived).await.map(Json).into_response()
}

/// The mark of a page on which the shop tries a survey out, if the address has one.
fn trial(uri: &Uri) -> Option<Cow<'_, str>> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(name, _)| name == TRIAL).map(|(_, mark)| mark)
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    let message = json!({ "schema": contract::message() });
    Operation {
        id: "putResponse",
        summary: "Take a revision of a response, or a step of a display",
        description: "The answer is sent once the message is on the disk. A repeat, or a revision that is not \
                higher than the one kept, changes nothing and succeeds, so that a sender may \
                always repeat itself. The schemas bind the sender. The collector refuses a message \
                for version, id, revision, survey, touchpoint, score, display, and a comment over \
                its limit; other fields that break the contract are cut or left out, and listed \
                under notes in the receipt. text/plain contains the same JSON and needs no \
                preflight; a form has the same fields flat, with dotted names. A form that a \
                browser sends without a script (Sec-Fetch-Mode: navigate) may leave out \
                fields that only a script knows. It is redirected to /thanks, or to the page of the \
                answer (303), and gets a page instead of a problem document: docs/NOSCRIPT.md.",
        parameters: Vec::new(),
        body: Some(json!({
            "application/json": message,
            "text/plain": { "schema": {
                "type": "string", "contentMediaType": "application/json",
                "contentSchema": contract::message()
            } },
            "application/x-www-form-urlencoded": { "schema": contract::form() }
        })),
        answer: in_json::<Receipt>(generator),
        problems: &[400, 403, 408, 409, 413, 415, 422, 429],
    }
}
