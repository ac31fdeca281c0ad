//! The views of the survey, one part per file: plain functions from state to markup.
//!
//! Yew's server renderer makes the painted first step from the same functions (see `script/`), so customers load
//! the markup here twice: keep it small. Do not use `style` attributes, which a shop's content security policy
//! may forbid.

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

/// A link out of the survey. It opens a new tab, so that the page with the survey stays.
///
/// It has an id in the place of a class: a class that is no literal would add Yew's code for classes.
fn link(id: &'static str, url: Option<AttrValue>, label: AttrValue) -> Html {
    let Some(url) = url else { return Html::default() };
    html! { <a id={id} part="link" href={url} target="_blank" rel="noopener">{label}</a> }
}
