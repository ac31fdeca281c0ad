//! What the shop set: from raw `data-*` attributes to typed settings.
//!
//! Parsing never fails. A bad value is left out, so that the default holds, and becomes a
//! [`Warning`] that names attribute, value and what is allowed. An empty value says nothing and is
//! no mistake: templates leave one where a shop has no data.

use afterword_response::{Customer, CustomerKind, Mode, Order, Touchpoint, limits};

/// Every attribute, without `data-`. `*` stands for a name.
///
/// The table in README.md, and what [`parse`] takes, are held against this one by tests.
pub const ATTRIBUTES: &[&str] = &[
    "endpoint",
    "format",
    "header-*",
    "report",
    "survey",
    "touchpoint",
    "subject",
    "question",
    "low-label",
    "high-label",
    "follow-up",
    "follow-up-detractor",
    "follow-up-passive",
    "follow-up-promoter",
    "placeholder",
    "thanks",
    "thanks-detractor",
    "thanks-passive",
    "thanks-promoter",
    "review-url",
    "review-label",
    "support-url",
    "support-label",
    "privacy-url",
    "mode",
    "position",
    "locale",
    "address",
    "theme",
    "accent",
    "order-id",
    "order-value",
    "order-currency",
    "order-country",
    "products",
    "customer-id",
    "customer-kind",
    "prop-*",
    "tags",
    "on",
    "storage",
    "consent",
    "preview",
    "debug",
];

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
    /// Shows everything, stores and sends nothing.
    pub preview: bool,
    /// Whether the shadow root is open to the developer's tools; the script has seen to it.
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
        let value = self.value.get(..80).unwrap_or(&self.value);
        [
            "afterword: data-",
            &self.attribute,
            "=\"",
            value,
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
        if let Err(allowed) = settings.take(name, value) {
            warnings.push(Warning { attribute: name.clone(), value: value.into(), allowed });
        }
    }
    (settings, warnings)
}

/// A value was taken, or what is allowed in its place.
type Taken = Result<(), &'static str>;

impl Settings {
    /// Takes one value. An empty one, and a name that is not ours, is taken as nothing.
    fn take(&mut self, name: &str, value: &str) -> Taken {
        let switch = match name {
            "preview" => &mut self.preview,
            "debug" => &mut self.debug,
            _ if value.is_empty() => return Ok(()),
            _ => return self.take_value(name, value),
        };
        // Its bare presence is a yes.
        *switch = match value {
            "" | "true" => true,
            "false" => false,
            _ => return Err("true, false, or nothing for true"),
        };
        Ok(())
    }

    fn take_value(&mut self, name: &str, value: &str) -> Taken {
        if let Some(rule) = Rule::of(name) {
            rule.check(value)?;
            // Of the words, no two attributes have one in common.
            if matches!(rule, Rule::Among(_)) {
                match value {
                    "corner" => self.mode = Mode::Corner,
                    "form" => self.format = Format::Form,
                    "informal" => self.address = Address::Informal,
                    _ => {}
                }
                return Ok(());
            }
            match self.fact(name) {
                Some(fact) => *fact = Some(value.into()),
                None => self.texts.push((name.into(), value.into())),
            }
            return Ok(());
        }
        let check = |holds: bool, allowed| if holds { Ok(()) } else { Err(allowed) };
        match name {
            "survey" => {
                check(limits::is_identifier(value), "at most 64 letters, digits, '.', '_' or '-'")?;
                self.survey = value.into();
            }
            "touchpoint" => {
                self.touchpoint = Touchpoint::from_name(value)
                    .ok_or("visit, order, delivery, support, return")?;
            }
            // Chosen by the script, which paints before this module is here; checked all the same.
            "locale" => check(limits::is_locale(value), "a language tag such as de or pt-BR")?,
            "accent" => check(is_colour(value), "a colour such as #1a56db")?,
            "on" => {
                let holds = value.bytes().all(|b| b.is_ascii_graphic());
                check(holds, "an event's name, without spaces")?;
            }
            "products" => {
                self.order().products = list(value, limits::PRODUCTS, limits::REFERENCE)
                    .ok_or("up to 50 of at most 128 characters, with commas")?;
            }
            "customer-kind" => {
                let kind = CustomerKind::from_name(value).ok_or("new, returning")?;
                self.customer.get_or_insert_default().kind = Some(kind);
            }
            "tags" => {
                self.tags = list(value, limits::TAGS, limits::NAME)
                    .ok_or("up to 20 of at most 64 characters, with commas")?;
            }
            _ => {
                if let Some(name) = name.strip_prefix("prop-") {
                    let holds =
                        limits::is_identifier(name) && self.properties.len() < limits::PROPERTIES;
                    check(holds, "up to 30, a name after prop-")?;
                    Rule::Text(limits::TEXT).check(value)?;
                    self.properties.push((name.into(), value.into()));
                } else if let Some(name) = name.strip_prefix("header-") {
                    let plain = value.bytes().all(|b| matches!(b, 32..=126));
                    let holds = limits::is_identifier(name) && plain;
                    check(holds, "plain characters, a header's name after header-")?;
                    self.headers.push((name.into(), value.into()));
                }
            }
        }
        Ok(())
    }

    /// Where a fact about order or customer goes.
    fn fact(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "order-id" => &mut self.order().id,
            "order-value" => &mut self.order().value,
            "order-currency" => &mut self.order().currency,
            "order-country" => &mut self.order().country,
            "customer-id" => &mut self.customer.get_or_insert_default().id,
            _ => return None,
        })
    }

    fn order(&mut self) -> &mut Order {
        self.order.get_or_insert_default()
    }

    /// The shop's own text or address of that attribute; `None`: the default holds.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }
}

/// What a value must be like.
enum Rule {
    /// At most so many characters.
    Text(usize),
    /// An address of one of these schemes, or one without.
    Address(&'static [&'static str]),
    /// An amount of money.
    Money,
    /// So many capital letters.
    Code(usize),
    /// One of these words.
    Among(&'static str),
}

/// The attributes that need no more than a rule, those of the same one together.
const RULES: &[(&str, Rule)] = &[
    ("endpoint", Rule::Address(&["http", "https"])),
    ("review-url, support-url, privacy-url", Rule::Address(&["http", "https", "mailto", "tel"])),
    (
        "subject, low-label, high-label, placeholder, review-label, support-label",
        Rule::Text(limits::LABEL),
    ),
    (
        "question, follow-up, follow-up-detractor, follow-up-passive, follow-up-promoter, \
         thanks, thanks-detractor, thanks-passive, thanks-promoter",
        Rule::Text(limits::TEXT),
    ),
    ("order-id, customer-id", Rule::Text(limits::REFERENCE)),
    ("order-value", Rule::Money),
    ("order-currency", Rule::Code(3)),
    ("order-country", Rule::Code(2)),
    ("format", Rule::Among("json, form")),
    ("mode", Rule::Among("inline, corner")),
    ("address", Rule::Among("formal, informal")),
    // What these say is the script's to do.
    ("position", Rule::Among("start, end")),
    ("theme", Rule::Among("auto, light, dark")),
    ("report", Rule::Among("answers, all")),
    ("storage", Rule::Among("none, session, local")),
    ("consent", Rule::Among("required")),
];

impl Rule {
    /// What the value of the attribute of that name must be like, if that is all there is to it.
    fn of(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|(names, _)| is_among(name, names)).map(|(_, rule)| rule)
    }

    /// Whether the value is allowed, or what is.
    fn check(&self, value: &str) -> Taken {
        let (holds, allowed) = match *self {
            Self::Text(most) => (
                value.chars().count() <= most,
                match most {
                    limits::LABEL => "at most 100 characters",
                    limits::REFERENCE => "at most 128 characters",
                    _ => "at most 500 characters",
                },
            ),
            Self::Address(schemes) => (
                is_address(value, schemes),
                "an http(s) address or a path; for links also mailto and tel",
            ),
            Self::Money => (limits::is_money(value), "a decimal number such as 129.90"),
            Self::Code(length) => {
                (limits::is_code(value, length), "capital letters such as EUR, or DE")
            }
            Self::Among(words) => (is_among(value, words), words),
        };
        if holds { Ok(()) } else { Err(allowed) }
    }
}

/// Whether the word is one of those, which are separated by commas.
fn is_among(word: &str, words: &str) -> bool {
    words.split(',').any(|one| one.trim() == word)
}

/// A list separated by commas, of at most `count` items of at most `length` characters.
fn list(value: &str, count: usize, length: usize) -> Option<Vec<String>> {
    let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<String> = items.map(String::from).collect();
    let allowed = items.len() <= count && items.iter().all(|item| item.chars().count() <= length);
    allowed.then_some(items)
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
