//! The thanks, with links to go on.

use afterword_response::Segment;
use yew::{Html, html};

use super::link;
use crate::texts::Texts;

/// The thanks to `segment`. Every score gets the same review link: asking only happy customers for a review
/// would deceive its readers. Detractors are also offered help.
pub fn thanks(texts: &Texts, segment: Segment) -> Html {
    let support = texts.url("support-url").filter(|_| segment == Segment::Detractor);
    html! {
        <>
            <p class="thanks" part="thanks">{texts.say_to(segment, "thanks")}</p>
            <div class="links">
                {link("support", support, texts.say("support-label"))}
                {link("review", texts.url("review-url"), texts.say("review-label"))}
            </div>
        </>
    }
}
