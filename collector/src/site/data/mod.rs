//! `/data`: export, import, erasure, receipts and backups. Each section has a file.

pub(crate) mod erase;
pub(crate) mod expiry;
pub(crate) mod export;
pub(crate) mod import;
mod receipts;
mod texts;
mod words;

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, html};

use self::{texts::many, words::Words};
use crate::{
    access::{Role, person::Person},
    exchange::{reason, run::NoTable},
    http::error::PageError,
    language::Language,
    site::frame::{self, Place, names::Names},
    state::Shared,
    store::erasures::Receipt,
};

/// Receipts that are shown.
const MAX_RECEIPTS: u32 = 20;

/// The notice on top of the page.
enum Notice {
    NoFile,
    TooLarge,
    NoTable(NoTable),
    WrongSurvey,
    NoValue,
    NothingFound(String),
    Erased(Receipt),
    /// A waiting erasure by age was confirmed.
    ExpiryConfirmed,
}

impl Notice {
    /// Whether it reports a refusal.
    const fn is_refusal(&self) -> bool {
        !matches!(self, Self::NothingFound(_) | Self::Erased(_) | Self::ExpiryConfirmed)
    }

    fn paragraph(&self, language: Language) -> Markup {
        let words = Words::of(language);
        let refusal = |text: &str| {
            html! { p .notice .bad role="alert" { strong { (words.refused) } " " (text) } }
        };
        match self {
            Self::NoFile => refusal(words.no_file),
            Self::TooLarge => refusal(words.too_large),
            Self::NoTable(problem) => refusal(&reason::of_table(*problem, language)),
            Self::WrongSurvey => refusal(words.wrong_survey),
            Self::NoValue => refusal(words.no_value),
            Self::ExpiryConfirmed => html! {
                p .notice .good role="status" { strong { (words.confirmed) } " " (words.confirmed_do) }
            },
            Self::NothingFound(value) => html! {
                p .notice role="status" {
                    strong { (words.nothing) } " " (words.nothing_do) (words.open_quote) (value) (words.close_quote) "."
                }
            },
            Self::Erased(receipt) => html! {
                div .notice .good role="status" {
                    p { strong { (words.erased) } " "
                        (many(receipt.responses, words.one_response, words.many_responses)) ", "
                        (many(receipt.displays, words.one_display, words.many_displays)) "." }
                    p { (words.receipt_is) code { (receipt.receipt) } ". " (words.receipt_do) }
                }
            },
        }
    }
}

/// `GET /data`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    show(&shared, &person, None).await
}

/// Shows the page, with a notice on top.
async fn show(
    shared: &Shared,
    person: &Person,
    notice: Option<&Notice>,
) -> Result<Response, PageError> {
    let surveys = survey_choices(shared).await?;
    let receipts = shared.store.receipts(MAX_RECEIPTS).await?;
    let waiting = expiry::section(person, &shared.store.expiry().await?, &surveys);
    let mut response = view(person, &surveys, &receipts, &waiting, notice);
    if notice.is_some_and(Notice::is_refusal) {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The page, with a notice on top.
fn view(
    person: &Person,
    surveys: &[(String, String)],
    receipts: &[Receipt],
    waiting: &Markup,
    notice: Option<&Notice>,
) -> Response {
    let words = Words::of(person.language);
    let may = person.may(Role::Member);
    let main = html! {
        div .data .stack {
            header { h1 { (words.title) } p .lead { (words.lead) } }
            @if let Some(notice) = notice { (notice.paragraph(person.language)) }
            (waiting)
            (export::section(person, surveys, words))
            @if may {
                (import::section(person, surveys, words))
                (erase::section(person, words))
            } @else {
                p .notice { (words.not_allowed) }
            }
            (receipts::section(person, receipts, words))
            (backups(words))
        }
    };
    frame::page(person, Place::Data, words.title, &main)
}

/// The id and title of each survey.
async fn survey_choices(shared: &Shared) -> Result<Vec<(String, String)>, PageError> {
    let surveys = shared.store.surveys().await?.into_iter();
    Ok(surveys.map(|survey| (survey.id.clone(), survey.title().to_owned())).collect())
}

fn survey_options(surveys: &[(String, String)], chosen: &str) -> Markup {
    html! {
        @for (id, title) in surveys { option value=(id) selected[id == chosen] { (title) } }
    }
}

fn touchpoint_options(chosen: Option<Touchpoint>, language: Language) -> Markup {
    let names = Names::of(language);
    html! {
        @for touchpoint in Touchpoint::NAMES.iter().filter_map(|name| Touchpoint::from_name(name)) {
            option value=(touchpoint.name()) selected[chosen == Some(touchpoint)] {
                (names.touchpoint(touchpoint))
            }
        }
    }
}

fn backups(words: &Words) -> Markup {
    html! {
        section .sheet aria-labelledby="backups" {
            h2 #backups { (words.backups) }
            p .quiet { (words.backups_lead) }
            pre tabindex="0" { "afterword-collector backup afterword-$(date +%F).db" }
            p .quiet { (words.restore_lead) }
            pre tabindex="0" { "afterword-collector restore afterword-2026-11-24.db --force" }
            p .quiet { (words.doctor_lead) }
            pre tabindex="0" { "afterword-collector doctor" }
        }
    }
}
