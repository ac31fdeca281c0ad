//! The parameters of a list of cases: the parameters of a list of responses, and those for cases.

use jiff::tz::TimeZone;
use serde_json::json;

use super::{
    Empty,
    list::ListQuery,
    parameter::Parameter,
    problem::{BadQuery, ParameterProblem},
    read,
};
use crate::store::{
    Cursor, Filter,
    cases::{CaseFilter, OwnerChoice, State},
};

/// A query for a list of cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CaseQuery {
    pub(crate) list: ListQuery,
    pub(crate) wanted: StateChoice,
    pub(crate) owner: Option<OwnerQuery>,
    pub(crate) score: Option<u8>,
}

/// The wanted states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StateChoice {
    /// All open states.
    #[default]
    Open,
    All,
    One(State),
}

/// The selection of owners in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerQuery {
    /// The cases of the person who asks.
    Me,
    Nobody,
    /// The cases of colleagues whose accounts were removed.
    Former,
    /// An account, by its id.
    Account(i64),
}

impl StateChoice {
    /// Every choice, in the order of a form.
    pub(crate) const ALL: [Self; 7] = [
        Self::Open,
        Self::One(State::New),
        Self::One(State::Seen),
        Self::One(State::InProgress),
        Self::One(State::Answered),
        Self::One(State::Closed),
        Self::All,
    ];

    /// The name in addresses.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::All => "all",
            Self::One(state) => state.name(),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.name() == name)
    }

    fn states(self) -> Vec<State> {
        match self {
            Self::Open => State::OPEN.to_vec(),
            Self::All => State::ALL.to_vec(),
            Self::One(state) => vec![state],
        }
    }
}

impl OwnerQuery {
    /// The form in addresses.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Me => "me".to_owned(),
            Self::Nobody => "none".to_owned(),
            Self::Former => "former".to_owned(),
            Self::Account(account) => account.to_string(),
        }
    }

    fn read(value: &str) -> Result<Self, ParameterProblem> {
        match value {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::Nobody),
            "former" => Ok(Self::Former),
            account => account
                .parse()
                .ok()
                .filter(|account| *account > 0)
                .map(Self::Account)
                .ok_or_else(|| ParameterProblem::Word(vec!["me", "none", "former"])),
        }
    }
}

impl CaseQuery {
    /// The parameters that exist.
    pub(crate) fn parameters() -> Vec<Parameter> {
        let states =
            "The states: one of them, all, or those in which somebody still has to do something.";
        let states = Parameter::named(
            "state",
            states,
            json!({ "enum": StateChoice::ALL.map(StateChoice::name), "default": StateChoice::Open.name() }),
        );
        let owner = Parameter::named(
            "owner",
            "Whose: the number of a colleague's account, none for cases without an owner, former for those of \
             colleagues who were removed, me for your own on the page.",
            json!({ "type": "string", "pattern": "^(me|none|former|[1-9][0-9]{0,17})$" }),
        );
        let score = Parameter::named(
            "score",
            "One score.",
            json!({ "type": "integer", "minimum": 0, "maximum": 10 }),
        );
        let mut parameters = ListQuery::parameters();
        parameters.extend([states, owner, score]);
        parameters
    }

    /// Reads the part of an address after the `?`.
    pub(crate) fn read(query: &str, empty: Empty) -> Result<Self, BadQuery> {
        let mut cases = Self::default();
        read(query, empty, |name, value| cases.set(name, value))?;
        if empty == Empty::Ignored {
            cases.list.filter.put_days_in_order();
        }
        Ok(cases)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), ParameterProblem> {
        match name {
            "state" => {
                let names = || StateChoice::ALL.map(StateChoice::name).to_vec();
                self.wanted =
                    StateChoice::from_name(value).ok_or_else(|| ParameterProblem::Word(names()))?;
            }
            "owner" => self.owner = Some(OwnerQuery::read(value)?),
            "score" => {
                let score = value.parse().ok().filter(|score| *score <= 10);
                self.score = Some(score.ok_or(ParameterProblem::Number { least: 0, most: 10 })?);
            }
            _ => {
                return self.list.set(name, value).map_err(|problem| match problem {
                    ParameterProblem::Unknown { known } => ParameterProblem::Unknown {
                        known: ["state", "owner", "score"].into_iter().chain(known).collect(),
                    },
                    problem => problem,
                });
            }
        }
        Ok(())
    }

    /// The query for the same cases, starting after `after`.
    pub(crate) fn behind(&self, after: Option<&Cursor>) -> String {
        let mut query = form_urlencoded::Serializer::new(self.list.behind(after));
        if self.wanted != StateChoice::default() {
            query.append_pair("state", self.wanted.name());
        }
        if let Some(owner) = self.owner {
            query.append_pair("owner", &owner.name());
        }
        if let Some(score) = self.score {
            query.append_pair("score", &score.to_string());
        }
        query.finish()
    }

    /// Whether the query differs from the default, which is all open cases.
    pub(crate) fn is_narrowed(&self) -> bool {
        let filter = self.list.filter.clone();
        let list = ListQuery { filter, ..ListQuery::default() };
        Self { list, ..self.clone() } != Self::default()
    }

    /// The filter for the database. `me` is the account of the person who asks. The holder of the admin token has no account,
    /// and owns no case.
    pub(crate) fn filter(&self, zone: &TimeZone, me: Option<i64>) -> Filter {
        let owner = self.owner.map(|owner| match owner {
            OwnerQuery::Me => OwnerChoice::Account(me.unwrap_or_default()),
            OwnerQuery::Nobody => OwnerChoice::Nobody,
            OwnerQuery::Former => OwnerChoice::Former,
            OwnerQuery::Account(account) => OwnerChoice::Account(account),
        });
        Filter {
            score: self.score,
            cases: Some(CaseFilter { states: self.wanted.states(), owner }),
            ..self.list.filter.filter(zone)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_query_for_cases_is_written_and_read_back() {
        let query = "touchpoint=delivery&q=zu+sp%C3%A4t&state=in-progress&owner=7&score=0";
        let cases = CaseQuery::read(query, Empty::Refused).unwrap();
        assert_eq!(cases.behind(None), query);
        assert_eq!(cases.owner, Some(OwnerQuery::Account(7)));
        let open = CaseQuery::read("state=open&owner=", Empty::Ignored).unwrap();
        assert_eq!((open.behind(None), open.is_narrowed()), (String::new(), false));
        assert!(CaseQuery::read("owner=me", Empty::Refused).unwrap().is_narrowed());
    }

    #[test]
    fn wrong_values_are_named() {
        for query in
            ["state=done", "owner=kim", "owner=0", "owner=-1", "score=11", "score=x", "x=1"]
        {
            assert!(CaseQuery::read(query, Empty::Refused).is_err(), "{query}");
        }
    }
}
