//! The takeover of the painted form: the module's one export, which the script calls once per survey.

use std::cell::OnceCell;
use std::iter;
use std::rc::Rc;

use afterword_response::Layout;
use js_sys::{Array, Function, Math, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::Callback;

use super::timer;
use super::transport::{self, Endpoint};
use crate::answer::{self, Showing};
use crate::app::{App, AppProps, World};
use crate::delivery::{self, Outcome, SETTLE};
use crate::settings::Settings;
use crate::survey::{Choice, Effect, Event, Painted};
use crate::texts::{Locale, Texts};

/// The script's handover: the type `Handover` in `script/later/takeover.js`.
///
/// It is read member by member, because a deserializer would add its error messages, which would be a tenth of
/// the module.
struct Handover(JsValue);

impl Handover {
    fn member(&self, name: &str) -> Result<JsValue, JsValue> {
        Reflect::get(&self.0, &name.into())
    }

    /// A required text.
    fn text(&self, name: &str) -> Result<String, JsValue> {
        self.text_if_any(name)?.ok_or(JsValue::UNDEFINED)
    }

    fn text_if_any(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.member(name)?.as_string())
    }

    fn number_if_any(&self, name: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.member(name)?.as_f64())
    }

    fn function(&self, name: &str) -> Result<Function, JsValue> {
        self.member(name)?.dyn_into()
    }

    /// A list that alternates names and values.
    fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, JsValue> {
        let flat: Array = self.member(name)?.dyn_into()?;
        let mut texts = flat.iter().map(|text| text.as_string().unwrap_or_default());
        Ok(iter::from_fn(|| texts.next().zip(texts.next())).collect())
    }
}

/// Renders the widget in `place`, which is not in the page yet, and then calls the handover's `swap`, which
/// replaces the painted form by `place` in the same task.
///
/// Returns a function for the script: it is called without an argument when the page is being hidden, with a number
/// when the customer has changed what else was asked, and with the answer if the painted form still awaits a request.
///
/// # Errors
/// The handover cannot be read. The painted form then stays and continues to work.
#[wasm_bindgen]
pub fn mount(place: Element, handover: JsValue) -> Result<Function, JsValue> {
    let handover = Handover(handover);
    let settings = Rc::new(Settings::of(handover.pairs("attributes")?));
    let words = Locale(handover.pairs("words")?);
    let texts = Rc::new(Texts::new(settings.clone(), words, handover.text("site")?));
    let showing = Showing {
        id: handover.text("id")?,
        shown_at: handover.text("shown_at")?,
        page: handover.text("page")?,
        locale: handover.text("locale")?,
    };
    let named = |name: Option<String>| name.as_deref().and_then(Layout::from_name);
    let score = handover.number_if_any("score")?;
    let layout = named(handover.text_if_any("layout")?).unwrap_or_default();
    let choice = score.zip(handover.text_if_any("scored_at")?).map(|(score, at)| Choice {
        score: score as u8,
        at,
        layout,
    });
    let revision = handover.number_if_any("revision")?.unwrap_or_default() as u32;
    let sent_score = handover.number_if_any("sent_score")?.filter(|_| revision > 0);
    let carried = Painted {
        choice,
        comment: handover.text_if_any("comment")?.unwrap_or_default(),
        sent: sent_score.map(|score| (revision, score as u8)),
        pending: handover.member("pending")?.is_truthy(),
    };

    let told = Rc::new(OnceCell::<Callback<Event>>::new());
    let world = World {
        now: timer::now,
        layout: {
            let arranged = handover.function("arranged")?;
            Rc::new(move || {
                let name = arranged.call0(&JsValue::NULL).ok().and_then(|name| name.as_string());
                named(name).unwrap_or_default()
            })
        },
        rest: {
            let rest = handover.function("rest")?;
            Rc::new(move || {
                let rest = rest.call0(&JsValue::NULL).ok().and_then(|rest| rest.as_f64());
                rest.map_or(SETTLE, |rest| rest as u32)
            })
        },
        perform: {
            let (settings, texts) = (settings.clone(), texts.clone());
            let endpoint = Endpoint {
                address: handover.text("endpoint")?,
                kind: handover.text("kind")?,
                attempt: handover.function("attempt")?,
                write: handover.function("write")?,
            };
            let tell_page = handover.function("tell")?;
            Rc::new(move |effect, tell: Callback<Event>| match effect {
                Effect::Timer(number, milliseconds) => {
                    timer::after(milliseconds, move || tell.emit(Event::Due(number)));
                }
                Effect::Retry { timer: number, revision, attempts, retry_after } => {
                    match delivery::wait(attempts, retry_after, Math::random()) {
                        Some(wait) => timer::after(wait, move || tell.emit(Event::Due(number))),
                        None => tell.emit(Event::Delivered(revision, Outcome::Exhausted)),
                    }
                }
                Effect::Send(revision) => {
                    let response = answer::response(&settings, &texts, &showing, &revision);
                    let number = response.revision;
                    let then = move |outcome| tell.emit(Event::Delivered(number, outcome));
                    transport::post(&endpoint, &settings, &response, then);
                }
                Effect::Tell(signal, score) => {
                    let _ = tell_page.call2(&JsValue::NULL, &signal.name().into(), &score.into());
                }
            })
        },
        ready: {
            let told = told.clone();
            Callback::from(move |tell| {
                let _ = told.set(tell);
            })
        },
        placed: {
            let swap = handover.function("swap")?;
            Callback::from(move |()| {
                let _ = swap.call0(&JsValue::NULL);
            })
        },
    };
    let props = AppProps { settings, texts, painted: carried, world };
    yew::Renderer::<App>::with_root_and_props(place, props).render();
    // Has the same type as the closure that ends a request, since each closure type adds an adapter.
    let tell = Closure::<dyn FnMut(JsValue)>::new(move |answer: JsValue| {
        let event = if answer.is_undefined() {
            Event::Hidden
        } else if answer.as_f64().is_some() {
            Event::Edited
        } else {
            Event::Delivered(revision, transport::outcome(answer))
        };
        if let Some(told) = told.get() {
            told.emit(event);
        }
    });
    Ok(tell.into_js_value().unchecked_into())
}
