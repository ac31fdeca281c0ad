//! What can be wrong with a query. `words` says it in the reader's language.

/// The parameters of a query that are unknown or wrong, all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadQuery(pub(crate) Vec<BadParameter>);

impl BadQuery {
    /// One parameter is wrong.
    pub(crate) fn of(name: &str, problem: ParameterProblem) -> Self {
        Self(vec![BadParameter { name: name.to_owned(), problem }])
    }
}

/// A parameter that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadParameter {
    /// As it was sent.
    pub(crate) name: String,
    pub(crate) problem: ParameterProblem,
}

/// Why a parameter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterProblem {
    /// There is no parameter of that name; the names that there are.
    Unknown { known: Vec<&'static str> },
    /// It is there twice.
    Repeated,
    /// It must be one of these words.
    Word(Vec<&'static str>),
    /// It must be the one or the other.
    Either(&'static str, &'static str),
    /// It must name a property that responses can share.
    Facet,
    /// It must be an identifier, as of a survey.
    Identifier,
    /// So many characters at most.
    Long { most: usize },
    /// From so many characters to so many.
    Length { least: usize, most: usize },
    /// A search without a word to look for.
    NoWord,
    /// Only one property can be asked for at a time.
    SecondFacet,
    /// It must be a day or a moment.
    DayOrMoment,
    /// It must be a day.
    Day,
    /// It must be a whole number in this range.
    Number { least: u32, most: u32 },
    /// It must be a cursor that a list gave.
    Cursor,
    /// The last day is earlier than the first.
    BeforeFrom,
    /// A period cannot be combined with days.
    PeriodAndDates,
    /// It must be a period.
    Period,
    /// It is for lists, and an export has no pages.
    ForLists,
    /// What only programs can meet, in English: `must be at most 20 MB`.
    ForPrograms(String),
}
