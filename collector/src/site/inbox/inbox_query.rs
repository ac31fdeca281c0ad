//! The query of the inbox: a filter of cases, the open case, and the outcome of the last action.

use crate::{
    query::{BadQuery, CaseQuery, Empty},
    site::case::Outcome,
};

/// The parameter of the open case.
pub(super) const OPEN: &str = "open";

/// The query.
pub(super) struct InboxQuery {
    pub(super) cases: CaseQuery,
    /// The answer whose case is open, by its public id.
    pub(super) open: Option<String>,
    pub(super) outcome: Outcome,
}

impl InboxQuery {
    /// Reads the part of an address after the `?`.
    pub(super) fn read(query: &str) -> Result<Self, BadQuery> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let pairs = pairs.filter(|(name, _)| !Outcome::is_named(name));
        let (open, rest): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == OPEN);
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        Ok(Self {
            cases: CaseQuery::read(&rest, Empty::Ignored)?,
            open: open.into_iter().map(|(_, id)| id.to_ascii_lowercase()).find(|id| !id.is_empty()),
            outcome: Outcome::read(query),
        })
    }

    /// The address of the same page of the list, with this case open.
    pub(super) fn with_open(&self, id: &str) -> String {
        let query = self.cases.behind(self.cases.list.after.as_ref());
        let query = form_urlencoded::Serializer::new(query).append_pair(OPEN, id).finish();
        format!("/inbox?{query}")
    }

    /// The address of this page without the outcome of the last action.
    pub(super) fn here(&self) -> String {
        match &self.open {
            Some(id) => self.with_open(id),
            None => address(&self.cases.behind(self.cases.list.after.as_ref())),
        }
    }
}

/// The address of the inbox with this query.
pub(super) fn address(query: &str) -> String {
    if query.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{query}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_open_case_is_no_part_of_the_filter() {
        let inbox_query = InboxQuery::read("q=paket&open=ABC&owner=me").unwrap();
        assert_eq!(inbox_query.open.as_deref(), Some("abc"));
        assert_eq!(inbox_query.with_open("d"), "/inbox?q=paket&owner=me&open=d");
        let inbox_query = InboxQuery::read("state=new&done=8").unwrap();
        assert_eq!(
            (inbox_query.here().as_str(), inbox_query.outcome.done),
            ("/inbox?state=new", Some(8))
        );
        assert!(InboxQuery::read("state=unknown").is_err());
    }
}
