//! The contract: the schema is current, and it and the checks agree on what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use afterword_response::receive::{self, Message, Refusal};
use afterword_response::{Response, Segment, schema};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A response with every field filled in.
fn full() -> Value {
    json!({
        "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455", "revision": 2, "complete": true,
        "survey": "post-purchase", "touchpoint": "order", "score": 9, "comment": "Schnell & gut",
        "reasons": ["delivery"], "quotable": false, "contact": "a@example.org",
        "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.120Z",
        "sent_at": "2026-11-21T17:00:04.520Z", "page": "https://shop.example/thank-you", "locale": "de",
        "method": { "question": "Wie wahrscheinlich …?", "low_label": "gar nicht", "high_label": "sehr",
                    "layout": "two-rows", "mode": "inline", "release": "0.1.0" },
        "order": { "id": "A-1001", "value": "129.90", "currency": "EUR", "country": "DE",
                   "products": ["SKU 1", "SKU 2"], "signature": "abc" },
        "customer": { "id": "c1", "kind": "returning" },
        "properties": { "coupon": "WELCOME" }, "tags": ["q4", "app"]
    })
}

/// `full` with the value at a dotted path replaced, or removed where it is null.
fn with(path: &str, value: Value) -> Value {
    let mut response = full();
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let parent =
        if parent.is_empty() { String::new() } else { format!("/{}", parent.replace('.', "/")) };
    let object = response.pointer_mut(&parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        object.remove(key);
    } else {
        object.insert(key.to_owned(), value);
    }
    response
}

fn read(value: &Value) -> Result<Response, Refusal> {
    receive::from_json(&serde_json::to_vec(value).unwrap())
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&schema::json()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Both the schema and the checks refuse `value` at `path`, and the refusal names the field.
#[track_caller]
fn refused(path: &str, value: Value) {
    let response = with(path, value.clone());
    assert!(!validator().is_valid(&response), "the schema takes {path} = {value}");
    match read(&response) {
        Err(Refusal::Fields(problems)) => assert!(
            problems.iter().any(|p| p.field.starts_with(path)),
            "{path} = {value} is blamed on {problems:?}"
        ),
        other => panic!("{path} = {value} gives {other:?}"),
    }
}

#[test]
fn the_committed_schema_is_current() {
    let committed = include_str!("../response.schema.json");
    assert!(
        schema::json() == committed,
        "response.schema.json is out of date: run `cargo xtask generate`"
    );
}

#[test]
fn a_full_response_is_taken_and_comes_back_the_same() {
    assert!(validator().is_valid(&full()));
    let response = read(&full()).unwrap();
    assert_eq!(serde_json::to_value(response).unwrap(), full());
}

#[test]
fn a_bare_score_is_taken() {
    let mut bare = full();
    for field in
        ["comment", "reasons", "quotable", "contact", "order", "customer", "properties", "tags"]
    {
        bare.as_object_mut().unwrap().remove(field);
    }
    assert!(validator().is_valid(&bare));
    assert_eq!(serde_json::to_value(read(&bare).unwrap()).unwrap(), bare);
}

#[test]
fn fields_that_are_not_known_are_ignored() {
    assert!(read(&with("invented", json!("later"))).is_ok());
    assert!(validator().is_valid(&with("invented", json!("later"))));
}

#[test]
fn every_bound_is_held_by_schema_and_checks_alike() {
    refused("id", json!("0192f0c1-7a2b-4c3d-8e4f-001122334455"));
    refused("id", json!("0192f0c17a2b7c3d8e4f001122334455"));
    refused("revision", json!(0));
    refused("revision", json!(10_001));
    refused("survey", json!(""));
    refused("survey", json!("a b"));
    refused("survey", json!("x".repeat(65)));
    refused("touchpoint", json!("checkout"));
    refused("score", json!(11));
    refused("comment", json!("ä".repeat(2_001)));
    refused("reasons", json!(vec!["x"; 11]));
    refused("reasons", json!([""]));
    refused("contact", json!("x".repeat(255)));
    refused("shown_at", json!("yesterday"));
    refused("scored_at", json!("21.11.2026"));
    refused("sent_at", json!(""));
    refused("page", json!(format!("https://shop.example/{}", "x".repeat(2_000))));
    refused("locale", json!("german"));
    refused("method.question", json!(""));
    refused("method.question", json!("x".repeat(501)));
    refused("method.low_label", json!("x".repeat(101)));
    refused("method.high_label", json!("x".repeat(101)));
    refused("method.layout", json!("circle"));
    refused("method.mode", json!("popup"));
    refused("method.release", json!(""));
    refused("order.id", json!("x".repeat(129)));
    refused("order.id", json!(""));
    refused("order.value", json!("1.299,00"));
    refused("order.value", json!("-1"));
    refused("order.value", json!(129.9));
    refused("order.currency", json!("€"));
    refused("order.country", json!("deu"));
    refused("order.products", json!(vec!["x"; 51]));
    refused("order.signature", json!("x".repeat(129)));
    refused("customer.id", json!("x".repeat(129)));
    refused("customer.kind", json!("loyal"));
    refused("tags", json!(vec!["x"; 21]));
    refused("tags", json!(["x".repeat(65)]));
    let many: serde_json::Map<String, Value> =
        (0..31).map(|n| (format!("p{n}"), json!("x"))).collect();
    refused("properties", Value::Object(many));
}

#[test]
fn missing_fields_are_named() {
    let required = [
        "id",
        "revision",
        "complete",
        "survey",
        "touchpoint",
        "score",
        "shown_at",
        "scored_at",
        "sent_at",
        "page",
        "locale",
        "method",
    ];
    for field in required {
        let response = with(field, Value::Null);
        assert!(!validator().is_valid(&response), "the schema does not ask for {field}");
        let Err(Refusal::Fields(problems)) = read(&response) else {
            panic!("{field} is not asked for")
        };
        assert!(problems[0].field == field, "{field}: {problems:?}");
    }
}

#[test]
fn another_version_is_refused_as_such() {
    assert_eq!(read(&with("version", json!(2))), Err(Refusal::Version("2".into())));
    assert_eq!(read(&with("version", json!("1"))), Err(Refusal::Version("\"1\"".into())));
    assert!(matches!(read(&with("version", Value::Null)), Err(Refusal::Fields(_))));
}

#[test]
fn a_page_loses_its_query_and_fragment() {
    let response =
        read(&with("page", json!("https://shop.example/a?mail=x@example.org#b"))).unwrap();
    assert_eq!(response.page, "https://shop.example/a");
    refused_page("javascript:alert(1)");
    refused_page("/thank-you");
}

#[track_caller]
fn refused_page(page: &str) {
    assert!(matches!(read(&with("page", json!(page))), Err(Refusal::Fields(_))), "{page}");
}

#[test]
fn what_is_not_json_is_refused_with_the_place() {
    let Err(Refusal::Syntax(message)) = receive::from_json(b"{\"version\":1,") else { panic!() };
    assert!(message.contains("line 1"), "{message}");
}

#[test]
fn a_form_carries_the_same_response() {
    let response = read(&full()).unwrap();
    assert_eq!(receive::from_form(response.to_form()).unwrap(), response);
}

#[test]
fn a_form_with_a_wrong_number_is_refused_by_name() {
    let mut fields = read(&full()).unwrap().to_form();
    for (name, value) in &mut fields {
        if name == "score" {
            *value = "nine".to_owned();
        }
    }
    let Err(Refusal::Fields(problems)) = receive::from_form(fields) else { panic!() };
    assert_eq!(problems[0].field, "score");
}

fn display() -> Value {
    json!({
        "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455", "display": "shown",
        "survey": "post-purchase", "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z",
        "page": "https://shop.example/thank-you", "locale": "de"
    })
}

fn message(value: &Value) -> Result<Message, Refusal> {
    Message::from_json(&serde_json::to_vec(value).unwrap())
}

#[test]
fn the_committed_schema_of_displays_is_current() {
    let committed = include_str!("../display.schema.json");
    assert!(
        schema::display_json() == committed,
        "display.schema.json is out of date: run `cargo xtask generate`"
    );
}

#[test]
fn a_display_is_taken_as_json_and_as_a_form() {
    let schema: Value = serde_json::from_str(&schema::display_json()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for step in ["shown", "dismissed"] {
        let mut sent = display();
        sent["display"] = json!(step);
        assert!(validator.is_valid(&sent));
        let Ok(Message::Display(read)) = message(&sent) else { panic!("{step}") };
        assert_eq!(serde_json::to_value(&read).unwrap(), sent);
        assert_eq!(Message::from_form(read.to_form()), Ok(Message::Display(read)));
    }
    for (field, wrong) in [
        ("id", json!("0192f0c1-7a2b-4c3d-8e4f-001122334455")),
        ("display", json!("hidden")),
        ("survey", json!("a b")),
        ("touchpoint", json!("checkout")),
        ("at", json!("yesterday")),
        ("page", json!(format!("https://shop.example/{}", "x".repeat(2_000)))),
        ("locale", json!("german")),
    ] {
        let mut sent = display();
        sent[field] = wrong;
        assert!(!validator.is_valid(&sent), "the schema takes {sent}");
        let Err(Refusal::Fields(problems)) = message(&sent) else { panic!("{sent}") };
        assert!(problems.iter().any(|problem| problem.field == field), "{problems:?}");
    }
}

#[test]
fn a_displays_page_loses_its_query_and_its_version_is_asked_for() {
    let mut sent = display();
    sent["page"] = json!("https://shop.example/a?mail=x@example.org#b");
    let Ok(Message::Display(read)) = message(&sent) else { panic!() };
    assert_eq!(read.page, "https://shop.example/a");
    sent["version"] = json!(2);
    assert_eq!(message(&sent), Err(Refusal::Version("2".into())));
}

#[test]
fn whatever_holds_a_score_is_an_answer() {
    for extra in [json!("shown"), json!("nonsense"), json!(7)] {
        let sent = with("display", extra);
        let Ok(Message::Response(read)) = message(&sent) else { panic!("{sent}") };
        assert_eq!(serde_json::to_value(*read).unwrap(), full());
    }
}

#[test]
fn segments_follow_the_method() {
    let segments: Vec<Segment> = (0..=10).map(Segment::of).collect();
    assert!(segments[..=6].iter().all(|s| *s == Segment::Detractor));
    assert!(segments[7..=8].iter().all(|s| *s == Segment::Passive));
    assert!(segments[9..].iter().all(|s| *s == Segment::Promoter));
}

proptest! {
    #[test]
    fn any_comment_within_bounds_survives_json_and_form(comment in "\\PC{1,200}") {
        let value = with("comment", json!(comment));
        let response = read(&value).unwrap();
        prop_assert_eq!(response.comment.as_deref(), Some(comment.as_str()));
        prop_assert_eq!(receive::from_form(response.to_form()).unwrap(), response);
    }

    #[test]
    fn no_bytes_at_all_make_reading_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = receive::from_json(&body);
        let _ = Message::from_json(&body);
    }

    #[test]
    fn no_form_at_all_makes_reading_panic(
        fields in proptest::collection::vec(("[a-z._]{0,20}", "\\PC{0,20}"), 0..20)
    ) {
        let _ = receive::from_form(fields);
    }
}
