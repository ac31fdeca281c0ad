//! The largest number of answers from one customer, and for one order.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Store,
    filter::{Fact, Selection},
};
use crate::{
    report::facts::{MostFrom, Source},
    store::{Filter, StoreError},
};

/// The newest answers that are examined. Roll-ups by customer would be as large as the answers themselves;
/// in a larger set, one customer's tenth would be a flood, which shows elsewhere.
const MAX_EXAMINED_ANSWERS: usize = 5_000;

impl Store {
    /// The most answers that one customer gave, and the most for one order, among the answers that arrived
    /// from one moment on and before the other. Answers that name neither are skipped.
    pub(crate) async fn most_from(
        &self,
        filter: &Filter,
        (from, before): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<Vec<MostFrom>, StoreError> {
        let filter = Filter { from, before, ..filter.clone() };
        self.read_long(move |connection| Ok(most_from(connection, &filter)?)).await
    }
}

fn most_from(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<MostFrom>> {
    let fact = match Fact::of(filter, connection)? {
        Fact::Any => None,
        Fact::One(fact) => Some(fact),
        Fact::Unknown => return Ok(Vec::new()),
    };
    let moment = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let query = Selection::all("r.customer_id, r.order_id", fact)
        .matching(filter)
        .between(moment(filter.from), moment(filter.before))
        .newest_first(MAX_EXAMINED_ANSWERS);
    let mut statement = connection.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    let (mut customers, mut orders) = (HashMap::new(), HashMap::new());
    while let Some(row) = rows.next()? {
        for (counts, column) in [(&mut customers, 0), (&mut orders, 1)] {
            if let Some(number) = row.get::<_, Option<String>>(column)? {
                *counts.entry(number).or_insert(0_u64) += 1;
            }
        }
    }
    let most = |source, counts: HashMap<String, u64>| {
        counts.into_values().max().map(|answers| MostFrom { source, answers })
    };
    let found = [most(Source::Customer, customers), most(Source::Order, orders)];
    Ok(found.into_iter().flatten().collect())
}
