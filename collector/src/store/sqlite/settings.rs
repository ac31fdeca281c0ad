//! The table `settings`: what was decided once and is remembered.

use rusqlite::params;

use super::Store;
use crate::store::StoreError;

impl Store {
    /// The value of a setting; where it has none yet, `value` becomes it.
    pub(crate) async fn setting_or(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                params![name, value],
            )?;
            let kept = "SELECT value FROM settings WHERE name = ?";
            Ok(connection.query_row(kept, [&name], |row| row.get(0))?)
        })
        .await
    }
}
