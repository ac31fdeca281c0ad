//! Import: a file is uploaded, previewed, corrected and imported.

mod view;

use std::sync::Arc;

use afterword_response::{Touchpoint, limits};
use axum::{
    body::Body,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::Response,
};
use serde::{Deserialize, Serialize};

use self::view::Trial;
pub(super) use self::view::section;
use super::{Notice, show, survey_choices};
use crate::{
    access::person::Person,
    exchange::{
        MAX_DISCARDED_BYTES, MAX_FILE_BYTES,
        mapping::Mapping,
        outcome::Tally,
        run::{self, Content, Dates, Defaults, File, ImportMode, Outcome, Rules, Target},
    },
    http::{
        download,
        error::{Error, PageError},
        extract::{Fields, OwnForm},
        file_form::{FileForm, SizeLimits},
        redirect::see_other,
    },
    privacy,
    state::Shared,
    store::Upload,
};

/// The defaults for a file's answers, as they are stored beside the file.
#[derive(Serialize, Deserialize)]
struct UploadDefaults {
    survey: String,
    touchpoint: Touchpoint,
    locale: String,
    #[serde(default)]
    currency: Option<String>,
}

impl From<UploadDefaults> for Defaults {
    fn from(kept: UploadDefaults) -> Self {
        let UploadDefaults { survey, touchpoint, locale, currency } = kept;
        Self { survey, touchpoint, locale, currency }
    }
}

/// Reads the defaults for answers from a form.
fn defaults(get: impl Fn(&str) -> String) -> Option<Defaults> {
    let survey = match get("new_survey") {
        new if new.is_empty() => get("survey"),
        new => new,
    };
    let touchpoint = Touchpoint::from_name(&get("touchpoint"))?;
    let locale = get("locale");
    let currency = Some(get("currency")).filter(|code| limits::is_code(code, 3));
    (limits::is_identifier(&survey) && limits::is_locale(&locale)).then_some(Defaults {
        survey,
        touchpoint,
        locale,
        currency,
    })
}

/// `POST /data/import`: stores a file, and leads to its preview.
pub(crate) async fn upload(
    person: Person,
    State(shared): State<Arc<Shared>>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let limits = SizeLimits { taken: MAX_FILE_BYTES, read: MAX_DISCARDED_BYTES };
    let turn = async { shared.imports.take().await.map_err(|_| PageError(Error::Importing)) };
    let (form, _turn) = FileForm::read(&person, form, limits, turn).await?;
    let FileForm { fields, name, bytes, is_too_large } = form;
    if is_too_large {
        return show(&shared, &person, Some(&Notice::TooLarge)).await;
    }
    let get = |wanted: &str| fields.get(wanted).trim().to_owned();
    let Some(defaults) = defaults(get) else {
        return show(&shared, &person, Some(&Notice::WrongSurvey)).await;
    };
    if bytes.is_empty() {
        return show(&shared, &person, Some(&Notice::NoFile)).await;
    }
    if let Err(problem) = File::open_aside(bytes.clone()).await {
        return show(&shared, &person, Some(&Notice::NoTable(problem))).await;
    }
    let Defaults { survey, touchpoint, locale, currency } = defaults;
    let kept = UploadDefaults { survey, touchpoint, locale, currency };
    let kept = serde_json::to_string(&kept).unwrap_or_default();
    let id = shared.store.put_upload(&name, &bytes, &kept).await?;
    Ok(see_other(&format!("/data/import/{id}")))
}

async fn waiting(shared: &Shared, id: &str) -> Result<Upload, PageError> {
    shared.store.upload(id).await?.ok_or(PageError(Error::UploadGone))
}

/// `GET /data/import/{id}`: the preview of a file, or the result of its import.
pub(crate) async fn trial(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let upload = waiting(&shared, &id).await?;
    if let Some(outcome) = &upload.outcome {
        let outcome: Tally = serde_json::from_str(outcome).unwrap_or_default();
        let has_rejected = upload.rejected.is_some_and(|rows| !rows.is_empty());
        return Ok(view::done(&person, &id, &upload.name, &outcome, has_rejected));
    }
    let defaults: UploadDefaults =
        serde_json::from_str(&upload.defaults).map_err(|_| PageError(Error::UploadGone))?;
    let _turn = shared.imports.take().await.map_err(|_| PageError(Error::Importing))?;
    try_out(&shared, &person, &id, upload, defaults.into(), None).await
}

/// Reads a file, and guesses the meaning of its columns.
async fn understood(bytes: Vec<u8>, form: Option<&Fields>) -> Result<(File, Mapping), PageError> {
    let file = File::open_aside(bytes).await.map_err(|_| PageError(Error::UploadGone))?;
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
    shared: &Shared,
    person: &Person,
    id: &str,
    upload: Upload,
    defaults: Defaults,
    form: Option<&Fields>,
) -> Result<Response, PageError> {
    let (file, mapping) = understood(upload.bytes, form).await?;
    let problems = file.problems(&mapping, &defaults);
    let outcome = if problems.is_empty() {
        run_import(shared, &file, &mapping, &defaults, ImportMode::DryRun).await?
    } else {
        Outcome { rows: file.rows(), ..Outcome::default() }
    };
    let surveys = survey_choices(shared).await?;
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
            surveys: &surveys,
        },
    ))
}

async fn run_import(
    shared: &Shared,
    file: &File,
    mapping: &Mapping,
    defaults: &Defaults,
    mode: ImportMode,
) -> Result<Outcome, PageError> {
    let keep = privacy::retention(&shared.store, shared.keep_days).await?;
    let rules = Rules::in_service(shared.intake.redaction(), &keep, mode);
    Ok(run::import(&shared.store, file, mapping, defaults, rules, &mut |_, _| {}).await?)
}

/// `POST /data/import/{id}`: shows the preview with corrections, or imports.
pub(crate) async fn import(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    let upload = waiting(&shared, &id).await?;
    if upload.outcome.is_some() {
        // The button was pressed twice.
        return Ok(see_other(&format!("/data/import/{id}")));
    }
    let Some(defaults) = defaults(|name| form.get(name).trim().to_owned()) else {
        return show(&shared, &person, Some(&Notice::WrongSurvey)).await;
    };
    let turn = shared.imports.take().await.map_err(|_| PageError(Error::Importing))?;
    if form.get("do") != "import" {
        return try_out(&shared, &person, &id, upload, defaults, Some(&form)).await;
    }
    let (file, mapping) = understood(upload.bytes.clone(), Some(&form)).await?;
    if !file.problems(&mapping, &defaults).is_empty() {
        return try_out(&shared, &person, &id, upload, defaults, Some(&form)).await;
    }
    drop(upload);
    // In a task, so that a browser that closes the connection does not leave half of the file imported.
    // (A second import would complete it.)
    let intake = Arc::clone(&shared.intake);
    let (key, language) = (id.clone(), person.language);
    let import = intake.complete(async move {
        let _turn = turn;
        let outcome = run_import(&shared, &file, &mapping, &defaults, ImportMode::Import).await?;
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

/// `GET /data/import/{id}/rejected`: the rows that were not imported, as CSV.
pub(crate) async fn rejected(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let rows = waiting(&shared, &id).await?.rejected.unwrap_or_default();
    let content_type = "text/csv; charset=utf-8; header=present";
    Ok(download::attachment("afterword-not-imported.csv", content_type, Body::from(rows)))
}
