//! What is done with all answers that a filter finds: which, and how many whoever asks has seen.

use serde_json::json;

use super::{
    Empty,
    filter::FilterQuery,
    parameter::Parameter,
    problem::{BadQuery, ParameterProblem},
    read,
};

/// Answers that a filter finds, and what was seen of them before something is done with them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChoiceQuery {
    pub(crate) filter: FilterQuery,
    /// How many they were as they were looked at; without it nothing is done, and said how many they are.
    pub(crate) answers: Option<u64>,
}

impl ChoiceQuery {
    /// The parameters there are.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let mut parameters = FilterQuery::parameters();
        parameters.push(Parameter::named(
            "answers",
            "How many answers the filter finds, as it said before. Without it nothing is done.",
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        ));
        parameters
    }

    /// Reads the part of an address behind the `?`. A filter has to be said: a slip must not reach everything
    /// there is.
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
            let problem = "or another filter has to be said: this reaches no answers without one";
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
    fn a_filter_has_to_be_said() {
        let choice = ChoiceQuery::read("aside=flagged&answers=12").unwrap();
        assert_eq!(choice.answers, Some(12));
        assert_eq!(ChoiceQuery::read("survey=a").unwrap().answers, None);
        for query in ["", "answers=12", "survey=", "answers=-1&survey=a", "limit=3&survey=a"] {
            assert!(ChoiceQuery::read(query).is_err(), "{query}");
        }
    }
}
