//! `setTimeout` and the clock.

use gloo_timers::callback::Timeout;

/// Calls back after so many milliseconds. The survey numbers its timers and ignores those that it
/// has overtaken, so none is ever cancelled.
pub(super) fn after(milliseconds: u32, then: impl FnOnce() + 'static) {
    Timeout::new(milliseconds, then).forget();
}

/// The time in RFC 3339, UTC, with milliseconds.
pub(super) fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}
