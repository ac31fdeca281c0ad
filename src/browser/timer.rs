//! `setTimeout` and the clock.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Calls back after so many milliseconds. The survey numbers its timers and ignores those that it
/// has overtaken, so none is ever cancelled.
pub(super) fn after(milliseconds: u32, then: impl FnOnce() + 'static) {
    // Called with nothing, but of the same type as the closure that ends a request.
    let due = Closure::once(move |_: JsValue| then());
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            due.as_ref().unchecked_ref(),
            i32::try_from(milliseconds).unwrap_or(i32::MAX),
        );
        // The call frees what it holds.
        due.forget();
    }
}

/// The time in RFC 3339, UTC, with milliseconds.
pub(super) fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}
