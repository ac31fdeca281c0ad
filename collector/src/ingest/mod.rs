//! `POST /v1/responses`: takes one revision of a response, or a step of a display, however it was
//! sent. What a person's browser sends by itself, without a script, goes to [`noscript`], everything
//! else to [`script`].
//!
//! A 200 is given after the commit and not before. A revision that is not higher than the one kept
//! changes nothing and is a success all the same, so that a sender may always repeat itself.

mod body;
pub(crate) mod cross_origin;
pub(crate) mod noscript;
mod script;

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response},
};

pub(crate) use self::script::Receipt;
use crate::{abuse::Sender, http::address, intake::Source, state::Shared};

pub(crate) async fn ingest(
    State(shared): State<Arc<Shared>>,
    sender: Sender,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // What a person wrote is read all the same, to be given back to them.
    let taken = match noscript::is_a_persons(&headers, None) {
        true => Ok(()),
        false => shared.abuse.budgets.take_request(sender.network),
    };
    let arrived = match taken {
        Ok(()) => body::arrive(&headers, body).await,
        Err(exceeded) => Err(exceeded.into()),
    };
    let own = address::own(shared.public_url.as_deref(), &headers, &uri);
    // An origin that is no text is one that no survey lists.
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("?"));
    let source = Source { sender, origin, own: &own };
    if noscript::is_a_persons(&headers, arrived.as_ref().ok()) {
        return noscript::answer(&shared, source, &headers, arrived).await;
    }
    script::take(&shared.intake, source, arrived).await.map(Json).into_response()
}
