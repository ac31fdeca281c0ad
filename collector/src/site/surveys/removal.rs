//! Archives a survey, and deletes it with all its answers.

use std::sync::Arc;

use afterword_response::limits;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{NO_SURVEY, find, texts, words::Words};
use crate::{
    access::{person::Person, public_ids::Ids},
    http::{
        error::{Error, PageError},
        extract::OwnForm,
        redirect::see_other,
    },
    site::frame::{self, Place, field, form_token, moment, names::Names},
    state::Shared,
    store::{Filter, Stored, surveys::Survey},
};

/// The number of answers on the page that asks for confirmation.
const MAX_SHOWN: u32 = 20;

/// The form that archives or restores a survey.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Archiving {
    /// `archive` or `restore`.
    #[serde(rename = "do")]
    action: String,
}

/// `POST /surveys/{id}/archive`: archives or restores a survey.
pub(crate) async fn archive(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { form: Archiving { action }, .. }: OwnForm<Archiving>,
) -> Result<Response, PageError> {
    find(&shared, &id).await?;
    let (at, done) = match action.as_str() {
        "archive" => (Some(Timestamp::now()), "archived"),
        "restore" => (None, "restored"),
        _ => return Err(PageError(Error::NotFound(NO_SURVEY))),
    };
    shared.store.archive_survey(&id, at).await?;
    Ok(see_other(&format!("/surveys/{id}?done={done}")))
}

/// The content of a survey, for the page that asks for confirmation.
struct SurveyContent {
    id: String,
    title: String,
    /// Whether the settings file names it. Then it cannot be deleted, because the next start would add it again.
    is_in_file: bool,
    answers: u64,
    displays: u64,
    latest: Vec<Stored>,
}

impl SurveyContent {
    /// Reads the content of an added or a waiting survey. Fails if there is neither.
    async fn of(shared: &Shared, id: String) -> Result<Self, PageError> {
        let survey = shared.store.survey(&id).await?;
        let filter = Filter { survey: Some(id.clone()), ..Filter::default() };
        let answers = shared.store.count_of(&filter).await?;
        if !limits::is_identifier(&id) || (survey.is_none() && answers == 0) {
            return Err(PageError(Error::NotFound(NO_SURVEY)));
        }
        let (latest, _) = shared.store.list(&filter, None, MAX_SHOWN, Ids::Public).await?;
        let displays = shared.store.count_displays_of(&id).await?;
        Ok(Self {
            title: survey.as_ref().map_or(&*id, Survey::title).to_owned(),
            is_in_file: survey.is_some_and(|survey| survey.is_in_file),
            id,
            answers,
            displays,
            latest,
        })
    }

    /// Whether the typed text is its name or its id.
    fn is_named(&self, typed: &str) -> bool {
        let typed = typed.trim();
        typed == self.title || typed == self.id
    }
}

/// `GET /surveys/{id}/delete`: lists what would be deleted, and asks for confirmation.
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let content = SurveyContent::of(&shared, id).await?;
    Ok(view(&person, &content, None))
}

/// The survey's name, typed to confirm.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Deletion {
    name: String,
}

/// `POST /surveys/{id}/delete`: deletes a survey whose name was typed.
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form: Deletion { name } }: OwnForm<Deletion>,
) -> Result<Response, PageError> {
    let content = SurveyContent::of(&shared, id).await?;
    if content.is_in_file || !content.is_named(&name) {
        let mut page = view(&person, &content, Some(&name));
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let (store, id) = (Arc::clone(&shared.store), content.id);
    // In a task, so that the deletion completes even if the browser closes the connection.
    shared
        .intake
        .complete(async move { store.delete_survey(&id).await.map_err(Error::from) })
        .await?;
    Ok(see_other("/surveys?done=deleted"))
}

fn view(person: &Person, content: &SurveyContent, typed: Option<&str>) -> Response {
    let words = Words::of(person.language);
    let SurveyContent { id, title, answers, displays, latest, .. } = content;
    let problem = typed.map(|_| words.delete_other_name);
    let main = html! {
        div .settings .stack {
            header {
                p .small { a href="/surveys" { "← " (words.all_surveys) } }
                h1 { (words.delete_sure) }
                p .lead data-figure="holding" {
                    strong { (title) } " · " (texts::holding(*answers, *displays, person.language))
                }
            }
            @if !latest.is_empty() { (shown(person, latest, *answers, words)) }
            p { (words.delete_lead) }
            @if content.is_in_file {
                p .notice .warn { (words.delete_in_file) }
            } @else {
                form .fields method="post" action={ "/surveys/" (id) "/delete" } {
                    (form_token(person))
                    (field("name", words.delete_name, &texts::type_name(title, person.language), problem, &html! {
                        input #name name="name" required autocomplete="off" autocapitalize="none" spellcheck="false"
                            maxlength="100" value=(typed.unwrap_or_default())
                            aria-describedby="name-hint" aria-invalid=[problem.map(|_| "true")];
                    }))
                    div .row {
                        button .danger { (words.delete_now) }
                        a .button .second href="/surveys" { (words.delete_keep) }
                    }
                }
            }
        }
    };
    frame::page(person, Place::Surveys, words.delete_sure, &main)
}

/// The latest answers that would be deleted.
fn shown(person: &Person, latest: &[Stored], answers: u64, words: &Words) -> Markup {
    let names = Names::of(person.language);
    html! {
        div .sheet {
            @if answers > latest.len() as u64 {
                p .small .quiet { (texts::latest_of(latest.len() as u64, answers, person.language)) }
            }
            div .table-frame tabindex="0" role="region" aria-label=(words.responses) {
                table .plain-rows {
                    thead { tr {
                        th scope="col" { (words.when) }
                        th scope="col" { (words.moment) }
                        th .number scope="col" { (words.score) }
                        th scope="col" { (words.comment) }
                    } }
                    tbody {
                        @for it in latest {
                            tr {
                                td { (moment(it.received_at, person)) }
                                td { (names.touchpoint(it.response.touchpoint)) }
                                td .number { (it.response.score) }
                                td { (texts::excerpt(it.response.comment.as_deref().unwrap_or_default())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The section of the survey's page.
pub(super) fn section(person: &Person, survey: &Survey, words: &Words) -> Markup {
    let is_archived = survey.archived_at.is_some();
    html! {
        section .sheet #removal {
            h2 { (words.removal) }
            p { (if is_archived { words.restore_do } else { words.archive_do }) }
            form method="post" action={ "/surveys/" (survey.id) "/archive" } {
                (form_token(person))
                @if is_archived {
                    button .second name="do" value="restore" { (words.restore) }
                } @else {
                    button .second name="do" value="archive" { (words.archive) }
                }
            }
            p { (words.delete_do) }
            p { a .button .second href={ "/surveys/" (survey.id) "/delete" } { (words.delete) } }
        }
    }
}
