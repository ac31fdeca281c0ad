//! Stored responses, and their places in lists.

use afterword_response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;

use crate::{aside::Aside, themes::Named};

/// A stored response.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) response: Response,
    /// When its first revision arrived.
    pub(crate) received_at: Timestamp,
    /// When the stored revision arrived.
    pub(crate) updated_at: Timestamp,
    /// The reasons for which no figure counts it.
    pub(crate) aside: Aside,
    /// Its themes. They are unknown for an answer that is not stored yet: they are found when it is stored.
    pub(crate) named: Named,
}

/// The other stored data of an answer: its earlier revisions, and the display of its question.
#[derive(Debug, Default)]
pub(crate) struct AnswerHistory {
    /// Earlier revisions, the latest first.
    pub(crate) earlier: Vec<EarlierRevision>,
    /// The display, if displays are reported.
    pub(crate) display: Option<StoredDisplay>,
}

/// An earlier revision of an answer.
#[derive(Debug)]
pub(crate) struct EarlierRevision {
    pub(crate) response: Response,
    /// When this revision arrived.
    pub(crate) at: Timestamp,
}

/// The display of an answer's question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredDisplay {
    /// By the customer's clock.
    pub(crate) shown_at: Option<Timestamp>,
    pub(crate) dismissed_at: Option<Timestamp>,
    /// When the first report of it arrived.
    pub(crate) received_at: Timestamp,
}

/// The owner of several answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// An order, by its number.
    Order,
    /// A customer, by theirs.
    Customer,
}

impl Owner {
    /// Its name in addresses.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Customer => "customer",
        }
    }

    /// The owner of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Order, Self::Customer].into_iter().find(|owner| owner.name() == name)
    }
}

/// The place of a response in a list, which is sorted by first arrival and then by the row's number. Neither
/// ever changes, so that the end of a page stays the same while answers arrive and are completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(super) received_at: i64,
    pub(super) number: i64,
}

impl Cursor {
    /// An opaque text for callers to pass back.
    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{:016x}", self.received_at, self.number))
    }

    /// The inverse of [`encode`](Self::encode); `None` for other texts.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (received_at, number) =
            text.split_once('.').filter(|(_, number)| number.len() == 16 && is_hex(number))?;
        let number = i64::from_str_radix(number, 16).ok()?;
        Some(Self { received_at: received_at.parse().ok()?, number })
    }
}

/// Whether a text is only digits: the parser would also accept a sign.
fn is_hex(number: &str) -> bool {
    number.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::Cursor;

    #[test]
    fn a_cursor_is_read_back_and_other_texts_are_refused() {
        let cursor = Cursor { received_at: 1_795_000_000_123, number: 17 };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["", "x", "1.2", "MS4y", "%00", "' OR 1=1"] {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
    }

    #[test]
    fn fuzz_cursor() {
        bolero::check!(name = "cursor").with_iterations(5_000).for_each(|text: &[u8]| {
            // An attacker would also change the text inside the code.
            for text in [String::from_utf8_lossy(text).into_owned(), URL_SAFE_NO_PAD.encode(text)] {
                if let Some(cursor) = Cursor::decode(&text) {
                    assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
                }
            }
        });
    }
}
