//! What somebody says of a file, where the file says nothing.

use afterword_response::Touchpoint;

/// What the file does not say of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The survey that the answers join.
    pub survey: String,
    /// The moment at which they were asked.
    pub touchpoint: Touchpoint,
    /// The language.
    pub locale: String,
    /// The currency of amounts that say none.
    pub currency: Option<String>,
}

impl Defaults {
    /// A survey's answers after an order, in no language that is known.
    #[must_use]
    pub fn of_survey(survey: &str) -> Self {
        Self {
            survey: survey.to_owned(),
            touchpoint: Touchpoint::Order,
            locale: String::new(),
            currency: None,
        }
    }
}
