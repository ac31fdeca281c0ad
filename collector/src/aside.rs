//! The reasons to set an answer aside: it is stored, shown and searched like any other, but no figure counts
//! it.
//!
//! All reasons share one mechanism: an answer carries a set of reasons, [`Aside`], and counts if the set is
//! empty. `store/sqlite/ledger.rs` keeps the counts. Answers that are set aside only because they are
//! implausible have counts of their own, so that a report can be read with and without them.

/// A sign that an answer is implausible. A flag is a guess (`abuse/flags.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Flag {
    /// Many answers came from one network.
    OneNetwork,
    /// The survey got far more answers at once than is plausible.
    Flood,
    /// Several answers have the same comment.
    SameText,
    /// The score was tapped sooner than a person can.
    TooFast,
    /// No display was reported, although nearly all answers to this survey have one.
    NoDisplay,
}

impl Flag {
    /// Every flag, in the order of the bits.
    pub(crate) const ALL: [Self; 5] =
        [Self::OneNetwork, Self::Flood, Self::SameText, Self::TooFast, Self::NoDisplay];

    /// The name in JSON, exports and metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::OneNetwork => "one-network",
            Self::Flood => "flood",
            Self::SameText => "same-text",
            Self::TooFast => "too-fast",
            Self::NoDisplay => "no-display",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The kind of reason for which an answer is set aside. If several apply, the first one counts, so that the
/// numbers of all kinds add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Its survey waits to be added.
    Waiting,
    /// The owner excluded it by hand.
    Excluded,
    /// It was a test.
    Test,
    /// The same order was answered later at the same touchpoint of the same survey.
    Repeated,
    /// It is implausible.
    Flagged,
}

impl Kind {
    /// Every kind, in the order in which they are checked.
    pub(crate) const ALL: [Self; 5] =
        [Self::Waiting, Self::Excluded, Self::Test, Self::Repeated, Self::Flagged];

    /// The name in addresses, JSON and the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Excluded => "excluded",
            Self::Test => "test",
            Self::Repeated => "repeated",
            Self::Flagged => "flagged",
        }
    }

    /// The kind of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The range of [`Aside::bits`] that are of this kind: first and last.
    pub(crate) const fn bits(self) -> (u16, u16) {
        match self {
            Self::Waiting => (WAITING, u16::MAX),
            Self::Excluded => (EXCLUDED, WAITING - 1),
            Self::Test => (TEST, EXCLUDED - 1),
            Self::Repeated => (REPEATED, TEST - 1),
            Self::Flagged => (1, REPEATED - 1),
        }
    }
}

/// Every reason's name.
pub(crate) const NAMES: [&str; 9] = [
    Kind::Waiting.name(),
    Kind::Excluded.name(),
    Kind::Test.name(),
    Kind::Repeated.name(),
    Flag::OneNetwork.name(),
    Flag::Flood.name(),
    Flag::SameText.name(),
    Flag::TooFast.name(),
    Flag::NoDisplay.name(),
];

/// Whether flagged answers are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Flagged {
    /// Only answers without any reason are counted.
    #[default]
    Without,
    /// Answers with flags and no other reason are counted, too.
    With,
}

// The bits of the other reasons lie above those of the flags; the first kind has the highest bit.
const REPEATED: u16 = 1 << 8;
const TEST: u16 = 1 << 9;
const EXCLUDED: u16 = 1 << 10;
const WAITING: u16 = 1 << 11;
const FLAGS: u16 = REPEATED - 1;
const KNOWN: u16 = ((1 << Flag::ALL.len()) - 1) | REPEATED | TEST | EXCLUDED | WAITING;

/// The set of reasons for which an answer is set aside; empty if the answer counts.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Aside(u16);

impl Aside {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const TEST: Self = Self(TEST);
    pub(crate) const REPEATED: Self = Self(REPEATED);
    pub(crate) const EXCLUDED: Self = Self(EXCLUDED);
    pub(crate) const WAITING: Self = Self(WAITING);

    /// The stored form, with one bit for each reason.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// Reads the stored form. Unknown bits belong to another release and are dropped.
    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits & KNOWN)
    }

    /// The union of two sets.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons that are not in `other`.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn is_flagged(self) -> bool {
        self.0 & FLAGS != 0
    }

    /// Whether its survey waits to be added.
    pub(crate) const fn is_waiting(self) -> bool {
        self.0 & WAITING != 0
    }

    /// Whether the answer may represent its order: tests, excluded and waiting answers may not.
    pub(crate) const fn may_stand(self) -> bool {
        self.0 < TEST
    }

    /// The kind for which the answer is set aside; `None` if it counts.
    pub(crate) fn kind(self) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| self.0 >= kind.bits().0)
    }

    /// The reports in which the answer counts; `None` if in no report.
    pub(crate) fn counted(self) -> Option<Flagged> {
        match self.kind() {
            None => Some(Flagged::Without),
            Some(Kind::Flagged) => Some(Flagged::With),
            Some(Kind::Waiting | Kind::Excluded | Kind::Test | Kind::Repeated) => None,
        }
    }

    /// The reasons of a display with this answer: those of the answer, and the display's own mark as a test.
    pub(crate) const fn of_display(self, answer: Self) -> Self {
        Self(self.0 & TEST | answer.0)
    }

    /// The names of the reasons, for JSON and exports.
    pub(crate) fn names(self) -> Vec<String> {
        let has = |bits: u16| self.0 & bits != 0;
        let others = [
            (WAITING, Kind::Waiting.name()),
            (EXCLUDED, Kind::Excluded.name()),
            (TEST, Kind::Test.name()),
            (REPEATED, Kind::Repeated.name()),
        ];
        let flags = Flag::ALL.map(|flag| (flag.bit(), flag.name()));
        let all = others.into_iter().chain(flags);
        all.filter(|(bit, _)| has(*bit)).map(|(_, name)| name.to_owned()).collect()
    }

    /// The reasons that an imported answer keeps: all except "repeated" and "waiting", which depend on the
    /// other answers and surveys here.
    pub(crate) fn brought_by<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(Self::NONE, |all, name| {
            let flag = Flag::ALL.into_iter().find(|flag| flag.name() == name).map(Self::from);
            let other = [(Kind::Excluded, Self::EXCLUDED), (Kind::Test, Self::TEST)]
                .into_iter()
                .find_map(|(kind, aside)| (kind.name() == name).then_some(aside));
            flag.or(other).map_or(all, |it| all.with(it))
        })
    }

    /// The flags in the set.
    pub(crate) fn flags(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.into_iter().filter(move |flag| self.0 & flag.bit() != 0)
    }
}

impl From<Flag> for Aside {
    fn from(flag: Flag) -> Self {
        Self(flag.bit())
    }
}

impl std::fmt::Debug for Aside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_reasons_the_first_one_is_named() {
        let (test, excluded, repeated) = (Aside::TEST, Aside::EXCLUDED, Aside::REPEATED);
        let flag = Aside::from(Flag::NoDisplay);
        for (aside, kind) in [
            (Aside::NONE, None),
            (flag, Some(Kind::Flagged)),
            (flag.with(repeated), Some(Kind::Repeated)),
            (flag.with(test).with(repeated), Some(Kind::Test)),
            (flag.with(test).with(excluded), Some(Kind::Excluded)),
            (repeated, Some(Kind::Repeated)),
            (flag.with(excluded).with(Aside::WAITING), Some(Kind::Waiting)),
        ] {
            assert_eq!(aside.kind(), kind, "{aside:?}");
            if let Some((first, last)) = kind.map(Kind::bits) {
                assert!((first..=last).contains(&aside.bits()), "{aside:?}");
            }
        }
    }

    #[test]
    fn reasons_are_stored_as_bits_and_have_names() {
        for bits in 0..=KNOWN {
            let aside = Aside::from_bits(bits);
            let names = aside.names();
            let kept = Aside::EXCLUDED.with(Aside::TEST).with(Aside(FLAGS & KNOWN));
            let again = Aside::brought_by(names.iter().map(String::as_str));
            assert_eq!(again, Aside(aside.bits() & kept.bits()), "{names:?}");
        }
        assert_eq!(Aside::from_bits(KNOWN).names(), NAMES);
        assert_eq!(Aside::from_bits(1 << 6), Aside::NONE);
        assert_eq!(format!("{:?}", Aside::TEST), "{\"test\"}");
    }
}
