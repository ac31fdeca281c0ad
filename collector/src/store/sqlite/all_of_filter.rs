//! Actions on all responses that match a filter. Each batch has its own transaction, so that arriving answers wait
//! for one batch only.
//!
//! The responses are selected before the first batch; later arrivals are not included.

use afterword_response::Touchpoint;
use jiff::Timestamp;
use rusqlite::params;

use super::{Store, erasures, filter::Query, responses::BATCH};
use crate::{
    aside::Aside,
    store::{
        Exclusion, Filter, Standing, StoreError,
        erasures::{Receipt, Subject},
    },
};

impl Store {
    /// Excludes responses from all figures, or includes them again; returns their number.
    pub(crate) async fn exclude(
        &self,
        filter: &Filter,
        exclusion: Exclusion,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for batch in self.numbers_of(filter).await?.chunks(BATCH) {
            let batch = batch.to_vec();
            let changing = self.write(move |ledger| {
                let mut changed = 0;
                for number in &batch {
                    changed += u64::from(ledger.exclude(*number, exclusion)?);
                }
                Ok(changed)
            });
            changed += changing.await?;
        }
        Ok(changed)
    }

    /// Recounts a survey's facts after a change of its limits.
    pub(crate) async fn count_facts_anew(&self, survey: &str) -> Result<(), StoreError> {
        let id = survey.to_owned();
        self.write(move |ledger| ledger.forget_facts(&id)).await?;
        let filter = Filter { survey: Some(survey.to_owned()), ..Filter::default() };
        for batch in self.numbers_of(&filter).await?.chunks(BATCH) {
            let batch = batch.to_vec();
            let counting = self.write(move |ledger| {
                batch.iter().try_for_each(|number| ledger.count_facts_anew(*number))
            });
            counting.await?;
        }
        Ok(())
    }

    /// Erases responses; with a filter for tests also unanswered test displays. `None` if there were none.
    pub(crate) async fn erase_all(&self, filter: &Filter) -> Result<Option<Receipt>, StoreError> {
        let mut receipt = self.erase_responses(filter, Subject::Filter).await?;
        if filter.standing == Standing::Aside(crate::aside::Kind::Test) {
            receipt = self.erase_test_displays(filter, receipt).await?;
        }
        if receipt.is_some() {
            self.fold().await?;
        }
        Ok(receipt)
    }

    async fn erase_responses(
        &self,
        filter: &Filter,
        by: Subject,
    ) -> Result<Option<Receipt>, StoreError> {
        let mut receipt = None;
        for batch in self.numbers_of(filter).await?.chunks(BATCH) {
            let (batch, so_far) = (batch.to_vec(), receipt);
            let erasing = self.write(move |ledger| {
                let mut ids = Vec::new();
                for number in &batch {
                    ids.extend(ledger.id_of(*number)?);
                }
                erasures::erase_more(ledger, &ids, by, so_far.as_ref())
            });
            receipt = erasing.await?;
        }
        Ok(receipt)
    }

    /// Deletes a survey with all its data. From the first step on no message for its id is accepted, until a person
    /// adds it again. [`Self::end_deletions`] completes an interrupted deletion.
    pub(crate) async fn delete_survey(&self, id: &str) -> Result<Option<Receipt>, StoreError> {
        let (survey, now) = (id.to_owned(), Timestamp::now().as_millisecond());
        self.write(move |ledger| {
            ledger.connection().execute(
                "INSERT INTO refused_surveys VALUES (?, ?) ON CONFLICT DO NOTHING",
                params![survey, now],
            )?;
            ledger.surveys_change();
            Ok(())
        })
        .await?;
        let filter = Filter { survey: Some(id.to_owned()), ..Filter::default() };
        let mut receipt = self.erase_responses(&filter, Subject::Survey).await?;
        let mut after = Some(0);
        while let Some(from) = after {
            let (ids, next) = self.displays_of(id, from).await?;
            for batch in ids.chunks(BATCH) {
                let (batch, so_far) = (batch.to_vec(), receipt);
                let erasing = self.write(move |ledger| {
                    erasures::erase_more(ledger, &batch, Subject::Survey, so_far.as_ref())
                });
                receipt = erasing.await?;
            }
            after = next;
        }
        let survey = id.to_owned();
        self.write(move |ledger| {
            let connection = ledger.connection();
            let is_refused = connection
                .prepare_cached("SELECT 1 FROM refused_surveys WHERE id = ?")?
                .exists([&survey])?;
            if is_refused {
                for (table, column) in [
                    ("surveys", "id"),
                    ("refusals", "survey"),
                    ("review_links", "survey"),
                    ("survey_facts", "survey"),
                    ("survey_methods", "survey"),
                    ("left_out", "survey"),
                ] {
                    let sql = format!("DELETE FROM {table} WHERE {column} = ?");
                    connection.execute(&sql, [&survey])?;
                }
                // The methods that only this survey used.
                connection.execute(
                    "DELETE FROM methods WHERE method NOT IN (SELECT method FROM survey_methods)
                         AND method NOT IN (SELECT method FROM daily_scores)",
                    [],
                )?;
                ledger.forget();
            }
            Ok(())
        })
        .await?;
        self.fold().await?;
        Ok(receipt)
    }

    /// Completes interrupted deletions of surveys; returns their ids.
    pub(crate) async fn end_deletions(&self) -> Result<Vec<String>, StoreError> {
        let begun: Vec<String> = self
            .read(|connection| {
                let mut begun = connection
                    .prepare_cached("SELECT id FROM surveys JOIN refused_surveys USING (id)")?;
                let begun = begun.query_map([], |row| row.get(0))?;
                Ok(begun.collect::<Result<_, _>>()?)
            })
            .await?;
        for id in &begun {
            self.delete_survey(id).await?;
        }
        Ok(begun)
    }

    async fn erase_test_displays(
        &self,
        filter: &Filter,
        mut receipt: Option<Receipt>,
    ) -> Result<Option<Receipt>, StoreError> {
        // These filters apply to answers only, so no unanswered display matches.
        let narrows = filter.segment.is_some() || filter.facet.is_some() || filter.words.is_some();
        if narrows {
            return Ok(receipt);
        }
        loop {
            let (filter, so_far) = (filter.clone(), receipt.clone());
            let erasing = self.write(move |ledger| {
                let mut query = Query::new("SELECT id FROM displays WHERE aside > 0 AND aside & ");
                query.bind(i64::from(Aside::TEST.bits())).push(" <> 0 AND score IS NULL");
                if let Some(survey) = &filter.survey {
                    query.push(" AND survey = ").bind(survey.clone());
                }
                if let Some(touchpoint) = filter.touchpoint.map(Touchpoint::name) {
                    query.push(" AND touchpoint = ").bind(touchpoint.to_owned());
                }
                if let Some(from) = filter.from {
                    query.push(" AND received_at >= ").bind(from.as_millisecond());
                }
                if let Some(before) = filter.before {
                    query.push(" AND received_at < ").bind(before.as_millisecond());
                }
                query.push(" LIMIT ").bind(i64::try_from(BATCH).unwrap_or(i64::MAX));
                let ids = erasures::ids(ledger.connection(), &query)?;
                let receipt = erasures::erase_more(ledger, &ids, Subject::Filter, so_far.as_ref())?;
                Ok((receipt, ids.len()))
            });
            let (now, erased) = erasing.await?;
            receipt = now;
            if erased < BATCH {
                return Ok(receipt);
            }
        }
    }
}
