//! `GET /v1/export`: the answers that match a filter, as a file.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use schemars::SchemaGenerator;

use crate::{
    access::{person::Visitor, public_ids::Ids},
    exchange::{export_query::ExportQuery, run::Dialect},
    http::{
        describe::{self, Operation},
        error::Error,
    },
    language::Language,
    query::Empty,
    reading::{self, Export},
    state::Shared,
};

pub(crate) async fn export(
    visitor: Visitor,
    State(collector): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Export, Error> {
    let query = query.unwrap_or_default();
    let query = ExportQuery::read(&query, Empty::Refused, Dialect::Comma)?;
    Ok(reading::export(
        &collector.store,
        &query,
        Language::English,
        Ids::exported_to(&visitor.caller),
    )
    .await?)
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(_: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "exportResponses",
        summary: "Export the responses of a filter as a file",
        description: "The file is written while it is sent; the header Afterword-Rows has the number of rows. \
            Spreadsheets read the umlauts in CSV, and cells that look like formulas are text. \
            With a read token the ids are public ones, with the admin token the original ones: \
            only that file can be imported again as the same responses.",
        parameters: ExportQuery::parameters(),
        body: None,
        answer: describe::file(),
        problems: &[400],
    }
}
