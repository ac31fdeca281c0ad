//! What a query asks for: which responses, how many, from where.
//!
//! A parameter that is unknown or wrong is refused: a filter that silently does nothing would show
//! a person the wrong numbers.

use afterword_response::{Segment, Touchpoint, limits};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    http::error::Error,
    problems::{Bilingual, ParameterProblem},
    report::{
        calendar::{self, Days, Step},
        facts::{Facet, Selection},
        is_facet,
    },
    store::{Comments, Cursor, Filter},
};

/// The longest page.
pub(crate) const MOST: u32 = 200;
/// A page's length if nothing is said.
pub(crate) const USUAL: u32 = 50;
/// The longest search.
pub(crate) const WORDS: usize = 200;
/// The segments' names, in the order of the scale.
pub(crate) const SEGMENTS: [(&str, Segment); 3] = [
    ("detractor", Segment::Detractor),
    ("passive", Segment::Passive),
    ("promoter", Segment::Promoter),
];

/// The name of a score's segment.
pub(crate) fn segment_name(score: u8) -> &'static str {
    let segment = Segment::of(score);
    SEGMENTS.iter().find(|(_, it)| *it == segment).map_or("", |(name, _)| name)
}

/// Which responses are asked for, as it was said: days are not moments yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FilterQuery {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) segment: Option<Segment>,
    /// A fact that they share: `country=DE`, `prop-coupon=WELCOME`.
    pub(crate) facet: Option<Facet>,
    /// Words of the comment.
    pub(crate) words: Option<String>,
    pub(crate) from: Option<When>,
    pub(crate) to: Option<When>,
}

/// An end of a period, as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A whole day of the shop's calendar.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
}

/// What a list is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListQuery {
    pub(crate) filter: FilterQuery,
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: u32,
}

/// What the report is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ReportQuery {
    /// The days in it are whole ones.
    pub(crate) filter: FilterQuery,
    pub(crate) period: Option<Period>,
    /// How long the trend's steps are.
    pub(crate) step: Option<Step>,
    /// What to break down by.
    pub(crate) by: Option<String>,
}

/// A period that moves along with the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// So many days up to today.
    Last(i32),
    /// Since the first answer.
    All,
}

/// What an empty parameter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// Nothing: a form in a browser sends fields that were left empty.
    Unsaid,
    /// A mistake: a program that sends one lost a value on the way.
    Refused,
}

/// Why a parameter was not taken.
enum Wrong {
    /// There is no parameter of that name.
    Unknown,
    /// What is wrong with its value.
    Value(Bilingual),
}

impl From<Bilingual> for Wrong {
    fn from(problem: Bilingual) -> Self {
        Self::Value(problem)
    }
}

/// One of a few words.
fn one_of(names: &str) -> Bilingual {
    Bilingual::new(format!("must be one of {names}"), format!("muss eines von {names} sein"))
}

/// Reads the part of an address behind the `?`: gives each parameter to `set`, and refuses what is
/// given twice, unknown or wrong. `known` names the parameters that there are.
fn read(
    query: &str,
    empty: Empty,
    known: &str,
    mut set: impl FnMut(&str, &str) -> Result<(), Wrong>,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut said = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if value.is_empty() && empty == Empty::Unsaid {
            continue;
        }
        let problem = if said.contains(&name) {
            Some(Bilingual::new("must be given once", "darf nur einmal vorkommen"))
        } else {
            match set(&name, &value) {
                Ok(()) => None,
                Err(Wrong::Unknown) => Some(Bilingual::new(
                    format!("is not known here; known are {known}"),
                    format!("gibt es hier nicht; bekannt sind {}", known.replace(" and ", " und ")),
                )),
                Err(Wrong::Value(problem)) => Some(problem),
            }
        };
        if let Some(problem) = problem {
            problems.push(ParameterProblem::new(&name, problem));
        }
        said.push(name);
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Query(problems)) }
}

impl FilterQuery {
    fn set(&mut self, name: &str, value: &str) -> Result<(), Wrong> {
        match name {
            "survey" if limits::is_identifier(value) => self.survey = Some(value.into()),
            "survey" => {
                return Err(Bilingual::new(
                    "must be 1 to 64 letters, digits, '.', '_' or '-'",
                    "muss aus 1 bis 64 Buchstaben (ohne Umlaute), Ziffern, „.“, „_“ oder „-“ bestehen",
                )
                .into());
            }
            "touchpoint" => {
                let touchpoint = Touchpoint::from_name(value)
                    .ok_or_else(|| one_of(&Touchpoint::NAMES.join(", ")))?;
                self.touchpoint = Some(touchpoint);
            }
            "segment" => {
                let (_, segment) = SEGMENTS
                    .iter()
                    .find(|(name, _)| *name == value)
                    .ok_or_else(|| one_of("detractor, passive, promoter"))?;
                self.segment = Some(*segment);
            }
            "q" if value.chars().count() > WORDS => {
                return Err(Bilingual::new(
                    format!("must be at most {WORDS} characters"),
                    format!("darf höchstens {WORDS} Zeichen lang sein"),
                )
                .into());
            }
            "q" if !value.chars().any(char::is_alphanumeric) => {
                return Err(Bilingual::new(
                    "must have a word in it to look for",
                    "muss ein Wort enthalten, nach dem gesucht werden kann",
                )
                .into());
            }
            "q" => self.words = Some(value.into()),
            "from" => self.from = Some(When::read(value)?),
            "to" => self.to = Some(When::read(value)?),
            _ if is_facet(name) => {
                if self.facet.is_some() {
                    return Err(Bilingual::new(
                        "cannot be combined: ask for one property at a time",
                        "lässt sich nicht kombinieren: Wählen Sie nur eine Eigenschaft",
                    )
                    .into());
                }
                if value.is_empty() || value.chars().count() > limits::TEXT {
                    return Err(Bilingual::new(
                        format!("must be 1 to {} characters", limits::TEXT),
                        format!("muss 1 bis {} Zeichen lang sein", limits::TEXT),
                    )
                    .into());
                }
                self.facet = Facet::new(name, value);
            }
            _ => return Err(Wrong::Unknown),
        }
        Ok(())
    }

    /// What was said, as parameters.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let segment = SEGMENTS.iter().find(|(_, segment)| Some(*segment) == self.segment);
        let when = |when: Option<When>| when.map(|when| when.to_string());
        [
            ("survey", self.survey.clone()),
            ("touchpoint", self.touchpoint.map(|it| it.name().to_owned())),
            ("segment", segment.map(|(name, _)| (*name).to_owned())),
            ("q", self.words.clone()),
            ("from", when(self.from)),
            ("to", when(self.to)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(self.facet.iter().map(|facet| (facet.name.clone(), facet.value.clone())))
        .collect()
    }

    /// The same, as the part of an address behind the `?`.
    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The same, for the database: days begin where the shop is.
    pub(crate) fn filter(&self, zone: &TimeZone) -> Filter {
        Filter {
            survey: self.survey.clone(),
            touchpoint: self.touchpoint,
            segment: self.segment,
            facet: self.facet.clone(),
            from: self.from.and_then(|when| when.begin(zone)),
            before: self.to.and_then(|when| when.end(zone)),
            words: self.words.clone(),
            comments: Comments::Any,
        }
    }
}

impl When {
    fn read(value: &str) -> Result<Self, Bilingual> {
        // A date with a time parses as a date too, its time ignored; so the longer form goes first.
        if let Ok(moment) = value.parse() {
            return Ok(Self::Moment(moment));
        }
        match value.parse() {
            Ok(date) if value.len() == 10 => Ok(Self::Day(date)),
            _ => Err(Bilingual::new(
                "must be a day such as 2026-11-24 or a time such as 2026-11-24T17:00:00Z",
                "muss ein Tag wie 2026-11-24 oder eine Zeit wie 2026-11-24T17:00:00Z sein",
            )),
        }
    }

    /// The first moment of it.
    fn begin(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(date) => Some(date.to_zoned(zone.clone()).ok()?.timestamp()),
            Self::Moment(moment) => Some(moment),
        }
    }

    /// The first moment behind it.
    fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(date) => Some(date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp()),
            Self::Moment(moment) => moment.checked_add(jiff::SignedDuration::from_millis(1)).ok(),
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
        }
    }
}

impl ListQuery {
    /// Reads the part of an address behind the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, Error> {
        let mut list = Self { filter: FilterQuery::default(), after: None, limit: USUAL };
        let known = "survey, touchpoint, segment, q, from, to, product, country, customer, tag, \
                     reason, language, prop-NAME, limit and after";
        read(query, empty, known, |name, value| list.set(name, value))?;
        Ok(list)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Wrong> {
        match name {
            "limit" => {
                self.limit =
                    value.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(
                        || {
                            Bilingual::new(
                                format!("must be a whole number from 1 to {MOST}"),
                                format!("muss eine ganze Zahl von 1 bis {MOST} sein"),
                            )
                        },
                    )?;
            }
            "after" => {
                self.after = Some(Cursor::decode(value).ok_or_else(|| {
                    Bilingual::new(
                        "must be the value of next from the page before, unchanged",
                        "muss unverändert der Wert aus dem Verweis der Seite davor sein",
                    )
                })?);
            }
            _ => return self.filter.set(name, value),
        }
        Ok(())
    }

    /// The address's query that asks for the same list from behind `after`.
    pub(crate) fn behind(&self, after: Option<&Cursor>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filter.pairs());
        if self.limit != USUAL {
            query.append_pair("limit", &self.limit.to_string());
        }
        if let Some(after) = after {
            query.append_pair("after", &after.encode());
        }
        query.finish()
    }
}

impl ReportQuery {
    /// Reads the part of an address behind the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, Error> {
        let mut report = Self::default();
        let known = "survey, touchpoint, period, from, to, step, by, segment, q, product, country, \
                     customer, tag, reason, language and prop-NAME";
        read(query, empty, known, |name, value| report.set(name, value))?;
        let problem = match (report.filter.from, report.filter.to) {
            (Some(When::Day(from)), Some(When::Day(to))) if from > to => Some((
                "to",
                Bilingual::new("must not be earlier than from", "darf nicht früher als from sein"),
            )),
            // In the page's form the dates are typed after a period was chosen.
            (Some(_), _) | (_, Some(_)) if empty == Empty::Unsaid => {
                report.period = None;
                None
            }
            (Some(_), _) | (_, Some(_)) if report.period.is_some() => Some((
                "period",
                Bilingual::new(
                    "cannot be combined with from and to: leave one of both out",
                    "lässt sich nicht mit from und to kombinieren: Lassen Sie eines davon weg",
                ),
            )),
            _ => None,
        };
        match problem {
            Some((name, problem)) => Err(Error::parameter(name, problem)),
            None => Ok(report),
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Wrong> {
        match name {
            "period" => self.period = Some(Period::read(value)?),
            "step" => {
                let step = Step::from_name(value).ok_or_else(|| one_of("day, week, month"))?;
                self.step = Some(step);
            }
            "by" if is_facet(value) => self.by = Some(value.into()),
            "by" => {
                let names = "product, country, customer, tag, reason, language";
                return Err(Bilingual::new(
                    format!("must be one of {names} or prop-NAME"),
                    format!("muss eines von {names} oder prop-NAME sein"),
                )
                .into());
            }
            "from" | "to" => {
                let date = value.parse().ok().filter(|_| value.len() == 10);
                // Years that a calendar of four digits has: the days between are counted one by one.
                let date = date.filter(|date: &Date| (1970..=2199).contains(&date.year()));
                let day = When::Day(date.ok_or_else(|| {
                    Bilingual::new(
                        "must be a day such as 2026-11-24",
                        "muss ein Tag wie 2026-11-24 sein",
                    )
                })?);
                let end = if name == "from" { &mut self.filter.from } else { &mut self.filter.to };
                *end = Some(day);
            }
            _ => return self.filter.set(name, value),
        }
        Ok(())
    }

    /// The same parameters, but for those under the given names: `None` leaves one out.
    pub(crate) fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let mut pairs = self.filter.pairs();
        for (name, value) in [
            ("period", self.period.map(Period::name)),
            ("step", self.step.map(|step| step.name().to_owned())),
            ("by", self.by.clone()),
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

    /// Whose answers the report is about. The segment and the words narrow its comments only: the
    /// score of those who are promoters says nothing.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            survey: self.filter.survey.clone(),
            touchpoint: self.filter.touchpoint,
            facet: self.filter.facet.clone(),
        }
    }

    /// The days it is about, and whether those before are to be compared. `span` are the days that
    /// have answers, `usual` the period where none is said.
    pub(crate) fn days(&self, today: Date, span: Option<Days>, usual: Period) -> (Days, bool) {
        let today = calendar::day(today);
        let span = span.unwrap_or(Days { first: today, last: today });
        let all = Days { first: span.first.min(today), last: span.last.max(today) };
        let day = |when: Option<When>| match when {
            Some(When::Day(date)) => Some(calendar::day(date)),
            _ => None,
        };
        match (day(self.filter.from), day(self.filter.to), self.period.unwrap_or(usual)) {
            (None, None, Period::All) => (all, false),
            (None, None, Period::Last(days)) => {
                (Days { first: today - days + 1, last: today }, true)
            }
            (Some(first), Some(last), _) => (Days { first, last }, true),
            (Some(first), None, _) => (Days { first, last: all.last.max(first) }, true),
            // From the first answer on: nothing was before.
            (None, Some(last), _) => (Days { first: all.first.min(last), last }, false),
        }
    }
}

impl Period {
    /// Those that the page offers.
    pub(crate) const OFFERED: [Self; 4] =
        [Self::Last(30), Self::Last(90), Self::Last(365), Self::All];

    fn read(value: &str) -> Result<Self, Bilingual> {
        if value == "all" {
            return Ok(Self::All);
        }
        value
            .strip_suffix('d')
            .and_then(|days| days.parse().ok())
            .filter(|days| (1..=3660).contains(days))
            .map(Self::Last)
            .ok_or_else(|| {
                Bilingual::new(
                    "must be all, or a number of days up to 3660 such as 90d",
                    "muss all oder eine Zahl von höchstens 3660 Tagen wie 90d sein",
                )
            })
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
    fn a_query_written_is_read_the_same() {
        let query = "survey=a.b&touchpoint=delivery&segment=passive&q=zu+sp%C3%A4t\
                     &from=2026-10-01&to=2026-11-24T17%3A00%3A00Z&prop-coupon=A%26B&limit=7";
        let list = ListQuery::read(query, Empty::Refused).unwrap();
        assert_eq!(list.behind(None), query);
        assert_eq!(ListQuery::read("", Empty::Refused).unwrap().behind(None), "");
        let query = "from=2026-10-01&to=2026-11-24&country=DE&step=week&by=prop-coupon";
        assert_eq!(ReportQuery::read(query, Empty::Refused).unwrap().with(&[]), query);
    }

    #[test]
    fn an_empty_field_says_nothing_in_a_form_only() {
        assert!(ListQuery::read("survey=&segment=", Empty::Unsaid).is_ok());
        assert!(ListQuery::read("survey=", Empty::Refused).is_err());
        assert!(ReportQuery::read("from=&to=&q=", Empty::Unsaid).is_ok());
    }

    #[test]
    fn one_parameter_changes_and_the_rest_stays() {
        let report = ReportQuery::read("survey=s&period=30d&country=DE", Empty::Refused).unwrap();
        assert_eq!(report.with(&[("period", Some("all"))]), "survey=s&country=DE&period=all");
        assert_eq!(
            report.with(&[("country", None), ("by", Some("tag"))]),
            "survey=s&period=30d&by=tag"
        );
    }

    #[test]
    fn days_begin_where_the_shop_is() {
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

    #[test]
    fn wrong_values_are_named() {
        for query in [
            "from=yesterday",
            "from=2026-02-30",
            "to=24.11.2026",
            "q=%21%3F",
            "prop-a+b=c",
            "country=DE&tag=x",
            "survey=a+b",
            "limit=0",
            "x=1",
            "touchpoint=checkout",
        ] {
            assert!(ListQuery::read(query, Empty::Refused).is_err(), "{query}");
        }
        for query in [
            "from=2026-11-24T00:00:00Z",
            "from=2026-11-02&to=2026-11-01",
            "period=week",
            "period=0d",
            "period=30d&from=2026-11-01",
            "step=year",
            "by=score",
            "limit=3",
            "from=9999-01-01",
        ] {
            assert!(ReportQuery::read(query, Empty::Refused).is_err(), "{query}");
        }
    }

    #[test]
    fn a_period_ends_today_or_where_it_was_said() {
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
