//! The pages for customers whose browser runs no script: the thanks, and the page about an answer that was not
//! stored. They are in every language of the widget ([`crate::locales`]).

mod refusal;
pub(crate) mod thanks;

use axum::{http::HeaderValue, response::Response};
use maud::{DOCTYPE, Markup, html};

pub(crate) use self::refusal::{FormValues, refusal};
use super::frame::{files, guarded};
use crate::{locales::Locale, store::surveys::ShopLinks};

/// A page for customers. It has neither the collector's name nor a link into it, but links to the shop's privacy notice
/// and imprint, which the law requires.
fn page(locale: &Locale, shop: &ShopLinks, title: &str, main: &Markup) -> Response {
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
            body .customer {
                main #main .sheet { (main) }
                @let links = [(&shop.imprint, &locale.pages.imprint), (&shop.privacy, &locale.privacy)];
                @if links.iter().any(|(link, _)| link.is_some()) {
                    footer {
                        @for (link, name) in links {
                            @if let Some(link) = link { a href=(link) { (name) } }
                        }
                    }
                }
            }
        }
    });
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
