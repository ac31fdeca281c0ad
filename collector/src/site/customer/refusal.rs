//! The page about an answer that was not stored: the reason, what to do, and the answer itself if the customer can
//! send it again.

use afterword_response::{limits, receive::FieldProblem};
use axum::response::Response;
use maud::{Markup, html};

use super::{page, scale};
use crate::{
    http::error::Error, language::Language, locales::Locale, site::frame::failure,
    store::surveys::Shop,
};

/// The values for a form in which the customer corrects the answer.
#[derive(Debug, Default)]
pub(crate) struct FormValues<'a> {
    pub(crate) score: Option<u8>,
    pub(crate) comment: &'a str,
    /// All other fields, as names with values.
    pub(crate) hidden: Vec<(&'a str, &'a str)>,
}

/// The page about an error, with the answer if the customer can send it again.
pub(crate) fn refusal(
    locale: &Locale,
    shop: &Shop,
    error: &Error,
    kept: &FormValues<'_>,
) -> Response {
    let words = &locale.pages;
    let (title, what_to_do, next) = match error {
        Error::Fields(problems) if problems.iter().all(is_the_customers) => {
            (&words.incomplete, None, Next::Form(problems))
        }
        _ => match error.status().as_u16() {
            413 => (&words.too_large, Some(&words.too_large_do), Next::Back),
            408 => (&words.cut, Some(&words.cut_do), Next::Back),
            429 | 503 => (&words.busy, Some(&words.busy_do), Next::Form(&[])),
            500.. => (&words.busy, Some(&words.failed_do), Next::Form(&[])),
            _ if matches!(error, Error::Broken) => (&words.cut, Some(&words.cut_do), Next::Back),
            _ => (&words.shop, Some(&words.shop_do), Next::Shop),
        },
    };
    let main = html! {
        h1 { (title) }
        @if let Some(what_to_do) = what_to_do { p { (what_to_do) } }
        @match next {
            Next::Form(problems) => (form(locale, problems, kept)),
            Next::Back => {}
            Next::Shop => (for_the_shop(error, locale)),
        }
    };
    let mut response = page(locale, shop, title, &main);
    error.attach(&mut response);
    response
}

/// The next step that the page offers.
#[derive(Clone, Copy)]
enum Next<'a> {
    /// A form with the answer, to correct and send it.
    Form(&'a [FieldProblem]),
    /// Only the link back.
    Back,
    /// None: only the shop can correct the cause.
    Shop,
}

/// Whether the customer fills in this field, and so can correct it.
fn is_the_customers(problem: &FieldProblem) -> bool {
    matches!(problem.field.as_str(), "score" | "comment" | "website")
}

/// The hint for the person who set up the form.
fn for_the_shop(error: &Error, locale: &Locale) -> Markup {
    // In a language of the collector's own pages, for the shop's team. All of them are written from left to right.
    let language = Language::of_locale(&locale.tag).unwrap_or(Language::English);
    let (title, what_to_do) = failure::for_the_shop(error, language);
    html! {
        div .notice lang=(language.tag()) dir="ltr" {
            p { strong { (title) "." } " " (what_to_do) }
            (failure::problems(error, language))
        }
    }
}

fn form(locale: &Locale, problems: &[FieldProblem], kept: &FormValues<'_>) -> Markup {
    let words = &locale.pages;
    let has = |field: &str| problems.iter().any(|problem| problem.field == field);
    let is_trapped = has("website");
    let (no_score, too_long) = (has("score") || kept.score.is_none(), has("comment"));
    html! {
        @if is_trapped { p role="alert" { (words.trap) } }
        form .fields method="post" action="/v1/responses" {
            @for (name, value) in &kept.hidden { input type="hidden" name=(name) value=(value); }
            @if no_score {
                (scale(locale, &words.score, None, has("score").then_some(words.no_score.as_str())))
            } @else if let Some(score) = kept.score {
                p { (words.score) ": " strong { (locale.number(score.into())) } }
                input type="hidden" name="score" value=(score);
            }
            div .field {
                label for="comment" { (words.comment) }
                textarea #comment name="comment" rows="6"
                    aria-invalid=[too_long.then_some("true")]
                    aria-describedby=[too_long.then_some("too-long")] {
                    // Browsers ignore a line end right after the tag `textarea`.
                    "\n" (kept.comment)
                }
                @if too_long {
                    p .error #too-long role="alert" {
                        (locale.too_long(kept.comment.chars().count(), limits::COMMENT))
                     }
                }
            }
            div { button { @if problems.is_empty() || is_trapped { (words.again) } @else { (locale.send) } } }
        }
    }
}
