//! The thanks, and where to go from there.

use afterword_response::Segment;
use yew::{Html, html};

use super::link;
use crate::texts::Texts;

/// The thanks to `segment`. The review link is the same for every score: asking only the happy
/// for a review would deceive those who read it. Detractors are offered help besides.
pub fn thanks(texts: &Texts, segment: Segment) -> Html {
    let support = texts.url("support-url").filter(|_| segment == Segment::Detractor);
    html! {
        <>
            <p class="thanks">{texts.say_to(segment, "thanks")}</p>
            <div class="links">
                {link("support", support, texts.say("support-label"))}
                {link("review", texts.url("review-url"), texts.say("review-label"))}
            </div>
        </>
    }
}
