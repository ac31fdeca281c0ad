//! What is kept and not counted: tests, repeated, implausible and excluded answers; the report says so.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::{Bench, LOGIN, response_with};

async fn report(bench: &Bench, query: &str) -> Value {
    let answer = bench.get(&format!("/v1/report{query}"), &[LOGIN]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn post(bench: &Bench, changes: &[(&str, Value)]) -> Value {
    let sent = response_with(changes);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    sent["id"].clone()
}

/// How many answers a list has.
async fn listed(bench: &Bench, query: &str) -> usize {
    bench.list(query).await["responses"].as_array().unwrap().len()
}

#[tokio::test]
async fn one_order_counts_once_and_its_latest_answer_does() {
    let bench = Bench::new().await;
    for _ in 0..49 {
        post(&bench, &[("order.id", json!("A-1")), ("score", json!(10)), ("comment", Value::Null)])
            .await;
    }
    let last = post(
        &bench,
        &[("order.id", json!("A-1")), ("score", json!(0)), ("comment", json!("Leider kaputt."))],
    )
    .await;
    for (touchpoint, survey) in [("delivery", "post-purchase"), ("order", "other")] {
        let changes = [
            ("order.id", json!("A-1")),
            ("touchpoint", json!(touchpoint)),
            ("survey", json!(survey)),
        ];
        post(&bench, &changes).await;
    }
    let of_one = "?survey=post-purchase&touchpoint=order";
    let said = report(&bench, of_one).await;
    assert_eq!(said["answers"], 1);
    assert_eq!(said["nps"], -100.0);
    assert_eq!(said["distribution"][0], 1);
    assert_eq!(said["breakdown"]["values"][0]["answers"], 1, "in every figure");
    assert_eq!(said["aside"], json!({ "excluded": 0, "test": 0, "repeated": 49, "flagged": 0 }));
    assert_eq!(report(&bench, "").await["answers"], 3);
    assert_eq!(report(&bench, "").await["moments"][0]["orders"], 1);

    // They stay visible, and what was said of them is counted where it is not the order's last word.
    assert_eq!(listed(&bench, "?limit=200").await, 52);
    assert_eq!(listed(&bench, "?aside=repeated&limit=200").await, 49);
    assert_eq!(listed(&bench, "?aside=flagged").await, 0);
    let admin = bench.admin().await;
    let page = bench.get("/?period=all", &[("cookie", &admin)]).await.text();
    assert!(page.contains("49 earlier answers of the same order"), "{page}");
    assert!(page.contains("aside=repeated"), "{page}");
    let list = bench.get("/responses?aside=repeated", &[("cookie", &admin)]).await;
    assert!(list.text().contains("the order was answered again later"), "{}", list.text());

    // With the latest gone the one before it counts.
    let path = format!("/v1/responses?id={}", last.as_str().unwrap());
    bench.call(axum::http::Method::DELETE, &path, &[LOGIN]).await;
    let said = report(&bench, of_one).await;
    assert_eq!((&said["answers"], &said["nps"]), (&json!(1), &json!(100.0)));
    assert_eq!(said["aside"]["repeated"], 48);
}

#[tokio::test]
async fn a_correction_is_no_second_answer() {
    let bench = Bench::new().await;
    let mut sent = response_with(&[("score", json!(3))]);
    for revision in 1..5 {
        sent["revision"] = json!(revision);
        sent["score"] = json!(revision);
        bench.post_json(&sent).await;
    }
    let said = report(&bench, "").await;
    assert_eq!((&said["answers"], &said["distribution"][4]), (&json!(1), &json!(1)));
    assert_eq!(said["aside"]["repeated"], 0);
}

#[tokio::test]
async fn what_is_implausible_is_kept_and_left_out_by_choice() {
    let bench = Bench::new().await;
    for (order, score) in [("A", 0), ("B", 0), ("C", 9)] {
        post(&bench, &[("order.id", json!(order)), ("score", json!(score))]).await;
    }
    for order in ["D", "E", "A"] {
        let changes = [
            ("order.id", json!(order)),
            ("score", json!(10)),
            // 20 ms after the question was painted.
            ("scored_at", json!("2026-11-21T17:00:00.020Z")),
        ];
        post(&bench, &changes).await;
    }
    let without = report(&bench, "").await;
    assert_eq!(without["answers"], 3);
    assert_eq!(without["nps"].as_f64().unwrap().round(), -33.0);
    // The order that was answered plausibly keeps that answer, though the other one came later.
    assert_eq!(without["aside"], json!({ "excluded": 0, "test": 0, "repeated": 1, "flagged": 2 }));
    assert_eq!(without["otherwise"]["nps"].as_f64().unwrap().round(), 20.0);
    let with = report(&bench, "?flagged=with").await;
    assert_eq!((&with["answers"], &with["nps"]), (&json!(5), &without["otherwise"]["nps"]));
    assert_eq!(with["otherwise"]["nps"], without["nps"]);
    assert_eq!(report(&bench, "?country=DE").await["answers"], 3);
    assert_eq!(report(&bench, "?country=DE&flagged=with").await["answers"], 5);
    bench.get("/v1/report?flagged=maybe", &[LOGIN]).await.problem(400, "invalid-parameter");

    let list = bench.list("?aside=flagged").await;
    assert_eq!(list["responses"].as_array().unwrap().len(), 2);
    assert_eq!(list["responses"][0]["aside"], json!(["too-fast"]));
    let admin = bench.admin().await;
    let page = bench.get("/?period=all", &[("cookie", &admin)]).await.text();
    assert!(page.contains("2 implausible answers"), "{page}");
    assert!(page.contains("With the implausible ones the score would be 20.0."), "{page}");
    assert!(page.contains("flagged=with"), "{page}");
    let page = bench.get("/?period=all&flagged=with", &[("cookie", &admin)]).await.text();
    assert!(page.contains("Without them the score would be"), "{page}");
}

#[tokio::test]
async fn the_first_of_many_alike_are_flagged_with_the_rest() {
    let bench = Bench::new().await;
    let text = "This is by far the best shop that I have ever ordered from, truly wonderful!";
    for _ in 0..5 {
        post(&bench, &[("comment", json!(text)), ("score", json!(10))]).await;
    }
    post(&bench, &[("score", json!(0))]).await;
    // The first two are known for what they are only with the third.
    let begun = Instant::now();
    let said = loop {
        let said = report(&bench, "").await;
        if said["aside"]["flagged"] == 5 {
            break said;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{said}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&said["answers"], &said["nps"]), (&json!(1), &json!(-100.0)));
    assert_eq!(said["comments"].as_array().unwrap().len(), 1, "comments of what is counted");
    let with = report(&bench, "?flagged=with").await;
    assert_eq!(with["answers"], 6);
    bench.count_anew().await;
    assert_eq!(report(&bench, "?flagged=with").await, with);
    assert_eq!(report(&bench, "").await, said);
    let figures = bench.get("/metrics", &[LOGIN]).await.text();
    assert!(figures.contains("flags_total{flag=\"same-text\"} 3"), "{figures}");
}
