//! The table `uploads`: files on their way from a browser into the database.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;

use super::Store;
use crate::store::{StoreError, Upload};

/// How long a file waits to be imported.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How many wait at a time: the oldest gives way.
const MOST: i64 = 5;

impl Store {
    /// Keeps a file; returns the id to find it by.
    pub(crate) async fn put_upload(
        &self,
        name: &str,
        bytes: &[u8],
        defaults: &str,
    ) -> Result<String, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let id: String = sqlx::query_scalar(
            "INSERT INTO uploads (id, name, at, bytes, defaults)
             VALUES (lower(hex(randomblob(12))), ?, ?, ?, ?) RETURNING id",
        )
        .bind(name)
        .bind(Timestamp::now().as_millisecond())
        .bind(bytes)
        .bind(defaults)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM uploads WHERE id NOT IN (SELECT id FROM uploads ORDER BY at DESC LIMIT ?)",
        )
        .bind(MOST)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.forget_uploads().await?;
        Ok(id)
    }

    pub(crate) async fn upload(&self, id: &str) -> Result<Option<Upload>, StoreError> {
        let row = sqlx::query("SELECT * FROM uploads WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Upload {
            name: row.try_get("name")?,
            bytes: row.try_get("bytes")?,
            defaults: row.try_get("defaults")?,
            outcome: row.try_get("outcome")?,
            rejected: row.try_get("rejected")?,
        }))
    }

    /// Notes what came of a file, which is not needed any more then.
    pub(crate) async fn finish_upload(
        &self,
        id: &str,
        outcome: &str,
        rejected: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE uploads SET bytes = x'', outcome = ?, rejected = ? WHERE id = ?")
            .bind(outcome)
            .bind(rejected)
            .bind(id)
            .execute(&self.writer)
            .await?;
        self.fold().await
    }

    /// Forgets files that waited too long.
    pub(crate) async fn forget_uploads(&self) -> Result<(), StoreError> {
        let before =
            Timestamp::now().as_millisecond() - i64::try_from(KEPT.as_millis()).unwrap_or_default();
        sqlx::query("DELETE FROM uploads WHERE at < ?").bind(before).execute(&self.writer).await?;
        Ok(())
    }
}
