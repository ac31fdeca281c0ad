//! Sending a response: one POST through gloo-net, and what came of it.

use gloo_net::http::{Headers, Request, Response};
use js_sys::{Array, JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, UrlSearchParams};

use crate::delivery::{self, Outcome};
use crate::settings::{Format, Settings};

/// Posts `response` to `endpoint`, and calls `then` with what came of it.
///
/// The request is kept alive when the page goes away. Across origins JSON goes as `text/plain`,
/// which needs no preflight: one round trip less, and a page that is being closed has no time for
/// two. A shop's own `content-type` header goes before that.
pub(super) fn post(
    endpoint: &str,
    same_origin: bool,
    settings: &Settings,
    response: &afterword_response::Response,
    then: impl FnOnce(Outcome) + 'static,
) {
    let Some((request, window)) =
        request(endpoint, same_origin, settings, response).zip(web_sys::window())
    else {
        return then(Outcome::Refused);
    };
    // Not gloo-net's own sending: it ends the module where a page's fetch gives what no browser's
    // does. And no future: its machinery would be half a kilobyte for one callback.
    let sent = window.fetch_with_request(&request.into());
    let ended = Closure::once(move |answer: JsValue| then(outcome(answer)));
    let _ = sent.then2(&ended, &ended);
    // One of the two is called, and frees what it holds.
    ended.forget();
}

/// Reads what a fetch came to: an answer, or whatever stands for none.
fn outcome(answer: JsValue) -> Outcome {
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
    endpoint: &str,
    same_origin: bool,
    settings: &Settings,
    response: &afterword_response::Response,
) -> Option<Request> {
    let headers = Headers::new();
    let plain = response.serialize(&Serializer::json_compatible()).ok()?;
    let body: JsValue = match settings.format {
        Format::Json => {
            let kind = if same_origin { "application/json" } else { "text/plain;charset=UTF-8" };
            headers.set("content-type", kind);
            // The engine's own JSON writer: the widget need not carry one.
            JSON::stringify(&plain).ok()?.into()
        }
        Format::Form => {
            let fields = UrlSearchParams::new().ok()?;
            flatten(&fields, "", plain);
            fields.into()
        }
    };
    for (name, value) in &settings.headers {
        headers.set(name, value);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    init.set_headers(&headers.into_raw());
    // Not among web-sys's members of RequestInit.
    Reflect::set(init.unchecked_ref(), &"keepalive".into(), &JsValue::TRUE).ok()?;
    web_sys::Request::new_with_str_and_init(endpoint, &init).ok().map(Request::from)
}

/// Appends the members of `plain`, those of objects inside with dotted names: the shape that
/// [`to_form`](afterword_response::Response::to_form) describes, from what the JSON is made of. The browser joins lists with
/// commas, which no item has.
fn flatten(fields: &UrlSearchParams, prefix: &str, plain: JsValue) {
    for entry in Object::entries(plain.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        let name = [prefix, &entry.get(0).as_string().unwrap_or_default()].concat();
        let value = entry.get(1);
        if value.is_object() && !Array::is_array(&value) {
            flatten(fields, &[&name, "."].concat(), value);
        } else {
            let text = value.unchecked_ref::<Object>().to_string();
            fields.append(&name, &String::from(text));
        }
    }
}
