//! The widget in a real browser: components, and the takeover of the painted form.
//!
//! `cargo xtask test` runs these in headless Chromium. For other targets this is an empty program: the tests
//! of pure logic stand beside the code and run on the host.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod components;
mod takeover;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

/// A fresh element in the page, to put a survey in.
fn place() -> web_sys::Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    place
}
