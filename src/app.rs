//! The root component: holds the survey, turns the customer's actions into events, and passes the resulting
//! effects to [`World`].
//!
//! Renders a `form` with, in this order, the scale, once scored the comment, the link to the privacy notice, and a
//! status region.
//! The region exists from the start, since screen readers announce only changes of known regions. At the end
//! only it is left, with the thanks.

use std::fmt;
use std::rc::Rc;

use afterword_response::Layout;
use web_sys::HtmlInputElement;
use yew::{Callback, Component, Context, Html, Properties, SubmitEvent, html};

use crate::delivery::SETTLE;
use crate::settings::Settings;
use crate::survey::{Effect, Event, Painted, Purpose, Step, Survey};
use crate::texts::Texts;
use crate::view;

/// The functions that the component needs from its environment.
#[derive(Clone)]
pub struct World {
    /// The time, in RFC 3339.
    pub now: fn() -> String,
    /// The current arrangement of the scale.
    pub layout: Rc<dyn Fn() -> Layout>,
    /// How long the score that has just been chosen is to rest, in milliseconds: it depends on what chose it.
    pub rest: Rc<dyn Fn() -> u32>,
    /// Performs an effect, and reports its result through the callback.
    pub perform: Rc<dyn Fn(Effect, Callback<Event>)>,
    /// Called once when the survey is made, with a callback for events from outside. It is called before the
    /// survey is placed, since on a slow phone Yew lets the browser run in between, and no event may be lost.
    pub ready: Callback<Callback<Event>>,
    /// Called once, when the survey is placed.
    pub placed: Callback<()>,
}

impl World {
    /// A world that does nothing, for rendering on the host.
    #[must_use]
    pub fn still() -> Self {
        Self {
            now: String::new,
            layout: Rc::new(|| Layout::OneRow),
            rest: Rc::new(|| SETTLE),
            perform: Rc::new(|_, _| {}),
            ready: Callback::noop(),
            placed: Callback::noop(),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

/// The inputs of the survey; they do not change while it is shown.
#[derive(Clone, Debug, Properties)]
pub struct AppProps {
    /// The shop's settings.
    pub settings: Rc<Settings>,
    /// The texts for the customer.
    pub texts: Rc<Texts>,
    /// What happened in the painted form before.
    pub painted: Painted,
    /// The environment.
    pub world: World,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.settings, &other.settings) && Rc::ptr_eq(&self.texts, &other.texts)
    }
}

/// The root component.
#[derive(Debug)]
pub struct App {
    survey: Survey,
    on_choice: Callback<HtmlInputElement>,
    on_comment: Callback<String>,
    on_submit: Callback<SubmitEvent>,
}

impl App {
    fn perform(ctx: &Context<Self>, effects: Vec<Effect>) {
        for effect in effects {
            (ctx.props().world.perform)(effect, ctx.link().callback(|event| event));
        }
    }
}

impl Component for App {
    type Message = Event;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let purpose = if props.settings.preview { Purpose::Preview } else { Purpose::Ask };
        let (survey, effects) = Survey::resume(purpose, props.painted.clone());
        props.world.ready.emit(ctx.link().callback(|event| event));
        Self::perform(ctx, effects);
        let (layout, rest) = (props.world.layout.clone(), props.world.rest.clone());
        Self {
            survey,
            on_choice: ctx.link().batch_callback(move |input: HtmlInputElement| {
                let score = input.value().parse().ok()?;
                Some(Event::Scored(score, layout(), rest()))
            }),
            on_comment: ctx.link().callback(Event::Commented),
            on_submit: ctx.link().callback(|event: SubmitEvent| {
                event.prevent_default();
                Event::Submitted
            }),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        // The form shows none of these, and the customer may be typing a word.
        let shown = |survey: &Survey| (survey.step_shown(), survey.score(), survey.is_saved());
        let before = shown(&self.survey);
        let typed = matches!(event, Event::Commented(_));
        let effects = self.survey.step(event, &(ctx.props().world.now)());
        Self::perform(ctx, effects);
        typed || before != shown(&self.survey)
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let texts = &ctx.props().texts;
        let step = self.survey.step_shown();
        let asking = step != Step::Thanked;
        html! {
            <form
                class="survey"
                part="survey"
                aria-labelledby={asking.then_some("question")}
                onsubmit={&self.on_submit}
            >
                if asking {
                    {view::scale(texts, self.survey.score(), &self.on_choice)}
                }
                if !matches!(step, Step::Asking | Step::Thanked) {
                    {view::comment(texts, &self.survey, &self.on_comment)}
                }
                if asking {
                    {view::privacy(texts)}
                }
                <div class="status" role="status" tabindex="-1">
                    if step == Step::Sending {
                        // For screen readers; others see it on the button.
                        <span>{texts.say("_sending")}</span>
                    }
                    if !asking {
                        {view::thanks(texts, self.survey.segment())}
                    }
                </div>
            </form>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            ctx.props().world.placed.emit(());
        }
    }
}
