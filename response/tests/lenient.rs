//! Tests that no answer is lost because of a field that only describes it: with any value there, in JSON
//! or in a form, the answer is accepted, and its strict fields are stored as they were sent.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::LazyLock;

use afterword_response::receive::{self, Message, Problem, Received, Refusal};
use afterword_response::{Response, schema};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A response with every field filled in.
fn full() -> Value {
    json!({
        "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455", "revision": 2, "complete": true,
        "survey": "post-purchase", "touchpoint": "order", "score": 9, "comment": "Schnell & gut",
        "reasons": ["delivery"], "quotable": false, "quote_name": "Kim", "contact": "a@example.org",
        "answer_page": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.120Z",
        "sent_at": "2026-11-21T17:00:04.520Z", "page": "https://shop.example/thank-you", "locale": "de",
        "method": { "question": "Wie wahrscheinlich …?", "low_label": "gar nicht", "high_label": "sehr",
                    "layout": "two-rows", "mode": "inline", "release": "0.1.0",
                    "contact_text": "Nur um zu antworten.", "quote_text": "Sie dürfen mich zitieren." },
        "order": { "id": "A-1001", "value": "129.90", "currency": "EUR", "country": "DE",
                   "products": ["SKU 1", "SKU 2"], "signature": "abc" },
        "customer": { "id": "c1", "kind": "returning" },
        "properties": { "coupon": "WELCOME" }, "tags": ["q4", "app"]
    })
}

/// The fields that only describe an answer, each group after its members.
const DESCRIPTIVE: &[&str] = &[
    "complete",
    "reasons",
    "reasons.0",
    "quotable",
    "quote_name",
    "contact",
    "answer_page",
    "shown_at",
    "scored_at",
    "sent_at",
    "page",
    "locale",
    "method.question",
    "method.low_label",
    "method.high_label",
    "method.layout",
    "method.mode",
    "method.release",
    "method.contact_text",
    "method.quote_text",
    "method",
    "order.id",
    "order.value",
    "order.currency",
    "order.country",
    "order.products",
    "order.products.0",
    "order.signature",
    "order",
    "customer.id",
    "customer.kind",
    "customer",
    "properties.coupon",
    "properties",
    "tags",
    "tags.1",
    "display",
    "invented",
];

/// Part of a string of JSON, as it stands between quotation marks.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -!#-\\[\\]-~]{0,12}",
        "[äßñ漢😀🇩🇪👩‍👧]{1,4}",
        Just("https://shop.example/".to_owned()),
        Just("2026-11-21T17:00:00Z".to_owned()),
        Just(r"\n".to_owned()),
        Just(r"\u0000".to_owned()),
        // Halves of surrogate pairs, and a whole one.
        Just(r"\ud83d".to_owned()),
        Just(r"\ude00".to_owned()),
        Just(r"\uD83D\uDE00".to_owned()),
        (1_usize..3_000).prop_map(|length| "x".repeat(length)),
        (1_usize..700).prop_map(|length| "😀".repeat(length)),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// Any JSON, as text, so that also escapes and the notation of numbers vary.
fn anything() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => text(),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => any::<f64>().prop_filter("JSON has no other", |it| it.is_finite()).prop_map(|it| format!("{it:e}")),
        1 => Just("1e999".to_owned()),
        1 => Just("129.90".to_owned()),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just(format!("{}{}", "[".repeat(300), "]".repeat(300))),
    ];
    leaf.prop_recursive(3, 80, 40, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..60)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((text(), inner), 0..40).prop_map(|fields| {
                let fields: Vec<_> =
                    fields.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

/// The body of `full` with the values at some paths replaced or removed.
fn body(changes: &[(&str, Option<String>)]) -> String {
    let mut response = full();
    let mut put = Vec::new();
    for (path, value) in changes {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        let pointer = if parent.is_empty() {
            parent.to_owned()
        } else {
            format!("/{}", parent.replace('.', "/"))
        };
        // Its group may have been replaced already.
        let marker = json!(format!("<{}>", put.len()));
        match (response.pointer_mut(&pointer), value) {
            (Some(Value::Object(group)), None) => {
                group.remove(key);
            }
            (Some(Value::Object(group)), Some(value)) => {
                group.insert(key.to_owned(), marker);
                put.push(value);
            }
            (Some(Value::Array(items)), Some(value)) if !items.is_empty() => {
                items[0] = marker;
                put.push(value);
            }
            _ => {}
        }
    }
    let mut text = response.to_string();
    for (index, value) in put.iter().enumerate() {
        text = text.replace(&format!("\"<{index}>\""), value);
    }
    text
}

/// The strict fields of an answer are as they were sent.
#[track_caller]
fn check_kept(kept: &Response) {
    assert_eq!(kept.version, 1);
    assert_eq!(kept.id, "0192f0c1-7a2b-7c3d-8e4f-001122334455");
    assert_eq!(kept.revision, 2);
    assert_eq!(kept.survey, "post-purchase");
    assert_eq!(kept.touchpoint.name(), "order");
    assert_eq!(kept.score, 9);
    assert_eq!(kept.comment.as_deref(), Some("Schnell & gut"));
}

/// A stored message holds the schema, except for missing fields, and a second reading changes nothing.
#[track_caller]
fn check_settled(kept: &Response) {
    let value = serde_json::to_value(kept).unwrap();
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let mut schema: Value = serde_json::from_str(&schema::json()).unwrap();
        for object in ["", "/$defs/Method"] {
            schema.pointer_mut(object).unwrap().as_object_mut().unwrap().remove("required");
        }
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    });
    let errors: Vec<_> = SCHEMA.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{value}");

    let unknown = |problem: &Problem| matches!(problem, Problem::Missing | Problem::Empty);
    for problem in receive::check(kept) {
        assert!(unknown(&problem.problem), "{problem:?} in {value}");
    }
    let again = receive::from_json(value.to_string().as_bytes()).unwrap();
    assert_eq!(&again.message, kept);
    for note in again.notes {
        assert!(unknown(&note.problem), "{note:?} in {value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..Default::default() })]

    #[test]
    fn no_json_in_a_descriptive_field_loses_the_answer(
        changes in prop::collection::vec(
            (prop::sample::select(DESCRIPTIVE), prop::option::weighted(0.9, anything())), 1..5)
    ) {
        let body = body(&changes);
        match receive::from_json(body.as_bytes()) {
            Ok(received) => {
                check_kept(&received.message);
                check_settled(&received.message);
            }
            Err(refusal) => prop_assert!(false, "{refusal:?}"),
        }
    }

    #[test]
    fn no_text_in_a_descriptive_field_of_a_form_loses_the_answer(
        changes in prop::collection::vec(
            (
                prop_oneof![
                    prop::sample::select(DESCRIPTIVE).prop_map(str::to_owned),
                    "(order|method|customer|properties|tags)\\.\\PC{0,8}",
                    "\\PC{1,8}",
                ],
                prop_oneof![any::<String>(), "[a-z,🍀]{0,900}", "\\PC{0,40}"],
            ),
            1..40,
        )
    ) {
        let strict =
            ["version", "id", "revision", "survey", "touchpoint", "score", "comment"];
        let changes = changes.into_iter().filter(|(name, _)| !strict.contains(&name.as_str()));
        let full = receive::from_json(full().to_string().as_bytes()).unwrap().message;
        match receive::from_form(full.to_form().into_iter().chain(changes)) {
            Ok(received) => {
                check_kept(&received.message);
                check_settled(&received.message);
            }
            Err(refusal) => prop_assert!(false, "{refusal:?}"),
        }
    }

    #[test]
    fn no_wrong_descriptive_field_loses_a_display(
        changes in prop::collection::vec(
            (prop::sample::select(&["at", "page", "locale", "complete", "method"][..]), anything()), 1..4)
    ) {
        let mut body = r#"{"version":1,"id":"0192f0c1-7a2b-7c3d-8e4f-001122334455","display":"shown",
            "survey":"post-purchase","touchpoint":"order","at":"2026-11-21T17:00:00.000Z",
            "page":"https://shop.example/","locale":"de""#.to_owned();
        for (name, value) in &changes {
            body.push_str(&format!(",\"{name}\":{value}"));
        }
        body.push('}');
        match Message::from_json(body.as_bytes()).map(|received| received.message) {
            Ok(Message::Display(kept)) => {
                prop_assert_eq!(kept.id.as_str(), "0192f0c1-7a2b-7c3d-8e4f-001122334455");
                prop_assert_eq!((kept.survey.as_str(), kept.display.name()), ("post-purchase", "shown"));
                for problem in receive::check_display(&kept) {
                    prop_assert!(problem.problem == Problem::Empty, "{problem:?}");
                }
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

/// Any body is either read as a message that holds the contract, or refused with a reason.
#[track_caller]
fn check_any(read: Result<Received<Message>, Refusal>) {
    match read.map(|received| received.message) {
        Ok(Message::Response(kept)) => check_settled(&kept),
        Ok(Message::Display(kept)) => {
            for problem in receive::check_display(&kept) {
                assert_eq!(problem.problem, Problem::Empty, "{problem:?}");
            }
        }
        Err(Refusal::Fields(problems)) => assert!(!problems.is_empty()),
        Err(Refusal::Syntax(words) | Refusal::Version(words)) => assert!(!words.is_empty()),
    }
}

#[test]
fn fuzz_json() {
    bolero::check!(name = "json").with_iterations(2_000).for_each(|body: &[u8]| {
        check_any(Message::from_json(body));
    });
}

#[test]
fn fuzz_form() {
    bolero::check!(name = "form").with_iterations(2_000).for_each(|body: &[u8]| {
        check_any(Message::from_form(form_urlencoded::parse(body).into_owned()));
    });
}
