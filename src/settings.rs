//! What the shop set: from raw `data-*` attributes to typed settings.
//!
//! Parsing never fails. A bad value is left out, so that the default holds, and becomes a
//! [`Warning`] that names attribute, value and what is allowed. An empty value says nothing and is
//! no mistake: templates leave one where a shop has no data.

use afterword_response::{Customer, CustomerKind, Order, Segment, Touchpoint, limits};

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
    /// Where answers go, resolved by the browser against the page. `None`: the script's own origin.
    pub endpoint: Option<String>,
    /// The shape in which they go.
    pub format: Format,
    /// Extra request headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The survey's id.
    pub survey: String,
    /// The moment in the customer's journey.
    pub touchpoint: Touchpoint,
    /// What is recommended. `None`: the site's name.
    pub subject: Option<String>,
    /// Texts that replace the locale's.
    pub question: Option<String>,
    /// The label at 0.
    pub low_label: Option<String>,
    /// The label at 10.
    pub high_label: Option<String>,
    /// The question after the score.
    pub follow_up: BySegment,
    /// The comment's placeholder.
    pub placeholder: Option<String>,
    /// The thanks.
    pub thanks: BySegment,
    /// Where a review can be written; offered to every score alike.
    pub review: Link,
    /// Where help is to be had; offered to detractors beside the review.
    pub support: Link,
    /// The shop's privacy notice.
    pub privacy_url: Option<String>,
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

/// A text for every customer, or one for each segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BySegment {
    any: Option<String>,
    detractor: Option<String>,
    passive: Option<String>,
    promoter: Option<String>,
}

impl BySegment {
    /// The text for `segment`: its own, or else the one for all.
    #[must_use]
    pub fn of(&self, segment: Segment) -> Option<&String> {
        let own = match segment {
            Segment::Detractor => &self.detractor,
            Segment::Passive => &self.passive,
            Segment::Promoter => &self.promoter,
        };
        own.as_ref().or(self.any.as_ref())
    }
}

/// A link, with the shop's own label or the locale's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Where it leads. `None`: it is not shown.
    pub url: Option<String>,
    /// What it says. `None`: the locale's words.
    pub label: Option<String>,
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
        match name {
            "endpoint" => self.endpoint = Some(address(value, &["http", "https"])?),
            "format" => {
                self.format = match value {
                    "json" => Format::Json,
                    "form" => Format::Form,
                    _ => return None,
                }
            }
            "survey" if limits::is_identifier(value) => self.survey = value.into(),
            "touchpoint" => self.touchpoint = Touchpoint::from_name(value)?,
            "subject" => self.subject = Some(text(value, limits::LABEL)?),
            "question" => self.question = Some(text(value, limits::TEXT)?),
            "low-label" => self.low_label = Some(text(value, limits::LABEL)?),
            "high-label" => self.high_label = Some(text(value, limits::LABEL)?),
            "follow-up" => self.follow_up.any = Some(text(value, limits::TEXT)?),
            "follow-up-detractor" => self.follow_up.detractor = Some(text(value, limits::TEXT)?),
            "follow-up-passive" => self.follow_up.passive = Some(text(value, limits::TEXT)?),
            "follow-up-promoter" => self.follow_up.promoter = Some(text(value, limits::TEXT)?),
            "placeholder" => self.placeholder = Some(text(value, limits::LABEL)?),
            "thanks" => self.thanks.any = Some(text(value, limits::TEXT)?),
            "thanks-detractor" => self.thanks.detractor = Some(text(value, limits::TEXT)?),
            "thanks-passive" => self.thanks.passive = Some(text(value, limits::TEXT)?),
            "thanks-promoter" => self.thanks.promoter = Some(text(value, limits::TEXT)?),
            "review-url" => self.review.url = Some(address(value, LINKS)?),
            "review-label" => self.review.label = Some(text(value, limits::LABEL)?),
            "support-url" => self.support.url = Some(address(value, LINKS)?),
            "support-label" => self.support.label = Some(text(value, limits::LABEL)?),
            "privacy-url" => self.privacy_url = Some(address(value, LINKS)?),
            // Chosen by the script, which paints before this module is here; checked all the same.
            "locale" if limits::is_locale(value) => {}
            "theme" if matches!(value, "auto" | "light" | "dark") => {}
            "accent" if is_colour(value) => {}
            "address" => {
                self.address = match value {
                    "formal" => Address::Formal,
                    "informal" => Address::Informal,
                    _ => return None,
                }
            }
            "order-id" => self.order.id = Some(text(value, limits::REFERENCE)?),
            "order-value" if limits::is_money(value) => self.order.value = Some(value.into()),
            "order-currency" if limits::is_code(value, 3) => {
                self.order.currency = Some(value.into());
            }
            "order-country" if limits::is_code(value, 2) => self.order.country = Some(value.into()),
            "products" => self.order.products = list(value, limits::PRODUCTS, limits::REFERENCE)?,
            "customer-id" => self.customer.id = Some(text(value, limits::REFERENCE)?),
            "customer-kind" => self.customer.kind = Some(CustomerKind::from_name(value)?),
            "tags" => self.tags = list(value, limits::TAGS, limits::NAME)?,
            "preview" => self.preview = switch(value)?,
            "debug" => self.debug = switch(value)?,
            _ => {
                if let Some(name) = name.strip_prefix("prop-") {
                    if !limits::is_identifier(name) || self.properties.len() == limits::PROPERTIES {
                        return None;
                    }
                    self.properties.push((name.into(), text(value, limits::TEXT)?));
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
}

/// Schemes that links may have.
const LINKS: &[&str] = &["http", "https", "mailto", "tel"];

/// A text of at most `most` characters.
fn text(value: &str, most: usize) -> Option<String> {
    (value.chars().count() <= most).then(|| value.into())
}

/// A list separated by commas, of at most `count` items of at most `length` characters.
fn list(value: &str, count: usize, length: usize) -> Option<Vec<String>> {
    let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<String> = items.map(|item| text(item, length)).collect::<Option<_>>()?;
    (items.len() <= count).then_some(items)
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

/// An address of one of `schemes`, or one without a scheme, which is relative to the page.
///
/// Control characters are refused, since browsers drop some of them before they look for a scheme.
fn address(value: &str, schemes: &[&str]) -> Option<String> {
    if value.len() > limits::PAGE || value.bytes().any(|b| b < 32 || b == 127) {
        return None;
    }
    let end = value.find([':', '/', '?', '#']).unwrap_or(value.len());
    let (start, rest) = value.split_at(end);
    let allowed = !rest.starts_with(':') || schemes.iter().any(|s| start.eq_ignore_ascii_case(s));
    allowed.then(|| value.into())
}

#[cfg(test)]
mod tests;
