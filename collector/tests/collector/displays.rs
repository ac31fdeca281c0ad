//! Displays: reports that the question was shown or closed. They never affect answers.

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::bench::{Bench, TOKEN, new_id, response, response_with};

fn display(id: &str, step: &str) -> Value {
    json!({
        "version": 1, "id": id, "display": step, "survey": "post-purchase", "touchpoint": "order",
        "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/thank-you?mail=a@b.example",
        "locale": "de"
    })
}

/// When it was shown, when it was dismissed, its score, and its page.
type Row = (Option<i64>, Option<i64>, Option<i64>, String);

async fn rows(bench: &Bench) -> Vec<Row> {
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    sqlx::query_as("SELECT shown_at, dismissed_at, score, page FROM displays ORDER BY id")
        .fetch_all(&mut file)
        .await
        .unwrap()
}

const AT: i64 = 1_795_280_400_000;
const PAGE: &str = "https://shop.example/thank-you";

#[tokio::test]
async fn shown_and_dismissed_are_one_display_with_two_times() {
    let bench = Bench::new().await;
    for order in [["shown", "dismissed"], ["dismissed", "shown"]] {
        let id = new_id();
        for step in order {
            let mut sent = display(&id, step);
            if step == "dismissed" {
                sent["at"] = json!("2026-11-21T17:00:09.000Z");
            }
            let answer = bench.post_json(&sent).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(answer.json(), json!({ "id": id, "display": step }));
            // A repeat with another time, in capitals: the first time stays.
            sent["at"] = json!("2026-11-21T18:30:00.000Z");
            sent["id"] = json!(id.to_uppercase());
            assert_eq!(bench.post_json(&sent).await.status, 200);
        }
    }
    let expected = (Some(AT), Some(AT + 9_000), None, PAGE.to_owned());
    assert_eq!(rows(&bench).await, [expected.clone(), expected]);
}

#[tokio::test]
async fn a_display_comes_as_text_or_as_a_form_like_an_answer() {
    let bench = Bench::new().await;
    let sent = display(&new_id(), "shown");
    assert_eq!(bench.post("text/plain", sent.to_string()).await.status, 200);
    let mut form = form_urlencoded::Serializer::new(String::new());
    let other = display(&new_id(), "dismissed");
    for (name, value) in other.as_object().unwrap() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        form.append_pair(name, &value);
    }
    let answer = bench.post("application/x-www-form-urlencoded", form.finish()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(rows(&bench).await.len(), 2);
}

#[tokio::test]
async fn an_answer_and_its_display_meet_in_either_order() {
    let bench = Bench::new().await;
    let early = response_with(&[("score", json!(3))]);
    let late = response_with(&[("score", json!(9))]);
    let id = |response: &Value| response["id"].as_str().unwrap().to_owned();
    bench.post_json(&early).await;
    bench.post_json(&display(&id(&early), "shown")).await;
    bench.post_json(&display(&id(&late), "shown")).await;
    bench.post_json(&late).await;
    let scores: Vec<Option<i64>> = rows(&bench).await.into_iter().map(|row| row.2).collect();
    assert_eq!(scores.len(), 2);
    assert!(scores.contains(&Some(3)) && scores.contains(&Some(9)), "{scores:?}");

    // A corrected score also changes the display; the erasure of an answer removes its display.
    let mut corrected = late.clone();
    corrected["score"] = json!(10);
    corrected["revision"] = json!(2);
    bench.post_json(&corrected).await;
    assert!(rows(&bench).await.iter().any(|row| row.2 == Some(10)));
    let authorization = format!("Bearer {TOKEN}");
    for erased in [&early, &late] {
        let path = format!("/v1/responses?id={}", id(erased));
        let headers = [("authorization", authorization.as_str())];
        assert_eq!(bench.call(Method::DELETE, &path, &headers).await.status, 200);
    }
    assert_eq!(rows(&bench).await, []);
}

#[tokio::test]
async fn a_wrong_display_is_refused_and_an_answer_is_never_taken_for_one() {
    let bench = Bench::new().await;
    for (field, wrong) in [
        ("id", json!("not a uuid")),
        ("display", json!("hidden")),
        ("survey", json!("a b")),
        ("touchpoint", json!("teleport")),
    ] {
        let mut sent = display(&new_id(), "shown");
        sent[field] = wrong;
        let problem = bench.post_json(&sent).await.problem(422, "invalid-field");
        assert!(problem["errors"].to_string().contains(field), "{problem}");
    }
    assert_eq!(rows(&bench).await, []);

    // It counts as shown and as dismissed, regardless of its other fields.
    let id = new_id();
    for step in ["shown", "dismissed"] {
        let mut sent = display(&id, step);
        sent["at"] = json!("yesterday");
        sent["page"] = json!("javascript:alert(1)");
        sent["locale"] = json!(["de"]);
        let receipt = bench.post_json(&sent).await.json();
        assert_eq!((&receipt["id"], &receipt["display"]), (&json!(id), &json!(step)));
        let noted = receipt["notes"].as_array().unwrap().iter().map(|note| &note["field"]);
        assert_eq!(noted.collect::<Vec<_>>(), ["locale", "at", "page"]);
    }
    let rows = rows(&bench).await;
    assert!(matches!(&rows[..], [(Some(_), Some(_), None, page)] if page.is_empty()), "{rows:?}");

    let mut answer = response();
    answer["display"] = json!("nonsense");
    assert_eq!(bench.post_json(&answer).await.status, 200);
    assert_eq!(bench.kept(&answer["id"]).await["score"], 9);
}
