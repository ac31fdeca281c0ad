//! The script's modules, run by Node.js, against the same rules in Rust.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../src/attributes/any.rs"]
mod any;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

use afterword::answer::{self, Showing};
use afterword::attributes::{self, ATTRIBUTES, MAX_REASON_WORDS, MAX_REASONS, Rule};
use afterword::settings::{Format, Settings};
use afterword::survey::{Choice, Revision};
use afterword::texts::{Locale, Texts};
use afterword_response::page::without_secrets;
use afterword_response::{Customer, CustomerKind, Layout, Order, Response as Answer, receive};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::rules::{self, Audience};
use crate::without_prototype;

/// Locales of every kind that the look-up knows.
const LOCALES: [&str; 8] = ["de", "en", "nb", "pt-BR", "pt-PT", "sr-Latn", "zh", "zh-Hant"];

/// Node.js with the script's modules and the driver that calls them. It exits at the end of its input.
struct Script {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The folder of the modules.
    _folder: TempDir,
    _node: Child,
}

static SCRIPT: LazyLock<Mutex<Script>> = LazyLock::new(|| Mutex::new(Script::start()));

impl Script {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("package.json", r#"{ "type": "module" }"#);
        write("tests/driver.js", include_str!("tests/driver.js"));
        write("tests/page.js", include_str!("tests/page.js"));
        for (part, audience) in [("", Audience::Script), ("later/", Audience::Explaining)] {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
            for entry in fs::read_dir(source).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "js") {
                    let name = path.file_name().unwrap().to_str().unwrap();
                    write(&format!("{part}{name}"), &fs::read_to_string(&path).unwrap());
                }
            }
            // Node.js searches the folder of the importing file first, and then the folders above.
            write(
                &format!("{part}node_modules/built/package.json"),
                r#"{ "type": "module", "main": "built.js" }"#,
            );
            write(&format!("{part}node_modules/built/built.js"), &built(audience));
        }
        let mut node = Command::new("node")
            .arg(folder.path().join("tests/driver.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is not on the PATH: `cargo xtask tools` installs it");
        Self {
            input: node.stdin.take().unwrap(),
            output: BufReader::new(node.stdout.take().unwrap()),
            _folder: folder,
            _node: node,
        }
    }
}

/// The parts of the module `built` that these tests use.
fn built(audience: Audience) -> String {
    format!(
        "{}{}export const LOOKUP = {};\nexport const RELEASE = {:?};\nexport const FOLDER = '';\nexport const MAX_PAGE = {};\n",
        rules::javascript(audience),
        afterword::delivery::javascript(),
        json!(without_prototype(afterword_languages::table(&LOCALES))),
        afterword::RELEASE,
        afterword_response::limits::PAGE,
    )
}

/// Sends `input` to the driver, and returns its answer.
fn run(input: &Value) -> Value {
    let mut script = SCRIPT.lock().unwrap();
    writeln!(script.input, "{input}").unwrap();
    let mut line = String::new();
    script.output.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no result for {input}"))
}

/// Attributes as they are written in pages.
type Attributes = Vec<(String, String)>;

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The script reads the attributes as [`attributes::read`] does.
fn check_reading(page: &Attributes) -> Result<(), TestCaseError> {
    let mut found = run(&json!({ "task": "read", "attributes": page }));
    let (taken, warnings) = attributes::read(page);
    let faults = warnings
        .iter()
        .map(|warning| json!([warning.attribute, warning.value, format!("{:?}", warning.fault)]));
    let mut expected = json!({ "taken": taken, "faults": faults.collect::<Vec<_>>() });
    for read in [&mut expected, &mut found] {
        sort(&mut read["taken"]);
        sort(&mut read["faults"]);
    }
    prop_assert_eq!(found, expected);
    Ok(())
}

/// Sorts by name only, so that the items of a list keep their order.
fn sort(pairs: &mut Value) {
    pairs.as_array_mut().unwrap().sort_by_key(|pair| pair[0].to_string());
}

/// The input from which the painted form and the widget make a message.
#[derive(Clone, Debug)]
struct Page {
    attributes: Attributes,
    /// The locale's words, by key.
    words: Attributes,
    site: String,
    score: u8,
    comment: Option<String>,
    /// What else was asked, and what the customer said to it.
    said: Option<FurtherAnswers>,
}

/// What was said beside the comment.
#[derive(Clone, Debug, Default)]
struct FurtherAnswers {
    reasons: Vec<String>,
    quotable: Option<bool>,
    quote_name: Option<String>,
    contact: Option<String>,
    contact_text: Option<String>,
    quote_text: Option<String>,
}

impl FurtherAnswers {
    /// As later/further.js hands it on, in which what was not said is missing.
    fn json(&self) -> Value {
        let mut said = json!({
            "reasons": Some(&self.reasons).filter(|it| !it.is_empty()), "quotable": self.quotable,
            "quote_name": self.quote_name, "contact": self.contact,
            "method": { "contact_text": self.contact_text, "quote_text": self.quote_text },
        });
        for part in ["", "/method"] {
            let members = said.pointer_mut(part).and_then(Value::as_object_mut).unwrap();
            members.retain(|_, value| !value.is_null());
        }
        said
    }

    /// As the widget's answer would hold it: the module leaves it to the script.
    fn add_to(&self, answer: &mut Answer) {
        let said = self.clone();
        answer.reasons = said.reasons;
        (answer.quotable, answer.quote_name, answer.contact) =
            (said.quotable, said.quote_name, said.contact);
        answer.method.contact_text = said.contact_text;
        answer.method.quote_text = said.quote_text;
    }
}

/// Adds the facts about the order, the customer and the shop, which the module leaves to the script, too.
fn add_facts(taken: &Attributes, answer: &mut Answer) {
    let (mut order, mut customer) = (Order::default(), Customer::default());
    for (name, value) in taken.clone() {
        match name.as_str() {
            "order-id" => order.id = Some(value),
            "order-value" => order.value = Some(value),
            "order-currency" => order.currency = Some(value),
            "order-country" => order.country = Some(value),
            "products" => order.products.push(value),
            "customer-id" => customer.id = Some(value),
            "customer-kind" => customer.kind = CustomerKind::from_name(&value),
            "tags" => answer.tags.push(value),
            name => {
                if let Some(name) = name.strip_prefix("prop-") {
                    answer.properties.push((name.to_owned(), value));
                }
            }
        }
    }
    answer.order = Some(order).filter(|it| *it != Order::default());
    answer.customer = Some(customer).filter(|it| *it != Customer::default());
}

/// The painted form sends the same message as the widget, whether it has read the attributes with the rules in
/// `afterword.js` or with all rules; and the receiver accepts the message without notes.
fn check_sending(page: &Page) -> Result<(), TestCaseError> {
    let Page { attributes, words, site, score, comment, said } = page;
    let showing = Showing {
        id: "0192f0c1-7a2b-7c3d-8e4f-001122334455".into(),
        shown_at: "2026-11-21T17:00:00.000Z".into(),
        page: "https://shop.example/thank-you".into(),
        locale: "de".into(),
    };
    let scored_at = "2026-11-21T17:00:04.000Z";
    let sent = run(&json!({
        "task": "revise", "attributes": attributes, "words": words, "comment": comment,
        "said": said.as_ref().map(FurtherAnswers::json),
        "survey": {
            "id": showing.id, "shown_at": showing.shown_at, "page": showing.page, "locale": showing.locale,
            "site": site, "score": score, "scored_at": scored_at, "layout": "two-rows", "revision": 1,
            "kind": "application/json",
        },
    }));
    let (taken, _) = attributes::read(attributes);
    let settings = Settings::of(taken.clone());
    let texts = Texts::new(settings.clone().into(), Locale(words.clone()), site.clone());
    let words = comment.as_deref().map(attributes::trim).filter(|comment| !comment.is_empty());
    let revision = Revision {
        number: 2,
        complete: comment.is_some(),
        choice: Choice { score: *score, at: scored_at.into(), layout: Layout::TwoRows },
        comment: words.map(str::to_owned),
        sent_at: "2026-11-21T17:00:05.000Z".into(),
    };
    let mut response = answer::response(&settings, &texts, &showing, &revision);
    if let Some(said) = said {
        said.add_to(&mut response);
    }
    add_facts(&taken, &mut response);
    prop_assert_eq!(receive::check(&response), []);
    let expected = match settings.format {
        Format::Json => json!(response),
        Format::Form => json!(response.to_form()),
    };
    let mut headers = BTreeMap::from([("content-type", json!("application/json"))]);
    if settings.format == Format::Form {
        headers.clear(); // The browser names the type of a form.
    }
    headers.extend(settings.headers.iter().map(|(name, value)| (name.as_str(), json!(value))));
    for sent in sent.as_array().unwrap() {
        prop_assert_eq!(&sent["headers"], &json!(headers));
        prop_assert_eq!(comparable(&sent["body"]), comparable(&expected));
    }
    Ok(())
}

/// A body without the time of sending, which differs; fields of a form are sorted by name.
fn comparable(body: &Value) -> Value {
    let mut body = body.clone();
    match &mut body {
        Value::Array(fields) => {
            fields.retain(|field| field[0] != "sent_at");
            sort(&mut body);
        }
        object => {
            object.as_object_mut().unwrap().remove("sent_at").unwrap();
        }
    }
    body
}

fn page(pairs: &[(&str, &str)]) -> Page {
    let words = attributes(&[
        ("question", "Empfehlen Sie {subject}?"),
        ("question-informal", "Empfiehlst du {subject}?"),
        ("low-label", "nein"),
        ("high-label", "ja"),
    ]);
    Page {
        attributes: attributes(pairs),
        words,
        site: "shop.example".into(),
        score: 9,
        comment: None,
        said: None,
    }
}

/// again.js reads the records of scripts of earlier releases, so a member keeps its letter for ever.
#[test]
fn the_letters_of_members_stay() {
    let letters: Vec<_> = crate::SHORTENED.iter().zip('A'..='Z').collect();
    for (name, letter) in [
        ("hasConsent", 'I'),
        ("isPlaced", 'K'),
        ("script", 'P'),
        ("started", 'S'),
        ("timer", 'T'),
        ("widget", 'U'),
    ] {
        assert!(letters.contains(&(&name, letter)), "{name} is no longer {letter}");
    }
}

/// Without a comment box nobody is invited to write.
#[test]
fn where_there_is_no_comment_only_the_score_is_told_to_be_saved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../locales");
    let all = crate::saved(&crate::locales(&root).unwrap());
    assert_eq!(all["de-informal"], "Deine {score} ist gespeichert.");
    assert_eq!(all["ja"], "{score}点で保存しました。");
    assert_eq!(all["th"], "บันทึกคะแนน {score} ของคุณแล้ว");
    assert_eq!(all["hi"], "आपकी रेटिंग ({score}) सहेज ली गई है।");
    for (locale, text) in &all {
        let text = text.as_str().unwrap();
        assert_eq!(text.matches("{score}").count(), 1, "{locale}: {text}");
    }
}

#[test]
fn the_script_finds_the_locale_that_the_table_is_made_for() {
    let wanted = [
        "de",
        "DE",
        "de_DE",
        "de-at",
        "en-001",
        "no_NO",
        "nn",
        "pt",
        "pt_AO",
        "sr",
        "sr-Cyrl-BA",
        "zh",
        "zh-TW",
        "zh_HK",
        "zh-Hant-MO",
        "zh-CN",
        "fr",
        "",
        "_",
        "-de",
        "d",
        "constructor",
        "__proto__",
        "xx-DE",
    ];
    let table = afterword_languages::table(&LOCALES);
    let expected: Vec<_> =
        wanted.iter().map(|tag| afterword_languages::find(&table, tag)).collect();
    assert_eq!(run(&json!({ "task": "match", "wanted": wanted })), json!(expected));
}

/// Values that were once sent or shown differently by the two, cut within a character, or refused.
#[test]
fn painted_form_and_widget_send_the_same_whatever_the_shop_writes() {
    let many = vec!["x"; 51].join(",");
    let long = ["x".repeat(140), "x".repeat(150), "x".repeat(501)];
    let flowers =
        ["🌷".repeat(60), "🌷".repeat(101), "x".repeat(499) + "🌷", "x".repeat(500) + "🌷"];
    let products = format!("{}🌷,b", "x".repeat(127));
    let tags = format!("{}🌷, {}🌷", "y".repeat(63), "y".repeat(64));
    let json_list = format!("[\"Pot, blue\", \" Can \", \"{}\"]", "z".repeat(129));
    let subject = "s".repeat(80);
    let label = "I would not recommend {subject} to anyone I know";
    let pages = [
        page(&[("subject", "Rock $'n' Roll")]),
        page(&[("subject", "Cash$$Back"), ("question", "{subject}, {subject}?")]),
        page(&[("subject", "A $& B $` $1"), ("low-label", "{subject}")]),
        page(&[("products", &many), ("tags", &many)]),
        page(&[("products", &long[0]), ("tags", &long[0])]),
        page(&[("subject", &long[1]), ("question", &long[2]), ("placeholder", &long[1])]),
        page(&[("low-label", &flowers[0]), ("high-label", &flowers[1])]),
        page(&[("products", &products), ("tags", &tags)]),
        page(&[("question", &flowers[2]), ("prop-a", &flowers[2])]),
        page(&[("question", &flowers[3]), ("prop-a", &flowers[3])]),
        page(&[("subject", &subject), ("low-label", label), ("high-label", label)]),
        page(&[("products", "Pot, blue, 20 cm, Can")]),
        page(&[("products", r#"["Pot, blue, 20 cm", "Can"]"#), ("tags", r#"["a, b"]"#)]),
        page(&[("products", &json_list), ("format", "form")]),
        page(&[("order-id", &long[0]), ("customer-id", &long[0]), ("order-value", "1,50")]),
        page(&[("prop-*", "x"), ("header-*", "x"), ("prop-a:b", "x"), ("prop-__proto", "x")]),
        page(&[("address", "informal"), ("format", "form"), ("prop-a", "x"), ("tags", "a,b")]),
        page(&[("survey", "a b"), ("touchpoint", "checkout"), ("mode", "form"), ("format", "xml")]),
        Page { site: "A $& B".repeat(100), ..page(&[]) },
        Page { comment: Some("\u{feff} Well $& packed \u{85}".into()), ..page(&[]) },
        Page { comment: Some(" \n".into()), ..page(&[]) },
        Page { said: Some(FurtherAnswers::default()), ..page(&[]) },
        Page {
            said: Some(FurtherAnswers { quotable: Some(false), ..FurtherAnswers::default() }),
            ..page(&[])
        },
        Page {
            said: Some(FurtherAnswers {
                reasons: vec!["late".into(), "packing".into()],
                quotable: Some(true),
                quote_name: Some("Zoë 🌷".into()),
                contact: Some("kim+shop@example.org".into()),
                contact_text: Some("Only to answer.".into()),
                quote_text: Some("You may quote me, & more.".into()),
            }),
            ..page(&[("format", "form")])
        },
    ];
    for page in &pages {
        check_reading(&page.attributes).unwrap_or_else(|error| panic!("{page:?}: {error}"));
        check_sending(page).unwrap_or_else(|error| panic!("{page:?}: {error}"));
    }
}

/// Arbitrary words of the locale, names of the site, and comments.
fn any_page() -> impl Strategy<Value = Page> {
    let text = "\\PC{0,20}(\\{subject\\})?[ -~]{1,90}";
    let words = (text, text, text, text).prop_map(|(question, low, high, informal)| {
        attributes(&[
            ("question", &question),
            ("question-informal", &informal),
            ("low-label", &low),
            ("high-label", &high),
        ])
    });
    let comment = prop::option::of("[\\s\u{85}\u{feff}]{0,2}\\PC{0,300}[\\s\u{85}\u{feff}]{0,2}");
    let text = || prop::option::of("\\PC{1,40}");
    let reasons = prop::collection::vec("[a-z0-9._-]{1,64}", 0..=MAX_REASONS);
    let said = (reasons, any::<Option<bool>>(), text(), text(), text(), text()).prop_map(
        |(reasons, quotable, quote_name, contact, contact_text, quote_text)| FurtherAnswers {
            reasons,
            quotable,
            quote_name,
            contact,
            contact_text,
            quote_text,
        },
    );
    let said = prop::option::of(said);
    (any::any_attributes(), words, "\\PC{1,200}", 0..=10_u8, comment, said).prop_map(
        |(attributes, words, site, score, comment, said)| Page {
            attributes,
            words,
            site,
            score,
            comment,
            said,
        },
    )
}

proptest! {
    #[test]
    fn the_script_reads_attributes_as_the_table_says(page in any::any_attributes()) {
        check_reading(&page)?;
    }

    #[test]
    fn painted_form_and_widget_send_the_same(page in any_page()) {
        check_sending(&page)?;
    }
}

/// Clocks before 2004, before 1970 and far in the future: the id is always valid, and ids are in the order of time if
/// the clock is plausible.
#[test]
fn an_id_is_valid_whatever_the_clock_says() {
    let times: [i64; 12] = [
        0,
        1,
        -1,
        -8_640_000_000_000_000,
        999_999_999,
        1_000_000_000_000,
        1_099_511_627_775,
        1_099_511_627_776,
        1_764_000_000_000,
        281_474_976_710_655,
        281_474_976_710_656,
        8_640_000_000_000_000,
    ];
    let ids = run(&json!({ "task": "uuid", "times": times }));
    for (time, id) in times.iter().zip(ids.as_array().unwrap()) {
        let id = id.as_str().unwrap();
        let body = json!({
            "version": 1, "id": id, "revision": 1, "complete": false, "survey": "default", "touchpoint": "order",
            "score": 9, "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.000Z",
            "sent_at": "2026-11-21T17:00:05.000Z", "page": "https://shop.example/", "locale": "de",
            "method": { "question": "Well?", "low_label": "no", "high_label": "yes", "layout": "one-row",
                        "mode": "inline", "release": "0.1.0" },
        });
        let read = receive::from_json(body.to_string().as_bytes());
        assert!(read.is_ok(), "{time}: {id}: {read:?}");
        if (0..1 << 48).contains(time) {
            let stated = i64::from_str_radix(&id.replace('-', "")[..12], 16);
            assert_eq!(stated, Ok(*time), "{id}");
        }
    }
}

/// The page already leaves out every secret that a receiver of the contract would leave out.
#[test]
fn paths_lose_the_same_in_the_page_and_at_the_endpoint() {
    let part = "([a-zA-Z]{0,8}[0-9]?[-._~%@]?){0,6}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){2,3}-[0-9a-f]{0,12}|[\\w%.-]{18,22}|.{0,30}";
    let paths = prop::collection::vec(prop::collection::vec(part, 0..4), 200);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    runner
        .run(&paths, |paths| {
            let paths: Vec<String> =
                paths.iter().map(|parts| format!("/{}", parts.join("/"))).collect();
            let shop = "https://shop.example";
            let address = |path: &String| without_secrets(&format!("{shop}{path}"));
            let expected: Vec<String> =
                paths.iter().map(|path| address(path).replacen(shop, "", 1)).collect();
            prop_assert_eq!(run(&json!({ "task": "paths", "paths": paths })), json!(expected));
            Ok(())
        })
        .unwrap();
}

/// Half a surrogate pair is not text, and the collector refuses JSON that contains one.
#[test]
fn half_a_character_does_not_spoil_a_message() {
    let written = run(&json!({ "task": "halves" }));
    let message: Value = serde_json::from_str(written.as_str().unwrap()).unwrap();
    let whole = "a\u{fffd} b";
    assert_eq!(message, json!({ "comment": whole, "tags": [whole], "customer": { "id": whole } }));
}

/// The rules of whether a survey is asked, as a table; docs/WHEN.md has them in words.
#[test]
fn reasons_not_to_ask_are_found_in_this_order() {
    // Thursday noon, by the clock of a browser in UTC.
    const NOW: i64 = 1_795_694_400_000; // 2026-11-26T12:00:00Z
    const DAY: i64 = 86_400_000;
    let history = |shows: u32, shown: i64, dismissed: Option<i64>, answered: Option<i64>| {
        json!({
            "shows": shows, "shown": NOW - shown,
            "dismissed": dismissed.map(|ago| NOW - ago), "answered": answered.map(|ago| NOW - ago),
        })
    };
    let never = json!({});
    let shown = json!({ "default": history(1, DAY, None, None) });
    let closed = json!({ "default": history(2, 6 * DAY, Some(6 * DAY), None) });
    let answered = json!({ "default": history(1, 30 * DAY, None, Some(30 * DAY)) });
    let elsewhere = json!({ "delivery": history(1, 2 * DAY, None, None) });
    let ahead = json!({ "default": history(1, -2 * DAY, None, Some(-20 * DAY)) });
    let drawn = json!({ "default": { "draw": 0.5 } });
    let open = json!({ "consent": true });
    let plain = json!({});
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a Value, &'a Value, Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (&[], &never, &plain, None),
        // Consent comes first, whatever else there is.
        (&[("consent", "required-to-show"), ("include", "/no")], &never, &plain, Some("consent")),
        (&[("consent", "required-to-show")], &never, &open, None),
        (&[("consent", "required")], &never, &plain, None),
        (&[("include", "/thanks")], &never, &plain, None),
        (&[("include", "/cart, /thanks/*")], &never, &plain, Some("page")),
        (&[("exclude", "/thanks")], &never, &plain, Some("page")),
        (&[("include", "*"), ("exclude", "/than*")], &never, &plain, Some("page")),
        (&[("from", "2026-11-26")], &never, &plain, None),
        (&[("from", "2026-11-27")], &never, &plain, Some("date")),
        (&[("until", "2026-11-26")], &never, &plain, None),
        (&[("until", "2026-11-25")], &never, &plain, Some("date")),
        (&[("sample", "0.5")], &drawn, &plain, Some("sample")),
        (&[("sample", "0.51")], &drawn, &plain, None),
        (&[("sample", "0")], &drawn, &plain, Some("sample")),
        (&[("sample", "1")], &drawn, &plain, None),
        (&[("repeat-after", "30")], &answered, &plain, None),
        (&[("repeat-after", "30.5")], &answered, &plain, Some("answered")),
        (&[("repeat-after", "365"), ("survey", "delivery")], &answered, &plain, None),
        (&[("snooze", "7")], &closed, &plain, Some("snoozed")),
        (&[("snooze", "6")], &closed, &plain, None),
        (&[("max-shows", "2")], &shown, &plain, None),
        (&[("max-shows", "2")], &closed, &plain, Some("max-shows")),
        (&[("max-shows", "0")], &never, &plain, Some("max-shows")),
        (&[("gap", "3")], &elsewhere, &plain, Some("gap")),
        (&[("gap", "2")], &elsewhere, &plain, None),
        // A clock that was far ahead, and one that was a little.
        (&[("repeat-after", "5")], &ahead, &plain, None),
        (&[("gap", "3")], &ahead, &plain, Some("gap")),
        (&[("mode", "corner")], &never, &json!({ "another": true }), Some("another")),
        (&[], &never, &json!({ "another": true }), None),
        // A value that is not allowed is as if there were none.
        (&[("sample", "2"), ("max-shows", "-1"), ("from", "tomorrow")], &never, &plain, None),
    ];
    let input: Vec<Value> = cases
        .iter()
        .map(|(set, memory, more, _)| {
            let mut facts = json!({
                "now": NOW, "path": "/thanks", "consent": false, "another": false,
                "memory": memory,
            });
            for (name, value) in more.as_object().unwrap() {
                facts[name] = value.clone();
            }
            json!([attributes(set), facts])
        })
        .collect();
    let decided = run(&json!({ "task": "decide", "cases": input }));
    for ((set, .., expected), decided) in cases.iter().zip(decided.as_array().unwrap()) {
        assert_eq!(decided.as_str(), *expected, "{set:?}");
    }
}

#[test]
fn a_pattern_of_paths_has_one_special_character() {
    let cases = [
        ("/thanks", "/thanks", true),
        ("/thanks", "/thanks/", true),
        ("/thanks/", "/thanks", true),
        ("/thanks", "/thanks/1", false),
        ("/thanks/*", "/thanks/1/2", true),
        ("*/thanks", "/de/thanks", true),
        ("/*/thanks*", "/de/thanks-a-lot", true),
        ("*", "/", true),
        ("/", "/", true),
        ("/", "/a", false),
        ("/a.b", "/aXb", false),
        ("/a(b)[c]+?", "/a(b)[c]+?", true),
        ("/Thanks", "/thanks", false),
        ("/danke-für", "/danke-f%C3%BCr", true),
        ("/danke-f%C3%BCr", "/danke-f%C3%BCr", true),
        ("/100%", "/100%", true),
        ("/a*b", "/ab", true),
        ("/ab*ba", "/aba", false),
        ("/a*b*c", "/a-c-b", false),
        ("/a*b*b", "/ab", false),
        ("", "/", false),
    ];
    let pairs: Vec<_> = cases.iter().map(|(pattern, path, _)| (pattern, path)).collect();
    let expected: Vec<_> = cases.iter().map(|(.., matches)| matches).collect();
    assert_eq!(run(&json!({ "task": "matches", "pairs": pairs })), json!(expected));
}

/// The reasons, in their order, each with the attributes that lead to it.
const REASONS: [(&str, &[&str]); 9] = [
    ("consent", &["consent"]),
    ("page", &["include", "exclude"]),
    ("date", &["from", "until"]),
    ("sample", &["sample"]),
    ("answered", &["repeat-after"]),
    ("snoozed", &["snooze"]),
    ("max-shows", &["max-shows"]),
    ("gap", &["gap"]),
    ("another", &["mode"]),
];

/// Any attributes that decide whether a survey is asked, most of them absent.
fn rules() -> impl Strategy<Value = Attributes> {
    let value = |name: &'static str, values: &'static [&'static str]| {
        prop::option::weighted(0.4, prop::sample::select(values))
            .prop_map(move |value| value.map(|value| (name.to_owned(), value.to_owned())))
    };
    const DAYS: &[&str] = &["0", "0.5", "1", "7", "30", "365", "soon", "-1"];
    const PATHS: &[&str] = &["/thanks", "/thanks/*", "*", "/cart, /done", "/than*", ""];
    const DATES: &[&str] = &["2026-11-20", "2026-11-26", "2026-12-24", "today"];
    const MODES: &[&str] = &["inline", "corner", "banner", "dialog", "tab", "manual", "none"];
    (
        value("consent", &["required", "required-to-show", "no"]),
        (value("include", PATHS), value("exclude", PATHS)),
        (value("from", DATES), value("until", DATES)),
        value("sample", &["0", "0.25", "0.5", "1", "2"]),
        value("repeat-after", DAYS),
        value("snooze", DAYS),
        value("max-shows", &["0", "1", "3", "many"]),
        value("gap", DAYS),
        value("mode", MODES),
    )
        .prop_map(
            |(
                consent,
                (include, exclude),
                (from, until),
                sample,
                repeat,
                snooze,
                shows,
                gap,
                mode,
            )| {
                let all = [
                    consent, include, exclude, from, until, sample, repeat, snooze, shows, gap,
                    mode,
                ];
                all.into_iter().flatten().collect()
            },
        )
}

/// What a browser may remember: also what another script, a damaged disk or a wrong clock has made of it.
fn memory(now: i64) -> impl Strategy<Value = Value> {
    let days = -40..400_i64;
    let time = prop::option::of(days.prop_map(move |ago| now - ago * 43_200_000));
    let history = (0..4_u32, 0.0..1.0_f64, time.clone(), time.clone(), time).prop_map(
        |(shows, draw, shown, dismissed, answered)| {
            json!({ "shows": shows, "draw": draw, "shown": shown, "dismissed": dismissed, "answered": answered })
        },
    );
    let odd = prop::sample::select(vec![json!(null), json!("x"), json!(7), json!([]), json!({})]);
    let any = prop_oneof![4 => history, 1 => odd];
    prop::collection::hash_map(prop::sample::select(vec!["default", "other"]), any, 0..3)
        .prop_map(|all| json!(all))
}

/// Every rule speaks for itself: the reason is the first that one of them gives alone, so no rule ever has a survey asked
/// that another leaves out. Nor does it matter what else there is, or in which order.
#[test]
fn each_rule_only_takes_away() {
    const NOW: i64 = 1_795_694_400_000; // 2026-11-26T12:00:00Z
    proptest!(ProptestConfig::with_cases(200), |(
        rules in rules(), memory in memory(NOW), consent: bool, another: bool,
        path in prop::sample::select(vec!["/thanks", "/thanks/1", "/cart", "/"]),
    )| {
        let facts = json!({ "now": NOW, "path": path, "consent": consent, "another": another, "memory": memory });
        let alone = REASONS.iter().map(|(_, names)| {
            let own = rules.iter().filter(|(name, _)| names.contains(&name.as_str()));
            own.cloned().collect::<Attributes>()
        });
        let turned: Attributes = rules.iter().rev().cloned().collect();
        let cases = alone.chain([rules.clone(), turned]).map(|set| json!([set, facts]));
        let decided = run(&json!({ "task": "decide", "cases": cases.collect::<Vec<_>>() }));
        let decided: Vec<Option<String>> = serde_json::from_value(decided).unwrap();
        let (alone, together) = decided.split_at(REASONS.len());
        let expected = REASONS.iter().zip(alone).find(|(_, reason)| reason.is_some());
        for ((name, _), reason) in REASONS.iter().zip(alone) {
            prop_assert!(reason.as_deref().is_none_or(|reason| reason == *name), "{name}: {reason:?}");
        }
        for reason in together {
            prop_assert_eq!(reason.as_deref(), expected.map(|((name, _), _)| *name));
        }
    });
}

/// Who is asked with a share, a number of days or a number of times is asked with every one that is more generous; and as
/// time passes, what rests is asked again and stays so.
#[test]
fn what_is_more_generous_asks_no_fewer() {
    const NOW: i64 = 1_795_694_400_000;
    let grows = [
        ("sample", true),
        ("max-shows", true),
        ("repeat-after", false),
        ("snooze", false),
        ("gap", false),
    ];
    proptest!(ProptestConfig::with_cases(200), |(
        rules in rules(), memory in memory(NOW), which in 0..grows.len(), one in 0..=100_u32, other in 0..=100_u32,
    )| {
        let (name, more_asks) = grows[which];
        let value = |number: u32| match name {
            "sample" => f64::from(number) / 100.0,
            _ => f64::from(number),
        };
        let (low, high) = (value(one.min(other)), value(one.max(other)));
        let others = || rules.iter().filter(|(other, _)| other != name).cloned();
        let with = |value: f64| others().chain([(name.to_owned(), value.to_string())]).collect::<Attributes>();
        let facts = |now: i64| json!({ "now": now, "path": "/thanks", "consent": true, "another": false, "memory": memory });
        let (strict, generous) = if more_asks { (low, high) } else { (high, low) };
        let decided = run(&json!({ "task": "decide", "cases": [[with(strict), facts(NOW)], [with(generous), facts(NOW)]] }));
        prop_assert!(!decided[0].is_null() || decided[1].is_null(), "{name} {strict} asks, {generous} does not: {decided}");
    });
}

/// A pattern matches what it does where `*` is tried with every length.
#[test]
fn patterns_of_paths_match_as_by_trying() {
    fn matches(pattern: &[u8], path: &[u8]) -> bool {
        match pattern.split_first() {
            None => path.is_empty(),
            Some((b'*', rest)) => (0..=path.len()).any(|length| matches(rest, &path[length..])),
            Some((first, rest)) => {
                path.split_first().is_some_and(|(it, more)| it == first && matches(rest, more))
            }
        }
    }
    proptest!(ProptestConfig::with_cases(100), |(pairs in prop::collection::vec(("/[ab*.]{0,8}[ab*]", "/[ab.]{0,8}[ab]"), 20))| {
        let expected: Vec<bool> =
            pairs.iter().map(|(pattern, path)| matches(pattern.as_bytes(), path.as_bytes())).collect();
        prop_assert_eq!(run(&json!({ "task": "matches", "pairs": pairs })), json!(expected));
    });
}
