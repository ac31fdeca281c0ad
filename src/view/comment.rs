//! The question after the score, the comment, and the status of sending it.

use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, TargetCast, html};

use crate::survey::{Step, Survey};
use crate::texts::{Texts, fill};

/// That the score is saved, once it is: its room is there before, so that nothing moves when the endpoint has
/// answered. Then the comment box with its question, and the button.
/// `on_comment` gets the whole text at every change.
pub fn comment(texts: &Texts, survey: &Survey, on_comment: &Callback<String>) -> Html {
    let on_comment = on_comment.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
            on_comment.emit(area.value());
        }
    });
    let sending = survey.step_shown() == Step::Sending;
    let refused = survey.step_shown() == Step::Refused;
    let button = match survey.step_shown() {
        Step::Sending => "_sending",
        Step::Failed => "_retry",
        _ => "_send",
    };
    let failed = match survey.step_shown() {
        Step::Failed => Some("_failed"),
        Step::Refused => Some("_refused"),
        _ => None,
    };
    let saved = fill(
        &texts.say("_saved"),
        "score",
        &texts.number(survey.score().unwrap_or_default().into()),
    );
    html! {
        <div class="more">
            <p class="saved" aria-live="polite">
                <span aria-hidden={(!survey.is_saved()).then_some("true")}>{saved}</span>
            </p>
            <label for="comment">
                <span class="follow-up" part="follow-up">{texts.say_to(survey.segment(), "follow-up")}</span>
                {" "}
                <span class="optional">{texts.say("_optional")}</span>
            </label>
            <textarea
                id="comment"
                part="comment"
                maxlength="2000"
                placeholder={texts.say("placeholder")}
                aria-describedby="remaining failed"
                readonly={sending}
                value={survey.comment().to_owned()}
                {oninput}
            />
            // later/counter.js fills it.
            <p id="remaining" />
            <p class="failed" id="failed" role="alert">{failed.map(|name| texts.say(name))}</p>
            <div class="actions">
                <button class="send" part="button" type="submit" hidden={refused} aria-disabled={sending.then_some("true")}>
                    {texts.say(button)}
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_boxs_limit_is_the_contracts() {
        assert!(include_str!("comment.rs").contains("maxlength=\"2000\""));
        assert_eq!(afterword_response::limits::COMMENT, 2000);
    }
}
