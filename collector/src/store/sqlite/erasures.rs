//! The tables `erasures` and `erased`: taking responses out for good, and the receipts of it.
//!
//! What was counted, indexed or displayed goes with a response (`ledger`). The connection overwrites what
//! it deletes (`secure_delete`), and the write-ahead log is folded in and cut after an erasure, so that
//! the text is in none of the files any more. Backups are the operator's: see `docs/DATA.md`.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::{Store, filter::Query, ledger::Ledger, time};
use crate::store::{
    StoreError,
    erasures::{Erase, Receipt, Subject, mark},
    zone::DAY,
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
    /// The column to find what is erased by, the value, and what to call it in the receipt. A response's id
    /// is the one that it is shown under, or its own.
    async fn target(&self, what: Erase<'_>) -> Result<(&'static str, String, Subject), StoreError> {
        Ok(match what {
            Erase::Response(id) => ("id", self.meant(id).await?, Subject::Response),
            Erase::Order(id) => ("order_id", id.to_owned(), Subject::Order),
            Erase::Customer(id) => ("customer_id", id.to_owned(), Subject::Customer),
        })
    }

    /// Erases responses, and their displays. `None` if there was nothing.
    pub(crate) async fn erase(&self, what: Erase<'_>) -> Result<Option<Receipt>, StoreError> {
        let (column, value, by) = self.target(what).await?;
        let receipt = self
            .write(move |ledger| {
                let mut query = Query::new("SELECT id FROM responses WHERE ");
                query.push(column).push(" = ").bind(value.clone());
                if by == Subject::Response {
                    // A display alone can be asked for by its id too.
                    query.push(" UNION SELECT id FROM displays WHERE id = ").bind(value.clone());
                }
                let ids = ids(ledger.connection(), &query)?;
                if ids.is_empty() {
                    return Ok(None);
                }
                let mut amount = Amount::default();
                for id in &ids {
                    ledger.mark_erased(&mark(id))?;
                    remove(ledger, id, &mut amount)?;
                }
                write(ledger.connection(), by, amount).map(Some)
            })
            .await?;
        if receipt.is_some() {
            self.fold().await?;
        }
        Ok(receipt)
    }

    /// What would be erased, newest first: when it arrived, its touchpoint and its score.
    pub(crate) async fn would_erase(
        &self,
        what: Erase<'_>,
    ) -> Result<Vec<(Timestamp, String, u8)>, StoreError> {
        let (column, value, _) = self.target(what).await?;
        let mut query = Query::new("SELECT received_at, touchpoint, score FROM responses WHERE ");
        query.push(column).push(" = ").bind(value).push(" ORDER BY received_at DESC");
        self.read(move |connection| {
            let mut found = connection.prepare_cached(&query.sql)?;
            let response =
                |row: &Row<'_>| Ok((time(row, "received_at")?, row.get(1)?, row.get(2)?));
            found.query_and_then(&*query.parameters(), response)?.collect()
        })
        .await
    }

    /// Removes up to `most` responses of a survey, or of all, that arrived before `before`, and
    /// displays of that time. Returns how many of both: none once nothing is left.
    pub(crate) async fn expire(
        &self,
        survey: Option<&str>,
        before: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let survey = survey.map(str::to_owned);
        self.write(move |ledger| {
            let mut amount = Amount::default();
            for table in ["responses", "displays"] {
                let mut query = Query::new("SELECT id FROM ");
                query.push(table).push(" WHERE received_at < ").bind(before.as_millisecond());
                if let Some(survey) = &survey {
                    query.push(" AND survey = ").bind(survey.clone());
                }
                query.push(" LIMIT ").bind(i64::from(most));
                for id in ids(ledger.connection(), &query)? {
                    remove(ledger, &id, &mut amount)?;
                }
            }
            if amount != Amount::default() {
                write(ledger.connection(), Subject::Retention, amount)?;
            }
            Ok(amount.responses + amount.displays)
        })
        .await
    }

    /// The latest receipts, newest first.
    pub(crate) async fn receipts(&self, most: u32) -> Result<Vec<Receipt>, StoreError> {
        self.read(move |connection| {
            let mut receipts =
                connection.prepare_cached("SELECT * FROM erasures ORDER BY number DESC LIMIT ?")?;
            receipts.query_and_then([most], receipt)?.collect()
        })
        .await
    }

    /// Takes the write-ahead log into the file and cuts it, so that it holds nothing of before.
    pub(crate) async fn fold(&self) -> Result<(), StoreError> {
        let file = self.file.clone();
        let folding = tokio::task::spawn_blocking(move || file.fold());
        Ok(folding.await.map_err(|error| StoreError::Engine(error.into()))??)
    }
}

/// Erases responses and displays by their ids, under a receipt of before if there is one.
pub(super) fn erase_more(
    ledger: &mut Ledger<'_>,
    ids: &[String],
    by: Subject,
    so_far: Option<&Receipt>,
) -> Result<Option<Receipt>, StoreError> {
    let mut amount = Amount::default();
    for id in ids {
        ledger.mark_erased(&mark(id))?;
        remove(ledger, id, &mut amount)?;
    }
    if amount == Amount::default() {
        return Ok(so_far.cloned());
    }
    let Some(so_far) = so_far else {
        return write(ledger.connection(), by, amount).map(Some);
    };
    let Amount { responses, comments, contacts, displays } = amount;
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let mut more = ledger.connection().prepare_cached(
        "UPDATE erasures SET responses = responses + ?, comments = comments + ?,
             contacts = contacts + ?, displays = displays + ? WHERE receipt = ? RETURNING *",
    )?;
    let amounts = [responses, comments, contacts, displays].map(number);
    let parameters = params![amounts[0], amounts[1], amounts[2], amounts[3], so_far.receipt];
    more.query_and_then(parameters, receipt)?.next().transpose()
}

pub(super) fn ids(connection: &Connection, query: &Query) -> rusqlite::Result<Vec<String>> {
    let mut ids = connection.prepare_cached(&query.sql)?;
    let ids = ids.query_map(&*query.parameters(), |row| row.get(0))?;
    ids.collect()
}

fn remove(ledger: &mut Ledger<'_>, id: &str, amount: &mut Amount) -> Result<(), StoreError> {
    amount.displays += u64::from(ledger.remove_display(id)?);
    if let Some(removed) = ledger.remove(id)? {
        amount.responses += 1;
        amount.comments += u64::from(removed.had_comment);
        amount.contacts += u64::from(removed.had_contact);
    }
    Ok(())
}

/// Writes a receipt. Those of one day's retention are one.
fn write(connection: &Connection, by: Subject, amount: Amount) -> Result<Receipt, StoreError> {
    let now = Timestamp::now().as_millisecond();
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let Amount { responses, comments, contacts, displays } = amount;
    let amounts = [responses, comments, contacts, displays].map(number);
    let one = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| {
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_and_then(parameters, receipt)?.next().transpose()
    };
    if by == Subject::Retention {
        let same = one(
            "UPDATE erasures SET at = ?1, responses = responses + ?2, comments = comments + ?3,
                 contacts = contacts + ?4, displays = displays + ?5
             WHERE by = 'retention' AND at >= ?6 RETURNING *",
            params![now, amounts[0], amounts[1], amounts[2], amounts[3], now - now.rem_euclid(DAY)],
        )?;
        if let Some(receipt) = same {
            return Ok(receipt);
        }
    }
    let new = one(
        "INSERT INTO erasures (receipt, at, by, responses, comments, contacts, displays)
         VALUES ('E-' || substr(hex(randomblob(5)), 1, 10), ?, ?, ?, ?, ?, ?) RETURNING *",
        params![now, by.name(), amounts[0], amounts[1], amounts[2], amounts[3]],
    )?;
    new.ok_or(StoreError::unexpected("an erasure"))
}

fn receipt(row: &Row<'_>) -> Result<Receipt, StoreError> {
    let count =
        |column| -> Result<u64, StoreError> { Ok(row.get::<_, i64>(column)?.unsigned_abs()) };
    Ok(Receipt {
        receipt: row.get("receipt")?,
        at: time(row, "at")?,
        by: Subject::from_name(&row.get::<_, String>("by")?)
            .ok_or(StoreError::unexpected("an erasure's subject"))?,
        responses: count("responses")?,
        comments: count("comments")?,
        contacts: count("contacts")?,
        displays: count("displays")?,
    })
}
