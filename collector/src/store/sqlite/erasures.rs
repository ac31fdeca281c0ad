//! The tables `erasures` and `erased`: taking responses out for good, and the receipts of it.
//!
//! The triggers on `responses` take along what was counted, indexed or displayed. The connections
//! overwrite what they delete (`secure_delete`), and the write-ahead log is folded in and cut after an
//! erasure, so that the text is in none of the files any more. Backups are the operator's: see
//! `docs/DATA.md`.

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row as _, Sqlite, Transaction, sqlite::SqliteRow};

use super::Store;
use crate::store::{
    StoreError,
    erasures::{Erase, Receipt, Subject, mark},
};

/// How much of something was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amount {
    responses: u64,
    comments: u64,
    contacts: u64,
    displays: u64,
}

impl Store {
    /// Erases responses, and their displays. `None` if there was nothing.
    pub(crate) async fn erase(&self, what: Erase<'_>) -> Result<Option<Receipt>, StoreError> {
        let (column, value, by) = match what {
            Erase::Response(id) => ("id", id, Subject::Response),
            Erase::Order(id) => ("order_id", id, Subject::Order),
            Erase::Customer(id) => ("customer_id", id, Subject::Customer),
        };
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id FROM responses WHERE ");
        query.push(column).push(" = ").push_bind(value);
        if by == Subject::Response {
            // A display alone can be asked for by its id too.
            query.push(" UNION SELECT id FROM displays WHERE id = ").push_bind(value);
        }
        let ids: Vec<String> = query.build_query_scalar().fetch_all(&mut *transaction).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        let mut amount = Amount::default();
        for id in &ids {
            sqlx::query("INSERT INTO erased (id_hash) VALUES (?) ON CONFLICT DO NOTHING")
                .bind(mark(id))
                .execute(&mut *transaction)
                .await?;
            remove(&mut transaction, id, &mut amount).await?;
        }
        let receipt = write(&mut transaction, by, amount).await?;
        transaction.commit().await?;
        self.fold().await?;
        Ok(Some(receipt))
    }

    /// What would be erased, newest first: when it arrived, its touchpoint and its score.
    pub(crate) async fn would_erase(
        &self,
        what: Erase<'_>,
    ) -> Result<Vec<(Timestamp, String, u8)>, StoreError> {
        let (column, value) = match what {
            Erase::Response(id) => ("id", id),
            Erase::Order(id) => ("order_id", id),
            Erase::Customer(id) => ("customer_id", id),
        };
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT received_at, touchpoint, score FROM responses WHERE ",
        );
        query.push(column).push(" = ").push_bind(value).push(" ORDER BY received_at DESC");
        let rows: Vec<(i64, String, u8)> = query.build_query_as().fetch_all(&self.reader).await?;
        rows.into_iter()
            .map(|(time, touchpoint, score)| {
                let time = Timestamp::from_millisecond(time)
                    .map_err(|_| StoreError::odd("a response's time"))?;
                Ok((time, touchpoint, score))
            })
            .collect()
    }

    /// Removes up to `most` responses of a survey, or of all, that arrived before `before`, and
    /// displays of that time. Returns how many of both: none once nothing is left.
    pub(crate) async fn expire(
        &self,
        survey: Option<&str>,
        before: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut ids: Vec<String> = Vec::new();
        for table in ["responses", "displays"] {
            let mut query = QueryBuilder::<Sqlite>::new("SELECT id FROM ");
            query.push(table).push(" WHERE received_at < ").push_bind(before.as_millisecond());
            if let Some(survey) = survey {
                query.push(" AND survey = ").push_bind(survey);
            }
            query.push(" LIMIT ").push_bind(i64::from(most));
            ids.extend(query.build_query_scalar().fetch_all(&mut *transaction).await?);
        }
        let mut amount = Amount::default();
        for id in &ids {
            remove(&mut transaction, id, &mut amount).await?;
        }
        if amount != Amount::default() {
            write(&mut transaction, Subject::Retention, amount).await?;
        }
        transaction.commit().await?;
        Ok(amount.responses + amount.displays)
    }

    /// The latest receipts, newest first.
    pub(crate) async fn receipts(&self, most: u32) -> Result<Vec<Receipt>, StoreError> {
        let rows = sqlx::query("SELECT * FROM erasures ORDER BY number DESC LIMIT ?")
            .bind(most)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(receipt).collect()
    }

    /// Takes the write-ahead log into the file and cuts it, so that it holds nothing of before.
    pub(crate) async fn fold(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        Ok(())
    }
}

async fn remove(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    amount: &mut Amount,
) -> Result<(), StoreError> {
    let displays: i64 = sqlx::query_scalar("SELECT count(*) FROM displays WHERE id = ?")
        .bind(id)
        .fetch_one(&mut **transaction)
        .await?;
    let gone = sqlx::query(
        "DELETE FROM responses WHERE id = ?
         RETURNING comment IS NOT NULL AS comment, response ->> '$.contact' IS NOT NULL AS contact",
    )
    .bind(id)
    .fetch_optional(&mut **transaction)
    .await?;
    // A trigger has taken it along with its response.
    sqlx::query("DELETE FROM displays WHERE id = ?").bind(id).execute(&mut **transaction).await?;
    amount.displays += displays.unsigned_abs();
    if let Some(gone) = gone {
        amount.responses += 1;
        amount.comments += u64::from(gone.try_get::<bool, _>("comment")?);
        amount.contacts += u64::from(gone.try_get::<bool, _>("contact")?);
    }
    Ok(())
}

/// Writes a receipt. Those of one day's retention are one.
async fn write(
    transaction: &mut Transaction<'_, Sqlite>,
    by: Subject,
    amount: Amount,
) -> Result<Receipt, StoreError> {
    let now = Timestamp::now();
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let today = now.as_millisecond() - now.as_millisecond().rem_euclid(86_400_000);
    let same = "UPDATE erasures SET at = ?1, responses = responses + ?2, comments = comments + ?3,
                contacts = contacts + ?4, displays = displays + ?5
                WHERE by = 'retention' AND ?6 = 'retention' AND at >= ?7
                RETURNING *";
    let row = sqlx::query(same)
        .bind(now.as_millisecond())
        .bind(number(amount.responses))
        .bind(number(amount.comments))
        .bind(number(amount.contacts))
        .bind(number(amount.displays))
        .bind(by.name())
        .bind(today)
        .fetch_optional(&mut **transaction)
        .await?;
    if let Some(row) = row {
        return receipt(&row);
    }
    let row = sqlx::query(
        "INSERT INTO erasures (receipt, at, by, responses, comments, contacts, displays)
         VALUES ('E-' || substr(hex(randomblob(5)), 1, 10), ?, ?, ?, ?, ?, ?) RETURNING *",
    )
    .bind(now.as_millisecond())
    .bind(by.name())
    .bind(number(amount.responses))
    .bind(number(amount.comments))
    .bind(number(amount.contacts))
    .bind(number(amount.displays))
    .fetch_one(&mut **transaction)
    .await?;
    receipt(&row)
}

fn receipt(row: &SqliteRow) -> Result<Receipt, StoreError> {
    let count =
        |column| -> Result<u64, StoreError> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
    Ok(Receipt {
        receipt: row.try_get("receipt")?,
        at: Timestamp::from_millisecond(row.try_get("at")?)
            .map_err(|_| StoreError::odd("an erasure's time"))?,
        by: Subject::from_name(row.try_get("by")?)
            .ok_or(StoreError::odd("an erasure's subject"))?,
        responses: count("responses")?,
        comments: count("comments")?,
        contacts: count("contacts")?,
        displays: count("displays")?,
    })
}
