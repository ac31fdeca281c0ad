//! The days that a case waits for an answer before somebody is told.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notes, view};
use crate::{
    access::person::Person,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    rules::WAITING_DAYS,
    site::frame::{field, form_token},
    state::Shared,
    words::words,
};

words! {
    pub(super) struct Words {
        title: "Cases that wait", "Wartende Fälle";
        lead: "If a case with a comment or a contact is not answered within these days, its owner is told once by mail; if nobody looks after it, those colleagues who have chosen that below.",
            "Ist ein Fall mit Kommentar oder Kontakt in diesen Tagen nicht beantwortet, bekommt die zuständige Person einmal eine E-Mail; ist niemand zuständig, bekommen sie alle, die das unten gewählt haben.";
        days: "Days", "Tage";
        days_hint: "0 for never.", "0 für nie.";
        days_wrong: "Enter a number of days from 0 to 60.", "Geben Sie 0 bis 60 Tage ein.";
        save: "Save", "Speichern";
        saved: "The days were saved.", "Die Tage wurden gespeichert.";
    }
}

/// The form as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedDays {
    days: String,
}

/// `POST /settings/alerts/waiting`
pub(crate) async fn save(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedDays>,
) -> Result<Response, PageError> {
    let days = form.days.trim().parse().ok().filter(|days| WAITING_DAYS.contains(days));
    let Some(days) = days else {
        let notes = Notes { waiting: Some(&form), ..Notes::default() };
        let mut page = view(&person, &shared, notes).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    };
    shared.store.set_waiting_days(days).await?;
    Ok(see_other("/settings/alerts?done=waiting"))
}

/// The section with the form; `typed` was refused.
pub(super) fn section(person: &Person, days: u32, typed: Option<&TypedDays>) -> Markup {
    let words = Words::of(person.language);
    let wrong = typed.map(|_| words.days_wrong);
    let value = typed.map_or_else(|| days.to_string(), |typed| typed.days.clone());
    html! {
        section .sheet {
            h2 { (words.title) }
            p .quiet { (words.lead) }
            form .fields method="post" action="/settings/alerts/waiting" {
                (form_token(person))
                (field("waiting-days", words.days, words.days_hint, wrong, &html! {
                    input #waiting-days type="number" name="days" required
                        min=(WAITING_DAYS.start()) max=(WAITING_DAYS.end()) value=(value)
                        aria-describedby="waiting-days-hint" aria-invalid=[wrong.map(|_| "true")];
                }))
                div { button .second { (words.save) span .hidden-text { ": " (words.title) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, words::numbers};

    #[test]
    fn the_texts_name_the_days_that_can_be_chosen() {
        let days = [*WAITING_DAYS.start(), *WAITING_DAYS.end()].map(|day| day.to_string());
        for language in [Language::English, Language::German] {
            assert_eq!(numbers(Words::of(language).days_wrong), days, "{language:?}");
        }
    }
}
