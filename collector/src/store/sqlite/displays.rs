//! The table `displays`: that the question was shown, and closed.

use afterword_response::{Display, display::Step};
use jiff::Timestamp;

use super::Store;
use crate::store::{StoreError, erasures};

/// Keeps the first time of each step. What else the first message of an id said stays: a display
/// does not change its survey or place. What was erased does not come back.
const PUT: &str = "
INSERT INTO displays (id, survey, touchpoint, locale, page, shown_at, dismissed_at, received_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE id_hash = ?9)
ON CONFLICT (id) DO UPDATE SET
    shown_at = coalesce(displays.shown_at, excluded.shown_at),
    dismissed_at = coalesce(displays.dismissed_at, excluded.dismissed_at)
WHERE (displays.shown_at IS NULL AND excluded.shown_at IS NOT NULL)
    OR (displays.dismissed_at IS NULL AND excluded.dismissed_at IS NOT NULL)";

impl Store {
    /// Keeps a step of a display; it is on the disk then. A repeat changes nothing.
    pub(crate) async fn put_display(&self, display: &Display) -> Result<(), StoreError> {
        let now = Timestamp::now();
        // That it happened is what is counted. Of a display that does not say when, its arrival stands
        // for the time.
        let at = display.at.parse::<Timestamp>().unwrap_or(now);
        let (shown_at, dismissed_at) = match display.display {
            Step::Shown => (Some(at.as_millisecond()), None),
            Step::Dismissed => (None, Some(at.as_millisecond())),
        };
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(PUT)
            .bind(&display.id)
            .bind(&display.survey)
            .bind(display.touchpoint.name())
            .bind(&display.locale)
            .bind(&display.page)
            .bind(shown_at)
            .bind(dismissed_at)
            .bind(now.as_millisecond())
            .bind(erasures::mark(&display.id))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
