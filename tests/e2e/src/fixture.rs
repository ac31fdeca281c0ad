//! Builds the shop's pages. A scenario only names the differences from the usual page.
//!
//! [`Fixture::shop`] is the page after an order, with the survey's tag in it. [`Shop::publish`] gives it an
//! address. A page that is itself the subject of a test is a file in tests/fixtures.
//!
//! [`Shop::publish`]: crate::shop::Shop::publish

use std::fmt::Write;

/// The strictest policy that a shop may have: without WebAssembly and without any style.
pub const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'none'; connect-src 'self'; require-trusted-types-for 'script'";

/// The same policy with WebAssembly allowed.
pub const STRICT_WITH_WEBASSEMBLY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'none'; connect-src 'self'; require-trusted-types-for 'script'";

/// A policy that forbids WebAssembly, but not the effects of injected markup, which tests check themselves.
pub const WITHOUT_WEBASSEMBLY: &str = "default-src 'self'";

/// A policy with nonces instead of addresses; for [`Fixture::nonce`].
pub const NONCES: &str = "script-src 'nonce-r4nd0m' 'strict-dynamic'; style-src 'none'; connect-src 'self'; object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'";

/// The same policy with WebAssembly allowed.
pub const NONCES_WITH_WEBASSEMBLY: &str = "script-src 'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'none'; connect-src 'self'; object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'";

/// Attributes that fill every field of an answer, and all links.
pub const FULL: &[(&str, &str)] = &[
    ("survey", "post-purchase"),
    ("touchpoint", "order"),
    ("subject", "Harbour & Hill"),
    ("order-id", "A-1001"),
    ("order-value", "129.90"),
    ("order-currency", "EUR"),
    ("order-country", "DE"),
    ("products", "Pot, Can"),
    ("customer-id", "c1"),
    ("customer-kind", "returning"),
    ("prop-coupon", "WELCOME"),
    ("tags", "q4,app"),
    ("review-url", "https://reviews.example/shop"),
    ("support-url", "mailto:help@example.org"),
    ("privacy-url", "/privacy"),
];

/// Attributes for all links; their targets are pages of the shop.
pub const LINKS: &[(&str, &str)] =
    &[("review-url", "/review"), ("support-url", "/help"), ("privacy-url", "/privacy")];

/// The form that a customer meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The painted form alone: the page's policy forbids WebAssembly.
    Painted,
    /// The widget, after it has taken over from the painted form.
    Widget,
}

impl Form {
    /// Both forms.
    pub const BOTH: [Self; 2] = [Self::Painted, Self::Widget];

    /// The name of this variant in the names of tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Painted => "painted",
            Self::Widget => "widget",
        }
    }
}

/// Where the page loads the script from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// The shop's own copy of dist/.
    Own,
    /// The same, but with the script that contains German.
    German,
    /// A copy of dist/ in which the widget and the card's file are missing.
    Gone,
    /// The script of an earlier release, whose folder is gone but for the file of this name.
    Outdated(&'static str),
    /// A copy of dist/ in which every text of every locale begins with markup.
    Markup,
    /// dist/ on another origin, whose server sends no CORS headers.
    Elsewhere,
    /// dist/ on another origin, whose server allows every origin to use it.
    Shared,
    /// The collector, on an origin of its own.
    Collector,
}

/// How the survey is put into the page. A new way becomes a variant here, and thereby a part of every matrix over
/// [`Embedding::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// The tag is pasted where the survey is to stand.
    Pasted,
    /// The tag is in the head, and the body has no element of ours.
    Head,
    /// The tag is in the head, and an `<afterword-survey>` with the attributes stands in the body.
    Element,
    /// A script of the page creates the tag where the survey is to stand.
    Appended,
    /// A script of the page creates the tag in the head.
    AppendedToHead,
    /// The tag is a module.
    Module,
    /// A module of the page imports the script.
    Imported,
    /// The whole page is an iframe's `srcdoc`.
    Srcdoc,
    /// The whole page is in an iframe whose address is a `blob:`.
    Blob,
    /// The page has no survey of its own, but shows pages with one in frames.
    Absent,
}

impl Embedding {
    /// Every variant.
    pub const ALL: [Self; 9] = [
        Self::Pasted,
        Self::Head,
        Self::Element,
        Self::Appended,
        Self::AppendedToHead,
        Self::Module,
        Self::Imported,
        Self::Srcdoc,
        Self::Blob,
    ];

    /// The name of this variant in the names of tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pasted => "pasted",
            Self::Head => "head",
            Self::Element => "element",
            Self::Appended => "appended",
            Self::AppendedToHead => "appended_to_head",
            Self::Module => "module",
            Self::Imported => "imported",
            Self::Srcdoc => "srcdoc",
            Self::Blob => "blob",
            Self::Absent => "absent",
        }
    }
}

/// The container of the survey.
#[derive(Clone, Copy, Debug)]
pub struct Container {
    /// The name of this variant in the names of tests.
    pub name: &'static str,
    /// The markup before the survey.
    pub open: &'static str,
    /// The markup after it.
    pub close: &'static str,
}

/// The origins of a shop that a page can name.
#[derive(Debug)]
pub struct Origins {
    /// The shop's own origin.
    pub shop: String,
    /// The collector's origin.
    pub collector: String,
    /// Another origin of the shop's server.
    pub other: String,
    /// The value of the tag's `integrity`.
    pub integrity: String,
}

/// A page and its HTTP headers.
#[derive(Clone, Debug)]
pub struct Fixture {
    headers: Vec<(&'static str, &'static str)>,
    lang: &'static str,
    encoding: &'static str,
    script: Script,
    embedding: Embedding,
    container: Option<Container>,
    attributes: Vec<(String, String)>,
    scripts: Vec<String>,
    sheet: &'static str,
    head: String,
    before: String,
    after: String,
    end: String,
    tags: usize,
    integrity: Option<&'static str>,
    has_nonces: bool,
    is_bare: bool,
}

impl Fixture {
    /// The page after an order. The script is the shop's own; answers go to the shop's `/endpoint/200`.
    #[must_use]
    pub fn shop() -> Self {
        Self {
            headers: Vec::new(),
            lang: "en",
            encoding: "utf-8",
            script: Script::Own,
            embedding: Embedding::Pasted,
            container: None,
            attributes: Vec::new(),
            scripts: Vec::new(),
            sheet: "/page.css",
            head: String::new(),
            before: String::new(),
            after: String::new(),
            end: String::new(),
            tags: 1,
            integrity: None,
            has_nonces: false,
            is_bare: false,
        }
        .endpoint("/endpoint/200")
    }

    /// The same page. The script is the collector's; answers go to the collector.
    #[must_use]
    pub fn collector() -> Self {
        Self::shop().script(Script::Collector).without("endpoint")
    }

    /// The page for that form. For the painted form it gets a policy that forbids WebAssembly.
    #[must_use]
    pub fn form(self, form: Form) -> Self {
        match form {
            Form::Painted => self.policy(STRICT),
            Form::Widget => self,
        }
    }

    /// Sets where answers go.
    #[must_use]
    pub fn endpoint(self, address: &str) -> Self {
        self.attribute("endpoint", address)
    }

    /// Sets `data-NAME`, on the tag or on the element.
    #[must_use]
    pub fn attribute(self, name: &str, value: &str) -> Self {
        let mut fixture = self.without(name);
        fixture.attributes.push((name.to_owned(), value.to_owned()));
        fixture
    }

    /// Sets several attributes.
    #[must_use]
    pub fn attributes(self, attributes: &[(&str, &str)]) -> Self {
        attributes.iter().fold(self, |fixture, (name, value)| fixture.attribute(name, value))
    }

    /// Removes `data-NAME`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.attributes.retain(|(other, _)| other != name);
        self
    }

    /// Sets where the script comes from.
    #[must_use]
    pub fn script(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    /// Sets how the survey is put into the page.
    #[must_use]
    pub fn embedding(mut self, embedding: Embedding) -> Self {
        self.embedding = embedding;
        self
    }

    /// Sets the container that the survey stands in.
    #[must_use]
    pub fn inside(mut self, container: Container) -> Self {
        self.container = Some(container);
        self
    }

    /// Adds a header of the page.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets a `Content-Security-Policy`. If it forbids styles, the page has none.
    #[must_use]
    pub fn policy(self, policy: &'static str) -> Self {
        let fixture = self.header("content-security-policy", policy);
        if policy.contains("style-src 'none'") { fixture.sheet("") } else { fixture }
    }

    /// Gives every script the nonce of [`NONCES`].
    #[must_use]
    pub fn nonce(mut self) -> Self {
        self.has_nonces = true;
        self
    }

    /// Sets the tag's `integrity`: `before` stands before the right value.
    #[must_use]
    pub fn integrity(mut self, before: &'static str) -> Self {
        self.integrity = Some(before);
        self
    }

    /// Repeats the tag so many times.
    #[must_use]
    pub fn tags(mut self, count: usize) -> Self {
        self.tags = count;
        self
    }

    /// The page's language.
    #[must_use]
    pub fn lang(mut self, lang: &'static str) -> Self {
        self.lang = lang;
        self
    }

    /// Sets the declared encoding of the page; its own markup is then ASCII.
    #[must_use]
    pub fn encoding(mut self, encoding: &'static str) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets the `Content-Type` of the page.
    #[must_use]
    pub fn kind(&self) -> String {
        format!("text/html; charset={}", self.encoding)
    }

    /// Runs a script of tests/fixtures in the head, before ours. The script can read the part after its `?`.
    #[must_use]
    pub fn run(mut self, script: &str) -> Self {
        self.scripts.push(script.to_owned());
        self
    }

    /// Stops the page's clock until the test advances it, and counts what the page sends: see
    /// tests/fixtures/clock.js.
    #[must_use]
    pub fn clock(self) -> Self {
        self.run("/clock.js")
    }

    /// Replaces the page's style sheet `/page.css`; an empty address removes it.
    #[must_use]
    pub fn sheet(mut self, address: &'static str) -> Self {
        self.sheet = address;
        self
    }

    /// Adds markup at the end of the head.
    #[must_use]
    pub fn head(mut self, markup: &str) -> Self {
        self.head.push_str(markup);
        self
    }

    /// Adds markup before the survey.
    #[must_use]
    pub fn before(mut self, markup: &str) -> Self {
        self.before.push_str(markup);
        self
    }

    /// Adds markup after the survey.
    #[must_use]
    pub fn after(mut self, markup: &str) -> Self {
        self.after.push_str(markup);
        self
    }

    /// Adds markup at the end of the page.
    #[must_use]
    pub fn end(mut self, markup: &str) -> Self {
        self.end.push_str(markup);
        self
    }

    /// Leaves only a heading and the survey on the page, without links.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// The page's headers, by lower-case name.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, &'static str)] {
        &self.headers
    }

    /// The whole page as HTML.
    #[must_use]
    pub fn html(&self, origins: &Origins) -> String {
        let page = self.page(origins);
        match self.embedding {
            Embedding::Srcdoc => around(&format!("srcdoc=\"{}\"", escape(&page)), ""),
            Embedding::Blob => {
                let text = literal(&page);
                let set = format!(
                    "<script>document.querySelector('iframe').src = URL.createObjectURL(new Blob([{text}], {{ type: 'text/html;charset=utf-8' }}))</script>"
                );
                around("", &set)
            }
            _ => page,
        }
    }

    fn page(&self, origins: &Origins) -> String {
        let nonce = if self.has_nonces { " nonce=\"r4nd0m\"" } else { "" };
        let origin = self.origin(origins);
        let mut head = format!("<script{nonce} src=\"{origin}/probe.js\"></script>\n");
        for script in &self.scripts {
            let _ = writeln!(head, "<script{nonce} src=\"{origin}{script}\"></script>");
        }
        if !self.sheet.is_empty() {
            let _ = writeln!(head, "<link rel=\"stylesheet\" href=\"{origin}{}\">", self.sheet);
        }
        head.push_str(&self.head);
        let (ours, place) = self.embedded(origins, nonce);
        head.push_str(&ours);
        let (open, close) = self.container.map_or(("", ""), |it| (it.open, it.close));
        let (top, bottom) = if self.is_bare { ("", "") } else { (TOP, BOTTOM) };
        let Self { lang, encoding, before, after, end, .. } = self;
        format!(
            "<!doctype html>
<html lang=\"{lang}\">
<head>
<meta charset=\"{encoding}\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Thank you for your order</title>
{head}</head>
<body>
<main>
<h1>Thank you for your order</h1>
{top}{before}
{open}{place}{close}
{after}{bottom}</main>
{end}</body>
</html>
"
        )
    }

    /// The markup of the survey: the part in the head, and the part where it is to stand.
    fn embedded(&self, origins: &Origins, nonce: &str) -> (String, String) {
        let source = self.source(origins);
        let integrity = self.integrity.map_or(String::new(), |before| {
            format!(" integrity=\"{before}{}\" crossorigin=\"anonymous\"", origins.integrity)
        });
        let mut data = String::new();
        for (name, value) in &self.attributes {
            let _ = write!(data, " data-{name}=\"{}\"", escape(value));
        }
        let tag = |kind: &str, data: &str| {
            format!("<script{kind}{nonce}{integrity} src=\"{source}\"{data}></script>\n")
        };
        let append = |parent: &str| {
            let mut set = String::new();
            for (name, value) in &self.attributes {
                let _ = write!(set, "tag.setAttribute('data-{name}', {});", literal(value));
            }
            format!(
                "<script{nonce}>{{ const tag = document.createElement('script'); tag.src = {}; {set} {parent}.append(tag); }}</script>",
                literal(&source)
            )
        };
        match self.embedding {
            Embedding::Pasted | Embedding::Srcdoc | Embedding::Blob => {
                (String::new(), tag(" async", &data).repeat(self.tags))
            }
            Embedding::Head => (tag("", &data), String::new()),
            Embedding::Absent => (String::new(), String::new()),
            Embedding::Element => {
                (tag(" async", ""), format!("<afterword-survey{data}></afterword-survey>"))
            }
            Embedding::Appended => (String::new(), append("document.currentScript.parentElement")),
            Embedding::AppendedToHead => (String::new(), append("document.head")),
            Embedding::Module => (String::new(), tag(" type=\"module\"", &data)),
            Embedding::Imported => {
                let import =
                    format!("<script type=\"module\"{nonce}>import {};</script>", literal(&source));
                (import, format!("<afterword-survey{data}></afterword-survey>"))
            }
        }
    }

    /// The prefix of the shop's addresses: empty if the page itself is at one of them.
    fn origin<'a>(&self, origins: &'a Origins) -> &'a str {
        if self.embedding == Embedding::Blob { &origins.shop } else { "" }
    }

    fn source(&self, origins: &Origins) -> String {
        let Origins { collector, other, .. } = origins;
        let own = self.origin(origins);
        match self.script {
            Script::Own => format!("{own}/dist/afterword.js"),
            Script::German => format!("{own}/dist/afterword.de.js"),
            Script::Gone => format!("{own}/broken/afterword.en.js"),
            Script::Outdated(kept) => format!("{own}/outdated/{kept}/afterword.js"),
            Script::Markup => format!("{own}/markup/afterword.en.js"),
            Script::Elsewhere => format!("{other}/dist/afterword.js"),
            Script::Shared => format!("{other}/shared/afterword.js"),
            Script::Collector => format!("{collector}/afterword.js"),
        }
    }
}

const TOP: &str =
    "<p>It is on its way. <button id=\"own\" type=\"button\">Track the parcel</button></p>\n";
const BOTTOM: &str =
    "<p>Anything unclear? <a href=\"#contact\" id=\"after\">Write to us</a>.</p>\n";

/// A page whose only content is a frame with another page.
fn around(attributes: &str, then: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A shop's frame</title>\
         <iframe title=\"the shop\" width=\"900\" height=\"800\" {attributes}></iframe>{then}</html>"
    )
}

/// A text as an attribute's value in double quotes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('\n', "&#10;")
}

/// A text as a JavaScript literal that may stand within a script element.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}
