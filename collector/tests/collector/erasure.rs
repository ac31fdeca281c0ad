//! Erasure by response, order, customer and age, and the receipts.

use std::{fs, path::Path};

use axum::http::Method;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, LOGIN, response_with};

async fn delete(bench: &Bench, query: &str) -> Answer {
    let path = format!("/v1/responses{query}");
    bench.call(Method::DELETE, &path, &[LOGIN]).await
}

async fn receipts(bench: &Bench) -> Vec<Value> {
    let answer = bench.get("/v1/erasures", &[LOGIN]).await;
    answer.json()["erasures"].as_array().unwrap().clone()
}

async fn count(bench: &Bench) -> usize {
    bench.list("?limit=200").await["responses"].as_array().unwrap().len()
}

/// Fails if a file of the folder, such as the database, its log or the program's log, contains the text.
#[track_caller]
pub(crate) fn assert_in_no_file(folder: &Path, text: &str) {
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let is_there = bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!is_there, "{text} is in {}", path.display());
    }
}

#[tokio::test]
async fn an_order_a_customer_and_a_response_are_erased_and_nobody_else() {
    let bench = Bench::new().await;
    let of = |order: &str, customer: &str| {
        response_with(&[("order.id", json!(order)), ("customer.id", json!(customer))])
    };
    let one = of("A-4", "C-9");
    for sent in
        [of("A-1", "C-1"), of("A-1", "C-1"), of("A-2", "C-1"), of("A-3", "C-2"), one.clone()]
    {
        bench.post_json(&sent).await;
    }
    let erased = delete(&bench, "?order=A-1").await.json();
    assert_eq!((&erased["responses"], &erased["comments"]), (&json!(2), &json!(2)));
    assert_eq!((&erased["contacts"], &erased["by"]), (&json!(2), &json!("order")));
    assert_eq!(count(&bench).await, 3);
    assert_eq!(delete(&bench, "?customer=C-1").await.json()["responses"], 1);
    let id = one["id"].as_str().unwrap().to_uppercase();
    assert_eq!(delete(&bench, &format!("?id={id}")).await.json()["responses"], 1);
    assert_eq!(count(&bench).await, 1);

    let nothing = delete(&bench, "?order=A-1").await.json();
    assert_eq!((&nothing["responses"], &nothing["receipt"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn a_receipt_says_how_much_and_not_whose() {
    let bench = Bench::new().await;
    bench.post_json(&response_with(&[])).await;
    let erased = delete(&bench, "?customer=C-7").await.json();
    let listed = receipts(&bench).await;
    assert_eq!(json!(listed), json!([erased]));
    assert_eq!(erased["receipt"].as_str().unwrap().len(), 12);
    let text = erased.to_string();
    for private in ["C-7", "A-1001", "Schnell", "kim@example.org"] {
        assert!(!text.contains(private), "{text}");
    }
}

#[tokio::test]
async fn erased_data_is_in_no_file() {
    let bench = Bench::new().await;
    let private = "unverwechselbarer Wortlaut";
    // The index has `verpackung` and `虎配` as words of their own.
    let found_by_parts = format!("{private}, Zebraverpackung, 龍虎配送");
    for number in 0..40 {
        let order = if number == 20 { "A-20" } else { "B-1" };
        let comment = if number == 20 { &*found_by_parts } else { "Alles gut, gerne wieder." };
        let sent = response_with(&[("order.id", json!(order)), ("comment", json!(comment))]);
        bench.post_json(&sent).await;
    }
    for query in ["Verpackung", "%E8%99%8E%E9%85%8D"] {
        let found = bench.list(&format!("?q={query}")).await;
        assert_eq!(found["responses"].as_array().unwrap().len(), 1, "{query}");
    }
    assert_eq!(delete(&bench, "?order=A-20").await.json()["responses"], 1);
    // While the collector runs, and after.
    assert_in_no_file(bench.folder.path(), private);
    bench.collector.clone().close().await;
    for words in [private, "unverwechselbarer", "zebra", "verpackung", "龍虎", "虎配", "配送"]
    {
        assert_in_no_file(bench.folder.path(), words);
    }
}

#[tokio::test]
async fn a_late_retry_does_not_restore_an_erased_answer() {
    let bench = Bench::new().await;
    let mut sent = response_with(&[("order.id", json!("A-1001"))]);
    bench.post_json(&sent).await;
    delete(&bench, "?order=A-1001").await;
    sent["revision"] = json!(2);
    let answer = bench.post_json(&sent).await;
    // The collector reports success, because a sender that is refused might try again.
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({ "id": sent["id"], "revision": 2 }))
    );
    assert_eq!(count(&bench).await, 0);
    // Another answer of the same customer is new, and is stored.
    bench.post_json(&response_with(&[])).await;
    assert_eq!(count(&bench).await, 1);
}

#[tokio::test]
async fn a_display_that_comes_after_the_erasure_is_not_kept_either() {
    use sqlx::Connection as _;

    let bench = Bench::new().await;
    let sent = response_with(&[("order.id", json!("A-1001"))]);
    bench.post_json(&sent).await;
    delete(&bench, "?order=A-1001").await;
    for id in [sent["id"].clone(), json!(crate::bench::new_id())] {
        let display = json!({
            "version": 1, "id": id, "display": "shown", "survey": "post-purchase",
            "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z",
            "page": "https://shop.example/thank-you", "locale": "de"
        });
        assert_eq!(bench.post_json(&display).await.status, 200);
    }
    let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM displays").fetch_one(&mut file).await.unwrap();
    assert_eq!(kept, 1, "the other one's");
}

#[tokio::test]
async fn a_mistaken_erasure_does_nothing_and_is_explained() {
    let bench = Bench::new().await;
    bench.post_json(&response_with(&[])).await;
    for query in
        ["", "?", "?order=", "?orders=A-1001", "?order=A-1001&customer=C-7", "?order=A&order=B"]
    {
        delete(&bench, query).await.problem(400, "invalid-parameter");
    }
    let path = "/v1/responses?order=A-1001";
    bench.call(Method::DELETE, path, &[]).await.problem(401, "unauthorized");
    assert_eq!(count(&bench).await, 1);
    assert_eq!(receipts(&bench).await, [Value::Null; 0]);
}

#[cfg(unix)]
#[test]
fn answers_past_their_time_are_erased_at_the_start_and_counted_in_one_receipt() {
    use std::thread;

    use crate::process::{Process, command};

    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = command().current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["seed", "--answers", "900"]);
    let before = run(&["export", "--format", "jsonl"]).lines().count();
    assert_eq!(before, 900);
    let since = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 340);
    let process = Process::start(folder.path(), &["--keep-days", "340"], &[]);
    // The erasure runs in the background: wait for its line in the log.
    while !fs::read_to_string(folder.path().join("log"))
        .unwrap()
        .contains("retention period were erased")
    {
        thread::yield_now();
    }
    process.stop();
    let kept = run(&["export", "--format", "jsonl"]);
    for line in kept.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["received_at"].as_str().unwrap() > since.to_string().as_str());
    }
    let gone = before - kept.lines().count();
    assert!(gone > 5, "{gone}");
    let receipts = run(&["receipts"]);
    assert_eq!(receipts.lines().count(), 1, "{receipts}");
    assert!(receipts.contains(&format!("by retention: {gone} answers")), "{receipts}");
    assert!(run(&["erase", "--order", "none"]).contains("nothing to erase"));
}

#[tokio::test]
async fn an_erasure_by_age_of_much_at_once_waits_for_a_click() {
    use sqlx::Connection as _;

    use crate::bench::{Bench, insert, response_with};

    let bench = Bench::with(|config| config.keep_days(100)).await;
    let admin = bench.admin().await;
    let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    for days in 0..20 {
        let body = response_with(&[("survey", json!("autumn"))]);
        insert(&mut file, &body, now - days * 10 * 86_400_000).await;
    }
    sqlx::query("INSERT INTO surveys (id, created_at) VALUES ('autumn', 1)")
        .execute(&mut file)
        .await
        .unwrap();
    file.close().await.unwrap();
    bench.count_anew().await;

    assert_eq!(bench.collector.expire().await.unwrap(), 0);
    let page = bench.get("/data", &[("cookie", &admin)]).await.text();
    assert!(page.contains("waits for you") && page.contains("10 of 20"), "{page}");
    let doctor = afterword_collector::maintenance::examine(
        &afterword_collector::Config::new(bench.address()),
        "http://127.0.0.1:9",
        afterword_collector::maintenance::DoctorMode::Check,
    )
    .await;
    assert!(doctor.iter().any(|it| it.what.contains("wait to be erased")), "{doctor:?}");

    let reader = bench.colleague(&admin, "ray", "reader").await;
    let seen = bench.get("/data", &[("cookie", &reader)]).await.text();
    assert!(seen.contains("waits for you") && !seen.contains("/data/expiry"), "{seen}");
    let token = bench.own_form("/data/expiry", &reader, "survey=autumn&days=100").await;
    assert_eq!(token.status, 403);

    let done = bench.own_form("/data/expiry", &admin, "survey=autumn&days=100").await;
    assert_eq!(done.status, 200);
    assert!(done.text().contains("Confirmed."), "{}", done.text());
    assert_eq!(bench.collector.expire().await.unwrap(), 10);
    let page = bench.get("/data", &[("cookie", &admin)]).await.text();
    assert!(!page.contains("waits for you"), "{page}");
    assert_eq!(bench.list("?survey=autumn").await["responses"].as_array().unwrap().len(), 10);
}
