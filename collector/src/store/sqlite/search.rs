//! The index of the words of comments, by day.
//!
//! `comment_words` is a full-text table without content. For each response it holds every word of the
//! comment with the day of arrival before it (`0020417·lieferung`). So a search can go through the days,
//! newest first, and each step costs only what one day holds, however many years there are. All words of a
//! day with the same beginning stand side by side.
//!
//! After an update that finds comments by other words, the index is emptied and built anew, newest answers first. The words
//! that an answer has in the index have to be known to remove them; so until an answer's turn comes it has none.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::Store;
use crate::store::{
    StoreError,
    search::{self, SearchTerm},
    zone::DAY,
};

/// The setting with the edition of the words in the index: `EDITION`, or `EDITION from NUMBER` while the index is being
/// built and has only the answers from that row number on.
const FORMAT_SETTING: &str = "search_format";
/// Stands between the edition and the row number.
const FROM: &str = " from ";
/// The number of answers that are indexed when a database is opened; the others are indexed in the background.
const INDEXED_AT_OPENING: usize = 20_000;

impl Store {
    /// Indexes so many of the stored answers that are not in the index, newest first; `false` if there are none.
    pub(crate) async fn index_some(&self, most: usize) -> Result<bool, StoreError> {
        if self.read(|connection| Ok(indexed_from(connection)?)).await? == EVERYTHING {
            return Ok(false);
        }
        self.write(move |ledger| Ok(fill(ledger.connection(), most)?)).await?;
        Ok(true)
    }

    /// How much of the stored answers is in the index, from 0 to 99 %; `None` if all are.
    pub(crate) async fn indexing(&self) -> Result<Option<u8>, StoreError> {
        self.read(|connection| Ok(percent_indexed(connection)?)).await
    }
}

/// Row numbers are taken for answers, since counting millions of them takes long; those of erased answers do not matter.
fn percent_indexed(connection: &Connection) -> rusqlite::Result<Option<u8>> {
    let from = indexed_from(connection)?;
    if from == EVERYTHING {
        return Ok(None);
    }
    let range = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    // Each of the two is read from one end of the table.
    let first = range("SELECT min(number) FROM responses")?;
    let last = range("SELECT max(number) FROM responses")?;
    let Some((first, last)) = first.zip(last) else { return Ok(None) };
    let all = last.saturating_sub(first).saturating_add(1).max(1);
    let done = last.saturating_add(1).saturating_sub(from).clamp(0, all);
    Ok(Some(u8::try_from(done.saturating_mul(100) / all).unwrap_or(99).min(99)))
}

/// The row number from which on answers are in the index, if all are.
const EVERYTHING: i64 = i64::MIN;

/// The row number from which on answers are in the index.
pub(super) fn indexed_from(connection: &Connection) -> rusqlite::Result<i64> {
    let format = format(connection)?.unwrap_or_default();
    let from = format.split_once(FROM).map(|(_, number)| number);
    Ok(from.map_or(EVERYTHING, |number| number.parse().unwrap_or(i64::MAX)))
}

fn format(connection: &Connection) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?")?
        .query_row([FORMAT_SETTING], |row| row.get(0))
        .optional()
}

fn set_indexed_from(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    let edition = search::edition();
    let format = if number == EVERYTHING { edition } else { format!("{edition}{FROM}{number}") };
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![FORMAT_SETTING, format],
    )?;
    Ok(())
}

/// The day, in UTC, under which a response is indexed that arrived at that Unix millisecond.
pub(super) fn shelf(received_at: i64) -> i64 {
    received_at.div_euclid(DAY).max(0)
}

/// Adds a response's words, unless the index is being built and comes to this response later.
pub(super) fn add(
    connection: &Connection,
    number: i64,
    received_at: i64,
    words: &[String],
) -> rusqlite::Result<()> {
    if number < indexed_from(connection)? {
        return Ok(());
    }
    insert(connection, number, received_at, words)
}

fn insert(
    connection: &Connection,
    number: i64,
    received_at: i64,
    words: &[String],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO comment_words (rowid, words) VALUES (?, ?)")?
        .execute(params![number, shelved(received_at, words)])?;
    Ok(())
}

/// Removes a response's words, if the index has them. They have to be the ones that were added.
pub(super) fn take_off(
    connection: &Connection,
    number: i64,
    received_at: i64,
    words: &[String],
) -> rusqlite::Result<()> {
    if number < indexed_from(connection)? {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO comment_words (comment_words, rowid, words) VALUES ('delete', ?, ?)",
        )?
        .execute(params![number, shelved(received_at, words)])?;
    Ok(())
}

/// Begins to build the index anew if it has words of another edition, and indexes the newest answers.
pub(super) fn update(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let format = format(&transaction)?.unwrap_or_default();
    if format.split(FROM).next() != Some(&search::edition()) {
        clear(&transaction)?;
    }
    if indexed_from(&transaction)? != EVERYTHING {
        fill(&transaction, INDEXED_AT_OPENING)?;
    }
    transaction.commit()
}

/// Builds the whole index anew.
pub(super) fn rebuild(connection: &Connection) -> rusqlite::Result<()> {
    clear(connection)?;
    fill(connection, usize::MAX)
}

/// Empties the index.
fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("INSERT INTO comment_words (comment_words) VALUES ('delete-all')")?;
    let next: i64 =
        connection.query_row("SELECT coalesce(max(number), 0) + 1 FROM responses", [], |row| {
            row.get(0)
        })?;
    set_indexed_from(connection, next)
}

/// Indexes so many of the answers that are not in the index, newest first.
fn fill(connection: &Connection, most: usize) -> rusqlite::Result<()> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    // FTS5 writes what it has gathered whenever a row number is lower than the one before, so a step goes upwards.
    let from: Option<i64> = connection.query_row(
        "SELECT min(number) FROM
             (SELECT number FROM responses WHERE number < ? ORDER BY number DESC LIMIT ?)",
        params![indexed_from(connection)?, limit],
        |row| row.get(0),
    )?;
    let Some(from) = from else { return set_indexed_from(connection, EVERYTHING) };
    let mut commented = connection.prepare_cached(
        "SELECT number, received_at, comment FROM responses
         WHERE number >= ? AND number < ? AND comment IS NOT NULL ORDER BY number",
    )?;
    let mut rows = commented.query([from, indexed_from(connection)?])?;
    while let Some(row) = rows.next()? {
        let words = search::indexed(row.get_ref(2)?.as_str()?);
        if !words.is_empty() {
            insert(connection, row.get(0)?, row.get(1)?, &words)?;
        }
    }
    let is_first =
        !connection.prepare("SELECT 1 FROM responses WHERE number < ? LIMIT 1")?.exists([from])?;
    set_indexed_from(connection, if is_first { EVERYTHING } else { from })
}

/// The FTS5 query that finds `terms` on a day. Words consist of letters and digits, so none can end the
/// quotation.
pub(super) fn expression(terms: &[SearchTerm], shelf: i64) -> String {
    let mut expression = String::new();
    for (index, part) in terms.iter().enumerate() {
        expression.push_str(if index > 0 { " AND (" } else { "(" });
        match part {
            SearchTerm::Beginnings(forms) => {
                for (index, form) in forms.iter().enumerate() {
                    expression.push_str(if index > 0 { " OR \"" } else { "\"" });
                    on_shelf(&mut expression, shelf, form);
                    expression.push_str("\"*");
                }
            }
            SearchTerm::Phrase(words) => {
                expression.push('"');
                for word in words {
                    on_shelf(&mut expression, shelf, word);
                    expression.push(' ');
                }
                expression.push('"');
            }
        }
        expression.push(')');
    }
    expression
}

pub(super) fn shelved(received_at: i64, words: &[String]) -> String {
    let shelf = shelf(received_at);
    let mut text = String::with_capacity(words.len() * 18);
    for word in words {
        on_shelf(&mut text, shelf, word);
        text.push(' ');
    }
    text
}

/// A word in the form of the index. The tokenizer treats every character beyond ASCII as part of a word.
fn on_shelf(text: &mut String, shelf: i64, word: &str) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{shelf:07}·{word}");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{clear, expression};
    use crate::{
        access::public_ids::Ids,
        aside::Aside,
        store::{Filter, PutOutcome, Store, Stored, erasures::Erase, search::search_terms},
        themes::Named,
    };

    #[test]
    fn every_word_is_searched_on_its_shelf() {
        assert_eq!(
            expression(&search_terms("groß \"nie wieder\" Post"), 20417),
            "(\"0020417·groß\"* OR \"0020417·gross\"*) AND (\"0020417·nie 0020417·wieder \") \
             AND (\"0020417·post\"*)"
        );
    }

    fn answer(number: u32, comment: &str) -> Stored {
        let at = Timestamp::from_second(1_790_000_000 + i64::from(number) * 40_000).unwrap();
        let response = serde_json::from_value(serde_json::json!({
            "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}"), "revision": 1,
            "survey": "s", "touchpoint": "order", "score": 3, "comment": comment,
            "order": { "id": format!("A-{number}") }
        }));
        Stored {
            response: response.unwrap(),
            received_at: at,
            updated_at: at,
            aside: Aside::NONE,
            named: Named::default(),
        }
    }

    async fn found(store: &Store, words: &str) -> usize {
        let filter = Filter { words: Some(words.into()), ..Filter::default() };
        store.list(&filter, None, 100, Ids::Original).await.unwrap().0.len()
    }

    #[tokio::test]
    async fn an_index_that_is_being_built_follows_every_change() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        let all = (1..=9).map(|number| answer(number, "Die Expresslieferung, 配送が遅い"));
        let put = async |answers| store.put_all(store.prepare(answers, |_| {})).await.unwrap();
        put(all.collect()).await;
        assert_eq!((found(&store, "Lieferung").await, found(&store, "遅い").await), (9, 9));

        store.write(|ledger| Ok(clear(ledger.connection())?)).await.unwrap();
        assert_eq!(found(&store, "Lieferung").await, 0);
        assert_eq!(store.indexing().await.unwrap(), Some(0));
        // Answers that are not in the index yet are erased, corrected and followed by new ones.
        store.erase(Erase::Order("A-9")).await.unwrap();
        let mut corrected = answer(4, "Der Gutschein");
        corrected.response.revision = 2;
        assert_eq!(put(vec![corrected]).await, [PutOutcome::Stored]);
        put(vec![answer(10, "Die Nachlieferung")]).await;
        assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);

        assert!(store.index_some(3).await.unwrap());
        assert!(found(&store, "Lieferung").await >= 3);
        assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);
        store.erase(Erase::Order("A-8")).await.unwrap();
        store.erase(Erase::Order("A-1")).await.unwrap();
        assert!(matches!(store.indexing().await.unwrap(), Some(20..80)));
        let mut steps = 1;
        while store.index_some(3).await.unwrap() {
            steps += 1;
            assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);
        }
        assert!((2..=4).contains(&steps), "{steps}");
        assert_eq!(store.indexing().await.unwrap(), None);
        assert_eq!((found(&store, "Lieferung").await, found(&store, "Gutschein").await), (6, 1));
        store.close().await;

        // Opening a complete index changes nothing.
        let store = Store::open(&address, Duration::from_secs(5)).await.unwrap();
        assert!(!store.index_some(3).await.unwrap());
        assert_eq!(found(&store, "送が").await, 5);
        store.close().await;
    }
}
