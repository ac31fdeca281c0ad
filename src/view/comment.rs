//! The question after the score, the comment, and what became of sending it.

use afterword_response::limits;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, TargetCast, html};

use crate::survey::{Step, Survey};
use crate::texts::{Texts, fill};

/// From how many characters left the counter shows.
const NEAR_THE_END: usize = 200;

/// The comment box with its question, and the button.
/// `on_comment` is given the whole text on every change.
pub fn comment(texts: &Texts, survey: &Survey, on_comment: &Callback<String>) -> Html {
    let on_comment = on_comment.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
            on_comment.emit(area.value());
        }
    });
    let sending = survey.step_shown() == Step::Sending;
    let failed = survey.step_shown() == Step::Failed;
    let button = match survey.step_shown() {
        Step::Sending => "_sending",
        Step::Failed => "_retry",
        _ => "_send",
    };
    // As the browser counts for maxlength: in UTF-16.
    let left = limits::COMMENT.saturating_sub(survey.comment().encode_utf16().count());
    let remaining = (left <= NEAR_THE_END)
        .then(|| fill(&texts.say("_remaining"), "count", &decimal(left as u32)));
    html! {
        <div class="more">
            <label class="follow-up" for="comment">{texts.say_to(survey.segment(), "follow-up")}</label>
            <textarea
                id="comment"
                maxlength="2000"
                placeholder={texts.say("placeholder")}
                aria-describedby="remaining"
                readonly={sending}
                value={survey.comment().to_owned()}
                {oninput}
            />
            <p id="remaining">{remaining}</p>
            <p class="failed" role="alert">{failed.then(|| texts.say("_failed"))}</p>
            <div class="actions">
                <button class="send" type="submit" aria-disabled={sending.then_some("true")}>
                    {texts.say(button)}
                </button>
            </div>
        </div>
    }
}

/// A number as text, without the machinery of formatting, which the module does not carry.
fn decimal(number: u32) -> String {
    let mut text = if number < 10 { String::new() } else { decimal(number / 10) };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_boxs_limit_is_the_contracts() {
        assert!(include_str!("comment.rs").contains("maxlength=\"2000\""));
        assert_eq!(afterword_response::limits::COMMENT, 2000);
    }
}
