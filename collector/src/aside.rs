//! Why an answer is set aside: kept, shown and searched like any other, and counted in no figure.
//!
//! There is one mechanism for all reasons: an answer carries [`Aside`], a set of them, and counts where
//! it is empty. `store/sqlite/ledger.rs` keeps the counts by it. Answers that are set aside for being
//! implausible and for nothing else are counted apart, so that a report can be read with and without
//! them.

/// What makes an answer implausible. A flag is a guess (`abuse/flags.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Flag {
    /// Many came from one network.
    OneNetwork,
    /// Far more came to the survey at once than ever do.
    Flood,
    /// The same words came under several ids.
    SameText,
    /// The score was tapped sooner than anybody can.
    TooFast,
    /// The question was never reported as shown, as it always is in this survey.
    NoDisplay,
}

impl Flag {
    /// All there are, in the order of their bits.
    pub(crate) const ALL: [Self; 5] =
        [Self::OneNetwork, Self::Flood, Self::SameText, Self::TooFast, Self::NoDisplay];

    /// The name in JSON, exports and figures.
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

/// What an answer is set aside as. Where several are true of it, the first one is said, so that the
/// numbers of each add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Its survey waits to be added.
    Waiting,
    /// The owner took it out by hand.
    Excluded,
    /// It was a test.
    Test,
    /// The same order was answered later at the same touchpoint of the same survey.
    Repeated,
    /// It is implausible.
    Flagged,
}

impl Kind {
    /// All there are, the first that is true of an answer first.
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

    /// The sets that are said to be of this kind, as [`Aside::bits`] from the first to the last.
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
    /// Only what nothing speaks against.
    #[default]
    Without,
    /// Those too that are set aside for being implausible alone.
    With,
}

// The bits of the other reasons lie above those of the flags, the first kind the highest.
const REPEATED: u16 = 1 << 8;
const TEST: u16 = 1 << 9;
const EXCLUDED: u16 = 1 << 10;
const WAITING: u16 = 1 << 11;
const FLAGS: u16 = REPEATED - 1;
const KNOWN: u16 = ((1 << Flag::ALL.len()) - 1) | REPEATED | TEST | EXCLUDED | WAITING;

/// Why an answer is set aside: a set of reasons, empty for one that counts.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Aside(u16);

impl Aside {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const TEST: Self = Self(TEST);
    pub(crate) const REPEATED: Self = Self(REPEATED);
    pub(crate) const EXCLUDED: Self = Self(EXCLUDED);
    pub(crate) const WAITING: Self = Self(WAITING);

    /// As they are stored: a bit each.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// From what was stored. Bits that nothing has are another release's, and dropped.
    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits & KNOWN)
    }

    /// With those of another, too.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// But for those of another.
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

    /// Whether it may be the answer of its order: tests and what was taken out are not.
    pub(crate) const fn may_stand(self) -> bool {
        self.0 < TEST
    }

    /// What it is set aside as; `None` if it counts.
    pub(crate) fn kind(self) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| self.0 >= kind.bits().0)
    }

    /// In which reports it counts; `None` in none.
    pub(crate) fn counted(self) -> Option<Flagged> {
        match self.kind() {
            None => Some(Flagged::Without),
            Some(Kind::Flagged) => Some(Flagged::With),
            Some(Kind::Waiting | Kind::Excluded | Kind::Test | Kind::Repeated) => None,
        }
    }

    /// Those of a display whose answer is set aside so: that the page itself was a test stays.
    pub(crate) const fn of_display(self, answer: Self) -> Self {
        Self(self.0 & TEST | answer.0)
    }

    /// Every reason by its name, as JSON and exports have them.
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

    /// What an answer brings along as it comes in again from a file: all but that it is repeated or
    /// waits, which depends on what is there.
    pub(crate) fn brought_by<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(Self::NONE, |all, name| {
            let flag = Flag::ALL.into_iter().find(|flag| flag.name() == name).map(Self::from);
            let other = [(Kind::Excluded, Self::EXCLUDED), (Kind::Test, Self::TEST)]
                .into_iter()
                .find_map(|(kind, aside)| (kind.name() == name).then_some(aside));
            flag.or(other).map_or(all, |it| all.with(it))
        })
    }

    /// The flags among them.
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
    fn one_reason_is_said_where_there_are_several() {
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
    fn reasons_are_stored_as_bits_and_said_by_name() {
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
