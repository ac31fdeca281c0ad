//! The tables `surveys` and `refusals`. What the settings file says goes before what is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Store, accounts::time};
use crate::{
    language::Language,
    store::{
        StoreError,
        surveys::{Refusal, Survey},
    },
    survey::{AllowedOrigin, Settings},
};

/// Origins of refused answers that are told apart, a survey; whoever invents more is not worth a row.
const MOST_REFUSALS: u32 = 50;

impl Store {
    /// Every survey, by its title.
    pub(crate) async fn surveys(&self) -> Result<Vec<Survey>, StoreError> {
        let rows = sqlx::query("SELECT * FROM surveys").fetch_all(&self.reader).await?;
        let mut surveys: Vec<Survey> =
            rows.iter().map(|row| self.survey_of(row)).collect::<Result<_, _>>()?;
        surveys.sort_by_cached_key(|survey| (survey.title().to_lowercase(), survey.id.clone()));
        Ok(surveys)
    }

    /// The survey of that id, as it is known so far.
    pub(crate) async fn survey(&self, id: &str) -> Result<Option<Survey>, StoreError> {
        let row = sqlx::query("SELECT * FROM surveys WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(|row| self.survey_of(row)).transpose()
    }

    /// Makes a survey; `false` if there is one of that id.
    pub(crate) async fn add_survey(
        &self,
        id: &str,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let added = sqlx::query(
            "INSERT INTO surveys (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(now.as_millisecond())
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if added == 0 {
            return Ok(false);
        }
        update(id, settings).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes a survey's settings, all of them. What the file says is stored too, but has no effect.
    pub(crate) async fn set_survey(&self, id: &str, settings: &Settings) -> Result<(), StoreError> {
        update(id, settings).execute(&self.writer).await?;
        Ok(())
    }

    /// Allows one more origin, where any are listed, and forgets what was refused from there.
    pub(crate) async fn allow_origin(
        &self,
        id: &str,
        origin: &AllowedOrigin,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "UPDATE surveys SET origins = json_insert(origins, '$[#]', ?2)
             WHERE id = ?1 AND origins <> '[]'
                 AND NOT EXISTS (SELECT 1 FROM json_each(origins) WHERE value = ?2)",
        )
        .bind(id)
        .bind(origin.as_str())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM refusals WHERE survey = ? AND origin = ?")
            .bind(id)
            .bind(origin.as_str())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Where answers to a survey may come from; from anywhere if nothing is listed.
    pub(crate) async fn allowed_origins(&self, id: &str) -> Result<Vec<AllowedOrigin>, StoreError> {
        if let Some(origins) = self.fixed.get(id).and_then(|fixed| fixed.origins.as_ref()) {
            return Ok(origins.clone());
        }
        let origins: Option<String> =
            sqlx::query_scalar("SELECT origins FROM surveys WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        origins.map_or(Ok(Vec::new()), |origins| read_origins(&origins))
    }

    /// Notes that an answer was refused for where it came from.
    pub(crate) async fn note_refusal(
        &self,
        survey: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO refusals (survey, origin, answers, last_at)
             SELECT ?1, CASE WHEN (SELECT count(*) FROM refusals WHERE survey = ?1) < ?4
                 OR EXISTS (SELECT 1 FROM refusals WHERE survey = ?1 AND origin = ?2)
                 THEN ?2 ELSE '…' END, 1, ?3
             WHERE true
             ON CONFLICT (survey, origin) DO UPDATE SET answers = answers + 1, last_at = excluded.last_at",
        )
        .bind(survey)
        .bind(origin)
        .bind(now.as_millisecond())
        .bind(MOST_REFUSALS)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What was refused of a survey, the latest first.
    pub(crate) async fn refusals(&self, survey: &str) -> Result<Vec<Refusal>, StoreError> {
        let rows = sqlx::query("SELECT * FROM refusals WHERE survey = ? ORDER BY last_at DESC")
            .bind(survey)
            .fetch_all(&self.reader)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Refusal {
                    origin: row.try_get("origin")?,
                    answers: row.try_get("answers")?,
                    last_at: time(row, "last_at")?,
                })
            })
            .collect()
    }

    /// Forgets what was refused of a survey: it was looked at.
    pub(crate) async fn forget_refusals(&self, survey: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM refusals WHERE survey = ?")
            .bind(survey)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// How many answers a survey has, and when the latest came.
    pub(crate) async fn survey_answers(
        &self,
        id: &str,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let answers = sqlx::query_scalar(
            "SELECT coalesce(sum(answers), 0) FROM daily_scores WHERE survey = ?",
        )
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        let latest: Option<i64> =
            sqlx::query_scalar("SELECT max(received_at) FROM responses WHERE survey = ?")
                .bind(id)
                .fetch_one(&self.reader)
                .await?;
        let latest = latest.map(Timestamp::from_millisecond).transpose();
        Ok((answers, latest.map_err(|_| StoreError::odd("a time"))?))
    }

    /// Makes the surveys that the file names, where they are not there yet.
    pub(crate) async fn settle_surveys(&self) -> Result<(), StoreError> {
        for id in self.fixed.keys() {
            self.add_survey(id, &Settings::default(), Timestamp::now()).await?;
        }
        Ok(())
    }

    fn survey_of(&self, row: &SqliteRow) -> Result<Survey, StoreError> {
        let id: String = row.try_get("id")?;
        let language: Option<&str> = row.try_get("language")?;
        let settings = Settings {
            name: row.try_get("name")?,
            subject: row.try_get("subject")?,
            origins: Some(read_origins(row.try_get("origins")?)?),
            review_link: row.try_get("review_link")?,
            retention_days: row.try_get("retention_days")?,
            language: language.and_then(Language::from_tag),
        };
        let (settings, fixed) = match self.fixed.get(&id) {
            Some(fixed) => settings.under(fixed),
            None => (settings, BTreeSet::new()),
        };
        Ok(Survey { id, settings, fixed })
    }
}

fn update<'a>(
    id: &'a str,
    settings: &'a Settings,
) -> sqlx::query::Query<'a, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    let origins: Vec<&str> = settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
    sqlx::query(
        "UPDATE surveys SET name = ?2, subject = ?3, origins = ?4, review_link = ?5,
             retention_days = ?6, language = ?7 WHERE id = ?1",
    )
    .bind(id)
    .bind(settings.name.as_deref())
    .bind(settings.subject.as_deref())
    .bind(serde_json::Value::from(origins).to_string())
    .bind(settings.review_link.as_deref())
    .bind(settings.retention_days)
    .bind(settings.language.map(Language::tag))
}

fn read_origins(json: &str) -> Result<Vec<AllowedOrigin>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::odd("a survey's list of origins"))
}
