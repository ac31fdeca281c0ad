//! The table `settings`: what was decided once and is remembered.

use rusqlite::{Connection, params};

use super::Store;
use crate::{access::public_ids::Key, store::StoreError};

/// The setting that keeps the key of the ids that answers are shown under.
const PUBLIC_ID_KEY: &str = "public_id_key";

/// The key of the ids that answers are shown under; made where there is none.
pub(super) fn public_id_key(connection: &Connection) -> Result<Key, StoreError> {
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING",
        [PUBLIC_ID_KEY],
    )?;
    let kept: String = connection.query_row(
        "SELECT value FROM settings WHERE name = ?",
        [PUBLIC_ID_KEY],
        |row| row.get(0),
    )?;
    let number = u128::from_str_radix(&kept, 16);
    Ok(number.map_err(|_| StoreError::unexpected("the key of public ids"))?.to_be_bytes())
}

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
