//! The table of attributes: every `data-*` attribute with all its properties.
//!
//! Only this table defines the attributes and their allowed values. The following is generated from it, or
//! compared with it by a test:
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
//! 2. An empty value counts as absent, without a warning: templates leave one if a shop has no data. Only
//!    [`Rule::Switch`] reads it, as `true`.
//! 3. A name that ends in `*` in the table is a family. The part of the name in the place of `*` must match
//!    [`NAME`]. The first [`MAX_IN_FAMILY`] allowed attributes of each family count; the others are ignored.
//! 4. A list ([`Rule::List`]): [`items`] splits the value. Items that do not match the pattern are left out,
//!    and then all after the first `count`.
//! 5. Every other rule: the value becomes the part that [`Rule::pattern`] matches. A pattern is anchored at the
//!    start, so that is the whole value, its beginning (of a text that was too long), or nothing (if the value
//!    is not allowed, it is ignored). In JavaScript: `pattern.exec(value)?.[0]`.
//!
//! Each attribute that is changed in steps 3 to 5 gets one warning: see [`Fault`].

#[cfg(not(target_arch = "wasm32"))]
pub mod manual;

use afterword_response::limits::{self, cut};
use afterword_response::{CustomerKind, Mode, Touchpoint};

/// One attribute, or a family of attributes.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// The name without `data-`. `*` at the end stands for a name that the shop chooses.
    pub name: &'static str,
    /// The group in the manual.
    pub group: Group,
    /// The rule for its value.
    pub rule: Rule,
    /// The part of the product that reads its value.
    pub reader: Reader,
    /// Its description, in Markdown.
    pub manual: &'static str,
    /// The default, for the manual, in Markdown; empty if there is none.
    pub default: &'static str,
    /// An example for a test that it works; `None` if it has scenarios of its own.
    pub example: Option<Example>,
}

/// A value of an attribute, and where its effect is found after a score of 3. The scenario
/// `every_example_in_the_table_is_found_again` sets the examples of all attributes in one page, and none in
/// another, both for a survey in the page and for a card: the effect has to show in one of the two.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The value. The name of a family's attribute gets `a` in the place of `*`.
    pub value: &'static str,
    /// A JavaScript expression that finds the value in `sent`, the answer at the endpoint, or with
    /// `find(selector)`, among the elements of the form.
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
    /// The endpoint, and how answers are sent.
    Sending,
    /// The question.
    Asking,
    /// The texts after the score.
    Following,
    /// Links to other pages.
    Links,
    /// Place, language and look.
    Look,
    /// The shop's data about order and customer.
    Facts,
    /// When the question is asked.
    Moment,
    /// Storage in the customer's browser.
    Keeping,
    /// For developers.
    Developing,
}

/// The part of the product that reads an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Only the script, before the widget has arrived or in its place.
    Script,
    /// The script, until the first score, and the widget.
    Both,
    /// `later/when.js` alone, which the script fetches where one of these is set.
    Moment,
    /// `later/look.js`, which the script fetches before it paints where one of these is set. Files that come later contain
    /// the rule, too, and warn.
    Look,
    /// `later/further.js` alone, which the script fetches after a score where one of these is set.
    Further,
    /// The widget, or `form.js` in its place, after a score; or the file of a mode. `afterword.js` does not need the
    /// rule, as long as it is applied before the value is used.
    Later,
}

/// The rule for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A text, cut to so many characters.
    Text(usize),
    /// A number or name in the shop's systems, of at most so many characters. A longer one is ignored, since a cut
    /// one would name another thing.
    Reference(usize),
    /// Several references: see [`items`].
    List {
        /// The number of items.
        count: usize,
        /// The characters of each item.
        length: usize,
    },
    /// An address with one of these schemes, or without a scheme (relative to the page); at most [`limits::PAGE`]
    /// characters, without control characters, since browsers remove some of those before they read the scheme.
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
    /// A colour of CSS: `#rgb`, `#rrggbb`, a name, or a function such as `oklch(…)`. Whether it is one, the browser finds
    /// out.
    Colour,
    /// An event's name: up to [`limits::TEXT`] visible ASCII characters.
    Event,
    /// A header's value: up to [`limits::TEXT`] ASCII characters, spaces included.
    Header,
    /// A number from 0, of days, seconds or px: up to five digits, and three decimals.
    Number,
    /// A whole number from 0 to 100.
    Percent,
    /// A number from 0 to 1, with up to four decimals.
    Share,
    /// A day: `2026-12-24`.
    Date,
    /// Reasons to tap, up to [`MAX_REASONS`], each an id ([`NAME`]) and up to [`MAX_REASON_WORDS`] characters: `id:words`
    /// with commas between them, or a JSON list of objects with `id` and `words`. `script/later/further.js` reads the
    /// list, and leaves out reasons that are not allowed.
    Reasons,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true`, `false`, or an empty value for `true`.
    Switch,
}

/// Attributes of one family that count (`data-prop-*`, `data-header-*`).
pub const MAX_IN_FAMILY: usize = limits::PROPERTIES;

/// Reasons that are offered.
pub const MAX_REASONS: usize = 8;
/// Characters of a reason's words.
pub const MAX_REASON_WORDS: usize = 60;
/// Characters of a JSON list of reasons.
const MAX_REASONS_JSON: usize = 2_000;

/// The pattern of the name of a family's member: [`limits::is_identifier`]. See [`FLAGS`].
pub const NAME: &str = "^[A-Za-z0-9._-]{1,64}$";

/// The flags of every pattern here: `u`, so that `.` matches one scalar value, and `s`, so that it matches any.
///
/// With these flags a pattern means the same in JavaScript and in Rust's regular expressions (where `u` is always
/// on). Some patterns have a look-ahead, which needs `fancy-regex` or `regress`.
pub const FLAGS: &str = "su";

/// The functions of CSS that make a colour of numbers. No other function gets into a style: `url()` would fetch something.
const COLOUR_FUNCTIONS: &[&str] =
    &["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color"];
/// Letters of a colour's name.
const MAX_COLOUR_NAME: usize = 30;
/// Characters between the parentheses of a colour's function.
const MAX_COLOUR_PARTS: usize = 80;

const WEB: &[&str] = &["http", "https"];
const LINK: &[&str] = &["http", "https", "mailto", "tel"];
const LABEL: Rule = Rule::Text(limits::LABEL);
const TEXT: Rule = Rule::Text(limits::TEXT);
const PATHS: Rule = Rule::List { count: 20, length: 200 };
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
        name: "reasons",
        group: Group::Following,
        rule: Rule::Reasons,
        reader: Reader::Further,
        manual: "reasons to tap below the comment, several if the customer likes; the answer holds the ids: \
                 `late:It came late, packing:Badly packed`",
        default: "none",
        example: None,
    },
    Attribute {
        name: "reasons-detractor",
        group: Group::Following,
        rule: Rule::Reasons,
        reader: Reader::Further,
        manual: "other reasons after 0-6",
        default: "",
        example: None,
    },
    Attribute {
        name: "reasons-passive",
        group: Group::Following,
        rule: Rule::Reasons,
        reader: Reader::Further,
        manual: "other reasons after 7 and 8",
        default: "",
        example: None,
    },
    Attribute {
        name: "reasons-promoter",
        group: Group::Following,
        rule: Rule::Reasons,
        reader: Reader::Further,
        manual: "other reasons after 9 and 10",
        default: "",
        example: None,
    },
    Attribute {
        name: "contact",
        group: Group::Following,
        rule: Rule::Switch,
        reader: Reader::Further,
        manual: "asks whether you may answer, with an optional field for an e-mail address or a phone number; it is \
                 never filled in beforehand, and sent only with Send",
        default: "`false`",
        example: None,
    },
    Attribute {
        name: "contact-text",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Further,
        manual: "the sentence below that field: what the contact is for. The answer holds it",
        default: "by locale",
        example: None,
    },
    Attribute {
        name: "quote-permission",
        group: Group::Following,
        rule: Rule::Switch,
        reader: Reader::Further,
        manual: "asks whether you may quote the comment: a box without a tick, and then an optional first name",
        default: "`false`",
        example: None,
    },
    Attribute {
        name: "quote-text",
        group: Group::Following,
        rule: TEXT,
        reader: Reader::Further,
        manual: "the sentence beside that box. The answer holds it",
        default: "by locale",
        example: None,
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
        name: "community-url",
        group: Group::Links,
        rule: Rule::Address(LINK),
        reader: Reader::Later,
        manual: "where your customers meet; shown to every score after the thanks",
        default: "not shown",
        example: None,
    },
    Attribute {
        name: "community-label",
        group: Group::Links,
        rule: LABEL,
        reader: Reader::Later,
        manual: "the community link's words",
        default: "by locale",
        example: None,
    },
    Attribute {
        name: "receipt",
        group: Group::Links,
        rule: Rule::Switch,
        reader: Reader::Further,
        manual: "after the thanks, a link to the [page of the customer's own answer](#the-customers-link); a customer who \
                 gives a contact or allows quoting gets it in any case",
        default: "`false`",
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
        rule: Rule::Word(Mode::NAMES),
        reader: Reader::Both,
        manual: "where the question stands: where the tag does; as a card in the window's lower \
                 corner, on phones a sheet at the lower edge; as a banner along an edge; as a dialog, \
                 for which the page waits; as a card that a labelled tab at the window's edge opens, or \
                 only `afterword.open()`",
        default: "`inline`",
        example: None,
    },
    Attribute {
        name: "tab-label",
        group: Group::Look,
        rule: LABEL,
        reader: Reader::Later,
        manual: "the words on the tab of `data-mode=\"tab\"`",
        default: "by locale: Feedback",
        example: None,
    },
    Attribute {
        name: "position",
        group: Group::Look,
        rule: Rule::Word(&["start", "end", "top", "bottom"]),
        reader: Reader::Script,
        manual: "which corner, or which edge with the tab: of the side where lines start, or where they end; \
                 which edge of a banner: `top` or `bottom`",
        default: "`end`, `bottom`",
        example: None,
    },
    Attribute {
        name: "offset",
        group: Group::Look,
        rule: Rule::Number,
        reader: Reader::Later,
        manual: "how far the card stands above the window's lower edge, in px; at most 40 % of the \
                 window's height",
        default: "20, on phones 0",
        example: Example::new(
            "40",
            "parseFloat(getComputedStyle(find('.frame').getRootNode().host).bottom) + ''",
        ),
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
        reader: Reader::Later,
        manual: "the colour of the chosen score and the button",
        default: "the text's colour",
        example: None,
    },
    Attribute {
        name: "radius",
        group: Group::Look,
        rule: Rule::Number,
        reader: Reader::Look,
        manual: "how round the corners are, in px; at most 28. [Custom properties](docs/LOOK.md) do the same in your \
                 style sheet, also for the next two",
        default: "14, of what is tapped 8",
        example: Example::new(
            "3",
            "parseFloat(getComputedStyle(find('.score span')).borderRadius) + ''",
        ),
    },
    Attribute {
        name: "density",
        group: Group::Look,
        rule: Rule::Word(&["compact", "normal", "roomy"]),
        reader: Reader::Look,
        manual: "how much space is between the parts; targets keep their size",
        default: "`normal`",
        example: Example::new(
            "compact",
            "parseFloat(getComputedStyle(find('.more')).marginTop) < 16 ? 'compact' : ''",
        ),
    },
    Attribute {
        name: "width",
        group: Group::Look,
        rule: Rule::Number,
        reader: Reader::Look,
        manual: "how wide the survey may become, in px, in the page and over it; at least 290, and below 540 the scale \
                 has two rows",
        default: "46 em of your text, of a card 26, of a dialog 38",
        example: Example::new(
            "417",
            "parseFloat(getComputedStyle(find('.frame').getRootNode().host).maxWidth) + ''",
        ),
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
        name: "delay",
        group: Group::Moment,
        rule: Rule::Number,
        reader: Reader::Moment,
        manual: "so many seconds after the page was opened",
        default: "no wait",
        example: None,
    },
    Attribute {
        name: "scroll",
        group: Group::Moment,
        rule: Rule::Percent,
        reader: Reader::Moment,
        manual: "once so much of the page, in percent, has been scrolled through",
        default: "no wait",
        example: None,
    },
    Attribute {
        name: "exit-intent",
        group: Group::Moment,
        rule: Rule::Switch,
        reader: Reader::Moment,
        manual: "once the pointer leaves the window at its top; on touch screens, once the page \
                 is scrolled up fast",
        default: "`false`",
        example: None,
    },
    Attribute {
        name: "when-visible",
        group: Group::Moment,
        rule: Rule::Selector,
        reader: Reader::Moment,
        manual: "once an element of this selector is in view",
        default: "no wait",
        example: None,
    },
    Attribute {
        name: "include",
        group: Group::Moment,
        rule: PATHS,
        reader: Reader::Moment,
        manual: "asks only on pages whose path is one of these; `*` stands for anything: \
                 `/thanks/*`",
        default: "every page",
        example: None,
    },
    Attribute {
        name: "exclude",
        group: Group::Moment,
        rule: PATHS,
        reader: Reader::Moment,
        manual: "never asks on pages whose path is one of these",
        default: "no page",
        example: None,
    },
    Attribute {
        name: "from",
        group: Group::Moment,
        rule: Rule::Date,
        reader: Reader::Moment,
        manual: "asks from this day on, by the customer's clock",
        default: "always",
        example: None,
    },
    Attribute {
        name: "until",
        group: Group::Moment,
        rule: Rule::Date,
        reader: Reader::Moment,
        manual: "asks until the end of this day",
        default: "always",
        example: None,
    },
    Attribute {
        name: "repeat-after",
        group: Group::Moment,
        rule: Rule::Number,
        reader: Reader::Moment,
        manual: "after an answer, asks no more for so many days",
        default: "asks again",
        example: None,
    },
    Attribute {
        name: "snooze",
        group: Group::Moment,
        rule: Rule::Number,
        reader: Reader::Moment,
        manual: "after the survey was closed unanswered, asks no more for so many days",
        default: "asks again",
        example: None,
    },
    Attribute {
        name: "max-shows",
        group: Group::Moment,
        rule: Rule::Number,
        reader: Reader::Moment,
        manual: "asks so often at most",
        default: "no bound",
        example: None,
    },
    Attribute {
        name: "gap",
        group: Group::Moment,
        rule: Rule::Number,
        reader: Reader::Moment,
        manual: "asks only if no survey of this site was shown for so many days",
        default: "no gap",
        example: None,
    },
    Attribute {
        name: "sample",
        group: Group::Moment,
        rule: Rule::Share,
        reader: Reader::Moment,
        manual: "asks this share of the customers: `0.25` is every fourth",
        default: "`1`",
        example: None,
    },
    Attribute {
        name: "storage",
        group: Group::Keeping,
        rule: Rule::Word(&["none", "session", "local"]),
        reader: Reader::Script,
        manual: "keeps answers that could not be sent in the customer's browser, for up to 30 days, \
                 until a later page can; and, beyond the page, when the survey was shown, closed and \
                 answered, where `data-repeat-after`, `-snooze`, `-max-shows`, `-gap` or `-sample` needs it",
        default: "`none`",
        example: None,
    },
    Attribute {
        name: "consent",
        group: Group::Keeping,
        rule: Rule::Word(&["required", "required-to-show"]),
        reader: Reader::Script,
        manual: "keeps nothing there before your page has called `afterword.consent(true)`; \
                 `required-to-show`: asks nothing before, either",
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
        name: "layer",
        group: Group::Developing,
        rule: Rule::Switch,
        reader: Reader::Later,
        manual: "tells `window.dataLayer`, which Google Tag Manager reads, what happens: event, survey and segment",
        default: "`false`",
        example: None,
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
        manual: "opens the shadow root to your tools; the console says why a survey is not shown",
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

    /// The prefix of a family's names, such as `prop-`; `None` for a single attribute.
    #[must_use]
    pub fn prefix(&self) -> Option<&'static str> {
        self.name.strip_suffix('*')
    }

    /// Whether that name may be one more member of this family, besides the taken ones.
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

/// What happened to a value that was not taken unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A text was too long and was cut.
    Cut,
    /// Some items of a list were too long or too many, and were left out.
    Items,
    /// The value is not allowed and was ignored.
    Ignored,
}

/// The result of reading a value by a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value; several if it is a list, none if nothing is allowed.
    pub values: Vec<String>,
    /// The change, if any.
    pub fault: Option<Fault>,
}

/// A warning to the shop about one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The attribute, without `data-`.
    pub attribute: String,
    /// The value in the page, trimmed.
    pub value: String,
    /// What happened to it.
    pub fault: Fault,
    /// A description of the allowed values.
    pub allowed: String,
}

impl Warning {
    /// The warning for the console: one sentence with the attribute, the first 80 characters of its value (a long
    /// one would hide the rest), what happened, and what is allowed.
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

/// Reads the attributes of one element: names without `data-`, each at most once, with their values in the
/// page.
///
/// Returns the taken names and values in the same order, with one pair for each item of a list, and a warning
/// for each attribute that was not taken unchanged. Names that are not in the table belong to other scripts and
/// are skipped.
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
    /// Reads a trimmed value, which may be empty only for [`Rule::Switch`].
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
            Self::Reasons if !value.starts_with('[') => {
                let kept = short_reasons(value);
                let fault = (kept.len() < value.len()).then_some(Fault::Cut);
                if kept.is_empty() {
                    Reading::IGNORED
                } else {
                    Reading { values: vec![kept.into()], fault }
                }
            }
            _ if self.allows(value) => Reading { values: vec![value.into()], fault: None },
            _ => Reading::IGNORED,
        }
    }

    /// Whether a value is taken unchanged.
    #[must_use]
    pub fn check(&self, value: &str) -> bool {
        self.read(value).fault.is_none()
    }

    /// Whether a single value is allowed, apart from the length of a text.
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
            Self::Number => is_decimal(value, 5, 3),
            Self::Percent => value == "100" || is_decimal(value, 2, 0),
            Self::Share => {
                is_decimal(value, 1, 4)
                    && (value.starts_with('0')
                        || value.bytes().skip(1).all(|byte| matches!(byte, b'.' | b'0'))
                            && value.starts_with('1'))
            }
            Self::Date => is_date(value),
            Self::Reasons => {
                if value.starts_with('[') {
                    value.ends_with(']') && cut(value, MAX_REASONS_JSON) == value
                } else {
                    !value.is_empty() && short_reasons(value) == value
                }
            }
            Self::Word(words) => words.contains(&value),
            Self::Switch => matches!(value, "" | "true" | "false"),
        }
    }

    /// A regular expression for a value, or for one item of a list; see [`FLAGS`].
    ///
    /// It is anchored at the start, and matches the part that is taken: the whole value, or the beginning of a text
    /// that is too long. Without a match, the value or the item is not allowed. Only the pattern of
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
            Self::Colour => format!(
                "^(?:#(?:[0-9A-Fa-f]{{3}}){{1,2}}|[A-Za-z]{{3,{MAX_COLOUR_NAME}}}|(?:{})\\([0-9A-Za-z .,%/+-]{{1,{MAX_COLOUR_PARTS}}}\\))$",
                COLOUR_FUNCTIONS.join("|")
            ),
            Self::Event => format!("^[!-~]{{1,{}}}$", limits::TEXT),
            Self::Header => format!("^[ -~]{{1,{}}}$", limits::TEXT),
            Self::Number => "^[0-9]{1,5}(?:\\.[0-9]{1,3})?$".into(),
            Self::Percent => "^(?:100|[0-9]{1,2})$".into(),
            Self::Share => "^(?:0(?:\\.[0-9]{1,4})?|1(?:\\.0{1,4})?)$".into(),
            Self::Date => "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$".into(),
            Self::Reasons => {
                let id = NAME.trim_start_matches('^').trim_end_matches('$');
                let one = format!("[ \\t\\n\\r]*{id}[ \\t\\n\\r]*:[^,]{{1,{MAX_REASON_WORDS}}}");
                let most = MAX_REASONS_JSON - 2;
                format!("^(?:\\[.{{0,{most}}}\\]$|{one}(?:,{one}){{0,{}}})", MAX_REASONS - 1)
            }
            Self::Word(words) => format!("^(?:{})$", words.join("|")),
            Self::Switch => "^(?:true|false)?$".into(),
        }
    }

    /// The number of items that a list may have; `None` for other rules.
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
            Self::Number => "a number such as 30 or 0.5".into(),
            Self::Percent => "a number from 0 to 100".into(),
            Self::Share => "a number from 0 to 1 such as 0.25".into(),
            Self::Date => "a day such as 2026-12-24".into(),
            Self::Reasons => format!(
                "up to {MAX_REASONS} as id:words, with commas, or as a JSON list of {{\"id\", \"words\"}}; \
                 {MAX_REASON_WORDS} characters each"
            ),
            Self::Word(words) => words.join(", "),
            Self::Switch => "true, false, or nothing for true".into(),
        }
    }
}

/// The beginning of a value that is reasons in the short form, up to [`MAX_REASONS`].
fn short_reasons(value: &str) -> &str {
    const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];
    let (mut end, mut rest) = (0, value);
    for _ in 0..MAX_REASONS {
        let Some((id, words)) = rest.split_once(':') else { break };
        let words = cut(words.split(',').next().unwrap_or_default(), MAX_REASON_WORDS);
        if !limits::is_identifier(id.trim_matches(SPACE)) || words.is_empty() {
            break;
        }
        end = value.len() - rest.len() + id.len() + 1 + words.len();
        match value[end..].strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    &value[..end]
}

/// `scheme` as a pattern that also matches capital letters; the flag `i` would match more than ASCII.
fn in_any_case(scheme: &str) -> String {
    scheme.chars().map(|c| format!("[{}{c}]", c.to_ascii_uppercase())).collect()
}

/// `text` trimmed as by JavaScript, which unlike Rust keeps U+0085 and removes U+FEFF.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

/// The items of a list, trimmed, without empty ones.
///
/// A value that is a JSON array of strings gives those strings. Every other value is split at its commas. In
/// JavaScript:
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

/// The strings of a JSON array that holds only strings.
#[cfg(not(target_arch = "wasm32"))]
fn json_list(value: &str) -> Option<Vec<String>> {
    serde_json::from_str(value).ok()
}

#[cfg(target_arch = "wasm32")]
fn json_list(_: &str) -> Option<Vec<String>> {
    None
}

/// Whether a value is a number without a sign: so many digits at most, and so many decimals.
fn is_decimal(value: &str, digits: usize, decimals: usize) -> bool {
    let (whole, part) = match value.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (value, None),
    };
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_number(whole, digits) && part.is_none_or(|part| is_number(part, decimals))
}

/// Whether a value has the form of a day. Whether the month has that day is not asked: the script counts on
/// into the next one.
fn is_date(value: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let within = |text: &str, most: u8| {
        is_number(text) && text.parse().is_ok_and(|number: u8| (1..=most).contains(&number))
    };
    match *value.split('-').collect::<Vec<_>>() {
        [year, month, day] => {
            [year.len(), month.len(), day.len()] == [4, 2, 2]
                && is_number(year)
                && within(month, 12)
                && within(day, 31)
        }
        _ => false,
    }
}

fn is_colour(value: &str) -> bool {
    if let Some(digits) = value.strip_prefix('#') {
        return matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let Some((name, rest)) = value.split_once('(') else {
        let length = 3..=MAX_COLOUR_NAME;
        return length.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphabetic());
    };
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b" .,%/+-".contains(&b);
    COLOUR_FUNCTIONS.contains(&name)
        && rest.strip_suffix(')').is_some_and(|parts| {
            (1..=MAX_COLOUR_PARTS).contains(&parts.len()) && parts.bytes().all(is_part)
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
