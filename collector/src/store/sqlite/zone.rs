//! The shop's time zone, which decides when its days begin.
//!
//! Roll-ups count by the day of the shop's calendar. The table `zone_offsets` holds the offsets that they
//! were counted by: the moments at which the zone's offset to UTC changes, daylight saving time included. A
//! change of the zone rewrites the table and counts everything again, in one transaction. A release with a
//! newer time zone database does the same at its first start.

use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Store, ledger::Ledger, offsets, recount};
use crate::store::{StoreError, ZoneError, zone::Offsets};

const SETTING: &str = "time_zone";
/// The time zone of a shop that has not set one.
const DEFAULT_ZONE: &str = "UTC";

impl Store {
    /// The shop's time zone; UTC until one is set.
    pub(crate) async fn time_zone(&self) -> Result<TimeZone, StoreError> {
        let name = self.read(|connection| Ok(setting(connection)?)).await?;
        // The name was checked before it was stored, so the fallback is never used.
        Ok(TimeZone::get(name.as_deref().unwrap_or(DEFAULT_ZONE)).unwrap_or(TimeZone::UTC))
    }

    /// Sets the shop's time zone, by its name in the IANA database, and counts every day anew.
    ///
    /// # Errors
    /// There is no such zone, or the database failed; nothing has changed then.
    pub(crate) async fn set_time_zone(&self, name: &str) -> Result<(), ZoneError> {
        let zone = TimeZone::get(name).map_err(|_| ZoneError::Unknown(name.to_owned()))?;
        let name = name.to_owned();
        self.write(move |ledger| {
            ledger.connection().execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![SETTING, name],
            )?;
            spell_out(&zone, ledger)
        })
        .await?;
        Ok(())
    }

    /// Sets the shop's time zone if none was ever set.
    ///
    /// # Errors
    /// As [`set_time_zone`](Self::set_time_zone).
    pub(crate) async fn suggest_time_zone(&self, name: &str) -> Result<(), ZoneError> {
        let set = self.read(|connection| Ok(setting(connection)?)).await?;
        if set.is_some() { Ok(()) } else { self.set_time_zone(name).await }
    }

    /// Rewrites the offsets if this release has other ones for the zone than the release before.
    pub(crate) async fn refresh_time_zone(&self) -> Result<(), StoreError> {
        let zone = self.time_zone().await?;
        self.write(move |ledger| spell_out(&zone, ledger)).await
    }
}

fn setting(connection: &Connection) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?")?
        .query_row([SETTING], |row| row.get(0))
        .optional()
}

/// Writes the offsets of `zone` to `zone_offsets`, and counts again if they differ from the old ones.
fn spell_out(zone: &TimeZone, ledger: &mut Ledger<'_>) -> Result<(), StoreError> {
    let wanted = Offsets::of(zone);
    let connection = ledger.connection();
    if offsets::spelled_out(connection)? == wanted {
        return Ok(());
    }
    ledger.forget();
    connection.execute("DELETE FROM zone_offsets", [])?;
    let mut insert = connection.prepare("INSERT INTO zone_offsets VALUES (?, ?)")?;
    for (since, ahead) in &wanted.0 {
        insert.execute(params![since, ahead])?;
    }
    recount::days(connection, &wanted)
}
