//! The table of attributes: every `data-*` attribute, with everything that is known about it.
//!
//! This is the only place that says which attributes there are and what each allows. Made from it,
//! or held against it by a test that fails when it is stale:
//!
//! | what | how |
//! |---|---|
//! | the script's checks | `script/build/rules.rs` writes the patterns into the module `built` |
//! | [`settings`](crate::settings) | calls [`read`] |
//! | the tables in README.md | `cargo xtask generate`, with `manual` |
//! | the types in `afterword.d.ts` | `script/build`, with `manual` |
//! | the tag that the collector offers | a test in its `site/surveys/tag.rs` |
//!
//! # How an attribute is read
//!
//! The script (`script/attributes.js`) and [`read`] follow the same five steps. Characters are Unicode
//! scalar values everywhere, as in [`limits`].
//!
//! 1. The value is trimmed: [`trim`], which is JavaScript's `String.prototype.trim`.
//! 2. An empty value counts as absent, without a warning: templates leave one where a shop has no data.
//!    Only a [`Rule::Switch`] takes it, as `true`.
//! 3. A name that ends in `*` in the table is a family. The part of the name in the place of `*` must
//!    match [`NAME`]. Of each family the first [`MAX_IN_FAMILY`] attributes that are allowed count; the
//!    others are ignored.
//! 4. A list ([`Rule::List`]): [`items`] splits the value. Items that do not match the pattern are left
//!    out, then all after the first `count`.
//! 5. Every other rule: the value becomes what [`Rule::pattern`] matches. A pattern is anchored at the
//!    start, so that is the whole value, a shorter one (a text that was too long), or nothing (a value
//!    that is not allowed, which is ignored). In JavaScript: `pattern.exec(value)?.[0]`.
//!
//! Whatever is changed in steps 3 to 5 gets one warning for each attribute: see [`Fault`].

#[cfg(not(target_arch = "wasm32"))]
pub mod manual;

use afterword_response::limits::{self, cut};
use afterword_response::{CustomerKind, Touchpoint};

/// One attribute, or a family of attributes.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// The name without `data-`. `*` at the end stands for a name that the shop chooses.
    pub name: &'static str,
    /// Where it stands in the manual.
    pub group: Group,
    /// What its value must be like.
    pub rule: Rule,
    /// Who needs its value.
    pub reader: Reader,
    /// What it does; Markdown.
    pub manual: &'static str,
    /// What holds where it is absent, as the manual says it; Markdown, empty if nothing does.
    pub default: &'static str,
    /// How a test finds that it works; `None`: scenarios of its own do.
    pub example: Option<Example>,
}

/// A value of an attribute, and where it is found again after a score of 3. The scenario
/// `every_example_in_the_table_is_found_again` sets the examples of all attributes in one page, and none in another.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The value. In the place of `*` the attribute's name has `a`.
    pub value: &'static str,
    /// An expression in JavaScript that gives the value, of `sent`, the answer as the endpoint has it, and
    /// `find(selector)`, elements of the form.
    pub found: &'static str,
}

impl Example {
    const fn new(value: &'static str, found: &'static str) -> Option<Self> {
        Some(Self { value, found })
    }
}

/// The manual's groups, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where answers go, and how.
    Sending,
    /// What is asked.
    Asking,
    /// The words after the score.
    Following,
    /// Links to other pages.
    Links,
    /// Place, language and look.
    Look,
    /// What the shop knows about order and customer.
    Facts,
    /// When the question is asked.
    Moment,
    /// What is kept in the customer's browser.
    Keeping,
    /// For developers.
    Developing,
}

/// Who needs an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Only the script: it acts on the value before the widget comes, or in its place.
    Script,
    /// The script, before or with the first score, and the widget.
    Both,
    /// The widget, or in its place `form.js`, once there is a score. `afterword.js` can do without the
    /// rule, as long as the rule is applied before the value is used.
    Later,
}

/// What a value must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A text. One that is longer than so many characters is cut after that many.
    Text(usize),
    /// A number or name in the shop's systems, of at most so many characters. A longer one is ignored: cut,
    /// it would be another one.
    Reference(usize),
    /// Several references: see [`items`].
    List {
        /// How many.
        count: usize,
        /// How many characters each.
        length: usize,
    },
    /// An address with one of these schemes, or without a scheme (relative to the page); at most
    /// [`limits::PAGE`] characters, no control characters. Browsers drop some of those before they look for a
    /// scheme.
    Address(&'static [&'static str]),
    /// An amount of money: [`limits::is_money`].
    Money,
    /// So many capital letters: [`limits::is_code`].
    Code(usize),
    /// An id: [`limits::is_identifier`].
    Identifier,
    /// A language tag: [`limits::is_locale`], also with `_` in the place of `-`.
    Locale,
    /// A CSS selector of at most [`limits::TEXT`] characters. Whether it is one, the browser finds out.
    Selector,
    /// A hex colour, `#rgb` or `#rrggbb`.
    Colour,
    /// An event's name: up to [`limits::TEXT`] visible ASCII characters.
    Event,
    /// A header's value: up to [`limits::TEXT`] ASCII characters, spaces included.
    Header,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true`, `false`, or nothing for `true`.
    Switch,
}

/// How many attributes of one family count (`data-prop-*`, `data-header-*`).
pub const MAX_IN_FAMILY: usize = limits::PROPERTIES;

/// What the name of a family's member must match: [`limits::is_identifier`]. See [`FLAGS`].
pub const NAME: &str = "^[A-Za-z0-9._-]{1,64}$";

/// The flags of every pattern here: `u`, so that `.` is one scalar value, and `s`, so that it is any.
///
/// With these flags a pattern says the same in JavaScript and in Rust's regular expressions (where
/// `u` is always on); `fancy-regex` or `regress` is needed for the look-ahead in some.
pub const FLAGS: &str = "su";

const WEB: &[&str] = &["http", "https"];
const LINK: &[&str] = &["http", "https", "mailto", "tel"];
const LABEL: Rule = Rule::Text(limits::LABEL);
const TEXT: Rule = Rule::Text(limits::TEXT);
const REFERENCE: Rule = Rule::Reference(limits::REFERENCE);

/// Every attribute, in the manual's order.
pub const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "endpoint",
        group: Group::Sending,
        rule: Rule::Address(WEB),
        reader: Reader::Script,
        manual: "where answers go",
        default: "`/v1/responses` beside the script",
        example: None,
    },
    Attribute {
        name: "format",
        group: Group::Sending,
        rule: Rule::Word(&["json", "form"]),
        reader: Reader::Both,
        manual: "how answers are written",
        default: "`json`",
        example: None,
    },
    Attribute {
        name: "header-*",
        group: Group::Sending,
        rule: Rule::Header,
        reader: Reader::Both,
        manual: "an extra header of the request: `data-header-x-shop=\"berlin\"`",
        default: "",
        example: None,
    },
    Attribute {
        name: "report",
        group: Group::Sending,
        rule: Rule::Word(&["answers", "all"]),
        reader: Reader::Script,
        manual: "what is sent besides answers: `all` tells the endpoint also when half of the question had been in \
                 view, and when it was closed unanswered",
        default: "`answers`",
        example: None,
    },
    Attribute {
        name: "survey",
        group: Group::Asking,
        rule: Rule::Identifier,
        reader: Reader::Both,
        manual: "the survey's id, in the answers",
        default: "`default`",
        example: Example::new("post-purchase", "sent.survey"),
    },
    Attribute {
        name: "touchpoint",
        group: Group::Asking,
        rule: Rule::Word(Touchpoint::NAMES),
        reader: Reader::Both,
        manual: "the moment in the journey",
        default: "`order`",
        example: Example::new("delivery", "sent.touchpoint"),
    },
    Attribute {
        name: "subject",
        group: Group::Asking,
        rule: LABEL,
        reader: Reader::Both,
        manual: "what is recommended, in the question",
        default: "the site's name",
        example: Example::new(
            "Harbour & Hill",
            "find('#question').textContent.match(/Harbour & Hill/)?.[0]",
        ),
    },
    Attribute {
        name: "question",
        group: Group::Asking,
        rule: TEXT,
        reader: Reader::Both,
        manual: "another question; `{subject}` stands for the subject, here and in every text",
        default: "by locale",
        example: None,
    },
    Attribute {
        name: "low-label",
        group: Group::Asking,
        rule: LABEL,
        reader: Reader::Both,
        manual: "the label at 0",
        default: "by locale",
        example: Example::new("never", "find('#low').textContent"),
    },
    Attribute {
        name: "high-label",
        group: Group::Asking,
        rule: LABEL,
        reader: Reader::Both,
        manual: "the label at 10",
        default: "by locale",
        example: Example::new("always", "sent.method.high_label"),
    },
    Attribute {
        name: "follow-up",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "one question after every score",
        default: "one for 0-6, 7-8 and 9-10 each, by locale",
        example: Example::new("Why?", "find('.follow-up').textContent"),
    },
    Attribute {
        name: "follow-up-detractor",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "another question after 0-6",
        default: "",
        example: None,
    },
    Attribute {
        name: "follow-up-passive",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "another question after 7 and 8",
        default: "",
        example: None,
    },
    Attribute {
        name: "follow-up-promoter",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "another question after 9 and 10",
        default: "",
        example: None,
    },
    Attribute {
        name: "placeholder",
        group: Group::Following,
        rule: LABEL,
        reader: Reader::Later,
        manual: "the hint in the empty comment box",
        default: "by locale",
        example: Example::new("In a word", "find('textarea').placeholder"),
    },
    Attribute {
        name: "thanks",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "the same thanks for every score",
        default: "some for 0-6, 7-8 and 9-10 each, by locale",
        example: None,
    },
    Attribute {
        name: "thanks-detractor",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "other thanks after 0-6",
        default: "",
        example: None,
    },
    Attribute {
        name: "thanks-passive",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "other thanks after 7 and 8",
        default: "",
        example: None,
    },
    Attribute {
        name: "thanks-promoter",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Later,
        manual: "other thanks after 9 and 10",
        default: "",
        example: None,
    },
    Attribute {
        name: "review-url",
        group: Group::Links,
        rule: Rule::Address(LINK),
        reader: Reader::Later,
        manual: "where to write a public review; shown to every score",
        default: "not shown",
        example: None,
    },
    Attribute {
        name: "review-label",
        group: Group::Links,
        rule: LABEL,
        reader: Reader::Later,
        manual: "the review link's words",
        default: "by locale",
        example: None,
    },
    Attribute {
        name: "support-url",
        group: Group::Links,
        rule: Rule::Address(LINK),
        reader: Reader::Later,
        manual: "where to get help; shown besides after 0-6",
        default: "not shown",
        example: None,
    },
    Attribute {
        name: "support-label",
        group: Group::Links,
        rule: LABEL,
        reader: Reader::Later,
        manual: "the help link's words",
        default: "by locale",
        example: None,
    },
    Attribute {
        name: "privacy-url",
        group: Group::Links,
        rule: Rule::Address(LINK),
        reader: Reader::Later,
        manual: "your privacy notice, linked below the question",
        default: "not shown",
        example: Example::new("/privacy", "find('#privacy')?.getAttribute('href')"),
    },
    Attribute {
        name: "mode",
        group: Group::Look,
        rule: Rule::Word(&["inline", "corner"]),
        reader: Reader::Both,
        manual: "where the question stands: where the tag does, or as a card in the window's lower \
                 corner, on phones a sheet at the lower edge",
        default: "`inline`",
        example: None,
    },
    Attribute {
        name: "position",
        group: Group::Look,
        rule: Rule::Word(&["start", "end"]),
        reader: Reader::Script,
        manual: "which corner: of the side where lines start, or where they end",
        default: "`end`",
        example: None,
    },
    Attribute {
        name: "avoid",
        group: Group::Look,
        rule: Rule::Selector,
        reader: Reader::Script,
        manual: "what the card must not cover, such as a chat's button: it stands above that, or \
                 waits until that is gone; the bars of well-known consent tools need no mention",
        default: "",
        example: None,
    },
    Attribute {
        name: "locale",
        group: Group::Look,
        rule: Rule::Locale,
        reader: Reader::Script,
        manual: "the language",
        default: "the page's `lang`",
        example: None,
    },
    Attribute {
        name: "address",
        group: Group::Look,
        rule: Rule::Word(&["formal", "informal"]),
        reader: Reader::Both,
        manual: "how customers are addressed: Sie or du",
        default: "`formal`",
        example: None,
    },
    Attribute {
        name: "theme",
        group: Group::Look,
        rule: Rule::Word(&["auto", "light", "dark"]),
        reader: Reader::Script,
        manual: "colours: the page's own, or fixed ones",
        default: "`auto`",
        example: Example::new("dark", "find('.frame').dataset.theme"),
    },
    Attribute {
        name: "accent",
        group: Group::Look,
        rule: Rule::Colour,
        reader: Reader::Script,
        manual: "the colour of the chosen score and the button",
        default: "the text's colour",
        example: None,
    },
    Attribute {
        name: "order-id",
        group: Group::Facts,
        rule: REFERENCE,
        reader: Reader::Both,
        manual: "the order's number",
        default: "",
        example: Example::new("A-1001", "sent.order?.id"),
    },
    Attribute {
        name: "order-value",
        group: Group::Facts,
        rule: Rule::Money,
        reader: Reader::Both,
        manual: "the order's total",
        default: "",
        example: Example::new("129.90", "sent.order?.value"),
    },
    Attribute {
        name: "order-currency",
        group: Group::Facts,
        rule: Rule::Code(3),
        reader: Reader::Both,
        manual: "the total's currency",
        default: "",
        example: Example::new("EUR", "sent.order?.currency"),
    },
    Attribute {
        name: "order-country",
        group: Group::Facts,
        rule: Rule::Code(2),
        reader: Reader::Both,
        manual: "the country it goes to",
        default: "",
        example: Example::new("DE", "sent.order?.country"),
    },
    Attribute {
        name: "products",
        group: Group::Facts,
        rule: Rule::List { count: limits::PRODUCTS, length: limits::REFERENCE },
        reader: Reader::Both,
        manual: "what was bought: `Pot, Can`, or, where names have commas, `data-products='[\"Pot, blue\", \"Can\"]'`",
        default: "",
        example: Example::new("Pot, Can", "sent.order?.products?.join(', ')"),
    },
    Attribute {
        name: "customer-id",
        group: Group::Facts,
        rule: REFERENCE,
        reader: Reader::Both,
        manual: "the customer's number",
        default: "",
        example: Example::new("c1", "sent.customer?.id"),
    },
    Attribute {
        name: "customer-kind",
        group: Group::Facts,
        rule: Rule::Word(CustomerKind::NAMES),
        reader: Reader::Both,
        manual: "whether they bought here before",
        default: "",
        example: Example::new("returning", "sent.customer?.kind"),
    },
    Attribute {
        name: "prop-*",
        group: Group::Facts,
        rule: TEXT,
        reader: Reader::Both,
        manual: "a fact of your own: `data-prop-coupon=\"WELCOME\"`",
        default: "",
        example: Example::new("WELCOME", "sent.properties?.a"),
    },
    Attribute {
        name: "tags",
        group: Group::Facts,
        rule: Rule::List { count: limits::TAGS, length: limits::NAME },
        reader: Reader::Both,
        manual: "labels of your own, written like `data-products`",
        default: "",
        example: Example::new("q4, app", "sent.tags?.join(', ')"),
    },
    Attribute {
        name: "on",
        group: Group::Moment,
        rule: Rule::Event,
        reader: Reader::Script,
        manual: "asks when the page dispatches this event, and fetches nothing before",
        default: "at once",
        example: None,
    },
    Attribute {
        name: "storage",
        group: Group::Keeping,
        rule: Rule::Word(&["none", "session", "local"]),
        reader: Reader::Script,
        manual: "keeps answers that could not be sent in the customer's browser, for up to 30 days, \
                 until a later page can",
        default: "`none`",
        example: None,
    },
    Attribute {
        name: "consent",
        group: Group::Keeping,
        rule: Rule::Word(&["required"]),
        reader: Reader::Script,
        manual: "keeps nothing there before your page has called `afterword.consent(true)`",
        default: "not needed",
        example: None,
    },
    Attribute {
        name: "base",
        group: Group::Developing,
        rule: Rule::Address(WEB),
        reader: Reader::Script,
        manual: "on the script's tag: the folder of `afterword.js` and its files, where the tag does not name it \
                 itself, as in a file that joins several scripts",
        default: "the folder of the tag's `src`",
        example: None,
    },
    Attribute {
        name: "page",
        group: Group::Developing,
        rule: Rule::Address(WEB),
        reader: Reader::Script,
        manual: "the page's address in the answers, where the real one is not to be known; never with query and \
                 fragment, and with `*` for parts of the path that look like an e-mail address or a long token",
        default: "the page's own",
        example: Example::new("https://shop.example/thanks", "sent.page"),
    },
    Attribute {
        name: "test",
        group: Group::Developing,
        rule: Rule::Switch,
        reader: Reader::Both,
        manual: "what is answered here is a test: kept apart, counted in no figure",
        default: "`false`",
        example: Example::new("true", "String(sent.test)"),
    },
    Attribute {
        name: "preview",
        group: Group::Developing,
        rule: Rule::Switch,
        reader: Reader::Both,
        manual: "shows everything, sends nothing",
        default: "`false`",
        example: None,
    },
    Attribute {
        name: "debug",
        group: Group::Developing,
        rule: Rule::Switch,
        reader: Reader::Script,
        manual: "opens the shadow root to your tools",
        default: "`false`",
        example: None,
    },
];

impl Attribute {
    /// The attribute of that name (without `data-`): its own entry, or else that of its family.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        ATTRIBUTES.iter().find(|attribute| match attribute.prefix() {
            Some(prefix) => name.starts_with(prefix),
            None => attribute.name == name,
        })
    }

    /// What the names of a family begin with: `prop-`; `None` for a single attribute.
    #[must_use]
    pub fn prefix(&self) -> Option<&'static str> {
        self.name.strip_suffix('*')
    }

    /// Whether that name may be one more of this family, besides those that are taken.
    fn is_member(&self, name: &str, prefix: &str, taken: &[(String, String)]) -> bool {
        let before = taken.iter().filter(|(other, _)| other.starts_with(prefix)).count();
        before < MAX_IN_FAMILY && limits::is_identifier(&name[prefix.len()..])
    }

    /// What is allowed, for warnings and the manual.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self.prefix() {
            Some(_) => format!(
                "up to {MAX_IN_FAMILY}, {} each, and a name in the place of *",
                self.rule.allowed()
            ),
            None => self.rule.allowed(),
        }
    }
}

/// What happened to a value that was not taken as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A text was longer than allowed, and is cut.
    Cut,
    /// Some items of a list were too long, or too many, and are left out.
    Items,
    /// The value is not allowed, and ignored.
    Ignored,
}

/// What a rule makes of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value; several if it is a list, none if there is nothing to take.
    pub values: Vec<String>,
    /// What had to be changed.
    pub fault: Option<Fault>,
}

/// What the shop should know about one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The attribute, without `data-`.
    pub attribute: String,
    /// What stood there, trimmed.
    pub value: String,
    /// What happened to it.
    pub fault: Fault,
    /// What is allowed.
    pub allowed: String,
}

impl Warning {
    /// The warning as the console shows it: one sentence with the attribute, the first 80 characters of its
    /// value (a long one would bury the rest), what happened, and what is allowed.
    #[must_use]
    pub fn message(&self) -> String {
        let happened = match self.fault {
            Fault::Cut => "is cut",
            Fault::Items => "loses some items",
            Fault::Ignored => "is ignored",
        };
        [
            "afterword: data-",
            &self.attribute,
            "=\"",
            cut(&self.value, 80),
            "\" ",
            happened,
            "; allowed: ",
            &self.allowed,
        ]
        .concat()
    }
}

/// Reads the attributes of one element: names without `data-`, each at most once, and their values as they
/// stand in the page.
///
/// Gives the names and values that are taken, in the same order, a list as one pair for each of its items,
/// and a warning for each attribute that was not taken as it stands. Names that are not in the table
/// belong to other scripts: they are passed over.
#[must_use]
pub fn read(raw: &[(String, String)]) -> (Vec<(String, String)>, Vec<Warning>) {
    let mut taken: Vec<(String, String)> = Vec::new();
    let mut warnings = Vec::new();
    for (name, value) in raw {
        let Some(attribute) = Attribute::of(name) else { continue };
        let value = trim(value);
        if value.is_empty() && attribute.rule != Rule::Switch {
            continue;
        }
        let reading = match attribute.prefix() {
            Some(prefix) if !attribute.is_member(name, prefix, &taken) => Reading::IGNORED,
            _ => attribute.rule.read(value),
        };
        taken.extend(reading.values.into_iter().map(|value| (name.clone(), value)));
        if let Some(fault) = reading.fault {
            let (attribute, allowed) = (name.clone(), attribute.allowed());
            warnings.push(Warning { attribute, value: value.into(), fault, allowed });
        }
    }
    (taken, warnings)
}

impl Reading {
    /// Nothing is taken.
    const IGNORED: Self = Self { values: Vec::new(), fault: Some(Fault::Ignored) };
}

impl Rule {
    /// Reads a value that is trimmed and, but for [`Rule::Switch`], not empty.
    #[must_use]
    pub fn read(&self, value: &str) -> Reading {
        match *self {
            Self::Text(most) => {
                let kept = cut(value, most);
                let fault = (kept.len() < value.len()).then_some(Fault::Cut);
                Reading { values: vec![kept.into()], fault }
            }
            Self::List { count, length } => {
                let items = items(value);
                let all = items.len();
                let whole = items.into_iter().filter(|item| cut(item, length) == item);
                let values: Vec<String> = whole.take(count).collect();
                let fault = (values.len() < all).then_some(match values[..] {
                    [] => Fault::Ignored,
                    _ => Fault::Items,
                });
                Reading { values, fault }
            }
            _ if self.allows(value) => Reading { values: vec![value.into()], fault: None },
            _ => Reading::IGNORED,
        }
    }

    /// Whether a value is taken as it stands.
    #[must_use]
    pub fn check(&self, value: &str) -> bool {
        self.read(value).fault.is_none()
    }

    /// Whether a single value is allowed; any text is, up to its length.
    fn allows(&self, value: &str) -> bool {
        let among = |least: u8, most: usize| {
            value.len() <= most && value.bytes().all(|b| (least..=b'~').contains(&b))
        };
        match *self {
            Self::Text(most) | Self::Reference(most) | Self::List { length: most, .. } => {
                cut(value, most) == value
            }
            Self::Address(schemes) => is_address(value, schemes),
            Self::Money => limits::is_money(value),
            Self::Code(length) => limits::is_code(value, length),
            Self::Identifier => limits::is_identifier(value),
            Self::Locale => limits::is_locale(&value.replace('_', "-")),
            Self::Selector => cut(value, limits::TEXT) == value,
            Self::Colour => is_colour(value),
            Self::Event => among(b'!', limits::TEXT),
            Self::Header => among(b' ', limits::TEXT),
            Self::Word(words) => words.contains(&value),
            Self::Switch => matches!(value, "" | "true" | "false"),
        }
    }

    /// A regular expression for a value, or for one item of a list; see [`FLAGS`].
    ///
    /// Anchored at the start. What it matches is what is taken: all of the value, or, of a text that is too
    /// long, its beginning. No match: the value, or the item, is not allowed. No pattern but that of
    /// [`Rule::Switch`] matches an empty value.
    #[must_use]
    pub fn pattern(&self) -> String {
        match *self {
            Self::Text(most) => format!("^.{{1,{most}}}"),
            Self::Reference(most) | Self::List { length: most, .. } => format!("^.{{1,{most}}}$"),
            // No other scheme before a colon, and no control characters.
            Self::Address(schemes) => format!(
                "^(?!(?!(?:{}):)[^/?#]*:)\\P{{Cc}}{{1,{}}}$",
                schemes.iter().map(|scheme| in_any_case(scheme)).collect::<Vec<_>>().join("|"),
                limits::PAGE,
            ),
            Self::Money => "^[0-9]{1,12}(?:\\.[0-9]{1,4})?$".into(),
            Self::Code(length) => format!("^[A-Z]{{{length}}}$"),
            Self::Identifier => NAME.into(),
            Self::Locale => format!(
                "^(?!.{{{}}})[A-Za-z]{{2,3}}(?:[-_][A-Za-z0-9]{{1,8}})*$",
                limits::LOCALE + 1
            ),
            Self::Selector => format!("^.{{1,{}}}$", limits::TEXT),
            Self::Colour => "^#(?:[0-9A-Fa-f]{3}){1,2}$".into(),
            Self::Event => format!("^[!-~]{{1,{}}}$", limits::TEXT),
            Self::Header => format!("^[ -~]{{1,{}}}$", limits::TEXT),
            Self::Word(words) => format!("^(?:{})$", words.join("|")),
            Self::Switch => "^(?:true|false)?$".into(),
        }
    }

    /// How many items a list may have; `None` if the rule is not that of a list.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match *self {
            Self::List { count, .. } => Some(count),
            _ => None,
        }
    }

    /// What is allowed, for warnings and the manual.
    #[must_use]
    pub fn allowed(&self) -> String {
        match *self {
            Self::Text(most) | Self::Reference(most) => format!("{most} characters"),
            Self::List { count, length } => {
                format!("up to {count}, {length} characters each, with commas or as a JSON list")
            }
            Self::Address(schemes) => format!("{}, or a path", schemes.join(", ")),
            Self::Money => "a number such as 129.90".into(),
            Self::Code(2) => "two capital letters such as DE".into(),
            Self::Code(_) => "three capital letters such as EUR".into(),
            Self::Identifier => format!("{} letters, digits, '.', '_' or '-'", limits::NAME),
            Self::Locale => "a tag such as de or pt-BR".into(),
            Self::Selector => "a CSS selector".into(),
            Self::Colour => "a colour such as #1a56db".into(),
            Self::Event => "an event's name, without spaces".into(),
            Self::Header => format!("{} plain characters", limits::TEXT),
            Self::Word(words) => words.join(", "),
            Self::Switch => "true, false, or nothing for true".into(),
        }
    }
}

/// `scheme` as a pattern that takes capital letters, too; the flag `i` would take more than ASCII.
fn in_any_case(scheme: &str) -> String {
    scheme.chars().map(|c| format!("[{}{c}]", c.to_ascii_uppercase())).collect()
}

/// `text` without white space at both ends, as JavaScript's `trim` has it: unlike Rust's, that keeps
/// U+0085 and takes U+FEFF away.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

/// The items of a list, trimmed, without empty ones.
///
/// A value that begins with `[` and is JSON, an array of strings and nothing else, gives those strings.
/// Every other value is split at its commas. In JavaScript:
///
/// ```js
/// let all = value.split(',');
/// try {
///   const list = JSON.parse(value);
///   if (list.every((item) => item === item + '')) all = list; // all are strings
/// } catch {} // not JSON, or not an array
/// all.map((item) => item.trim()).filter((item) => item);
/// ```
#[must_use]
pub fn items(value: &str) -> Vec<String> {
    let all = json_list(value).unwrap_or_else(|| value.split(',').map(String::from).collect());
    all.iter().map(|item| trim(item)).filter(|item| !item.is_empty()).map(String::from).collect()
}

/// The strings of a JSON array that holds nothing but strings.
#[cfg(not(target_arch = "wasm32"))]
fn json_list(value: &str) -> Option<Vec<String>> {
    serde_json::from_str(value).ok()
}

#[cfg(target_arch = "wasm32")]
fn json_list(_: &str) -> Option<Vec<String>> {
    None
}

fn is_colour(value: &str) -> bool {
    value.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn is_address(value: &str, schemes: &[&str]) -> bool {
    if cut(value, limits::PAGE) != value || value.chars().any(char::is_control) {
        return false;
    }
    let end = value.find([':', '/', '?', '#']).unwrap_or(value.len());
    let (start, rest) = value.split_at(end);
    !rest.starts_with(':') || schemes.iter().any(|scheme| start.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
pub(crate) mod any;
#[cfg(test)]
mod tests;
