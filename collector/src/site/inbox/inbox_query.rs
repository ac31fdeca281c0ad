//! The query of the inbox: a filter of cases, the open case, and the outcome of the last action.

use crate::{
    query::{BadQuery, CaseQuery, Empty},
    site::{
        case::Outcome,
        way::{WAY, Way},
    },
    store::Cursor,
};

/// The parameter of the open case.
pub(super) const OPEN: &str = "open";

/// The query.
pub(super) struct InboxQuery {
    pub(super) cases: CaseQuery,
    /// The pages on the way to this one.
    way: Way,
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
        let (way, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(name, _)| name == WAY);
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        Ok(Self {
            cases: CaseQuery::read(&rest, Empty::Ignored)?,
            way: way.first().map_or_else(Way::default, |(_, value)| Way::read(value)),
            open: open.into_iter().map(|(_, id)| id.to_ascii_lowercase()).find(|id| !id.is_empty()),
            outcome: Outcome::read(query),
        })
    }

    /// The address of the page of the list after this one, which starts at `next`.
    pub(super) fn older(&self, next: &Cursor) -> String {
        address(&self.at(Some(next), &self.way.behind(&self.cases.list.after)))
    }

    /// The address of the page of the list before this one, if it is known.
    pub(super) fn newer(&self) -> Option<String> {
        let (start, way) = self.way.back().filter(|_| self.cases.list.after.is_some())?;
        Some(address(&self.at(start.as_ref(), &way)))
    }

    /// The address of the first page of the list.
    pub(super) fn newest(&self) -> String {
        address(&self.at(None, &Way::default()))
    }

    /// The address of this page of the list, without an open case.
    pub(super) fn list(&self) -> String {
        address(&self.this())
    }

    fn this(&self) -> String {
        self.at(self.cases.list.after.as_ref(), &self.way)
    }

    fn at(&self, start: Option<&Cursor>, way: &Way) -> String {
        let mut query = form_urlencoded::Serializer::new(self.cases.behind(start));
        way.add_to(&mut query);
        query.finish()
    }

    /// The address of the same page of the list, with this case open.
    pub(super) fn with_open(&self, id: &str) -> String {
        let query = self.this();
        let query = form_urlencoded::Serializer::new(query).append_pair(OPEN, id).finish();
        format!("/inbox?{query}")
    }

    /// The address of this page without the outcome of the last action.
    pub(super) fn here(&self) -> String {
        match &self.open {
            Some(id) => self.with_open(id),
            None => self.list(),
        }
    }
}

/// The address of the inbox with this query.
fn address(query: &str) -> String {
    if query.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{query}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

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

    #[test]
    fn the_way_back_leads_over_the_same_pages_and_stays_while_cases_are_opened() {
        let cursor = |number: u32| {
            let text = format!("179500000{number:04}.{number:016x}");
            Cursor::decode(&URL_SAFE_NO_PAD.encode(text)).unwrap()
        };
        let read = |address: &str| {
            InboxQuery::read(address.split_once('?').map_or("", |(_, query)| query)).unwrap()
        };
        let first = read("/inbox?owner=me");
        assert_eq!((first.newer(), first.newest()), (None, "/inbox?owner=me".into()));
        let second = read(&first.older(&cursor(1)));
        assert_eq!(second.newer().as_deref(), Some("/inbox?owner=me"));
        let third = read(&second.older(&cursor(2)));
        let opened = read(&third.with_open("a"));
        assert_eq!(opened.here(), third.with_open("a"));
        assert_eq!(opened.list(), second.older(&cursor(2)));
        let back = read(&opened.newer().unwrap());
        assert_eq!((back.list(), back.open), (first.older(&cursor(1)), None));
    }
}
