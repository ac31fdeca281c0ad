//! The tables `survey_facts`, `survey_methods` and `left_out`: what of a survey's facts and ways of asking
//! is counted. What was taken once stays; `store/bounds.rs` has the numbers.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    report::facts::{Facet, PROPERTY},
    store::{
        StoreError,
        bounds::{self, MAX_METHODS, MAX_PROPERTIES, METHODS, PROPERTIES},
    },
};

/// How many surveys' bounds are remembered; beyond that they are read again.
const MAX_REMEMBERED: usize = 500;

/// What is counted of each survey, as far as it was asked for.
#[derive(Default)]
pub(super) struct Bounds {
    surveys: HashMap<String, OfSurvey>,
    /// What was more than is counted since the last commit, by survey and facet.
    left_out: BTreeSet<(String, String)>,
}

/// What is counted of a survey.
struct OfSurvey {
    /// Rows of `facts`.
    facts: HashSet<i64>,
    /// How many of them are values of each facet.
    values: HashMap<String, usize>,
    /// Rows of `methods`.
    methods: HashSet<i64>,
    /// The shop's own properties that the shop chose.
    chosen: Option<BTreeSet<String>>,
}

impl OfSurvey {
    fn read(connection: &Connection, survey: &str) -> Result<Self, StoreError> {
        let (mut facts, mut values) = (HashSet::new(), HashMap::new());
        let mut all = connection.prepare_cached(
            "SELECT fact, facet FROM survey_facts JOIN facts USING (fact) WHERE survey = ?",
        )?;
        let mut rows = all.query([survey])?;
        while let Some(row) = rows.next()? {
            facts.insert(row.get(0)?);
            *values.entry(row.get(1)?).or_default() += 1;
        }
        let mut methods =
            connection.prepare_cached("SELECT method FROM survey_methods WHERE survey = ?")?;
        let methods = methods.query_map([survey], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let chosen: Option<Option<String>> = connection
            .prepare_cached("SELECT properties FROM surveys WHERE id = ?")?
            .query_row([survey], |row| row.get(0))
            .optional()?;
        let chosen = chosen.flatten().map(|json| properties(&json)).transpose()?;
        Ok(Self { facts, values, methods, chosen: chosen.map(BTreeSet::from_iter) })
    }

    /// What keeps another value of a facet from being counted.
    fn keeps_out<'a>(&self, facet: &'a str) -> Option<&'a str> {
        if let Some(name) = facet.strip_prefix(PROPERTY)
            && !self.values.contains_key(facet)
        {
            let is_counted = match &self.chosen {
                Some(chosen) => chosen.contains(name),
                None => {
                    let names = self.values.keys().filter(|it| it.starts_with(PROPERTY));
                    names.count() < MAX_PROPERTIES
                }
            };
            if !is_counted {
                return Some(PROPERTIES);
            }
        }
        let values = self.values.get(facet).copied().unwrap_or_default();
        (values >= bounds::max_values(facet)).then_some(facet)
    }
}

/// A list of names, as it is stored.
pub(super) fn properties(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::unexpected("a survey's list of properties"))
}

impl Bounds {
    fn of(&mut self, connection: &Connection, survey: &str) -> Result<&mut OfSurvey, StoreError> {
        if !self.surveys.contains_key(survey) {
            if self.surveys.len() >= MAX_REMEMBERED {
                self.surveys.clear();
            }
            let read = OfSurvey::read(connection, survey)?;
            self.surveys.insert(survey.to_owned(), read);
        }
        self.surveys.get_mut(survey).ok_or(StoreError::unexpected("a survey's bounds"))
    }

    /// Forgets what is counted of surveys, so that it is read again.
    pub(super) fn forget(&mut self) {
        self.surveys.clear();
    }

    /// Whether a fact is among those of a survey that are counted.
    pub(super) fn counts(
        &mut self,
        connection: &Connection,
        survey: &str,
        fact: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.of(connection, survey)?.facts.contains(&fact))
    }

    /// Whether a fact that is not counted yet may be; notes it where it may not.
    pub(super) fn has_room(
        &mut self,
        connection: &Connection,
        survey: &str,
        fact: &Facet,
    ) -> Result<bool, StoreError> {
        let Some(by) = self.of(connection, survey)?.keeps_out(&fact.name) else { return Ok(true) };
        self.left_out.insert((survey.to_owned(), by.to_owned()));
        Ok(false)
    }

    /// Counts a fact in a survey from now on.
    pub(super) fn admit(
        &mut self,
        connection: &Connection,
        survey: &str,
        facet: &str,
        fact: i64,
    ) -> Result<(), StoreError> {
        connection
            .prepare_cached("INSERT INTO survey_facts VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![survey, fact])?;
        let of_survey = self.of(connection, survey)?;
        if of_survey.facts.insert(fact) {
            *of_survey.values.entry(facet.to_owned()).or_default() += 1;
        }
        Ok(())
    }

    /// Whether a way of asking is told apart in a survey. `None` is one that is not known at all.
    pub(super) fn tells_apart(
        &mut self,
        connection: &Connection,
        survey: &str,
        method: Option<i64>,
    ) -> Result<bool, StoreError> {
        let of_survey = self.of(connection, survey)?;
        if method.is_some_and(|method| of_survey.methods.contains(&method))
            || of_survey.methods.len() < MAX_METHODS
        {
            return Ok(true);
        }
        self.left_out.insert((survey.to_owned(), METHODS.to_owned()));
        Ok(false)
    }

    /// Tells a way of asking apart in a survey from now on.
    pub(super) fn tell_apart(
        &mut self,
        connection: &Connection,
        survey: &str,
        method: i64,
    ) -> Result<(), StoreError> {
        if self.of(connection, survey)?.methods.insert(method) {
            connection
                .prepare_cached("INSERT INTO survey_methods VALUES (?, ?) ON CONFLICT DO NOTHING")?
                .execute(params![survey, method])?;
        }
        Ok(())
    }

    /// Writes what was more than is counted.
    pub(super) fn write(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.left_out.is_empty() {
            return Ok(());
        }
        let now = Timestamp::now().as_millisecond();
        let mut note = connection.prepare_cached(
            "INSERT INTO left_out VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT DO UPDATE SET last_at = excluded.last_at",
        )?;
        for (survey, facet) in std::mem::take(&mut self.left_out) {
            note.execute(params![survey, facet, now])?;
        }
        Ok(())
    }
}
