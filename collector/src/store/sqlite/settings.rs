//! The table `settings`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Store;
use crate::{
    accent::Accent,
    access::public_ids::Key,
    logo::Logo,
    report::calendar::{self, Day},
    store::{StoreError, surveys::Shop},
};

const SHOP_NAME: &str = "shop_name";
/// The name of the file with the logo.
const LOGO: &str = "shop_logo";
/// Its bytes, in base64.
const LOGO_BYTES: &str = "shop_logo_bytes";
/// Its colour, as `#274bb5`.
const ACCENT: &str = "shop_accent";
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
    let day = value(connection, SHOWN_IN_VIEW_FROM)?;
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

    /// The shop's name, if it has one.
    pub(crate) async fn shop_name(&self) -> Result<Option<String>, StoreError> {
        self.read(|connection| Ok(value(connection, SHOP_NAME)?)).await
    }

    /// What customers see of the shop.
    pub(crate) async fn shop(&self) -> Result<Shop, StoreError> {
        self.read(shop).await
    }

    /// Replaces the name, the colour and the links; the logo stays.
    pub(crate) async fn set_shop(&self, shop: Shop) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let Shop { name, accent, privacy, imprint, logo: _ } = &shop;
            let accent = &accent.map(Accent::hex);
            for (setting, value) in [
                (SHOP_NAME, name),
                (ACCENT, accent),
                (PRIVACY_LINK, privacy),
                (IMPRINT_LINK, imprint),
            ] {
                set(ledger.connection(), setting, value.as_deref())?;
            }
            Ok(())
        })
        .await
    }

    /// The shop's logo, if its file has this name.
    pub(crate) async fn logo(&self, name: &str) -> Result<Option<Logo>, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| {
            if value(connection, LOGO)?.as_ref() != Some(&name) {
                return Ok(None);
            }
            let Some(bytes) = value(connection, LOGO_BYTES)? else { return Ok(None) };
            let bytes = STANDARD.decode(bytes).map_err(|_| StoreError::unexpected("the logo"))?;
            Ok(Some(Logo { name, bytes }))
        })
        .await
    }

    /// Replaces the logo, or removes it.
    pub(crate) async fn set_logo(&self, logo: Option<Logo>) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let bytes = logo.as_ref().map(|logo| STANDARD.encode(&logo.bytes));
            set(ledger.connection(), LOGO, logo.as_ref().map(|logo| logo.name.as_str()))?;
            set(ledger.connection(), LOGO_BYTES, bytes.as_deref())?;
            Ok(())
        })
        .await
    }
}

/// Reads what customers see of the shop.
pub(super) fn shop(connection: &Connection) -> Result<Shop, StoreError> {
    Ok(Shop {
        name: value(connection, SHOP_NAME)?,
        logo: value(connection, LOGO)?,
        accent: value(connection, ACCENT)?.as_deref().and_then(Accent::read),
        privacy: value(connection, PRIVACY_LINK)?,
        imprint: value(connection, IMPRINT_LINK)?,
    })
}

/// The value of a setting.
pub(super) fn value(connection: &Connection, setting: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?")?
        .query_row([setting], |row| row.get(0))
        .optional()
}

/// Sets or removes a setting.
pub(super) fn set(
    connection: &Connection,
    setting: &str,
    value: Option<&str>,
) -> rusqlite::Result<()> {
    match value {
        Some(value) => connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![setting, value],
        )?,
        None => connection.execute("DELETE FROM settings WHERE name = ?", [setting])?,
    };
    Ok(())
}
