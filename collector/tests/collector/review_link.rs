//! The link for a review is shown after every score or after none: what the settings refuse, and what is on record.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    bench::{Bench, LOGIN, response, response_with},
    markup::{all, assert_nothing_inline, one, words, words_of},
    surveys::page,
};

/// Sends an answer with that score, and whether its thanks showed the link; returns its id.
async fn answered(bench: &Bench, score: u8, link: Value) -> Value {
    let sent = response_with(&[("score", json!(score)), ("review_link", link)]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    sent["id"].clone()
}

async fn record(bench: &Bench, query: &str) -> Value {
    let answer = bench.get(&format!("/v1/review-link{query}"), &[LOGIN]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The counts of a score on record: answers, with the link, without.
fn counts(record: &Value, score: u8) -> Option<[u64; 3]> {
    let days = record["days"].as_array().unwrap();
    let day = days.iter().find(|it| it["score"] == score)?;
    Some(["answers", "shown", "not_shown"].map(|name| day[name].as_u64().unwrap()))
}

#[tokio::test]
async fn the_record_counts_by_day_and_score_and_names_nobody() {
    let bench = Bench::new().await;
    answered(&bench, 2, json!(true)).await;
    let erased = answered(&bench, 2, json!(true)).await;
    answered(&bench, 9, json!(true)).await;
    answered(&bench, 9, json!(false)).await;
    answered(&bench, 9, Value::Null).await;
    // Not sent to the end: nobody was thanked.
    let begun = [("score", json!(5)), ("complete", json!(false)), ("review_link", json!(true))];
    bench.post_json(&response_with(&begun)).await;

    let of_all = record(&bench, "").await;
    assert_eq!(counts(&of_all, 2), Some([2, 2, 0]));
    assert_eq!(counts(&of_all, 9), Some([3, 1, 1]));
    assert_eq!(counts(&of_all, 5), Some([1, 0, 0]));
    assert_eq!(counts(&of_all, 7), None);
    let text = of_all.to_string();
    for personal in ["kim@example.org", "C-7", "A-", "Schnell", erased.as_str().unwrap()] {
        assert!(!text.contains(personal), "{personal} is in {text}");
    }
    assert_eq!(record(&bench, "?survey=other").await["days"], json!([]));
    assert_eq!(record(&bench, "?to=2020-01-01").await["days"], json!([]));
    assert_eq!(
        record(&bench, "?survey=post-purchase&from=2020-01-01").await["days"],
        of_all["days"]
    );
    for wrong in ["?from=yesterday", "?format=xml", "?score=9"] {
        let path = format!("/v1/review-link{wrong}");
        bench.get(&path, &[LOGIN]).await.problem(400, "invalid-parameter");
    }

    // What is erased leaves the counts, as everywhere.
    let path = format!("/v1/responses?id={}", erased.as_str().unwrap());
    bench.call(Method::DELETE, &path, &[LOGIN]).await;
    assert_eq!(counts(&record(&bench, "").await, 2), Some([1, 1, 0]));
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn every_change_of_the_setting_is_on_record() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Autumn").await;
    let link = "name=Autumn&review-link=https%3A%2F%2Fr.example%2Fa";
    for settings in [
        "name=Autumn",
        link,
        link,
        "name=Autumn+2&review-link=https%3A%2F%2Fr.example%2Fa",
        "name=Autumn",
    ] {
        assert_eq!(bench.own_form("/surveys/autumn", &admin, settings).await.status, 303);
    }
    answered(&bench, 9, json!(true)).await;
    let settings = record(&bench, "?survey=autumn").await["settings"].clone();
    let links: Vec<&Value> = settings.as_array().unwrap().iter().map(|it| &it["link"]).collect();
    assert_eq!(links, [&json!("https://r.example/a"), &Value::Null]);

    let shown = page(&bench, &admin, "/surveys/autumn/review-link").await;
    assert_nothing_inline(&shown);
    assert_eq!(words_of(&shown, ".entries code"), ["https://r.example/a"]);
    assert!(
        !all(&page(&bench, &admin, "/surveys/autumn").await, "[href$='/review-link']").is_empty()
    );

    // With the survey its history goes, too.
    let gone = bench.own_form("/surveys/autumn/delete", &admin, "name=autumn").await;
    assert_eq!(gone.status, 303);
    assert_eq!(record(&bench, "").await["settings"], json!([]));
}

#[tokio::test]
async fn a_link_that_depends_on_the_score_is_refused_and_seen() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let body = "review-link=https%3A%2F%2Fr.example%2F%7Bscore%7D";
    let refused = bench.own_form("/surveys/post-purchase", &admin, body).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Must be the same address for every score"));

    let address = "/surveys/post-purchase/review-link";
    for _ in 0..12 {
        answered(&bench, 3, json!(true)).await;
        answered(&bench, 10, json!(true)).await;
    }
    let fair = page(&bench, &admin, address).await;
    assert!(all(&fair, "[data-notice=by-score]").is_empty());
    // A page of the shop's that shows it to satisfied customers only.
    for _ in 0..40 {
        answered(&bench, 3, json!(false)).await;
    }
    let unfair = page(&bench, &admin, address).await;
    let notice = words(one(&unfair, "[data-notice=by-score]"));
    assert!(notice.contains("Satisfied customers saw the link more often."), "{notice}");
    let row = words_of(&unfair, "tbody tr:nth-child(4) td");
    assert_eq!(row, ["52", "12", "40"]);

    let file = bench.get(&format!("{address}/file?format=csv"), &[("cookie", &admin)]).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    let lines: Vec<String> = file.text().lines().map(str::to_owned).collect();
    assert_eq!(
        lines[0].trim_start_matches('\u{feff}'),
        "survey,date,score,answers,shown,not_shown,setting"
    );
    assert!(
        lines[1].starts_with("post-purchase,") && lines[1].ends_with(",3,52,12,40,"),
        "{lines:?}"
    );
}
