//! Taking over from the painted form: the module's one export, called by the script once per survey.

use std::cell::OnceCell;
use std::iter;
use std::rc::Rc;

use afterword_response::Layout;
use js_sys::{Array, Function, Math, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, Element, FocusOptions, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ShadowRoot,
};
use yew::Callback;

use super::signal::{self, Detail};
use super::{timer, transport};
use crate::answer::{self, Showing};
use crate::app::{App, AppProps, World};
use crate::delivery::{self, Outcome};
use crate::settings;
use crate::survey::{Choice, Effect, Event, Painted};
use crate::texts::{self, Locale};

/// What the script hands over. Its names are spelled out in `script/afterword.js`.
///
/// Read member by member: a deserializer brings all that describes what it could not read, numbers
/// as text included, and that is a tenth of the module.
struct Handover(JsValue);

impl Handover {
    fn member(&self, name: &str) -> Result<JsValue, JsValue> {
        Reflect::get(&self.0, &name.into())
    }

    /// A text that must be there.
    fn text(&self, name: &str) -> Result<String, JsValue> {
        self.text_if_any(name)?.ok_or(JsValue::UNDEFINED)
    }

    fn text_if_any(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.member(name)?.as_string())
    }

    fn number_if_any(&self, name: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.member(name)?.as_f64())
    }

    /// Names and values by turns.
    fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, JsValue> {
        let flat: Array = self.member(name)?.dyn_into()?;
        let mut texts = flat.iter().map(|text| text.as_string().unwrap_or_default());
        Ok(iter::from_fn(|| texts.next().zip(texts.next())).collect())
    }
}

/// Puts the widget in the place of the painted form.
///
/// `painted` is a child of `root`'s frame and is replaced, in the same task, by the same markup
/// under the widget's care; text and focus move along. `pending`, if given, settles to
/// the status of the request the painted form still awaits, or rejects with it.
///
/// Gives a function to be called when the page is being hidden.
///
/// # Errors
/// If the handover cannot be read or the page's DOM refuses. The painted form then stays and goes
/// on by itself.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    root: ShadowRoot,
    painted: HtmlElement,
    handover: JsValue,
    pending: Option<Promise>,
) -> Result<Function, JsValue> {
    let handover = Handover(handover);
    let (settings, warnings) = settings::parse(&handover.pairs("attributes")?);
    for warning in &warnings {
        warn(&warning.message());
    }
    let settings = Rc::new(settings);
    let texts =
        texts::resolve(&settings, &Locale(handover.pairs("words")?), &handover.text("site")?);
    let texts = Rc::new(texts);
    let showing = Showing {
        id: handover.text("id")?,
        shown_at: handover.text("shown_at")?,
        page: handover.text("page")?,
        locale: handover.text("locale")?,
    };
    let comment = painted.query_selector("textarea")?;
    let comment = comment.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    let score = handover.number_if_any("score")?;
    let layout_then = handover.text_if_any("layout")?;
    let choice = score.zip(handover.text_if_any("scored_at")?).map(|(score, at)| {
        let layout = layout_then.as_deref().and_then(Layout::from_name);
        Choice { score: score as u8, at, layout: layout.unwrap_or_default() }
    });
    let revision = handover.number_if_any("revision")?.unwrap_or_default() as u32;
    let sent_score = handover.number_if_any("sent_score")?.filter(|_| revision > 0);
    let teller = Rc::new(OnceCell::new());
    let carried = Painted {
        choice,
        comment: comment.map(|area| area.value()).unwrap_or_default(),
        sent: sent_score.map(|score| (revision, score as u8)),
        pending: pending.is_some(),
    };

    let place = document()?.create_element("div")?;
    let world = World {
        now: timer::now,
        layout,
        perform: {
            let (settings, texts, root) = (settings.clone(), texts.clone(), root.clone());
            let endpoint =
                settings.endpoint.clone().map_or_else(|| handover.text("endpoint"), Ok)?;
            let same_origin = delivery::is_same_origin(&endpoint, &handover.text("origin")?);
            let endpoint = Rc::new(endpoint);
            Rc::new(move |effect, tell: Callback<Event>| match effect {
                Effect::Timer(number, milliseconds) => {
                    timer::after(milliseconds, move || tell.emit(Event::Due(number)));
                }
                Effect::Retry { timer: number, revision, attempts, retry_after } => {
                    match delivery::wait(attempts, retry_after, Math::random()) {
                        Some(wait) => timer::after(wait, move || tell.emit(Event::Due(number))),
                        None => tell.emit(Event::Delivered(revision, Outcome::Refused)),
                    }
                }
                Effect::Send(revision) => {
                    let response = answer::response(&settings, &texts, &showing, &revision);
                    let (settings, endpoint) = (settings.clone(), endpoint.clone());
                    spawn_local(async move {
                        let sent = transport::post(&endpoint, same_origin, &settings, &response);
                        let outcome = sent.await;
                        tell.emit(Event::Delivered(response.revision, outcome));
                    });
                }
                Effect::Tell(signal, score) => {
                    let detail = Detail { id: &showing.id, survey: &settings.survey, score };
                    signal::tell(&host, signal, &detail);
                }
                Effect::KeepFocus => {
                    if root.active_element().is_some() {
                        let root = root.clone();
                        // By then the thanks stand where the form stood.
                        timer::after(0, move || focus(root.query_selector(".status")));
                    }
                }
            })
        },
        ready: {
            let (place, teller) = (place.clone(), teller.clone());
            Callback::from(move |tell: Callback<Event>| {
                swap(&root, &painted, &place);
                if let Some(pending) = pending.clone() {
                    let tell = tell.clone();
                    spawn_local(async move {
                        let status = JsFuture::from(pending).await;
                        let status = status.ok().and_then(|status| status.as_f64());
                        let outcome = delivery::outcome(status.map(|status| status as u16), None);
                        tell.emit(Event::Delivered(revision, outcome));
                    });
                }
                let _ = teller.set(tell);
            })
        },
    };
    let props = AppProps { settings, texts, painted: carried, world };
    yew::Renderer::<App>::with_root_and_props(place, props).render();
    let hidden = Closure::<dyn Fn()>::new(move || {
        if let Some(tell) = teller.get() {
            tell.emit(Event::Hidden);
        }
    });
    Ok(hidden.into_js_value().unchecked_into())
}

/// Puts `place` where `painted` stands; the focus moves along.
fn swap(root: &ShadowRoot, painted: &HtmlElement, place: &Element) {
    let counterpart = root.active_element().and_then(|active| {
        // Both trees have the same shape, so the n-th field of one is the n-th of the other.
        let index = fields(painted).position(|field| field == active)?;
        fields(place).nth(index)
    });
    let _ = painted.replace_with_with_node_1(place);
    focus(Ok(counterpart));
}

/// The elements of a form that can have the focus, in order.
fn fields(form: &Element) -> impl Iterator<Item = Element> {
    let list = form.query_selector_all("input, textarea, button, a, [tabindex]").ok();
    let length = list.as_ref().map_or(0, web_sys::NodeList::length);
    (0..length).filter_map(move |index| list.as_ref()?.get(index)?.dyn_into().ok())
}

/// Focuses an element without scrolling the page to it.
fn focus(element: Result<Option<Element>, JsValue>) {
    if let Ok(Some(Ok(element))) = element.map(|e| e.map(JsCast::dyn_into::<HtmlElement>)) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// How the values of the scale stand: 10 below 0, or beside it.
fn layout(input: &HtmlInputElement) -> Layout {
    let Some(scores) = input.closest(".scores").ok().flatten() else { return Layout::OneRow };
    let top = |element: Option<Element>| {
        element.and_then(|e| e.dyn_into::<HtmlElement>().ok()).map(|e| e.offset_top())
    };
    if top(scores.first_element_child()) == top(scores.last_element_child()) {
        Layout::OneRow
    } else {
        Layout::TwoRows
    }
}

fn document() -> Result<Document, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    window.document().ok_or(JsValue::UNDEFINED)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn warn(message: &str);
}
