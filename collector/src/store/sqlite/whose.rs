//! Reads the answers of an order or a customer, and single answers.

use rusqlite::Connection;

use super::{
    Store,
    filter::Query,
    responses::{COLUMNS, stored},
};
use crate::{
    access::public_ids::Ids,
    store::{Owner, StoreError, Stored},
};

/// The largest number of answers of one order or customer that are read. Nobody gives more.
const MAX_OF_ONE: i64 = 1_000;

impl Store {
    /// An answer with all other stored data about it, by its public id or by its own.
    pub(crate) async fn answer(&self, id: &str) -> Result<Option<Stored>, StoreError> {
        let id = self.meant(id).await?;
        let mut found = self.read(move |connection| read(connection, "id", &id)).await?;
        Ok(found.pop().map(|stored| self.shown(stored, Ids::Public)))
    }

    /// The answer or display that an id refers to: the one with this public id, or else the one that was sent with this id.
    pub(super) async fn meant(&self, id: &str) -> Result<String, StoreError> {
        let Some(original) = self.public_ids.original(id) else { return Ok(id.to_owned()) };
        let id = id.to_owned();
        self.read(move |connection| {
            let mut is_there = connection.prepare_cached(
                "SELECT 1 FROM responses WHERE id = ?1 UNION ALL SELECT 1 FROM displays WHERE id = ?1",
            )?;
            Ok(if is_there.exists([&original])? { original } else { id })
        })
        .await
    }

    /// All answers of an order or a customer, newest first.
    pub(crate) async fn answers_of(
        &self,
        owner: Owner,
        number: &str,
    ) -> Result<Vec<Stored>, StoreError> {
        let column = match owner {
            Owner::Order => "order_id",
            Owner::Customer => "customer_id",
        };
        let number = number.to_owned();
        let found = self.read(move |connection| read(connection, column, &number)).await?;
        Ok(found.into_iter().map(|stored| self.shown(stored, Ids::Public)).collect())
    }
}

fn read(
    connection: &Connection,
    column: &'static str,
    value: &str,
) -> Result<Vec<Stored>, StoreError> {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS).push(" FROM responses r WHERE r.").push(column).push(" = ");
    query.bind(value.to_owned()).push(" ORDER BY r.received_at DESC, r.number DESC LIMIT ");
    query.bind(MAX_OF_ONE);
    let mut found = connection.prepare_cached(&query.sql)?;
    let rows = found.query_and_then(&*query.parameters(), stored)?;
    rows.map(|row| row.map(|(_, stored)| stored)).collect()
}
