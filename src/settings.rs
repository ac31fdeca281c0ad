//! What the shop set: attributes that have been read, as typed settings.
//!
//! What is allowed, and what happens to a value that is not, is the business of
//! [`attributes`](crate::attributes). Nothing here fails: a name that is not known is a text nobody asks for.

use afterword_response::{Customer, CustomerKind, Mode, Order, Touchpoint};

use crate::attributes::{self, Warning};

/// What a shop set, every value checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The shape in which they go.
    pub format: Format,
    /// Extra request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Where the survey stands; the script has seen to it.
    pub mode: Mode,
    /// The survey's id.
    pub survey: String,
    /// The moment in the customer's journey.
    pub touchpoint: Touchpoint,
    /// The texts and addresses of its own, by their attributes' names: see [`text`](Self::text).
    pub texts: Vec<(String, String)>,
    /// Whether German is `Sie` or `du`, French `vous` or `tu`, and so on.
    pub address: Address,
    /// The order asked about.
    pub order: Option<Order>,
    /// The customer asked.
    pub customer: Option<Customer>,
    /// The shop's own facts.
    pub properties: Vec<(String, String)>,
    /// The shop's own labels.
    pub tags: Vec<String>,
    /// The shop only tries it out: what is sent says so.
    pub test: bool,
    /// Shows everything, stores and sends nothing.
    pub preview: bool,
}

/// The shape in which answers go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The contract's JSON.
    #[default]
    Json,
    /// The same as an ordinary form.
    Form,
}

/// How the customer is addressed, in languages that distinguish it.
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
    /// The settings that names and values give which [`attributes::read`] has taken.
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
            "mode" => self.mode = if value == "corner" { Mode::Corner } else { Mode::Inline },
            "address" if value == "informal" => self.address = Address::Informal,
            "order-id" => self.order().id = Some(value),
            "order-value" => self.order().value = Some(value),
            "order-currency" => self.order().currency = Some(value),
            "order-country" => self.order().country = Some(value),
            "products" => self.order().products.push(value),
            "customer-id" => self.customer().id = Some(value),
            "customer-kind" => self.customer().kind = CustomerKind::from_name(&value),
            "tags" => self.tags.push(value),
            "test" => self.test = value != "false",
            "preview" => self.preview = value != "false",
            _ => {
                if let Some(name) = name.strip_prefix("prop-") {
                    self.properties.push((name.into(), value));
                } else if let Some(name) = name.strip_prefix("header-") {
                    self.headers.push((name.into(), value));
                } else {
                    self.texts.push((name.into(), value));
                }
            }
        }
    }

    fn order(&mut self) -> &mut Order {
        self.order.get_or_insert_default()
    }

    fn customer(&mut self) -> &mut Customer {
        self.customer.get_or_insert_default()
    }

    /// The shop's own text or address of that attribute; `None`: the default holds.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests;
