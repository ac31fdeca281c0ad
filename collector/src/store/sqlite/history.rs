//! The table `revisions`: earlier revisions of answers.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::{Map, Value};

use super::{Store, time};
use crate::store::{AnswerHistory, EarlierRevision, StoreError, StoredDisplay};

/// Earlier revisions of an answer that are kept: the first, and the latest of the others.
const MAX_KEPT: u32 = 20;

/// The members of a response's JSON that differ from those of the revision after it, as JSON.
pub(super) fn differs(before: &str, after: &str) -> Result<String, StoreError> {
    let (before, after) = (members(before)?, members(after)?);
    let mut differs: Map<String, Value> =
        before.iter().filter(|(name, value)| after.get(*name) != Some(value)).map(own).collect();
    let new = after.keys().filter(|name| !before.contains_key(*name));
    differs.extend(new.map(|name| (name.clone(), Value::Null)));
    differs.remove("revision");
    Ok(Value::from(differs).to_string())
}

fn members(json: &str) -> Result<Map<String, Value>, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Row { id: String::new(), cause: error.into() })
}

/// Turns a revision's members into those of the revision before it.
fn step_back(members: &mut Map<String, Value>, differs: Map<String, Value>) {
    for (name, value) in differs {
        match value {
            Value::Null => members.remove(&name),
            value => members.insert(name, value),
        };
    }
}

fn own((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

pub(super) fn add(
    connection: &Connection,
    number: i64,
    revision: u32,
    updated_at: i64,
    differs: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO revisions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![number, revision, updated_at, differs])?;
    thin_out(connection, number)
}

/// Deletes the second revision if there are too many; the first one then stores its differences from the third.
fn thin_out(connection: &Connection, number: i64) -> Result<(), StoreError> {
    let count = "SELECT count(*) FROM revisions WHERE number = ?";
    let kept: u32 = connection.prepare_cached(count)?.query_row([number], |row| row.get(0))?;
    if kept <= MAX_KEPT {
        return Ok(());
    }
    let first_two: Vec<(u32, String)> = connection
        .prepare_cached(
            "SELECT revision, differs FROM revisions WHERE number = ? ORDER BY revision LIMIT 2",
        )?
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let [(first, of_first), (second, of_second)] = &first_two[..] else { return Ok(()) };
    let mut differs = members(of_second)?;
    differs.extend(members(of_first)?);
    connection
        .prepare_cached("UPDATE revisions SET differs = ? WHERE number = ? AND revision = ?")?
        .execute(params![Value::from(differs).to_string(), number, first])?;
    connection
        .prepare_cached("DELETE FROM revisions WHERE number = ? AND revision = ?")?
        .execute(params![number, second])?;
    Ok(())
}

/// Erases the contact from all earlier revisions.
pub(super) fn erase_contact(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    erase(connection, number, "$.contact")
}

/// Erases the name for a quote from all earlier revisions.
pub(super) fn erase_quote_name(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    erase(connection, number, "$.quote_name")
}

fn erase(connection: &Connection, number: i64, member: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE revisions SET differs = json_remove(differs, ?2) WHERE number = ?1",
        )?
        .execute(params![number, member])?;
    Ok(())
}

pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM revisions WHERE number = ?")?.execute([number])?;
    Ok(())
}

impl Store {
    /// The earlier revisions of each of these answers, in their order, by public id.
    pub(crate) async fn past_of(&self, ids: Vec<String>) -> Result<Vec<AnswerHistory>, StoreError> {
        let public_ids = Arc::clone(&self.public_ids);
        self.read(move |connection| {
            let past = |id: &String| {
                let Some(original) = public_ids.original(id) else {
                    return Ok(AnswerHistory::default());
                };
                let mut past = past_of(connection, &original)?;
                for earlier in &mut past.earlier {
                    earlier.response.id.clone_from(id);
                }
                Ok(past)
            };
            ids.iter().map(past).collect()
        })
        .await
    }
}

fn past_of(connection: &Connection, id: &str) -> Result<AnswerHistory, StoreError> {
    let latest: Option<(i64, String)> = connection
        .prepare_cached("SELECT number, response FROM responses WHERE id = ?")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, latest)) = latest else { return Ok(AnswerHistory::default()) };
    let display = connection
        .prepare_cached("SELECT shown_at, dismissed_at, received_at FROM displays WHERE id = ?")?
        .query_and_then([id], shown)?
        .next()
        .transpose()?;
    let mut of_revision = members(&latest)?;
    let mut earlier = Vec::new();
    let mut revisions = connection.prepare_cached(
        "SELECT revision, updated_at, differs FROM revisions WHERE number = ? ORDER BY revision DESC",
    )?;
    let mut rows = revisions.query([number])?;
    while let Some(row) = rows.next()? {
        let differs: String = row.get("differs")?;
        step_back(&mut of_revision, members(&differs)?);
        let revision: u32 = row.get("revision")?;
        of_revision.insert("revision".into(), revision.into());
        let response = serde_json::from_value(Value::Object(of_revision.clone()))
            .map_err(|error| StoreError::Row { id: id.to_owned(), cause: error.into() })?;
        earlier.push(EarlierRevision { response, at: time(row, "updated_at")? });
    }
    Ok(AnswerHistory { earlier, display })
}

fn shown(row: &Row<'_>) -> Result<StoredDisplay, StoreError> {
    let at = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = row.get(column)?;
        at.map(Timestamp::from_millisecond)
            .transpose()
            .map_err(|_| StoreError::unexpected("a time"))
    };
    Ok(StoredDisplay {
        shown_at: at("shown_at")?,
        dismissed_at: at("dismissed_at")?,
        received_at: time(row, "received_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_stored_as_its_difference_to_the_next() {
        let before = r#"{"id":"a","revision":1,"complete":false,"score":9,"tags":["x"]}"#;
        let after = r#"{"id":"a","revision":2,"complete":true,"score":9,"comment":"Gut"}"#;
        let kept = differs(before, after).unwrap_or_default();
        assert_eq!(kept, r#"{"comment":null,"complete":false,"tags":["x"]}"#);
    }
}
