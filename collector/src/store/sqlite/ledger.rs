//! A transaction on responses and displays, and on all data that is derived from them.
//!
//! Every write of a response or a display happens here: its row, its facts, the words of its comment, its
//! order's moment, and its share of the roll-ups, which are summed up and written once at the end
//! ([`Ledger::settle`]). Answers that are set aside ([`Aside`]) are stored like all others, but only counted as
//! set aside. The property test `rollups` compares every path with a recount.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use afterword_response::{Response, Touchpoint};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use super::{
    alert_rules, answer_pages,
    bounds::Bounds,
    cases::{self, News},
    contacts, history, quotes, replies, response, search,
    sums::{CountedDisplay, Moment, Sign, Sums},
    surveys, themes,
};
use crate::{
    aside::{Aside, Flag, Flagged},
    report::facts::{AskedHow, Facet},
    rules,
    store::{
        PutOutcome, StoreError,
        arrival::{self, Arrival, Author, Conflict, DisplayArrival},
        bounds::{MAX_AUTOMATIC_SURVEYS, Waiting},
        cases::{State, opens},
        counted::{Counted, at_place, place, segment},
        filter::Exclusion,
        zone::Offsets,
    },
    themes::{Correction, Named, Rules},
};

/// Rows of a small table that are cached; others are looked up again.
const MAX_CACHED_ROWS: usize = 20_000;

/// The writer's cache of tables that hardly change. It is emptied if another process has written
/// ([`Memory::refresh`]), and after a failed transaction.
pub(super) struct Memory {
    facts: HashMap<Facet, i64>,
    methods: HashMap<AskedHow, i64>,
    /// Ids of existing surveys.
    surveys: HashSet<String>,
    bounds: Bounds,
    waiting: Option<Waiting>,
    offsets: Option<Offsets>,
    rules: Option<Arc<Rules>>,
    /// Whether a rule is on that is run on answers.
    alerts: Option<bool>,
    /// Whether anything was erased.
    erasures: Option<bool>,
    /// SQLite's number of what other connections have committed.
    data_version: Option<i64>,
    /// What the transaction has added to the roll-ups so far.
    sums: Sums,
    /// Whether surveys, their origins, waiting surveys or rules may have changed since they were read.
    pub(super) have_surveys_changed: bool,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            facts: HashMap::new(),
            methods: HashMap::new(),
            surveys: HashSet::new(),
            bounds: Bounds::default(),
            waiting: None,
            offsets: None,
            rules: None,
            alerts: None,
            erasures: None,
            data_version: None,
            sums: Sums::default(),
            have_surveys_changed: true,
        }
    }

    /// Empties the cache if another connection has written. Call it in a transaction, during which no other
    /// connection can write.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version: i64 =
            connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.data_version.replace(version) != Some(version) {
            // Surveys are read again, too.
            *self = Self { data_version: Some(version), ..Self::new() };
        }
        Ok(())
    }
}

/// The data that was erased with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ErasedParts {
    pub(super) had_comment: bool,
    pub(super) had_contact: bool,
}

/// Whether the first message to a survey is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SurveyStatus {
    Known,
    Waiting,
    /// The survey was deleted.
    Deleted,
    /// No more answers may wait.
    NoRoom,
}

/// An open transaction.
pub(super) struct Ledger<'a> {
    connection: &'a Connection,
    memory: &'a mut Memory,
    /// Rows of `facts` that have lost a response, and may be unused now.
    maybe_unused: BTreeSet<i64>,
}

/// The parts of a row of `responses` that are needed to change it.
struct StoredRow {
    number: i64,
    id: String,
    revision: u32,
    received_at: i64,
    /// When the stored revision arrived.
    updated_at: i64,
    comment: Option<String>,
    json: String,
    aside: Aside,
    named: Named,
    /// The edition of lexicons and rules that found its themes.
    edition: u64,
}

/// The columns of a [`StoredRow`].
const STORED_ROW: &str = "number, id, revision, received_at, updated_at, comment, response, aside, \
                      themes, themes_read, themes_edition";

impl StoredRow {
    /// The contribution of the response to the counts.
    fn counted(&self) -> Result<Counted, StoreError> {
        Ok(Counted::of(&response(&self.id, &self.json)?, &self.named))
    }
}

/// An order at one touchpoint of one survey, for which only one answer counts.
#[derive(Clone, PartialEq, Eq)]
struct Slot {
    order: String,
    survey: String,
    touchpoint: Touchpoint,
}

impl Slot {
    fn of(counted: &Counted) -> Option<Self> {
        let order = counted.order.clone()?;
        Some(Self { order, survey: counted.survey.clone(), touchpoint: counted.touchpoint })
    }
}

/// The answer that counts for a [`Slot`], as stored in `order_moments`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Holder {
    place: u8,
    received_at: i64,
    number: i64,
    segment: i8,
    flagged: Flagged,
}

impl Holder {
    fn new(before: &StoredRow, counted: &Counted) -> Self {
        Self {
            place: place(counted.touchpoint),
            received_at: before.received_at,
            number: before.number,
            segment: segment(counted.score),
            flagged: if before.aside.is_flagged() { Flagged::With } else { Flagged::Without },
        }
    }

    /// The order in which answers count for a slot, highest first: plausible ones before implausible ones, then
    /// later ones before earlier ones.
    fn rank(&self) -> (bool, i64, i64) {
        (self.flagged == Flagged::Without, self.received_at, self.number)
    }
}

impl<'a> Ledger<'a> {
    pub(super) fn new(connection: &'a Connection, memory: &'a mut Memory) -> Self {
        Self { connection, memory, maybe_unused: BTreeSet::new() }
    }

    /// The connection, for tables from which nothing is derived.
    pub(super) const fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Empties the writer's cache, before a change of the cached tables.
    pub(super) fn forget(&mut self) {
        // The sums are no cache: they are written at the end of the transaction.
        let sums = std::mem::take(&mut self.memory.sums);
        *self.memory = Memory { sums, ..Memory::new() };
    }

    /// Makes the writer read the surveys and their settings again after the commit.
    pub(super) fn surveys_change(&mut self) {
        self.memory.surveys.clear();
        self.memory.bounds.forget();
        self.memory.waiting = None;
        self.memory.have_surveys_changed = true;
    }

    /// Makes the writer read the shop's rules for themes again after the commit.
    pub(super) fn rules_change(&mut self) {
        self.memory.rules = None;
        self.memory.have_surveys_changed = true;
    }

    /// Makes the writer look again whether rules are run on answers.
    pub(super) fn alert_rules_change(&mut self) {
        self.memory.alerts = None;
    }

    /// When the rules are to be run on an answer that has arrived; `None` if they are not.
    fn rules_due(&mut self, arrival: &Arrival, author: Author) -> Result<Option<i64>, StoreError> {
        if author != Author::Anybody {
            return Ok(None);
        }
        let are_on = match self.memory.alerts {
            Some(are_on) => are_on,
            None => alert_rules::are_on_answers(self.connection)?,
        };
        self.memory.alerts = Some(are_on);
        Ok(are_on.then(|| rules::due(&arrival.response, arrival.updated_at)))
    }

    fn rules(&mut self) -> Result<Arc<Rules>, StoreError> {
        let rules = match self.memory.rules.take() {
            Some(rules) => rules,
            None => themes::rules(self.connection)?,
        };
        Ok(Arc::clone(self.memory.rules.insert(rules)))
    }

    /// Writes the sums, as the last step before the commit.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        self.memory.sums.write(self.connection)?;
        self.memory.bounds.write(self.connection)?;
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
                self.memory.bounds.forget();
                self.connection
                    .prepare_cached("DELETE FROM survey_facts WHERE fact = ?")?
                    .execute([fact])?;
            }
        }
        Ok(())
    }

    /// Stores a response, unless it was erased or a revision as high is stored already.
    pub(super) fn put(
        &mut self,
        arrival: &Arrival,
        author: Author,
    ) -> Result<PutOutcome, StoreError> {
        let rules = self.rules()?;
        // The rules may have changed while it was prepared.
        let arrival = if arrival.edition == rules.edition() {
            Cow::Borrowed(arrival)
        } else {
            Cow::Owned(arrival.found_by(&rules))
        };
        let arrival = &*arrival;
        let id = &arrival.response.id;
        let Some(before) = self.before(id)? else {
            if self.was_erased(&arrival.mark)? {
                return Ok(PutOutcome::Erased);
            }
            if let (Author::Anybody, Some(conflict)) =
                (author, Conflict::of_first(&arrival.response))
            {
                return Ok(PutOutcome::Refused(conflict));
            }
            let size = arrival.json.len() as u64;
            let aside =
                match self.place(&arrival.response.survey, author, arrival.received_at, size)? {
                    SurveyStatus::Known => arrival.aside,
                    SurveyStatus::Waiting => arrival.aside.with(Aside::WAITING),
                    SurveyStatus::Deleted => return Ok(PutOutcome::Deleted),
                    SurveyStatus::NoRoom => return Ok(PutOutcome::NoRoom),
                };
            let is_case = author.opens_cases() && opens(&arrival.response, aside);
            let due = self.rules_due(arrival, author)?;
            self.insert(arrival, aside, is_case.then_some(State::New), due)?;
            return Ok(PutOutcome::Stored);
        };
        if before.revision >= arrival.response.revision {
            return Ok(PutOutcome::Known(before.revision));
        }
        let kept = response(id, &before.json)?;
        if let (Author::Anybody, Some(conflict)) =
            (author, Conflict::of(&kept, before.received_at, arrival))
        {
            return Ok(PutOutcome::Refused(conflict));
        }
        let growth = arrival.json.len().saturating_sub(before.json.len()) as u64;
        if before.aside.is_waiting() && author == Author::Anybody && !self.waiting()?.fits(growth) {
            return Ok(PutOutcome::NoRoom);
        }
        let before = match author.is_trusted() {
            false => before,
            true => {
                // The waiting answers to this survey, maybe including this one, wait no longer.
                self.make_known(&arrival.response.survey, arrival.received_at)?;
                self.before(id)?.unwrap_or(before)
            }
        };
        let due = self.rules_due(arrival, author)?;
        let withdrawn = answer_pages::withdrawn(self.connection, before.number)?;
        match arrival::completed(&kept, &arrival.response, &withdrawn) {
            Some(completed) => {
                self.update(&before, &kept, &arrival.with(completed, &rules)?, due)?;
            }
            None => self.update(&before, &kept, arrival, due)?,
        }
        self.revise_case(&before, &kept, arrival, author)?;
        Ok(PutOutcome::Stored)
    }

    /// The stored response with an id.
    pub(super) fn kept(&self, id: &str) -> Result<Option<Response>, StoreError> {
        self.before(id)?.map(|kept| response(id, &kept.json)).transpose()
    }

    /// Stores the first time of each step of a display, unless it was erased. All other fields stay as in the
    /// first message: a display does not change its survey or page.
    ///
    /// Displays of surveys that wait to be added are not stored.
    pub(super) fn show(
        &mut self,
        arrival: &DisplayArrival,
        author: Author,
    ) -> Result<(), StoreError> {
        let DisplayArrival { display, mark, shown_at, dismissed_at, received_at, aside } = arrival;
        let is_open = !self.was_erased(mark)?
            && self.place(&display.survey, author, *received_at, 0)? == SurveyStatus::Known;
        if !is_open {
            return Ok(());
        }
        let answered = self
            .connection
            .prepare_cached("SELECT score, aside FROM responses WHERE id = ?")?
            .query_row([&display.id], |row| Ok((row.get(0)?, Aside::from_bits(row.get(1)?))))
            .optional()?;
        let (score, of_answer) =
            answered.map_or((None, Aside::NONE), |(score, aside)| (Some(score), aside));
        // Its own reasons to be set aside, and its answer's.
        let aside = aside.with(of_answer);
        // Most displays are new. `RETURNING` would tell what was written, but builds a table for each.
        let inserted = self
            .connection
            .prepare_cached(
                "INSERT INTO displays
                     (id, survey, touchpoint, locale, page, shown_at, dismissed_at, received_at, score, aside)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (id) DO NOTHING",
            )?
            .execute(params![
                display.id,
                display.survey,
                display.touchpoint.name(),
                display.locale,
                display.page,
                shown_at,
                dismissed_at,
                received_at,
                score,
                aside.bits()
            ])?;
        if inserted == 1 {
            let display = CountedDisplay {
                day: self.day(*received_at)?,
                survey: display.survey.clone(),
                touchpoint: display.touchpoint,
                is_dismissed: dismissed_at.is_some(),
                score,
                aside,
            };
            self.memory.sums.display(Sign::Plus, &display);
            return Ok(());
        }
        let before = self.display(&display.id)?;
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE displays SET shown_at = coalesce(shown_at, ?2),
                     dismissed_at = coalesce(dismissed_at, ?3)
                 WHERE id = ?1 AND ((shown_at IS NULL AND ?2 IS NOT NULL)
                     OR (dismissed_at IS NULL AND ?3 IS NOT NULL))",
            )?
            .execute(params![display.id, shown_at, dismissed_at])?;
        if changed == 0 {
            return Ok(());
        }
        if let Some(before) = before {
            self.memory.sums.display(Sign::Minus, &before);
        }
        if let Some(after) = self.display(&display.id)? {
            self.memory.sums.display(Sign::Plus, &after);
        }
        Ok(())
    }

    /// The id of a response.
    pub(super) fn id_of(&self, number: i64) -> Result<Option<String>, StoreError> {
        Ok(self.before_where("number", number)?.map(|before| before.id))
    }

    /// Erases a response, with its display and everything derived from it.
    pub(super) fn remove(&mut self, id: &str) -> Result<Option<ErasedParts>, StoreError> {
        let Some(before) = self.before(id)? else { return Ok(None) };
        if before.aside.is_waiting() {
            self.memory.waiting = None;
            self.memory.have_surveys_changed = true;
        }
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
        history::remove(self.connection, before.number)?;
        themes::remove(self.connection, before.number)?;
        quotes::remove(self.connection, before.number)?;
        replies::remove(self.connection, before.number)?;
        cases::remove(self.connection, before.number)?;
        contacts::remove(self.connection, before.number)?;
        answer_pages::remove(self.connection, before.number)?;
        alert_rules::remove(self.connection, before.number)?;
        let had_contact = match response(id, &before.json) {
            Ok(response) => {
                let counted = Counted::of(&response, &before.named);
                let facts = self.take_off_facts(&before, &counted)?;
                self.tally(Sign::Minus, &before, &counted, before.aside, &facts)?;
                response.contact.is_some()
            }
            Err(error) => {
                // A damaged row must be erasable, too.
                tracing::warn!(%error, "an unreadable response was erased; run `doctor --repair`");
                false
            }
        };
        if let (Some(order), Some(touchpoint)) = (order, Touchpoint::from_name(&touchpoint)) {
            self.leave(before.number, &Slot { order, survey, touchpoint })?;
        }
        self.remove_display(id)?;
        Ok(Some(ErasedParts { had_comment: before.comment.is_some(), had_contact }))
    }

    /// Erases the contact of a response, in all its revisions. Nothing else is derived from it.
    pub(super) fn erase_contact(&self, number: i64, at: i64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE responses SET response = json_remove(response, '$.contact') WHERE number = ?",
            )?
            .execute([number])?;
        history::erase_contact(self.connection, number)?;
        contacts::mark_erased(self.connection, number, at)?;
        Ok(())
    }

    /// Takes back the permission to quote an answer, with the name, in all its revisions.
    pub(super) fn withdraw_quote(&self, number: i64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE responses SET response =
                     json_set(json_remove(response, '$.quote_name'), '$.quotable', json('false'))
                 WHERE number = ?",
            )?
            .execute([number])?;
        history::erase_quote_name(self.connection, number)?;
        quotes::remove(self.connection, number)?;
        Ok(())
    }

    /// Erases a display; returns whether it existed.
    pub(super) fn remove_display(&mut self, id: &str) -> Result<bool, StoreError> {
        if let Some(before) = self.display(id)? {
            self.memory.sums.display(Sign::Minus, &before);
        }
        let gone =
            self.connection.prepare_cached("DELETE FROM displays WHERE id = ?")?.execute([id])?;
        Ok(gone > 0)
    }

    /// Stores the mark of an erased id.
    pub(super) fn mark_erased(&mut self, mark: &[u8]) -> Result<(), StoreError> {
        self.memory.erasures = Some(true);
        self.connection
            .prepare_cached("INSERT INTO erased (id_hash) VALUES (?) ON CONFLICT DO NOTHING")?
            .execute([mark])?;
        Ok(())
    }

    /// The offsets that decide when the shop's days begin.
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

    fn before(&self, id: &str) -> Result<Option<StoredRow>, StoreError> {
        self.before_where("id", id)
    }

    fn before_where(
        &self,
        column: &'static str,
        value: impl ToSql,
    ) -> Result<Option<StoredRow>, StoreError> {
        let sql = format!("SELECT {STORED_ROW} FROM responses WHERE {column} = ?");
        let mut found = self.connection.prepare_cached(&sql)?;
        let before = found.query_row([value], |row| {
            Ok(StoredRow {
                number: row.get(0)?,
                id: row.get(1)?,
                revision: row.get(2)?,
                received_at: row.get(3)?,
                updated_at: row.get(4)?,
                comment: row.get(5)?,
                json: row.get(6)?,
                aside: Aside::from_bits(row.get(7)?),
                named: themes::named(row.get_ref(8)?.as_str()?, row.get(9)?),
                edition: row.get::<_, i64>(10)?.cast_unsigned(),
            })
        });
        Ok(before.optional()?)
    }

    pub(super) fn was_erased(&mut self, mark: &[u8]) -> Result<bool, StoreError> {
        let has_erasures = match self.memory.erasures {
            Some(has_erasures) => has_erasures,
            None => self.connection.prepare_cached("SELECT 1 FROM erased LIMIT 1")?.exists([])?,
        };
        self.memory.erasures = Some(has_erasures);
        Ok(has_erasures
            && self
                .connection
                .prepare_cached("SELECT 1 FROM erased WHERE id_hash = ?")?
                .exists([mark])?)
    }

    fn insert(
        &mut self,
        arrival: &Arrival,
        aside: Aside,
        case: Option<State>,
        rules_due: Option<i64>,
    ) -> Result<(), StoreError> {
        let Arrival { response, counted, .. } = arrival;
        self.connection
            .prepare_cached(
                "INSERT INTO responses (
                     id, revision, complete, survey, touchpoint, score, comment, locale, page,
                     order_id, customer_id, received_at, updated_at, response, aside, case_state,
                     themes, themes_read, themes_edition, rules_due)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                arrival.json,
                aside.bits(),
                case.map_or(0, State::number),
                themes::ids(&arrival.named.themes),
                arrival.named.is_read,
                arrival.edition.cast_signed(),
                rules_due
            ])?;
        let mut now = StoredRow {
            number: self.connection.last_insert_rowid(),
            id: response.id.clone(),
            revision: response.revision,
            received_at: arrival.received_at,
            updated_at: arrival.updated_at,
            comment: None,
            json: String::new(),
            aside,
            named: arrival.named.clone(),
            edition: arrival.edition,
        };
        self.note_contact(now.number, response)?;
        answer_pages::add(self.connection, now.number, response, arrival.updated_at)?;
        self.index(now.number, now.received_at, &arrival.words)?;
        let facts = self.add_facts(now.number, now.received_at, counted)?;
        self.tally(Sign::Plus, &now, counted, now.aside, &facts)?;
        self.answer_display(&response.id, response.score, now.aside)?;
        self.stand(&mut now, counted)
    }

    fn update(
        &mut self,
        before: &StoredRow,
        kept: &Response,
        arrival: &Arrival,
        rules_due: Option<i64>,
    ) -> Result<(), StoreError> {
        let corrections = themes::corrections(self.connection, before.number)?;
        let named = arrival.named.clone().corrected(&corrections);
        let counted = &arrival.counted.clone().about(&named);
        let response = &arrival.response;
        let old = Counted::of(kept, &before.named);
        // The bytes of waiting answers are limited, so their history begins when the survey is added.
        if !before.aside.is_waiting() {
            self.keep_history(before, arrival)?;
        }
        if !crate::quotes::holds(kept, response) {
            quotes::remove(self.connection, before.number)?;
        }
        // The flags of an earlier revision stay, since they concern the same answer.
        let aside = before.aside.with(arrival.aside);
        self.connection
            .prepare_cached(
                "UPDATE responses SET
                     revision = ?2, complete = ?3, survey = ?4, touchpoint = ?5, score = ?6,
                     comment = ?7, locale = ?8, page = ?9, order_id = ?10, customer_id = ?11,
                     updated_at = ?12, response = ?13, aside = ?14, themes = ?15,
                     themes_read = ?16, themes_edition = ?17,
                     rules_due = CASE WHEN rules_due > 0 THEN coalesce(?18, rules_due) ELSE rules_due END
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
                arrival.json,
                aside.bits(),
                themes::ids(&named.themes),
                named.is_read,
                arrival.edition.cast_signed(),
                rules_due
            ])?;
        self.note_contact(before.number, response)?;
        answer_pages::add(self.connection, before.number, response, arrival.updated_at)?;
        if aside.is_waiting() {
            self.memory.waiting = None;
            self.memory.have_surveys_changed = true;
        }
        if kept.score != response.score {
            answer_pages::correct_score(self.connection, before.number, response.score)?;
        }
        if before.comment != arrival.comment {
            self.unindex(before)?;
            self.index(before.number, before.received_at, &arrival.words)?;
        }
        if old != *counted || aside != before.aside {
            let facts = self.take_off_facts(before, &old)?;
            self.tally(Sign::Minus, before, &old, before.aside, &facts)?;
            let facts = self.add_facts(before.number, before.received_at, counted)?;
            self.tally(Sign::Plus, before, counted, aside, &facts)?;
        }
        self.answer_display(&response.id, response.score, aside)?;
        if let Some(slot) = Slot::of(&old)
            && Slot::of(counted).as_ref() != Some(&slot)
        {
            self.leave(before.number, &slot)?;
        }
        let is_as_before = segment(old.score) == segment(counted.score)
            && Slot::of(&old) == Slot::of(counted)
            && aside == before.aside;
        if is_as_before {
            return Ok(());
        }
        let mut now = StoredRow {
            id: before.id.clone(),
            aside,
            json: String::new(),
            comment: None,
            named,
            edition: arrival.edition,
            ..*before
        };
        self.stand(&mut now, counted)
    }

    fn note_contact(&self, number: i64, response: &Response) -> Result<(), StoreError> {
        if response.contact.as_ref().is_some_and(|contact| !contact.trim().is_empty()) {
            contacts::add(self.connection, number)?;
        }
        Ok(())
    }

    /// Stores the fields in which the previous revision differs.
    fn keep_history(&self, before: &StoredRow, arrival: &Arrival) -> Result<(), StoreError> {
        let differs = history::differs(&before.json, &arrival.json)?;
        history::add(self.connection, before.number, before.revision, before.updated_at, &differs)
    }

    /// Decides whether a revised answer is a case. A case on which somebody has acted is new again when the customer adds or
    /// changes the comment or the contact. Any other case depends on the answer alone.
    fn revise_case(
        &self,
        before: &StoredRow,
        kept: &Response,
        arrival: &Arrival,
        author: Author,
    ) -> Result<(), StoreError> {
        let new = &arrival.response;
        let case = cases::find(self.connection, &before.id)?;
        let Some(case) = case else { return Ok(()) };
        let is_case = opens(new, before.aside.with(arrival.aside));
        if !case.was_acted_on {
            let state = match case.state {
                _ if !is_case => None,
                None if author.opens_cases() => Some(State::New),
                state => state,
            };
            return self.set_case_state(before.number, state);
        }
        let is_new = |now: &Option<String>, was: &Option<String>| now.is_some() && now != was;
        let has_news = is_new(&new.comment, &kept.comment) || is_new(&new.contact, &kept.contact);
        if is_case && has_news && author.opens_cases() {
            cases::renew(self.connection, &case, News::Words, arrival.updated_at)?;
            self.set_case_state(case.number, Some(State::New))?;
        }
        Ok(())
    }

    /// Writes the state of a case; `None` for an answer that is not a case.
    pub(super) fn set_case_state(
        &self,
        number: i64,
        state: Option<State>,
    ) -> Result<(), StoreError> {
        let state = state.map_or(0, State::number);
        self.connection
            .prepare_cached(
                "UPDATE responses SET case_state = ?2 WHERE number = ?1 AND case_state <> ?2",
            )?
            .execute([number, state])?;
        Ok(())
    }

    /// Empties the list of a survey's counted facts; the counts stay until each answer is counted again.
    pub(super) fn forget_facts(&mut self, survey: &str) -> Result<(), StoreError> {
        for table in ["survey_facts", "left_out"] {
            let sql = format!("DELETE FROM {table} WHERE survey = ?");
            self.connection.prepare_cached(&sql)?.execute([survey])?;
        }
        self.memory.bounds.forget();
        Ok(())
    }

    /// Counts a response again, by the facts that its survey counts now.
    pub(super) fn count_facts_anew(&mut self, number: i64) -> Result<(), StoreError> {
        let Some(row) = self.before_where("number", number)? else { return Ok(()) };
        let counted = row.counted()?;
        self.recount_facts(&row, &counted, &counted)
    }

    /// Replaces the facts of a response, and counts it by the new ones.
    fn recount_facts(
        &mut self,
        row: &StoredRow,
        old: &Counted,
        new: &Counted,
    ) -> Result<(), StoreError> {
        let facts = self.take_off_facts(row, old)?;
        self.tally(Sign::Minus, row, old, row.aside, &facts)?;
        let facts = self.add_facts(row.number, row.received_at, new)?;
        self.tally(Sign::Plus, row, new, row.aside, &facts)
    }

    /// Stores the themes that were found for a revision of a response, together with corrections. Does nothing if there is a
    /// later revision, which has its own themes, or if these themes are stored already.
    pub(super) fn name(
        &mut self,
        number: i64,
        revision: u32,
        edition: u64,
        found: &Named,
    ) -> Result<(), StoreError> {
        let Some(row) = self.before_where("number", number)? else { return Ok(()) };
        if row.revision != revision || self.rules()?.edition() != edition {
            return Ok(());
        }
        let corrections = themes::corrections(self.connection, number)?;
        self.rename(&row, edition, &found.clone().corrected(&corrections))
    }

    /// Stores corrections of the themes of a response; returns whether the response exists.
    pub(super) fn correct_themes(
        &mut self,
        id: &str,
        corrections: &[Correction],
    ) -> Result<bool, StoreError> {
        let Some(row) = self.before(id)? else { return Ok(false) };
        themes::correct(self.connection, row.number, corrections)?;
        let named = row.named.clone().corrected(corrections);
        self.rename(&row, row.edition, &named)?;
        Ok(true)
    }

    fn rename(&mut self, row: &StoredRow, edition: u64, named: &Named) -> Result<(), StoreError> {
        if row.named == *named && row.edition == edition {
            return Ok(());
        }
        themes::write(self.connection, row.number, edition, named)?;
        if row.named == *named {
            return Ok(());
        }
        let old = row.counted()?;
        let new = old.clone().about(named);
        self.recount_facts(row, &old, &new)
    }

    /// Excludes a response by hand, or includes it again; returns whether it exists.
    pub(super) fn exclude(
        &mut self,
        number: i64,
        exclusion: Exclusion,
    ) -> Result<bool, StoreError> {
        let Some(before) = self.before_where("number", number)? else { return Ok(false) };
        let aside = match exclusion {
            Exclusion::Exclude => before.aside.with(Aside::EXCLUDED),
            Exclusion::Include => before.aside.without(Aside::EXCLUDED),
        };
        self.set_aside(before, aside)?;
        Ok(true)
    }

    /// Flags a response; returns whether it exists.
    pub(super) fn flag(&mut self, id: &str, flag: Flag) -> Result<bool, StoreError> {
        let Some(before) = self.before(id)? else { return Ok(false) };
        let aside = before.aside.with(flag.into());
        self.set_aside(before, aside)?;
        Ok(true)
    }

    /// Changes the reasons to set a response aside, and updates whether it is repeated.
    fn set_aside(&mut self, mut before: StoredRow, aside: Aside) -> Result<(), StoreError> {
        if aside == before.aside {
            return Ok(());
        }
        let counted = before.counted()?;
        self.mark(&mut before, &counted, aside)?;
        self.stand(&mut before, &counted)
    }

    /// Writes the reasons to set a response aside, and counts it again.
    fn mark(
        &mut self,
        row: &mut StoredRow,
        counted: &Counted,
        aside: Aside,
    ) -> Result<(), StoreError> {
        let before = std::mem::replace(&mut row.aside, aside);
        if aside == before {
            return Ok(());
        }
        self.connection
            .prepare_cached("UPDATE responses SET aside = ? WHERE number = ?")?
            .execute(params![aside.bits(), row.number])?;
        let facts = self.facts_of(row.number, row.received_at, counted)?;
        self.tally(Sign::Minus, row, counted, before, &facts)?;
        self.tally(Sign::Plus, row, counted, aside, &facts)?;
        self.answer_display(&row.id, counted.score, aside)
    }

    /// Decides whether a response is the one that counts for its slot, which may have changed with it.
    fn stand(&mut self, row: &mut StoredRow, counted: &Counted) -> Result<(), StoreError> {
        let alone = row.aside.without(Aside::REPEATED);
        let Some(slot) = Slot::of(counted) else { return self.mark(row, counted, alone) };
        if !row.aside.may_stand() {
            self.mark(row, counted, alone)?;
            return self.leave(row.number, &slot);
        }
        let answer = Holder::new(row, counted);
        let holders = self.moments(&slot.order, &slot.survey)?;
        match holders.iter().find(|holder| holder.place == answer.place) {
            Some(holder) if holder.number == answer.number => {
                self.mark(row, counted, alone)?;
                if holder.rank() > answer.rank() {
                    return self.settle_moment(&slot);
                }
            }
            Some(holder) if holder.rank() > answer.rank() => {
                return self.mark(row, counted, alone.with(Aside::REPEATED));
            }
            holder => {
                self.mark(row, counted, alone)?;
                if let Some(holder) = holder {
                    self.mark_repeated(holder.number)?;
                }
            }
        }
        self.replace_moment(&slot.order, &slot.survey, &holders, answer.place, Some(answer))
    }

    /// Removes a response from a slot.
    fn leave(&mut self, number: i64, slot: &Slot) -> Result<(), StoreError> {
        let holders = self.moments(&slot.order, &slot.survey)?;
        let place = place(slot.touchpoint);
        if holders.iter().any(|holder| holder.place == place && holder.number == number) {
            self.settle_moment(slot)?;
        }
        Ok(())
    }

    fn mark_repeated(&mut self, number: i64) -> Result<(), StoreError> {
        let Some(mut row) = self.before_where("number", number)? else { return Ok(()) };
        let counted = row.counted()?;
        let aside = row.aside.with(Aside::REPEATED);
        self.mark(&mut row, &counted, aside)
    }

    /// The counted facts of a response.
    pub(super) fn facts_of(
        &mut self,
        number: i64,
        received_at: i64,
        counted: &Counted,
    ) -> Result<Vec<i64>, StoreError> {
        let mut facts = Vec::with_capacity(counted.facts.len());
        let mut is_there = self.connection.prepare_cached(
            "SELECT 1 FROM response_facts WHERE fact = ? AND received_at = ? AND number = ?",
        )?;
        for fact in &counted.facts {
            if let Some(fact) = self.known_fact(fact)?
                && is_there.exists(params![fact, received_at, number])?
            {
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    /// Adds the facts of a response that its survey counts.
    pub(super) fn add_facts(
        &mut self,
        number: i64,
        received_at: i64,
        counted: &Counted,
    ) -> Result<Vec<i64>, StoreError> {
        let mut facts = Vec::with_capacity(counted.facts.len());
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO response_facts VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?;
        for fact in &counted.facts {
            if let Some(fact) = self.fact(&counted.survey, fact)? {
                insert.execute(params![fact, received_at, number])?;
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    /// Removes the counted facts of a response.
    fn take_off_facts(
        &mut self,
        row: &StoredRow,
        counted: &Counted,
    ) -> Result<Vec<i64>, StoreError> {
        let mut facts = Vec::with_capacity(counted.facts.len());
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM response_facts WHERE fact = ? AND received_at = ? AND number = ?",
        )?;
        for fact in &counted.facts {
            if let Some(fact) = self.known_fact(fact)?
                && delete.execute(params![fact, row.received_at, row.number])? > 0
            {
                facts.push(fact);
            }
        }
        self.maybe_unused.extend(&facts);
        Ok(facts)
    }

    /// Adds a response to the counts, or removes it.
    fn tally(
        &mut self,
        sign: Sign,
        row: &StoredRow,
        counted: &Counted,
        aside: Aside,
        facts: &[i64],
    ) -> Result<(), StoreError> {
        let method = self.method(&counted.survey, &counted.method)?;
        let day = self.day(row.received_at)?;
        self.memory.sums.answer(sign, counted, aside, day, method, facts);
        Ok(())
    }

    fn index(&self, number: i64, received_at: i64, words: &[String]) -> Result<(), StoreError> {
        if !words.is_empty() {
            search::add(self.connection, number, received_at, words)?;
        }
        Ok(())
    }

    fn unindex(&self, before: &StoredRow) -> Result<(), StoreError> {
        let words =
            before.comment.as_deref().map(crate::store::search::indexed).unwrap_or_default();
        if !words.is_empty() {
            search::take_off(self.connection, before.number, before.received_at, &words)?;
        }
        Ok(())
    }

    /// The row of a fact, if it exists.
    fn known_fact(&mut self, fact: &Facet) -> Result<Option<i64>, StoreError> {
        if let Some(row) = self.memory.facts.get(fact) {
            return Ok(Some(*row));
        }
        let known = self
            .connection
            .prepare_cached("SELECT fact FROM facts WHERE facet = ? AND value = ?")?
            .query_row(params![fact.name, fact.value], |row| row.get(0))
            .optional()?;
        if let Some(row) = known {
            self.remember_fact(fact, row);
        }
        Ok(known)
    }

    fn remember_fact(&mut self, fact: &Facet, row: i64) {
        if self.memory.facts.len() >= MAX_CACHED_ROWS {
            self.memory.facts.clear();
        }
        self.memory.facts.insert(fact.clone(), row);
    }

    /// The row of a fact, created if necessary; `None` if the survey does not count it.
    fn fact(&mut self, survey: &str, fact: &Facet) -> Result<Option<i64>, StoreError> {
        let known = self.known_fact(fact)?;
        if let Some(row) = known
            && self.memory.bounds.counts(self.connection, survey, row)?
        {
            return Ok(Some(row));
        }
        if !self.memory.bounds.has_room(self.connection, survey, fact)? {
            return Ok(None);
        }
        let row = match known {
            Some(row) => row,
            None => {
                self.connection
                    .prepare_cached("INSERT INTO facts (facet, value) VALUES (?, ?)")?
                    .execute(params![fact.name, fact.value])?;
                let row = self.connection.last_insert_rowid();
                self.remember_fact(fact, row);
                row
            }
        };
        self.memory.bounds.admit(self.connection, survey, &fact.name, row)?;
        Ok(Some(row))
    }

    /// The row of a method in a survey: that of a method without texts if the survey has too many.
    pub(super) fn method(&mut self, survey: &str, asked: &AskedHow) -> Result<i64, StoreError> {
        let known = self.known_method(asked)?;
        if self.memory.bounds.tells_apart(self.connection, survey, known)? {
            let row = match known {
                Some(row) => row,
                None => self.add_method(asked)?,
            };
            self.memory.bounds.tell_apart(self.connection, survey, row)?;
            return Ok(row);
        }
        let other = AskedHow::default();
        match self.known_method(&other)? {
            Some(row) => Ok(row),
            None => self.add_method(&other),
        }
    }

    fn known_method(&mut self, asked: &AskedHow) -> Result<Option<i64>, StoreError> {
        if let Some(row) = self.memory.methods.get(asked) {
            return Ok(Some(*row));
        }
        let AskedHow { language, question, low_label, high_label, layout, mode } = asked;
        let known = self
            .connection
            .prepare_cached(
                "SELECT method FROM methods WHERE language = ? AND question = ? AND low_label = ?
                 AND high_label = ? AND layout = ? AND mode = ?",
            )?
            .query_row(params![language, question, low_label, high_label, layout, mode], |row| {
                row.get(0)
            })
            .optional()?;
        if let Some(row) = known {
            self.remember_method(asked, row);
        }
        Ok(known)
    }

    fn add_method(&mut self, asked: &AskedHow) -> Result<i64, StoreError> {
        let AskedHow { language, question, low_label, high_label, layout, mode } = asked;
        self.connection
            .prepare_cached(
                "INSERT INTO methods (language, question, low_label, high_label, layout, mode)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![language, question, low_label, high_label, layout, mode])?;
        let row = self.connection.last_insert_rowid();
        self.remember_method(asked, row);
        Ok(row)
    }

    fn remember_method(&mut self, asked: &AskedHow, row: i64) {
        if self.memory.methods.len() >= MAX_CACHED_ROWS {
            self.memory.methods.clear();
        }
        self.memory.methods.insert(asked.clone(), row);
    }

    /// Decides about the first message to a survey: an answer of `size` bytes, or a display (`None`). The first
    /// surveys are added automatically, and all that the shop's own files name.
    fn place(
        &mut self,
        survey: &str,
        author: Author,
        at: i64,
        size: u64,
    ) -> Result<SurveyStatus, StoreError> {
        if self.is_known(survey)? {
            return Ok(SurveyStatus::Known);
        }
        if author.is_trusted() {
            self.make_known(survey, at)?;
            return Ok(SurveyStatus::Known);
        }
        if self.is_refused(survey)? {
            return Ok(SurveyStatus::Deleted);
        }
        let there: i64 = self
            .connection
            .prepare_cached("SELECT count(*) FROM surveys")?
            .query_row([], |row| row.get(0))?;
        if there.unsigned_abs() < MAX_AUTOMATIC_SURVEYS as u64 {
            self.make_known(survey, at)?;
            return Ok(SurveyStatus::Known);
        }
        if size == 0 {
            return Ok(SurveyStatus::NoRoom);
        }
        let waiting = self.waiting()?;
        if !waiting.has_room(survey, size) {
            return Ok(SurveyStatus::NoRoom);
        }
        waiting.add(survey, 1, size);
        self.memory.have_surveys_changed = true;
        Ok(SurveyStatus::Waiting)
    }

    /// The answers that wait with their surveys.
    fn waiting(&mut self) -> Result<&mut Waiting, StoreError> {
        let waiting = match self.memory.waiting.take() {
            Some(waiting) => waiting,
            None => surveys::waiting(self.connection)?,
        };
        Ok(self.memory.waiting.insert(waiting))
    }

    fn is_known(&mut self, survey: &str) -> Result<bool, StoreError> {
        if self.memory.surveys.contains(survey) {
            return Ok(true);
        }
        // A survey exists until its deletion has erased everything.
        let is_known = self
            .connection
            .prepare_cached(
                "SELECT 1 FROM surveys
                 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM refused_surveys WHERE id = ?1)",
            )?
            .exists([survey])?;
        if is_known {
            if self.memory.surveys.len() >= MAX_CACHED_ROWS {
                self.memory.surveys.clear();
            }
            self.memory.surveys.insert(survey.to_owned());
        }
        Ok(is_known)
    }

    fn is_refused(&self, survey: &str) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM refused_surveys WHERE id = ?")?
            .exists([survey])?)
    }

    /// Adds a survey; returns whether it is new. Its waiting answers are counted now, and refused ones are
    /// accepted again.
    pub(super) fn make_known(&mut self, survey: &str, at: i64) -> Result<bool, StoreError> {
        if self.is_known(survey)? {
            return Ok(false);
        }
        self.connection
            .prepare_cached("DELETE FROM refused_surveys WHERE id = ?")?
            .execute([survey])?;
        self.connection
            .prepare_cached(
                "INSERT INTO surveys (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![survey, at])?;
        self.surveys_change();
        let mut waiting = self
            .connection
            .prepare_cached("SELECT number FROM responses WHERE survey = ? AND aside >= ?")?;
        let numbers: Vec<i64> = waiting
            .query_map(params![survey, Aside::WAITING.bits()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for number in numbers {
            if let Some(row) = self.before_where("number", number)? {
                let aside = row.aside.without(Aside::WAITING);
                if opens(&response(&row.id, &row.json)?, aside) {
                    self.set_case_state(number, Some(State::New))?;
                }
                self.set_aside(row, aside)?;
            }
        }
        Ok(true)
    }

    /// The counted parts of a display; `None` if it does not exist, or has a touchpoint of a newer release.
    fn display(&mut self, id: &str) -> Result<Option<CountedDisplay>, StoreError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT received_at, survey, touchpoint, dismissed_at IS NOT NULL, score, aside
                 FROM displays WHERE id = ?",
            )?
            .query_row([id], |row| Ok((row.get::<_, i64>(0)?, counted_display(row)?)))
            .optional()?;
        let Some((received_at, Some(mut display))) = found else { return Ok(None) };
        display.day = self.day(received_at)?;
        Ok(Some(display))
    }

    /// Updates the display of a response, if there is one, with the response's score and reasons.
    fn answer_display(&mut self, id: &str, score: u8, aside: Aside) -> Result<(), StoreError> {
        let Some(before) = self.display(id)? else { return Ok(()) };
        let after = CountedDisplay {
            score: Some(score),
            aside: before.aside.of_display(aside),
            ..before.clone()
        };
        if before == after {
            return Ok(());
        }
        self.connection
            .prepare_cached("UPDATE displays SET score = ?, aside = ? WHERE id = ?")?
            .execute(params![score, after.aside.bits(), id])?;
        self.memory.sums.display(Sign::Minus, &before);
        self.memory.sums.display(Sign::Plus, &after);
        Ok(())
    }

    /// Decides again which answer counts for a slot.
    fn settle_moment(&mut self, slot: &Slot) -> Result<(), StoreError> {
        let best = self.best_of(slot, Flagged::Without)?;
        let best = if best.is_some() { best } else { self.best_of(slot, Flagged::With)? };
        let holders = self.moments(&slot.order, &slot.survey)?;
        let place = place(slot.touchpoint);
        let old = holders.iter().find(|holder| holder.place == place).map(|holder| holder.number);
        self.replace_moment(&slot.order, &slot.survey, &holders, place, best)?;
        let new = best.map(|best| best.number);
        if old == new {
            return Ok(());
        }
        if let Some(number) = new
            && let Some(mut row) = self.before_where("number", number)?
        {
            let counted = row.counted()?;
            let aside = row.aside.without(Aside::REPEATED);
            self.mark(&mut row, &counted, aside)?;
        }
        if let Some(number) = old
            && let Some(mut row) = self.before_where("number", number)?
        {
            let counted = row.counted()?;
            if row.aside.may_stand() && Slot::of(&counted).as_ref() == Some(slot) {
                let aside = row.aside.with(Aside::REPEATED);
                self.mark(&mut row, &counted, aside)?;
            }
        }
        Ok(())
    }

    /// The latest answer that may count for a slot.
    fn best_of(&self, slot: &Slot, flagged: Flagged) -> Result<Option<Holder>, StoreError> {
        let [none, repeated, test] = [Aside::NONE, Aside::REPEATED, Aside::TEST].map(Aside::bits);
        let may_stand = match flagged {
            Flagged::Without => format!("aside IN ({none}, {repeated})"),
            Flagged::With => format!("aside < {test}"),
        };
        let sql = format!(
            "SELECT received_at, number, score FROM responses
             WHERE order_id = ? AND survey = ? AND touchpoint = ? AND {may_stand}
             ORDER BY received_at DESC, number DESC LIMIT 1"
        );
        let best = self.connection.prepare_cached(&sql)?.query_row(
            params![slot.order, slot.survey, slot.touchpoint.name()],
            |row| {
                Ok(Holder {
                    place: place(slot.touchpoint),
                    received_at: row.get(0)?,
                    number: row.get(1)?,
                    segment: segment(row.get(2)?),
                    flagged,
                })
            },
        );
        Ok(best.optional()?)
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
                    self.memory.sums.pair(sign, survey, one, other);
                }
            }
        }
        match new {
            Some(Holder { received_at, number, segment, flagged, .. }) => self
                .connection
                .prepare_cached(
                    "INSERT INTO order_moments VALUES (?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET received_at = excluded.received_at,
                         number = excluded.number, segment = excluded.segment,
                         flagged = excluded.flagged",
                )?
                .execute(params![
                    order,
                    survey,
                    place,
                    received_at,
                    number,
                    segment,
                    flagged as u8
                ])?,
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
            "SELECT place, received_at, number, segment, flagged FROM order_moments
             WHERE order_id = ? AND survey = ?",
        )?;
        let holders = found.query_map(params![order, survey], |row| {
            Ok(Holder {
                place: row.get(0)?,
                received_at: row.get(1)?,
                number: row.get(2)?,
                segment: row.get(3)?,
                flagged: flagged(row.get(4)?),
            })
        })?;
        Ok(holders.collect::<Result<_, _>>()?)
    }

    fn moment(&mut self, holder: Holder) -> Result<Option<Moment>, StoreError> {
        let day = self.day(holder.received_at)?;
        let moment = |touchpoint| Moment {
            touchpoint,
            day,
            segment: holder.segment,
            flagged: holder.flagged,
        };
        Ok(at_place(holder.place).map(moment))
    }
}

/// Reads the stored column that says whether a count is only for flagged answers.
pub(super) const fn flagged(stored: bool) -> Flagged {
    if stored { Flagged::With } else { Flagged::Without }
}

/// Reads a display from the columns `received_at, survey, touchpoint, is dismissed, score, aside`, without its
/// day.
pub(super) fn counted_display(row: &Row<'_>) -> rusqlite::Result<Option<CountedDisplay>> {
    let survey = row.get(1)?;
    let touchpoint = Touchpoint::from_name(row.get_ref(2)?.as_str()?);
    let (is_dismissed, score) = (row.get(3)?, row.get(4)?);
    let aside = Aside::from_bits(row.get(5)?);
    Ok(touchpoint.map(|touchpoint| CountedDisplay {
        day: 0,
        survey,
        touchpoint,
        is_dismissed,
        score,
        aside,
    }))
}

fn customer(response: &Response) -> Option<&str> {
    response.customer.as_ref().and_then(|customer| customer.id.as_deref())
}
