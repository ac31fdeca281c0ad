//! The index of the words of comments, by day.
//!
//! `comment_words` is a full-text table without content. For each response it holds every word of the
//! comment with the day of arrival before it (`0020417·lieferung`). So a search can go through the days,
//! newest first, and each step costs only what one day holds, however many years there are. All words of a
//! day with the same beginning stand side by side.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::store::{
    search::{self, SearchTerm},
    zone::DAY,
};

/// The format of the index. A database with another value rebuilds its index when it is opened: change the
/// value with every change to the words or to their form in the index.
const FORMAT: &str = "1";
/// The setting that holds the format of the existing index.
const FORMAT_SETTING: &str = "search_format";

/// The day, in UTC, under which a response is indexed that arrived at that Unix millisecond.
pub(super) fn shelf(received_at: i64) -> i64 {
    received_at.div_euclid(DAY).max(0)
}

/// Adds a response's words.
pub(super) fn add(
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

/// Removes a response's words. They have to be the ones that were added.
pub(super) fn take_off(
    connection: &Connection,
    number: i64,
    received_at: i64,
    words: &[String],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO comment_words (comment_words, rowid, words) VALUES ('delete', ?, ?)",
        )?
        .execute(params![number, shelved(received_at, words)])?;
    Ok(())
}

/// Rebuilds the index if it has another format.
pub(super) fn update(connection: &mut Connection) -> rusqlite::Result<()> {
    let format: Option<String> = connection
        .query_row("SELECT value FROM settings WHERE name = ?", [FORMAT_SETTING], |row| row.get(0))
        .optional()?;
    if format.as_deref() != Some(FORMAT) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rebuild(&transaction)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Rebuilds the index.
pub(super) fn rebuild(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("INSERT INTO comment_words (comment_words) VALUES ('delete-all')")?;
    let mut commented = connection
        .prepare("SELECT number, received_at, comment FROM responses WHERE comment IS NOT NULL")?;
    let mut rows = commented.query([])?;
    while let Some(row) = rows.next()? {
        let words = search::words(row.get_ref(2)?.as_str()?);
        if !words.is_empty() {
            add(connection, row.get(0)?, row.get(1)?, &words)?;
        }
    }
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![FORMAT_SETTING, FORMAT],
    )?;
    Ok(())
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
    use super::expression;
    use crate::store::search::search_terms;

    #[test]
    fn every_word_is_searched_on_its_shelf() {
        assert_eq!(
            expression(&search_terms("groß \"nie wieder\" Post"), 20417),
            "(\"0020417·groß\"* OR \"0020417·gross\"*) AND (\"0020417·nie 0020417·wieder \") \
             AND (\"0020417·post\"*)"
        );
    }
}
