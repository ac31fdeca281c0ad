//! `GET /week`: a page for each week, with changes, comments, finished cases and open cases. The page is computed
//! whenever it is opened and never stored, so erased answers are not in it.

mod view;
mod words;

use std::{sync::Arc, time::Duration};

use afterword_response::Segment;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date};
use tokio::time::timeout;

use self::view::Waiting;
use crate::{
    access::{person::Person, public_ids::Ids},
    aside::Flagged,
    http::error::PageError,
    query::{
        BadQuery, CaseQuery, Empty, FilterQuery, OwnerQuery, ParameterProblem, Period, PeriodBound,
        ReportQuery, StateChoice, read,
    },
    reading::{self, ReportReading},
    site::hits::MAX_COUNTED,
    state::Shared,
    store::{
        Comments, Filter, Standing, StoreError, Stored,
        cases::{CaseCounts, FirstAnswers, State as CaseState},
    },
};

/// The number of comments of detractors on the page, and of promoters.
const COMMENTS: u32 = 3;
/// The longest time for counting the cases. If it takes longer, the page is shown without their number.
const COUNTING: Duration = Duration::from_millis(300);
/// The number of days after which an open case has waited for a long time.
const LONG_DAYS: i64 = 7;

/// A week, with all data of its page.
struct Week {
    /// The week's first day in the shop's calendar.
    monday: Date,
    sunday: Date,
    /// Whether the week is over, so that the page links to the next one.
    is_over: bool,
    read: ReportReading,
    /// The newest comments of detractors; `glad` has those of promoters.
    critical: Vec<Stored>,
    glad: Vec<Stored>,
    done: CaseCounts,
    answers: FirstAnswers,
    waiting: Vec<Waiting>,
}

/// The page of the week that the address names, or else of the last week that is over.
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let zone = shared.store.time_zone().await?;
    let now = Timestamp::now();
    let today = now.to_zoned(zone.clone()).date();
    let asked = asked(query.as_deref().unwrap_or_default())?;
    let monday = monday_of(asked.unwrap_or_else(|| today.saturating_sub(7.days())));
    let sunday = monday.saturating_add(6.days());
    let filter = FilterQuery {
        from: Some(PeriodBound::Day(monday)),
        to: Some(PeriodBound::Day(sunday)),
        ..FilterQuery::default()
    };
    let moments = filter.filter(&zone);
    let report = ReportQuery { filter, ..ReportQuery::default() };
    let read = reading::report(&shared.store, &report, Period::All).await?;
    let said = |segment| Filter {
        segment: Some(segment),
        comments: Comments::Only,
        standing: Standing::Counted(Flagged::Without),
        ..moments.clone()
    };
    let list = async |filter: Filter| {
        let (found, _) = shared.store.list(&filter, None, COMMENTS, Ids::Public).await?;
        Ok::<_, StoreError>(found)
    };
    let week = Week {
        monday,
        sunday,
        is_over: sunday < today,
        read,
        critical: list(said(Segment::Detractor)).await?,
        glad: list(said(Segment::Promoter)).await?,
        done: shared.store.case_counts(moments.from, moments.before).await?,
        answers: shared.store.first_answers(moments.from, moments.before, now).await?,
        waiting: waiting(&shared, &person, now).await?,
    };
    Ok(view::week(&week, &person))
}

/// The day that the address names. It may be any day of the week.
fn asked(query: &str) -> Result<Option<Date>, BadQuery> {
    let mut asked = None;
    read(query, Empty::Ignored, |name, value| match name {
        "of" => {
            let date: Date = value.parse().map_err(|_| ParameterProblem::Day)?;
            let is_of_calendar = (1970..2200).contains(&date.year()) && value.len() == 10;
            asked = Some(date).filter(|_| is_of_calendar);
            asked.map(drop).ok_or(ParameterProblem::Day)
        }
        _ => Err(ParameterProblem::Unknown { known: vec!["of"] }),
    })?;
    Ok(asked)
}

fn monday_of(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// The numbers of open cases now, each with the query of the inbox that lists them.
async fn waiting(
    shared: &Shared,
    person: &Person,
    now: Timestamp,
) -> Result<Vec<Waiting>, StoreError> {
    let words = words::Words::of(person.language);
    let long = now.checked_sub(SignedDuration::from_hours(24 * LONG_DAYS)).unwrap_or(now);
    let of = |wanted, owner| CaseQuery { wanted, owner, ..CaseQuery::default() };
    let mut before = of(StateChoice::Open, None);
    before.list.filter.to = Some(PeriodBound::Moment(long));
    let asked = [
        (words.new, of(StateChoice::One(CaseState::New), None)),
        (words.in_progress, of(StateChoice::One(CaseState::InProgress), None)),
        (words.nobodys, of(StateChoice::Open, Some(OwnerQuery::Nobody))),
        (words.yours, of(StateChoice::Open, Some(OwnerQuery::Me))),
        (words.long, before),
    ];
    let mut waiting = Vec::new();
    for (name, query) in asked {
        let filter = query.filter(&person.zone, person.account());
        let counting = timeout(COUNTING, shared.store.hits(&filter, MAX_COUNTED));
        let count = counting.await.ok().transpose()?;
        waiting.push(Waiting { name, query: query.behind(None), count });
    }
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        for (day, monday) in [
            (date(2026, 11, 23), date(2026, 11, 23)),
            (date(2026, 11, 29), date(2026, 11, 23)),
            (date(2027, 1, 1), date(2026, 12, 28)),
        ] {
            assert_eq!(monday_of(day), monday);
        }
        assert_eq!(asked("of=2026-11-25"), Ok(Some(date(2026, 11, 25))));
        assert_eq!(asked(""), Ok(None));
        for wrong in ["of=monday", "of=2026-11-25T10:00:00Z", "of=1812-01-01", "week=1"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
