//! The tables `survey_facts`, `survey_methods` and `left_out`: the facts and methods of a survey that are
//! counted. A value that is counted once stays counted. `store/bounds.rs` has the limits.

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

/// Surveys whose counted values are cached; for others they are read again.
const MAX_CACHED_SURVEYS: usize = 500;

/// A cache of the values that are counted in each survey.
#[derive(Default)]
pub(super) struct Bounds {
    surveys: HashMap<String, SurveyBounds>,
    /// Pairs of survey and facet that had too many values since the last commit.
    left_out: BTreeSet<(String, String)>,
}

/// The counted values of a survey.
struct SurveyBounds {
    /// Rows of `facts`.
    facts: HashSet<i64>,
    /// The number of counted values of each facet.
    values: HashMap<String, usize>,
    /// Rows of `methods`.
    methods: HashSet<i64>,
    /// The properties that the shop chose.
    chosen: Option<BTreeSet<String>>,
}

impl SurveyBounds {
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

    /// The facet whose limit keeps another value of `facet` from being counted, if any.
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

/// Reads a stored list of names.
pub(super) fn properties(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::unexpected("a survey's list of properties"))
}

impl Bounds {
    fn of(
        &mut self,
        connection: &Connection,
        survey: &str,
    ) -> Result<&mut SurveyBounds, StoreError> {
        if !self.surveys.contains_key(survey) {
            if self.surveys.len() >= MAX_CACHED_SURVEYS {
                self.surveys.clear();
            }
            let read = SurveyBounds::read(connection, survey)?;
            self.surveys.insert(survey.to_owned(), read);
        }
        self.surveys.get_mut(survey).ok_or(StoreError::unexpected("a survey's bounds"))
    }

    /// Empties the cache, so that the tables are read again.
    pub(super) fn forget(&mut self) {
        self.surveys.clear();
    }

    /// Whether a fact is counted in a survey.
    pub(super) fn counts(
        &mut self,
        connection: &Connection,
        survey: &str,
        fact: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.of(connection, survey)?.facts.contains(&fact))
    }

    /// Whether a new fact may be counted in a survey; if not, notes that in `left_out`.
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

    /// Whether a method is distinguished in a survey. `None` stands for an unknown method.
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

    /// Distinguishes a method in a survey from now on.
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

    /// Writes the pairs in `left_out`.
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
