//! `setTimeout` and the clock.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Calls `then` after so many milliseconds. Timers are never cancelled: the survey numbers them and ignores
/// all but the latest.
pub(super) fn after(milliseconds: u32, then: impl FnOnce() + 'static) {
    // Takes an argument only to have the same type as the closure that ends a request: each further
    // closure type adds an adapter.
    let due = Closure::once(move |_: JsValue| then());
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            due.as_ref().unchecked_ref(),
            i32::try_from(milliseconds).unwrap_or(i32::MAX),
        );
        // The call frees the closure.
        due.forget();
    }
}

/// The time in RFC 3339, UTC, with milliseconds.
pub(super) fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}
