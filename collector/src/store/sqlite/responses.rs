//! The table `responses`: one row per response, with its highest revision.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    sync::Arc,
};

use afterword_response::Response;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::{
    Store,
    filter::{Fact, Selection},
    ledger::Ledger,
    search, themes,
    writer::Begun,
};
use crate::access::public_ids::Ids;
use crate::aside::{Aside, Flag};
use crate::report::facts::{Facet, THEME};
use crate::store::{
    Comments, Cursor, Filter, Hits, PutOutcome, Standing, StoreError, Stored,
    arrival::{Arrival, Author, Preparing},
    erasures,
    search::{SearchTerm, search_terms},
    zone::DAY,
};
use crate::themes::{Named, Theme};

/// Responses that one transaction changes: arriving answers wait for no more.
pub(super) const BATCH: usize = 500;

/// The columns of a [`Stored`].
pub(super) const COLUMNS: &str = "r.id, r.response, r.received_at, r.updated_at, r.number, r.aside, \
                                  r.themes, r.themes_read";

/// Responses that a step of a list examines if many may not match: this takes some hundredths of a second.
const MAX_EXAMINED: usize = 20_000;
/// The same for the number of hits on a page.
const MAX_EXAMINED_AT_ONCE: usize = 1_500;
/// A survey with no more responses is read by its own index.
const MAX_SMALL_SURVEY: usize = 4_000;
/// Responses that are examined for the examples of one theme.
const MAX_EXAMINED_EXAMPLES: usize = 500;

/// Responses that are being written.
pub(crate) struct Writing {
    begun: Begun<Vec<PutOutcome>>,
    /// Freed by the task that waits, since the writer's thread has the most to do.
    arrivals: Arc<Vec<Arrival>>,
}

impl Writing {
    /// Waits until they are on the disk, and returns the outcome of each.
    pub(crate) async fn done(self) -> Result<Vec<PutOutcome>, StoreError> {
        let outcomes = self.begun.done().await;
        drop(self.arrivals);
        outcomes
    }
}

impl Store {
    /// Stores a revision of a response that anybody sent, unless one as high is stored already, it was erased, or
    /// it does not belong to the same answer. The result is on the disk when this returns.
    pub(crate) async fn put(
        &self,
        response: &Response,
        aside: Aside,
    ) -> Result<PutOutcome, StoreError> {
        let (response, now) = (response.clone(), Timestamp::now());
        let named = Named::default();
        let stored = Stored { response, received_at: now, updated_at: now, aside, named };
        self.writer.keep(Arrival::new(stored, &self.lists.rules())?).await
    }

    /// The same, and also returns the response that is then stored under its id; `None` if it was erased.
    pub(crate) async fn put_and_read(
        &self,
        response: &Response,
        aside: Aside,
    ) -> Result<(PutOutcome, Option<Response>), StoreError> {
        let (response, now) = (response.clone(), Timestamp::now());
        let named = Named::default();
        let stored = Stored { response, received_at: now, updated_at: now, aside, named };
        self.writer.keep_and_read(Arrival::new(stored, &self.lists.rules())?).await
    }

    /// Begins to prepare responses for [`begin_put_all`](Self::begin_put_all), in the background. `change` is called with each of
    /// them before.
    pub(crate) fn prepare(
        &self,
        responses: Vec<Stored>,
        change: impl Fn(&mut Response) + Send + 'static,
    ) -> Preparing {
        let rules = self.lists.rules();
        Preparing(tokio::task::spawn_blocking(move || {
            let arrivals = responses.into_iter().map(|mut stored| {
                change(&mut stored.response);
                Arrival::new(stored, &rules)
            });
            arrivals.collect()
        }))
    }

    /// Begins to store responses with their given times of arrival in one transaction: all or none. Other writes
    /// wait meanwhile, so pass only few while a server runs.
    pub(crate) async fn begin_put_all(&self, batch: Preparing) -> Result<Writing, StoreError> {
        let arrivals = batch.0.await.map_err(|error| StoreError::Engine(error.into()))??;
        let arrivals = Arc::new(arrivals);
        let written = Arc::clone(&arrivals);
        let put = move |ledger: &mut Ledger<'_>| {
            written.iter().map(|arrival| ledger.put(arrival, Author::Shop)).collect()
        };
        Ok(Writing { begun: self.writer.begin_write(put).await?, arrivals })
    }

    /// Stores such a batch.
    #[cfg(test)]
    pub(crate) async fn put_all(&self, batch: Preparing) -> Result<Vec<PutOutcome>, StoreError> {
        self.begin_put_all(batch).await?.done().await
    }

    /// Adds flags to responses, a batch at a time. Returns those that do not exist.
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

    /// The stored response with an id.
    #[cfg(test)]
    pub(crate) async fn response(&self, id: &str) -> Result<Option<Response>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut one =
                connection.prepare_cached("SELECT response FROM responses WHERE id = ?")?;
            let json: Option<String> = one.query_row([&id], |row| row.get(0)).optional()?;
            json.map(|json| super::response(&id, &json)).transpose()
        })
        .await
    }

    /// The number of responses.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        self.count_of(&Filter::default()).await
    }

    /// The number of responses that match a filter. Counts in steps, so that others can read in between.
    pub(crate) async fn count_of(&self, filter: &Filter) -> Result<u64, StoreError> {
        let mut sum = 0;
        for filter in filter.by_state() {
            let mut after = None;
            loop {
                let (filter, from) = (filter.clone(), after.take());
                let step = move |connection: &Connection| count(connection, &filter, from.as_ref());
                let (count, end) = self.read_long(step).await?;
                sum += count;
                match end {
                    Some(end) => after = Some(end),
                    None => break,
                }
            }
        }
        Ok(sum)
    }

    /// The number of responses that match a filter, counted up to `most`.
    pub(crate) async fn hits(&self, filter: &Filter, most: u64) -> Result<Hits, StoreError> {
        let mut sum = 0;
        for filter in filter.by_state() {
            let mut after = None;
            loop {
                let (filter, from) = (filter.clone(), after.take());
                let step = move |connection: &Connection| {
                    count_on(connection, &filter, from.as_ref(), sum, most, MAX_EXAMINED)
                };
                let (now, end) = self.read_long(step).await?;
                sum = now;
                if sum > most {
                    return Ok(Hits::AtLeast(sum));
                }
                match end {
                    Some(end) => after = Some(end),
                    None => break,
                }
            }
        }
        Ok(Hits::Exactly(sum))
    }

    /// The same for a page that is not to wait for it: only the newest [`MAX_EXAMINED_AT_ONCE`] responses of each state are
    /// examined, so that it takes as long with millions of answers as with some thousand.
    pub(crate) async fn hits_at_once(
        &self,
        filter: &Filter,
        most: u64,
    ) -> Result<Hits, StoreError> {
        let filters = filter.by_state();
        self.read_long(move |connection| {
            count_at_once(connection, &filters, most, MAX_EXAMINED_AT_ONCE)
        })
        .await
    }

    /// The row numbers of the responses that match a filter, oldest first, also read in steps.
    pub(super) async fn numbers_of(&self, filter: &Filter) -> Result<Vec<i64>, StoreError> {
        let (mut numbers, mut after) = (Vec::new(), None);
        loop {
            let (filter, from) = (filter.clone(), after.take());
            let step = move |connection: &Connection| {
                let mut numbers = Vec::new();
                let end =
                    step(connection, &filter, from.as_ref(), "r.number", MAX_EXAMINED, |row| {
                        numbers.push(row.get::<_, i64>(0)?);
                        Ok(ControlFlow::Continue(()))
                    })?;
                Ok((numbers, end))
            };
            let (more, end) = self.read_long(step).await?;
            numbers.extend(more);
            match end {
                Some(end) => after = Some(end),
                None => break,
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The names of the first `most` properties that are counted in any survey, sorted.
    pub(crate) async fn property_names(&self, most: usize) -> Result<Vec<String>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read_long(move |connection| {
            let mut names = connection.prepare_cached(
                "SELECT name FROM (
                     SELECT substr(facet, 6) AS name, min(fact) AS came
                     FROM survey_facts JOIN facts USING (fact) JOIN surveys ON id = survey
                     WHERE facet GLOB 'prop-?*' GROUP BY facet ORDER BY came LIMIT ?)
                 ORDER BY name",
            )?;
            let names = names.query_map([most], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The ids among these that exist, with their revisions, and those that were erased.
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

    /// The public id of an answer.
    pub(crate) fn public_id(&self, id: &str) -> String {
        self.public_ids.public(id)
    }

    /// A stored response, with either its own id or the public one.
    pub(super) fn shown(&self, mut stored: Stored, ids: Ids) -> Stored {
        if ids == Ids::Public {
            stored.response.id = self.public_id(&stored.response.id);
            // It belongs to the customer's link, as the id does.
            stored.response.answer_page = None;
        }
        stored
    }

    /// The same in a list, in which only a complete export has contacts: a customer gives theirs to be answered, on the
    /// page of the case.
    fn listed(&self, stored: Stored, ids: Ids) -> Stored {
        let mut stored = self.shown(stored, ids);
        if ids == Ids::Public {
            stored.response.contact = None;
        }
        stored
    }

    /// Up to `limit` responses, newest first, after `after`; and the place to continue from, if there may be more.
    /// If few match, a page has fewer than `limit` or none, since only [`MAX_EXAMINED`] are examined.
    pub(crate) async fn list(
        &self,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: u32,
        ids: Ids,
    ) -> Result<(Vec<Stored>, Option<Cursor>), StoreError> {
        let (filter, after) = (filter.clone(), after.cloned());
        // Reads one more than requested, to know whether there are more.
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let step = move |connection: &Connection| {
            list_by_state(connection, &filter, after.as_ref(), limit + 1, MAX_EXAMINED)
        };
        let (mut rows, end) = self.read_long(step).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|(cursor, _)| cursor.clone()) } else { end };
        let responses = rows.into_iter().map(|(_, stored)| self.listed(stored, ids));
        Ok((responses.collect(), next))
    }
}

impl Store {
    /// The latest answers of a filter about each of these themes, up to `most` each. Only some hundred answers about each
    /// theme are examined.
    pub(crate) async fn latest_about(
        &self,
        filter: &Filter,
        about: Vec<Theme>,
        most: usize,
    ) -> Result<Vec<(Theme, Vec<Stored>)>, StoreError> {
        let filter = filter.clone();
        let found = self.read_long(move |connection| {
            about
                .into_iter()
                .map(|theme| {
                    let facet = Facet::new(THEME, theme.id());
                    let filter = Filter { facet, ..filter.clone() };
                    let (rows, _) = list(connection, &filter, None, most, MAX_EXAMINED_EXAMPLES)?;
                    Ok((theme, rows))
                })
                .collect::<Result<Vec<_>, StoreError>>()
        });
        let shown = |rows: Vec<(Cursor, Stored)>| {
            rows.into_iter().map(|(_, stored)| self.listed(stored, Ids::Public)).collect()
        };
        Ok(found.await?.into_iter().map(|(theme, rows)| (theme, shown(rows))).collect())
    }
}

/// Whether no index covers the whole filter, so that many responses may be examined for each match.
fn narrows(filter: &Filter, fact: Option<i64>) -> bool {
    if let Some(cases) = &filter.cases
        && (fact.is_some() || filter.survey.is_some() || cases.owner.is_some())
    {
        return true;
    }
    filter.standing != Standing::Any
        || filter.touchpoint.is_some()
        || filter.segment.is_some()
        || filter.score.is_some()
        || filter.comments == Comments::Only
        || (filter.survey.is_some() && fact.is_some())
}

/// The responses among which a filter without words looks for matches.
struct Candidates<'a> {
    filter: &'a Filter,
    fact: Option<i64>,
    index: CandidateIndex,
}

/// The index that finds candidates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CandidateIndex {
    /// That of all responses, of a fact, of the states of cases, or of a survey: may have very many.
    Usual,
    /// That of a small survey, whose cases are few.
    SmallSurvey,
    /// That of what is set aside, or of a colleague's cases: has few.
    Few,
}

impl<'a> Candidates<'a> {
    fn of(
        connection: &Connection,
        filter: &'a Filter,
        fact: Option<i64>,
    ) -> rusqlite::Result<Self> {
        let of = |index| Ok(Self { filter, fact, index });
        if fact.is_some() {
            return of(CandidateIndex::Usual);
        }
        if filter.owner().is_some() || matches!(filter.standing, Standing::Aside(_)) {
            return of(CandidateIndex::Few);
        }
        let (Some(survey), Some(_)) = (&filter.survey, &filter.cases) else {
            return of(CandidateIndex::Usual);
        };
        let most = i64::try_from(MAX_SMALL_SURVEY).unwrap_or(i64::MAX);
        let mut further = connection.prepare_cached(
            "SELECT 1 FROM responses WHERE survey = ? ORDER BY received_at LIMIT 1 OFFSET ?",
        )?;
        let is_large = further.exists(params![survey, most])?;
        of(if is_large { CandidateIndex::Usual } else { CandidateIndex::SmallSurvey })
    }

    fn select(&self, columns: &str) -> Selection {
        let selection = Selection::candidates(columns, self.filter, self.fact);
        match self.index {
            CandidateIndex::SmallSurvey => selection.by_survey(),
            CandidateIndex::Usual | CandidateIndex::Few => selection,
        }
    }

    /// The place of the last one that a step after `after` examines; `None` if it examines all that are left.
    fn end_of_step(
        &self,
        connection: &Connection,
        after: Option<&Cursor>,
        examined: usize,
    ) -> rusqlite::Result<Option<Cursor>> {
        if self.index != CandidateIndex::Usual {
            return Ok(None);
        }
        let (from, before) = limits(self.filter);
        let mut places = Selection::places(self.filter, self.fact)
            .between(from, before)
            .behind(after)
            .newest_first(2);
        // The last one of the step, and whether any comes after it.
        places.push(" OFFSET ").bind(i64::try_from(examined.saturating_sub(1)).unwrap_or(i64::MAX));
        let mut statement = connection.prepare_cached(&places.sql)?;
        let place = |row: &Row<'_>| Ok(Cursor { received_at: row.get(0)?, number: row.get(1)? });
        let found: Vec<Cursor> =
            statement.query_map(&*places.parameters(), place)?.collect::<Result<_, _>>()?;
        Ok(<[Cursor; 2]>::try_from(found).ok().map(|[last, _]| last))
    }
}

/// The responses that a step of a list finds, and the place after which the next step continues.
type Found = (Vec<(Cursor, Stored)>, Option<Cursor>);

/// The lists of all [`Filter::by_state`] as one, read at one moment.
fn list_by_state(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
    examined: usize,
) -> Result<Found, StoreError> {
    let filters = filter.by_state();
    if let [filter] = &filters[..] {
        return list(connection, filter, after, limit, examined);
    }
    // A case whose state changes meanwhile must be listed exactly once.
    let snapshot = connection.unchecked_transaction()?;
    let (mut rows, mut end) = (Vec::new(), None);
    for filter in &filters {
        let (found, its_end) = list(&snapshot, filter, after, limit, examined)?;
        rows.extend(found);
        end = match (end, its_end) {
            (Some(one), Some(other)) => Some(nearer(one, other)),
            (one, other) => one.or(other),
        };
    }
    // After the earliest end of a list, not all lists have been read.
    if let Some(end) = &end {
        rows.retain(|(place, _)| order(place) >= order(end));
    }
    rows.sort_by_key(|(place, _)| Reverse(order(place)));
    rows.truncate(limit);
    Ok((rows, end))
}

/// The sort key of lists, the highest first.
const fn order(place: &Cursor) -> (i64, i64) {
    (place.received_at, place.number)
}

/// The one of two places that comes first in a list.
fn nearer(one: Cursor, other: Cursor) -> Cursor {
    if order(&one) >= order(&other) { one } else { other }
}

fn list(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
    examined: usize,
) -> Result<Found, StoreError> {
    let fact = match Fact::of(filter, connection)? {
        Fact::Any => None,
        Fact::One(fact) => Some(fact),
        Fact::Unknown => return Ok((Vec::new(), None)),
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
        let candidates = Candidates::of(connection, filter, fact)?;
        let end = match narrows(filter, fact) {
            true => candidates.end_of_step(connection, after, examined)?,
            false => None,
        };
        read(candidates.select(COLUMNS).between(from, before).down_to(end.as_ref()), limit)?;
        return Ok((rows, end));
    };
    let mut shelves = Shelves::new(filter, search_terms(words), begin(filter, after));
    let (mut found, mut looked_at) = (0, 0);
    while found < limit {
        let Some(shelf) = shelves.next(connection)? else { return Ok((rows, None)) };
        looked_at += shelf.matches(connection, filter, fact)?;
        let selection = Selection::found(COLUMNS, fact, shelf.expression);
        found = read(selection.between(Some(shelf.from), Some(shelf.before)), limit - found)?;
        if looked_at >= examined && found < limit {
            return Ok((rows, Some(behind(shelf.from))));
        }
    }
    Ok((rows, None))
}

/// The number of matches in a step, and the place after which the next step continues.
fn count(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
) -> Result<(u64, Option<Cursor>), StoreError> {
    let mut sum = 0;
    let end = step(connection, filter, after, "count(*)", MAX_EXAMINED, |row| {
        sum += row.get::<_, i64>(0)?.unsigned_abs();
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((sum, end))
}

/// Adds the number of matches in a step to `sum`, and stops once it is more than `most`. Returns the sum, and the place after
/// which the next step continues.
fn count_on(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    mut sum: u64,
    most: u64,
    examined: usize,
) -> Result<(u64, Option<Cursor>), StoreError> {
    let end = step(connection, filter, after, "r.number", examined, |_| {
        sum += 1;
        Ok(if sum > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok((sum, end))
}

/// Counts the first step of each filter.
fn count_at_once(
    connection: &Connection,
    filters: &[Filter],
    most: u64,
    examined: usize,
) -> Result<Hits, StoreError> {
    let (mut sum, mut are_all) = (0, true);
    for filter in filters {
        let (now, end) = count_on(connection, filter, None, sum, most, examined)?;
        (sum, are_all) = (now, are_all && end.is_none() && now <= most);
    }
    Ok(if are_all { Hits::Exactly(sum) } else { Hits::AtLeast(sum) })
}

/// Reads columns of the responses of one step, which examines up to `examined` of them, until `each` breaks off. Returns the
/// place after which the next step begins; `None` after the last.
fn step(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    columns: &str,
    examined: usize,
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<ControlFlow<()>>,
) -> Result<Option<Cursor>, StoreError> {
    let fact = match Fact::of(filter, connection)? {
        Fact::Any => None,
        Fact::One(fact) => Some(fact),
        Fact::Unknown => return Ok(None),
    };
    let (from, before) = limits(filter);
    let mut read = |selection: Selection| -> rusqlite::Result<usize> {
        let query = selection.matching(filter).behind(after).query;
        let mut statement = connection.prepare_cached(&query.sql)?;
        let mut rows = statement.query(&*query.parameters())?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            if each(row)?.is_break() {
                break;
            }
        }
        Ok(count)
    };
    let Some(words) = &filter.words else {
        let candidates = Candidates::of(connection, filter, fact)?;
        let end = candidates.end_of_step(connection, after, examined)?;
        read(candidates.select(columns).between(from, before).down_to(end.as_ref()))?;
        return Ok(end);
    };
    let mut looked_at = 0;
    let mut shelves = Shelves::new(filter, search_terms(words), begin(filter, after));
    while let Some(shelf) = shelves.next(connection)? {
        looked_at += shelf.matches(connection, filter, fact)?;
        let selection = Selection::found(columns, fact, shelf.expression);
        looked_at += read(selection.between(Some(shelf.from), Some(shelf.before)))?;
        if looked_at >= examined {
            return Ok(Some(behind(shelf.from)));
        }
    }
    Ok(None)
}

/// The upper bound for a search, in Unix milliseconds. Responses of the same millisecond as the place may follow
/// it.
fn begin(filter: &Filter, after: Option<&Cursor>) -> Option<i64> {
    let (_, before) = limits(filter);
    // After the end of a step no response of that millisecond is left.
    let begin = after.map(|after| after.received_at.saturating_add(i64::from(after.number > 0)));
    [before, begin].into_iter().flatten().min()
}

/// The place after all responses that arrived at a moment or later.
const fn behind(moment: i64) -> Cursor {
    Cursor { received_at: moment, number: 0 }
}

/// A day of a search.
struct Shelf {
    /// The FTS5 expression.
    expression: String,
    /// The searched period, in Unix milliseconds: from this on, and before the next.
    from: i64,
    before: i64,
}

impl Shelf {
    /// The number of comments of the day with the words, if each has to be examined because the filter has more
    /// conditions. At least one, for the day itself.
    fn matches(
        &self,
        connection: &Connection,
        filter: &Filter,
        fact: Option<i64>,
    ) -> rusqlite::Result<usize> {
        if filter.survey.is_none()
            && filter.touchpoint.is_none()
            && filter.segment.is_none()
            && filter.score.is_none()
            && filter.cases.is_none()
            && filter.standing == Standing::Any
            && fact.is_none()
        {
            return Ok(1);
        }
        let count: i64 = connection
            .prepare_cached("SELECT count(*) FROM comment_words WHERE comment_words MATCH ?")?
            .query_row([&self.expression], |row| row.get(0))?;
        Ok(1 + usize::try_from(count).unwrap_or_default())
    }
}

/// The days of a search, newest first; days without responses are skipped.
struct Shelves<'a> {
    filter: &'a Filter,
    terms: Vec<SearchTerm>,
    /// Responses that arrived before this are still to be searched.
    before: Option<i64>,
}

impl<'a> Shelves<'a> {
    fn new(filter: &'a Filter, terms: Vec<SearchTerm>, before: Option<i64>) -> Self {
        Self { filter, terms, before }
    }

    /// The next day; `None` after the last.
    fn next(&mut self, connection: &Connection) -> rusqlite::Result<Option<Shelf>> {
        // A query without a word finds nothing.
        if self.terms.is_empty() {
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
        let expression = search::expression(&self.terms, shelf);
        Ok(Some(Shelf { expression, from, before }))
    }
}

/// The period of a filter, in Unix milliseconds.
pub(super) fn limits(filter: &Filter) -> (Option<i64>, Option<i64>) {
    (filter.from.map(Timestamp::as_millisecond), filter.before.map(Timestamp::as_millisecond))
}

pub(super) fn stored(row: &Row<'_>) -> Result<(Cursor, Stored), StoreError> {
    let id = || row.get(0).unwrap_or_default();
    let time = |column| {
        let time = Timestamp::from_millisecond(row.get(column)?);
        time.map_err(|error| StoreError::Row { id: id(), cause: error.into() })
    };
    let json = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let stored = Stored {
        response: super::response(&id(), json)?,
        received_at: time(2)?,
        updated_at: time(3)?,
        aside: Aside::from_bits(row.get(5)?),
        named: themes::named(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?, row.get(7)?),
    };
    Ok((Cursor { received_at: row.get(2)?, number: row.get(4)? }, stored))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use afterword_response::{Segment, Touchpoint};

    use super::*;
    use crate::aside::Kind;
    use crate::store::cases::{CaseFilter, OwnerChoice, State};

    const ANSWERS: usize = 500;

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        let stored = (0..ANSWERS).map(|number| {
            // Some answers arrive in the same moment.
            let at = Timestamp::from_second(1_790_000_000 + number as i64 / 3 * 40_000).unwrap();
            let response = serde_json::from_value(serde_json::json!({
                "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}"), "revision": 1,
                "survey": (["a", "b"][number % 2]), "touchpoint": (["order", "delivery"][number / 7 % 2]),
                "score": number % 11, "tags": ([["q1", "q2", "q3"][number % 3]]),
                "comment": (number % 4 != 0).then(|| format!("Nummer {} war gut", number % 20))
            }));
            Stored {
                response: response.unwrap(),
                received_at: at,
                updated_at: at,
                aside: Aside::NONE,
                named: Named::default(),
            }
        });
        store.put_all(store.prepare(stored.collect(), |_| {})).await.unwrap();
        store
            .write(|ledger| {
                // The answers have every state, and some are not cases; a third of them has an owner.
                let connection = ledger.connection();
                connection.execute("UPDATE responses SET case_state = number * 7 % 6", [])?;
                connection.execute(
                    "INSERT INTO cases SELECT number, 1, 7 FROM responses
                     WHERE case_state > 0 AND number % 3 = 0",
                    [],
                )?;
                Ok(())
            })
            .await
            .unwrap();
        (store, folder)
    }

    fn filters() -> Vec<Filter> {
        let usual = Filter::default;
        let tag = Facet::new("tag", "q2");
        let words = |text: &str| Some(text.to_owned());
        vec![
            usual(),
            Filter { segment: Some(Segment::Detractor), ..usual() },
            Filter { survey: Some("b".into()), touchpoint: Some(Touchpoint::Order), ..usual() },
            Filter { survey: Some("b".into()), facet: tag.clone(), ..usual() },
            Filter { comments: Comments::Only, facet: tag.clone(), ..usual() },
            Filter { touchpoint: Some(Touchpoint::Order), facet: tag.clone(), ..usual() },
            Filter {
                survey: Some("a".into()),
                touchpoint: Some(Touchpoint::Delivery),
                facet: tag.clone(),
                ..usual()
            },
            Filter { segment: Some(Segment::Detractor), facet: tag.clone(), ..usual() },
            Filter {
                cases: in_states(&[State::New]),
                survey: Some("b".into()),
                score: Some(3),
                facet: tag.clone(),
                ..usual()
            },
            // Even numbers never belong to the other survey.
            Filter { survey: Some("b".into()), words: words("nummer 12"), ..usual() },
            Filter { words: words("nummer"), segment: Some(Segment::Passive), ..usual() },
            Filter { words: words("gut"), facet: tag, ..usual() },
            Filter { words: words("nirgends"), ..usual() },
            Filter { score: Some(3), words: words("nummer"), ..usual() },
            Filter { cases: in_states(&State::OPEN), ..usual() },
            Filter { cases: in_states(&[State::Closed]), survey: Some("b".into()), ..usual() },
            Filter { cases: in_states(&State::ALL), segment: Some(Segment::Passive), ..usual() },
            Filter { cases: in_states(&State::OPEN), words: words("nummer"), ..usual() },
            Filter { cases: in_states(&State::OPEN), facet: Facet::new("tag", "q2"), ..usual() },
            Filter { cases: owned(OwnerChoice::Nobody), ..usual() },
            Filter { cases: owned(OwnerChoice::Account(7)), score: Some(3), ..usual() },
            Filter { cases: owned(OwnerChoice::Account(7)), words: words("nummer"), ..usual() },
            Filter {
                cases: owned(OwnerChoice::Account(7)),
                facet: Facet::new("tag", "q3"),
                ..usual()
            },
            Filter { cases: owned(OwnerChoice::Former), ..usual() },
        ]
    }

    fn in_states(states: &[State]) -> Option<CaseFilter> {
        Some(CaseFilter { states: states.to_vec(), owner: None })
    }

    fn owned(by: OwnerChoice) -> Option<CaseFilter> {
        Some(CaseFilter { states: State::ALL.to_vec(), owner: Some(by) })
    }

    #[tokio::test]
    async fn in_steps_of_whatever_length_a_list_is_the_same() {
        let (store, _folder) = store().await;
        for filter in filters() {
            let all = |step: usize, limit: usize| {
                let filter = filter.clone();
                store.read(move |connection| {
                    let (mut ids, mut steps, mut after) = (Vec::new(), 0, None);
                    loop {
                        let found =
                            list_by_state(connection, &filter, after.as_ref(), limit, step)?;
                        let (rows, end) = found;
                        let is_full = rows.len() == limit;
                        let last = rows.last().map(|(cursor, _)| cursor.clone());
                        ids.extend(rows.into_iter().map(|(_, stored)| stored.response.id));
                        steps += 1;
                        match if is_full { last } else { end } {
                            Some(next) => after = Some(next),
                            None => return Ok((ids, steps)),
                        }
                    }
                })
            };
            let (whole, _) = all(usize::MAX, usize::MAX).await.unwrap();
            let counted = store.count_of(&filter).await.unwrap();
            assert_eq!(whole.len() as u64, counted, "{filter:?}");
            assert_eq!(store.hits(&filter, counted).await.unwrap(), Hits::Exactly(counted));
            assert_eq!(store.hits_at_once(&filter, counted).await.unwrap(), Hits::Exactly(counted));
            if counted > 0 {
                let more = Hits::AtLeast(counted);
                assert_eq!(store.hits(&filter, counted - 1).await.unwrap(), more);
                assert_eq!(store.hits_at_once(&filter, counted - 1).await.unwrap(), more);
            }
            for examined in [1, 7, 64] {
                let filters = filter.by_state();
                let hits = store.read(move |connection| {
                    count_at_once(connection, &filters, u64::MAX, examined)
                });
                let is_true = match hits.await.unwrap() {
                    Hits::Exactly(count) => count == counted,
                    Hits::AtLeast(count) => count <= counted,
                };
                assert!(is_true, "{filter:?}, {examined} examined");
            }
            for (step, limit) in [(1, 10), (7, 3), (64, 1_000), (ANSWERS, 9)] {
                let (ids, _) = all(step, limit).await.unwrap();
                assert_eq!(ids, whole, "{filter:?} in steps of {step}, pages of {limit}");
            }
        }
        store.close().await;
    }

    #[tokio::test]
    async fn cases_of_a_state_are_read_in_the_order_of_their_index() {
        let (store, _folder) = store().await;
        let usual = Filter::default;
        for filter in [
            Filter { cases: in_states(&[State::New]), ..usual() },
            Filter { cases: in_states(&[State::Closed]), survey: Some("b".into()), ..usual() },
            Filter { cases: in_states(&[State::Seen]), segment: Some(Segment::Passive), ..usual() },
            Filter { cases: owned(OwnerChoice::Nobody), score: Some(3), ..usual() },
        ] {
            let plans = store.read(move |connection| {
                let mut plans = String::new();
                for filter in filter.by_state() {
                    let list = Selection::all(COLUMNS, None).matching(&filter).newest_first(51);
                    let places = Selection::places(&filter, None).newest_first(2);
                    for query in [list, places] {
                        let sql = format!("EXPLAIN QUERY PLAN {}", query.sql);
                        let mut plan = connection.prepare(&sql)?;
                        let steps = plan.query_map(&*query.parameters(), |row| row.get(3))?;
                        let steps: Vec<String> = steps.collect::<Result<_, _>>()?;
                        assert!(steps[0].contains("INDEX responses_cases"), "{steps:?}");
                        plans += &steps.join("; ");
                    }
                }
                Ok(plans)
            });
            let plans = plans.await.unwrap();
            // Sorting would read every case of the state for a page of fifty.
            assert!(!plans.contains("TEMP B-TREE"), "{plans}");
        }
        // The order of a list is that of its index, and what it is narrowed by stands there, too.
        for (filter, index) in [
            (usual(), "responses_newest"),
            (Filter { survey: Some("b".into()), ..usual() }, "responses_survey_newest"),
            (Filter { cases: in_states(&[State::New]), ..usual() }, "responses_cases"),
        ] {
            let filter = Filter {
                touchpoint: Some(Touchpoint::Support),
                segment: Some(Segment::Detractor),
                ..filter
            };
            let (plan, columns) = store
                .read(move |connection| {
                    let list = Selection::all(COLUMNS, None).matching(&filter).newest_first(51);
                    let sql = format!("EXPLAIN QUERY PLAN {}", list.sql);
                    let mut plan = connection.prepare(&sql)?;
                    let steps = plan.query_map(&*list.parameters(), |row| row.get(3))?;
                    let steps = steps.collect::<Result<Vec<String>, _>>()?.join("; ");
                    let mut columns =
                        connection.prepare("SELECT name FROM pragma_index_info(?)")?;
                    let columns = columns.query_map([index], |row| row.get(0))?;
                    Ok((steps, columns.collect::<Result<Vec<String>, _>>()?))
                })
                .await
                .unwrap();
            assert!(plan.contains(&format!("INDEX {index}")), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            assert!(columns.ends_with(&["touchpoint".into(), "score".into()]), "{columns:?}");
        }
        // Of the answers with a fact, those that are left out by what stands in an index are not read.
        for (filter, index) in [
            (Filter { touchpoint: Some(Touchpoint::Order), ..usual() }, "responses_newest"),
            (
                Filter { survey: Some("b".into()), score: Some(3), ..usual() },
                "responses_survey_newest",
            ),
        ] {
            let plan = store.read(move |connection| {
                let list = Selection::candidates(COLUMNS, &filter, Some(1)).matching(&filter);
                let list = list.newest_first(51);
                let sql = format!("EXPLAIN QUERY PLAN {}", list.sql);
                let mut plan = connection.prepare(&sql)?;
                let steps = plan.query_map(&*list.parameters(), |row| row.get(3))?;
                Ok(steps.collect::<Result<Vec<String>, _>>()?.join("; "))
            });
            let plan = plan.await.unwrap();
            assert!(plan.contains(&format!("INDEX {index} (")), "{plan}");
            assert!(plan.contains("received_at=? AND number=?"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
        // A colleague's own cases are few among all, and so are those that are set aside, or of a small survey. They are found
        // without looking at the others.
        for (few, first_step) in [
            (Filter { cases: owned(OwnerChoice::Account(7)), ..usual() }, "INDEX cases_owner"),
            (
                Filter {
                    cases: in_states(&[State::New]),
                    standing: Standing::Aside(Kind::Test),
                    ..usual()
                },
                "INDEX responses_aside",
            ),
            (
                Filter {
                    survey: Some("b".into()),
                    standing: Standing::Aside(Kind::Test),
                    ..usual()
                },
                "INDEX responses_aside",
            ),
            (
                Filter { cases: in_states(&[State::New]), survey: Some("b".into()), ..usual() },
                "INDEX responses_survey_newest",
            ),
        ] {
            let plan = store.read(move |connection| {
                let candidates = Candidates::of(connection, &few, None)?;
                let list = candidates.select(COLUMNS).matching(&few).newest_first(51);
                let sql = format!("EXPLAIN QUERY PLAN {}", list.sql);
                let mut plan = connection.prepare(&sql)?;
                let steps = plan.query_map(&*list.parameters(), |row| row.get(3))?;
                Ok(steps.collect::<Result<Vec<String>, _>>()?)
            });
            let plan = plan.await.unwrap();
            assert!(plan[0].contains(first_step), "{plan:?}");
        }
        store.close().await;
    }

    #[tokio::test]
    async fn a_filter_that_finds_nothing_looks_at_so_many_and_no_more() {
        let (store, _folder) = store().await;
        // This survey has no answer with this touchpoint and segment.
        for filter in [
            Filter { touchpoint: Some(Touchpoint::Return), ..Filter::default() },
            Filter {
                touchpoint: Some(Touchpoint::Return),
                words: Some("nummer".into()),
                ..Filter::default()
            },
        ] {
            let first = store.read(move |connection| list(connection, &filter, None, 10, 50));
            let (rows, end) = first.await.unwrap();
            assert!(rows.is_empty());
            let newest = 1_790_000_000_000 + ANSWERS as i64 / 3 * 40_000_000;
            let end = end.expect("it goes on from somewhere");
            assert!(end.received_at > newest - 60 * 40_000_000, "{end:?}");
        }
        store.close().await;
    }
}
