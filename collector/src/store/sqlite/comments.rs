//! A sample of the comments of a period, to look for phrases in.

use rusqlite::Row;

use super::{
    Store,
    filter::{Fact, Selection},
    responses::limits,
};
use crate::{
    report::phrases::PeriodComment,
    store::{Filter, StoreError},
};

impl Store {
    /// Every so-many-th comment of a filter, up to `most`, newest first. Those from `since` on are of the period itself.
    pub(crate) async fn sampled_comments(
        &self,
        filter: &Filter,
        since: Option<jiff::Timestamp>,
        every: u64,
        most: usize,
    ) -> Result<Vec<PeriodComment>, StoreError> {
        let filter = filter.clone();
        let since = since.map_or(i64::MIN, jiff::Timestamp::as_millisecond);
        let every = i64::try_from(every.max(1)).unwrap_or(i64::MAX);
        self.read_long(move |connection| {
            let fact = match Fact::of(&filter, connection)? {
                Fact::Any => None,
                Fact::One(fact) => Some(fact),
                Fact::Unknown => return Ok(Vec::new()),
            };
            let columns = "r.comment, coalesce(r.customer_id, r.order_id), r.received_at";
            let (from, before) = limits(&filter);
            let query = Selection::candidates(columns, &filter, fact)
                .matching(&filter)
                .between(from, before)
                .each(every)
                .newest_first(most);
            let mut sample = connection.prepare_cached(&query.sql)?;
            let comment = |row: &Row<'_>| {
                Ok(PeriodComment {
                    text: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
                    source: row.get(1)?,
                    is_now: row.get::<_, i64>(2)? >= since,
                })
            };
            let comments = sample.query_map(&*query.parameters(), comment)?;
            Ok(comments.collect::<Result<_, _>>()?)
        })
        .await
    }
}
