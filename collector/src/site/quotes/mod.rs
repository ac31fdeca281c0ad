//! `GET /quotes`: what the shop shows to strangers, and how it gets it onto its pages.

mod words;

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use self::words::Words;
use crate::{
    access::person::Person,
    http::error::PageError,
    language::Language,
    quotes::{NOTICE_DE, NOTICE_EN},
    report::calendar,
    site::frame::{self, Place, format::Format},
    state::Shared,
    store::quotes::{Quote, Shown},
};

/// `GET /quotes`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    let words = Words::of(person.language);
    let shown = shared.store.quotes(None).await?;
    let is_enough = shown.scores.segments().is_enough();
    let address = format!("{}/v1/quotes", person.origin);
    let markup = to_paste(&shown, person.language, &person.zone).into_string();
    let main = html! {
        div .settings .stack {
            header {
                p .back { a href="/responses" { "‹ " (words.responses) } }
                h1 { (words.title) }
                p .lead { (words.lead) }
            }
            @if !is_enough { p .notice data-notice="too-few" { (words.too_few) } }
            section .sheet aria-labelledby="quotes" {
                h2 #quotes { (words.chosen) }
                @if shown.quotes.is_empty() {
                    p { (words.none) }
                } @else {
                    ul .entries {
                        @for quote in &shown.quotes {
                            li {
                                blockquote lang=(quote.locale) dir="auto" { (quote.words) }
                                p .small .quiet {
                                    (byline(quote, person.language, &person.zone)) " · "
                                    a href={ "/responses/" (quote.response) } { (words.to_answer) }
                                }
                            }
                        }
                    }
                }
            }
            section .sheet aria-labelledby="shop" {
                h2 #shop { (words.to_shop) }
                p { (words.tag_lead) }
                (to_copy("quotes-tag", &tag(&person.origin, words), words))
                p { (words.json_lead) }
                (to_copy("quotes-address", &address, words))
                @if is_enough && !shown.quotes.is_empty() {
                    p { (words.html_lead) }
                    (to_copy("quotes-html", &markup, words))
                }
            }
        }
    };
    Ok(frame::page(&person, Place::Responses, words.title, &main))
}

/// The element and its script, for a page of the shop.
fn tag(origin: &str, words: &Words) -> String {
    format!(
        "<afterword-quotes hidden>\n  <h2>{}</h2>\n</afterword-quotes>\n<script async src=\"{origin}/quotes.js\"></script>",
        words.heading
    )
}

/// Something to copy, with a button for it where JavaScript runs.
fn to_copy(id: &str, text: &str, words: &Words) -> Markup {
    html! {
        pre tabindex="0" { code id=(id) { (text) } }
        div { button .second type="button" data-copy=(id) data-copied=(words.copied) hidden { (words.copy) } }
    }
}

/// The name, if there is one, and the day. A name in another script must not change the order of what stands beside it.
fn byline(quote: &Quote, language: Language, zone: &TimeZone) -> Markup {
    let day = Format::of(language).day(quote.answered_at.to_zoned(zone.clone()).date());
    html! {
        @if let Some(name) = &quote.name { bdi { (name) } ", " }
        (day)
    }
}

/// The quotes as markup for the shop's page: with the answers by score, their number and their days, and the notice.
fn to_paste(shown: &Shown, language: Language, zone: &TimeZone) -> Markup {
    let (words, format) = (Words::of(language), Format::of(language));
    let notice = match language {
        Language::German => NOTICE_DE,
        Language::English => NOTICE_EN,
    };
    let count = format.count(shown.scores.segments().answers());
    html! {
        section class="afterword-quotes" lang=(language.tag()) {
            @for quote in &shown.quotes {
                figure {
                    blockquote lang=(quote.locale) { p { (quote.words) } }
                    figcaption { (byline(quote, language, zone)) }
                }
            }
            @if let Some(days) = shown.days {
                @let [from, to] = [days.first, days.last].map(|day| format.day(calendar::date(day)));
                table {
                    caption { (words.all_answers) " (" (count) "), " (from) " – " (to) }
                    thead { tr { @for score in 0..=10 { th scope="col" { (score) } } } }
                    tbody { tr { @for number in shown.scores.0 { td { (format.count(number)) } } } }
                }
            }
            p { small { (notice) } }
        }
    }
}
