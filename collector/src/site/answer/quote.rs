//! Whether an answer is quoted, and the forms to quote it and to take the quote down.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::words::Words;
use crate::{
    access::{Role, person::Person},
    http::{
        error::PageError,
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    quotes::{CUT, allowed},
    site::{case::AnswerDetails, frame::form_token},
    state::Shared,
    store::quotes::Quoted,
};

/// What is typed to quote an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedQuote {
    words: String,
    revision: u32,
}

/// The section about quoting; nothing where the customer has not allowed it.
pub(super) fn section(person: &Person, answer_details: &AnswerDetails) -> Markup {
    let words = Words::of(person.language);
    let answer = &answer_details.answer;
    let Some(comment) = allowed(&answer.response) else { return html! {} };
    let id = &answer.response.id;
    let name = answer.response.quote_name.as_deref();
    let typed = answer_details.quote.as_deref().unwrap_or(comment);
    html! {
        section .sheet #quote aria-labelledby="quoting" {
            h2 #quoting { (words.quoting) }
            @if answer.aside.kind().is_some() {
                p .quiet { (words.quote_aside) }
            } @else {
                @match &answer_details.quote {
                    Some(quote) => {
                        p { span .badge .good { (words.is_quoted) } " " a href="/quotes" { (words.all_quotes) } }
                        blockquote lang=(answer.response.locale) dir="auto" { (quote) }
                    },
                    None => p .quiet { (words.quote_lead) },
                }
                p .small .quiet {
                    @match name {
                        Some(name) => { (words.quoted_as) " " strong { (name) } },
                        None => (words.quoted_nameless),
                    }
                }
                @if person.may(Role::Member) {
                    details .more {
                        summary { (if answer_details.quote.is_some() { words.cut_again } else { words.choose_quote }) }
                        form .fields method="post" action={ "/responses/" (id) "/quote" } {
                            (form_token(person))
                            input type="hidden" name="revision" value=(answer.response.revision);
                            div .field {
                                label for="quote-words" { (words.quote_words) }
                                textarea #quote-words name="words" rows="4" required dir="auto"
                                    lang=(answer.response.locale) aria-describedby="quote-words-hint" { (typed) }
                                p #quote-words-hint .hint { (words.quote_hint) " " code { (CUT) } }
                            }
                            div { button .second { (words.quote) } }
                        }
                    }
                    @if answer_details.quote.is_some() {
                        form method="post" action={ "/responses/" (id) "/quote/withdraw" } {
                            (form_token(person))
                            button .second { (words.withdraw_quote) }
                        }
                    }
                }
            }
        }
    }
}

/// What was not taken, in words.
pub(super) fn told(query: &str, person: &Person) -> Markup {
    let words = Words::of(person.language);
    let said = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "quote");
    let (text, is_good) = match said.as_ref().map(|(_, value)| &**value) {
        Some("quoted") => (words.quote_given, true),
        Some("withdrawn") => (words.quote_withdrawn, true),
        Some("not-allowed") => (words.quote_not_allowed, false),
        Some("other-words") => (words.quote_other_words, false),
        Some("changed") => (words.quote_changed, false),
        _ => return html! {},
    };
    html! {
        @if is_good {
            p .notice .good role="status" { (text) }
        } @else {
            p .notice .bad role="alert" { (text) }
        }
    }
}

/// `POST /responses/{id}/quote`: quotes an answer.
pub(crate) async fn choose(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { form, .. }: OwnForm<TypedQuote>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let said = match shared.store.quote(&id, form.revision, &form.words).await? {
        Quoted::Done => "quoted",
        Quoted::NotAllowed => "not-allowed",
        Quoted::OtherWords => "other-words",
        Quoted::Changed => "changed",
    };
    Ok(see_other(&format!("/responses/{id}?quote={said}")))
}

/// `POST /responses/{id}/quote/withdraw`: takes the quote down.
pub(crate) async fn withdraw(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { .. }: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    shared.store.withdraw_quote(&id).await?;
    Ok(see_other(&format!("/responses/{id}?quote=withdrawn")))
}
