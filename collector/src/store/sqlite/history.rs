//! The table `revisions`: what answers said before their last revision.

use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use crate::store::StoreError;

/// How many earlier revisions of an answer are kept: the first, and the latest of the others.
const MAX_KEPT: u32 = 20;

/// The members of a response's JSON that differ from those of the revision after it, as JSON.
pub(super) fn differs(before: &str, after: &str) -> Result<String, StoreError> {
    let read = |json: &str| -> Result<Map<String, Value>, StoreError> {
        serde_json::from_str(json)
            .map_err(|error| StoreError::Row { id: String::new(), cause: error.into() })
    };
    let (before, after) = (read(before)?, read(after)?);
    let mut differs: Map<String, Value> =
        before.iter().filter(|(name, value)| after.get(*name) != Some(value)).map(own).collect();
    let new = after.keys().filter(|name| !before.contains_key(*name));
    differs.extend(new.map(|name| (name.clone(), Value::Null)));
    differs.remove("revision");
    Ok(Value::from(differs).to_string())
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
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO revisions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![number, revision, updated_at, differs])?;
    connection
        .prepare_cached(
            "DELETE FROM revisions WHERE number = ?1
                 AND (SELECT count(*) FROM revisions WHERE number = ?1) > ?2
                 AND revision = (SELECT revision FROM revisions WHERE number = ?1
                     ORDER BY revision LIMIT 1 OFFSET 1)",
        )?
        .execute(params![number, MAX_KEPT])?;
    Ok(())
}

pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM revisions WHERE number = ?")?.execute([number])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_kept_as_what_differs_from_the_next() {
        let before = r#"{"id":"a","revision":1,"complete":false,"score":9,"tags":["x"]}"#;
        let after = r#"{"id":"a","revision":2,"complete":true,"score":9,"comment":"Gut"}"#;
        let kept = differs(before, after).unwrap_or_default();
        assert_eq!(kept, r#"{"comment":null,"complete":false,"tags":["x"]}"#);
    }
}
