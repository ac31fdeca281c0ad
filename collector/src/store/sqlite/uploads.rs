//! The table `uploads`, with files that wait to be imported.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::Store;
use crate::store::{StoreError, Upload};

/// How long a file waits to be imported.
const UPLOAD_MAX_AGE: SignedDuration = SignedDuration::from_hours(24);
/// Files that wait at a time; a new one replaces the oldest.
const MAX_UPLOADS: i64 = 5;

impl Store {
    /// Stores a file; returns its id.
    pub(crate) async fn put_upload(
        &self,
        name: &str,
        bytes: &[u8],
        defaults: &str,
    ) -> Result<String, StoreError> {
        let (name, bytes, defaults) = (name.to_owned(), bytes.to_vec(), defaults.to_owned());
        let id = self
            .write(move |ledger| {
                let connection = ledger.connection();
                let id: String = connection.query_row(
                    "INSERT INTO uploads (id, name, at, bytes, defaults)
                     VALUES (lower(hex(randomblob(12))), ?, ?, ?, ?) RETURNING id",
                    params![name, Timestamp::now().as_millisecond(), bytes, defaults],
                    |row| row.get(0),
                )?;
                connection.execute(
                    "DELETE FROM uploads
                     WHERE id NOT IN (SELECT id FROM uploads ORDER BY at DESC LIMIT ?)",
                    [MAX_UPLOADS],
                )?;
                Ok(id)
            })
            .await?;
        self.forget_uploads().await?;
        Ok(id)
    }

    pub(crate) async fn upload(&self, id: &str) -> Result<Option<Upload>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut upload = connection.prepare_cached(
                "SELECT name, bytes, defaults, outcome, rejected FROM uploads WHERE id = ?",
            )?;
            let found = upload.query_row([id], |row| {
                Ok(Upload {
                    name: row.get(0)?,
                    bytes: row.get(1)?,
                    defaults: row.get(2)?,
                    outcome: row.get(3)?,
                    rejected: row.get(4)?,
                })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// Stores the result of an import, and drops the file.
    pub(crate) async fn finish_upload(
        &self,
        id: &str,
        outcome: &str,
        rejected: &[u8],
    ) -> Result<(), StoreError> {
        let (id, outcome, rejected) = (id.to_owned(), outcome.to_owned(), rejected.to_vec());
        self.write(move |ledger| {
            ledger.connection().execute(
                "UPDATE uploads SET bytes = x'', outcome = ?, rejected = ? WHERE id = ?",
                params![outcome, rejected, id],
            )?;
            Ok(())
        })
        .await?;
        self.fold().await
    }

    /// Deletes files that waited too long.
    pub(crate) async fn forget_uploads(&self) -> Result<(), StoreError> {
        let before = (Timestamp::now() - UPLOAD_MAX_AGE).as_millisecond();
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM uploads WHERE at < ?", [before])?;
            Ok(())
        })
        .await
    }
}
