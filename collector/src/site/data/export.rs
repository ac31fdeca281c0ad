//! The export of answers as a file.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use axum::extract::{RawQuery, State};
use maud::{Markup, html};

use super::{survey_options, touchpoint_options, words::Words};
use crate::{
    access::{person::Person, public_ids::Ids},
    exchange::{export_query::ExportQuery, run::Dialect, sheet::Sheet},
    http::error::PageError,
    language::Language,
    query::{Empty, SEGMENTS},
    reading::{self, Export},
    site::frame::names::Names,
    state::Shared,
    themes::Theme,
};

/// The format of the file for people; programs have no use for it.
const SHEET: &str = "sheet";

/// `GET /data/export`: the answers that a filter lets through, as a file.
pub(crate) async fn download(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Export, PageError> {
    // Spreadsheets of that language expect this dialect.
    let dialect = match person.language {
        Language::German => Dialect::Semicolon,
        Language::English => Dialect::Comma,
    };
    let query = query.unwrap_or_default();
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        form_urlencoded::parse(query.as_bytes()).collect();
    let is_sheet =
        |(name, value): &(Cow<'_, str>, Cow<'_, str>)| name == "format" && value == SHEET;
    if !pairs.iter().any(is_sheet) {
        let query = ExportQuery::read(&query, Empty::Ignored, dialect)?;
        return Ok(reading::export(
            &shared.store,
            &query,
            person.language,
            Ids::of_role(person.role),
        )
        .await?);
    }
    let rest = pairs.iter().filter(|pair| !is_sheet(pair));
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    let filter = ExportQuery::read(&rest, Empty::Ignored, dialect)?.filter;
    let surveys = shared.store.surveys().await?;
    let words = Words::of(person.language);
    let sheet = Sheet {
        heading: [
            words.moment,
            words.score,
            words.segment,
            words.comment,
            words.themes,
            words.survey,
            words.touchpoint,
            words.order_number,
            words.customer_number,
            words.products,
        ],
        segment: match person.language {
            Language::English => |segment| Names::of(Language::English).segment(segment),
            Language::German => |segment| Names::of(Language::German).segment(segment),
        },
        touchpoint: match person.language {
            Language::English => |touchpoint| Names::of(Language::English).touchpoint(touchpoint),
            Language::German => |touchpoint| Names::of(Language::German).touchpoint(touchpoint),
        },
        themes: themes(&person),
        surveys: surveys.iter().map(|it| (it.id.clone(), it.title().to_owned())).collect(),
        zone: shared.store.time_zone().await?,
        dialect,
    };
    Ok(reading::sheet(&shared.store, &filter, sheet, person.language).await?)
}

/// The names of the themes in the reader's language.
fn themes(person: &Person) -> BTreeMap<Theme, String> {
    let names = Names::of(person.language);
    let name = |theme| (theme, names.theme(theme, &person.themes).to_owned());
    person.themes.all().map(name).collect()
}

/// The section of the page.
pub(super) fn section(person: &Person, surveys: &[(String, String)], words: &Words) -> Markup {
    let names = Names::of(person.language);
    html! {
        section .sheet aria-labelledby="export" {
            h2 #export { (words.export) }
            p .quiet { (words.export_lead) }
            form method="get" action="/data/export" {
                div .pair {
                    div .field {
                        label for="x-survey" { (words.survey) }
                        select #x-survey name="survey" {
                            option value="" { (words.all) }
                            (survey_options(surveys, ""))
                        }
                    }
                    div .field {
                        label for="x-touchpoint" { (words.touchpoint) }
                        select #x-touchpoint name="touchpoint" {
                            option value="" { (words.all) }
                            (touchpoint_options(None, person.language))
                        }
                    }
                    div .field {
                        label for="x-segment" { (words.segment) }
                        select #x-segment name="segment" {
                            option value="" { (words.all) }
                            @for (name, segment) in SEGMENTS {
                                option value=(name) { (names.segment(segment)) }
                            }
                        }
                    }
                    div .field {
                        label for="x-from" { (words.from) }
                        input #x-from type="date" name="from";
                    }
                    div .field {
                        label for="x-to" { (words.to) }
                        input #x-to type="date" name="to";
                    }
                    div .field {
                        label for="x-q" { (words.words) }
                        input #x-q name="q" autocomplete="off" maxlength="200";
                    }
                }
                fieldset {
                    legend { (words.format) }
                    div .files {
                        div .choice {
                            input #x-sheet type="radio" name="format" value=(SHEET) checked;
                            label for="x-sheet" { (words.sheet_file) small { (words.sheet_hint) } }
                        }
                        div .choice {
                            input #x-csv type="radio" name="format" value="csv";
                            label for="x-csv" { (words.csv) small { (words.csv_hint) } }
                        }
                        div .choice {
                            input #x-jsonl type="radio" name="format" value="jsonl";
                            label for="x-jsonl" { (words.jsonl) small { (words.jsonl_hint) } }
                        }
                    }
                }
                button { (words.download) }
                p .hint { (words.program_hint) code { "GET /v1/export" } "." }
            }
        }
    }
}
