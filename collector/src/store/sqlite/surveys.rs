//! The tables `surveys` and `refusals`. The settings file goes before the stored settings.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, RowIndex, params, types::ValueRef};

use super::{Store, bounds, review_links, settings::shop, themes, time};
use crate::{
    language::Language,
    store::{
        StoreError,
        bounds::{MAX_AUTOMATIC_SURVEYS, Waiting},
        surveys::{Admission, OverfullFacet, Refusal, Shop, Survey, WaitingSurvey},
    },
    survey::{AllowedOrigin, Settings},
    themes::{Rules, Taxonomy},
};

/// Origins of refused answers that are stored per survey; more are only invented.
const MAX_REFUSALS: u32 = 50;

/// The surveys, their allowed origins, the waiting ones, and the rules for themes, as of the last commit. The intake asks this cache
/// and not the reading connections. The writer keeps it current, also after changes by another process.
pub(super) struct Lists(RwLock<KnownSurveys>);

/// The data about surveys and settings that the intake needs.
struct KnownSurveys {
    /// The allowed origins of every survey that lists any.
    origins: HashMap<String, Arc<[AllowedOrigin]>>,
    added: HashSet<String>,
    /// The deleted surveys.
    refused: HashSet<String>,
    waiting: Waiting,
    /// The shop's rules for themes.
    rules: Arc<Rules>,
    /// The shop's themes.
    taxonomy: Arc<Taxonomy>,
}

impl Lists {
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        Ok(Self(RwLock::new(KnownSurveys::read(connection)?)))
    }

    /// Reads the cache again from the database.
    pub(super) fn refresh(&self, connection: &Connection) -> Result<(), StoreError> {
        let known = KnownSurveys::read(connection)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    fn origins(&self, survey: &str) -> Arc<[AllowedOrigin]> {
        self.known().origins.get(survey).cloned().unwrap_or_default()
    }

    /// The shop's rules for themes.
    pub(super) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.known().rules)
    }

    /// The shop's themes.
    pub(super) fn taxonomy(&self) -> Arc<Taxonomy> {
        Arc::clone(&self.known().taxonomy)
    }

    fn known(&self) -> RwLockReadGuard<'_, KnownSurveys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KnownSurveys {
    fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut all =
            connection.prepare_cached("SELECT id, origins FROM surveys WHERE origins <> '[]'")?;
        let list = |row: &Row<'_>| Ok::<_, StoreError>((row.get(0)?, read_origins(row, 1)?.into()));
        let origins = all.query_and_then([], list)?.collect::<Result<_, _>>()?;
        let ids = |sql: &str| -> rusqlite::Result<HashSet<String>> {
            connection.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect()
        };
        let added = ids("SELECT id FROM surveys")?;
        let refused = ids("SELECT id FROM refused_surveys")?;
        let (waiting, rules) = (waiting(connection)?, themes::rules(connection)?);
        let taxonomy = Arc::new(themes::taxonomy(connection)?);
        Ok(Self { origins, added, refused, waiting, rules, taxonomy })
    }

    /// Whether an answer to a survey is accepted, as far as that does not depend on its id.
    fn admission(&self, survey: &str) -> Admission {
        if self.refused.contains(survey) {
            return Admission::Deleted;
        }
        let is_taken = self.added.contains(survey)
            || self.added.len() < MAX_AUTOMATIC_SURVEYS
            // It may be a revision of a waiting answer.
            || self.waiting.surveys.contains_key(survey)
            || self.waiting.has_room(survey, 0);
        if is_taken { Admission::Open } else { Admission::NoRoom }
    }
}

/// The answers that wait for their surveys to be added.
pub(super) fn waiting(connection: &Connection) -> Result<Waiting, StoreError> {
    let mut all = connection.prepare_cached(
        "SELECT survey, count(*), sum(octet_length(response)) FROM responses
         WHERE aside >= 2048 GROUP BY survey",
    )?;
    let mut waiting = Waiting::default();
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (survey, answers, bytes): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        waiting.add(&survey, answers.unsigned_abs(), bytes.unsigned_abs());
    }
    Ok(waiting)
}

impl Store {
    /// Every survey, by its title.
    pub(crate) async fn surveys(&self) -> Result<Vec<Survey>, StoreError> {
        let (stored, shop): (Vec<Stored>, Shop) = self
            .read(|connection| {
                let mut all = connection.prepare_cached("SELECT * FROM surveys")?;
                let stored = all.query_and_then([], stored)?.collect::<Result<_, _>>()?;
                Ok((stored, shop(connection)?))
            })
            .await?;
        let mut surveys: Vec<Survey> =
            stored.into_iter().map(|it| self.survey_of(it, shop.clone())).collect();
        surveys.sort_by_cached_key(|survey| (survey.title().to_lowercase(), survey.id.clone()));
        Ok(surveys)
    }

    /// The survey with an id.
    pub(crate) async fn survey(&self, id: &str) -> Result<Option<Survey>, StoreError> {
        let Some(stored) = self.stored(id).await? else { return Ok(None) };
        Ok(Some(self.survey_of(stored, self.shop().await?)))
    }

    /// The stored row of a survey.
    async fn stored(&self, id: &str) -> Result<Option<Stored>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut one = connection.prepare_cached("SELECT * FROM surveys WHERE id = ?")?;
            one.query_and_then([id], stored)?.next().transpose()
        })
        .await
    }

    /// Adds a survey; `false` if the id exists. Its waiting answers are counted now, in the same transaction.
    pub(crate) async fn add_survey(
        &self,
        id: &str,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let link = self.link_with(id, settings);
        let (id, settings) = (id.to_owned(), settings.clone());
        self.write(move |ledger| {
            let is_added = ledger.make_known(&id, now.as_millisecond())?;
            if is_added {
                update(ledger.connection(), &id, &settings)?;
                review_links::note(ledger.connection(), &id, link.as_deref(), now)?;
                ledger.surveys_change();
            }
            Ok(is_added)
        })
        .await
    }

    /// Replaces all settings of a survey. Values that the file also sets are stored, but have no effect.
    pub(crate) async fn set_survey(&self, id: &str, settings: &Settings) -> Result<(), StoreError> {
        let (link, now) = (self.link_with(id, settings), Timestamp::now());
        let (id, settings) = (id.to_owned(), settings.clone());
        self.write(move |ledger| {
            ledger.surveys_change();
            update(ledger.connection(), &id, &settings)?;
            Ok(review_links::note(ledger.connection(), &id, link.as_deref(), now)?)
        })
        .await
    }

    /// Archives a survey, so that reports over all surveys leave it out, or takes it back.
    pub(crate) async fn archive_survey(
        &self,
        id: &str,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let (id, at) = (id.to_owned(), at.map(Timestamp::as_millisecond));
        self.write(move |ledger| {
            ledger
                .connection()
                .execute("UPDATE surveys SET archived_at = ? WHERE id = ?", params![at, id])?;
            Ok(())
        })
        .await
    }

    /// Adds an allowed origin, if any are listed, and deletes its refusals.
    pub(crate) async fn allow_origin(
        &self,
        id: &str,
        origin: &AllowedOrigin,
    ) -> Result<(), StoreError> {
        let (id, origin) = (id.to_owned(), origin.as_str().to_owned());
        self.write(move |ledger| {
            ledger.surveys_change();
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

    /// The allowed origins of a survey; an empty list allows all. Reads only memory.
    pub(crate) fn allowed_origins(&self, id: &str) -> Arc<[AllowedOrigin]> {
        match self.fixed.get(id).and_then(|fixed| fixed.origins.as_ref()) {
            Some(origins) => origins.as_slice().into(),
            None => self.lists.origins(id),
        }
    }

    /// Whether an answer to a survey is accepted. Reads only memory; the writer decides finally.
    pub(crate) fn admission(&self, survey: &str) -> Admission {
        self.lists.known().admission(survey)
    }

    /// The surveys that wait to be added, those with the latest answers first.
    pub(crate) async fn waiting_surveys(&self) -> Result<Vec<WaitingSurvey>, StoreError> {
        self.read(|connection| {
            let mut all = connection.prepare_cached(
                "SELECT survey, count(*) AS answers, max(received_at) AS latest FROM responses
                 WHERE aside >= 2048 GROUP BY survey ORDER BY latest DESC",
            )?;
            let waiting = |row: &Row<'_>| {
                let answers: i64 = row.get("answers")?;
                Ok(WaitingSurvey {
                    id: row.get("survey")?,
                    answers: answers.unsigned_abs(),
                    latest: time(row, "latest")?,
                })
            };
            all.query_and_then([], waiting)?.collect()
        })
        .await
    }

    /// The facets of a survey with more values than are counted.
    pub(crate) async fn left_out(&self, survey: &str) -> Result<Vec<OverfullFacet>, StoreError> {
        let survey = survey.to_owned();
        self.read(move |connection| {
            let mut all = connection
                .prepare_cached("SELECT * FROM left_out WHERE survey = ? ORDER BY facet")?;
            let left_out = |row: &Row<'_>| {
                Ok(OverfullFacet { facet: row.get("facet")?, since: time(row, "first_at")? })
            };
            all.query_and_then([survey], left_out)?.collect()
        })
        .await
    }

    /// Notes an answer that was refused because of its site.
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

    /// The refusals of a survey, the latest first.
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

    /// The number of refused answers for each survey, the largest number first.
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

    /// Deletes the refusals of a survey, after a person has seen them.
    pub(crate) async fn forget_refusals(&self, survey: &str) -> Result<(), StoreError> {
        let survey = survey.to_owned();
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM refusals WHERE survey = ?", [&survey])?;
            Ok(())
        })
        .await
    }

    /// The number of a survey's answers, and the time of the latest one.
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

    /// Adds the surveys of the settings file that do not exist yet.
    pub(crate) async fn settle_surveys(&self) -> Result<(), StoreError> {
        for (id, fixed) in &self.fixed {
            self.add_survey(id, &Settings::default(), Timestamp::now()).await?;
            // The writer reads the stored settings.
            if let (Some(chosen), Some(survey)) = (&fixed.properties, self.stored(id).await?)
                && survey.settings.properties.as_ref() != Some(chosen)
            {
                let settings = Settings { properties: Some(chosen.clone()), ..survey.settings };
                self.set_survey(id, &settings).await?;
                self.count_facts_anew(id).await?;
            }
        }
        // The file may say another link than before, or none any more.
        self.note_links().await
    }

    /// The link for a review that a survey has with these settings: the file goes first.
    fn link_with(&self, id: &str, settings: &Settings) -> Option<String> {
        let in_file = self.fixed.get(id).and_then(|fixed| fixed.review_link.clone());
        in_file.or_else(|| settings.review_link.clone())
    }

    fn survey_of(&self, Stored { id, settings, archived_at }: Stored, shop: Shop) -> Survey {
        let in_file = self.fixed.get(&id);
        let (settings, fixed) = match in_file {
            Some(fixed) => settings.under(fixed),
            None => (settings, BTreeSet::new()),
        };
        Survey { is_in_file: in_file.is_some(), id, settings, shop, fixed, archived_at }
    }
}

/// The stored row of a survey.
struct Stored {
    id: String,
    settings: Settings,
    archived_at: Option<Timestamp>,
}

fn stored(row: &Row<'_>) -> Result<Stored, StoreError> {
    let language: Option<String> = row.get("language")?;
    let properties: Option<String> = row.get("properties")?;
    let settings = Settings {
        name: row.get("name")?,
        subject: row.get("subject")?,
        origins: Some(read_origins(row, "origins")?),
        review_link: row.get("review_link")?,
        privacy_link: row.get("privacy_link")?,
        retention_days: row.get("retention_days")?,
        language: language.as_deref().and_then(Language::from_tag),
        properties: properties.map(|json| bounds::properties(&json)).transpose()?,
    };
    let archived_at = match row.get_ref("archived_at")? {
        ValueRef::Null => None,
        _ => Some(time(row, "archived_at")?),
    };
    Ok(Stored { id: row.get("id")?, settings, archived_at })
}

fn update(connection: &Connection, id: &str, settings: &Settings) -> Result<(), StoreError> {
    let origins: Vec<&str> = settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
    connection.execute(
        "UPDATE surveys SET name = ?2, subject = ?3, origins = ?4, review_link = ?5,
             retention_days = ?6, language = ?7, properties = ?8, privacy_link = ?9
             WHERE id = ?1",
        params![
            id,
            settings.name,
            settings.subject,
            serde_json::Value::from(origins).to_string(),
            settings.review_link,
            settings.retention_days,
            settings.language.map(Language::tag),
            settings.properties.as_ref().map(|names| serde_json::json!(names).to_string()),
            settings.privacy_link
        ],
    )?;
    Ok(())
}

fn read_origins(row: &Row<'_>, column: impl RowIndex) -> Result<Vec<AllowedOrigin>, StoreError> {
    let json = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    serde_json::from_str(json).map_err(|_| StoreError::unexpected("a survey's list of origins"))
}
