//! The pages for customers: their own answer page; and for those whose browser runs no script the thanks, and the page
//! about an answer that was not stored. They are in every language of the widget ([`crate::locales`]).

pub(crate) mod answer_page;
mod refusal;
pub(crate) mod thanks;

use afterword_response::limits;
use axum::{http::HeaderValue, response::Response};
use maud::{DOCTYPE, Markup, html};

pub(crate) use self::refusal::{FormValues, refusal};
use super::frame::{files, guarded};
use crate::{
    locales::Locale,
    store::{Store, surveys::Shop},
};

/// What customers see of the shop. If the database fails, a page is shown without it.
pub(crate) async fn shop(store: &Store) -> Shop {
    store.shop().await.unwrap_or_default()
}

/// A page for customers. It has neither the collector's name nor a link into it, but the shop's logo or name, and links to its
/// privacy notice and imprint, which the law requires.
fn page(locale: &Locale, shop: &Shop, title: &str, main: &Markup) -> Response {
    let mut response = guarded(html! {
        (DOCTYPE)
        html lang=(locale.tag) dir=(locale.dir) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) @if let Some(name) = &shop.name { " · " (name) } }
                link rel="icon" type="image/svg+xml" href=(files::ICON.address());
                link rel="stylesheet" href=(files::STYLE.address());
                @if let Some(accent) = shop.accent { link rel="stylesheet" href=(accent.address()); }
            }
            body .customer {
                @if let Some(file) = &shop.logo {
                    header { img src={ "/logo/" (file) } alt=(shop.name.as_deref().unwrap_or_default()); }
                } @else if let Some(name) = &shop.name {
                    header { p { (name) } }
                }
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

/// The scale from 0 to 10 under a question; `problem` says why the customer has to choose again.
fn scale(locale: &Locale, question: &str, chosen: Option<u8>, problem: Option<&str>) -> Markup {
    html! {
        fieldset aria-describedby=[problem.map(|_| "no-score")] {
            legend { (question) }
            @if let Some(problem) = problem { p .error #no-score role="alert" { (problem) } }
            div .scale {
                @for score in 0..=limits::SCORE {
                    label {
                        input type="radio" name="score" value=(score) required checked[chosen == Some(score)];
                        span aria-hidden="true" { (locale.number(score.into())) }
                        span .hidden-text {
                            (locale.number(score.into()))
                            @if score == 0 { ", " (locale.low_label) }
                            @if score == limits::SCORE { ", " (locale.high_label) }
                        }
                    }
                }
            }
            p .ends aria-hidden="true" {
                span { (locale.low_label) } span { (locale.high_label) }
            }
        }
    }
}

/// A tick in a circle, for "arrived" and "done".
fn tick() -> Markup {
    html! {
        svg .tick viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false"
            fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" {
            circle cx="24" cy="24" r="21" {}
            path d="m15 25 6.5 6.5L34 18" {}
        }
    }
}
