//! A filter as SQL on `responses`.

use afterword_response::Segment;
use rusqlite::{Connection, ToSql, types::Value};

use crate::{
    aside::{Flagged, Kind},
    store::{
        Comments, Cursor, Filter, Standing,
        cases::{CaseFilter, OwnerChoice, State},
    },
};

/// The condition of queries over all surveys, which leave archived ones out.
pub(super) const NOT_ARCHIVED: &str =
    "survey NOT IN (SELECT id FROM surveys WHERE archived_at IS NOT NULL)";

/// Of so many numbers in a row one is in the index `responses_comment_sample`.
pub(super) const SAMPLED: i64 = 8;

/// SQL with the values of its parameters.
#[derive(Default)]
pub(super) struct Query {
    pub(super) sql: String,
    values: Vec<Value>,
}

impl Query {
    pub(super) fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }

    pub(super) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends a parameter with that value.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.sql.push('?');
        self.values.push(value.into());
        self
    }

    pub(super) fn parameters(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(|value| value as &dyn ToSql).collect()
    }
}

/// A query on `responses r` whose condition can be extended.
pub(super) struct Selection {
    pub(super) query: Query,
    /// The columns to sort by: those of the index that the query uses.
    at: &'static str,
    number: &'static str,
    /// Whether cases are read by the index of their survey instead of that of their states.
    is_by_survey: bool,
}

impl Selection {
    /// All responses, or those with a fact. (SQLite runs a CROSS JOIN in the written order.)
    pub(super) fn all(columns: &str, fact: Option<i64>) -> Self {
        let mut query = Query::new("SELECT ");
        query.push(columns);
        let Some(fact) = fact else {
            query.push(" FROM responses r WHERE 1");
            return Self { query, at: "r.received_at", number: "r.number", is_by_survey: false };
        };
        query
            .push(" FROM response_facts f CROSS JOIN responses r ON r.number = f.number")
            .push(" WHERE f.fact = ")
            .bind(fact);
        Self { query, at: "f.received_at", number: "f.number", is_by_survey: false }
    }

    /// The responses of [`Self::all`] that a filter without words can match, by the index that leaves the fewest.
    pub(super) fn candidates(columns: &str, filter: &Filter, fact: Option<i64>) -> Self {
        if let Some(fact) = fact {
            return Self::with_fact(columns, filter, fact);
        }
        let mut query = Query::new("SELECT ");
        let Some(owner) = filter.owner() else {
            if !matches!(filter.standing, Standing::Aside(_)) {
                return Self::all(columns, None);
            }
            // Said, because SQLite would read the whole of a survey instead, if the filter names one.
            query
                .push(columns)
                .push(" FROM responses r INDEXED BY responses_aside WHERE r.aside > 0");
            return Self { query, at: "r.received_at", number: "r.number", is_by_survey: false };
        };
        // Nobody looks after more cases than can be sorted for each page.
        query
            .push(columns)
            .push(" FROM cases c CROSS JOIN responses r ON r.number = c.number WHERE c.owner = ")
            .bind(owner);
        Self { query, at: "r.received_at", number: "r.number", is_by_survey: false }
    }

    /// The responses with a fact. If an index has what the filter narrows them by, it is read first, and no response that it
    /// leaves out.
    fn with_fact(columns: &str, filter: &Filter, fact: i64) -> Self {
        let index = match &filter.survey {
            // Cases are not found by their survey.
            Some(_) if filter.cases.is_none() => "responses_survey_newest",
            _ if filter.touchpoint.is_some()
                || filter.segment.is_some()
                || filter.score.is_some() =>
            {
                "responses_newest"
            }
            _ => return Self::all(columns, Some(fact)),
        };
        let mut query = Query::new("SELECT ");
        query
            .push(columns)
            .push(" FROM response_facts f CROSS JOIN responses r INDEXED BY ")
            .push(index)
            .push(" ON r.received_at = f.received_at AND r.number = f.number WHERE f.fact = ")
            .bind(fact);
        Self { query, at: "f.received_at", number: "f.number", is_by_survey: false }
    }

    /// The places in the list of the responses of [`Self::all`], read from an index alone: that of a fact, or else of the
    /// states of cases, or else of a survey.
    pub(super) fn places(filter: &Filter, fact: Option<i64>) -> Self {
        let Some(fact) = fact else {
            let mut query = Query::new("SELECT r.received_at, r.number FROM responses r WHERE 1");
            if let Some(cases) = &filter.cases {
                in_states(&mut query, &cases.states);
            } else if let Some(survey) = &filter.survey {
                query.push(" AND r.survey = ").bind(survey.clone());
            }
            return Self { query, at: "r.received_at", number: "r.number", is_by_survey: false };
        };
        let mut query = Query::new("SELECT f.received_at, f.number FROM response_facts f");
        query.push(" WHERE f.fact = ").bind(fact);
        Self { query, at: "f.received_at", number: "f.number", is_by_survey: false }
    }

    /// One in [`SAMPLED`] of the responses whose themes were read from a comment, by the index of these.
    pub(super) fn sample(columns: &str) -> Self {
        let mut query = Query::new("SELECT ");
        query.push(columns).push(" FROM responses r INDEXED BY responses_comment_sample");
        // The conditions of the partial index, word for word.
        query.push(" WHERE r.themes_read = 1 AND r.number % 8 = 0");
        Self { query, at: "r.received_at", number: "r.number", is_by_survey: false }
    }

    /// The responses of [`Self::all`] that an FTS5 expression finds.
    pub(super) fn found(columns: &str, fact: Option<i64>, expression: String) -> Self {
        let mut query = Query::new("SELECT ");
        query
            .push(columns)
            .push(" FROM comment_words w CROSS JOIN responses r ON r.number = w.rowid")
            .push(" WHERE comment_words MATCH ")
            .bind(expression);
        if let Some(fact) = fact {
            query
                .push(" AND EXISTS (SELECT 1 FROM response_facts f WHERE f.fact = ")
                .bind(fact)
                .push(" AND f.received_at = r.received_at AND f.number = r.number)");
        }
        Self { query, at: "r.received_at", number: "r.number", is_by_survey: false }
    }

    /// Reads the cases of a survey by its index.
    pub(super) fn by_survey(self) -> Self {
        Self { is_by_survey: true, ..self }
    }

    /// Adds the filter's conditions on single columns.
    pub(super) fn matching(mut self, filter: &Filter) -> Self {
        let query = &mut self.query;
        if let Some(survey) = &filter.survey {
            // The plus keeps SQLite from the index of the survey.
            let is_by_states = filter.cases.is_some() && !self.is_by_survey;
            query.push(if is_by_states { " AND +r.survey = " } else { " AND r.survey = " });
            query.bind(survey.clone());
        }
        if let Some(CaseFilter { states, owner }) = &filter.cases {
            // Few responses are set aside, and have an index.
            if self.is_by_survey || matches!(filter.standing, Standing::Aside(_)) {
                in_states_of(query, "+r.case_state", states);
            } else {
                in_states(query, states);
            }
            match owner {
                None => {}
                Some(OwnerChoice::Nobody) => {
                    query.push(
                        " AND NOT EXISTS (SELECT 1 FROM cases c
                                          WHERE c.number = r.number AND c.owner IS NOT NULL)",
                    );
                }
                Some(OwnerChoice::Former) => {
                    query.push(
                        " AND EXISTS (SELECT 1 FROM cases c WHERE c.number = r.number
                                      AND c.owner NOT IN (SELECT id FROM accounts))",
                    );
                }
                Some(OwnerChoice::Account(account)) => {
                    query.push(" AND EXISTS (SELECT 1 FROM cases c WHERE c.number = r.number");
                    query.push(" AND c.owner = ").bind(*account).push(")");
                }
            }
        }
        if let Some(score) = filter.score {
            query.push(" AND r.score = ").bind(i64::from(score));
        }
        if let Some(touchpoint) = filter.touchpoint {
            query.push(" AND r.touchpoint = ").bind(touchpoint.name().to_owned());
        }
        if let Some(segment) = filter.segment {
            let (low, high) = match segment {
                Segment::Detractor => (0, 6),
                Segment::Passive => (7, 8),
                Segment::Promoter => (9, 10),
            };
            query.push(" AND r.score BETWEEN ").bind(low).push(" AND ").bind(high);
        }
        if filter.comments == Comments::Only {
            query.push(" AND r.comment IS NOT NULL");
        }
        if filter.survey.is_none() && matches!(filter.standing, Standing::Counted(_)) {
            query.push(" AND r.").push(NOT_ARCHIVED);
        }
        match filter.standing {
            Standing::Any => {}
            Standing::Counted(Flagged::Without) => {
                query.push(" AND r.aside = 0");
            }
            Standing::Counted(Flagged::With) => {
                let (_, last) = Kind::Flagged.bits();
                query.push(" AND r.aside <= ").bind(i64::from(last));
            }
            Standing::Aside(kind) => {
                let (first, last) = kind.bits();
                // The first condition makes SQLite use the partial index `responses_aside`.
                query.push(" AND r.aside > 0 AND r.aside BETWEEN ").bind(i64::from(first));
                query.push(" AND ").bind(i64::from(last));
            }
        }
        self
    }

    /// Adds a period: from `from` on, and before `before`, both in Unix milliseconds.
    pub(super) fn between(mut self, from: Option<i64>, before: Option<i64>) -> Self {
        if let Some(from) = from {
            self.query.push(" AND ").push(self.at).push(" >= ").bind(from);
        }
        if let Some(before) = before {
            self.query.push(" AND ").push(self.at).push(" < ").bind(before);
        }
        self
    }

    /// Restricts it to every so-many-th response.
    pub(super) fn each(mut self, every: i64) -> Self {
        if every > 1 {
            self.query.push(" AND ").push(self.number).push(" % ").bind(every).push(" = 0");
        }
        self
    }

    /// Restricts [`Self::sample`] to every so-many-th of all responses, which is at least [`SAMPLED`]: of so many numbers in a row
    /// it has one.
    pub(super) fn each_of_sample(mut self, every: i64) -> Self {
        self.query
            .push(" AND ")
            .push(self.number)
            .push(" % ")
            .bind(every)
            .push(" < ")
            .bind(SAMPLED);
        self
    }

    /// Restricts it to the responses after a place in the list.
    pub(super) fn behind(mut self, after: Option<&Cursor>) -> Self {
        if let Some(after) = after {
            self.query.push(" AND (").push(self.at).push(", ").push(self.number).push(") < (");
            self.query.bind(after.received_at).push(", ").bind(after.number).push(")");
        }
        self
    }

    /// Restricts it to the responses up to a place in the list.
    pub(super) fn down_to(mut self, end: Option<&Cursor>) -> Self {
        if let Some(end) = end {
            self.query.push(" AND (").push(self.at).push(", ").push(self.number).push(") >= (");
            self.query.bind(end.received_at).push(", ").bind(end.number).push(")");
        }
        self
    }

    /// Sorts by the order of lists.
    pub(super) fn newest_first(mut self, limit: usize) -> Query {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.query.push(" ORDER BY ").push(self.at).push(" DESC, ").push(self.number);
        self.query.push(" DESC LIMIT ").bind(limit);
        self.query
    }
}

/// Adds the condition on the states of cases.
fn in_states(query: &mut Query, states: &[State]) {
    // The first condition makes SQLite use the partial index `responses_cases`.
    query.push(" AND r.case_state > 0");
    in_states_of(query, "r.case_state", states);
}

/// The same, for this expression.
fn in_states_of(query: &mut Query, state: &str, states: &[State]) {
    query.push(" AND ").push(state).push(" ");
    if let [state] = states {
        query.push("= ").bind(state.number());
        return;
    }
    query.push("IN (");
    for (at, state) in states.iter().enumerate() {
        query.push(if at == 0 { "" } else { ", " }).bind(state.number());
    }
    query.push(")");
}

/// The row in `facts` that a filter names.
pub(super) enum Fact {
    /// The filter names none.
    Any,
    One(i64),
    /// No response has it.
    Unknown,
}

impl Fact {
    pub(super) fn of(filter: &Filter, connection: &Connection) -> rusqlite::Result<Self> {
        let Some(facet) = &filter.facet else { return Ok(Self::Any) };
        let mut fact =
            connection.prepare_cached("SELECT fact FROM facts WHERE facet = ? AND value = ?")?;
        let mut rows = fact.query([&facet.name, &facet.value])?;
        Ok(match rows.next()? {
            Some(row) => Self::One(row.get(0)?),
            None => Self::Unknown,
        })
    }
}
