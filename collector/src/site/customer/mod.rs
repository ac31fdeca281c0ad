//! The pages for customers whose browser runs no script: the thanks, and what to do if something went
//! wrong. They speak every language that the widget does ([`crate::locales`]).

mod refusal;
pub(crate) mod thanks;

use axum::{http::HeaderValue, response::Response};
use maud::{DOCTYPE, Markup, html};

pub(crate) use self::refusal::{FormValues, refusal};
use super::frame::{files, guarded};
use crate::locales::Locale;

/// A page for customers: it carries neither the collector's name nor any way into it.
fn page(locale: &Locale, title: &str, main: &Markup) -> Response {
    let mut response = guarded(html! {
        (DOCTYPE)
        html lang=(locale.tag) dir=(locale.dir) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" type="image/svg+xml" href=(files::ICON.address());
                link rel="stylesheet" href=(files::STYLE.address());
            }
            body .customer { main #main .sheet { (main) } }
        }
    });
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
