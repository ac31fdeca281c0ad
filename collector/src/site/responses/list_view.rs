//! The query of the page with the list of responses: a filter, whether answers without a comment are shown, and the
//! number of an order or customer.

use std::borrow::Cow;

use crate::{
    query::{BadQuery, Empty, ListQuery},
    state::Shared,
    store::{Comments, Owner, StoreError, Stored, is_searchable},
};

/// The largest number of characters of an order's or customer's number.
const MAX_NUMBER_LENGTH: usize = 128;
/// The parameter that also shows answers without a comment.
pub(super) const SHOW: (&str, &str) = ("show", "all");

/// The query.
pub(super) struct ListView {
    pub(super) list: ListQuery,
    pub(super) comments: Comments,
    /// The text of the search field.
    pub(super) sought: String,
    /// Whether that text can only be a number, because it is too short to search for as words.
    pub(super) is_number_only: bool,
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
            is_show(pair) || (is_number_only && pair.0 == "q")
        };
        let rest = pairs.iter().filter(|pair| !is_left_out(pair));
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let list = ListQuery::read(&rest, Empty::Ignored)?;
        // Answers that are set aside are few, so they are shown with and without comments.
        let all = all || list.filter.aside.is_some();
        let comments = if all { Comments::Any } else { Comments::Only };
        Ok(Self { list, comments, sought, is_number_only })
    }

    /// `query` with the current choice of comments added.
    pub(super) fn with(&self, query: &str) -> String {
        match self.comments {
            Comments::Any => format!("{query}&{}={}", SHOW.0, SHOW.1),
            Comments::Only => query.to_owned(),
        }
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
