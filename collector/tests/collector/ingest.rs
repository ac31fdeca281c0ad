//! `POST /v1/responses`: which messages are accepted, and which are refused and how.

use afterword_response::{Response, limits};
use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::{
    bench::{Bench, IMPATIENT, response, response_with},
    report::report,
};

/// A response of the list without the fields that the collector added.
fn as_sent(mut kept: Value) -> Value {
    let object = kept.as_object_mut().unwrap();
    assert!(object.remove("received_at").unwrap().as_str().unwrap().ends_with('Z'));
    assert!(object.remove("updated_at").unwrap().as_str().unwrap().ends_with('Z'));
    assert!(object.remove("themes").unwrap().is_array(), "the collector found them in the comment");
    kept
}

#[tokio::test]
async fn json_is_kept_whole() {
    let bench = Bench::new().await;
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "text/plain",
        "text/plain;charset=UTF-8",
    ] {
        let sent = response();
        let answer = bench.post(content_type, sent.to_string()).await;
        assert_eq!(answer.status, 200, "{content_type}: {}", answer.text());
        assert_eq!(answer.json(), json!({ "id": sent["id"], "revision": 1 }));
        assert_eq!(as_sent(bench.kept(&sent["id"]).await), sent);
    }
}

#[tokio::test]
async fn a_form_is_kept_as_its_json_would_be() {
    let bench = Bench::new().await;
    let sent = response();
    let typed: Response = serde_json::from_value(sent.clone()).unwrap();
    let form =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(typed.to_form()).finish();
    let answer = bench.post("application/x-www-form-urlencoded; charset=UTF-8", form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(as_sent(bench.kept(&sent["id"]).await), sent);
}

#[tokio::test]
async fn the_page_is_kept_without_query_and_fragment() {
    let bench = Bench::new().await;
    let sent = response_with(&[("page", json!("https://shop.example/a?mail=kim@example.org#b"))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    assert_eq!(bench.kept(&sent["id"]).await["page"], "https://shop.example/a");
}

#[tokio::test]
async fn an_id_in_capitals_is_the_same_response() {
    let bench = Bench::new().await;
    let sent = response();
    let mut shouted = sent.clone();
    shouted["id"] = json!(sent["id"].as_str().unwrap().to_uppercase());
    shouted["revision"] = json!(2);
    bench.post_json(&sent).await;
    let answer = bench.post_json(&shouted).await;
    assert_eq!(answer.json(), json!({ "id": sent["id"], "revision": 2 }));
    assert_eq!(bench.list("").await["responses"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_required_fields_are_refused_by_name() {
    let bench = Bench::new().await;
    let cases = [
        ("version", Value::Null, "version"),
        ("id", json!("not a uuid"), "id"),
        ("id", Value::Null, "id"),
        ("revision", json!(0), "revision"),
        ("revision", json!(-1), "revision"),
        ("revision", json!(limits::REVISION + 1), "revision"),
        ("survey", json!("a b"), "survey"),
        ("survey", json!(""), "survey"),
        ("touchpoint", json!("teleport"), "touchpoint"),
        ("score", json!(11), "score"),
        ("score", json!(-1), "score"),
        ("score", json!(9.5), "score"),
        ("score", json!("9"), "score"),
        ("score", json!(256), "score"),
        ("comment", json!("x".repeat(limits::COMMENT + 1)), "comment"),
        ("comment", json!(["x"]), "comment"),
    ];
    for (path, value, field) in cases {
        let answer = bench.post_json(&response_with(&[(path, value.clone())])).await;
        let problem = answer.problem(422, "invalid-field");
        let errors = problem["errors"].as_array().unwrap();
        let named = errors
            .iter()
            .any(|error| error["field"] == field && !error["problem"].as_str().unwrap().is_empty());
        assert!(named, "{path} = {value}: {problem}");
    }
    assert_eq!(bench.list("").await["responses"], json!([]), "nothing of it is kept");
}

#[tokio::test]
async fn a_wrong_descriptive_field_never_loses_an_answer() {
    let bench = Bench::new().await;
    let long = |length: usize| json!("x".repeat(length + 1));
    let many = |count: usize| json!(vec!["x"; count + 1]);
    let cases = [
        ("complete", json!("yes")),
        ("reasons", many(limits::REASONS)),
        ("reasons", json!([""])),
        ("contact", long(limits::CONTACT)),
        ("quote_name", long(limits::FIRST_NAME)),
        ("answer_page", json!("not a hash")),
        ("method.contact_text", long(limits::TEXT)),
        ("method.quote_text", json!("")),
        ("shown_at", json!("yesterday")),
        ("scored_at", json!("2026-02-30T00:00:00Z")),
        ("sent_at", json!(1)),
        ("page", json!("javascript:alert(1)")),
        ("page", json!(format!("https://x/{}", "x".repeat(limits::PAGE)))),
        ("page", Value::Null),
        ("locale", json!("de_DE")),
        ("method", json!("inline")),
        ("method.question", json!("")),
        ("method.low_label", long(limits::LABEL)),
        ("method.high_label", long(limits::LABEL)),
        ("method.layout", json!("circle")),
        ("method.mode", json!("modal")),
        ("method.release", json!("")),
        ("order", json!(["A-1001"])),
        ("order.id", long(limits::REFERENCE)),
        ("order.value", json!("1,50")),
        ("order.currency", json!("euro")),
        ("order.country", json!("Germany")),
        ("order.products", many(limits::PRODUCTS)),
        ("order.signature", json!("")),
        ("customer.id", json!("")),
        ("customer.kind", json!("loyal")),
        ("properties.coupon", long(limits::TEXT)),
        ("tags", many(limits::TAGS)),
    ];
    for (path, value) in &cases {
        // So many answers with a longer text in common would be flagged.
        let sent = response_with(&[("comment", json!("Gut.")), (path, value.clone())]);
        let answer = bench.post_json(&sent).await;
        assert_eq!(answer.status, 200, "{path} = {value}: {}", answer.text());
        let receipt = answer.json();
        assert_eq!((&receipt["id"], &receipt["revision"]), (&sent["id"], &json!(1)));
        let notes = receipt["notes"].as_array().unwrap();
        assert_eq!(notes.len(), 1, "{path} = {value}: {receipt}");
        assert!(notes[0]["field"].as_str().unwrap().starts_with(path), "{receipt}");
        assert!(["cut", "left-out"].contains(&notes[0]["done"].as_str().unwrap()), "{receipt}");
        assert!(!notes[0]["problem"].as_str().unwrap().is_empty(), "{receipt}");
        let kept = bench.kept(&sent["id"]).await;
        for field in ["score", "comment", "survey", "touchpoint", "revision"] {
            assert_eq!(kept[field], sent[field], "{path} = {value}");
        }
    }
    // An unknown value does not become a group in the report.
    for query in ["", "by=language", "by=tag"] {
        let report = report(&bench, query).await;
        assert_eq!(report["answers"], cases.len(), "{report}");
        assert!(!report["breakdown"].to_string().contains("\"\""), "{}", report["breakdown"]);
    }
}

#[tokio::test]
async fn a_receipt_says_what_was_done_and_nothing_else() {
    let bench = Bench::new().await;
    let sent = response_with(&[
        ("order.id", json!(1001)),
        ("tags", json!(["q4", "x".repeat(65)])),
        ("method.low_label", json!("🍀".repeat(101))),
    ]);
    let answer = bench.post_json(&sent).await;
    let receipt = answer.json();
    assert_eq!(
        receipt["notes"],
        json!([
            { "field": "order.id", "problem": "must be a text", "done": "as-text" },
            { "field": "method.low_label", "problem": "must be at most 100 characters, and has 101", "done": "cut" },
            { "field": "tags.1", "problem": "must be at most 64 characters, and has 65", "done": "left-out" },
        ])
    );
    let kept = bench.kept(&sent["id"]).await;
    assert_eq!(kept["order"]["id"], "1001");
    assert_eq!(kept["tags"], json!(["q4"]));
    assert_eq!(kept["method"]["low_label"], "🍀".repeat(100));
    let receipt = bench.post_json(&response()).await.json();
    assert_eq!(receipt.get("notes"), None);
}

#[tokio::test]
async fn a_refusal_names_every_field_and_its_limit() {
    let bench = Bench::new().await;
    let answer = bench
        .post_json(&response_with(&[("score", json!(11)), ("comment", json!("x".repeat(2_001)))]))
        .await;
    let problem = answer.problem(422, "invalid-field");
    assert_eq!(
        problem["errors"],
        json!([
            { "field": "score", "problem": "must be a whole number from 0 to 10" },
            { "field": "comment", "problem": "must be at most 2000 characters, and has 2001" },
        ])
    );
}

#[tokio::test]
async fn a_form_is_checked_like_json() {
    let bench = Bench::new().await;
    let answer = bench.post("application/x-www-form-urlencoded", "version=1&score=nine").await;
    answer.problem(422, "invalid-field");
    let answer = bench.post("application/x-www-form-urlencoded", "").await;
    let problem = answer.problem(422, "invalid-field");
    assert_eq!(problem["errors"][0]["field"], "version");
}

#[tokio::test]
async fn what_is_not_json_is_a_syntax_error() {
    let bench = Bench::new().await;
    for body in ["", "{", "score=9", "{\"version\":1,}", "\u{feff}"] {
        bench.post("application/json", body).await.problem(400, "invalid-json");
    }
    bench.post("text/plain", vec![0xff, 0xfe, 0x00]).await.problem(400, "invalid-json");
    let nested = "[".repeat(60_000);
    bench.post("application/json", nested).await.problem(400, "invalid-json");
}

#[tokio::test]
async fn json_that_is_no_object_is_refused() {
    let bench = Bench::new().await;
    let in_order = r#"[1,"0192f0c1-7a2b-7c3d-8e4f-001122334455",2,true,"post-purchase","order",9]"#;
    for body in ["null", "1", "\"text\"", "[]", in_order] {
        let problem = bench.post("application/json", body).await.problem(422, "invalid-field");
        assert_eq!(problem["errors"], json!([{ "field": "body", "problem": "must be an object" }]));
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_and_half_a_surrogate_pair_replaced() {
    let bench = Bench::new().await;
    let sent = response_with(&[("comment", json!("Danke <>"))]);
    let body = format!("\u{feff}{sent}").replace("<>", r"\ud83d");
    for content_type in ["application/json", "text/plain"] {
        let answer = bench.post(content_type, body.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(bench.kept(&sent["id"]).await["comment"], "Danke \u{fffd}");
}

#[tokio::test]
async fn an_unknown_version_is_refused_with_the_known_one() {
    let bench = Bench::new().await;
    let problem = bench
        .post_json(&json!({ "version": 2, "everything": "else" }))
        .await
        .problem(400, "unknown-version");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("knows version 1") && detail.contains("says 2"), "{detail}");
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let bench = Bench::new().await;
    for content_type in ["", "text/html", "multipart/form-data; boundary=x", "application/jsonp"] {
        let answer = bench.post(content_type, response().to_string()).await;
        let problem = answer.problem(415, "unsupported-media-type");
        assert!(problem["detail"].as_str().unwrap().contains("application/json"), "{problem}");
    }
    let request = Request::post("/v1/responses").body(Body::from(response().to_string())).unwrap();
    bench.send(request).await.problem(415, "unsupported-media-type");

    let compressed = Request::post("/v1/responses")
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(Body::from("x"))
        .unwrap();
    bench.send(compressed).await.problem(415, "unsupported-media-type");
}

#[tokio::test]
async fn sixty_four_kibibytes_are_taken_and_not_one_byte_more() {
    let bench = Bench::new().await;
    let mut body = response().to_string();
    body.push_str(&" ".repeat(limits::BODY - body.len()));
    assert_eq!(body.len(), 65_536);
    assert_eq!(bench.post("application/json", body.clone()).await.status, 200);
    body.push(' ');
    let problem = bench.post("application/json", body).await.problem(413, "too-large");
    assert!(problem["detail"].as_str().unwrap().contains("65536 bytes"), "{problem}");
}

#[tokio::test]
async fn wrong_methods_and_addresses_are_problems_too() {
    let bench = Bench::new().await;
    for method in [Method::PUT, Method::PATCH] {
        let answer = bench.call(method, "/v1/responses", &[]).await;
        answer.problem(405, "method-not-allowed");
        for allowed in ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] {
            assert!(answer.header("allow").contains(allowed), "{:?}", answer.headers);
        }
    }
    bench.get("/v1/nothing", &[]).await.problem(404, "not-found");
    bench.call(Method::POST, "/v1/nothing", &[]).await.problem(404, "not-found");
    bench.get("/v1/responses/", &[]).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_locked_database_is_a_503_and_the_answer_can_be_sent_again() {
    let bench = Bench::with(|config| config.busy_timeout(IMPATIENT)).await;
    let mut other = SqliteConnection::connect(&bench.address()).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();

    let sent = response();
    let answer = bench.post_json(&sent).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(!answer.text().contains("lock"), "the cause stays inside: {}", answer.text());
    assert_eq!(bench.list("").await["responses"], json!([]), "readers do not wait for the lock");

    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(bench.post_json(&sent).await.status, 200);
    bench.kept(&sent["id"]).await;
}

#[tokio::test]
async fn a_closed_database_is_a_503() {
    let bench = Bench::new().await;
    bench.collector.clone().close().await;
    let answer = bench.post_json(&response()).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn an_answer_that_arrived_is_kept_though_its_sender_left() {
    use std::{
        future::Future as _,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    let bench = Bench::new().await;
    let sent = response();
    {
        // Polled until the body is read and the write has begun, and then dropped, as a server does with a
        // request whose connection has closed.
        let mut post = pin!(bench.post_json(&sent));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(post.as_mut().poll(&mut context), Poll::Pending));
    }
    // `close` waits for writes in progress; then the file is opened again.
    bench.collector.clone().close().await;
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM responses").fetch_all(&mut file).await.unwrap();
    assert_eq!(json!(ids), json!([sent["id"]]));
}

#[tokio::test]
async fn fields_for_searches_are_in_columns() {
    let bench = Bench::new().await;
    let sent = response_with(&[("comment", json!("  ")), ("order.id", json!("A-1001"))]);
    bench.post_json(&sent).await;
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    let row: (String, String, i64, Option<String>, bool, String, String, String, String) =
        sqlx::query_as(
            "SELECT survey, touchpoint, score, comment, complete, locale, page, order_id, customer_id \
             FROM responses",
        )
        .fetch_one(&mut file)
        .await
        .unwrap();
    let expected = (
        "post-purchase".into(),
        "order".into(),
        9,
        None,
        true,
        "de".into(),
        "https://shop.example/thank-you".into(),
        "A-1001".into(),
        "C-7".into(),
    );
    assert_eq!(row, expected);
}
