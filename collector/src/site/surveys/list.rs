//! The list of surveys, and the form that adds one.

use std::sync::Arc;

use afterword_response::limits;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Entry, FormInput, entry, parameter, read, texts, words::Words};
use crate::{
    access::{Role, person::Person},
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    site::frame::{self, Place, field, form_token},
    state::Shared,
    store::surveys::WaitingSurvey,
    survey::{self, SettingProblem, Settings},
};

/// `GET /surveys`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let is_deleted = parameter(query.as_deref(), "done").as_deref() == Some("deleted");
    show(&shared, &person, &FormInput::default(), is_deleted).await
}

async fn show(
    shared: &Shared,
    person: &Person,
    typed: &FormInput,
    is_deleted: bool,
) -> Result<Response, PageError> {
    let mut entries = Vec::new();
    for survey in shared.store.surveys().await? {
        entries.push(entry(shared, survey).await?.0);
    }
    let waiting = shared.store.waiting_surveys().await?;
    Ok(view(person, &entries, &waiting, typed, is_deleted))
}

/// The form that adds a survey.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewSurvey {
    /// The id of a waiting survey; then the other fields are empty.
    id: String,
    name: String,
    subject: String,
}

/// `POST /surveys`: adds a survey. Its id is made of its name.
pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<NewSurvey>,
) -> Result<Response, PageError> {
    if limits::is_identifier(&form.id) {
        shared.store.add_survey(&form.id, &Settings::default(), Timestamp::now()).await?;
        return Ok(see_other(&format!("/surveys/{}?done=added", form.id)));
    }
    let mut typed = FormInput::default();
    let settings = Settings {
        name: read("name", &form.name, &mut typed, survey::read_text),
        subject: read("subject", &form.subject, &mut typed, survey::read_text),
        ..Settings::default()
    };
    let id = survey::id_of(form.name.trim());
    if settings.name.is_none() {
        typed.problems.insert("name", SettingProblem::Text);
    } else if !limits::is_identifier(&id) {
        typed.problems.insert("name", SettingProblem::Id);
    }
    if typed.problems.is_empty() {
        if shared.store.add_survey(&id, &settings, Timestamp::now()).await? {
            return Ok(see_other(&format!("/surveys/{id}?done=added")));
        }
        typed.exists = true;
    }
    let mut page = show(&shared, &person, &typed, false).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

fn view(
    person: &Person,
    entries: &[Entry],
    waiting: &[WaitingSurvey],
    typed: &FormInput,
    is_deleted: bool,
) -> Response {
    let language = person.language;
    let words = Words::of(language);
    let main = html! {
        div .settings .stack {
            header { h1 { (words.title) } p .lead { (words.lead) } }
            @if is_deleted {
                p .notice .good role="status" { strong { (words.deleted) } " " (words.deleted_do) }
            }
            @let (archived, current): (Vec<&Entry>, Vec<&Entry>) =
                entries.iter().partition(|entry| entry.survey.archived_at.is_some());
            @if !current.is_empty() {
                ul .survey-list {
                    @for entry in current { li { (entry_link(entry, person, words)) } }
                }
            }
            @if !archived.is_empty() {
                details .more {
                    summary { (words.archive_title) " (" (archived.len()) ")" }
                    p .quiet .small { (words.archive_lead) }
                    ul .survey-list {
                        @for entry in archived { li { (entry_link(entry, person, words)) } }
                    }
                }
            }
            @if !waiting.is_empty() { (waiting_surveys(waiting, person, words)) }
            @if person.may(Role::Member) {
                section .sheet {
                    @if entries.is_empty() {
                        h2 { (words.none) }
                        p .quiet { (words.none_do) }
                    } @else {
                        h2 { (words.add) }
                    }
                    form .fields method="post" action="/surveys" {
                        (form_token(person))
                        @let problem = if typed.exists { Some(words.exists.to_owned()) } else { typed.problem("name", language) };
                        (field("name", words.name, words.name_hint, problem.as_deref(), &html! {
                            input #name name="name" required maxlength="100" value=(typed.value("name"))
                                aria-describedby="name-hint" aria-invalid=[problem.as_ref().map(|_| "true")];
                        }))
                        @let problem = typed.problem("subject", language);
                        (field("subject", words.subject, words.subject_hint, problem.as_deref(), &html! {
                            input #subject name="subject" maxlength="100" value=(typed.value("subject"))
                                aria-describedby="subject-hint" aria-invalid=[problem.as_ref().map(|_| "true")];
                        }))
                        div { button { (words.create) } }
                    }
                }
            }
        }
    };
    frame::page(person, Place::Surveys, words.title, &main)
}

/// The surveys that wait to be added.
fn waiting_surveys(waiting: &[WaitingSurvey], person: &Person, words: &Words) -> Markup {
    html! {
        section .notice .warn aria-labelledby="waiting" {
            h2 #waiting { (words.waiting) }
            p { (words.waiting_lead) }
            ul .entries {
                @for survey in waiting {
                    li .row .apart {
                        div {
                            strong { code { (survey.id) } }
                            div .small {
                                (texts::answers(i64::try_from(survey.answers).unwrap_or(i64::MAX), Some(survey.latest), person, words))
                                " · "
                                a href={ "/responses?survey=" (survey.id) "&aside=waiting" } { (words.look_at_answers) }
                            }
                        }
                        @if person.may(Role::Member) {
                            form .row method="post" action="/surveys" {
                                (form_token(person))
                                input type="hidden" name="id" value=(survey.id);
                                a .button .second href={ "/surveys/" (survey.id) "/delete" } { (words.delete) span .hidden-text { ": " (survey.id) } }
                                button .second { (words.add_this) span .hidden-text { ": " (survey.id) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn entry_link(entry: &Entry, person: &Person, words: &Words) -> Markup {
    html! {
        a .sheet href={ "/surveys/" (entry.survey.id) } {
            strong { (entry.survey.title()) }
            span .quiet .small {
                (texts::answers(entry.answers, entry.latest, person, words))
            }
            @if entry.refused > 0 {
                span .badge .warn { (texts::refused(entry.refused, person.language)) }
            }
        }
    }
}
