//! Sends a response by one POST, and reads its outcome.

use gloo_net::http::{Headers, Request, Response};
use js_sys::{Function, Promise};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RequestInit;

use crate::delivery::{self, Outcome};
use crate::settings::{Format, Settings};

/// The address for responses, and the script's functions for sending, so that painted form and widget send
/// in the same way.
pub(super) struct Endpoint {
    /// Its absolute address.
    pub(super) address: String,
    /// The content type of JSON sent there. To another origin it is `text/plain`, which needs no preflight:
    /// that saves a round trip, and a page that is being closed has no time for two.
    pub(super) kind: String,
    /// The script's `attempt`: takes a request and its body, and returns a promise of the answer.
    pub(super) attempt: Function,
    /// The script's function that turns a plain object into a body in the shop's format.
    pub(super) write: Function,
}

/// Posts `response`, and calls `then` with the outcome.
///
/// The request is kept alive when the page goes away. A shop's own `content-type` header goes before
/// the endpoint's.
pub(super) fn post(
    endpoint: &Endpoint,
    settings: &Settings,
    response: &afterword_response::Response,
    then: impl FnOnce(Outcome) + 'static,
) {
    let sent = request(endpoint, settings, response).and_then(|(request, body)| {
        let request: web_sys::Request = request.into();
        let sent = endpoint.attempt.call2(&JsValue::NULL, &request, &body).ok()?;
        // An `instanceof` check would fail if the page has replaced `Promise`.
        sent.is_object().then(|| sent.unchecked_into::<Promise>())
    });
    let Some(sent) = sent else {
        return then(Outcome::Refused);
    };
    // A callback and no future: the code for futures would cost half a kilobyte.
    let ended = Closure::once(move |answer: JsValue| then(outcome(answer)));
    let _ = sent.then2(&ended, &ended);
    // The promise calls it once, as one of its two handlers, which frees it.
    ended.forget();
}

/// Reads the outcome of a fetch: a `Response`, or any other value if it failed.
pub(super) fn outcome(answer: JsValue) -> Outcome {
    match answer.dyn_into::<web_sys::Response>() {
        Ok(answer) => {
            let answer = Response::from(answer);
            let retry_after = answer.headers().get("retry-after");
            delivery::outcome(Some(answer.status()), retry_after.as_deref())
        }
        Err(_) => delivery::outcome(None, None),
    }
}

fn request(
    endpoint: &Endpoint,
    settings: &Settings,
    response: &afterword_response::Response,
) -> Option<(Request, JsValue)> {
    let headers = Headers::new();
    let plain = response.serialize(&Serializer::json_compatible()).ok()?;
    // `JSON.stringify`, or a form as `Response::to_form` describes it.
    let body = endpoint.write.call1(&JsValue::NULL, &plain).ok()?;
    if settings.format == Format::Json {
        headers.set("content-type", &endpoint.kind);
    }
    for (name, value) in &settings.headers {
        headers.set(name, value);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    init.set_headers(&headers.into_raw());
    let request = web_sys::Request::new_with_str_and_init(&endpoint.address, &init).ok()?;
    Some((request.into(), body))
}
