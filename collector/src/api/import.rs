//! `POST /v1/import`: a program sends a file of answers that another tool has collected. The query has the options
//! of the command `import`: `survey`, `touchpoint`, `locale`, `currency`, `dates`, `dry_run`, and
//! `map.TARGET=COLUMN`.

use std::{collections::BTreeMap, sync::Arc};

use afterword_response::{Touchpoint, limits};
use axum::{
    Json,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderName, header},
};
use futures_util::TryStreamExt as _;
use schemars::SchemaGenerator;
use serde::Serialize;
use serde_json::json;

use crate::{
    exchange::{
        MAX_DISCARDED_BYTES, MAX_FILE_BYTES,
        run::{self, Content, Dates, Defaults, File, ImportMode, Place, Rules, Target},
    },
    http::{
        describe::{self, Operation, in_json},
        error::Error,
    },
    privacy,
    query::{self, BadParameter, BadQuery, Parameter, ParameterProblem},
    state::Shared,
};

/// Rejected rows in the list; the counts cover all of them.
const MAX_REJECTIONS: usize = 1_000;

/// The result of an import, or of a dry run.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Imported {
    dry_run: bool,
    origin: &'static str,
    encoding: &'static str,
    /// The target that each column was recognised as; empty for JSON Lines.
    columns: BTreeMap<String, &'static str>,
    rows: u64,
    added: u64,
    known: u64,
    erased: u64,
    rejected: u64,
    rejections: Vec<Rejection>,
}

/// A row that was not imported.
#[derive(Serialize, schemars::JsonSchema)]
struct Rejection {
    line: u64,
    reason: String,
}

/// The options in the query.
struct ImportQuery {
    defaults: Defaults,
    dates: Option<Dates>,
    map: Vec<(Target, String)>,
    mode: ImportMode,
}

pub(crate) async fn import(
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Result<([(HeaderName, &'static str); 1], Json<Imported>), Error> {
    let wanted = read(query.as_deref().unwrap_or_default())?;
    let turn = collector.imports.take().await.map_err(|_| Error::Importing)?;
    let file = File::open_aside(whole(body).await?).await;
    let file = file.map_err(|error| refused("body", &error.to_string()))?;
    let mapping = run::mapping_of(&file, &wanted.map, wanted.dates)
        .map_err(|problem| refused("map", &problem))?;
    let problems: Vec<BadParameter> = file
        .problems(&mapping, &wanted.defaults)
        .iter()
        .map(|it| BadParameter {
            name: it.parameter(),
            problem: ParameterProblem::ForPrograms(it.advice(Place::Query)),
        })
        .collect();
    if !problems.is_empty() {
        return Err(BadQuery(problems).into());
    }
    // In a task, so that a client that hangs up does not leave half of the file imported.
    let shared = Arc::clone(&collector);
    let import = collector.intake.complete(async move {
        let _turn = turn;
        let keep = privacy::retention(&shared.store, shared.keep_days).await?;
        let rules = Rules::in_service(shared.intake.redaction(), &keep, wanted.mode);
        let outcome =
            run::import(&shared.store, &file, &mapping, &wanted.defaults, rules, &mut |_, _| {})
                .await?;
        let columns = match &file.content {
            Content::Table(table) => {
                let targets = mapping.targets.iter().map(|target| target.name());
                table.names.iter().cloned().zip(targets).collect()
            }
            Content::Lines(_) => BTreeMap::new(),
        };
        Ok::<_, Error>(Imported {
            dry_run: wanted.mode == ImportMode::DryRun,
            origin: mapping.origin.name(),
            encoding: file.encoding,
            columns,
            rows: outcome.rows,
            added: outcome.added,
            known: outcome.known,
            erased: outcome.erased,
            rejected: outcome.refused,
            rejections: outcome
                .rejected
                .iter()
                .take(MAX_REJECTIONS)
                .map(|row| Rejection { line: row.line, reason: row.reason.to_string() })
                .collect(),
        })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(import.await?)))
}

/// The whole body. If it is too large, the rest is read and dropped for a while, so that the sender gets to
/// read the answer.
async fn whole(body: Body) -> Result<Vec<u8>, Error> {
    let (mut bytes, mut size) = (Vec::new(), 0);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.try_next().await.map_err(|error| Error::of_body(&error))? {
        size += piece.len();
        if size <= MAX_FILE_BYTES {
            bytes.extend_from_slice(&piece);
        } else if size > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if size > MAX_FILE_BYTES {
        return Err(refused("body", "must be at most 20 MB").into());
    }
    Ok(bytes)
}

fn refused(name: &str, problem: &str) -> BadQuery {
    BadQuery::of(name, ParameterProblem::ForPrograms(problem.to_owned()))
}

fn read(query: &str) -> Result<ImportQuery, BadQuery> {
    let mut wanted = ImportQuery {
        defaults: Defaults { locale: "en".into(), ..Defaults::of_survey("default") },
        dates: None,
        map: Vec::new(),
        mode: ImportMode::Import,
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "survey" if limits::is_identifier(&value) => {
                wanted.defaults.survey = value.into_owned();
            }
            "survey" => {
                return Err(BadQuery::of("survey", ParameterProblem::Identifier));
            }
            "touchpoint" => {
                wanted.defaults.touchpoint = Touchpoint::from_name(&value).ok_or_else(|| {
                    BadQuery::of("touchpoint", ParameterProblem::Word(Touchpoint::NAMES.to_vec()))
                })?;
            }
            "locale" if limits::is_locale(&value) => {
                wanted.defaults.locale = value.into_owned();
            }
            "locale" => return Err(refused("locale", "must be a language tag such as de")),
            "currency" if limits::is_code(&value, 3) => {
                wanted.defaults.currency = Some(value.into_owned());
            }
            "currency" => {
                return Err(refused("currency", "must be three capital letters such as EUR"));
            }
            "dates" => {
                wanted.dates = Some(Dates::from_name(&value).ok_or_else(|| {
                    let names = Dates::NAMES.map(|(name, _)| name);
                    BadQuery::of("dates", ParameterProblem::Word(names.to_vec()))
                })?);
            }
            "dry_run" => {
                wanted.mode = match &*value {
                    "true" => ImportMode::DryRun,
                    "false" => ImportMode::Import,
                    _ => {
                        let problem = ParameterProblem::Either("true", "false");
                        return Err(BadQuery::of("dry_run", problem));
                    }
                };
            }
            other => match other.strip_prefix("map.").map(Target::from_name) {
                Some(Some(target)) => wanted.map.push((target, value.into_owned())),
                _ => {
                    let known = parameters().iter().map(|it| it.name).collect();
                    return Err(BadQuery::of(other, ParameterProblem::Unknown { known }));
                }
            },
        }
    }
    Ok(wanted)
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "importResponses",
        summary: "Import a file of responses from another tool",
        description: "A table as CSV or .xlsx from another product, or an exported file. Importing a file again changes \
            nothing. If a column is not recognised, name it by map.TARGET=COLUMN.",
        parameters: parameters(),
        body: Some(describe::file()),
        answer: in_json::<Imported>(generator),
        problems: &[400],
    }
}

fn parameters() -> Vec<Parameter> {
    let dates = Dates::NAMES.map(|(name, _)| name);
    let targets = Target::NAMES.map(|(name, _)| name).join("|");
    vec![
        Parameter::named("survey", "The survey of rows that name none.", query::survey_id()),
        Parameter::named("touchpoint", "Their touchpoint.", json!({ "enum": Touchpoint::NAMES })),
        Parameter::named(
            "locale",
            "Their language, as a tag such as de.",
            json!({
                "type": "string", "maxLength": limits::LOCALE,
                "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
            }),
        ),
        Parameter::named(
            "currency",
            "The currency of amounts that say none.",
            json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        ),
        Parameter::named(
            "dates",
            "How dates are written where that is ambiguous.",
            json!({ "enum": dates }),
        ),
        Parameter::named(
            "dry_run",
            "Whether only to say what would be added.",
            json!({ "type": "boolean", "default": false }),
        ),
        Parameter::spread(
            "map",
            vec!["map.TARGET"],
            "The columns that are not recognized: map.TARGET=COLUMN, as in map.score=Rating.",
            json!({
                "patternProperties": { (format!("^map\\.({targets})$")): { "type": "string" } },
                "additionalProperties": false
            }),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuzz_import_query() {
        bolero::check!(name = "import_query").with_iterations(2_000).for_each(|query: &[u8]| {
            match read(&String::from_utf8_lossy(query)) {
                Ok(ImportQuery { defaults, .. }) => {
                    assert!(limits::is_identifier(&defaults.survey));
                    assert!(limits::is_locale(&defaults.locale));
                }
                Err(refused) => assert!(!refused.0.is_empty()),
            }
        });
    }
}
