//! Tests that the schema is current, and that schema and checks refuse the same messages.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use afterword_response::receive::{self, Message, Problem, Received, Refusal, Remedy};
use afterword_response::{Response, Segment, schema};
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

fn read(value: &Value) -> Result<Received<Response>, Refusal> {
    receive::from_json(&serde_json::to_vec(value).unwrap())
}

/// Reads a response that holds the contract.
#[track_caller]
fn taken(value: &Value) -> Response {
    let received = read(value).unwrap();
    assert_eq!(received.notes, []);
    received.message
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
fn a_full_response_is_read_and_written_unchanged() {
    assert!(validator().is_valid(&full()));
    assert_eq!(serde_json::to_value(taken(&full())).unwrap(), full());
}

#[test]
fn a_minimal_response_is_accepted() {
    let mut bare = full();
    for field in [
        "comment",
        "reasons",
        "quotable",
        "quote_name",
        "contact",
        "answer_page",
        "order",
        "customer",
        "properties",
        "tags",
    ] {
        bare.as_object_mut().unwrap().remove(field);
    }
    for field in ["contact_text", "quote_text"] {
        bare["method"].as_object_mut().unwrap().remove(field);
    }
    assert!(validator().is_valid(&bare));
    assert_eq!(serde_json::to_value(taken(&bare)).unwrap(), bare);
}

#[test]
fn unknown_fields_are_ignored() {
    assert!(read(&with("invented", json!("later"))).is_ok());
    assert!(validator().is_valid(&with("invented", json!("later"))));
}

/// The schema refuses `value` at `path`, but a receiver accepts the message: it stores `kept` in its place
/// (`null` for nothing), and adds a note.
#[track_caller]
fn noted(path: &str, value: Value, remedy: Remedy, kept: Value) {
    let response = with(path, value.clone());
    assert!(!validator().is_valid(&response), "the schema takes {path} = {value}");
    let received = read(&response).unwrap();
    assert_eq!(
        serde_json::to_value(&received.message).unwrap(),
        with(path, kept),
        "{path} = {value}"
    );
    let [note] = &received.notes[..] else { panic!("{path} = {value}: {:?}", received.notes) };
    assert!(note.field.starts_with(path), "{path} = {value}: {note:?}");
    assert_eq!(note.remedy, remedy, "{path} = {value}");
    // The check for senders reports it, too, if the types can hold the value.
    if let Ok(typed) = serde_json::from_value::<Response>(response.clone())
        && serde_json::to_value(&typed).unwrap() == response
    {
        assert_eq!(receive::check(&typed)[0].field, note.field);
    }
}

#[track_caller]
fn left_out(path: &str, value: Value) {
    noted(path, value, Remedy::LeftOut, Value::Null);
}

#[test]
fn schema_and_checks_agree_on_required_fields() {
    refused("id", json!("0192f0c1-7a2b-4c3d-8e4f-001122334455"));
    refused("id", json!("0192f0c1-7a2b-7c3d-0e4f-001122334455"));
    refused("id", json!("0192f0c17a2b7c3d8e4f001122334455"));
    refused("id", json!(["0192f0c1-7a2b-7c3d-8e4f-001122334455"]));
    refused("revision", json!(0));
    refused("revision", json!(10_001));
    refused("revision", json!("2"));
    refused("survey", json!(""));
    refused("survey", json!("a b"));
    refused("survey", json!("x".repeat(65)));
    refused("survey", json!(7));
    refused("touchpoint", json!("checkout"));
    refused("touchpoint", json!(["order"]));
    refused("score", json!(11));
    refused("score", json!(-1));
    refused("score", json!(9.5));
    refused("score", json!(256));
    refused("score", json!("9"));
    refused("comment", json!("ä".repeat(2_001)));
    refused("comment", json!(["Schnell & gut"]));
    refused("comment", json!(7));
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let body = full().to_string().replace("\"score\":9", "\"score\":9.0");
    assert_eq!(receive::from_json(body.as_bytes()).unwrap().message.score, 9);
    assert!(validator().is_valid(&serde_json::from_str(&body).unwrap()));
}

#[test]
fn texts_that_people_read_are_cut_between_characters() {
    // Each of these is one character and four bytes.
    let clover = |count: usize| json!("🍀".repeat(count));
    for (path, most) in [
        ("method.question", 500),
        ("method.low_label", 100),
        ("method.high_label", 100),
        ("method.release", 64),
    ] {
        assert_eq!(read(&with(path, clover(most))).unwrap().notes, [], "{path}");
        noted(path, clover(most + 1), Remedy::Cut, clover(most));
    }
    noted(
        "properties",
        json!({ "coupon": "🍀".repeat(501) }),
        Remedy::Cut,
        json!({ "coupon": "🍀".repeat(500) }),
    );
}

/// The address of a page is a URI, so that each of these has twelve characters.
#[test]
fn a_long_page_is_cut_between_encoded_bytes() {
    let page = |count: usize| json!(format!("https://shop.example/{}", "🍀".repeat(count)));
    let kept = format!("https://shop.example/{}%F0%9F%8D", "%F0%9F%8D%80".repeat(164));
    noted("page", page(165), Remedy::Cut, json!(kept));
}

#[test]
fn lists_keep_their_first_whole_items() {
    let items = |count: usize| json!((0..count).map(|n| format!("item {n}")).collect::<Vec<_>>());
    for (path, most) in [("reasons", 10), ("order.products", 50), ("tags", 20)] {
        assert_eq!(read(&with(path, items(most))).unwrap().notes, [], "{path}");
        noted(path, items(most + 1), Remedy::Cut, items(most));
    }
    // Sent in another order than that of their names.
    let names = (0..31).rev().map(|n| format!("p{n:02}"));
    let fields: Vec<String> = names.map(|name| format!("\"{name}\":\"x\"")).collect();
    let body = full().to_string();
    let body = body.replace(r#""coupon":"WELCOME""#, &fields.join(","));
    let received = receive::from_json(body.as_bytes()).unwrap();
    let kept: Vec<_> = received.message.properties.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((kept.len(), kept[0], kept[29]), (30, "p01", "p30"));
    assert_eq!(received.notes[0].problem, Problem::Many { most: 30, has: 31 });
}

#[test]
fn single_items_are_left_out_and_never_cut() {
    for (path, most) in [("reasons", 64), ("order.products", 128), ("tags", 64)] {
        for wrong in [json!("x".repeat(most + 1)), json!(""), json!({}), json!(["a"]), json!(null)]
        {
            noted(path, json!(["a", wrong, "b"]), Remedy::LeftOut, json!(["a", "b"]));
        }
        // Empty items do not count towards the length of the list.
        let note = &read(&with(path, json!(["a", "", "b"]))).unwrap().notes[0];
        assert_eq!(note.field, format!("{path}.1"));
        left_out(path, json!("a,b"));
        left_out(path, json!({ "0": "a" }));
    }
    left_out("properties", json!({ "a b": "x" }));
    left_out("properties", json!({ "coupon": ["x"] }));
    left_out("properties", json!("coupon"));
}

#[test]
fn a_reference_that_is_too_long_is_left_out_and_not_cut() {
    for path in ["order.id", "order.signature", "customer.id"] {
        left_out(path, json!("x".repeat(129)));
        left_out(path, json!(""));
        left_out(path, json!(["x"]));
    }
    left_out("contact", json!("x".repeat(255)));
    left_out("contact", json!({}));
    left_out("quote_name", json!("x".repeat(41)));
    left_out("quote_name", json!(""));
    left_out("answer_page", json!("the secret itself"));
    left_out("answer_page", json!("A".repeat(64)));
    left_out("method.contact_text", json!(""));
    left_out("method.quote_text", json!([]));
    noted("method.quote_text", json!("ü".repeat(501)), Remedy::Cut, json!("ü".repeat(500)));
}

#[test]
fn values_of_the_wrong_form_are_left_out() {
    for time in ["shown_at", "scored_at", "sent_at"] {
        left_out(time, json!("yesterday"));
        left_out(time, json!("21.11.2026"));
        left_out(time, json!("2026-02-30T00:00:00Z"));
        left_out(time, json!(""));
        left_out(time, json!(1_795_280_400_000_u64));
    }
    left_out("page", json!("not an address"));
    left_out("locale", json!("german"));
    left_out("locale", json!("de_DE"));
    left_out("locale", json!({ "language": "de" }));
    left_out("method.question", json!(""));
    left_out("method.question", json!([]));
    left_out("method.layout", json!("circle"));
    left_out("method.mode", json!("popup"));
    left_out("method.release", json!(""));
    left_out("order.value", json!("1.299,00"));
    left_out("order.value", json!("-1"));
    left_out("order.currency", json!("€"));
    left_out("order.country", json!("deu"));
    left_out("order", json!("A-1001"));
    left_out("customer.kind", json!("loyal"));
    left_out("customer.kind", json!(1));
    left_out("customer", json!(true));
    left_out("quotable", json!("yes"));
    noted("complete", json!("yes"), Remedy::LeftOut, json!(false));
}

#[test]
fn a_number_in_the_place_of_a_text_is_kept_as_it_was_written() {
    for (path, sent, kept) in [
        ("order.id", "1001", "1001"),
        ("order.id", "123456789012345678901234567890", "123456789012345678901234567890"),
        ("order.value", "129.90", "129.90"),
        ("customer.id", "7", "7"),
    ] {
        let body = with(path, json!("<>")).to_string().replace("\"<>\"", sent);
        let received = receive::from_json(body.as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(received.message).unwrap(), with(path, json!(kept)));
        assert_eq!(received.notes[0].remedy, Remedy::AsText);
    }
    noted("tags", json!(["app", 7]), Remedy::AsText, json!(["app", "7"]));
    noted("order.products", json!([true]), Remedy::AsText, json!(["true"]));
}

#[test]
fn a_list_is_never_read_as_an_object() {
    left_out("order", json!(["A-1001", "129.90"]));
    left_out("customer", json!(["c1", "new"]));
    left_out("properties", json!([["coupon", "WELCOME"]]));
    let received =
        read(&with("method", json!(["Well?", "no", "yes", "one-row", "inline", "1"]))).unwrap();
    assert_eq!(received.message.method, afterword_response::Method::default());
    let notes: Vec<_> = received.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(notes, ["method"]);
    let body = r#"[1,"0192f0c1-7a2b-7c3d-8e4f-001122334455",2,true,"post-purchase","order",9]"#;
    for body in [body, "[]", "null", "1", "\"text\""] {
        let Err(Refusal::Fields(problems)) = Message::from_json(body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!((problems[0].field.as_str(), &problems[0].problem), ("body", &Problem::Object));
    }
}

#[test]
fn an_id_is_valid_for_any_time_in_it() {
    for id in [
        "00000000-0000-7c3d-8e4f-001122334455",
        "00f0c17a-2b00-7c3d-8e4f-001122334455",
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ] {
        assert_eq!(taken(&with("id", json!(id))).id, id);
        assert!(validator().is_valid(&with("id", json!(id))));
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let body = format!("\u{feff}{}", full());
    assert_eq!(receive::from_json(body.as_bytes()).unwrap().message, taken(&full()));
    let mut form = taken(&full()).to_form();
    form[0].0.insert(0, '\u{feff}');
    assert_eq!(receive::from_form(form).unwrap().message, taken(&full()));
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    let body = full().to_string().replace("Schnell & gut", r"Danke \ud83d");
    let received = receive::from_json(body.as_bytes()).unwrap();
    assert_eq!(received.message.comment.as_deref(), Some("Danke \u{fffd}"));
}

#[test]
fn a_flood_of_mistakes_is_noted_up_to_a_bound() {
    let received = read(&with("tags", json!(vec![""; 5_000]))).unwrap();
    assert_eq!(received.message.tags, Vec::<String>::new());
    assert_eq!(received.notes.len(), receive::MAX_NOTES);
    let name = "x y".repeat(5_000);
    let received = read(&with("properties", json!({ name: "1" }))).unwrap();
    assert!(received.notes[0].field.len() < 200, "{}", received.notes[0].field.len());
}

#[test]
fn missing_fields_are_named() {
    for field in ["id", "revision", "survey", "touchpoint", "score"] {
        let response = with(field, Value::Null);
        assert!(!validator().is_valid(&response), "the schema does not ask for {field}");
        let Err(Refusal::Fields(problems)) = read(&response) else {
            panic!("{field} is not asked for")
        };
        assert_eq!((problems[0].field.as_str(), &problems[0].problem), (field, &Problem::Missing));
    }
    for field in [
        "complete",
        "shown_at",
        "scored_at",
        "sent_at",
        "page",
        "locale",
        "method",
        "method.question",
        "method.low_label",
        "method.high_label",
        "method.layout",
        "method.mode",
        "method.release",
    ] {
        let response = with(field, Value::Null);
        assert!(!validator().is_valid(&response), "the schema does not ask for {field}");
        let received = read(&response).unwrap();
        let notes: Vec<_> =
            received.notes.iter().map(|it| (it.field.as_str(), &it.problem)).collect();
        assert_eq!(notes, [(field, &Problem::Missing)]);
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let mut response = with("score", json!(11));
    response["id"] = json!(7);
    response["comment"] = json!("x".repeat(2_001));
    response["page"] = json!("nowhere");
    response.as_object_mut().unwrap().remove("survey");
    let Err(Refusal::Fields(problems)) = read(&response) else { panic!() };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["id", "survey", "score", "comment"]);
}

#[test]
fn another_version_is_refused_as_such() {
    assert_eq!(read(&with("version", json!(2))), Err(Refusal::Version("2".into())));
    assert_eq!(read(&with("version", json!("1"))), Err(Refusal::Version("\"1\"".into())));
    assert!(matches!(read(&with("version", Value::Null)), Err(Refusal::Fields(_))));
}

#[test]
fn a_page_loses_its_query_and_fragment() {
    let response = taken(&with("page", json!("https://shop.example/a?mail=x@example.org#b")));
    assert_eq!(response.page, "https://shop.example/a");
    // Nor does its path tell who somebody is.
    let named = "https://shop.example/u/jane@example.org/550e8400-e29b-41d4-a716-446655440000/a";
    let received = read(&with("page", json!(named))).unwrap();
    assert_eq!(received.message.page, "https://shop.example/u/*/*/a");
    assert_eq!(received.notes, []);
    // The limit applies after the query is removed.
    let long = format!("https://shop.example/a?{}", "x".repeat(3_000));
    assert_eq!(taken(&with("page", json!(long))).page, "https://shop.example/a");
    // Nor a name and a password, and what browsers leave as it is becomes a URI.
    let written = taken(&with("page", json!("https://kim:x@shop.example/stra\u{df}e|2"))).page;
    assert_eq!(written, "https://shop.example/stra%C3%9Fe%7C2");
    let long_host = format!("https://{}.example/", "ä".repeat(2_100));
    for page in
        ["javascript:alert(1)", "/thank-you", "?a", "#b", "https://shop.e}ample/", &long_host]
    {
        let received = read(&with("page", json!(page))).unwrap();
        assert_eq!((received.message.page.as_str(), received.notes.len()), ("", 1), "{page}");
    }
}

#[test]
fn a_moment_is_stored_as_rfc_3339_says() {
    for (sent, stored) in [
        ("2026-11-21T17:00:04.120Z", "2026-11-21T17:00:04.120Z"),
        ("2026-11-21T18:00:04+01:00", "2026-11-21T18:00:04+01:00"),
        ("2026-11-21T17:00:04,120Z", "2026-11-21T17:00:04.12Z"),
        ("2026-11-21 17:00:04Z", "2026-11-21T17:00:04Z"),
        ("20261121T170004Z", "2026-11-21T17:00:04Z"),
        ("2026-11-21T18:00:04+01", "2026-11-21T17:00:04Z"),
        ("2026-11-21T17:00:60Z", "2026-11-21T17:00:59Z"),
        ("-000001-11-21T17:00:04Z", ""),
        ("2026-11-21", ""),
    ] {
        let message = read(&with("shown_at", json!(sent))).unwrap().message;
        assert_eq!(message.shown_at, stored, "{sent}");
    }
}

#[test]
fn a_body_that_is_not_json_is_refused_with_the_place() {
    let Err(Refusal::Syntax(message)) = receive::from_json(b"{\"version\":1,") else { panic!() };
    assert!(message.contains("line 1"), "{message}");
}

#[test]
fn a_form_carries_the_same_response() {
    let received = read(&full()).unwrap();
    assert_eq!(receive::from_form(received.message.to_form()).unwrap(), received);
}

#[test]
fn a_list_in_a_form_has_commas_or_is_json() {
    for (items, value) in [
        (json!(["Pot", "Can"]), "Pot,Can"),
        (json!(["Pot, blue, 20 cm", "Can"]), r#"["Pot, blue, 20 cm","Can"]"#),
        (json!(["[\"Pot\"]"]), r#"["[\"Pot\"]"]"#),
        (json!(["[sale] Pot", "Can"]), r#"["[sale] Pot","Can"]"#),
    ] {
        let received = read(&with("tags", items)).unwrap();
        let form = received.message.to_form();
        assert_eq!(form.iter().find(|(name, _)| name == "tags").unwrap().1, value);
        assert_eq!(receive::from_form(form).unwrap(), received);
    }
    // As people write them.
    for (value, items) in [(" Pot ,, Can", ["Pot", "Can"]), ("[sale] Pot,1", ["[sale] Pot", "1"])] {
        let mut form = taken(&full()).to_form();
        form.iter_mut().find(|(name, _)| name == "tags").unwrap().1 = value.to_owned();
        assert_eq!(receive::from_form(form).unwrap().message.tags, items);
    }
}

#[test]
fn a_form_with_a_wrong_number_is_refused_by_name() {
    let mut fields = taken(&full()).to_form();
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

fn message(value: &Value) -> Result<Received<Message>, Refusal> {
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
        let received = message(&sent).unwrap();
        let Message::Display(read) = &received.message else { panic!("{step}") };
        assert_eq!(serde_json::to_value(read).unwrap(), sent);
        assert_eq!(Message::from_form(read.to_form()), Ok(received.clone()));
        assert_eq!((&received.notes[..], &receive::check_display(read)[..]), (&[][..], &[][..]));
    }
    for (field, wrong) in [
        ("id", json!("0192f0c1-7a2b-4c3d-8e4f-001122334455")),
        ("display", json!("hidden")),
        ("survey", json!("a b")),
        ("touchpoint", json!("checkout")),
    ] {
        let mut sent = display();
        sent[field] = wrong;
        assert!(!validator.is_valid(&sent), "the schema takes {sent}");
        let Err(Refusal::Fields(problems)) = message(&sent) else { panic!("{sent}") };
        assert_eq!(problems[0].field, field);
    }
    for (field, wrong, kept) in [
        ("at", json!("yesterday"), None),
        ("at", json!(5), None),
        ("page", json!("javascript:alert(1)"), Some("")),
        (
            "page",
            json!(format!("https://shop.example/{}", "x".repeat(2_000))),
            Some(&*format!("https://shop.example/{}", "x".repeat(1_979))),
        ),
        ("locale", json!("german"), None),
        ("locale", Value::Null, None),
    ] {
        let mut sent = display();
        sent[field] = wrong;
        assert!(!validator.is_valid(&sent) || sent[field] == "javascript:alert(1)", "{sent}");
        let received = message(&sent).unwrap();
        assert_eq!(received.notes.len(), 1, "{sent}");
        assert_eq!(received.notes[0].field, field);
        let Message::Display(read) = received.message else { panic!("{sent}") };
        let read = serde_json::to_value(read).unwrap();
        assert_eq!(read[field].as_str(), kept.filter(|kept| !kept.is_empty()), "{sent}");
    }
}

#[test]
fn a_displays_page_loses_its_query_and_its_version_is_asked_for() {
    let mut sent = display();
    sent["page"] = json!("https://shop.example/a?mail=x@example.org#b");
    let Ok(Received { message: Message::Display(read), .. }) = message(&sent) else { panic!() };
    assert_eq!(read.page, "https://shop.example/a");
    sent["version"] = json!(2);
    assert_eq!(message(&sent), Err(Refusal::Version("2".into())));
}

#[test]
fn every_message_with_a_score_is_an_answer() {
    for extra in [json!("shown"), json!("nonsense"), json!(7)] {
        let sent = with("display", extra);
        let Message::Response(read) = message(&sent).unwrap().message else { panic!("{sent}") };
        assert_eq!(serde_json::to_value(*read).unwrap(), full());
    }
    let mut sent = display();
    sent["score"] = Value::Null;
    assert!(matches!(message(&sent).unwrap().message, Message::Display(_)));
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
        let received = read(&value).unwrap();
        prop_assert_eq!(received.message.comment.as_deref(), Some(comment.as_str()));
        prop_assert_eq!(receive::from_form(received.message.to_form()).unwrap(), received);
    }

    #[test]
    fn no_bytes_make_reading_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = receive::from_json(&body);
        let _ = Message::from_json(&body);
    }

    #[test]
    fn no_form_makes_reading_panic(
        fields in proptest::collection::vec(("[a-z._]{0,20}", "\\PC{0,20}"), 0..20)
    ) {
        let _ = receive::from_form(fields);
    }
}
