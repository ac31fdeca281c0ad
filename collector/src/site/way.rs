//! The pages on the way to a page of a list, for the link to newer entries. A page's end is only known once the page was
//! read, so there is no query for the page before; its address is carried along.

use crate::store::Cursor;

/// The parameter with the pages on the way.
pub(super) const WAY: &str = "way";
/// The largest number of pages in that parameter, so that the address stays short.
pub(super) const MAX_WAY: usize = 40;
/// The name of the first page in it. It is no cursor.
const FIRST_PAGE: &str = "0";

/// Where a page of the list starts; `None` for the first page.
pub(super) type PageStart = Option<Cursor>;

/// The pages on the way to a page, oldest step first, without those that are too many.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Way(Vec<PageStart>);

impl Way {
    /// Reads the parameter. It is only a convenience, so a text that the page did not write counts as none.
    pub(super) fn read(text: &str) -> Self {
        let start = |name| {
            if name == FIRST_PAGE { Some(None) } else { Cursor::decode(name).map(Some) }
        };
        let way: Option<Vec<PageStart>> = text.split('.').take(MAX_WAY).map(start).collect();
        Self(way.unwrap_or_default())
    }

    /// The way to the page after the one that starts there.
    pub(super) fn behind(&self, start: &PageStart) -> Self {
        let mut way = self.0.clone();
        way.push(start.clone());
        way.drain(..way.len().saturating_sub(MAX_WAY));
        Self(way)
    }

    /// The page before this one, and the way to it; `None` if it is not known.
    pub(super) fn back(&self) -> Option<(&PageStart, Self)> {
        let (start, way) = self.0.split_last()?;
        Some((start, Self(way.to_vec())))
    }

    /// Adds the parameter to a query, unless it is empty.
    pub(super) fn add_to(&self, query: &mut form_urlencoded::Serializer<'_, String>) {
        if self.0.is_empty() {
            return;
        }
        let name = |start: &PageStart| {
            start.as_ref().map_or_else(|| FIRST_PAGE.to_owned(), Cursor::encode)
        };
        query.append_pair(WAY, &self.0.iter().map(name).collect::<Vec<_>>().join("."));
    }
}
