//! [`afterword::mount`]: what it takes from the painted form, and what it refuses.

use afterword::mount;
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ShadowRoot, ShadowRootInit,
    ShadowRootMode,
};
use yew::scheduler;

use crate::place;

struct Painted {
    root: ShadowRoot,
    form: HtmlElement,
}

/// A painted form as the script leaves it after a tap on 9 and some typing.
fn painted() -> Painted {
    let host: HtmlElement = place().unchecked_into();
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed)).unwrap();
    root.set_inner_html(
        "<div class='frame'><div id='painted'><form>
            <input type='radio' name='score' value='9' checked><textarea>typed</textarea>
        </form></div></div>",
    );
    let form = root.query_selector("#painted").unwrap().unwrap().unchecked_into();
    Painted { root, form }
}

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

/// Mounts as the script does.
fn take(root: ShadowRoot, form: HtmlElement, handover: JsValue) -> Result<Function, JsValue> {
    if handover.is_object() {
        for name in ["tell", "arranged", "attempt", "flat"] {
            Reflect::set(&handover, &name.into(), &Function::new_no_args("")).unwrap();
        }
    }
    mount(root, form, place(), handover)
}

#[wasm_bindgen_test]
async fn score_and_text_come_along_and_the_painted_form_is_gone() {
    let Painted { root, form } = painted();
    take(root.clone(), form, handover(TAPPED)).unwrap();
    scheduler::flush().await;
    let find = |selector: &str| root.query_selector(selector).unwrap();
    assert!(find("#painted").is_none());
    let input: HtmlInputElement = find("input[value='9']").unwrap().unchecked_into();
    let area: HtmlTextAreaElement = find("textarea").unwrap().unchecked_into();
    assert!(input.checked());
    assert_eq!(area.value(), "typed");
    assert_eq!(find("#question").unwrap().text_content().unwrap(), "Well?");
}

#[wasm_bindgen_test]
async fn the_swap_leaves_one_form_in_the_painted_ones_place() {
    let Painted { root, form } = painted();
    let frame = form.parent_element().unwrap();
    take(root, form, handover("{}")).unwrap();
    scheduler::flush().await;
    assert_eq!(frame.child_element_count(), 1);
    assert_eq!(frame.query_selector_all("form").unwrap().length(), 1);
}

#[wasm_bindgen_test]
async fn the_focus_moves_along() {
    let Painted { root, form } = painted();
    // As the script paints it: the same fields in the same order as the widget's.
    let scale: String =
        (0..=10).map(|n| format!("<input type='radio' name='score' value='{n}'>")).collect();
    form.set_inner_html(&format!("<form>{scale}<textarea>typed</textarea></form>"));
    let seven: HtmlElement = form.query_selector("[value='7']").unwrap().unwrap().unchecked_into();
    seven.focus().unwrap();
    take(root.clone(), form, handover(TAPPED)).unwrap();
    scheduler::flush().await;
    let active: HtmlInputElement = root.active_element().unwrap().dyn_into().unwrap();
    assert_eq!(active.value(), "7");
}

#[wasm_bindgen_test]
async fn a_handover_that_cannot_be_read_leaves_the_painted_form() {
    for broken in [JsValue::NULL, JsValue::from("x"), Array::new().into(), {
        let handover = handover("{}");
        Reflect::set(&handover, &"attributes".into(), &JsValue::from(7)).unwrap();
        handover
    }] {
        let Painted { root, form } = painted();
        assert!(take(root.clone(), form, broken).is_err());
        scheduler::flush().await;
        let painted: Option<Element> = root.query_selector("#painted").unwrap();
        assert!(painted.is_some());
    }
}

#[wasm_bindgen_test]
async fn a_score_out_of_range_is_not_believed() {
    let Painted { root, form } = painted();
    let changes = r#"{ "score": 11, "scored_at": "x" }"#;
    take(root.clone(), form, handover(changes)).unwrap();
    scheduler::flush().await;
    assert!(root.query_selector("input:checked").unwrap().is_none());
    assert!(root.query_selector("textarea").unwrap().is_none());
}
