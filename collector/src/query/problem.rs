//! The problems that a query can have. `words` explains them in the reader's language.

/// The parameters of a query that are unknown or wrong, all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadQuery(pub(crate) Vec<BadParameter>);

impl BadQuery {
    /// One parameter is wrong.
    pub(crate) fn of(name: &str, problem: ParameterProblem) -> Self {
        Self(vec![BadParameter { name: name.to_owned(), problem }])
    }
}

/// A parameter that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadParameter {
    /// Its name, as it was sent.
    pub(crate) name: String,
    pub(crate) problem: ParameterProblem,
}

/// Why a parameter was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterProblem {
    /// No parameter has this name; `known` are the names that exist.
    Unknown { known: Vec<&'static str> },
    /// It is given twice.
    Repeated,
    /// It must be one of these words.
    Word(Vec<&'static str>),
    /// It must be one of two words.
    Either(&'static str, &'static str),
    /// It must name a property that responses can share.
    Facet,
    /// It must be an identifier, as of a survey.
    Identifier,
    /// It has more than `most` characters.
    Long { most: usize },
    /// It must have `least` to `most` characters.
    Length { least: usize, most: usize },
    /// The search holds no word.
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
    /// It is only for lists: an export has no pages.
    ForLists,
    /// A sentence in English, for a problem that only programs can cause: `must be at most 20 MB`.
    ForPrograms(String),
}
