//! The tables `surveys` and `refusals`. What the settings file says goes before what is stored.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, RowIndex, params};

use super::{Store, settings::shop_links, time};
use crate::{
    language::Language,
    store::{
        StoreError,
        surveys::{Refusal, ShopLinks, Survey},
    },
    survey::{AllowedOrigin, Settings},
};

/// Origins of refused answers that are told apart, a survey; whoever invents more is not worth a row.
const MAX_REFUSALS: u32 = 50;

/// Where answers to each survey may come from, as of the last commit: whoever takes answers asks this, and
/// not the connections that read. The writer keeps it current, also with what another process has changed.
pub(super) struct Origins(RwLock<Lists>);

/// Of every survey that lists any.
type Lists = HashMap<String, Arc<[AllowedOrigin]>>;

impl Origins {
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        Ok(Self(RwLock::new(lists(connection)?)))
    }

    /// Takes what the database says now.
    pub(super) fn refresh(&self, connection: &Connection) -> Result<(), StoreError> {
        let lists = lists(connection)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = lists;
        Ok(())
    }

    fn of(&self, survey: &str) -> Arc<[AllowedOrigin]> {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        lists.get(survey).cloned().unwrap_or_default()
    }
}

fn lists(connection: &Connection) -> Result<Lists, StoreError> {
    let mut all =
        connection.prepare_cached("SELECT id, origins FROM surveys WHERE origins <> '[]'")?;
    let list = |row: &Row<'_>| Ok((row.get(0)?, read_origins(row, 1)?.into()));
    all.query_and_then([], list)?.collect()
}

impl Store {
    /// Every survey, by its title.
    pub(crate) async fn surveys(&self) -> Result<Vec<Survey>, StoreError> {
        let (stored, shop): (Vec<(String, Settings)>, ShopLinks) = self
            .read(|connection| {
                let mut all = connection.prepare_cached("SELECT * FROM surveys")?;
                let stored = all.query_and_then([], settings)?.collect::<Result<_, _>>()?;
                Ok((stored, shop_links(connection)?))
            })
            .await?;
        let mut surveys: Vec<Survey> =
            stored.into_iter().map(|it| self.survey_of(it, shop.clone())).collect();
        surveys.sort_by_cached_key(|survey| (survey.title().to_lowercase(), survey.id.clone()));
        Ok(surveys)
    }

    /// The survey of that id, as it is known so far.
    pub(crate) async fn survey(&self, id: &str) -> Result<Option<Survey>, StoreError> {
        let id = id.to_owned();
        let stored = self
            .read(move |connection| {
                let mut one = connection.prepare_cached("SELECT * FROM surveys WHERE id = ?")?;
                let stored = one.query_and_then([id], settings)?.next().transpose()?;
                stored.map(|stored| Ok((stored, shop_links(connection)?))).transpose()
            })
            .await?;
        Ok(stored.map(|(stored, shop)| self.survey_of(stored, shop)))
    }

    /// Makes a survey; `false` if there is one of that id.
    pub(crate) async fn add_survey(
        &self,
        id: &str,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (id, settings) = (id.to_owned(), settings.clone());
        self.write(move |ledger| {
            let connection = ledger.connection();
            let added = connection.execute(
                "INSERT INTO surveys (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                params![id, now.as_millisecond()],
            )?;
            if added > 0 {
                update(connection, &id, &settings)?;
                ledger.origins_change();
            }
            Ok(added > 0)
        })
        .await
    }

    /// Changes a survey's settings, all of them. What the file says is stored too, but has no effect.
    pub(crate) async fn set_survey(&self, id: &str, settings: &Settings) -> Result<(), StoreError> {
        let (id, settings) = (id.to_owned(), settings.clone());
        self.write(move |ledger| {
            ledger.origins_change();
            update(ledger.connection(), &id, &settings)
        })
        .await
    }

    /// Allows one more origin, where any are listed, and forgets what was refused from there.
    pub(crate) async fn allow_origin(
        &self,
        id: &str,
        origin: &AllowedOrigin,
    ) -> Result<(), StoreError> {
        let (id, origin) = (id.to_owned(), origin.as_str().to_owned());
        self.write(move |ledger| {
            ledger.origins_change();
            let connection = ledger.connection();
            connection.execute(
                "UPDATE surveys SET origins = json_insert(origins, '$[#]', ?2)
                 WHERE id = ?1 AND origins <> '[]'
                     AND NOT EXISTS (SELECT 1 FROM json_each(origins) WHERE value = ?2)",
                params![id, origin],
            )?;
            connection.execute(
                "DELETE FROM refusals WHERE survey = ? AND origin = ?",
                params![id, origin],
            )?;
            Ok(())
        })
        .await
    }

    /// Where answers to a survey may come from; from anywhere if nothing is listed.
    /// Asks memory alone.
    pub(crate) fn allowed_origins(&self, id: &str) -> Arc<[AllowedOrigin]> {
        match self.fixed.get(id).and_then(|fixed| fixed.origins.as_ref()) {
            Some(origins) => origins.as_slice().into(),
            None => self.origins.of(id),
        }
    }

    /// Notes that an answer was refused for where it came from.
    pub(crate) async fn note_refusal(
        &self,
        survey: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (survey, origin) = (survey.to_owned(), origin.to_owned());
        self.write(move |ledger| {
            ledger.connection().execute(
                "INSERT INTO refusals (survey, origin, answers, last_at)
                 SELECT ?1, CASE WHEN (SELECT count(*) FROM refusals WHERE survey = ?1) < ?4
                     OR EXISTS (SELECT 1 FROM refusals WHERE survey = ?1 AND origin = ?2)
                     THEN ?2 ELSE '…' END, 1, ?3
                 WHERE true
                 ON CONFLICT (survey, origin)
                     DO UPDATE SET answers = answers + 1, last_at = excluded.last_at",
                params![survey, origin, now.as_millisecond(), MAX_REFUSALS],
            )?;
            Ok(())
        })
        .await
    }

    /// What was refused of a survey, the latest first.
    pub(crate) async fn refusals(&self, survey: &str) -> Result<Vec<Refusal>, StoreError> {
        let survey = survey.to_owned();
        self.read(move |connection| {
            let mut refusals = connection
                .prepare_cached("SELECT * FROM refusals WHERE survey = ? ORDER BY last_at DESC")?;
            let refusal = |row: &Row<'_>| {
                Ok(Refusal {
                    origin: row.get("origin")?,
                    answers: row.get("answers")?,
                    last_at: time(row, "last_at")?,
                })
            };
            refusals.query_and_then([survey], refusal)?.collect()
        })
        .await
    }

    /// How many answers of each survey were refused, the survey with the most first.
    pub(crate) async fn refused_answers(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(|connection| {
            let mut refused = connection.prepare_cached(
                "SELECT survey, sum(answers) AS answers FROM refusals
                 GROUP BY survey ORDER BY answers DESC, survey",
            )?;
            let count = |row: &Row<'_>| {
                let answers: i64 = row.get(1)?;
                Ok((row.get(0)?, u64::try_from(answers).unwrap_or_default()))
            };
            refused.query_and_then([], count)?.collect()
        })
        .await
    }

    /// Forgets what was refused of a survey: it was looked at.
    pub(crate) async fn forget_refusals(&self, survey: &str) -> Result<(), StoreError> {
        let survey = survey.to_owned();
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM refusals WHERE survey = ?", [&survey])?;
            Ok(())
        })
        .await
    }

    /// How many answers a survey has, and when the latest came.
    pub(crate) async fn survey_answers(
        &self,
        id: &str,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let one = |sql| connection.prepare_cached(sql)?.query_row([&id], |row| row.get(0));
            let answers = "SELECT coalesce(sum(answers), 0) FROM daily_scores WHERE survey = ?";
            let latest = "SELECT max(received_at) FROM responses WHERE survey = ?";
            let answers: Option<i64> = one(answers)?;
            let latest = one(latest)?.map(Timestamp::from_millisecond).transpose();
            Ok((answers.unwrap_or_default(), latest.map_err(|_| StoreError::unexpected("a time"))?))
        })
        .await
    }

    /// The page that the latest of a survey's newest answers with a page came from.
    pub(crate) async fn latest_page(&self, id: &str) -> Result<Option<String>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let newest = connection
                .prepare_cached(
                    "SELECT page FROM (SELECT page, received_at FROM responses WHERE survey = ?
                         ORDER BY received_at DESC LIMIT 100)
                     WHERE page LIKE 'http%' ORDER BY received_at DESC LIMIT 1",
                )?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            Ok(newest)
        })
        .await
    }

    /// Makes the surveys that the file names, where they are not there yet.
    pub(crate) async fn settle_surveys(&self) -> Result<(), StoreError> {
        for id in self.fixed.keys() {
            self.add_survey(id, &Settings::default(), Timestamp::now()).await?;
        }
        Ok(())
    }

    fn survey_of(&self, (id, settings): (String, Settings), shop: ShopLinks) -> Survey {
        let (settings, fixed) = match self.fixed.get(&id) {
            Some(fixed) => settings.under(fixed),
            None => (settings, BTreeSet::new()),
        };
        Survey { id, settings, shop, fixed }
    }
}

/// A survey's id, and its settings as they are stored.
fn settings(row: &Row<'_>) -> Result<(String, Settings), StoreError> {
    let language: Option<String> = row.get("language")?;
    let settings = Settings {
        name: row.get("name")?,
        subject: row.get("subject")?,
        origins: Some(read_origins(row, "origins")?),
        review_link: row.get("review_link")?,
        privacy_link: row.get("privacy_link")?,
        retention_days: row.get("retention_days")?,
        language: language.as_deref().and_then(Language::from_tag),
    };
    Ok((row.get("id")?, settings))
}

fn update(connection: &Connection, id: &str, settings: &Settings) -> Result<(), StoreError> {
    let origins: Vec<&str> = settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
    connection.execute(
        "UPDATE surveys SET name = ?2, subject = ?3, origins = ?4, review_link = ?5,
             retention_days = ?6, language = ?7, privacy_link = ?8 WHERE id = ?1",
        params![
            id,
            settings.name,
            settings.subject,
            serde_json::Value::from(origins).to_string(),
            settings.review_link,
            settings.retention_days,
            settings.language.map(Language::tag),
            settings.privacy_link
        ],
    )?;
    Ok(())
}

fn read_origins(row: &Row<'_>, column: impl RowIndex) -> Result<Vec<AllowedOrigin>, StoreError> {
    let json = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    serde_json::from_str(json).map_err(|_| StoreError::unexpected("a survey's list of origins"))
}
