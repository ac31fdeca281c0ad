//! Sending a response: one POST made with gloo-net, and what came of it.

use gloo_net::http::{Headers, Request, Response};
use js_sys::{Function, Promise};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RequestInit;

use crate::delivery::{self, Outcome};
use crate::settings::{Format, Settings};

/// Where responses go, and what the script lends for it, so that painted form and widget send alike.
pub(super) struct Endpoint {
    /// Its absolute address.
    pub(super) address: String,
    /// The content type of JSON sent there. Across origins it is `text/plain`, which needs no
    /// preflight: one round trip less, and a page that is being closed has no time for two.
    pub(super) kind: String,
    /// One attempt: from a request and its body to the promise of an answer.
    pub(super) attempt: Function,
    /// From a plain object to a body, in the shop's format.
    pub(super) write: Function,
}

/// Posts `response`, and calls `then` with what came of it.
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
        // The page may have put something else in the place of `Promise`: this one is the engine's.
        sent.is_object().then(|| sent.unchecked_into::<Promise>())
    });
    let Some(sent) = sent else {
        return then(Outcome::Refused);
    };
    // No future: its machinery would be half a kilobyte for one callback.
    let ended = Closure::once(move |answer: JsValue| then(outcome(answer)));
    let _ = sent.then2(&ended, &ended);
    // One of the two is called, and frees what it holds.
    ended.forget();
}

/// Reads what a fetch came to: an answer, or whatever stands for none.
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
    // The engine's own JSON writer, or the shape that `Response::to_form` describes.
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
