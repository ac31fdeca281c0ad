//! Erasure of an order's, a customer's or one answer: the choice, the confirmation and the receipt.

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, show, texts::many, words::Words};
use crate::{
    access::person::Person,
    http::{error::PageError, extract::OwnForm},
    site::frame::{Place, form_token, moment, names::Names, page},
    state::Shared,
    store::erasures::{Erase, Subject},
};

/// The largest number of answers that the confirmation lists.
const MAX_SHOWN: usize = 50;

/// The answers to erase, and whether the person has confirmed it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Erasure {
    /// `order`, `customer` or `response`.
    by: String,
    value: String,
    /// `erase` if it was confirmed.
    #[serde(rename = "do")]
    action: String,
}

/// `POST /data/erase`: shows the answers that would be erased, and erases them once that is confirmed.
pub(crate) async fn erase(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Erasure { by, value, action } }: OwnForm<Erasure>,
) -> Result<Response, PageError> {
    let value = value.trim().to_owned();
    let subject = match by.as_str() {
        "order" => Subject::Order,
        "customer" => Subject::Customer,
        _ => Subject::Response,
    };
    if value.is_empty() {
        return show(&shared, &person, Some(&Notice::NoValue)).await;
    }
    let id = value.to_ascii_lowercase();
    let what = match subject {
        Subject::Order => Erase::Order(&value),
        Subject::Customer => Erase::Customer(&value),
        _ => Erase::Response(&id),
    };
    if action == "erase" {
        let notice = match shared.store.erase(what).await? {
            Some(receipt) => Notice::Erased(receipt),
            None => Notice::NothingFound(value),
        };
        return show(&shared, &person, Some(&notice)).await;
    }
    let found = shared.store.would_erase(what).await?;
    if found.is_empty() {
        return show(&shared, &person, Some(&Notice::NothingFound(value))).await;
    }
    Ok(confirm(&person, &ErasurePreview { subject, value: &value, responses: &found }))
}

/// The section of the page.
pub(super) fn section(person: &Person, words: &Words) -> Markup {
    html! {
        section .sheet aria-labelledby="erase" {
            h2 #erase { (words.erase) }
            p .quiet { (words.erase_lead) }
            form method="post" action="/data/erase" {
                (form_token(person))
                div .pair {
                    div .field {
                        label for="e-by" { (words.erase_by) }
                        select #e-by name="by" {
                            option value="order" { (words.by_order) }
                            option value="customer" { (words.by_customer) }
                            option value="response" { (words.by_response) }
                        }
                    }
                    div .field {
                        label for="e-value" { (words.value) }
                        input #e-value name="value" required maxlength="128" autocomplete="off";
                    }
                }
                button .second { (words.look) }
            }
        }
    }
}

/// The answers that would be erased.
struct ErasurePreview<'a> {
    subject: Subject,
    value: &'a str,
    responses: &'a [(Timestamp, String, u8)],
}

/// The page that asks for confirmation.
fn confirm(person: &Person, doomed: &ErasurePreview<'_>) -> Response {
    let words = Words::of(person.language);
    let names = Names::of(person.language);
    let main = html! {
        div .data .stack {
            h1 { (words.sure) }
            p .lead {
                (words.subject(doomed.subject)) " " (words.open_quote) (doomed.value) (words.close_quote) " · "
                (many(doomed.responses.len() as u64, words.one_response, words.many_responses))
            }
            div .sheet {
                div .table-frame tabindex="0" role="region" aria-label=(words.responses) {
                    table .plain-rows {
                        thead { tr {
                            th scope="col" { (words.when) }
                            th scope="col" { (words.touchpoint) }
                            th .number scope="col" { (words.score) }
                        } }
                        tbody {
                            @for (time, touchpoint, score) in doomed.responses.iter().take(MAX_SHOWN) {
                                tr {
                                    td { (moment(*time, person)) }
                                    td {
                                        (Touchpoint::from_name(touchpoint)
                                            .map_or(touchpoint.as_str(), |it| names.touchpoint(it)))
                                    }
                                    td .number { (score) }
                                }
                            }
                        }
                    }
                }
            }
            p { (words.sure_lead) }
            form method="post" action="/data/erase" {
                (form_token(person))
                input type="hidden" name="by" value=(doomed.subject.name());
                input type="hidden" name="value" value=(doomed.value);
                div .row {
                    button .danger name="do" value="erase" { (words.erase_now) }
                    a .button .second href="/data" { (words.keep) }
                }
            }
        }
    };
    page(person, Place::Data, words.sure, &main)
}
