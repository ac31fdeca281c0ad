//! The query of the page with the list of responses: a filter, whether answers without a comment are shown, the
//! number of an order or customer, and the pages on the way to this one.

use std::borrow::Cow;

use crate::{
    query::{BadQuery, Empty, ListQuery},
    site::way::{WAY, Way},
    state::Shared,
    store::{Comments, Cursor, Owner, StoreError, Stored, is_searchable},
};

/// The largest number of characters of an order's or customer's number.
const MAX_NUMBER_LENGTH: usize = 128;
/// The parameter that also shows answers without a comment.
pub(super) const SHOW: (&str, &str) = ("show", "all");
/// The parameter with the number of answers that were just erased.
pub(super) const ERASED: &str = "erased";

/// The query.
pub(super) struct ListView {
    pub(super) list: ListQuery,
    pub(super) comments: Comments,
    /// The text of the search field.
    pub(super) sought: String,
    /// Whether that text can only be a number, because it is too short to search for as words.
    pub(super) is_number_only: bool,
    /// The number of answers that were just erased.
    pub(super) erased: Option<u64>,
    /// The pages on the way to this one.
    way: Way,
}

impl ListView {
    /// Reads the part of an address after the `?`.
    pub(super) fn read(query: &str) -> Result<Self, BadQuery> {
        let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> =
            form_urlencoded::parse(query.as_bytes()).collect();
        let is_show = |(name, value): &&(Cow<'_, str>, Cow<'_, str>)| {
            name == SHOW.0 && (value.is_empty() || value == SHOW.1)
        };
        let all = pairs.iter().any(|pair| is_show(&pair) && !pair.1.is_empty());
        let sought = pairs.iter().find(|(name, _)| name == "q").map(|(_, value)| value.trim());
        let sought = sought.unwrap_or_default().to_owned();
        let is_number_only = sought.contains(char::is_alphanumeric) && !is_searchable(&sought);
        let is_left_out = |pair: &&(Cow<'_, str>, Cow<'_, str>)| {
            is_show(pair) || [WAY, ERASED].contains(&&*pair.0) || (is_number_only && pair.0 == "q")
        };
        let rest = pairs.iter().filter(|pair| !is_left_out(pair));
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let list = ListQuery::read(&rest, Empty::Ignored)?;
        // Answers that are set aside are few, so they are shown with and without comments.
        let all = all || list.filter.aside.is_some();
        let comments = if all { Comments::Any } else { Comments::Only };
        let way = pairs.iter().find(|(name, _)| name == WAY);
        let way = way.map_or_else(Way::default, |(_, value)| Way::read(value));
        let erased = pairs.iter().find(|(name, _)| name == ERASED);
        let erased = erased.and_then(|(_, count)| count.parse().ok());
        Ok(Self { list, comments, sought, is_number_only, erased, way })
    }

    /// The query of the first page.
    pub(super) fn first(&self) -> String {
        self.at(None, &Way::default())
    }

    /// The query of the page after this one, which starts at `next`.
    pub(super) fn older(&self, next: &Cursor) -> String {
        self.at(Some(next), &self.way.behind(&self.list.after))
    }

    /// The query of the page before this one, if it is known.
    pub(super) fn newer(&self) -> Option<String> {
        let (start, way) = self.way.back().filter(|_| self.list.after.is_some())?;
        Some(self.at(start.as_ref(), &way))
    }

    /// The query of the page that starts there, with the current choice of comments.
    fn at(&self, start: Option<&Cursor>, way: &Way) -> String {
        let mut query = form_urlencoded::Serializer::new(self.list.behind(start));
        if self.comments == Comments::Any {
            query.append_pair(SHOW.0, SHOW.1);
        }
        way.add_to(&mut query);
        query.finish()
    }

    /// The answers of the order or customer with the number in the search field.
    pub(super) async fn numbered(
        &self,
        shared: &Shared,
    ) -> Result<Option<(Owner, String, Vec<Stored>)>, StoreError> {
        let number = self.sought.as_str();
        let is_number = !number.is_empty()
            && !number.contains(['"', '„', '“'])
            && number.chars().count() <= MAX_NUMBER_LENGTH
            && self.list.after.is_none();
        if !is_number {
            return Ok(None);
        }
        for number in [number.to_owned(), number.to_uppercase(), number.to_lowercase()] {
            for owner in [Owner::Order, Owner::Customer] {
                let answers = shared.store.answers_of(owner, &number).await?;
                if !answers.is_empty() {
                    return Ok(Some((owner, number, answers)));
                }
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::site::way::MAX_WAY;

    #[test]
    fn the_way_back_is_the_way_there() {
        let cursor = |number: u32| {
            let text = format!("179500000{number:04}.{number:016x}");
            Cursor::decode(&URL_SAFE_NO_PAD.encode(text)).unwrap()
        };
        let mut address = "survey=s&show=all".to_owned();
        let mut there = Vec::new();
        for number in 1..100 {
            let page = ListView::read(&address).unwrap();
            there.push(address);
            address = page.older(&cursor(number));
            assert!(address.len() < 2_000, "{address}");
        }
        for (number, expected) in there.iter().rev().take(MAX_WAY).enumerate() {
            let page = ListView::read(&address).unwrap();
            let newer = page.newer().unwrap();
            // Further back, the way to the page before is shorter, and the page is the same.
            let (ours, theirs) =
                (ListView::read(&newer).unwrap(), ListView::read(expected).unwrap());
            assert_eq!(ours.list, theirs.list, "{number} back");
            assert_eq!(ours.comments, Comments::Any);
            address = newer;
        }
        assert_eq!(ListView::read(&address).unwrap().newer(), None);

        let second = ListView::read("q=paket").unwrap().older(&cursor(1));
        assert_eq!(ListView::read(&second).unwrap().newer().as_deref(), Some("q=paket"));
        for way in ["way=", "way=x", "way=0.x", ""] {
            let page = ListView::read(&format!("{}&{way}", second.split("&way").next().unwrap()));
            assert_eq!(page.unwrap().newer(), None, "{way}");
        }
    }
}
