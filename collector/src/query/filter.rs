//! The parameters that select responses.

use std::fmt;

use afterword_response::{Segment, Touchpoint, limits};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use super::{
    SEGMENTS,
    parameter::{self, MAX_SEARCH_LENGTH, Parameter, names},
    problem::ParameterProblem,
};
use crate::{
    aside::Kind,
    report::{
        facts::{Facet, THEME},
        is_facet,
    },
    store::{Comments, Filter, Standing, is_searchable},
    themes::Theme,
};

/// The selected responses as the query names them: days are not yet turned into moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FilterQuery {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) segment: Option<Segment>,
    /// A property that they share: `country=DE`, `prop-coupon=WELCOME`.
    pub(crate) facet: Option<Facet>,
    /// The reason that they are set aside for.
    pub(crate) aside: Option<Kind>,
    /// Words that the comment contains.
    pub(crate) words: Option<String>,
    pub(crate) from: Option<PeriodBound>,
    pub(crate) to: Option<PeriodBound>,
}

/// A bound of a period as the query names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeriodBound {
    /// A whole day of the shop's calendar.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
}

impl FilterQuery {
    /// The parameters that exist.
    pub(super) fn parameters() -> Vec<Parameter> {
        let moment = "A day of the shop's calendar, 2026-11-24, or a moment, 2026-11-24T17:00:00Z. Included.";
        let when = || {
            json!({ "anyOf": [
                { "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }
            ] })
        };
        let mut parameters = vec![
            parameter::survey(),
            parameter::touchpoint(),
            parameter::segment(),
            parameter::words(),
            Parameter::named("from", moment, when()),
            Parameter::named("to", moment, when()),
        ];
        parameters.push(Parameter::named(
            "aside",
            "Only answers that no figure counts, by the reason: the first of these that applies to an answer.",
            json!({ "enum": Kind::ALL.map(Kind::name) }),
        ));
        parameters.push(parameter::fact());
        parameters
    }

    /// Sets one parameter. `known` returns all parameters that the query may have.
    pub(super) fn set(
        &mut self,
        name: &str,
        value: &str,
        known: fn() -> Vec<Parameter>,
    ) -> Result<(), ParameterProblem> {
        match name {
            "survey" if limits::is_identifier(value) => self.survey = Some(value.into()),
            "survey" => {
                return Err(ParameterProblem::Identifier);
            }
            "touchpoint" => {
                let touchpoint = Touchpoint::from_name(value)
                    .ok_or_else(|| ParameterProblem::Word(Touchpoint::NAMES.to_vec()))?;
                self.touchpoint = Some(touchpoint);
            }
            "segment" => {
                let (_, segment) =
                    SEGMENTS.iter().find(|(name, _)| *name == value).ok_or_else(|| {
                        ParameterProblem::Word(SEGMENTS.map(|(name, _)| name).to_vec())
                    })?;
                self.segment = Some(*segment);
            }
            "aside" => {
                let kind = Kind::from_name(value)
                    .ok_or_else(|| ParameterProblem::Word(Kind::ALL.map(Kind::name).to_vec()))?;
                self.aside = Some(kind);
            }
            "q" if value.chars().count() > MAX_SEARCH_LENGTH => {
                return Err(ParameterProblem::Long { most: MAX_SEARCH_LENGTH });
            }
            "q" if !is_searchable(value) => {
                return Err(ParameterProblem::NoWord);
            }
            "q" => self.words = Some(value.into()),
            "from" => self.from = Some(PeriodBound::read(value)?),
            "to" => self.to = Some(PeriodBound::read(value)?),
            _ if name == THEME || is_facet(name) => {
                if self.facet.is_some() {
                    return Err(ParameterProblem::SecondFacet);
                }
                if name == THEME && Theme::from_id(value).is_none() {
                    return Err(ParameterProblem::Word(Theme::IDS.to_vec()));
                }
                if value.is_empty() || value.chars().count() > limits::TEXT {
                    return Err(ParameterProblem::Length { least: 1, most: limits::TEXT });
                }
                self.facet = Facet::new(name, value);
            }
            _ => return Err(ParameterProblem::Unknown { known: names(&known()) }),
        }
        Ok(())
    }

    /// Swaps the first and the last day if a person chose them the wrong way round.
    pub(super) fn put_days_in_order(&mut self) {
        if let (Some(PeriodBound::Day(from)), Some(PeriodBound::Day(to))) = (self.from, self.to)
            && from > to
        {
            std::mem::swap(&mut self.from, &mut self.to);
        }
    }

    /// The property that the answers share, unless it is a theme, which has a field of its own on pages.
    pub(crate) fn property(&self) -> Option<&Facet> {
        self.facet.as_ref().filter(|facet| facet.name != THEME)
    }

    /// The filter as parameters.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let segment = SEGMENTS.iter().find(|(_, segment)| Some(*segment) == self.segment);
        let when = |when: Option<PeriodBound>| when.map(|when| when.to_string());
        [
            ("survey", self.survey.clone()),
            ("touchpoint", self.touchpoint.map(|it| it.name().to_owned())),
            ("segment", segment.map(|(name, _)| (*name).to_owned())),
            ("aside", self.aside.map(|kind| kind.name().to_owned())),
            ("q", self.words.clone()),
            ("from", when(self.from)),
            ("to", when(self.to)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(self.facet.iter().map(|facet| (facet.name.clone(), facet.value.clone())))
        .collect()
    }

    /// The filter as the part of an address after the `?`.
    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The filter for the database, with days in the shop's time zone.
    pub(crate) fn filter(&self, zone: &TimeZone) -> Filter {
        Filter {
            survey: self.survey.clone(),
            touchpoint: self.touchpoint,
            segment: self.segment,
            score: None,
            facet: self.facet.clone(),
            from: self.from.and_then(|when| when.begin(zone)),
            before: self.to.and_then(|when| when.end(zone)),
            words: self.words.clone(),
            comments: Comments::Any,
            standing: self.aside.map_or(Standing::Any, Standing::Aside),
            cases: None,
        }
    }
}

impl PeriodBound {
    pub(super) fn read(value: &str) -> Result<Self, ParameterProblem> {
        // A date with a time would also parse as a date, without the time; so the longer form goes first.
        if let Ok(moment) = value.parse() {
            return Ok(Self::Moment(moment));
        }
        match value.parse() {
            Ok(date) if value.len() == 10 => Ok(Self::Day(date)),
            _ => Err(ParameterProblem::DayOrMoment),
        }
    }

    /// Its first moment.
    fn begin(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(date) => Some(date.to_zoned(zone.clone()).ok()?.timestamp()),
            Self::Moment(moment) => Some(moment),
        }
    }

    /// The first moment after it.
    fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(date) => Some(date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp()),
            Self::Moment(moment) => moment.checked_add(SignedDuration::from_millis(1)).ok(),
        }
    }
}

impl fmt::Display for PeriodBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::query::{Empty, ListQuery};

    use super::*;

    #[test]
    fn days_begin_in_the_shops_time_zone() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let list = ListQuery::read("from=2026-10-25&to=2026-10-25", Empty::Refused).unwrap();
        let filter = list.filter.filter(&zone);
        // The clocks go back that day.
        assert_eq!(filter.from.unwrap().to_string(), "2026-10-24T22:00:00Z");
        assert_eq!(filter.before.unwrap().to_string(), "2026-10-25T23:00:00Z");
        let list = ListQuery::read("to=2026-10-25T12:00:00Z", Empty::Refused).unwrap();
        assert_eq!(
            list.filter.filter(&zone).before.unwrap().to_string(),
            "2026-10-25T12:00:00.001Z"
        );
    }
}
