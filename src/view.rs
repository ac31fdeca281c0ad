//! What the survey looks like, one part a file: plain functions from state to markup.
//!
//! The painted first step comes from the same functions, through Yew's server renderer (see
//! `script/`). So whatever stands here stands in the customer's page twice: keep it small, and keep
//! it free of `style` attributes, which a shop's content security policy may forbid.

mod comment;
mod scale;
mod thanks;

pub use comment::comment;
pub use scale::scale;
pub use thanks::thanks;

use yew::{AttrValue, Html, html};

use crate::texts::Texts;

/// The link to the privacy notice, which stands below whatever is asked, before anything is answered.
pub fn privacy(texts: &Texts) -> Html {
    link("privacy", texts.url("privacy-url"), texts.say("_privacy"))
}

/// A link out of the survey, in a tab of its own, so that the page with the survey stays.
///
/// Known by its id: a class that is not a literal would bring all that Yew can do with classes.
fn link(id: &'static str, url: Option<AttrValue>, label: AttrValue) -> Html {
    let Some(url) = url else { return Html::default() };
    html! { <a id={id} href={url} target="_blank" rel="noopener">{label}</a> }
}
