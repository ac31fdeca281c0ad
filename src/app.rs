//! The root component: holds the survey, turns what the customer does into events, and hands the
//! effects that follow to whoever mounted it.
//!
//! Renders a `form` with, in this order, the scale, once scored the comment, the link to the privacy notice, and a
//! status region.
//! The region is there from the start, since screen readers announce only changes in what they
//! know; at the end it holds the thanks, alone.

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

/// What the component needs from the world around it.
#[derive(Clone)]
pub struct World {
    /// The time, in RFC 3339.
    pub now: fn() -> String,
    /// How the values of the scale stand.
    pub layout: Rc<dyn Fn() -> Layout>,
    /// How long the score that has just been chosen is to rest, in milliseconds: it depends on what chose it.
    pub rest: Rc<dyn Fn() -> u32>,
    /// Performs an effect. What comes of it is told through the callback.
    pub perform: Rc<dyn Fn(Effect, Callback<Event>)>,
    /// Called once, as the survey is made, with a way to tell it what happens outside. Before it
    /// stands in its place: on a slow phone Yew lets the browser go on in between, and what happens
    /// then must not be lost.
    pub ready: Callback<Callback<Event>>,
    /// Called once, when it stands there.
    pub placed: Callback<()>,
}

impl World {
    /// A world where nothing happens: for rendering on the host.
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

/// What the survey is made of; nothing of it changes while it is shown.
#[derive(Clone, Debug, Properties)]
pub struct AppProps {
    /// What the shop set.
    pub settings: Rc<Settings>,
    /// What the customer reads.
    pub texts: Rc<Texts>,
    /// What the painted form did before.
    pub painted: Painted,
    /// The world around.
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
        // The form shows nothing of these, and the customer may be in the middle of a word.
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
                aria-labelledby="question"
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
