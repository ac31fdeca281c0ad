//! Reads the query of an address: which responses, how many, from which position.
//!
//! A parameter that is unknown or wrong is refused: a filter that silently does nothing would show
//! a person the wrong numbers.

mod cases;
mod choice;
mod filter;
mod link_proof;
mod list;
mod parameter;
mod problem;
mod report;
mod rules;

use afterword_response::Segment;

pub(crate) use self::{
    cases::{CaseQuery, OwnerQuery, StateChoice},
    choice::ChoiceQuery,
    filter::{FilterQuery, PeriodBound},
    link_proof::LinkProofQuery,
    list::ListQuery,
    parameter::{Parameter, Place, survey_id},
    problem::{BadParameter, BadQuery, ParameterProblem},
    report::{Period, ReportQuery},
    rules::RuleQuery,
};

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

/// What an empty parameter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// It is ignored: a form in a browser sends the fields that were left empty.
    Ignored,
    /// It is refused: a program that sends one has lost a value.
    Refused,
}

/// Reads the part of an address after the `?`: passes each parameter to `set`, and collects parameters that
/// are repeated or that `set` refuses.
pub(crate) fn read(
    query: &str,
    empty: Empty,
    mut set: impl FnMut(&str, &str) -> Result<(), ParameterProblem>,
) -> Result<(), BadQuery> {
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if value.is_empty() && empty == Empty::Ignored {
            continue;
        }
        let set = match seen.contains(&name) {
            true => Err(ParameterProblem::Repeated),
            false => set(&name, &value),
        };
        if let Err(problem) = set {
            problems.push(BadParameter { name: name.to_string(), problem });
        }
        seen.push(name);
    }
    if problems.is_empty() { Ok(()) } else { Err(BadQuery(problems)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_query_is_written_and_read_back() {
        let query = "survey=a.b&touchpoint=delivery&segment=passive&q=zu+sp%C3%A4t\
                     &from=2026-10-01&to=2026-11-24T17%3A00%3A00Z&prop-coupon=A%26B&limit=7";
        let list = ListQuery::read(query, Empty::Refused).unwrap();
        assert_eq!(list.behind(None), query);
        assert_eq!(ListQuery::read("", Empty::Refused).unwrap().behind(None), "");
        let query = "from=2026-10-01&to=2026-11-24&country=DE&step=week&by=prop-coupon";
        assert_eq!(ReportQuery::read(query, Empty::Refused).unwrap().with(&[]), query);
    }

    #[test]
    fn an_empty_field_is_ignored_in_forms_only() {
        assert!(ListQuery::read("survey=&segment=", Empty::Ignored).is_ok());
        assert!(ListQuery::read("survey=", Empty::Refused).is_err());
        assert!(ReportQuery::read("from=&to=&q=", Empty::Ignored).is_ok());
        // A person may type the last day into the first field.
        let turned = "survey=a&from=2026-11-02&to=2026-11-01";
        let ordered = "survey=a&from=2026-11-01&to=2026-11-02";
        for read in [
            |query: &str| ReportQuery::read(query, Empty::Ignored).map(|it| it.filter),
            |query: &str| ListQuery::read(query, Empty::Ignored).map(|it| it.filter),
        ] {
            assert_eq!(read(turned), read(ordered));
        }
        assert!(ReportQuery::read(turned, Empty::Refused).is_err());
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
    fn fuzz_query() {
        bolero::check!(name = "query").with_iterations(2_000).for_each(|query: &[u8]| {
            let query = String::from_utf8_lossy(query);
            // A query that was read and written again reads the same.
            for empty in [Empty::Ignored, Empty::Refused] {
                if let Ok(list) = ListQuery::read(&query, empty) {
                    let again = ListQuery::read(&list.behind(list.after.as_ref()), Empty::Refused);
                    assert_eq!(again, Ok(list));
                }
                if let Ok(cases) = CaseQuery::read(&query, empty) {
                    let again =
                        CaseQuery::read(&cases.behind(cases.list.after.as_ref()), Empty::Refused);
                    assert_eq!(again, Ok(cases));
                }
                if let Ok(report) = ReportQuery::read(&query, empty) {
                    assert_eq!(ReportQuery::read(&report.with(&[]), Empty::Refused), Ok(report));
                }
            }
        });
    }
}
