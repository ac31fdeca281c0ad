//! The shop's settings: typed values, made from attributes that have been read.
//!
//! [`attributes`](crate::attributes) checks the values. Nothing here fails: an unknown name becomes a text
//! that nothing reads.

use afterword_response::{Mode, Touchpoint};

use crate::attributes::{self, Warning};

/// A shop's settings, every value checked, without the facts that an answer holds about the order, the customer and the
/// shop (`data-order-*`, `data-prop-*` and so on): the script adds these to each message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The format in which answers are sent.
    pub format: Format,
    /// Extra request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Where the survey stands on the page; the script has placed it there.
    pub mode: Mode,
    /// The survey's id.
    pub survey: String,
    /// The moment in the customer's journey.
    pub touchpoint: Touchpoint,
    /// The shop's texts and addresses, by the names of their attributes: see [`text`](Self::text).
    pub texts: Vec<(String, String)>,
    /// Whether customers are addressed as `Sie` or `du` in German, `vous` or `tu` in French, and so on.
    pub address: Address,
    /// The shop only tries it out, and each response is marked as a test.
    pub test: bool,
    /// Shows everything, stores and sends nothing.
    pub preview: bool,
}

/// The format in which answers are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The contract's JSON.
    #[default]
    Json,
    /// An ordinary form with the same fields.
    Form,
}

/// How the customer is addressed, in languages that distinguish formal from informal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Address {
    /// `Sie`, `vous`.
    #[default]
    Formal,
    /// `du`, `tu`.
    Informal,
}

/// Reads attributes as they stand in the page, names without `data-`.
#[must_use]
pub fn parse(raw: &[(String, String)]) -> (Settings, Vec<Warning>) {
    let (taken, warnings) = attributes::read(raw);
    (Settings::of(taken), warnings)
}

impl Settings {
    /// The settings from the names and values that [`attributes::read`] has taken.
    #[must_use]
    pub fn of(taken: Vec<(String, String)>) -> Self {
        let mut settings = Self { survey: "default".into(), ..Self::default() };
        for (name, value) in taken {
            settings.set(&name, value);
        }
        settings
    }

    fn set(&mut self, name: &str, value: String) {
        match name {
            "format" => self.format = if value == "form" { Format::Form } else { Format::Json },
            "survey" => self.survey = value,
            "touchpoint" => self.touchpoint = Touchpoint::from_name(&value).unwrap_or_default(),
            "mode" => self.mode = mode(&value),
            "address" if value == "informal" => self.address = Address::Informal,
            "test" => self.test = value != "false",
            "preview" => self.preview = value != "false",
            _ => {
                if let Some(name) = name.strip_prefix("header-") {
                    self.headers.push((name.into(), value));
                } else {
                    self.texts.push((name.into(), value));
                }
            }
        }
    }

    /// The shop's text or address of that attribute; `None` if the default applies.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }
}

/// The mode of that name, which the rule allows. The names differ in their first letters, and more comparing would make the
/// module larger.
fn mode(name: &str) -> Mode {
    match name.as_bytes().first() {
        Some(b'c') => Mode::Corner,
        Some(b'b') => Mode::Banner,
        Some(b'd') => Mode::Dialog,
        Some(b't') => Mode::Tab,
        Some(b'm') => Mode::Manual,
        _ => Mode::Inline,
    }
}

#[cfg(test)]
mod tests;
