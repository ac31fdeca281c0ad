//! The database as a file: copies of it that are whole, and whether it is sound.

use std::{path::Path, time::Duration};

use sqlx::{
    Connection as _, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{Store, connect_options, create_private, rollups};
use crate::store::{
    OpenError, StoreError,
    copies::{Faults, Unusable, Version},
};

impl From<sqlx::Error> for Unusable {
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

/// What this release's tables look like.
static MIGRATIONS: Migrator = sqlx::migrate!();

/// A database file that is only looked at.
pub(crate) struct Inspected {
    connection: SqliteConnection,
}

impl Inspected {
    /// Opens a file without changing it.
    pub(crate) async fn open(path: &Path) -> Result<Self, Unusable> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .busy_timeout(Duration::from_secs(5));
        Ok(Self { connection: SqliteConnection::connect_with(&options).await? })
    }

    /// How its tables compare to this release's.
    pub(crate) async fn version(&mut self) -> Result<Version, Unusable> {
        let is_ours: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sqlite_master
             WHERE type = 'table' AND name IN ('_sqlx_migrations', 'responses', 'settings')",
        )
        .fetch_one(&mut self.connection)
        .await?;
        if is_ours != 3 {
            return Ok(Version::Foreign);
        }
        let done: Vec<i64> =
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
                .fetch_all(&mut self.connection)
                .await?;
        let known: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        Ok(match () {
            () if done.iter().any(|version| !known.contains(version)) => Version::Newer,
            () if done.len() < known.len() => Version::Older,
            () => Version::Current,
        })
    }

    /// Damage of the file and rows that point nowhere.
    pub(crate) async fn faults(&mut self) -> Result<Faults, Unusable> {
        let mut faults: Faults = sqlx::query_scalar("PRAGMA integrity_check(20)")
            .fetch_all(&mut self.connection)
            .await?;
        faults.retain(|line| line != "ok");
        let strays: Vec<(String, Option<i64>, String, i64)> =
            sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&mut self.connection).await?;
        faults.extend(
            strays.iter().take(20).map(|(table, _, parent, _)| {
                format!("a row of {table} points to none of {parent}")
            }),
        );
        Ok(faults)
    }

    /// How many responses there are.
    pub(crate) async fn responses(&mut self) -> Result<u64, Unusable> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM responses")
            .fetch_one(&mut self.connection)
            .await?;
        Ok(count.unsigned_abs())
    }

    pub(crate) async fn close(self) -> Result<(), Unusable> {
        Ok(self.connection.close().await?)
    }
}

/// Folds a database's log into its file, and fails where anybody else has it open.
pub(crate) async fn claim(path: &Path) -> Result<(), Unusable> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_millis(200));
    let mut connection = SqliteConnection::connect_with(&options).await?;
    // Only the last connection may leave the write-ahead log.
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await?;
    connection.close().await?;
    match mode.as_str() {
        "delete" => Ok(()),
        _ => Err(Unusable("the database is open elsewhere".into())),
    }
}

/// The file that an address names.
pub(crate) fn file_of(address: &str) -> Result<std::path::PathBuf, OpenError> {
    Ok(connect_options(address)?.get_filename().to_owned())
}

/// What is counted, indexed or searched, and does not agree with the responses: each table's name.
const DERIVED: [(&str, &str, &str); 6] = [
    (
        "daily_scores",
        "SELECT * FROM daily_scores",
        "SELECT day, survey, touchpoint, method, count(*), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4),
                sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
         FROM counted_responses GROUP BY day, survey, touchpoint, method",
    ),
    (
        "daily_facets",
        "SELECT * FROM daily_facets",
        "SELECT facet, day, value, survey, touchpoint, count(*), sum(s0), sum(s1), sum(s2), sum(s3),
                sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
         FROM counted_facets GROUP BY facet, day, value, survey, touchpoint",
    ),
    (
        "order_moments",
        "SELECT * FROM order_moments",
        "SELECT order_id, survey, place, touchpoint, day, segment FROM (
             SELECT *, row_number() OVER (PARTITION BY order_id, survey, touchpoint
                                          ORDER BY received_at DESC, id DESC) AS newest
             FROM moment_responses)
         WHERE newest = 1",
    ),
    (
        "daily_pairs",
        "SELECT * FROM daily_pairs",
        "SELECT max(a.day, b.day), a.survey, a.touchpoint, b.touchpoint, a.segment, b.segment, count(*)
         FROM order_moments a JOIN order_moments b
             ON a.order_id = b.order_id AND a.survey = b.survey AND a.place < b.place
         GROUP BY 1, 2, 3, 4, 5, 6",
    ),
    (
        "daily_displays",
        "SELECT * FROM daily_displays",
        "SELECT day, survey, touchpoint, count(*), sum(dismissed), sum(promoters), sum(passives),
                sum(detractors)
         FROM counted_displays GROUP BY day, survey, touchpoint",
    ),
    (
        "comments",
        "SELECT id, comment FROM comments",
        "SELECT id, comment FROM responses WHERE comment IS NOT NULL",
    ),
];

impl Store {
    /// Writes a copy of the database as of one moment, while others go on writing. The file must not
    /// be there, or be empty.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_str().ok_or(StoreError::odd("the path of the copy"))?;
        // From the writer's connection: those that only read may not make files either.
        sqlx::query("VACUUM INTO ?").bind(path).execute(&self.writer).await?;
        Ok(())
    }

    /// The derived tables that do not agree with the responses.
    pub(crate) async fn disagreeing(&self) -> Result<Vec<&'static str>, StoreError> {
        let mut disagreeing = Vec::new();
        // As of one moment: answers may arrive meanwhile.
        let mut snapshot = self.reader.begin().await?;
        for (name, kept, counted) in DERIVED {
            let compare = format!(
                "SELECT EXISTS (SELECT * FROM ({kept}) EXCEPT SELECT * FROM ({counted}))
                     OR EXISTS (SELECT * FROM ({counted}) EXCEPT SELECT * FROM ({kept}))"
            );
            let differs: bool =
                sqlx::query_scalar(sqlx::AssertSqlSafe(compare)).fetch_one(&mut *snapshot).await?;
            if differs {
                disagreeing.push(name);
            }
        }
        snapshot.commit().await?;
        let mut trial = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let search = sqlx::query(
            "INSERT INTO comments_search (comments_search, rank) VALUES ('integrity-check', 1)",
        )
        .execute(&mut *trial)
        .await;
        trial.rollback().await?;
        if search.is_err() {
            disagreeing.push("comments_search");
        }
        Ok(disagreeing)
    }

    /// Makes the derived tables anew from the responses.
    pub(crate) async fn derive_anew(&self) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Its triggers only ever add and take off: from nothing they count right.
        sqlx::query("DELETE FROM order_moments").execute(&mut *transaction).await?;
        sqlx::query("DELETE FROM daily_pairs").execute(&mut *transaction).await?;
        rollups::recount(&mut transaction).await?;
        for statement in [
            "DELETE FROM comments WHERE id NOT IN (SELECT id FROM responses WHERE comment IS NOT NULL)",
            "UPDATE comments SET comment = (SELECT comment FROM responses WHERE id = comments.id)
             WHERE comment IS NOT (SELECT comment FROM responses WHERE id = comments.id)",
            "INSERT INTO comments (id, comment) SELECT id, comment FROM responses
             WHERE comment IS NOT NULL AND id NOT IN (SELECT id FROM comments)",
            "INSERT INTO comments_search (comments_search) VALUES ('rebuild')",
        ] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// How many responses do not say of themselves what their row says.
    pub(crate) async fn odd_rows(&self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM responses
             WHERE CASE WHEN json_valid(response) THEN
                 response ->> '$.id' IS NOT id OR response ->> '$.score' IS NOT score
                     OR response ->> '$.survey' IS NOT survey
                 ELSE 1 END",
        )
        .fetch_one(&self.reader)
        .await?;
        Ok(count.unsigned_abs())
    }

    /// When the newest response arrived, by the clock of that time.
    pub(crate) async fn newest(&self) -> Result<Option<jiff::Timestamp>, StoreError> {
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(received_at) FROM responses")
            .fetch_one(&self.reader)
            .await?;
        Ok(newest.and_then(|time| jiff::Timestamp::from_millisecond(time).ok()))
    }
}

/// An empty file for a copy, readable by nobody else.
pub(crate) fn private(path: &Path) -> std::io::Result<()> {
    create_private(path)
}
