//! [`afterword::mount`]: what it takes from the painted form, and what it refuses.

use afterword::mount;
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};
use yew::scheduler;

use crate::place;

/// A handover, with some of its members replaced.
fn handover(changes: &str) -> JsValue {
    let plain = JSON::parse(
        r#"{ "attributes": ["question", "Well?", "preview", ""], "words": ["_send", "Send"],
             "locale": "en", "site": "shop", "endpoint": "http://127.0.0.1:9/", "kind": "text/plain",
             "page": "http://x/", "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455",
             "shown_at": "2026-11-21T17:00:00.000Z", "revision": 0 }"#,
    )
    .unwrap();
    let changes = JSON::parse(changes).unwrap();
    for entry in Object::entries(changes.unchecked_ref::<Object>()) {
        let entry: Array = entry.unchecked_into();
        Reflect::set(&plain, &entry.get(0), &entry.get(1)).unwrap();
    }
    plain
}

const TAPPED: &str = r#"{ "score": 9, "scored_at": "2026-11-21T17:00:01.000Z", "layout": "two-rows",
    "comment": "typed" }"#;

/// Mounts as the script does; how often the painted form was told to give way is `window.swaps`.
fn take(place: &Element, handover: JsValue) -> Result<Function, JsValue> {
    js_sys::eval("window.swaps = 0").unwrap();
    if handover.is_object() {
        for name in ["tell", "arranged", "rest", "attempt", "write"] {
            Reflect::set(&handover, &name.into(), &Function::new_no_args("")).unwrap();
        }
        let swap = Function::new_no_args("window.swaps++");
        Reflect::set(&handover, &"swap".into(), &swap).unwrap();
    }
    mount(place.clone(), handover)
}

fn swaps() -> f64 {
    js_sys::eval("window.swaps").unwrap().as_f64().unwrap()
}

#[wasm_bindgen_test]
async fn score_and_text_come_along_before_the_painted_form_gives_way() {
    let place = place();
    take(&place, handover(TAPPED)).unwrap();
    scheduler::flush().await;
    assert_eq!(swaps(), 1.0);
    let find = |selector: &str| place.query_selector(selector).unwrap().unwrap();
    let input: HtmlInputElement = find("input[value='9']").unchecked_into();
    let area: HtmlTextAreaElement = find("textarea").unchecked_into();
    assert!(input.checked());
    assert_eq!(area.value(), "typed");
    assert_eq!(find("#question").text_content().unwrap(), "Well?");
}

#[wasm_bindgen_test]
async fn a_handover_that_cannot_be_read_leaves_the_painted_form() {
    for broken in [JsValue::NULL, JsValue::from("x"), Array::new().into(), {
        let handover = handover("{}");
        Reflect::set(&handover, &"attributes".into(), &JsValue::from(7)).unwrap();
        handover
    }] {
        assert!(take(&place(), broken).is_err());
        scheduler::flush().await;
        assert_eq!(swaps(), 0.0);
    }
}

#[wasm_bindgen_test]
async fn a_score_out_of_range_is_not_believed() {
    let place = place();
    take(&place, handover(r#"{ "score": 11, "scored_at": "x" }"#)).unwrap();
    scheduler::flush().await;
    assert!(place.query_selector("input:checked").unwrap().is_none());
    assert!(place.query_selector("textarea").unwrap().is_none());
}
