//! Erasures by age that wait for a person's confirmation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The state that one run of the erasure leaves for the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expiry {
    /// The time of the last run at which the clock was plausible.
    #[serde(with = "text")]
    pub(crate) clock: Option<Timestamp>,
    /// The time that the clock showed at the last run, if it was not plausible.
    #[serde(with = "text")]
    pub(crate) odd_clock: Option<Timestamp>,
    /// Surveys of which a large part would be erased at once.
    pub(crate) held: Vec<WaitingErasure>,
    /// The erasures that a person has confirmed.
    pub(crate) confirmed: Vec<ConfirmedErasure>,
}

/// A survey of which a large part would be erased at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingErasure {
    pub(crate) survey: String,
    /// After how many days its answers are erased.
    pub(crate) days: u32,
    pub(crate) answers: Share,
    pub(crate) displays: Share,
}

/// The number of answers that are due, and the number of all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) due: u64,
    pub(crate) all: u64,
}

impl Share {
    /// Whether more than a fifth are due.
    pub(crate) const fn is_much(self) -> bool {
        self.due.saturating_mul(5) > self.all
    }
}

/// A person's confirmation that a survey's answers are erased after so many days, however many at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConfirmedErasure {
    pub(crate) survey: String,
    pub(crate) days: u32,
    /// When the confirmation ends. It holds for a while, because a survey that has ended loses a large share
    /// of its remaining answers every day.
    #[serde(with = "text")]
    pub(crate) until: Option<Timestamp>,
}

impl ConfirmedErasure {
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// Times in RFC 3339.
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
    /// Whether an erasure waits for a confirmation.
    pub(crate) const fn waits(&self) -> bool {
        self.odd_clock.is_some() || !self.held.is_empty()
    }

    /// Whether any number of a survey's answers may be erased at once.
    pub(crate) fn is_confirmed(&self, survey: &str, days: u32, now: Timestamp) -> bool {
        let is_this = |it: &&ConfirmedErasure| it.survey == survey && it.days == days;
        self.confirmed.iter().find(is_this).is_some_and(|it| it.holds(now))
    }
}
