//! The thanks, and where to go from there.

use afterword_response::Segment;
use yew::{Html, html};

use super::link;
use crate::settings::Settings;
use crate::texts::Texts;

/// The thanks to `segment`. The review link is the same for every score: asking only the happy
/// for a review would deceive those who read it. Detractors are offered help besides.
pub fn thanks(settings: &Settings, texts: &Texts, segment: Segment) -> Html {
    let support = settings.support.url.as_ref().filter(|_| segment == Segment::Detractor);
    html! {
        <>
            <p class="thanks">{texts.thanks(segment)}</p>
            <div class="links">
                {link("support", support, &texts.support)}
                {link("review", settings.review.url.as_ref(), &texts.review)}
            </div>
        </>
    }
}
