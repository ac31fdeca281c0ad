//! The root component: what it renders, and which effects follow from what a customer does.

use std::cell::RefCell;
use std::rc::Rc;

use afterword::app::{App, AppProps, World};
use afterword::delivery::{Outcome, SETTLE};
use afterword::settings;
use afterword::survey::{Effect, Event, Painted};
use afterword::texts::{KEYS, Locale, Texts};
use afterword_response::Layout;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::{Callback, scheduler};

use crate::place;

/// A mounted component, with the effects it asked for and a way to answer them.
struct Mounted {
    place: Element,
    effects: Rc<RefCell<Vec<Effect>>>,
    tell: Rc<RefCell<Option<Callback<Event>>>>,
}

async fn mount(raw: &[(&str, &str)]) -> Mounted {
    let raw: Vec<_> = raw.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let (settings, _) = settings::parse(&raw);
    let words =
        KEYS.iter().map(|key| ((*key).to_owned(), format!("the {key} {{count}}"))).collect();
    let settings = Rc::new(settings);
    let texts = Texts::new(settings.clone(), Locale(words), "shop".into());
    let effects: Rc<RefCell<Vec<Effect>>> = Rc::default();
    let tell: Rc<RefCell<Option<Callback<Event>>>> = Rc::default();
    let world = World {
        now: || "2026-11-21T17:00:00.000Z".into(),
        layout: Rc::new(|| Layout::OneRow),
        rest: Rc::new(|| SETTLE),
        perform: {
            let effects = effects.clone();
            Rc::new(move |effect, _| effects.borrow_mut().push(effect))
        },
        ready: {
            let tell = tell.clone();
            Callback::from(move |callback| *tell.borrow_mut() = Some(callback))
        },
        placed: Callback::noop(),
    };
    let place = place();
    let props = AppProps { settings, texts: texts.into(), painted: Painted::default(), world };
    yew::Renderer::<App>::with_root_and_props(place.clone(), props).render();
    scheduler::flush().await;
    Mounted { place, effects, tell }
}

impl Mounted {
    fn find<T: JsCast>(&self, selector: &str) -> Option<T> {
        self.place.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    fn text(&self, selector: &str) -> Option<String> {
        self.find::<Element>(selector).map(|element| element.text_content().unwrap())
    }

    async fn score(&self, score: u8) {
        self.find::<HtmlInputElement>(&format!("input[value='{score}']")).unwrap().click();
        scheduler::flush().await;
    }

    async fn write(&self, text: &str) {
        let area: HtmlTextAreaElement = self.find("textarea").unwrap();
        area.set_value(text);
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        area.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap())
            .unwrap();
        scheduler::flush().await;
    }

    async fn send(&self) {
        self.find::<HtmlElement>(".send").unwrap().click();
        scheduler::flush().await;
    }

    async fn tell(&self, event: Event) {
        self.tell.borrow().as_ref().unwrap().emit(event);
        scheduler::flush().await;
    }

    fn sent(&self) -> Vec<(u32, bool, Option<String>)> {
        let effects = self.effects.borrow();
        let sends = effects.iter().filter_map(|effect| match effect {
            Effect::Send(revision) => {
                Some((revision.number, revision.complete, revision.comment.clone()))
            }
            _ => None,
        });
        sends.collect()
    }
}

#[wasm_bindgen_test]
async fn the_scale_is_one_radio_group_of_eleven_named_and_described() {
    let survey = mount(&[]).await;
    let group: Element = survey.find("[role=radiogroup]").unwrap();
    let radios = group.query_selector_all("input[type=radio][name=score]").unwrap();
    assert_eq!(radios.length(), 11);
    for index in 0..11 {
        let radio: HtmlInputElement = radios.get(index).unwrap().unchecked_into();
        assert_eq!(radio.value(), index.to_string());
        assert!(!radio.checked());
        let label = radio.closest("label").unwrap().unwrap();
        assert_eq!(label.text_content().unwrap(), index.to_string());
    }
    let by = |attribute| group.get_attribute(attribute).unwrap();
    let text = |id: &str| survey.text(&format!("#{id}")).unwrap();
    assert_eq!(text(&by("aria-labelledby")), "the question {count}");
    let labels: Vec<String> = by("aria-describedby").split(' ').map(text).collect();
    assert_eq!(labels, ["the low-label {count}", "the high-label {count}"]);
}

#[wasm_bindgen_test]
async fn a_score_opens_the_comment_and_leaves_the_scale() {
    let survey = mount(&[("follow-up-promoter", "Why so kind?")]).await;
    assert!(survey.find::<Element>("textarea").is_none());
    survey.score(9).await;
    assert_eq!(survey.text(".follow-up").unwrap(), "Why so kind?");
    assert!(survey.find::<HtmlInputElement>("input[value='9']").unwrap().checked());
    survey.score(2).await;
    assert_eq!(survey.text(".follow-up").unwrap(), "the follow-up-detractor {count}");
    assert!(survey.find::<HtmlInputElement>("input[value='2']").unwrap().checked());
    assert!(!survey.find::<HtmlInputElement>("input[value='9']").unwrap().checked());
}

#[wasm_bindgen_test]
async fn that_the_score_is_saved_is_said_once_it_is() {
    let survey = mount(&[("survey", "post-purchase")]).await;
    let is_said = || survey.find::<Element>(".saved [aria-hidden]").is_none();
    survey.score(9).await;
    assert_eq!(survey.text(".saved").unwrap(), "the _saved {count}");
    assert!(!is_said(), "nothing has been sent yet");
    let settle = |number: u32| survey.tell(Event::Due(number));
    settle(1).await;
    assert_eq!(survey.sent(), [(1, false, None)]);
    assert!(!is_said(), "nothing has been acknowledged yet");
    survey.tell(Event::Delivered(1, Outcome::Acknowledged)).await;
    assert!(is_said());
    survey.write("why").await;
    assert!(is_said());
    survey.score(3).await;
    assert!(!is_said(), "the endpoint has another score");
}

/// later/counter.js counts, and writes into an element that the widget leaves alone.
#[wasm_bindgen_test]
async fn what_the_counter_has_written_stays() {
    let survey = mount(&[]).await;
    survey.score(9).await;
    assert_eq!(survey.text("#remaining").unwrap(), "");
    survey.find::<Element>("#remaining").unwrap().set_text_content(Some("7 left"));
    survey.write("why").await;
    survey.score(2).await;
    assert_eq!(survey.text("#remaining").unwrap(), "7 left");
}

#[wasm_bindgen_test]
async fn while_sending_the_box_is_shut_and_after_a_failure_it_opens_again() {
    let survey = mount(&[]).await;
    survey.score(9).await;
    survey.write("why").await;
    survey.send().await;
    assert_eq!(survey.sent(), [(1, true, Some("why".into()))]);
    assert!(survey.find::<HtmlTextAreaElement>("textarea").unwrap().read_only());
    assert_eq!(survey.text(".send").unwrap(), "the _sending {count}");
    survey.send().await;
    assert_eq!(survey.sent().len(), 1, "pressing again sends nothing");
    survey.tell(Event::Delivered(1, Outcome::Exhausted)).await;
    assert_eq!(survey.text("[role=alert]").unwrap(), "the _failed {count}");
    assert_eq!(survey.text(".send").unwrap(), "the _retry {count}");
    let area: HtmlTextAreaElement = survey.find("textarea").unwrap();
    assert_eq!((area.read_only(), area.value()), (false, "why".into()));
    survey.send().await;
    survey.tell(Event::Delivered(1, Outcome::Refused)).await;
    assert_eq!(survey.text("[role=alert]").unwrap(), "the _refused {count}");
    let button: HtmlElement = survey.find(".send").unwrap();
    assert!(button.hidden(), "a button that cannot help");
    survey.write("something else").await;
    assert!(!button.hidden());
    assert_eq!(survey.text(".send").unwrap(), "the _send {count}");
}

#[wasm_bindgen_test]
async fn the_thanks_stand_in_the_region_that_was_there_before() {
    let survey = mount(&[("review-url", "/review"), ("support-url", "/help")]).await;
    let region: Element = survey.find("[role=status]").unwrap();
    survey.score(6).await;
    survey.send().await;
    survey.tell(Event::Delivered(1, Outcome::Acknowledged)).await;
    assert_eq!(survey.text("[role=status] .thanks").unwrap(), "the thanks-detractor {count}");
    assert!(region.is_same_node(survey.find::<Element>("[role=status]").as_deref()));
    assert!(
        survey.find::<Element>("textarea").is_none() && survey.find::<Element>("input").is_none()
    );
    let links = survey.place.query_selector_all(".links a").unwrap();
    assert_eq!(links.length(), 2);
}

#[wasm_bindgen_test]
async fn the_review_is_offered_to_every_score_alike_and_help_to_detractors_besides() {
    let mut reviews = Vec::new();
    for score in 0..=10 {
        let survey = mount(&[("review-url", "/review"), ("support-url", "/help")]).await;
        survey.score(score).await;
        survey.send().await;
        survey.tell(Event::Delivered(1, Outcome::Acknowledged)).await;
        reviews.push(survey.find::<Element>("#review").unwrap().outer_html());
        assert_eq!(survey.find::<Element>("#support").is_some(), score <= 6, "{score}");
        survey.place.remove();
    }
    assert!(reviews.iter().all(|review| *review == reviews[0]), "{reviews:?}");
}

#[wasm_bindgen_test]
async fn texts_are_text_and_never_markup() {
    let survey =
        mount(&[("question", "<img src=x onerror=alert(1)>"), ("thanks", "<b>x</b>")]).await;
    assert!(survey.find::<Element>("img").is_none());
    assert_eq!(survey.text("#question").unwrap(), "<img src=x onerror=alert(1)>");
}
