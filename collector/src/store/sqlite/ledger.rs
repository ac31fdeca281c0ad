//! One transaction on the responses, displays and whatever follows from them.
//!
//! Who writes a response or a display writes it here and nowhere else: its row, its facts, the words of
//! its comment, its order's moment, and what it adds to the roll-ups, which are summed up and written
//! once at the end ([`Ledger::settle`]). The property test `rollups` holds every path to a recount.

use std::collections::{BTreeSet, HashMap, HashSet};

use afterword_response::{Response, Touchpoint};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    search,
    sums::{CountedDisplay, Moment, Sign, Sums},
};
use crate::{
    report::facts::{AskedHow, Facet},
    store::{
        Put, StoreError,
        arrival::{Arrival, DisplayArrival},
        counted::{Counted, at_place, place, segment},
        zone::Offsets,
    },
};

/// How many rows of a small table are remembered; beyond that they are looked up again.
const MAX_REMEMBERED: usize = 20_000;

/// What the writer remembers from one transaction to the next of tables that hardly change. Whatever
/// another process may have changed is forgotten ([`Memory::refresh`]), and so is everything that a
/// failed transaction may have added.
pub(super) struct Memory {
    facts: HashMap<Facet, i64>,
    methods: HashMap<AskedHow, i64>,
    surveys: HashSet<String>,
    offsets: Option<Offsets>,
    /// SQLite's number of what other connections have committed.
    data_version: Option<i64>,
    /// Whether the lists of allowed origins may be others than when they were read last.
    pub(super) have_origins_changed: bool,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            facts: HashMap::new(),
            methods: HashMap::new(),
            surveys: HashSet::new(),
            offsets: None,
            data_version: None,
            have_origins_changed: true,
        }
    }

    /// Forgets everything if another connection has written meanwhile. To be called in a transaction:
    /// from then on nobody else writes.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version: i64 =
            connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.data_version.replace(version) != Some(version) {
            // Allowed origins are read anew, too.
            *self = Self { data_version: Some(version), ..Self::new() };
        }
        Ok(())
    }
}

/// What was taken out with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Removed {
    pub(super) had_comment: bool,
    pub(super) had_contact: bool,
}

/// A transaction that is open.
pub(super) struct Ledger<'a> {
    connection: &'a Connection,
    memory: &'a mut Memory,
    sums: Sums,
    /// Rows of `facts` that lost a response.
    maybe_unused: BTreeSet<i64>,
}

/// A row of `responses` as far as a change of it must know it.
struct Before {
    number: i64,
    revision: u32,
    received_at: i64,
    comment: Option<String>,
    json: String,
}

/// An order's answer at one place, as `order_moments` has it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Holder {
    place: u8,
    received_at: i64,
    number: i64,
    segment: i8,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(connection: &'a Connection, memory: &'a mut Memory) -> Self {
        Self { connection, memory, sums: Sums::default(), maybe_unused: BTreeSet::new() }
    }

    /// For statements on tables that nothing follows from.
    pub(super) const fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Makes the writer forget what it remembers: somebody is about to change it.
    pub(super) fn forget(&mut self) {
        *self.memory = Memory::new();
    }

    /// Makes the writer read the lists of allowed origins anew after the commit.
    pub(super) const fn origins_change(&mut self) {
        self.memory.have_origins_changed = true;
    }

    /// Writes what has been summed up. The last thing before the commit.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        self.sums.write(self.connection)?;
        for fact in std::mem::take(&mut self.maybe_unused) {
            let gone = self
                .connection
                .prepare_cached(
                    "DELETE FROM facts WHERE fact = ?1
                     AND NOT EXISTS (SELECT 1 FROM response_facts WHERE fact = ?1)",
                )?
                .execute([fact])?;
            if gone > 0 {
                self.memory.facts.retain(|_, known| *known != fact);
            }
        }
        Ok(())
    }

    /// Keeps a response, unless a revision as high is kept already or it was erased.
    pub(super) fn put(&mut self, arrival: &Arrival) -> Result<Put, StoreError> {
        let id = &arrival.response.id;
        let Some(before) = self.before(id)? else {
            if self.was_erased(&arrival.mark)? {
                return Ok(Put::Erased);
            }
            self.insert(arrival)?;
            return Ok(Put::Kept);
        };
        if before.revision >= arrival.response.revision {
            return Ok(Put::Known(before.revision));
        }
        self.update(&before, arrival)?;
        Ok(Put::Kept)
    }

    /// The response of that id.
    pub(super) fn kept(&self, id: &str) -> Result<Option<Response>, StoreError> {
        self.before(id)?.map(|kept| response(id, &kept.json)).transpose()
    }

    /// Keeps the first time of each step of a display, unless it was erased. What else the first
    /// message of an id said stays: a display does not change its survey or place.
    pub(super) fn show(&mut self, arrival: &DisplayArrival) -> Result<(), StoreError> {
        let DisplayArrival { display, mark, shown_at, dismissed_at, received_at } = arrival;
        let before = self.display(&display.id)?;
        if before.is_none() && self.was_erased(mark)? {
            return Ok(());
        }
        let changed = self
            .connection
            .prepare_cached(
                "INSERT INTO displays
                     (id, survey, touchpoint, locale, page, shown_at, dismissed_at, received_at, score)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT score FROM responses WHERE id = ?1))
                 ON CONFLICT (id) DO UPDATE SET
                     shown_at = coalesce(displays.shown_at, excluded.shown_at),
                     dismissed_at = coalesce(displays.dismissed_at, excluded.dismissed_at)
                 WHERE (displays.shown_at IS NULL AND excluded.shown_at IS NOT NULL)
                     OR (displays.dismissed_at IS NULL AND excluded.dismissed_at IS NOT NULL)",
            )?
            .execute(params![
                display.id,
                display.survey,
                display.touchpoint.name(),
                display.locale,
                display.page,
                shown_at,
                dismissed_at,
                received_at
            ])?;
        if changed == 0 {
            return Ok(());
        }
        self.appears(&display.survey, *received_at)?;
        if let Some(before) = before {
            self.sums.display(Sign::Minus, &before);
        }
        if let Some(after) = self.display(&display.id)? {
            self.sums.display(Sign::Plus, &after);
        }
        Ok(())
    }

    /// Takes a response out, with its display and whatever follows from it.
    pub(super) fn remove(&mut self, id: &str) -> Result<Option<Removed>, StoreError> {
        let Some(before) = self.before(id)? else { return Ok(None) };
        let (order, survey, touchpoint) = self
            .connection
            .prepare_cached(
                "DELETE FROM responses WHERE number = ? RETURNING order_id, survey, touchpoint",
            )?
            .query_row([before.number], |row| {
                Ok((
                    row.get::<_, Option<String>>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                ))
            })?;
        self.unindex(&before)?;
        let had_contact = match response(id, &before.json) {
            Ok(response) => {
                let counted = Counted::of(&response);
                self.uncount(&before, &counted)?;
                response.contact.is_some()
            }
            Err(error) => {
                // It has to be possible to erase a row that something else has broken.
                tracing::warn!(%error, "an unreadable response was erased; run `doctor --repair`");
                false
            }
        };
        if let (Some(order), Some(touchpoint)) = (order, Touchpoint::from_name(&touchpoint)) {
            self.settle_moment(&order, &survey, touchpoint)?;
        }
        self.remove_display(id)?;
        Ok(Some(Removed { had_comment: before.comment.is_some(), had_contact }))
    }

    /// Takes a display out; whether there was one.
    pub(super) fn remove_display(&mut self, id: &str) -> Result<bool, StoreError> {
        if let Some(before) = self.display(id)? {
            self.sums.display(Sign::Minus, &before);
        }
        let gone =
            self.connection.prepare_cached("DELETE FROM displays WHERE id = ?")?.execute([id])?;
        Ok(gone > 0)
    }

    /// Remembers that an id was erased, by its mark.
    pub(super) fn mark_erased(&self, mark: &[u8]) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT INTO erased (id_hash) VALUES (?) ON CONFLICT DO NOTHING")?
            .execute([mark])?;
        Ok(())
    }

    /// Where the shop's days begin.
    pub(super) fn offsets(&mut self) -> Result<Offsets, StoreError> {
        if let Some(offsets) = &self.memory.offsets {
            return Ok(offsets.clone());
        }
        let offsets = super::offsets::spelled_out(self.connection)?;
        self.memory.offsets = Some(offsets.clone());
        Ok(offsets)
    }

    fn day(&mut self, at: i64) -> Result<i64, StoreError> {
        if self.memory.offsets.is_none() {
            self.offsets()?;
        }
        Ok(self.memory.offsets.as_ref().map_or(0, |offsets| offsets.day(at)))
    }

    fn before(&self, id: &str) -> Result<Option<Before>, StoreError> {
        let mut found = self.connection.prepare_cached(
            "SELECT number, revision, received_at, comment, response FROM responses WHERE id = ?",
        )?;
        let before = found.query_row([id], |row| {
            Ok(Before {
                number: row.get(0)?,
                revision: row.get(1)?,
                received_at: row.get(2)?,
                comment: row.get(3)?,
                json: row.get(4)?,
            })
        });
        Ok(before.optional()?)
    }

    pub(super) fn was_erased(&self, mark: &[u8]) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM erased WHERE id_hash = ?")?
            .exists([mark])?)
    }

    fn insert(&mut self, arrival: &Arrival) -> Result<(), StoreError> {
        let Arrival { response, counted, .. } = arrival;
        self.connection
            .prepare_cached(
                "INSERT INTO responses (
                     id, revision, complete, survey, touchpoint, score, comment, locale, page,
                     order_id, customer_id, received_at, updated_at, response)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                response.id,
                response.revision,
                response.complete,
                response.survey,
                response.touchpoint.name(),
                response.score,
                arrival.comment,
                response.locale,
                response.page,
                counted.order,
                customer(response),
                arrival.received_at,
                arrival.updated_at,
                arrival.json
            ])?;
        let number = self.connection.last_insert_rowid();
        self.appears(&response.survey, arrival.received_at)?;
        self.index(number, arrival.received_at, &arrival.words)?;
        self.count(number, arrival.received_at, counted)?;
        if let Some(order) = &counted.order {
            let answer = Holder {
                place: place(response.touchpoint),
                received_at: arrival.received_at,
                number,
                segment: segment(response.score),
            };
            self.hold_moment(order, &response.survey, answer)?;
        }
        self.answer_display(&response.id, response.score)
    }

    fn update(&mut self, before: &Before, arrival: &Arrival) -> Result<(), StoreError> {
        let Arrival { response, counted, .. } = arrival;
        let old = Counted::of(&self::response(&response.id, &before.json)?);
        self.connection
            .prepare_cached(
                "UPDATE responses SET
                     revision = ?2, complete = ?3, survey = ?4, touchpoint = ?5, score = ?6,
                     comment = ?7, locale = ?8, page = ?9, order_id = ?10, customer_id = ?11,
                     updated_at = ?12, response = ?13
                 WHERE number = ?1",
            )?
            .execute(params![
                before.number,
                response.revision,
                response.complete,
                response.survey,
                response.touchpoint.name(),
                response.score,
                arrival.comment,
                response.locale,
                response.page,
                counted.order,
                customer(response),
                arrival.updated_at,
                arrival.json
            ])?;
        self.appears(&response.survey, before.received_at)?;
        if before.comment != arrival.comment {
            self.unindex(before)?;
            self.index(before.number, before.received_at, &arrival.words)?;
        }
        if old != *counted {
            self.uncount(before, &old)?;
            self.count(before.number, before.received_at, counted)?;
        }
        let moment =
            |of: &Counted| (of.order.clone(), of.survey.clone(), of.touchpoint, segment(of.score));
        if moment(&old) != moment(counted) {
            for of in [&old, counted] {
                if let Some(order) = &of.order {
                    self.settle_moment(order, &of.survey, of.touchpoint)?;
                }
            }
        }
        self.answer_display(&response.id, response.score)
    }

    /// The rows of a response's way of asking and of its facts, made where there are none.
    pub(super) fn rows(&mut self, counted: &Counted) -> Result<(i64, Vec<i64>), StoreError> {
        let mut facts = Vec::with_capacity(counted.facts.len());
        for fact in &counted.facts {
            facts.push(self.fact(fact)?);
        }
        Ok((self.method(&counted.method)?, facts))
    }

    /// Adds a response's facts and counts.
    fn count(
        &mut self,
        number: i64,
        received_at: i64,
        counted: &Counted,
    ) -> Result<(), StoreError> {
        let (method, facts) = self.rows(counted)?;
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO response_facts VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?;
        for fact in &facts {
            insert.execute(params![fact, received_at, number])?;
        }
        let day = self.day(received_at)?;
        self.sums.answer(Sign::Plus, counted, day, method, &facts);
        Ok(())
    }

    /// Takes a response's facts and counts off.
    fn uncount(&mut self, before: &Before, counted: &Counted) -> Result<(), StoreError> {
        let (method, facts) = self.rows(counted)?;
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM response_facts WHERE fact = ? AND received_at = ? AND number = ?",
        )?;
        for fact in &facts {
            delete.execute(params![fact, before.received_at, before.number])?;
        }
        self.maybe_unused.extend(&facts);
        let day = self.day(before.received_at)?;
        self.sums.answer(Sign::Minus, counted, day, method, &facts);
        Ok(())
    }

    fn index(&self, number: i64, received_at: i64, words: &[String]) -> Result<(), StoreError> {
        if !words.is_empty() {
            search::add(self.connection, number, received_at, words)?;
        }
        Ok(())
    }

    fn unindex(&self, before: &Before) -> Result<(), StoreError> {
        let words = before.comment.as_deref().map(crate::store::search::words).unwrap_or_default();
        if !words.is_empty() {
            search::take_off(self.connection, before.number, before.received_at, &words)?;
        }
        Ok(())
    }

    /// The row of a fact.
    fn fact(&mut self, fact: &Facet) -> Result<i64, StoreError> {
        if let Some(row) = self.memory.facts.get(fact) {
            return Ok(*row);
        }
        let known = self
            .connection
            .prepare_cached("SELECT fact FROM facts WHERE facet = ? AND value = ?")?
            .query_row(params![fact.name, fact.value], |row| row.get(0))
            .optional()?;
        let row = if let Some(row) = known {
            row
        } else {
            self.connection
                .prepare_cached("INSERT INTO facts (facet, value) VALUES (?, ?)")?
                .execute(params![fact.name, fact.value])?;
            self.connection.last_insert_rowid()
        };
        if self.memory.facts.len() >= MAX_REMEMBERED {
            self.memory.facts.clear();
        }
        self.memory.facts.insert(fact.clone(), row);
        Ok(row)
    }

    /// The row of a way of asking.
    fn method(&mut self, asked: &AskedHow) -> Result<i64, StoreError> {
        if let Some(row) = self.memory.methods.get(asked) {
            return Ok(*row);
        }
        let AskedHow { language, question, low_label, high_label, layout, mode } = asked;
        let columns = params![language, question, low_label, high_label, layout, mode];
        let known = self
            .connection
            .prepare_cached(
                "SELECT method FROM methods WHERE language = ? AND question = ? AND low_label = ?
                 AND high_label = ? AND layout = ? AND mode = ?",
            )?
            .query_row(columns, |row| row.get(0))
            .optional()?;
        let row = if let Some(row) = known {
            row
        } else {
            self.connection
                .prepare_cached(
                    "INSERT INTO methods (language, question, low_label, high_label, layout, mode)
                     VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(columns)?;
            self.connection.last_insert_rowid()
        };
        if self.memory.methods.len() >= MAX_REMEMBERED {
            self.memory.methods.clear();
        }
        self.memory.methods.insert(asked.clone(), row);
        Ok(row)
    }

    /// A survey appears by itself with its first answer or display.
    fn appears(&mut self, survey: &str, at: i64) -> Result<(), StoreError> {
        if self.memory.surveys.contains(survey) {
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "INSERT INTO surveys (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![survey, at])?;
        if self.memory.surveys.len() >= MAX_REMEMBERED {
            self.memory.surveys.clear();
        }
        self.memory.surveys.insert(survey.to_owned());
        Ok(())
    }

    /// A display as it counts; `None` without one, or with a touchpoint of a newer release.
    fn display(&mut self, id: &str) -> Result<Option<CountedDisplay>, StoreError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT received_at, survey, touchpoint, dismissed_at IS NOT NULL, score
                 FROM displays WHERE id = ?",
            )?
            .query_row([id], |row| Ok((row.get::<_, i64>(0)?, counted_display(row)?)))
            .optional()?;
        let Some((received_at, Some(mut display))) = found else { return Ok(None) };
        display.day = self.day(received_at)?;
        Ok(Some(display))
    }

    /// Tells the display of a response, if there is one, which score it was answered with.
    fn answer_display(&mut self, id: &str, score: u8) -> Result<(), StoreError> {
        let Some(before) = self.display(id)? else { return Ok(()) };
        if before.score == Some(score) {
            return Ok(());
        }
        self.connection
            .prepare_cached("UPDATE displays SET score = ? WHERE id = ?")?
            .execute(params![score, id])?;
        self.sums.display(Sign::Minus, &before);
        self.sums.display(Sign::Plus, &CountedDisplay { score: Some(score), ..before });
        Ok(())
    }

    /// Makes an answer the one of its order at its moment, unless a later one is.
    fn hold_moment(&mut self, order: &str, survey: &str, answer: Holder) -> Result<(), StoreError> {
        let holders = self.moments(order, survey)?;
        let holder = holders.iter().find(|holder| holder.place == answer.place);
        let is_later =
            |than: &Holder| (answer.received_at, answer.number) > (than.received_at, than.number);
        if holder.is_none_or(is_later) {
            self.replace_moment(order, survey, &holders, answer.place, Some(answer))?;
        }
        Ok(())
    }

    /// Finds anew which answer is the one of an order at a moment: the latest.
    fn settle_moment(
        &mut self,
        order: &str,
        survey: &str,
        touchpoint: Touchpoint,
    ) -> Result<(), StoreError> {
        let place = place(touchpoint);
        let latest = self
            .connection
            .prepare_cached(
                "SELECT received_at, number, score FROM responses
                 WHERE order_id = ? AND survey = ? AND touchpoint = ?
                 ORDER BY received_at DESC, number DESC LIMIT 1",
            )?
            .query_row(params![order, survey, touchpoint.name()], |row| {
                Ok(Holder {
                    place,
                    received_at: row.get(0)?,
                    number: row.get(1)?,
                    segment: segment(row.get(2)?),
                })
            })
            .optional()?;
        let holders = self.moments(order, survey)?;
        self.replace_moment(order, survey, &holders, place, latest)
    }

    fn replace_moment(
        &mut self,
        order: &str,
        survey: &str,
        holders: &[Holder],
        place: u8,
        new: Option<Holder>,
    ) -> Result<(), StoreError> {
        let old = holders.iter().find(|holder| holder.place == place);
        if old == new.as_ref() {
            return Ok(());
        }
        for (sign, holder) in [(Sign::Minus, old), (Sign::Plus, new.as_ref())] {
            let Some(holder) = holder else { continue };
            let Some(one) = self.moment(*holder)? else { continue };
            for other in holders.iter().filter(|other| other.place != place) {
                if let Some(other) = self.moment(*other)? {
                    self.sums.pair(sign, survey, one, other);
                }
            }
        }
        match new {
            Some(Holder { received_at, number, segment, .. }) => self
                .connection
                .prepare_cached(
                    "INSERT INTO order_moments VALUES (?, ?, ?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET received_at = excluded.received_at,
                         number = excluded.number, segment = excluded.segment",
                )?
                .execute(params![order, survey, place, received_at, number, segment])?,
            None => self
                .connection
                .prepare_cached(
                    "DELETE FROM order_moments WHERE order_id = ? AND survey = ? AND place = ?",
                )?
                .execute(params![order, survey, place])?,
        };
        Ok(())
    }

    fn moments(&self, order: &str, survey: &str) -> Result<Vec<Holder>, StoreError> {
        let mut found = self.connection.prepare_cached(
            "SELECT place, received_at, number, segment FROM order_moments
             WHERE order_id = ? AND survey = ?",
        )?;
        let holders = found.query_map(params![order, survey], |row| {
            Ok(Holder {
                place: row.get(0)?,
                received_at: row.get(1)?,
                number: row.get(2)?,
                segment: row.get(3)?,
            })
        })?;
        Ok(holders.collect::<Result<_, _>>()?)
    }

    fn moment(&mut self, holder: Holder) -> Result<Option<Moment>, StoreError> {
        let day = self.day(holder.received_at)?;
        let moment = |touchpoint| Moment { touchpoint, day, segment: holder.segment };
        Ok(at_place(holder.place).map(moment))
    }
}

/// A display of the columns `received_at, survey, touchpoint, is dismissed, score`, without its day.
pub(super) fn counted_display(row: &Row<'_>) -> rusqlite::Result<Option<CountedDisplay>> {
    let survey = row.get(1)?;
    let touchpoint = Touchpoint::from_name(row.get_ref(2)?.as_str()?);
    let (is_dismissed, score) = (row.get(3)?, row.get(4)?);
    Ok(touchpoint.map(|touchpoint| CountedDisplay {
        day: 0,
        survey,
        touchpoint,
        is_dismissed,
        score,
    }))
}

/// A response as it is kept.
pub(super) fn response(id: &str, json: &str) -> Result<Response, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Row { id: id.to_owned(), cause: error.into() })
}

fn customer(response: &Response) -> Option<&str> {
    response.customer.as_ref().and_then(|customer| customer.id.as_deref())
}
