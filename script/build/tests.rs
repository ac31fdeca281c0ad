//! The script's modules, run by Node.js, against the same rules in Rust.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;

use afterword::answer::{self, Showing};
use afterword::attributes::{self, ATTRIBUTES, Fault, Rule};
use afterword::settings::Settings;
use afterword::survey::{Choice, Revision};
use afterword::texts::{Locale, Texts};
use afterword_response::{Layout, receive};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lookup;
use crate::rules::{self, Audience};

/// A folder in which Node.js finds the script's modules, and the driver that calls them.
struct Script(TempDir);

impl Script {
    /// `built` is the text of the module of that name.
    fn new(built: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        for room in ["", "later/"] {
            for entry in fs::read_dir(source.join(room)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "js") {
                    let name = path.file_name().unwrap().to_str().unwrap();
                    write(&format!("script/{room}{name}"), &fs::read_to_string(&path).unwrap());
                }
            }
        }
        write("driver.js", include_str!("tests/driver.js"));
        write("package.json", r#"{ "type": "module" }"#);
        write("node_modules/built/index.js", built);
        write("node_modules/built/package.json", r#"{ "type": "module", "main": "index.js" }"#);
        Self(folder)
    }

    /// Has the driver do what `input` says, and gives what comes of it.
    fn run(&self, input: &Value) -> Value {
        let mut node = Command::new("node")
            .arg(self.0.path().join("driver.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is not on the PATH: `cargo xtask tools` installs it");
        node.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
        let output = node.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", output.status);
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn the_script_finds_the_locale_that_the_table_is_made_for() {
    let locales = ["de", "en", "nb", "pt-BR", "pt-PT", "sr-Latn", "zh", "zh-Hant"];
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
    let table = lookup::table(&locales);
    let built = format!("export const LOOKUP = {};", json!(crate::lookup_object(&locales)));
    let found = Script::new(&built).run(&json!({ "task": "match", "wanted": wanted }));
    let expected: Vec<_> = wanted.iter().map(|tag| lookup::find(&table, tag)).collect();
    assert_eq!(found, json!(expected));
}

/// The module `built` as afterword.js or later files have it.
fn built(audience: Audience) -> String {
    let constants = [("FOLDER", ""), ("RELEASE", afterword::RELEASE)];
    let constants = constants.map(|(name, value)| format!("export const {name} = {value:?};\n"));
    constants.concat() + &rules::javascript(audience) + &afterword::delivery::javascript()
}

type Pairs = Vec<(String, String)>;

/// Names as they come: ours, nearly ours, members of our families, others.
fn any_name() -> impl Strategy<Value = String> {
    let ours =
        prop::sample::select(ATTRIBUTES).prop_map(|attribute| attribute.name.replace('*', "a"));
    prop_oneof![
        6 => ours.clone(),
        1 => (ours, "[a-z0-9._*-]{1,4}").prop_map(|(name, more)| name + &more),
        3 => "(prop|header)-[a-z0-9._-]{0,66}",
        1 => "(prop|header)-[a-zä ]{0,5}",
        1 => "[a-z._-]{1,12}",
        1 => prop::sample::select(vec!["constructor", "__proto__", "prop-__proto__x", "order-note", "turbo-track", "header"])
            .prop_map(str::to_owned),
    ]
}

/// Values as they come: of every character there is, near every bound, and what the rules are about.
fn any_value() -> impl Strategy<Value = String> {
    let bounds = vec![63, 64, 65, 99, 100, 101, 127, 128, 129, 499, 500, 501, 2_000, 2_001];
    let long = (any::<char>(), prop::sample::select(bounds));
    let words = ATTRIBUTES.iter().filter_map(|attribute| match attribute.rule {
        Rule::Word(words) => Some(words),
        _ => None,
    });
    let words: Vec<&str> = words.flatten().copied().collect();
    let items = prop::collection::vec("[a-z🌷, \"]{0,3}", 0..60);
    prop_oneof![
        3 => any::<String>(),
        3 => "[ -~]{0,40}",
        3 => long.prop_map(|(one, count)| std::iter::repeat_n(one, count).collect()),
        2 => "([a-z]{0,3}, ?){0,60}",
        2 => items.prop_map(|items| json!(items).to_string()),
        1 => "\\[(\"[a-z, ]{0,4}\"|1|null|\\[\\]){0,3}(, \"x\"){0,3}\\]?",
        1 => "(https?|HTTPS|javascript|mailto|tel)?:?[/?#:]{0,3}\\PC{0,10}",
        1 => "[a-zA-Z]{1,9}([-_][a-zA-Z0-9]{0,9}){0,4}",
        1 => "[0-9]{0,13}[.,]?[0-9]{0,5}",
        1 => "[A-Z]{1,4}",
        1 => "#[0-9A-Fa-f]{2,7}",
        2 => "(\\{subject\\}|[a-z ]{0,20}|[$][$&`'<]){0,30}",
        3 => prop::sample::select(words).prop_map(str::to_owned),
        1 => "[\\s\u{85}\u{feff}]{0,2}(true|false|x)[\\s\u{85}\u{feff}]{0,2}",
    ]
}

/// Attributes of one element, each name once. Now and then one of them has more members than count.
fn any_attributes() -> impl Strategy<Value = Pairs> {
    let some = prop::collection::vec((any_name(), any_value()), 0..40);
    let many = ("(prop|header)-", 28..34_usize, any_value()).prop_map(|(prefix, count, value)| {
        (0..count).map(|number| (format!("{prefix}n{number}"), value.clone())).collect()
    });
    let many = prop_oneof![4 => Just(Pairs::new()), 1 => many];
    let all = (some, many).prop_map(|(some, many)| [some, many].concat());
    all.prop_map(|mut pairs| {
        let mut names = std::collections::BTreeSet::new();
        pairs.retain(|(name, _)| names.insert(name.clone()));
        pairs
    })
}

fn examples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// What was taken, by name; a list is one that the table calls so.
fn by_name(taken: Pairs) -> Value {
    let mut all = BTreeMap::new();
    for (name, value) in taken {
        let is_list = ATTRIBUTES.iter().any(|it| it.name == name && it.rule.count().is_some());
        if is_list {
            let list = all.entry(name).or_insert_with(|| json!([]));
            list.as_array_mut().unwrap().push(value.into());
        } else {
            all.insert(name, value.into());
        }
    }
    json!(all)
}

#[test]
fn for_the_widget_the_script_reads_attributes_as_the_table_says() {
    let cases = examples(&any_attributes(), 300);
    let read =
        Script::new(&built(Audience::Later)).run(&json!({ "task": "readAll", "cases": cases }));
    for (case, read) in cases.iter().zip(read.as_array().unwrap()) {
        let (taken, warnings) = attributes::read(case);
        assert_eq!(read["set"], by_name(taken));
        let faults: Vec<_> = warnings
            .iter()
            .map(|warning| {
                let kept = match warning.fault {
                    Fault::Ignored => Value::Null,
                    _ => read["set"][&warning.attribute].clone(),
                };
                (warning.attribute.clone(), warning.value.clone(), kept)
            })
            .collect();
        let found = read["faults"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|fault| {
                let text = |name: &str| fault[name].as_str().unwrap().to_owned();
                (text("name"), text("value"), fault["kept"].clone())
            })
            .collect();
        assert_eq!(found, faults);
    }
}

#[test]
fn the_painted_form_takes_no_other_values_than_the_widget() {
    let cases = examples(&any_attributes(), 300);
    let read =
        Script::new(&built(Audience::Script)).run(&json!({ "task": "read", "cases": cases }));
    // Of these the script takes what it then compares with a word.
    let compared =
        |name: &str| !rules::javascript(Audience::Script).contains(&format!("{name:?}:"));
    for (case, read) in cases.iter().zip(read.as_array().unwrap()) {
        let expected = by_name(attributes::read(case).0);
        for (name, value) in read.as_object().unwrap() {
            let family = name.split_once('-').map_or(String::new(), |(word, _)| format!("{word}/"));
            if compared(name) && compared(&family) {
                assert!(!name.contains('-'), "{name}");
            } else if !name.starts_with("prop-") && !name.starts_with("header-") {
                assert_eq!(*value, expected[name], "{name}");
            }
        }
        for (name, value) in expected.as_object().unwrap() {
            // What only later files need has no rule here.
            if !compared(name) {
                assert_eq!(read[name], *value, "{name}");
            }
        }
    }
}

#[test]
fn painted_form_and_widget_make_the_same_messages_of_any_settings() {
    let words = [
        ("question", "Would you recommend {subject}?"),
        ("question-informal", "Würdest du {subject} empfehlen?"),
        ("low-label", "no"),
        ("high-label", "yes"),
    ];
    let comments = prop::option::of("[ -~ä🌷\\n\u{85}]{0,30}");
    let cases = examples(&(any_attributes(), comments, 0..=10_u8), 300);
    let showing = Showing {
        id: "0192f0c1-7a2b-7c3d-8e4f-001122334455".into(),
        shown_at: "2026-11-21T17:00:00.000Z".into(),
        page: "https://shop.example/thank-you".into(),
        locale: "de".into(),
    };
    let scored_at = "2026-11-21T17:00:04.000Z";
    let surveys: Vec<Value> = cases
        .iter()
        .map(|(attributes, comment, score)| {
            json!({
                "attributes": attributes, "words": BTreeMap::from(words), "site": "shop.example", "score": score,
                "id": showing.id, "shown_at": showing.shown_at, "page": showing.page, "locale": showing.locale,
                "scored_at": scored_at, "layout": "two-rows", "revision": 1, "kind": "application/json",
                "comment": comment,
            })
        })
        .collect();
    let painted =
        Script::new(&built(Audience::Script)).run(&json!({ "task": "revise", "cases": surveys }));
    for ((case, comment, score), painted) in cases.iter().zip(painted.as_array().unwrap()) {
        let settings = Rc::new(Settings::of(attributes::read(case).0));
        let words = words.map(|(key, text)| (key.to_owned(), text.to_owned())).into();
        let texts = Texts::new(settings.clone(), Locale(words), "shop.example".into());
        let body: Value = serde_json::from_str(painted["body"].as_str().unwrap()).unwrap();
        let trimmed =
            comment.as_deref().map(attributes::trim).filter(|comment| !comment.is_empty());
        let revision = Revision {
            number: 2,
            complete: comment.is_some(),
            choice: Choice { score: *score, at: scored_at.into(), layout: Layout::TwoRows },
            comment: trimmed.map(str::to_owned),
            sent_at: body["sent_at"].as_str().unwrap().to_owned(),
        };
        let response = answer::response(&settings, &texts, &showing, &revision);
        let widget = serde_json::to_value(&response).unwrap();
        assert_eq!(body, widget);
        // No setting of the shop's is a reason to refuse an answer, nor is anything noted about it.
        assert_eq!(receive::check(&response), []);

        let mut headers: BTreeMap<String, Value> = BTreeMap::new();
        headers.insert("content-type".into(), "application/json".into());
        headers.extend(settings.headers.iter().map(|(name, value)| (name.clone(), json!(value))));
        assert_eq!(painted["headers"], json!(headers));

        let fields = |form: &str| -> Vec<(String, String)> {
            url::form_urlencoded::parse(form.as_bytes()).into_owned().collect()
        };
        let mut form = fields(painted["form"].as_str().unwrap());
        let mut expected = response.to_form();
        for fields in [&mut form, &mut expected] {
            fields.retain(|(name, _)| name != "sent_at" && name != "revision");
            fields.sort();
        }
        assert_eq!(form, expected);
    }
}

/// Clocks stand before 2004, before 1970, far ahead; the id is valid all the same, and in the order of time where
/// the clock makes sense.
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
    let ids = Script::new(&built(Audience::Script)).run(&json!({ "task": "uuid", "times": times }));
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

/// Half a surrogate pair is no text: JSON that has one is refused.
#[test]
fn half_a_character_does_not_spoil_a_message() {
    let written = Script::new(&built(Audience::Script)).run(&json!({ "task": "halves" }));
    let message: Value = serde_json::from_str(written.as_str().unwrap()).unwrap();
    let whole = "a\u{fffd} b";
    assert_eq!(message, json!({ "comment": whole, "tags": [whole], "customer": { "id": whole } }));
}
