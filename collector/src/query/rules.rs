//! The parameters of the list of rules.

use serde_json::json;

use super::{
    Empty,
    parameter::Parameter,
    problem::{BadQuery, ParameterProblem},
    read,
};

/// Rules on a page.
const MAX_PAGE_LENGTH: u32 = 50;

/// A query for the rules of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleQuery {
    /// The number of the last rule of the page before.
    pub(crate) after: i64,
    pub(crate) limit: u32,
}

impl RuleQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let length = json!({
            "type": "integer", "minimum": 1, "maximum": MAX_PAGE_LENGTH, "default": MAX_PAGE_LENGTH
        });
        let after = json!({ "type": "string", "pattern": "^[0-9]{1,18}$" });
        vec![
            Parameter::named("limit", "The length of a page.", length),
            Parameter::named("after", "The value of next from the page before, unchanged.", after),
        ]
    }

    /// Reads the part of an address after the `?`.
    pub(crate) fn read(query: &str) -> Result<Self, BadQuery> {
        let mut rules = Self { after: 0, limit: MAX_PAGE_LENGTH };
        read(query, Empty::Refused, |name, value| {
            match name {
                "limit" => {
                    rules.limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MAX_PAGE_LENGTH).contains(limit))
                        .ok_or(ParameterProblem::Number { least: 1, most: MAX_PAGE_LENGTH })?;
                }
                "after" => {
                    let after = value.parse().ok().filter(|after| *after >= 0);
                    rules.after = after.ok_or(ParameterProblem::Cursor)?;
                }
                _ => return Err(ParameterProblem::Unknown { known: vec!["limit", "after"] }),
            }
            Ok(())
        })?;
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn wrong_values_are_refused() {
        assert_eq!(RuleQuery::read("").unwrap(), RuleQuery { after: 0, limit: 50 });
        let narrow = RuleQuery::read("limit=1&after=7").unwrap();
        assert_eq!(narrow, RuleQuery { after: 7, limit: 1 });
        for query in ["limit=0", "limit=51", "after=x", "after=-1", "state=open"] {
            assert!(RuleQuery::read(query).is_err(), "{query}");
        }
    }
}
