//! `/surveys`: the list, each survey with its tag and its settings, and a preview.

use afterword_response::{Touchpoint, limits};
mod tag;
mod view;

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;

use self::view::{Entry, Said, Typed};
use crate::{
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::OwnForm,
        redirect::see_other,
    },
    state::Shared,
    store::surveys::{Refusal, Survey},
    survey::{self, AllowedOrigin, Field, Problem, Settings},
};

const NO_SURVEY: &str = "There is no survey of that id.";

/// `GET /surveys`
pub(crate) async fn list(
    person: Person,
    State(collector): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    list_page(&collector, &person, &Typed::default()).await
}

async fn list_page(
    collector: &Shared,
    person: &Person,
    typed: &Typed,
) -> Result<Response, PageError> {
    let mut entries = Vec::new();
    for survey in collector.store.surveys().await? {
        entries.push(entry(collector, survey).await?.0);
    }
    Ok(view::surveys(person, &entries, typed))
}

async fn entry(collector: &Shared, survey: Survey) -> Result<(Entry, Vec<Refusal>), PageError> {
    let (answers, latest) = collector.store.survey_answers(&survey.id).await?;
    let refusals = collector.store.refusals(&survey.id).await?;
    let refused = refusals.iter().map(|refusal| refusal.answers).sum();
    let usual_days = collector.keep_days;
    Ok((Entry { survey, answers, latest, refused, usual_days }, refusals))
}

/// A survey to be made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewSurvey {
    name: String,
    subject: String,
}

/// `POST /surveys`: makes a survey. Its id is made of its name.
pub(crate) async fn add(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<NewSurvey>,
) -> Result<Response, PageError> {
    let mut typed = Typed::default();
    let settings = Settings {
        name: read("name", &form.name, &mut typed, survey::read_text),
        subject: read("subject", &form.subject, &mut typed, survey::read_text),
        ..Settings::default()
    };
    let id = survey::id_of(form.name.trim());
    if settings.name.is_none() {
        typed.problems.insert("name", Problem::Text);
    } else if !limits::is_identifier(&id) {
        typed.problems.insert("name", Problem::Id);
    }
    if typed.problems.is_empty() {
        if collector.store.add_survey(&id, &settings, Timestamp::now()).await? {
            return Ok(see_other(&format!("/surveys/{id}?done=added")));
        }
        typed.exists = true;
    }
    let mut page = list_page(&collector, &person, &typed).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// A field's value by what reads it, if it is not empty; what was typed and what was wrong is kept.
fn read<T>(
    name: &'static str,
    text: &str,
    typed: &mut Typed,
    read: impl Fn(&str) -> Result<T, Problem>,
) -> Option<T> {
    let text = text.trim();
    typed.values.insert(name, text.to_owned());
    if text.is_empty() {
        return None;
    }
    read(text).map_err(|problem| typed.problems.insert(name, problem)).ok()
}

async fn find(collector: &Shared, id: &str) -> Result<Survey, PageError> {
    let survey = collector.store.survey(id).await?;
    survey.ok_or(PageError(Error::NotFound(NO_SURVEY)))
}

fn touchpoint(query: Option<&str>) -> Touchpoint {
    parameter(query, "touchpoint")
        .and_then(|name| Touchpoint::from_name(&name))
        .unwrap_or(Touchpoint::Order)
}

fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// `GET /surveys/{id}`
pub(crate) async fn page(
    person: Person,
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let survey = find(&collector, &id).await?;
    let (entry, refusals) = entry(&collector, survey).await?;
    let said = Said::from_name(&parameter(query.as_deref(), "done").unwrap_or_default());
    let touchpoint = touchpoint(query.as_deref());
    Ok(view::survey(&person, &entry, &refusals, touchpoint, said, None))
}

/// A survey's settings, as they are typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct SurveySettings {
    name: String,
    subject: String,
    origins: String,
    review_link: String,
    retention_days: String,
    language: String,
}

/// `POST /surveys/{id}`: changes the settings. What the file says stays.
pub(crate) async fn save(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<SurveySettings>,
) -> Result<Response, PageError> {
    let survey = find(&collector, &id).await?;
    let mut typed = Typed::default();
    let settings = Settings {
        name: read("name", &form.name, &mut typed, survey::read_text),
        subject: read("subject", &form.subject, &mut typed, survey::read_text),
        origins: read("origins", &form.origins, &mut typed, AllowedOrigin::read_list),
        review_link: read("review-link", &form.review_link, &mut typed, survey::read_link),
        retention_days: read(
            "retention-days",
            &form.retention_days,
            &mut typed,
            survey::read_retention,
        ),
        language: read("language", &form.language, &mut typed, survey::read_language),
    };
    // What the form only shows is neither read nor complained about.
    for (field, name) in [
        (Field::Name, "name"),
        (Field::Subject, "subject"),
        (Field::Origins, "origins"),
        (Field::ReviewLink, "review-link"),
        (Field::RetentionDays, "retention-days"),
        (Field::Language, "language"),
    ] {
        if survey.fixed.contains(&field) {
            typed.problems.remove(name);
            typed.values.remove(name);
        }
    }
    if typed.problems.is_empty() {
        collector.store.set_survey(&id, &settings).await?;
        return Ok(see_other(&format!("/surveys/{id}?done=saved")));
    }
    let (entry, refusals) = entry(&collector, survey).await?;
    let mut page =
        view::survey(&person, &entry, &refusals, Touchpoint::Order, Said::Nothing, Some(&typed));
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// What is decided about refused answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decision {
    /// `allow` the origin, or `forget` them all.
    #[serde(rename = "do")]
    action: String,
    origin: String,
}

/// `POST /surveys/{id}/refusals`: allows a site that was refused, or forgets them all.
pub(crate) async fn refusals(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { form: Decision { action, origin }, .. }: OwnForm<Decision>,
) -> Result<Response, PageError> {
    let survey = find(&collector, &id).await?;
    let done = match (action.as_str(), AllowedOrigin::read(&origin)) {
        ("allow", Ok(origin)) if !survey.fixed.contains(&Field::Origins) => {
            collector.store.allow_origin(&id, &origin).await?;
            "allowed"
        }
        ("forget", _) => {
            collector.store.forget_refusals(&id).await?;
            "forgotten"
        }
        _ => return Err(PageError(Error::NotFound(NO_SURVEY))),
    };
    Ok(see_other(&format!("/surveys/{id}?done={done}")))
}

/// `GET /surveys/{id}/preview`
pub(crate) async fn preview(
    person: Person,
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let survey = find(&collector, &id).await?;
    Ok(view::preview(&person, &survey, touchpoint(query.as_deref())))
}
