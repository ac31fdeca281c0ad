//! The parameters of an action on all answers that a filter finds: the filter, and the confirmed number.

use serde_json::json;

use super::{
    Empty,
    filter::FilterQuery,
    parameter::Parameter,
    problem::{BadQuery, ParameterProblem},
    read,
};

/// A query for an action on the answers that a filter finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChoiceQuery {
    pub(crate) filter: FilterQuery,
    /// The number of answers that the caller has confirmed; without it nothing is changed.
    pub(crate) answers: Option<u64>,
}

impl ChoiceQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let mut parameters = FilterQuery::parameters();
        parameters.push(Parameter::named(
            "answers",
            "The number of answers that the filter finds, from an earlier request without it. Without it nothing is changed.",
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        ));
        parameters
    }

    /// Reads the part of an address after the `?`. A filter is required, so that a typing error cannot select all
    /// answers.
    pub(crate) fn read(query: &str) -> Result<Self, BadQuery> {
        let mut choice = Self { filter: FilterQuery::default(), answers: None };
        read(query, Empty::Refused, |name, value| match name {
            "answers" => {
                let answers: u32 = value
                    .parse()
                    .map_err(|_| ParameterProblem::Number { least: 0, most: u32::MAX })?;
                choice.answers = Some(answers.into());
                Ok(())
            }
            _ => choice.filter.set(name, value, Self::parameters),
        })?;
        if choice.filter == FilterQuery::default() {
            let problem =
                "or another filter is required: without a filter this request changes nothing";
            return Err(BadQuery::of("survey", ParameterProblem::ForPrograms(problem.to_owned())));
        }
        Ok(choice)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_filter_is_required() {
        let choice = ChoiceQuery::read("aside=flagged&answers=12").unwrap();
        assert_eq!(choice.answers, Some(12));
        assert_eq!(ChoiceQuery::read("survey=a").unwrap().answers, None);
        for query in ["", "answers=12", "survey=", "answers=-1&survey=a", "limit=3&survey=a"] {
            assert!(ChoiceQuery::read(query).is_err(), "{query}");
        }
    }
}
