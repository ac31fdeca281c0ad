//! The parameters of an export: which responses, in which format.

use serde_json::json;

use super::{columns::Dialect, export::Format};
use crate::query::{BadQuery, Empty, FilterQuery, ListQuery, Parameter, ParameterProblem};

/// A query for an export.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExportQuery {
    pub(crate) filter: FilterQuery,
    pub(crate) format: Format,
}

impl ExportQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let mut parameters = ListQuery::parameters();
        parameters.retain(|parameter| !matches!(parameter.name, "limit" | "after"));
        parameters.extend([
            Parameter::named(
                "format",
                "What the file is written as.",
                json!({ "enum": ["csv", "jsonl"], "default": "csv" }),
            ),
            Parameter::named(
                "delimiter",
                "Between the fields of CSV.",
                json!({ "enum": ["comma", "semicolon"], "default": "comma" }),
            ),
        ]);
        parameters
    }

    /// Reads the part of an address after the `?`. `usual` is the dialect of CSV if the query names none.
    ///
    /// # Errors
    /// A parameter is unknown or wrong, or only for lists.
    pub(crate) fn read(query: &str, empty: Empty, usual: Dialect) -> Result<Self, BadQuery> {
        let (mut is_csv, mut dialect) = (true, usual);
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let problem = match (&*name, &*value) {
                ("format", "csv") => {
                    is_csv = true;
                    continue;
                }
                ("format", "jsonl") => {
                    is_csv = false;
                    continue;
                }
                ("format", _) => ParameterProblem::Either("csv", "jsonl"),
                // An empty choice in the page's form stands for the reader's language.
                ("delimiter", "") if empty == Empty::Ignored => continue,
                ("delimiter", "comma") => {
                    dialect = Dialect::Comma;
                    continue;
                }
                ("delimiter", "semicolon") => {
                    dialect = Dialect::Semicolon;
                    continue;
                }
                ("delimiter", _) => ParameterProblem::Either("comma", "semicolon"),
                ("limit" | "after", _) => ParameterProblem::ForLists,
                _ => {
                    rest.append_pair(&name, &value);
                    continue;
                }
            };
            return Err(BadQuery::of(&name, problem));
        }
        let filter = ListQuery::read(&rest.finish(), empty)?.filter;
        let format = if is_csv { Format::Csv(dialect) } else { Format::JsonLines };
        Ok(Self { filter, format })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_delimiter_is_refused_for_programs_only() {
        let read = |empty| ExportQuery::read("format=csv&delimiter=", empty, Dialect::Semicolon);
        let format = read(Empty::Ignored).map(|query| query.format);
        assert_eq!(format, Ok(Format::Csv(Dialect::Semicolon)));
        assert!(read(Empty::Refused).is_err());
    }

    #[test]
    fn fuzz_export_query() {
        bolero::check!(name = "export_query").with_iterations(2_000).for_each(|query: &[u8]| {
            let query = String::from_utf8_lossy(query);
            if let Err(refused) = ExportQuery::read(&query, Empty::Refused, Dialect::Comma) {
                assert!(!refused.0.is_empty());
            }
        });
    }
}
