//! Telling the page: bubbling, composed `CustomEvent`s on the host.

use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget};

use crate::survey::Signal;

/// What every event's `detail` holds.
#[derive(Serialize)]
pub(super) struct Detail<'a> {
    /// The response's id.
    pub(super) id: &'a str,
    /// The survey's id.
    pub(super) survey: &'a str,
    /// The score as it stands.
    pub(super) score: u8,
}

/// Dispatches the event on `host`. A page that has broken events gets none.
pub(super) fn tell(host: &EventTarget, signal: Signal, detail: &Detail<'_>) {
    let name = match signal {
        Signal::Scored => "afterword:scored",
        Signal::Submitted => "afterword:submitted",
        Signal::Failed => "afterword:failed",
    };
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&serde_wasm_bindgen::to_value(detail).unwrap_or(JsValue::NULL));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = host.dispatch_event(&event);
    }
}
