//! Loading a made-up year at once: as many rows as the triggers would take minutes for.

use afterword_response::Display;
use sqlx::{Sqlite, Transaction};

use super::{Store, responses, rollups};
use crate::store::{StoreError, Stored, load::Shown};

/// The triggers whose work is done once at the end. Should there be others, all are left to work row by
/// row: what they are for is not known here.
const KNOWN: [&str; 19] = [
    "display_answered",
    "display_changed",
    "display_changes",
    "display_comes",
    "display_erased",
    "display_goes",
    "display_reanswered",
    "order_answered",
    "order_reanswered",
    "order_unanswered",
    "response_changed",
    "response_changes",
    "response_comes",
    "response_goes",
    "response_resaid",
    "response_said",
    "response_unsaid",
    "survey_appears",
    "survey_is_shown",
];
/// The one that changes of a survey fire, which do not happen here.
const UNUSED: &str = "survey_reappears";

/// How many displays are handed over at a time.
const BATCH: usize = 1_000;

impl Store {
    /// Stores all of it in one transaction. `progress` hears how many responses are stored.
    pub(crate) async fn load(
        &self,
        answers: &[Stored],
        displays: &[Shown],
        progress: &mut impl FnMut(u64),
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let triggers = take_off(&mut transaction).await?;
        for (done, answer) in (1..).zip(answers) {
            responses::put(&answer.response, answer.received_at, answer.updated_at)?
                .execute(&mut *transaction)
                .await?;
            if done % 500 == 0 {
                progress(done);
            }
        }
        for batch in displays.chunks(BATCH) {
            show(&mut transaction, batch).await?;
        }
        if !triggers.is_empty() {
            catch_up(&mut transaction).await?;
            for statement in triggers {
                sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Drops the triggers; returns how to make them again.
async fn take_off(transaction: &mut Transaction<'_, Sqlite>) -> Result<Vec<String>, StoreError> {
    let triggers: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_master
         WHERE type = 'trigger' AND tbl_name IN ('responses', 'displays')",
    )
    .fetch_all(&mut **transaction)
    .await?;
    if triggers.iter().any(|(name, _)| !KNOWN.contains(&name.as_str()) && name != UNUSED) {
        return Ok(Vec::new());
    }
    let mut statements = Vec::new();
    for (name, statement) in triggers {
        let drop = format!("DROP TRIGGER \"{name}\"");
        sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut **transaction).await?;
        statements.push(statement);
    }
    Ok(statements)
}

async fn show(
    transaction: &mut Transaction<'_, Sqlite>,
    batch: &[Shown],
) -> Result<(), StoreError> {
    let rows: Vec<serde_json::Value> = batch
        .iter()
        .map(|shown| {
            let Display { id, survey, touchpoint, locale, page, .. } = &shown.display;
            serde_json::json!([
                id,
                survey,
                touchpoint.name(),
                locale,
                page,
                shown.shown_at,
                shown.dismissed_at,
                shown.received_at
            ])
        })
        .collect();
    sqlx::query(
        "INSERT INTO displays
             (id, survey, touchpoint, locale, page, shown_at, dismissed_at, received_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
                value ->> 6, value ->> 7
         FROM json_each(?) WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(serde_json::Value::from(rows).to_string())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What the triggers would have done.
async fn catch_up(transaction: &mut Transaction<'_, Sqlite>) -> Result<(), StoreError> {
    for statement in [
        "INSERT INTO surveys (id, created_at)
         SELECT survey, min(received_at) FROM (SELECT survey, received_at FROM responses
                                               UNION ALL SELECT survey, received_at FROM displays)
         WHERE survey NOT IN (SELECT id FROM surveys) GROUP BY survey",
        "INSERT INTO methods (language, question, low_label, high_label, layout, mode)
         SELECT DISTINCT language, question, low_label, high_label, layout, mode
         FROM response_methods WHERE true
         ON CONFLICT DO NOTHING",
        "INSERT INTO comments (id, comment)
         SELECT id, comment FROM responses
         WHERE comment IS NOT NULL AND id NOT IN (SELECT id FROM comments)",
        "UPDATE displays SET score = (SELECT score FROM responses WHERE id = displays.id)
         WHERE id IN (SELECT id FROM responses)",
    ] {
        sqlx::query(statement).execute(&mut **transaction).await?;
    }
    rollups::recount(transaction).await
}
