//! The query of a list: which responses, how many, from where.
//!
//! A parameter that is unknown or wrong is refused: a filter that silently does nothing would show
//! a person the wrong numbers.

use afterword_response::{Segment, Touchpoint, limits, receive::FieldProblem};

use crate::{
    error::Error,
    store::{Cursor, Filter},
};

/// The longest page.
pub(crate) const MOST: u32 = 200;
/// A page's length if nothing is said.
const USUAL: u32 = 50;
/// The segments' names, in the order of the scale.
pub(crate) const SEGMENTS: [(&str, Segment); 3] = [
    ("detractor", Segment::Detractor),
    ("passive", Segment::Passive),
    ("promoter", Segment::Promoter),
];

/// What a list is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListQuery {
    pub(crate) filter: Filter,
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: u32,
}

/// What an empty parameter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// Nothing: a form in a browser sends fields that were left empty.
    Unsaid,
    /// A mistake: a program that sends one lost a value on the way.
    Refused,
}

impl ListQuery {
    /// Reads the part of an address behind the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, Error> {
        let mut list = Self { filter: Filter::default(), after: None, limit: USUAL };
        let mut problems = Vec::new();
        let mut said = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if value.is_empty() && empty == Empty::Unsaid {
                continue;
            }
            let problem = if said.contains(&name) {
                Some("must be given once".to_owned())
            } else {
                list.set(&name, &value).err()
            };
            if let Some(problem) = problem {
                problems.push(FieldProblem { field: name.to_string(), problem });
            }
            said.push(name);
        }
        if problems.is_empty() { Ok(list) } else { Err(Error::Query(problems)) }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "survey" if limits::is_identifier(value) => self.filter.survey = Some(value.into()),
            "survey" => {
                return Err("must be 1 to 64 letters, digits, '.', '_' or '-'".into());
            }
            "touchpoint" => {
                let touchpoint = Touchpoint::from_name(value)
                    .ok_or_else(|| format!("must be one of {}", Touchpoint::NAMES.join(", ")))?;
                self.filter.touchpoint = Some(touchpoint);
            }
            "segment" => {
                let (_, segment) = SEGMENTS
                    .iter()
                    .find(|(name, _)| *name == value)
                    .ok_or("must be one of detractor, passive, promoter")?;
                self.filter.segment = Some(*segment);
            }
            "limit" => {
                self.limit = value
                    .parse()
                    .ok()
                    .filter(|limit| (1..=MOST).contains(limit))
                    .ok_or_else(|| format!("must be a whole number from 1 to {MOST}"))?;
            }
            "after" => {
                self.after = Some(
                    Cursor::decode(value)
                        .ok_or("must be the value of next from the page before, unchanged")?,
                );
            }
            _ => {
                return Err(
                    "is not known here; known are survey, touchpoint, segment, limit and after"
                        .into(),
                );
            }
        }
        Ok(())
    }

    /// The address's query that asks for the same list from behind `after`.
    pub(crate) fn behind(&self, after: Option<&Cursor>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(survey) = &self.filter.survey {
            query.append_pair("survey", survey);
        }
        if let Some(touchpoint) = self.filter.touchpoint {
            query.append_pair("touchpoint", touchpoint.name());
        }
        if let Some((name, _)) =
            SEGMENTS.iter().find(|(_, segment)| Some(*segment) == self.filter.segment)
        {
            query.append_pair("segment", name);
        }
        if self.limit != USUAL {
            query.append_pair("limit", &self.limit.to_string());
        }
        if let Some(after) = after {
            query.append_pair("after", &after.encode());
        }
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_query_written_is_read_the_same() {
        let query = "survey=a.b&touchpoint=delivery&segment=passive&limit=7";
        let list = ListQuery::read(query, Empty::Refused).unwrap();
        assert_eq!(list.behind(None), query);
        assert_eq!(ListQuery::read("", Empty::Refused).unwrap().behind(None), "");
    }

    #[test]
    fn an_empty_field_says_nothing_in_a_form_only() {
        assert!(ListQuery::read("survey=&segment=", Empty::Unsaid).is_ok());
        assert!(ListQuery::read("survey=", Empty::Refused).is_err());
    }
}
