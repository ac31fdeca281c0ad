//! Recounts everything from the responses and displays, for another time zone and for the doctor.
//!
//! The statements name no schema: if there are temporary tables of the same names, SQLite writes the counts to
//! them, so that they can be compared.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hasher as _},
};

use afterword_response::{Response, Touchpoint};
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use super::{
    ledger::{self, Ledger, Memory},
    offsets, search,
    sums::{Moment, Sign, Sums},
    themes,
};
use crate::{
    aside::{Aside, Flagged},
    store::{
        StoreError,
        counted::{Counted, at_place, place, segment},
        zone::Offsets,
    },
    themes::Named,
};

/// The tables of counts.
const COUNTS: [&str; 6] = [
    "daily_scores",
    "daily_facets",
    "daily_displays",
    "daily_pairs",
    "daily_aside",
    "order_moments",
];
/// The setting with the format of the counts in the database.
const FORMAT_SETTING: &str = "counts_format";
const FORMAT: &str = "2";
/// SQL that decides whether a response of `responses r` counts for its slot, is repeated, or neither, with the
/// constants of [`Aside`].
fn repeated() -> String {
    format!(
        "iif(r.order_id IS NOT NULL AND r.aside < {test} AND NOT EXISTS (
             SELECT 1 FROM order_moments m WHERE m.order_id = r.order_id
                 AND m.survey = r.survey AND m.number = r.number), {repeated}, 0)",
        test = Aside::TEST.bits(),
        repeated = Aside::REPEATED.bits(),
    )
}

/// The tables whose rows the counts refer to by number, and that a recount may add to.
const NAMED: [&str; 2] = ["methods", "survey_methods"];

/// Recounts everything if the counts have another format.
pub(super) fn update(connection: &mut Connection) -> Result<(), StoreError> {
    let format: Option<String> = connection
        .query_row("SELECT value FROM settings WHERE name = ?", [FORMAT_SETTING], |row| row.get(0))
        .optional()?;
    if format.as_deref() == Some(FORMAT) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut memory = Memory::new();
    facts(&mut Ledger::new(&transaction, &mut memory))?;
    days(&transaction, &offsets::spelled_out(&transaction)?)?;
    transaction.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [FORMAT_SETTING, FORMAT],
    )?;
    Ok(transaction.commit()?)
}

/// Recounts every day.
pub(super) fn days(connection: &Connection, offsets: &Offsets) -> Result<(), StoreError> {
    for table in COUNTS {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    answers(connection, offsets)?;
    displays(connection, offsets)?;
    moments(connection)?;
    pairs(connection, offsets)
}

/// Rebuilds everything that is derived from the responses: facts, counts and the search index.
pub(super) fn everything(ledger: &mut Ledger<'_>) -> Result<(), StoreError> {
    ledger.forget();
    let connection = ledger.connection();
    name(connection)?;
    facts(ledger)?;
    connection.execute("DELETE FROM order_moments", [])?;
    moments(connection)?;
    let (repeated, mask) = (repeated(), Aside::REPEATED.bits());
    connection.execute(
        &format!("UPDATE responses AS r SET aside = (aside & ~{mask}) | {repeated} WHERE (aside & {mask}) <> {repeated}"),
        [],
    )?;
    connection.execute(
        "UPDATE displays SET (score, aside) = (
             SELECT score, (displays.aside & ?1) | coalesce(aside, 0)
             FROM (SELECT 1) LEFT JOIN responses ON id = displays.id)",
        [Aside::TEST.bits()],
    )?;
    search::rebuild(connection)?;
    days(connection, &offsets::spelled_out(connection)?)
}

/// Rebuilds the facts and words by which responses are found and broken down.
fn facts(ledger: &mut Ledger<'_>) -> Result<(), StoreError> {
    let connection = ledger.connection();
    connection.execute_batch(
        "DELETE FROM response_facts; DELETE FROM facts; DELETE FROM survey_facts;
         DELETE FROM left_out;",
    )?;
    connection.execute(
        "INSERT INTO surveys (id, created_at)
         SELECT survey, min(received_at) FROM responses WHERE aside < ? GROUP BY survey
         ON CONFLICT DO NOTHING",
        [Aside::WAITING.bits()],
    )?;
    // In the order of arrival, within the limits.
    each_response(connection, |answer, counted| {
        ledger.add_facts(answer.number, answer.received_at, counted)?;
        Ok(())
    })
}

/// The tables that differ from a recount, as of one moment. The recount goes to temporary tables of the
/// connection, which must not be the writer's.
pub(super) fn disagreeing(connection: &Connection) -> Result<Vec<&'static str>, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let mut disagreeing = Vec::new();
    for table in COUNTS.into_iter().chain(NAMED) {
        let create: String = snapshot.query_row(
            "SELECT sql FROM main.sqlite_master WHERE name = ?",
            [table],
            |row| row.get(0),
        )?;
        snapshot.execute_batch(&create.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1))?;
    }
    snapshot.execute_batch(
        "INSERT INTO temp.methods SELECT * FROM main.methods;
         INSERT INTO temp.survey_methods SELECT * FROM main.survey_methods;",
    )?;
    days(&snapshot, &offsets::spelled_out(&snapshot)?)?;
    for table in COUNTS {
        let differs: bool = snapshot.query_row(
            &format!(
                "SELECT EXISTS (SELECT * FROM main.{table} EXCEPT SELECT * FROM temp.{table})
                     OR EXISTS (SELECT * FROM temp.{table} EXCEPT SELECT * FROM main.{table})"
            ),
            [],
            |row| row.get(0),
        )?;
        if differs {
            disagreeing.push(table);
        }
    }
    let (repeated, mask) = (repeated(), Aside::REPEATED.bits());
    let is_wrong = snapshot
        .prepare(&format!(
            "SELECT 1 FROM responses r WHERE (aside & {mask}) <> {repeated} LIMIT 1"
        ))?
        .exists([])?;
    if is_wrong {
        disagreeing.push("responses.aside");
    }
    if !are_named_right(&snapshot)? {
        disagreeing.push("responses.themes");
    }
    let (facts, words) = sums_of_responses(&snapshot)?;
    if facts != sum_of_facts(&snapshot)? {
        disagreeing.push("response_facts");
    }
    if words != sum_of_words(&snapshot)? {
        disagreeing.push("comment_words");
    }
    Ok(disagreeing)
}

/// The parts of a response that counting needs.
struct Answer {
    number: i64,
    received_at: i64,
    aside: Aside,
    named: Named,
    /// The edition of lexicons and rules that found its themes.
    edition: u64,
    response: Response,
}

/// Calls `with` for every response that can be read, in the order of arrival.
fn each_response(
    connection: &Connection,
    mut with: impl FnMut(&Answer, &Counted) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut all = connection.prepare(
        "SELECT number, received_at, response, aside, themes, themes_read, themes_edition
         FROM responses ORDER BY received_at, number",
    )?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let json = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        // An unreadable row is not counted; `odd_rows` reports it.
        let Ok(response) = super::response("", json) else { continue };
        let ids = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
        let answer = Answer {
            number: row.get(0)?,
            received_at: row.get(1)?,
            aside: Aside::from_bits(row.get(3)?),
            named: themes::named(ids, row.get(5)?),
            edition: row.get::<_, i64>(6)?.cast_unsigned(),
            response,
        };
        with(&answer, &Counted::of(&answer.response, &answer.named))?;
    }
    Ok(())
}

/// Whether every answer whose themes were found by the current rules has the themes that these rules find, with
/// corrections.
fn are_named_right(connection: &Connection) -> Result<bool, StoreError> {
    let rules = themes::rules(connection)?;
    let mut are_right = true;
    each_response(connection, |answer, _| {
        if answer.edition == rules.edition() {
            let corrections = themes::corrections(connection, answer.number)?;
            let named = Named::of(&answer.response, &rules).corrected(&corrections);
            are_right &= named == answer.named;
        }
        Ok(())
    })?;
    Ok(are_right)
}

/// Finds the themes of every answer again.
fn name(connection: &Connection) -> Result<(), StoreError> {
    let rules = themes::rules(connection)?;
    let mut found = Vec::new();
    each_response(connection, |answer, _| {
        let corrections = themes::corrections(connection, answer.number)?;
        let named = Named::of(&answer.response, &rules).corrected(&corrections);
        if named != answer.named || answer.edition != rules.edition() {
            found.push((answer.number, named));
        }
        Ok(())
    })?;
    for (number, named) in found {
        themes::write(connection, number, rules.edition(), &named)?;
    }
    Ok(())
}

fn answers(connection: &Connection, offsets: &Offsets) -> Result<(), StoreError> {
    let mut memory = Memory::new();
    let mut ledger = Ledger::new(connection, &mut memory);
    let (mut sums, mut today) = (Sums::default(), None);
    each_response(connection, |answer, counted| {
        let day = offsets.day(answer.received_at);
        // Each row of these counts is for one day, so only one day is in memory.
        if today.replace(day).is_some_and(|before| before != day) {
            sums.write(connection)?;
        }
        let method = ledger.method(&counted.survey, &counted.method)?;
        let facts = ledger.facts_of(answer.number, answer.received_at, counted)?;
        sums.answer(Sign::Plus, counted, answer.aside, day, method, &facts);
        Ok(())
    })?;
    Ok(sums.write(connection)?)
}

fn displays(connection: &Connection, offsets: &Offsets) -> Result<(), StoreError> {
    let mut all = connection.prepare(
        "SELECT received_at, survey, touchpoint, dismissed_at IS NOT NULL,
             (SELECT score FROM responses WHERE id = displays.id),
             (aside & ?) | coalesce((SELECT aside FROM responses WHERE id = displays.id), 0)
         FROM displays ORDER BY received_at",
    )?;
    let (mut sums, mut today) = (Sums::default(), None);
    let mut rows = all.query([Aside::TEST.bits()])?;
    while let Some(row) = rows.next()? {
        let day = offsets.day(row.get(0)?);
        if today.replace(day).is_some_and(|before| before != day) {
            sums.write(connection)?;
        }
        if let Some(mut display) = ledger::counted_display(row)? {
            display.day = day;
            sums.display(Sign::Plus, &display);
        }
    }
    Ok(sums.write(connection)?)
}

fn moments(connection: &Connection) -> Result<(), StoreError> {
    // The answer that counts comes last.
    let mut latest = connection.prepare(
        "SELECT order_id, survey, touchpoint, received_at, number, score, aside FROM responses
         WHERE order_id IS NOT NULL AND aside < ?1
         ORDER BY order_id, survey, touchpoint, (aside & ~?2) = 0, received_at, number",
    )?;
    let mut insert = connection.prepare(
        "INSERT INTO order_moments VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET received_at = excluded.received_at, number = excluded.number,
             segment = excluded.segment, flagged = excluded.flagged",
    )?;
    let mut rows = latest.query([Aside::TEST.bits(), Aside::REPEATED.bits()])?;
    while let Some(row) = rows.next()? {
        let touchpoint: String = row.get(2)?;
        let Some(touchpoint) = Touchpoint::from_name(&touchpoint) else { continue };
        let (order, survey): (String, String) = (row.get(0)?, row.get(1)?);
        let (received_at, number): (i64, i64) = (row.get(3)?, row.get(4)?);
        let segment = segment(row.get(5)?);
        let flagged = Aside::from_bits(row.get(6)?).is_flagged();
        insert.execute(params![
            order,
            survey,
            place(touchpoint),
            received_at,
            number,
            segment,
            flagged
        ])?;
    }
    Ok(())
}

fn pairs(connection: &Connection, offsets: &Offsets) -> Result<(), StoreError> {
    let mut pairs = connection.prepare(
        "SELECT a.survey, a.place, a.received_at, a.segment, b.place, b.received_at, b.segment,
             max(a.flagged, b.flagged)
         FROM order_moments a JOIN order_moments b
             ON a.order_id = b.order_id AND a.survey = b.survey AND a.place < b.place",
    )?;
    let mut sums = Sums::default();
    let mut rows = pairs.query([])?;
    while let Some(row) = rows.next()? {
        let flagged: Flagged = ledger::flagged(row.get(7)?);
        let moment = |row: &Row<'_>, first: usize| -> rusqlite::Result<Option<Moment>> {
            let (place, day) = (row.get(first)?, offsets.day(row.get(first + 1)?));
            let segment = row.get(first + 2)?;
            Ok(at_place(place).map(|touchpoint| Moment { touchpoint, day, segment, flagged }))
        };
        if let (Some(one), Some(other)) = (moment(row, 1)?, moment(row, 4)?) {
            sums.pair(Sign::Plus, &row.get::<_, String>(0)?, one, other);
        }
    }
    Ok(sums.write(connection)?)
}

/// A checksum of rows in any order: their number, and the sum of their hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    hashes: u64,
}

impl Sum {
    fn add(&mut self, row: impl std::hash::Hash) {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        self.rows += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

/// The checksums of the facts and words that the responses should have.
fn sums_of_responses(connection: &Connection) -> Result<(Sum, Sum), StoreError> {
    let (mut facts, mut words) = (Sum::default(), Sum::default());
    let bounded: HashSet<String> = connection
        .prepare(
            "SELECT survey FROM main.left_out
             UNION SELECT id FROM main.surveys WHERE properties IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut is_there = connection.prepare(
        "SELECT 1 FROM main.response_facts JOIN main.facts USING (fact)
         WHERE facet = ? AND value = ? AND received_at = ? AND number = ?",
    )?;
    let indexed_from = search::indexed_from(connection)?;
    each_response(connection, |answer, counted| {
        for fact in &counted.facts {
            let row = (&fact.name, &fact.value, answer.received_at, answer.number);
            // If a survey has too many values, only the table itself says which are counted.
            if !bounded.contains(&counted.survey) || is_there.exists(row)? {
                facts.add(row);
            }
        }
        if answer.number < indexed_from {
            return Ok(());
        }
        let comment = answer.response.comment.as_deref().unwrap_or_default();
        let said = crate::store::search::indexed(comment);
        let shelved = search::shelved(answer.received_at, &said);
        for (place, word) in (0_i64..).zip(shelved.split_whitespace()) {
            words.add((word, answer.number, place));
        }
        Ok(())
    })?;
    Ok((facts, words))
}

fn sum_of_facts(connection: &Connection) -> Result<Sum, StoreError> {
    let mut all = connection.prepare(
        "SELECT facet, value, received_at, number FROM main.response_facts LEFT JOIN main.facts USING (fact)",
    )?;
    let mut sum = Sum::default();
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (facet, value): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
        let (received_at, number): (i64, i64) = (row.get(2)?, row.get(3)?);
        sum.add((facet.unwrap_or_default(), value.unwrap_or_default(), received_at, number));
    }
    let unused: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM main.facts f
             WHERE NOT EXISTS (SELECT 1 FROM main.response_facts WHERE fact = f.fact)",
            [],
            |row| row.get(0),
        )
        .optional()?;
    // A fact without a response must not exist, since it may name a person.
    sum.rows += u64::from(unused.is_some());
    Ok(sum)
}

fn sum_of_words(connection: &Connection) -> Result<Sum, StoreError> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE temp.words_there USING fts5vocab(main, comment_words, instance)",
    )?;
    let mut sum = Sum::default();
    {
        let mut all = connection.prepare("SELECT term, doc, \"offset\" FROM temp.words_there")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let word = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let (number, place): (i64, i64) = (row.get(1)?, row.get(2)?);
            sum.add((word, number, place));
        }
    }
    Ok(sum)
}
