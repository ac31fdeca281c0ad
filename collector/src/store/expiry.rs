//! What of the erasure by age waits for somebody's word.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is remembered from one run to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expiry {
    /// The clock at the last run that found it plausible.
    #[serde(with = "text")]
    pub(crate) clock: Option<Timestamp>,
    /// What the clock said at the last run, if that was not plausible.
    #[serde(with = "text")]
    pub(crate) odd_clock: Option<Timestamp>,
    /// Surveys of which much would go at once.
    pub(crate) held: Vec<Held>,
    /// What somebody has said to of them.
    pub(crate) confirmed: Vec<Confirmed>,
}

/// A survey of which much would go at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) survey: String,
    /// After how many days its answers are erased.
    pub(crate) days: u32,
    pub(crate) answers: Share,
    pub(crate) displays: Share,
}

/// So many are past their time, of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) due: u64,
    pub(crate) all: u64,
}

impl Share {
    /// Whether that is more than a fifth.
    pub(crate) const fn is_much(self) -> bool {
        self.due.saturating_mul(5) > self.all
    }
}

/// That a survey's answers go after so many days, however many of them at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Confirmed {
    pub(crate) survey: String,
    pub(crate) days: u32,
    /// Holds for a while: a survey that has ended loses large shares of what is left day by day.
    #[serde(with = "text")]
    pub(crate) until: Option<Timestamp>,
}

impl Confirmed {
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// Times as RFC 3339 has them.
mod text {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| time.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

impl Expiry {
    /// Whether something waits.
    pub(crate) const fn waits(&self) -> bool {
        self.odd_clock.is_some() || !self.held.is_empty()
    }

    /// Whether a survey's answers may go however many they are.
    pub(crate) fn is_confirmed(&self, survey: &str, days: u32, now: Timestamp) -> bool {
        let is_this = |it: &&Confirmed| it.survey == survey && it.days == days;
        self.confirmed.iter().find(is_this).is_some_and(|it| it.holds(now))
    }
}
