//! An id for each request. The log lines, the answer's header and a problem document contain it, so that a
//! report of a failure leads to the log line that explains it.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;

use crate::{abuse::network::Peer, state::Shared};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The allowed length of an id from a proxy, in characters.
const PROXY_ID_LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;

tokio::task_local! {
    static CURRENT: Arc<str>;
}

/// The id of the request that is being answered.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(|id| id.to_string()).ok()
}

/// Gives a request the id that a trusted proxy sent, or else a new one.
pub(crate) async fn name(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>().map(|Peer(peer)| *peer);
    let given = request.headers().get(HEADER).filter(|_| is_trusted(&shared, peer));
    let id: Arc<str> = match given.and_then(usable) {
        Some(given) => given.into(),
        None => format!("{:016x}", fastrand::u64(..)).into(),
    };
    let span = tracing::info_span!("request", id = &*id);
    let mut response = CURRENT.scope(Arc::clone(&id), next.run(request)).instrument(span).await;
    if let Ok(id) = HeaderValue::try_from(&*id) {
        response.headers_mut().insert(HEADER, id);
    }
    response
}

fn is_trusted(shared: &Shared, peer: Option<SocketAddr>) -> bool {
    peer.is_some_and(|peer| shared.abuse.proxies.trusts(peer.ip()))
}

fn usable(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_plain && PROXY_ID_LENGTHS.contains(&text.len())).then_some(text)
}
