//! Problems of a body, and the remedies for them.

use std::fmt;

/// Why a body was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is not JSON; the parser's message.
    Syntax(String),
    /// This receiver does not know the version of the contract; the version as it was written.
    Version(String),
    /// Fields that break the contract and cannot be left out; never empty.
    Fields(Vec<FieldProblem>),
}

impl Refusal {
    /// A refusal for one field.
    pub(super) fn field(field: &str, problem: Problem) -> Self {
        Self::Fields(vec![FieldProblem { field: field.to_owned(), problem }])
    }
}

/// One field that breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's dotted name: `order.value`. Items of lists have a number, from 0: `tags.3`.
    pub field: String,
    /// The problem, which also says what is allowed.
    pub problem: Problem,
}

/// One field that broke the contract without its message being refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The field's dotted name, as in [`FieldProblem::field`].
    pub field: String,
    /// The problem.
    pub problem: Problem,
    /// What the receiver did about it.
    pub remedy: Remedy,
}

/// What a receiver does with a field that breaks the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// It is not stored: the field counts as not known.
    LeftOut,
    /// Only as many of its first characters or items are stored as are allowed.
    Cut,
    /// It was a number, `true` or `false` in the place of a text, and is stored as the text that was written.
    AsText,
}

/// A problem of a field. Its text completes a sentence that begins with the field's name: `must be …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The field is missing.
    Missing,
    /// The body does not name its version of the contract.
    NoVersion,
    /// Not an object.
    Object,
    /// Not a list.
    List,
    /// Not a text.
    Text,
    /// Neither `true` nor `false`.
    Flag,
    /// A text without characters.
    Empty,
    /// A text in a field that must stay empty.
    NotEmpty,
    /// A text with more characters than are allowed.
    Long {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        has: usize,
    },
    /// A list with more items than are allowed.
    Many {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        has: usize,
    },
    /// Not a whole number within its bounds.
    Number {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// Not one of the words that the contract allows.
    Word {
        /// The words.
        allowed: &'static [&'static str],
    },
    /// [`limits::is_identifier`](crate::limits::is_identifier) does not accept it.
    Identifier,
    /// A property whose name [`limits::is_identifier`](crate::limits::is_identifier) does not accept.
    PropertyName,
    /// Not a UUID of version 7.
    Uuid,
    /// Not a time of RFC 3339.
    Time,
    /// Not an address with http or https.
    Address,
    /// Not a language tag.
    Locale,
    /// Not an amount of money.
    Amount,
    /// Not a SHA-256 in small hexadecimal digits.
    Sha256,
    /// Not a code of capital letters.
    Code {
        /// How many letters.
        letters: usize,
        /// A valid code.
        example: &'static str,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::NoVersion => {
                write!(f, "is missing; this receiver knows version {}", crate::VERSION)
            }
            Self::Object => f.write_str("must be an object"),
            Self::List => f.write_str("must be a list of texts"),
            Self::Text => f.write_str("must be a text"),
            Self::Flag => f.write_str("must be true or false"),
            Self::Empty => f.write_str("must not be empty"),
            Self::NotEmpty => f.write_str("must stay empty"),
            Self::Long { most, has } => {
                write!(f, "must be at most {most} characters, and has {has}")
            }
            Self::Many { most, has } => write!(f, "must be at most {most} items, and has {has}"),
            Self::Number { least, most } => {
                write!(f, "must be a whole number from {least} to {most}")
            }
            Self::Word { allowed } => write!(f, "must be one of {}", allowed.join(", ")),
            Self::Identifier => f.write_str("must be 1 to 64 letters, digits, '.', '_' or '-'"),
            Self::PropertyName => {
                f.write_str("must have a name of 1 to 64 letters, digits, '.', '_' or '-'")
            }
            Self::Uuid => f.write_str("must be a UUID of version 7 with hyphens"),
            Self::Time => {
                f.write_str("must be a time as in RFC 3339, such as 2026-11-21T17:00:00.000Z")
            }
            Self::Address => f.write_str("must be an http or https address"),
            Self::Locale => f.write_str("must be a language tag such as de or pt-BR"),
            Self::Amount => f.write_str(
                "must be a decimal number such as 129.90, without sign or thousands separators",
            ),
            Self::Sha256 => f.write_str("must be a SHA-256 in 64 small hexadecimal digits"),
            Self::Code { letters, example } => {
                let letters = if *letters == 2 { "two" } else { "three" };
                write!(f, "must be {letters} capital letters such as {example}")
            }
        }
    }
}

impl Remedy {
    /// The names of all remedies.
    pub const NAMES: [&str; 3] = [Self::LeftOut.name(), Self::Cut.name(), Self::AsText.name()];

    /// The remedy's name in receipts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeftOut => "left-out",
            Self::Cut => "cut",
            Self::AsText => "as-text",
        }
    }
}
