//! The question and its eleven values: a radio group with 0 first, one tab stop, and no colour for good or bad.

use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, TargetCast, html};

use crate::texts::Texts;

/// The values as text; numbers would add the code that formats them.
const VALUES: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// The question, the values with `score` chosen, and the labels at the ends, which describe the group.
/// `on_choice` gets the chosen input.
pub fn scale(texts: &Texts, score: Option<u8>, on_choice: &Callback<HtmlInputElement>) -> Html {
    let on_choice = on_choice.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(input) = event.target_dyn_into() {
            on_choice.emit(input);
        }
    });
    let values = VALUES.iter().enumerate().map(|(value, text)| {
        html! {
            <label class="score">
                <input
                    type="radio"
                    name="score"
                    value={*text}
                    checked={score.map(usize::from) == Some(value)}
                />
                <span part="score">{texts.number(value as u32)}</span>
            </label>
        }
    });
    html! {
        <>
            <p id="question" part="question">{texts.say("question")}</p>
            <div
                class="scale"
                role="radiogroup"
                aria-labelledby="question"
                aria-describedby="low high"
                {onchange}
            >
                <span id="low" part="label">{texts.say("low-label")}</span>
                <div class="scores">{for values}</div>
                <span id="high" part="label">{texts.say("high-label")}</span>
            </div>
        </>
    }
}
