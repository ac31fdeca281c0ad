//! `/data`: taking answers out and in, erasing, and the receipts.

pub(crate) mod expiry;
mod view;

use std::sync::Arc;

use afterword_response::{Touchpoint, limits};
use axum::{
    body::Body,
    extract::{Multipart, Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use serde::{Deserialize, Serialize};

use self::view::{Found, Said, Trial};
use crate::{
    access::person::Person,
    exchange::{
        LARGEST_FILE,
        export_query::ExportQuery,
        mapping::Mapping,
        outcome::Tally,
        run::{self, Carry, Content, Dates, Defaults, Dialect, File, Outcome, Rules, Target},
    },
    http::{
        cookies::see_other,
        download,
        error::{Error, PageError},
        extract::{Form, OwnForm},
    },
    language::Language,
    privacy,
    query::Empty,
    reading::{self, Export},
    state::Shared,
    store::{
        Upload,
        erasures::{Erase, Subject},
    },
};

/// How many receipts are shown.
const RECEIPTS: u32 = 20;

/// `GET /data`
pub(crate) async fn page(
    person: Person,
    State(collector): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    whole(&collector, &person, &Said::Nothing).await
}

async fn whole(collector: &Shared, person: &Person, said: &Said) -> Result<Response, PageError> {
    let surveys: Vec<(String, String)> = collector
        .store
        .surveys()
        .await?
        .into_iter()
        .map(|survey| (survey.id.clone(), survey.title().to_owned()))
        .collect();
    let receipts = collector.store.receipts(RECEIPTS).await?;
    let waiting = expiry::waiting(person, &collector.store.expiry().await?, &surveys);
    let mut response = view::data(person, &surveys, &receipts, said, &waiting);
    if said.is_refusal() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// What the answers of a file are of, as it is kept beside it.
#[derive(Serialize, Deserialize)]
struct Kept {
    survey: String,
    touchpoint: Touchpoint,
    locale: String,
}

impl From<Kept> for Defaults {
    fn from(kept: Kept) -> Self {
        Self { survey: kept.survey, touchpoint: kept.touchpoint, locale: kept.locale }
    }
}

/// Reads what answers are of from a form.
fn defaults(get: impl Fn(&str) -> String) -> Option<Defaults> {
    let survey = match get("new_survey") {
        new if new.is_empty() => get("survey"),
        new => new,
    };
    let touchpoint = Touchpoint::from_name(&get("touchpoint"))?;
    let locale = get("locale");
    (limits::is_identifier(&survey) && limits::is_locale(&locale)).then_some(Defaults {
        survey,
        touchpoint,
        locale,
    })
}

/// Fields of the form beside the file.
const MAX_FIELDS: usize = 16;

/// `POST /data/import`: takes a file, and shows what would come of it.
pub(crate) async fn upload(
    person: Person,
    State(collector): State<Arc<Shared>>,
    mut form: Multipart,
) -> Result<Response, PageError> {
    let broken = |_| PageError(Error::Broken);
    let mut fields: Vec<(String, String)> = Vec::new();
    let (mut name, mut bytes) = (String::new(), Vec::new());
    let mut is_checked = false;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let field_name = field.name().unwrap_or_default().to_owned();
        if field_name == "file" {
            // Only then: whoever is not allowed to should not fill the memory.
            if !is_checked {
                return Err(PageError(Error::ForeignForm));
            }
            name = field.file_name().unwrap_or_default().chars().take(120).collect();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                if bytes.len() + chunk.len() > LARGEST_FILE {
                    return whole(&collector, &person, &Said::TooLarge).await;
                }
                bytes.extend_from_slice(&chunk);
            }
        } else {
            let mut value = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                value.extend_from_slice(&chunk);
                if value.len() > 4_096 {
                    return Err(PageError(Error::TooLarge));
                }
            }
            let value = String::from_utf8_lossy(&value).into_owned();
            if field_name == "form_token" {
                person.check(Some(&value))?;
                is_checked = true;
            }
            if fields.len() == MAX_FIELDS {
                return Err(PageError(Error::TooLarge));
            }
            fields.push((field_name, value));
        }
    }
    if !is_checked {
        person.check(None)?;
    }
    let get = |wanted: &str| {
        fields
            .iter()
            .find(|(name, _)| name == wanted)
            .map_or("", |(_, value)| value)
            .trim()
            .to_owned()
    };
    let Some(defaults) = defaults(get) else {
        return whole(&collector, &person, &Said::WrongSurvey).await;
    };
    if bytes.is_empty() {
        return whole(&collector, &person, &Said::NoFile).await;
    }
    if let Err(problem) = File::open(&bytes) {
        return whole(&collector, &person, &Said::NoTable(problem)).await;
    }
    let kept =
        Kept { survey: defaults.survey, touchpoint: defaults.touchpoint, locale: defaults.locale };
    let kept = serde_json::to_string(&kept).unwrap_or_default();
    let id = collector.store.put_upload(&name, &bytes, &kept).await?;
    Ok(see_other(&format!("/data/import/{id}")))
}

async fn waiting(collector: &Shared, id: &str) -> Result<Upload, PageError> {
    collector.store.upload(id).await?.ok_or(PageError(Error::UploadGone))
}

/// `GET /data/import/{id}`: what would come of a file, or what came of it.
pub(crate) async fn trial(
    person: Person,
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let upload = waiting(&collector, &id).await?;
    if let Some(outcome) = &upload.outcome {
        let outcome: Tally = serde_json::from_str(outcome).unwrap_or_default();
        let has_rejected = upload.rejected.is_some_and(|rows| !rows.is_empty());
        return Ok(view::done(&person, &id, &upload.name, &outcome, has_rejected));
    }
    let defaults: Kept =
        serde_json::from_str(&upload.defaults).map_err(|_| PageError(Error::UploadGone))?;
    try_out(&collector, &person, &id, &upload, defaults.into(), None).await
}

/// A file, and what its columns are taken for.
fn understood(upload: &Upload, form: Option<&Form>) -> Result<(File, Mapping), PageError> {
    let file = File::open(&upload.bytes).map_err(|_| PageError(Error::UploadGone))?;
    let mut mapping =
        run::mapping_of(&file, &[], None).map_err(|_| PageError(Error::UploadGone))?;
    if let (Some(form), Content::Table(table)) = (form, &file.content) {
        for (column, target) in mapping.targets.iter_mut().enumerate() {
            if let Some(chosen) = Target::from_name(form.get(&format!("c{column}"))) {
                *target = chosen;
            }
        }
        mapping.dates = match form.get("dates") {
            "" => mapping.guess_dates(table),
            chosen => Dates::from_name(chosen).or(mapping.dates),
        };
    }
    Ok((file, mapping))
}

async fn try_out(
    collector: &Shared,
    person: &Person,
    id: &str,
    upload: &Upload,
    defaults: Defaults,
    form: Option<&Form>,
) -> Result<Response, PageError> {
    let (file, mapping) = understood(upload, form)?;
    let problems = match file.content {
        Content::Table(_) => mapping.problems(),
        Content::Lines(_) => Vec::new(),
    };
    let outcome = if problems.is_empty() {
        carry(collector, &file, &mapping, &defaults, Carry::Try).await?
    } else {
        Outcome { rows: file.rows(), ..Outcome::default() }
    };
    Ok(view::trial(
        person,
        &Trial {
            id,
            name: &upload.name,
            file: &file,
            mapping: &mapping,
            defaults: &defaults,
            problems: &problems,
            outcome: &outcome,
        },
    ))
}

async fn carry(
    collector: &Shared,
    file: &File,
    mapping: &Mapping,
    defaults: &Defaults,
    carry: Carry,
) -> Result<Outcome, PageError> {
    let keep = privacy::retention(&collector.store, collector.keep_days).await?;
    let rules = Rules { redaction: collector.intake.redaction(), keep: &keep, carry };
    Ok(run::import(&collector.store, file, mapping, defaults, rules, &mut |_, _| {}).await?)
}

/// `POST /data/import/{id}`: looks again with corrections, or imports.
pub(crate) async fn import(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let upload = waiting(&collector, &id).await?;
    if upload.outcome.is_some() {
        // Pressed twice.
        return Ok(see_other(&format!("/data/import/{id}")));
    }
    let Some(defaults) = defaults(|name| form.trimmed(name).to_owned()) else {
        return whole(&collector, &person, &Said::WrongSurvey).await;
    };
    let (file, mapping) = understood(&upload, Some(&form))?;
    let is_ready = matches!(file.content, Content::Lines(_)) || mapping.problems().is_empty();
    if form.get("do") != "import" || !is_ready {
        return try_out(&collector, &person, &id, &upload, defaults, Some(&form)).await;
    }
    // To its end: a browser that goes away must not leave half an import behind. (A second one would
    // complete it.)
    let shared = Arc::clone(&collector);
    let (key, language) = (id.clone(), person.language);
    let import = collector.intake.complete(async move {
        let outcome = carry(&shared, &file, &mapping, &defaults, Carry::Out).await?;
        let names = match &file.content {
            Content::Table(table) => table.names.clone(),
            Content::Lines(_) => vec!["response".to_owned()],
        };
        let rejected = match outcome.rejected.as_slice() {
            [] => Vec::new(),
            rows => {
                let rows = run::rejected_csv_for(language, &names, rows);
                rows.map_err(|error| PageError(Error::File(error)))?
            }
        };
        let done = serde_json::to_string(&Tally::of(&outcome)).unwrap_or_default();
        shared.store.finish_upload(&key, &done, &rejected).await?;
        Ok::<(), PageError>(())
    });
    import.await?;
    Ok(see_other(&format!("/data/import/{id}")))
}

/// `GET /data/import/{id}/rejected`: the rows that were not taken, as CSV.
pub(crate) async fn rejected(
    State(collector): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let rows = waiting(&collector, &id).await?.rejected.unwrap_or_default();
    let content_type = "text/csv; charset=utf-8; header=present";
    Ok(download::attachment("afterword-not-imported.csv", content_type, Body::from(rows)))
}

/// `GET /data/export`: the answers that a filter lets through, as a file.
pub(crate) async fn download(
    person: Person,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Export, PageError> {
    // What the spreadsheets of that language expect.
    let usual = match person.language {
        Language::German => Dialect::Semicolon,
        Language::English => Dialect::Comma,
    };
    let query = ExportQuery::read(&query.unwrap_or_default(), Empty::Unsaid, usual)?;
    Ok(reading::export(&collector.store, &query).await?)
}

/// `POST /data/erase`: shows whose answers would go, and erases them once that was confirmed.
pub(crate) async fn erase(
    State(collector): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm,
) -> Result<Response, PageError> {
    let value = form.trimmed("value").to_owned();
    let subject = match form.get("by") {
        "order" => Subject::Order,
        "customer" => Subject::Customer,
        _ => Subject::Response,
    };
    if value.is_empty() {
        return whole(&collector, &person, &Said::NoValue).await;
    }
    let id = value.to_ascii_lowercase();
    let what = match subject {
        Subject::Order => Erase::Order(&value),
        Subject::Customer => Erase::Customer(&value),
        _ => Erase::Response(&id),
    };
    if form.get("do") == "erase" {
        let said = match collector.store.erase(what).await? {
            Some(receipt) => Said::Erased(receipt),
            None => Said::NothingFound(value),
        };
        return whole(&collector, &person, &said).await;
    }
    let found = collector.store.would_erase(what).await?;
    if found.is_empty() {
        return whole(&collector, &person, &Said::NothingFound(value)).await;
    }
    Ok(view::confirm(&person, &Found { subject, value: &value, responses: &found }))
}
