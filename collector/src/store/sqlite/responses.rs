//! The table `responses`: one row a response, as of its highest revision.

use std::collections::{HashMap, HashSet};

use afterword_response::Response;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row};
use uuid::Uuid;

use super::{
    Store,
    filter::{Fact, Selection},
    ledger, search,
};
use crate::aside::{Aside, Flag};
use crate::store::{
    Cursor, Filter, Put, StoreError, Stored,
    arrival::{Arrival, Author},
    erasures,
    search::{Sought, sought},
    zone::DAY,
};

/// How many responses one transaction changes: whoever sends an answer waits for no more than that.
pub(super) const BATCH: usize = 500;

/// What a [`Stored`] is made of.
const COLUMNS: &str = "r.id, r.response, r.received_at, r.updated_at, r.number, r.aside";

impl Store {
    /// Keeps a revision of a response that anybody sent, unless one as high is kept already, it was erased,
    /// or it is not the same answer's. What is kept then is on the disk.
    pub(crate) async fn put(&self, response: &Response, aside: Aside) -> Result<Put, StoreError> {
        let (response, now) = (response.clone(), Timestamp::now());
        let stored = Stored { response, received_at: now, updated_at: now, aside };
        self.writer.keep(Arrival::new(stored)?).await
    }

    /// Keeps responses that arrived when they say, in one transaction: all or none. Nobody else writes
    /// meanwhile, so that they must be few while a server runs. Says of each what became of it.
    pub(crate) async fn put_all(&self, responses: Vec<Stored>) -> Result<Vec<Put>, StoreError> {
        let prepare =
            move || responses.into_iter().map(Arrival::new).collect::<Result<Vec<_>, _>>();
        let arrivals = tokio::task::spawn_blocking(prepare)
            .await
            .map_err(|error| StoreError::Engine(error.into()))??;
        self.write(move |ledger| {
            arrivals.iter().map(|arrival| ledger.put(arrival, Author::Shop)).collect()
        })
        .await
    }

    /// Adds flags to responses, a batch at a time. Returns those that are not there.
    pub(crate) async fn flag(
        &self,
        flags: Vec<(Uuid, Flag)>,
    ) -> Result<Vec<(Uuid, Flag)>, StoreError> {
        let mut missing = Vec::new();
        for batch in flags.chunks(BATCH) {
            let batch = batch.to_vec();
            let flagging = self.write(move |ledger| {
                let mut missing = Vec::new();
                for (id, flag) in &batch {
                    if !ledger.flag(&id.to_string(), *flag)? {
                        missing.push((*id, *flag));
                    }
                }
                Ok(missing)
            });
            missing.extend(flagging.await?);
        }
        Ok(missing)
    }

    /// The response of that id, as it is kept.
    pub(crate) async fn response(&self, id: &str) -> Result<Option<Response>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut one =
                connection.prepare_cached("SELECT response FROM responses WHERE id = ?")?;
            let json: Option<String> = one.query_row([&id], |row| row.get(0)).optional()?;
            json.map(|json| ledger::response(&id, &json)).transpose()
        })
        .await
    }

    /// How many responses there are.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        self.count_of(&Filter::default()).await
    }

    /// How many responses a filter lets through.
    pub(crate) async fn count_of(&self, filter: &Filter) -> Result<u64, StoreError> {
        let filter = filter.clone();
        self.read(move |connection| {
            let fact = match Fact::of(&filter, connection)? {
                Fact::Any => None,
                Fact::One(fact) => Some(fact),
                Fact::Unknown => return Ok(0),
            };
            let count = |selection: Selection| -> rusqlite::Result<i64> {
                let query = selection.matching(&filter).query;
                connection
                    .prepare_cached(&query.sql)?
                    .query_row(&*query.parameters(), |row| row.get(0))
            };
            let (from, before) = limits(&filter);
            let count = match &filter.words {
                None => count(Selection::all("count(*)", fact).between(from, before))?,
                Some(words) => {
                    let mut sum = 0;
                    let mut shelves = Shelves::new(&filter, sought(words), before);
                    while let Some((expression, from, before)) = shelves.next(connection)? {
                        let found = Selection::found("count(*)", fact, expression);
                        sum += count(found.between(Some(from), Some(before)))?;
                    }
                    sum
                }
            };
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// The numbers of the responses that a filter lets through, oldest first.
    pub(super) async fn numbers_of(&self, filter: &Filter) -> Result<Vec<i64>, StoreError> {
        let filter = filter.clone();
        self.read(move |connection| {
            let fact = match Fact::of(&filter, connection)? {
                Fact::Any => None,
                Fact::One(fact) => Some(fact),
                Fact::Unknown => return Ok(Vec::new()),
            };
            let mut numbers = Vec::new();
            let mut read = |selection: Selection| -> rusqlite::Result<()> {
                let query = selection.matching(&filter).query;
                let mut statement = connection.prepare_cached(&query.sql)?;
                for number in statement.query_map(&*query.parameters(), |row| row.get(0))? {
                    numbers.push(number?);
                }
                Ok(())
            };
            let (from, before) = limits(&filter);
            match &filter.words {
                None => read(Selection::all("r.number", fact).between(from, before))?,
                Some(words) => {
                    let mut shelves = Shelves::new(&filter, sought(words), before);
                    while let Some((expression, from, before)) = shelves.next(connection)? {
                        let found = Selection::found("r.number", fact, expression);
                        read(found.between(Some(from), Some(before)))?;
                    }
                }
            }
            numbers.sort_unstable();
            Ok(numbers)
        })
        .await
    }

    /// The names of the shop's own properties that any response has, sorted.
    pub(crate) async fn property_names(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            // Each name is found by a jump in the index.
            let mut names = connection.prepare_cached(
                "WITH RECURSIVE names (name) AS (
                     SELECT min(facet) FROM facts WHERE facet >= 'prop-'
                     UNION ALL
                     SELECT (SELECT min(facet) FROM facts WHERE facet > name) FROM names
                     WHERE name IS NOT NULL)
                 SELECT substr(name, 6) FROM names WHERE name GLOB 'prop-?*'",
            )?;
            let names = names.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Which of these ids are there, as of which revision, and which were erased.
    pub(crate) async fn known(
        &self,
        ids: &[&str],
    ) -> Result<(HashMap<String, u32>, HashSet<String>), StoreError> {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        self.read(move |connection| {
            let (mut revisions, mut erased) = (HashMap::new(), HashSet::new());
            let mut kept =
                connection.prepare_cached("SELECT revision FROM responses WHERE id = ?")?;
            let mut gone = connection.prepare_cached("SELECT 1 FROM erased WHERE id_hash = ?")?;
            for id in ids {
                if let Some(revision) = kept.query_row([&id], |row| row.get(0)).optional()? {
                    revisions.insert(id, revision);
                } else if gone.exists([erasures::mark(&id)])? {
                    erased.insert(id);
                }
            }
            Ok((revisions, erased))
        })
        .await
    }

    /// Up to `limit` responses, newest first, from behind `after`; and the cursor of the last one,
    /// if there are more.
    pub(crate) async fn list(
        &self,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<Stored>, Option<Cursor>), StoreError> {
        let (filter, after) = (filter.clone(), after.cloned());
        // One more than asked for is read only to know whether there is one.
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut rows = self
            .read(move |connection| list(connection, &filter, after.as_ref(), limit + 1))
            .await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(cursor, _)| cursor.clone());
        Ok((rows.into_iter().map(|(_, stored)| stored).collect(), next))
    }
}

fn list(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<(Cursor, Stored)>, StoreError> {
    let fact = match Fact::of(filter, connection)? {
        Fact::Any => None,
        Fact::One(fact) => Some(fact),
        Fact::Unknown => return Ok(Vec::new()),
    };
    let (from, before) = limits(filter);
    let mut rows = Vec::new();
    let mut read = |selection: Selection, limit| -> Result<usize, StoreError> {
        let query = selection.matching(filter).behind(after).newest_first(limit);
        let mut statement = connection.prepare_cached(&query.sql)?;
        for row in statement.query_and_then(&*query.parameters(), stored)? {
            rows.push(row?);
        }
        Ok(rows.len())
    };
    let Some(words) = &filter.words else {
        read(Selection::all(COLUMNS, fact).between(from, before), limit)?;
        return Ok(rows);
    };
    // What arrived in the very millisecond of the cursor may come behind it.
    let begin = after.map(|after| after.received_at.saturating_add(1));
    let before = [before, begin].into_iter().flatten().min();
    let mut shelves = Shelves::new(filter, sought(words), before);
    let mut found = 0;
    while found < limit {
        let Some((expression, from, before)) = shelves.next(connection)? else { break };
        let selection = Selection::found(COLUMNS, fact, expression);
        found = read(selection.between(Some(from), Some(before)), limit - found)?;
    }
    Ok(rows)
}

/// The days of a search, newest first: those on which any response arrived.
struct Shelves<'a> {
    filter: &'a Filter,
    sought: Vec<Sought>,
    /// What arrived earlier than that is still to be searched.
    before: Option<i64>,
}

impl<'a> Shelves<'a> {
    fn new(filter: &'a Filter, sought: Vec<Sought>, before: Option<i64>) -> Self {
        Self { filter, sought, before }
    }

    /// What to ask of the next day, and from when on and before when it is searched, in Unix
    /// milliseconds; `None` behind the last.
    fn next(&mut self, connection: &Connection) -> rusqlite::Result<Option<(String, i64, i64)>> {
        // No comment holds a word that is none.
        if self.sought.is_empty() {
            return Ok(None);
        }
        let (from, _) = limits(self.filter);
        let only = Filter { survey: self.filter.survey.clone(), ..Filter::default() };
        let newest = Selection::all("r.received_at", None)
            .matching(&only)
            .between(from, self.before)
            .newest_first(1);
        let newest: Option<i64> = connection
            .prepare_cached(&newest.sql)?
            .query_row(&*newest.parameters(), |row| row.get(0))
            .optional()?;
        let Some(newest) = newest else { return Ok(None) };
        let shelf = search::shelf(newest);
        let begin = if newest < 0 { i64::MIN } else { shelf * DAY };
        let before = self.before.replace(begin).unwrap_or(i64::MAX);
        let from = from.map_or(begin, |from| from.max(begin));
        Ok(Some((search::expression(&self.sought, shelf), from, before)))
    }
}

/// From when on and before when a filter's responses arrived, in Unix milliseconds.
fn limits(filter: &Filter) -> (Option<i64>, Option<i64>) {
    (filter.from.map(Timestamp::as_millisecond), filter.before.map(Timestamp::as_millisecond))
}

fn stored(row: &Row<'_>) -> Result<(Cursor, Stored), StoreError> {
    let id = || row.get(0).unwrap_or_default();
    let time = |column| {
        let time = Timestamp::from_millisecond(row.get(column)?);
        time.map_err(|error| StoreError::Row { id: id(), cause: error.into() })
    };
    let json = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let stored = Stored {
        response: ledger::response(&id(), json)?,
        received_at: time(2)?,
        updated_at: time(3)?,
        aside: Aside::from_bits(row.get(5)?),
    };
    Ok((Cursor { received_at: row.get(2)?, number: row.get(4)? }, stored))
}
