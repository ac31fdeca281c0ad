//! The table `settings`: what was decided once and is remembered.

use super::Store;
use crate::store::StoreError;

impl Store {
    /// The value of a setting; where it has none yet, `value` becomes it.
    pub(crate) async fn setting_or(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(value)
            .execute(&mut *transaction)
            .await?;
        let kept = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
            .bind(name)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(kept)
    }
}
