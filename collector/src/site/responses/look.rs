//! What the list of responses is asked for by people: beside a filter, whether answers without words are
//! shown, and the order or customer that the search names.

use std::borrow::Cow;

use crate::{
    query::{BadQuery, Empty, ListQuery},
    state::Shared,
    store::{Comments, Owner, StoreError, Stored, is_enough_to_look_for},
};

/// Characters of an order's or customer's number.
const MAX_NUMBER_LENGTH: usize = 128;
/// The parameter that shows answers without words, too.
pub(super) const SHOW: (&str, &str) = ("show", "all");

/// What was asked for.
pub(super) struct Look {
    pub(super) list: ListQuery,
    pub(super) comments: Comments,
    /// What stood in the field of the search.
    pub(super) sought: String,
    /// Whether that can be a number alone: as words it says too little.
    pub(super) is_number_only: bool,
}

impl Look {
    /// Reads the part of an address behind the `?`.
    pub(super) fn read(query: &str) -> Result<Self, BadQuery> {
        let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> =
            form_urlencoded::parse(query.as_bytes()).collect();
        let is_show = |(name, value): &&(Cow<'_, str>, Cow<'_, str>)| {
            name == SHOW.0 && (value.is_empty() || value == SHOW.1)
        };
        let all = pairs.iter().any(|pair| is_show(&pair) && !pair.1.is_empty());
        let sought = pairs.iter().find(|(name, _)| name == "q").map(|(_, value)| value.trim());
        let sought = sought.unwrap_or_default().to_owned();
        let is_number_only =
            sought.contains(char::is_alphanumeric) && !is_enough_to_look_for(&sought);
        let is_left_out = |pair: &&(Cow<'_, str>, Cow<'_, str>)| {
            is_show(pair) || (is_number_only && pair.0 == "q")
        };
        let rest = pairs.iter().filter(|pair| !is_left_out(pair));
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let list = ListQuery::read(&rest, Empty::Ignored)?;
        // Those that are set aside are few, and looked at whatever they say.
        let all = all || list.filter.aside.is_some();
        let comments = if all { Comments::Any } else { Comments::Only };
        Ok(Self { list, comments, sought, is_number_only })
    }

    /// A query with what is shown said as it is now.
    pub(super) fn with(&self, query: &str) -> String {
        match self.comments {
            Comments::Any => format!("{query}&{}={}", SHOW.0, SHOW.1),
            Comments::Only => query.to_owned(),
        }
    }

    /// The answers of the order or the customer whose number was looked for.
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
