//! The parameters of the record of the link for a review.

use afterword_response::limits;
use jiff::civil::Date;
use serde_json::json;

use super::{
    Empty,
    parameter::{self, Parameter, names},
    problem::{BadQuery, ParameterProblem},
    read,
};
use crate::report::calendar::{Days, day};

/// A query for the record of the link for a review.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LinkProofQuery {
    pub(crate) survey: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    pub(crate) is_csv: bool,
}

impl LinkProofQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let day = || json!({ "type": "string", "format": "date" });
        vec![
            parameter::survey(),
            Parameter::named("from", "The first day, of the shop's calendar.", day()),
            Parameter::named("to", "The last day.", day()),
            Parameter::named(
                "format",
                "What the file is written as.",
                json!({ "enum": ["json", "csv"], "default": "json" }),
            ),
        ]
    }

    /// Reads the part of an address after the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, BadQuery> {
        let mut wanted = Self::default();
        read(query, empty, |name, value| {
            match name {
                "survey" if limits::is_identifier(value) => wanted.survey = Some(value.into()),
                "survey" => return Err(ParameterProblem::Identifier),
                "from" => wanted.from = Some(date(value)?),
                "to" => wanted.to = Some(date(value)?),
                "format" => match value {
                    "csv" => wanted.is_csv = true,
                    "json" => wanted.is_csv = false,
                    _ => return Err(ParameterProblem::Either("json", "csv")),
                },
                _ => return Err(ParameterProblem::Unknown { known: names(&Self::parameters()) }),
            }
            Ok(())
        })?;
        Ok(wanted)
    }

    /// The days; `None` for all there are.
    pub(crate) fn days(&self) -> Option<Days> {
        (self.from.is_some() || self.to.is_some()).then(|| Days {
            first: self.from.map_or(i32::MIN, day),
            last: self.to.map_or(i32::MAX, day),
        })
    }
}

fn date(value: &str) -> Result<Date, ParameterProblem> {
    value.parse().ok().filter(|_| value.len() == 10).ok_or(ParameterProblem::Day)
}
