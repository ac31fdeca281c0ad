//! Alerts: what the rules find, when, and how often it is told.

use axum::http::{Method, Request};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Answer, Bench, LOGIN, insert, response_with},
    markup::{all, assert_nothing_inline, one, words, words_of},
};

/// Adds a rule with the admin token.
async fn rule(bench: &Bench, form: &str) -> Answer {
    let request = Request::post("/settings/alerts")
        .header("authorization", LOGIN.1)
        .header("accept-language", "en")
        .header("content-type", "application/x-www-form-urlencoded");
    bench.send(request.body(form.to_owned().into()).unwrap()).await
}

#[track_caller]
fn assert_added(answer: &Answer) {
    assert_eq!(answer.header("location"), "/settings/alerts?done=alert-rule", "{}", answer.text());
}

/// Sends an answer with these changes; returns it as it was sent.
async fn sent(bench: &Bench, changes: &[(&str, Value)]) -> Value {
    let sent = response_with(changes);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    sent
}

/// Runs the rules so many seconds from now.
async fn run_in(bench: &Bench, seconds: i64) {
    let now = Timestamp::now() + SignedDuration::from_secs(seconds);
    bench.collector.run_rules(now).await.unwrap();
}

/// The alerts that the page shows, newest first.
async fn alerts(bench: &Bench) -> Vec<String> {
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    words_of(&page.page(), ".alert > p:first-child")
}

async fn file(bench: &Bench) -> SqliteConnection {
    SqliteConnection::connect(&bench.address()).await.unwrap()
}

#[tokio::test]
async fn an_answer_is_told_once_after_it_was_sent() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=answer&at_most=6&touchpoint=delivery").await);
    sent(&bench, &[("score", json!(2)), ("touchpoint", json!("order"))]).await;
    let low = [("score", json!(2)), ("touchpoint", json!("delivery"))];
    let mut answer = sent(&bench, &low).await;
    run_in(&bench, 1).await;
    assert_eq!(alerts(&bench).await, [""; 0], "first it is seen whether it is plausible");
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await, ["Score 2, Delivery"]);
    // A later revision changes nothing.
    answer["revision"] = json!(2);
    answer["score"] = json!(0);
    assert_eq!(bench.post_json(&answer).await.status, 200);
    run_in(&bench, 5_000).await;
    assert_eq!(
        alerts(&bench).await,
        ["Score 0, Delivery"],
        "the same alert, about the answer as it is"
    );
    let page = bench.get("/settings/alerts", &[LOGIN]).await.page();
    let id = bench.collector.public_id(answer["id"].as_str().unwrap());
    assert_eq!(one(&page, ".alert a").attr("href"), Some(&*format!("/responses/{id}")));
}

#[tokio::test]
async fn without_send_the_rules_wait_for_ten_minutes_after_the_last_revision() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    let mut answer = sent(&bench, &[("score", json!(2)), ("complete", json!(false))]).await;
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await, [""; 0]);
    // The customer corrects the score, and leaves.
    answer["revision"] = json!(2);
    answer["score"] = json!(4);
    assert_eq!(bench.post_json(&answer).await.status, 200);
    run_in(&bench, 595).await;
    assert_eq!(alerts(&bench).await, [""; 0]);
    run_in(&bench, 605).await;
    assert_eq!(alerts(&bench).await, ["Score 4, Order"]);
}

#[tokio::test]
async fn a_word_and_a_wish_to_be_answered_are_found() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=answer&word=Kaputt*").await);
    assert_added(&rule(&bench, "of=answer&contact=on&at_most=6").await);
    let none = ("contact", Value::Null);
    sent(&bench, &[none.clone(), ("comment", json!("Es war kaputtgegangen."))]).await;
    sent(&bench, &[none.clone(), ("score", json!(1)), ("comment", json!("Gut."))]).await;
    sent(&bench, &[("score", json!(3)), ("comment", json!("Ruft an!"))]).await;
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await, ["Score 3, Order", "Score 9, Order"]);
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "de")]).await;
    assert!(!page.text().contains("kim@example.org"), "a contact stands on the case alone");
}

#[tokio::test]
async fn tests_flagged_excluded_and_imported_answers_never_alert() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    sent(&bench, &[("score", json!(1)), ("test", json!(true))]).await;
    let flagged = sent(&bench, &[("score", json!(2))]).await;
    let excluded = sent(&bench, &[("score", json!(3))]).await;
    let mut file = file(&bench).await;
    for (id, aside) in [(&flagged, 1), (&excluded, 1024)] {
        sqlx::query("UPDATE responses SET aside = ? WHERE id = ?")
            .bind(aside)
            .bind(id["id"].as_str())
            .execute(&mut file)
            .await
            .unwrap();
    }
    let imported = response_with(&[
        ("score", json!(4)),
        ("received_at", json!("2026-11-20T10:00:00.000Z")),
        ("updated_at", json!("2026-11-20T10:00:00.000Z")),
    ]);
    let answer = bench.import(format!("{imported}\n")).await;
    assert_eq!(answer.json()["added"], 1, "{}", answer.text());
    run_in(&bench, 5_000).await;
    assert_eq!(alerts(&bench).await, [""; 0]);
}

#[tokio::test]
async fn answers_from_before_a_rule_are_not_told() {
    let bench = Bench::new().await;
    let mut before = sent(&bench, &[("score", json!(1))]).await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    before["revision"] = json!(2);
    bench.post_json(&before).await;
    run_in(&bench, 5_000).await;
    assert_eq!(alerts(&bench).await, [""; 0]);
}

#[tokio::test]
async fn more_than_twenty_an_hour_are_told_as_one_sum() {
    let bench = Bench::with(|config| config.limits(afterword_collector::Limits::Off)).await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    for _ in 0..25 {
        sent(&bench, &[("score", json!(2))]).await;
    }
    let mut file = file(&bench).await;
    // So many at once are a flood; here they shall be customers.
    sqlx::query("UPDATE responses SET aside = 0").execute(&mut file).await.unwrap();
    run_in(&bench, 10).await;
    assert_eq!(alerts(&bench).await.len(), 20);
    run_in(&bench, 3_000).await;
    assert_eq!(alerts(&bench).await.len(), 20);
    run_in(&bench, 3_700).await;
    let told = alerts(&bench).await;
    assert_eq!((told.len(), &*told[0]), (21, "5 more answers within an hour"));
    run_in(&bench, 9_000).await;
    assert_eq!(alerts(&bench).await.len(), 21, "once");
}

#[tokio::test]
async fn a_silence_is_told_once_and_only_where_customers_used_to_answer() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=silence&days=3").await);
    let day = SignedDuration::from_hours(24);
    let mut file = file(&bench).await;
    let now = Timestamp::now();
    for number in 0..9 {
        let at = (now - day * (10 + number)).as_millisecond();
        insert(&mut file, &response_with(&[]), at).await;
    }
    bench.count_anew().await;
    bench.collector.run_rules(now).await.unwrap();
    assert_eq!(alerts(&bench).await, [""; 0], "nine are too few");
    insert(&mut file, &response_with(&[]), (now - day * 10).as_millisecond()).await;
    bench.count_anew().await;
    bench.collector.run_rules(now).await.unwrap();
    bench.collector.run_rules(now + day).await.unwrap();
    let told = "For 9 days there was no answer, and the question was not shown";
    assert_eq!(alerts(&bench).await, [told], "once a silence");
}

#[tokio::test]
async fn a_fall_is_told_once_for_its_week() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=fall").await);
    // Tuesday, 24 November 2026.
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let day = SignedDuration::from_hours(24);
    let mut file = file(&bench).await;
    for week in 1..=9_i32 {
        for number in 0..40 {
            let is_bad = week == 1 && number % 2 == 0;
            let answer = response_with(&[("score", json!(if is_bad { 2 } else { 9 }))]);
            let at = now - day * (7 * week);
            insert(&mut file, &answer, at.as_millisecond()).await;
        }
    }
    bench.count_anew().await;
    bench.collector.run_rules(now).await.unwrap();
    bench.collector.run_rules(now + day).await.unwrap();
    let told = "In the week of 2026-11-16 the score was 0 (40 answers); in the eight weeks before it was 100 \
                (320 answers)";
    assert_eq!(alerts(&bench).await, [told]);
    bench.collector.run_rules(now + day * 7).await.unwrap();
    assert_eq!(alerts(&bench).await.len(), 1, "a week without answers has no score");
}

#[tokio::test]
async fn an_alert_is_erased_with_its_answer() {
    let bench = Bench::new().await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    let answer = sent(&bench, &[("score", json!(2))]).await;
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await.len(), 1);
    let path = format!("/v1/responses?id={}", answer["id"].as_str().unwrap());
    let erased = bench.call(Method::DELETE, &path, &[LOGIN]).await;
    assert_eq!(erased.json()["responses"], 1);
    assert_eq!(alerts(&bench).await, [""; 0]);
    let mut file = file(&bench).await;
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM alerts").fetch_one(&mut file).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_rule_can_be_paused_resumed_and_removed() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    let act = async |act: &str| {
        let answer =
            bench.own_form("/settings/alerts/rules/1", &admin, &format!("act={act}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    };
    act("pause").await;
    sent(&bench, &[("score", json!(1))]).await;
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await, [""; 0]);
    act("resume").await;
    sent(&bench, &[("score", json!(2))]).await;
    run_in(&bench, 5).await;
    assert_eq!(alerts(&bench).await, ["Score 2, Order"]);
    act("remove").await;
    assert_eq!(alerts(&bench).await, ["Score 2, Order"], "what it found stays");
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await;
    assert!(page.text().contains("a rule that was removed"), "{}", page.text());
}

#[tokio::test]
async fn a_slip_is_explained_and_what_was_typed_stays() {
    let bench = Bench::new().await;
    for (form, problem) in [
        ("of=answer&word=", "Fill in at least one field"),
        ("of=answer&word=a*", "at least three letters beside a *"),
        ("of=answer&word=**", "Enter a word with letters or digits."),
        ("of=silence&days=0", "Enter a number of days from 1 to 60."),
        ("of=silence&days=many", "Enter a number of days from 1 to 60."),
    ] {
        let answer = rule(&bench, form).await;
        assert_eq!(answer.status, 422, "{form}");
        let page = answer.page();
        assert!(words(one(&page, ".error")).contains(problem), "{form}: {}", answer.text());
        assert_eq!(all(&page, "details[open] .error").len(), 1, "its form stands open");
    }
    assert_added(&rule(&bench, "of=answer&at_most=6").await);
    let again = rule(&bench, "of=answer&at_most=6").await;
    assert!(again.text().contains("This rule is there already."), "{}", again.text());
    let kept = rule(&bench, "of=answer&word=a*&at_most=3").await.page();
    assert_eq!(one(&kept, "#word").attr("value"), Some("a*"));
    assert_eq!(one(&kept, "#at_most option[selected]").attr("value"), Some("3"));
    assert_nothing_inline(&kept);
}

#[tokio::test]
async fn programs_read_the_rules_page_by_page() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    assert_added(&rule(&bench, "of=answer&at_most=6&touchpoint=delivery").await);
    assert_added(&rule(&bench, "of=silence&days=3").await);
    let token = format!("Bearer {}", bench.token(&admin, "cases").await);
    let ask = async |path: &str, tag: &str| {
        bench.get(path, &[("authorization", &*token), ("if-none-match", tag)]).await
    };
    let first = ask("/v1/rules?limit=1", "").await;
    assert_eq!(first.status, 200, "{}", first.text());
    let page = first.json();
    assert_eq!(page["rules"][0]["on"], true);
    assert_eq!(page["rules"][0]["condition"]["at_most"], 6);
    assert_eq!(page["rules"][0]["condition"]["touchpoint"], "delivery");
    let next = page["next"].as_str().unwrap();
    let second = ask(&format!("/v1/rules?limit=1&after={next}"), "").await.json();
    assert_eq!(second["rules"][0]["condition"]["of"], "silence");
    assert_eq!(second["next"], Value::Null);
    let tag = first.header("etag").to_owned();
    assert_eq!(ask("/v1/rules?limit=1", &tag).await.status, 304);
    bench.own_form("/settings/alerts/rules/1", &admin, "act=pause").await;
    assert_eq!(ask("/v1/rules?limit=1", &tag).await.json()["rules"][0]["on"], false);
    ask("/v1/rules?limit=0", "").await.problem(400, "invalid-parameter");
}
