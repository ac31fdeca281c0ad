//! Values for an import that the file does not have.

use afterword_response::Touchpoint;

/// The values of answers for which the file has no column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The survey that the answers join.
    pub survey: String,
    /// The touchpoint at which they were asked.
    pub touchpoint: Touchpoint,
    /// The language.
    pub locale: String,
    /// The currency of amounts without one.
    pub currency: Option<String>,
}

impl Defaults {
    /// The touchpoint "order", an unknown language and no currency.
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
