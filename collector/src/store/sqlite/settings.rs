//! The table `settings`: what was decided once and is remembered.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::Store;
use crate::{
    access::public_ids::Key,
    store::{StoreError, surveys::ShopLinks},
};

const PRIVACY_LINK: &str = "privacy_link";
const IMPRINT_LINK: &str = "imprint_link";
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

    /// The pages of the shop's that customers are led to.
    pub(crate) async fn shop_links(&self) -> Result<ShopLinks, StoreError> {
        self.read(shop_links).await
    }

    /// Changes them, both.
    pub(crate) async fn set_shop_links(&self, links: ShopLinks) -> Result<(), StoreError> {
        self.write(move |ledger| {
            for (name, link) in [(PRIVACY_LINK, &links.privacy), (IMPRINT_LINK, &links.imprint)] {
                let connection = ledger.connection();
                match link {
                    Some(link) => connection.execute(
                        "INSERT INTO settings (name, value) VALUES (?, ?)
                         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        params![name, link],
                    )?,
                    None => connection.execute("DELETE FROM settings WHERE name = ?", [name])?,
                };
            }
            Ok(())
        })
        .await
    }
}

/// The pages of the shop's that customers are led to.
pub(super) fn shop_links(connection: &Connection) -> Result<ShopLinks, StoreError> {
    let link = |name: &str| -> Result<Option<String>, StoreError> {
        let mut one = connection.prepare_cached("SELECT value FROM settings WHERE name = ?")?;
        Ok(one.query_row([name], |row| row.get(0)).optional()?)
    };
    Ok(ShopLinks { privacy: link(PRIVACY_LINK)?, imprint: link(IMPRINT_LINK)? })
}
