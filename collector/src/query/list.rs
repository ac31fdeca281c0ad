//! The parameters of a list.

use serde_json::json;

use super::{
    Empty,
    filter::FilterQuery,
    parameter::Parameter,
    problem::{BadQuery, ParameterProblem},
    read,
};
use crate::store::Cursor;

/// Responses on a page.
const MAX_PAGE_LENGTH: u32 = 200;
/// Responses on a page if the query does not say.
const DEFAULT_PAGE_LENGTH: u32 = 50;

/// A query for a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListQuery {
    pub(crate) filter: FilterQuery,
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: u32,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self { filter: FilterQuery::default(), after: None, limit: DEFAULT_PAGE_LENGTH }
    }
}

impl ListQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let length = json!({
            "type": "integer", "minimum": 1, "maximum": MAX_PAGE_LENGTH, "default": DEFAULT_PAGE_LENGTH
        });
        let after = "The value of next from the page before, unchanged.";
        let mut parameters = FilterQuery::parameters();
        parameters.extend([
            Parameter::named("limit", "The length of a page.", length),
            Parameter::named("after", after, json!({ "type": "string", "format": "cursor" })),
        ]);
        parameters
    }

    /// Reads the part of an address after the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, BadQuery> {
        let mut list = Self::default();
        read(query, empty, |name, value| list.set(name, value))?;
        if empty == Empty::Ignored {
            list.filter.put_days_in_order();
        }
        Ok(list)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), ParameterProblem> {
        match name {
            "limit" => {
                self.limit = value
                    .parse()
                    .ok()
                    .filter(|limit| (1..=MAX_PAGE_LENGTH).contains(limit))
                    .ok_or(ParameterProblem::Number { least: 1, most: MAX_PAGE_LENGTH })?;
            }
            "after" => {
                self.after = Some(Cursor::decode(value).ok_or(ParameterProblem::Cursor)?);
            }
            _ => return self.filter.set(name, value, Self::parameters),
        }
        Ok(())
    }

    /// The query for the same list, starting after `after`.
    pub(crate) fn behind(&self, after: Option<&Cursor>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filter.pairs());
        if self.limit != DEFAULT_PAGE_LENGTH {
            query.append_pair("limit", &self.limit.to_string());
        }
        if let Some(after) = after {
            query.append_pair("after", &after.encode());
        }
        query.finish()
    }
}
