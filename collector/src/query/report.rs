//! The parameters of the report.

use jiff::civil::Date;
use serde_json::json;

use super::{
    Empty,
    filter::{FilterQuery, PeriodBound},
    parameter::{self, PROPERTY, Parameter, names},
    problem::{BadQuery, ParameterProblem},
    read,
};
use crate::aside::Flagged;
use crate::report::{
    calendar::{self, Days, Step},
    facts::{FACETS, Selection},
    is_facet,
};

/// The values of the parameter that counts flagged answers; the first is the default.
const FLAGGED: [(&str, Flagged); 2] = [("without", Flagged::Without), ("with", Flagged::With)];

/// A query for the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ReportQuery {
    /// Its bounds are whole days.
    pub(crate) filter: FilterQuery,
    pub(crate) period: Option<Period>,
    /// The length of the trend's steps.
    pub(crate) step: Option<Step>,
    /// The property to break down by.
    pub(crate) by: Option<String>,
    pub(crate) flagged: Flagged,
}

/// A period that ends today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// The last so many days, today included.
    Last(i32),
    /// Since the first answer.
    All,
}

impl ReportQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let day = |description: &str| {
            json!({
                "type": "string", "format": "date", "description": description,
                "pattern": "^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-"
            })
        };
        let days = Parameter::spread(
            "days",
            vec!["period", "from", "to"],
            "Which days: from and to, or a period up to today, but not both. All there are if nothing is \
             said.",
            json!({ "anyOf": [
                {
                    "properties": {
                        "from": day("The first day, of the shop's calendar."),
                        "to": day("The last day; not before the first.")
                    },
                    "additionalProperties": false
                },
                {
                    "properties": { "period": {
                        "type": "string", "description": "The last 1 to 3660 days, as in 30d; or all.",
                        "pattern": "^(([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)d|all)$"
                    } },
                    "additionalProperties": false
                }
            ] }),
        );
        let facets = FACETS.join("|");
        vec![
            parameter::survey(),
            parameter::touchpoint(),
            days,
            Parameter::named(
                "step",
                "How long the trend's steps are; chosen by the period if not said.",
                json!({ "enum": ["day", "week", "month"] }),
            ),
            Parameter::named(
                "by",
                "What to break down by: product, country, customer, tag, reason, language or prop-NAME.",
                json!({ "type": "string", "pattern": format!("^({facets}|{PROPERTY})$") }),
            ),
            Parameter::named(
                "flagged",
                "Whether implausible answers are counted.",
                json!({ "enum": FLAGGED.map(|(name, _)| name), "default": "without" }),
            ),
            parameter::segment(),
            parameter::words(),
            parameter::fact(),
        ]
    }

    /// Reads the part of an address after the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, BadQuery> {
        let mut report = Self::default();
        read(query, empty, |name, value| report.set(name, value))?;
        if empty == Empty::Ignored {
            report.filter.put_days_in_order();
        }
        let problem = match (report.filter.from, report.filter.to) {
            (Some(PeriodBound::Day(from)), Some(PeriodBound::Day(to))) if from > to => {
                Some(("to", ParameterProblem::BeforeFrom))
            }
            // In the page's form, dates go before the period: a person types them after choosing one.
            (Some(_), _) | (_, Some(_)) if empty == Empty::Ignored => {
                report.period = None;
                None
            }
            (Some(_), _) | (_, Some(_)) if report.period.is_some() => {
                Some(("period", ParameterProblem::PeriodAndDates))
            }
            _ => None,
        };
        match problem {
            Some((name, problem)) => Err(BadQuery::of(name, problem)),
            None => Ok(report),
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), ParameterProblem> {
        match name {
            "period" => self.period = Some(Period::read(value)?),
            "step" => {
                let step = Step::from_name(value)
                    .ok_or_else(|| ParameterProblem::Word(vec!["day", "week", "month"]))?;
                self.step = Some(step);
            }
            "flagged" => {
                self.flagged = FLAGGED
                    .into_iter()
                    .find_map(|(name, it)| (name == value).then_some(it))
                    .ok_or_else(|| {
                        ParameterProblem::Word(FLAGGED.map(|(name, _)| name).to_vec())
                    })?;
            }
            // The report shows only answers that count.
            "aside" => return Err(ParameterProblem::Unknown { known: names(&Self::parameters()) }),
            "by" if is_facet(value) => self.by = Some(value.into()),
            "by" => {
                return Err(ParameterProblem::Facet);
            }
            "from" | "to" => {
                let date = value.parse().ok().filter(|_| value.len() == 10);
                // The report walks over every day of the period, so years are limited.
                let date = date.filter(|date: &Date| (1970..=2199).contains(&date.year()));
                let day = PeriodBound::Day(date.ok_or(ParameterProblem::Day)?);
                let end = if name == "from" { &mut self.filter.from } else { &mut self.filter.to };
                *end = Some(day);
            }
            _ => return self.filter.set(name, value, Self::parameters),
        }
        Ok(())
    }

    /// The query with some parameters changed; `None` removes one.
    pub(crate) fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let mut pairs = self.filter.pairs();
        for (name, value) in [
            ("period", self.period.map(Period::name)),
            ("step", self.step.map(|step| step.name().to_owned())),
            ("by", self.by.clone()),
            ("flagged", (self.flagged == Flagged::With).then(|| FLAGGED[1].0.to_owned())),
        ] {
            pairs.extend(value.map(|value| (name.to_owned(), value)));
        }
        for (name, value) in changes {
            match (pairs.iter().position(|(known, _)| known == name), value) {
                (Some(place), Some(value)) => pairs[place].1 = (*value).to_owned(),
                (Some(place), None) => {
                    pairs.remove(place);
                }
                (None, Some(value)) => pairs.push(((*name).to_owned(), (*value).to_owned())),
                (None, None) => {}
            }
        }
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// The answers that the report counts. The segment and the words only narrow its comments: a score
    /// computed from promoters alone would mean nothing.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            survey: self.filter.survey.clone(),
            touchpoint: self.filter.touchpoint,
            facet: self.filter.facet.clone(),
            flagged: self.flagged,
        }
    }

    /// The days of the report, and whether the days before are compared. `span` are the days that have
    /// answers, `usual` is the period if the query names none.
    pub(crate) fn days(&self, today: Date, span: Option<Days>, usual: Period) -> (Days, bool) {
        let today = calendar::day(today);
        let span = span.unwrap_or(Days { first: today, last: today });
        let all = Days { first: span.first.min(today), last: span.last.max(today) };
        let day = |when: Option<PeriodBound>| match when {
            Some(PeriodBound::Day(date)) => Some(calendar::day(date)),
            _ => None,
        };
        match (day(self.filter.from), day(self.filter.to), self.period.unwrap_or(usual)) {
            (None, None, Period::All) => (all, false),
            (None, None, Period::Last(days)) => {
                (Days { first: today - days + 1, last: today }, true)
            }
            (Some(first), Some(last), _) => (Days { first, last }, true),
            (Some(first), None, _) => (Days { first, last: all.last.max(first) }, true),
            // The period begins with the first answer, so there is nothing before to compare.
            (None, Some(last), _) => (Days { first: all.first.min(last), last }, false),
        }
    }
}

impl Period {
    /// The periods that the page offers.
    pub(crate) const OFFERED: [Self; 4] =
        [Self::Last(30), Self::Last(90), Self::Last(365), Self::All];

    fn read(value: &str) -> Result<Self, ParameterProblem> {
        if value == "all" {
            return Ok(Self::All);
        }
        value
            .strip_suffix('d')
            .and_then(|days| days.parse().ok())
            .filter(|days| (1..=3660).contains(days))
            .map(Self::Last)
            .ok_or(ParameterProblem::Period)
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Last(days) => format!("{days}d"),
            Self::All => "all".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    #[test]
    fn changing_one_parameter_keeps_the_others() {
        let report = ReportQuery::read("survey=s&period=30d&country=DE", Empty::Refused).unwrap();
        assert_eq!(report.with(&[("period", Some("all"))]), "survey=s&country=DE&period=all");
        assert_eq!(
            report.with(&[("country", None), ("by", Some("tag"))]),
            "survey=s&period=30d&by=tag"
        );
    }

    #[test]
    fn a_period_ends_today_or_on_the_given_day() {
        let today = date(2026, 11, 24);
        let span =
            Some(Days { first: calendar::day(date(2026, 1, 5)), last: calendar::day(today) });
        let days = |query: &str, span| {
            let report = ReportQuery::read(query, Empty::Refused).unwrap();
            let (days, compared) = report.days(today, span, Period::Last(90));
            let date = |day| calendar::date(day).to_string();
            (date(days.first), date(days.last), compared)
        };
        let said = |from: &str, to: &str, compared| (from.to_owned(), to.to_owned(), compared);
        assert_eq!(days("", span), said("2026-08-27", "2026-11-24", true));
        assert_eq!(days("period=1d", span), said("2026-11-24", "2026-11-24", true));
        assert_eq!(days("period=all", span), said("2026-01-05", "2026-11-24", false));
        assert_eq!(days("period=all", None), said("2026-11-24", "2026-11-24", false));
        assert_eq!(days("from=2026-11-01", span), said("2026-11-01", "2026-11-24", true));
        assert_eq!(days("from=2026-12-01", span), said("2026-12-01", "2026-12-01", true));
        assert_eq!(days("to=2026-02-01", span), said("2026-01-05", "2026-02-01", false));
        assert_eq!(days("to=2025-02-01", span), said("2025-02-01", "2025-02-01", false));
    }
}
