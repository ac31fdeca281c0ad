//! The shop's time zone: where its days begin.
//!
//! Roll-ups count by the day of the shop's calendar. SQLite knows no time zones, so the table
//! `zone_offsets` spells the zone out as the moments at which its distance to UTC changes, daylight
//! saving time and all; changing the zone writes it anew and counts everything again, in one
//! transaction. A release with a newer time zone database does the same at its first start.

use jiff::tz::TimeZone;
use sqlx::{Sqlite, Transaction};

use super::Store;
use crate::store::{StoreError, ZoneError, zone::offsets};

const SETTING: &str = "time_zone";
/// What a shop has that never said one.
const USUAL: &str = "UTC";
impl Store {
    /// The shop's time zone; UTC until one is set.
    pub(crate) async fn time_zone(&self) -> Result<TimeZone, StoreError> {
        let name: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
            .bind(SETTING)
            .fetch_optional(&self.reader)
            .await?;
        // A name is checked before it is stored.
        Ok(TimeZone::get(name.as_deref().unwrap_or(USUAL)).unwrap_or(TimeZone::UTC))
    }

    /// Sets the shop's time zone, by its name in the IANA database, and counts every day anew.
    ///
    /// # Errors
    /// There is no such zone, or the database failed; nothing has changed then.
    pub(crate) async fn set_time_zone(&self, name: &str) -> Result<(), ZoneError> {
        let zone = TimeZone::get(name).map_err(|_| ZoneError::Unknown(name.to_owned()))?;
        let mut transaction =
            self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::from)?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(SETTING)
        .bind(name)
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
        spell_out(&zone, &mut transaction).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Sets the shop's time zone if none was ever set.
    ///
    /// # Errors
    /// As [`set_time_zone`](Self::set_time_zone).
    pub(crate) async fn suggest_time_zone(&self, name: &str) -> Result<(), ZoneError> {
        let is_set: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM settings WHERE name = ?)")
                .bind(SETTING)
                .fetch_one(&self.reader)
                .await
                .map_err(StoreError::from)?;
        if is_set { Ok(()) } else { self.set_time_zone(name).await }
    }

    /// Writes the time zone out again if this release knows it otherwise than the one before.
    pub(crate) async fn refresh_time_zone(&self) -> Result<(), StoreError> {
        let zone = self.time_zone().await?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        spell_out(&zone, &mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Makes `zone_offsets` say `zone`, and counts anew if it said something else.
async fn spell_out(
    zone: &TimeZone,
    transaction: &mut Transaction<'_, Sqlite>,
) -> Result<(), StoreError> {
    let wanted = offsets(zone);
    let known: Vec<(i64, i64)> =
        sqlx::query_as("SELECT since, ahead FROM zone_offsets ORDER BY since")
            .fetch_all(&mut **transaction)
            .await?;
    if known == wanted {
        return Ok(());
    }
    sqlx::query("DELETE FROM zone_offsets").execute(&mut **transaction).await?;
    for (since, ahead) in wanted {
        sqlx::query("INSERT INTO zone_offsets VALUES (?, ?)")
            .bind(since)
            .bind(ahead)
            .execute(&mut **transaction)
            .await?;
    }
    super::rollups::recount(transaction).await
}
