//! The table `settings`.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::Store;
use crate::{
    access::public_ids::Key,
    report::calendar::{self, Day},
    store::{StoreError, surveys::ShopLinks},
};

const PRIVACY_LINK: &str = "privacy_link";
const IMPRINT_LINK: &str = "imprint_link";
/// The setting with the key of public ids.
const PUBLIC_ID_KEY: &str = "public_id_key";
/// The setting that a migration writes; a date in UTC.
const SHOWN_IN_VIEW_FROM: &str = "shown_in_view_from";

/// The key of public ids; made if there is none.
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

/// The day from which a question counts as shown only once half of it was in view; `None` if it always did.
pub(super) fn shown_in_view_from(connection: &Connection) -> Result<Option<Day>, StoreError> {
    let mut one = connection.prepare_cached("SELECT value FROM settings WHERE name = ?")?;
    let day: Option<String> = one.query_row([SHOWN_IN_VIEW_FROM], |row| row.get(0)).optional()?;
    Ok(day.and_then(|text| text.parse().ok()).map(calendar::day))
}

impl Store {
    /// The value of a setting; sets it to `value` if it has none.
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

    /// The links to the shop's pages for customers.
    pub(crate) async fn shop_links(&self) -> Result<ShopLinks, StoreError> {
        self.read(shop_links).await
    }

    /// Replaces both links.
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

/// Reads the links to the shop's pages for customers.
pub(super) fn shop_links(connection: &Connection) -> Result<ShopLinks, StoreError> {
    let link = |name: &str| -> Result<Option<String>, StoreError> {
        let mut one = connection.prepare_cached("SELECT value FROM settings WHERE name = ?")?;
        Ok(one.query_row([name], |row| row.get(0)).optional()?)
    };
    Ok(ShopLinks { privacy: link(PRIVACY_LINK)?, imprint: link(IMPRINT_LINK)? })
}
