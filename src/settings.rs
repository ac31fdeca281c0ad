//! What the shop set: from raw `data-*` attributes to typed settings.
//!
//! Parsing never fails. A bad value is left out, so that the default holds, and becomes a
//! [`Warning`] that names attribute, value and what is allowed. An empty value says nothing and is
//! no mistake: templates leave one where a shop has no data.

use afterword_response::{Customer, CustomerKind, Order, Touchpoint, limits};

/// Every attribute, without `data-`, and what is allowed in it. `*` stands for a name.
///
/// The table in README.md is held against this one by a test.
pub const ATTRIBUTES: &[(&str, &str)] = &[
    ("endpoint", LINK),
    ("format", "json, form"),
    ("header-*", "a header's name after header-, plain characters as its value"),
    ("survey", IDENTIFIER),
    ("touchpoint", "visit, order, delivery, support, return"),
    ("subject", LABEL),
    ("question", TEXT),
    ("low-label", LABEL),
    ("high-label", LABEL),
    ("follow-up", TEXT),
    ("follow-up-detractor", TEXT),
    ("follow-up-passive", TEXT),
    ("follow-up-promoter", TEXT),
    ("placeholder", LABEL),
    ("thanks", TEXT),
    ("thanks-detractor", TEXT),
    ("thanks-passive", TEXT),
    ("thanks-promoter", TEXT),
    ("review-url", ADDRESS),
    ("review-label", LABEL),
    ("support-url", ADDRESS),
    ("support-label", LABEL),
    ("privacy-url", ADDRESS),
    ("locale", "a language tag such as de or pt-BR"),
    ("address", "formal, informal"),
    ("theme", "auto, light, dark"),
    ("accent", "a colour such as #1a56db"),
    ("order-id", REFERENCE),
    ("order-value", "a decimal number such as 129.90"),
    ("order-currency", "three capital letters such as EUR"),
    ("order-country", "two capital letters such as DE"),
    ("products", "up to 50, separated by commas, of at most 128 characters"),
    ("customer-id", REFERENCE),
    ("customer-kind", "new, returning"),
    ("prop-*", "a property's name after prop-, at most 500 characters as its value"),
    ("tags", "up to 20, separated by commas, of at most 64 characters"),
    ("on", "an event's name, without spaces"),
    ("preview", SWITCH),
    ("debug", SWITCH),
];

const LINK: &str = "an http or https address, or a path";
const ADDRESS: &str = "an http, https, mailto or tel address, or a path";
const IDENTIFIER: &str = "at most 64 letters, digits, '.', '_' or '-'";
const LABEL: &str = "at most 100 characters";
const TEXT: &str = "at most 500 characters";
const REFERENCE: &str = "at most 128 characters";
const SWITCH: &str = "true, false, or nothing for true";

/// What a shop set, every value checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The shape in which they go.
    pub format: Format,
    /// Extra request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The survey's id.
    pub survey: String,
    /// The moment in the customer's journey.
    pub touchpoint: Touchpoint,
    /// The texts and addresses of its own, by their attributes' names: see [`text`](Self::text).
    pub texts: Vec<(String, String)>,
    /// Whether German is `Sie` or `du`, French `vous` or `tu`, and so on.
    pub address: Address,
    /// The order asked about.
    pub order: Order,
    /// The customer asked.
    pub customer: Customer,
    /// The shop's own facts.
    pub properties: Vec<(String, String)>,
    /// The shop's own labels.
    pub tags: Vec<String>,
    /// Shows everything, stores and sends nothing.
    pub preview: bool,
    /// Tells the console what happens.
    pub debug: bool,
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

/// A value that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The attribute, without `data-`.
    pub attribute: String,
    /// What stood there.
    pub value: String,
    /// What is allowed.
    pub allowed: &'static str,
}

impl Warning {
    /// The warning as the console shows it.
    #[must_use]
    pub fn message(&self) -> String {
        // A long value would bury the message.
        let value: String = self.value.chars().take(80).collect();
        [
            "afterword: data-",
            &self.attribute,
            "=\"",
            &value,
            "\" is ignored; allowed: ",
            self.allowed,
        ]
        .concat()
    }
}

/// Reads the attributes, names without `data-`. Names that are not ours are another script's.
#[must_use]
pub fn parse(raw: &[(String, String)]) -> (Settings, Vec<Warning>) {
    let mut settings = Settings { survey: "default".into(), ..Settings::default() };
    let mut warnings = Vec::new();
    for (name, value) in raw {
        let value = value.trim();
        let is_switch = matches!(name.as_str(), "preview" | "debug");
        if (value.is_empty() && !is_switch) || settings.take(name, value).is_some() {
            continue;
        }
        if let Some((_, allowed)) = ATTRIBUTES.iter().find(|(known, _)| is_named(known, name)) {
            warnings.push(Warning { attribute: name.clone(), value: value.into(), allowed });
        }
    }
    (settings, warnings)
}

/// Whether an entry of [`ATTRIBUTES`] covers the attribute `name`.
fn is_named(known: &str, name: &str) -> bool {
    known.strip_suffix('*').map_or(known == name, |prefix| name.starts_with(prefix))
}

impl Settings {
    /// Takes one value; `None` if it is not allowed, or the name is not known.
    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        if let Some(rule) = Rule::of(name) {
            rule.check(value)?;
            match self.fact(name) {
                Some(fact) => *fact = Some(value.into()),
                None => self.texts.push((name.into(), value.into())),
            }
            return Some(());
        }
        match name {
            "format" => {
                self.format = match value {
                    "json" => Format::Json,
                    "form" => Format::Form,
                    _ => return None,
                }
            }
            "survey" if limits::is_identifier(value) => self.survey = value.into(),
            "touchpoint" => self.touchpoint = Touchpoint::from_name(value)?,
            // Chosen by the script, which paints before this module is here; checked all the same.
            "locale" if limits::is_locale(value) => {}
            "theme" if matches!(value, "auto" | "light" | "dark") => {}
            "accent" if is_colour(value) => {}
            "on" if value.bytes().all(|b| b.is_ascii_graphic()) => {}
            "address" => {
                self.address = match value {
                    "formal" => Address::Formal,
                    "informal" => Address::Informal,
                    _ => return None,
                }
            }
            "products" => self.order.products = list(value, limits::PRODUCTS, limits::REFERENCE)?,
            "customer-kind" => self.customer.kind = Some(CustomerKind::from_name(value)?),
            "tags" => self.tags = list(value, limits::TAGS, limits::NAME)?,
            "preview" => self.preview = switch(value)?,
            "debug" => self.debug = switch(value)?,
            _ => {
                if let Some(name) = name.strip_prefix("prop-") {
                    if !limits::is_identifier(name) || self.properties.len() == limits::PROPERTIES {
                        return None;
                    }
                    Rule::Text(limits::TEXT).check(value)?;
                    self.properties.push((name.into(), value.into()));
                } else if let Some(name) = name.strip_prefix("header-") {
                    if !limits::is_identifier(name) || !value.bytes().all(|b| matches!(b, 32..=126))
                    {
                        return None;
                    }
                    self.headers.push((name.into(), value.into()));
                } else {
                    return None;
                }
            }
        }
        Some(())
    }

    /// Where a fact about order or customer goes.
    fn fact(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "order-id" => &mut self.order.id,
            "order-value" => &mut self.order.value,
            "order-currency" => &mut self.order.currency,
            "order-country" => &mut self.order.country,
            "customer-id" => &mut self.customer.id,
            _ => return None,
        })
    }

    /// The shop's own text or address of that attribute; `None`: the default holds.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }
}

/// What a text must be like.
enum Rule {
    /// At most so many characters.
    Text(usize),
    /// An address of one of these schemes, or one without.
    Address(&'static [&'static str]),
    /// An amount of money.
    Money,
    /// So many capital letters.
    Code(usize),
}

impl Rule {
    /// What the text of that name must be like; `None` if it is no text.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "endpoint" => Self::Address(&["http", "https"]),
            "review-url" | "support-url" | "privacy-url" => {
                Self::Address(&["http", "https", "mailto", "tel"])
            }
            "subject" | "low-label" | "high-label" | "placeholder" | "review-label"
            | "support-label" => Self::Text(limits::LABEL),
            "question"
            | "follow-up"
            | "follow-up-detractor"
            | "follow-up-passive"
            | "follow-up-promoter"
            | "thanks"
            | "thanks-detractor"
            | "thanks-passive"
            | "thanks-promoter" => Self::Text(limits::TEXT),
            "order-id" | "customer-id" => Self::Text(limits::REFERENCE),
            "order-value" => Self::Money,
            "order-currency" => Self::Code(3),
            "order-country" => Self::Code(2),
            _ => return None,
        })
    }

    /// The value, if it is allowed.
    fn check<'a>(&self, value: &'a str) -> Option<&'a str> {
        let allowed = match *self {
            Self::Text(most) => value.chars().count() <= most,
            Self::Address(schemes) => is_address(value, schemes),
            Self::Money => limits::is_money(value),
            Self::Code(length) => limits::is_code(value, length),
        };
        allowed.then_some(value)
    }
}

/// A list separated by commas, of at most `count` items of at most `length` characters.
fn list(value: &str, count: usize, length: usize) -> Option<Vec<String>> {
    let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<String> = items.map(String::from).collect();
    let allowed = items.len() <= count && items.iter().all(|item| item.chars().count() <= length);
    allowed.then_some(items)
}

/// A boolean attribute: its bare presence is a yes.
fn switch(value: &str) -> Option<bool> {
    match value {
        "" | "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A hex colour, `#rgb` or `#rrggbb`.
fn is_colour(value: &str) -> bool {
    value.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// Whether `value` is an address of one of `schemes`, or one without a scheme, which is relative to
/// the page.
///
/// Control characters are refused, since browsers drop some of them before they look for a scheme.
fn is_address(value: &str, schemes: &[&str]) -> bool {
    if value.len() > limits::PAGE || value.bytes().any(|b| b < 32 || b == 127) {
        return false;
    }
    let end = value.find([':', '/', '?', '#']).unwrap_or(value.len());
    let (start, rest) = value.split_at(end);
    !rest.starts_with(':') || schemes.iter().any(|s| start.eq_ignore_ascii_case(s))
}

#[cfg(test)]
mod tests;
