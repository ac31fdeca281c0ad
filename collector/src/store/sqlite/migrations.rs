//! Migrates a database: one file per step, in `migrations/`.
//!
//! The completed steps are in the table `_sqlx_migrations`, because earlier releases used sqlx: so they recognise
//! these databases ("written by a newer release"), and change nothing.

use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest as _, Sha384};

/// A step. Released steps are never changed; new ones are added.
pub(super) struct Migration {
    pub(super) version: i64,
    description: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal, $description:literal, $file:literal;)+) => {
        &[$(Migration {
            version: $version,
            description: $description,
            sql: include_str!(concat!("../../../migrations/", $file)),
        }),+]
    };
}

/// All steps, in their order.
pub(super) const MIGRATIONS: &[Migration] = migrations! {
    1, "responses", "0001_responses.sql";
    2, "settings", "0002_settings.sql";
    10, "rollups", "0010_rollups.sql";
    11, "displays", "0011_displays.sql";
    12, "search", "0012_search.sql";
    20, "accounts", "0020_accounts.sql";
    21, "surveys", "0021_surveys.sql";
    22, "devices", "0022_devices.sql";
    30, "erasures", "0030_erasures.sql";
    31, "uploads", "0031_uploads.sql";
    32, "unread times", "0032_unread_times.sql";
    40, "counted in rust", "0040_counted_in_rust.sql";
    50, "set aside", "0050_set_aside.sql";
    51, "revisions", "0051_revisions.sql";
    52, "erased by filter", "0052_erased_by_filter.sql";
    60, "bounded surveys", "0060_bounded_surveys.sql";
    70, "privacy links", "0070_privacy_links.sql";
    80, "cases", "0080_cases.sql";
    81, "tokens for cases", "0081_tokens_for_cases.sql";
    82, "owned cases", "0082_owned_cases.sql";
    90, "themes", "0090_themes.sql";
    95, "shown in view", "0095_shown_in_view.sql";
    100, "contacts", "0100_contacts.sql";
    110, "alerts", "0110_alerts.sql";
    111, "outbox", "0111_outbox.sql";
    112, "mails", "0112_mails.sql";
    120, "review links", "0120_review_links.sql";
    121, "taxonomy", "0121_taxonomy.sql";
    122, "quotes", "0122_quotes.sql";
    130, "answer pages", "0130_answer_pages.sql";
    140, "replies", "0140_replies.sql";
    141, "reply templates", "0141_reply_templates.sql";
    150, "rule targets", "0150_rule_targets.sql";
    151, "own cases", "0151_own_cases.sql";
    152, "cases that wait", "0152_cases_that_wait.sql";
    160, "second ratings of", "0160_second_ratings_of.sql";
    161, "narrow by index", "0161_narrow_by_index.sql";
    162, "comment sample", "0162_comment_sample.sql";
};

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrateError {
    #[error("it holds step {0}, which this release does not know")]
    Newer(i64),
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// Runs the missing steps, all or none.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), MigrateError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
             version BIGINT PRIMARY KEY,
             description TEXT NOT NULL,
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
             success BOOLEAN NOT NULL,
             checksum BLOB NOT NULL,
             execution_time BIGINT NOT NULL
         )",
    )?;
    let taken = taken(&transaction)?;
    let is_known = |version: &&i64| MIGRATIONS.iter().all(|known| known.version != **version);
    if let Some(newer) = taken.iter().find(is_known) {
        return Err(MigrateError::Newer(*newer));
    }
    for step in MIGRATIONS.iter().filter(|step| !taken.contains(&step.version)) {
        transaction.execute_batch(step.sql)?;
        transaction.execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (?, ?, TRUE, ?, 0)",
            params![step.version, step.description, Sha384::digest(step.sql).as_slice()],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// The versions of the completed steps.
pub(super) fn taken(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection
        .prepare("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")?;
    let versions = statement.query_map([], |row| row.get(0))?;
    versions.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{collections::BTreeSet, fs};

    use super::*;

    #[test]
    fn every_file_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let steps: BTreeSet<String> = MIGRATIONS
            .iter()
            .map(|step| format!("{:04}_{}.sql", step.version, step.description.replace(' ', "_")))
            .collect();
        assert_eq!(files, steps);
        assert!(MIGRATIONS.is_sorted_by_key(|step| step.version));
    }

    /// A response as earlier releases stored it.
    fn stored(number: i64, at: i64) -> serde_json::Value {
        let id = format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}");
        serde_json::json!({
            "version": 1, "id": id, "revision": 1, "complete": true, "survey": "s",
            "touchpoint": (["order", "delivery"][usize::try_from(number % 2).unwrap()]),
            "score": number % 11, "comment": format!("Schön Nummer {number}"), "reasons": ["price"],
            "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.120Z",
            "sent_at": "2026-11-21T17:00:04.520Z", "page": "https://shop.example/", "locale": "de-AT",
            "method": {
                "question": "Würden Sie?", "low_label": "nie", "high_label": "immer",
                "layout": "two-rows", "mode": "inline", "release": "0.1.0"
            },
            "order": {
                "id": format!("A-{}", number / 3), "country": "AT", "products": ["X", "Y", "X"]
            },
            "customer": { "id": "C-1", "kind": "new" }, "properties": { "coupon": "A" },
            "tags": ["q4"], "received_at": at
        })
    }

    #[tokio::test]
    async fn a_database_of_the_releases_before_is_counted_and_searched_as_before() {
        const FIRST: i64 = 1_795_000_000_000;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut old = Connection::open(&path).unwrap();
        old.execute_batch(
            "CREATE TABLE _sqlx_migrations (
                 version BIGINT PRIMARY KEY, description TEXT NOT NULL,
                 installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL,
                 checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
        )
        .unwrap();
        let transaction = old.transaction().unwrap();
        for step in MIGRATIONS.iter().filter(|step| step.version < 40) {
            transaction.execute_batch(step.sql).unwrap();
            transaction
                .execute(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     VALUES (?, ?, TRUE, x'00', 1)",
                    params![step.version, step.description],
                )
                .unwrap();
        }
        // The triggers of that release count.
        for number in 0..40 {
            let at = FIRST + number % 7 * 86_400_000;
            let body = stored(number, at);
            transaction
                .execute(
                    "INSERT INTO responses VALUES (?1 ->> '$.id', 1, 1, 's', ?1 ->> '$.touchpoint',
                         ?1 ->> '$.score', ?1 ->> '$.comment', 'de-AT', 'p', ?1 ->> '$.order.id', 'C-1',
                         ?2, ?2, ?1)",
                    params![body.to_string(), at],
                )
                .unwrap();
            transaction
                .execute(
                    "INSERT INTO displays VALUES (?1 ->> '$.id', 's', 'order', 'de', 'p', 1, 2, ?2, NULL)
                     ON CONFLICT DO NOTHING",
                    params![body.to_string(), at],
                )
                .unwrap();
        }
        transaction.commit().unwrap();
        drop(old);

        let address = format!("sqlite://{}", path.display());
        let store =
            crate::store::Store::open(&address, std::time::Duration::from_secs(5)).await.unwrap();
        assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);
        let filter = crate::store::Filter { words: Some("schon".into()), ..Default::default() };
        let (found, more) =
            store.list(&filter, None, 100, crate::access::public_ids::Ids::Original).await.unwrap();
        assert_eq!((found.len(), more), (40, None));
        for (newer, older) in found.iter().zip(&found[1..]) {
            assert!(newer.received_at >= older.received_at);
        }
        let mut ids: Vec<String> = found.into_iter().map(|it| it.response.id).collect();
        ids.sort();
        let sent: Vec<String> =
            (0..40).map(|number| stored(number, 0)["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, sent);
        // The counts continue from there.
        let response = store.response(&ids[7]).await.unwrap().unwrap();
        let corrected = afterword_response::Response { revision: 2, score: 0, ..response.clone() };
        assert_eq!(
            store.put(&corrected, crate::aside::Aside::NONE).await.unwrap(),
            crate::store::PutOutcome::Stored
        );
        store.erase(crate::store::erasures::Erase::Order("A-3")).await.unwrap();
        assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);
        store.close().await;
    }
}
