//! The table `responses`: one row a response, as of its highest revision.

use std::collections::{HashMap, HashSet};

use afterword_response::Response;
use jiff::Timestamp;
use sqlx::{
    QueryBuilder, Row as _, Sqlite, Transaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::Store;
use crate::store::{Cursor, Filter, StoreError, Stored, erasures};

/// Stores a revision if it is higher than the one there is and was not erased, and says nothing
/// otherwise.
const PUT: &str = "
INSERT INTO responses (
    id, revision, complete, survey, touchpoint, score, comment, locale, page, order_id, customer_id,
    received_at, updated_at, response
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE id_hash = ?15)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, complete = excluded.complete, survey = excluded.survey,
    touchpoint = excluded.touchpoint, score = excluded.score, comment = excluded.comment,
    locale = excluded.locale, page = excluded.page, order_id = excluded.order_id,
    customer_id = excluded.customer_id, updated_at = excluded.updated_at, response = excluded.response
WHERE excluded.revision > responses.revision";

impl Store {
    /// Keeps a response unless a revision as high is kept already, or it was erased. Returns the
    /// revision that is kept then; it is on the disk.
    pub(crate) async fn put(&self, response: &Response) -> Result<u32, StoreError> {
        let now = Timestamp::now();
        let put = put(response, now, now)?;
        // Immediate: a transaction that starts as a reader can fail when it turns writer, without
        // waiting its turn.
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        put.execute(&mut *transaction).await?;
        let kept = sqlx::query_scalar("SELECT revision FROM responses WHERE id = ?")
            .bind(&response.id)
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        // Of what was erased nothing is kept, and its sender need not know nor try again.
        Ok(kept.unwrap_or(response.revision))
    }

    /// The response of that id, as it is kept.
    pub(crate) async fn response(&self, id: &str) -> Result<Option<Response>, StoreError> {
        let row =
            sqlx::query("SELECT id, response, received_at, updated_at FROM responses WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.as_ref().map(stored).transpose()?.map(|stored| stored.response))
    }

    /// How many responses there are.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM responses").fetch_one(&self.reader).await?;
        Ok(count.unsigned_abs())
    }

    /// How many responses a filter lets through.
    pub(crate) async fn count_of(&self, filter: &Filter) -> Result<u64, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM responses WHERE 1");
        filter.narrow(&mut query);
        let count: i64 = query.build_query_scalar().fetch_one(&self.reader).await?;
        Ok(count.unsigned_abs())
    }

    /// The names of the shop's own properties that any response has, sorted.
    pub(crate) async fn property_names(&self) -> Result<Vec<String>, StoreError> {
        // Each name is found by a jump in the roll-up's index.
        let names: Vec<Option<String>> = sqlx::query_scalar(
            "WITH RECURSIVE names (name) AS (
                 SELECT min(facet) FROM daily_facets WHERE facet >= 'prop-'
                 UNION ALL
                 SELECT (SELECT min(facet) FROM daily_facets WHERE facet > name) FROM names
                 WHERE name IS NOT NULL)
             SELECT substr(name, 6) FROM names WHERE name GLOB 'prop-?*'",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(names.into_iter().flatten().collect())
    }

    /// Which of these ids are there, as of which revision, and which were erased.
    pub(crate) async fn known(
        &self,
        ids: &[&str],
    ) -> Result<(HashMap<String, u32>, HashSet<String>), StoreError> {
        let (mut revisions, mut erased) = (HashMap::new(), HashSet::new());
        for id in ids {
            let found: Option<u32> =
                sqlx::query_scalar("SELECT revision FROM responses WHERE id = ?")
                    .bind(*id)
                    .fetch_optional(&self.reader)
                    .await?;
            if let Some(revision) = found {
                revisions.insert((*id).to_owned(), revision);
                continue;
            }
            let gone: Option<i64> = sqlx::query_scalar("SELECT 1 FROM erased WHERE id_hash = ?")
                .bind(erasures::mark(id))
                .fetch_optional(&self.reader)
                .await?;
            if gone.is_some() {
                erased.insert((*id).to_owned());
            }
        }
        Ok((revisions, erased))
    }

    /// Begins to store many responses at once. Nobody else writes until it is committed or
    /// dropped, so that it must be quick while a server runs.
    pub(crate) async fn bulk(&self) -> Result<Bulk, StoreError> {
        Ok(Bulk(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Up to `limit` responses, newest first, from behind `after`; and the cursor of the last one,
    /// if there are more.
    pub(crate) async fn list(
        &self,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<Stored>, Option<Cursor>), StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT id, response, received_at, updated_at FROM responses WHERE 1",
        );
        filter.narrow(&mut query);
        if let Some(after) = after {
            query.push(" AND (received_at, id) < (").push_bind(after.received_at);
            query.push(", ").push_bind(&after.id).push(")");
        }
        query.push(" ORDER BY received_at DESC, id DESC LIMIT ").push_bind(i64::from(limit) + 1);
        let mut rows = query.build().fetch_all(&self.reader).await?;

        // One more than asked for is read only to know whether there is one.
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last() {
            Some(last) if more => {
                Some(Cursor { received_at: last.try_get("received_at")?, id: last.try_get("id")? })
            }
            _ => None,
        };
        let responses = rows.iter().map(stored).collect::<Result<_, _>>()?;
        Ok((responses, next))
    }
}

/// Many responses on their way into the database, in one transaction.
pub(crate) struct Bulk(Transaction<'static, Sqlite>);

impl Bulk {
    /// Keeps a response unless a revision as high is kept already, as if it had arrived when it
    /// says. Returns whether anything changed.
    pub(crate) async fn put(&mut self, stored: &Stored) -> Result<bool, StoreError> {
        let put = put(&stored.response, stored.received_at, stored.updated_at)?;
        Ok(put.execute(&mut *self.0).await?.rows_affected() > 0)
    }

    /// Makes everything that was put durable.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

/// The statement that keeps a response.
pub(super) fn put(
    response: &Response,
    received_at: Timestamp,
    updated_at: Timestamp,
) -> Result<Query<'_, Sqlite, SqliteArguments>, StoreError> {
    let unusable = |cause| StoreError::Row { id: response.id.clone(), cause };
    let json = serde_json::to_string(response).map_err(|error| unusable(error.into()))?;
    let order = response.order.as_ref();
    let customer = response.customer.as_ref();
    Ok(sqlx::query(PUT)
        .bind(&response.id)
        .bind(response.revision)
        .bind(response.complete)
        .bind(&response.survey)
        .bind(response.touchpoint.name())
        .bind(response.score)
        .bind(response.comment.as_deref().filter(|comment| !comment.trim().is_empty()))
        .bind(&response.locale)
        .bind(&response.page)
        .bind(order.and_then(|order| order.id.as_deref()))
        .bind(customer.and_then(|customer| customer.id.as_deref()))
        .bind(received_at.as_millisecond())
        .bind(updated_at.as_millisecond())
        .bind(json)
        .bind(erasures::mark(&response.id)))
}

fn stored(row: &SqliteRow) -> Result<Stored, StoreError> {
    let unusable = |cause| StoreError::Row { id: row.try_get("id").unwrap_or_default(), cause };
    let time = |column| -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(row.try_get(column)?).map_err(|error| unusable(error.into()))
    };
    let json: &str = row.try_get("response")?;
    Ok(Stored {
        response: serde_json::from_str(json).map_err(|error| unusable(error.into()))?,
        received_at: time("received_at")?,
        updated_at: time("updated_at")?,
    })
}
