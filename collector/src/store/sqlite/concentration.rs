//! The largest number of answers from one customer, and for one order.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::{
    Store,
    filter::{Fact, Selection},
};
use crate::{
    report::{
        facts::{MostFrom, Source},
        is_concentrated,
    },
    store::{Filter, StoreError},
};

/// The newest answers that are examined. Roll-ups by customer would be as large as the answers themselves;
/// in a larger set, one customer's tenth would be a flood, which shows elsewhere.
const MAX_EXAMINED_ANSWERS: usize = 5_000;

impl Store {
    /// The most answers that one customer gave, and the most for one order, among the answers that arrived
    /// from one moment on and before the other. Answers that name neither are skipped. Empty once it is certain that
    /// they are too few among `all` answers to be named.
    pub(crate) async fn most_from(
        &self,
        filter: &Filter,
        (from, before): (Option<Timestamp>, Option<Timestamp>),
        all: u64,
    ) -> Result<Vec<MostFrom>, StoreError> {
        let filter = Filter { from, before, ..filter.clone() };
        self.read_long(move |connection| Ok(most_from(connection, &filter, all)?)).await
    }
}

fn most_from(
    connection: &Connection,
    filter: &Filter,
    all: u64,
) -> rusqlite::Result<Vec<MostFrom>> {
    if !is_concentrated(most_examined(all), all) {
        return Ok(Vec::new());
    }
    let fact = match Fact::of(filter, connection)? {
        Fact::Any => None,
        Fact::One(fact) => Some(fact),
        Fact::Unknown => return Ok(Vec::new()),
    };
    let moment = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let query = Selection::candidates("r.customer_id, r.order_id", filter, fact)
        .matching(filter)
        .between(moment(filter.from), moment(filter.before))
        .newest_first(MAX_EXAMINED_ANSWERS);
    let mut statement = connection.prepare_cached(&query.sql)?;
    let numbers = |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?]);
    named_most(statement.query_map(&*query.parameters(), numbers)?, all)
}

/// The answers of so many that are examined.
fn most_examined(all: u64) -> u64 {
    u64::try_from(MAX_EXAMINED_ANSWERS).unwrap_or(u64::MAX).min(all)
}

/// The most answers that have one number of a customer, and of an order. Ends once none of these can be named any more,
/// whatever the answers are that are left.
fn named_most(
    numbers: impl Iterator<Item = rusqlite::Result<[Option<String>; 2]>>,
    all: u64,
) -> rusqlite::Result<Vec<MostFrom>> {
    let mut counts = [HashMap::new(), HashMap::new()];
    let (mut left, mut highest) = (most_examined(all), 0);
    for numbers in numbers {
        for (counts, number) in counts.iter_mut().zip(numbers?) {
            if let Some(number) = number {
                let count = counts.entry(number).or_insert(0);
                *count += 1;
                highest = highest.max(*count);
            }
        }
        left = left.saturating_sub(1);
        if !is_concentrated(highest + left, all) {
            return Ok(Vec::new());
        }
    }
    let sources = [Source::Customer, Source::Order].into_iter();
    let found = sources.zip(counts).filter_map(|(source, counts)| {
        counts.into_values().max().map(|answers| MostFrom { source, answers })
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What is named of answers with these customers, and how many of them were read.
    fn named(customers: impl Iterator<Item = u64>, all: u64) -> (Vec<MostFrom>, usize) {
        let mut read = 0;
        let numbers = customers.inspect(|_| read += 1);
        let found = named_most(numbers.map(|it| Ok([Some(it.to_string()), None])), all).unwrap();
        (found.into_iter().filter(|it| is_concentrated(it.answers, all)).collect(), read)
    }

    #[test]
    fn no_more_answers_are_read_than_can_matter() {
        let most = |answers| vec![MostFrom { source: Source::Customer, answers }];
        let examined = MAX_EXAMINED_ANSWERS as u64;
        // Each of another customer: more than 4,000 of one would have to be among the 5,000 newest.
        assert_eq!(named(0..examined, 40_000), (vec![], 1_001));
        // All of one customer, and as many as it takes to be named.
        assert_eq!(named((0..examined).map(|_| 0), 49_999), (most(5_000), 5_000));
        assert_eq!(named((0..30).map(|it| it.min(26)), 30), (most(4), 30));
        assert_eq!(named((0..30).map(|it| it.min(27)), 30).0, [], "three are a tenth");
        assert_eq!(named(0..0, 0).0, []);
    }

    #[test]
    fn whoever_is_named_is_found_wherever_their_answers_are() {
        for all in 1..60_u64 {
            for (own, first) in [(all / 10, 0), (all / 10 + 1, 0), (all / 10 + 1, all / 2), (3, 0)]
            {
                let first = first.min(all.saturating_sub(own));
                let customers =
                    (0..all).map(|it| if (first..first + own).contains(&it) { 0 } else { it + 1 });
                let (found, _) = named(customers, all);
                let own = own.min(all);
                let expected = is_concentrated(own, all).then_some(own);
                assert_eq!(found.first().map(|it| it.answers), expected, "{own} of {all}");
            }
        }
    }
}
