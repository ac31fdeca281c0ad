//! Erasures by age that wait for a confirmation, with their buttons.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, show};
use crate::{
    access::{Role, person::Person},
    http::{
        error::{Error, PageError},
        extract::OwnForm,
    },
    privacy::{self, Word},
    site::frame::{form_token, format::Format, moment},
    state::Shared,
    store::expiry::{Expiry, Share, WaitingErasure},
    words::words,
};

words! {
    struct Words {
        title: "Erasure by age waits for you", "Das Löschen nach Alter wartet auf Sie";
        much: "More than a fifth of a survey would go at once. What is erased does not come back: check for how long its answers are kept, and the server's clock.",
            "Mehr als ein Fünftel einer Umfrage würde auf einmal gelöscht. Gelöschtes kommt nicht zurück: Prüfen Sie, wie lange ihre Antworten aufbewahrt werden und ob die Uhr des Servers stimmt.";
        survey: "Survey", "Umfrage";
        older: "Kept for", "Aufbewahrt";
        days: "days", "Tage";
        answers: "Answers to be erased", "Zu löschende Antworten";
        displays: "Displays", "Anzeigen";
        of: "of", "von";
        erase: "Erase them for good", "Endgültig löschen";
        clock: "The server’s clock has jumped.", "Die Uhr des Servers ist gesprungen.";
        clock_says: "It said ", "Sie zeigte ";
        clock_before: ", and the time before ", ", das Mal davor ";
        clock_do: ". Until you say that it is right, nothing is erased by age. If it is wrong, set it; nothing else is needed.",
            ". Bis Sie sagen, dass sie stimmt, wird nichts nach Alter gelöscht. Geht sie falsch, stellen Sie sie; mehr braucht es nicht.";
        clock_right: "The clock is right", "Die Uhr stimmt";
    }
}

/// The section of the page; empty if no erasure waits.
pub(super) fn section(person: &Person, expiry: &Expiry, surveys: &[(String, String)]) -> Markup {
    if !expiry.waits() {
        return html! {};
    }
    let words = Words::of(person.language);
    let may = person.may(Role::Member);
    let count = |share: Share| {
        let format = Format::of(person.language);
        html! { (format.count(share.due)) " " (words.of) " " (format.count(share.all)) }
    };
    let title = |held: &WaitingErasure| {
        let known = surveys.iter().find(|(id, _)| *id == held.survey);
        known.map_or_else(|| held.survey.clone(), |(_, title)| title.clone())
    };
    html! {
        section #expiry .sheet aria-labelledby="expiry-title" {
            h2 #expiry-title { (words.title) }
            @if let (Some(odd), Some(before)) = (expiry.odd_clock, expiry.clock) {
                p .notice .warn role="status" {
                    strong { (words.clock) } " " (words.clock_says) (moment(odd, person))
                    (words.clock_before) (moment(before, person)) (words.clock_do)
                }
                @if may {
                    form method="post" action="/data/expiry" {
                        (form_token(person))
                        button name="clock" value="right" { (words.clock_right) }
                    }
                }
            }
            @if !expiry.held.is_empty() {
                p .quiet { (words.much) }
                table {
                    thead { tr {
                        th scope="col" { (words.survey) }
                        th scope="col" { (words.older) }
                        th scope="col" { (words.answers) }
                        th scope="col" { (words.displays) }
                        @if may { th scope="col" {} }
                    } }
                    tbody { @for held in &expiry.held { tr {
                        th scope="row" { (title(held)) }
                        td { (Format::of(person.language).count(held.days.into())) " " (words.days) }
                        td { (count(held.answers)) }
                        td { (count(held.displays)) }
                        @if may { td {
                            form method="post" action="/data/expiry" {
                                (form_token(person))
                                input type="hidden" name="survey" value=(held.survey);
                                input type="hidden" name="days" value=(held.days);
                                button .second { (words.erase) }
                            }
                        } }
                    } } }
                }
            }
        }
    }
}

/// The confirmation: that the clock is right, or a survey and after how many days its answers are erased.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Confirmation {
    /// `right` if it is about the clock.
    clock: String,
    survey: String,
    days: Option<u32>,
}

/// `POST /data/expiry`: stores a confirmation, and lets the erasure continue.
pub(crate) async fn confirm(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Confirmation { clock, survey, days } }: OwnForm<Confirmation>,
) -> Result<Response, PageError> {
    let word = match days {
        _ if clock == "right" => Word::Clock,
        Some(days) => Word::Survey { survey, days },
        None => return Err(PageError(Error::ForeignForm)),
    };
    privacy::confirm(&shared.store, word, Timestamp::now()).await?;
    shared.expiry_confirmed.notify_one();
    show(&shared, &person, Some(&Notice::ExpiryConfirmed)).await
}
