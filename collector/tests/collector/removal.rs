//! A survey is archived, and deleted with all its answers; answers are excluded and erased by filter.

use axum::http::Method;
use serde_json::json;
use sqlx::Connection as _;

use crate::{
    bench::{Bench, LOGIN, new_id, response_with},
    markup::{all, one, words},
    report::report,
    surveys::page,
};

/// Two surveys of three answers each, with a display.
async fn two_surveys() -> Bench {
    let bench = Bench::new().await;
    for survey in ["old", "current"] {
        for score in [0, 9, 10] {
            let words = format!("{survey} words {score}");
            let sent = response_with(&[
                ("survey", json!(survey)),
                ("score", json!(score)),
                ("comment", json!(words)),
                ("method.question", json!(format!("Would you, {survey}?"))),
                ("properties.coupon", json!(format!("coupon of {survey}"))),
            ]);
            assert_eq!(bench.post_json(&sent).await.status, 200);
        }
        let display = json!({
            "version": 1, "id": new_id(), "display": "shown", "survey": survey, "touchpoint": "order",
            "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/", "locale": "de"
        });
        assert_eq!(bench.post_json(&display).await.status, 200);
    }
    bench
}

#[tokio::test]
async fn an_archived_survey_is_left_out_of_all_surveys_and_the_page_says_so() {
    let bench = two_surveys().await;
    let admin = bench.admin().await;
    let archived = bench.own_form("/surveys/old/archive", &admin, "do=archive").await;
    assert_eq!(archived.header("location"), "/surveys/old?done=archived");
    let all_surveys = report(&bench, "").await;
    assert_eq!(all_surveys["answers"], 3);
    assert_eq!(all_surveys["displays"], 1);
    assert_eq!(all_surveys["archived"], json!(["old"]));
    let shown = page(&bench, &admin, "/").await;
    assert!(words(one(&shown, "[data-figure='archived']")).contains("the archived survey old"));
    assert!(!words(one(&shown, "main")).contains("old words"), "its comments are not there either");
    let its = report(&bench, "survey=old").await;
    assert_eq!((&its["answers"], &its["archived"]), (&json!(3), &json!([])));
    // It still accepts answers, and stores them.
    assert_eq!(bench.post_json(&response_with(&[("survey", json!("old"))])).await.status, 200);
    assert_eq!(report(&bench, "survey=old").await["answers"], 4);
    assert_eq!(bench.list("?limit=200").await["responses"].as_array().unwrap().len(), 7);
    let list = page(&bench, &admin, "/surveys").await;
    one(&list, "details a[href='/surveys/old']");
    one(&list, "main > div > ul a[href='/surveys/current']");

    bench.own_form("/surveys/old/archive", &admin, "do=restore").await;
    let all_surveys = report(&bench, "").await;
    assert_eq!((&all_surveys["answers"], &all_surveys["archived"]), (&json!(7), &json!([])));
}

#[tokio::test]
async fn a_survey_is_deleted_with_all_it_holds_once_its_name_was_typed() {
    let bench = two_surveys().await;
    let admin = bench.admin().await;
    bench
        .own_form("/surveys/old", &admin, "name=The+old+one&origins=https%3A%2F%2Fshop.example")
        .await;
    let before = page(&bench, &admin, "/surveys/old/delete").await;
    let holding = words(one(&before, "[data-figure='holding']"));
    assert!(
        holding.contains("The old one") && holding.contains("3 answers, 1 display"),
        "{holding}"
    );
    assert_eq!(all(&before, "tbody tr").len(), 3, "what would go is listed");
    let wrong = bench.own_form("/surveys/old/delete", &admin, "name=current").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("That is not its name."));
    assert_eq!(report(&bench, "survey=old").await["answers"], 3);

    let deleted = bench.own_form("/surveys/old/delete", &admin, "name=The+old+one").await;
    assert_eq!(deleted.header("location"), "/surveys?done=deleted");
    assert_eq!(report(&bench, "").await["answers"], 3);
    assert_eq!(bench.get("/surveys/old", &[("cookie", &admin)]).await.status, 404);
    let receipts = bench.get("/v1/erasures", &[LOGIN]).await.json();
    let receipt = &receipts["erasures"][0];
    assert_eq!((&receipt["by"], &receipt["responses"]), (&json!("survey"), &json!(3)));
    assert_eq!(receipt["displays"], 1);
    assert_eq!(bench.disagreeing().await, [""; 0]);
    let folder = bench.folder;
    bench.collector.close().await;
    let file = std::fs::read(folder.path().join("afterword.db")).unwrap();
    for gone in ["old words", "Would you, old?", "coupon of old", "The old one"] {
        let is_there = file.windows(gone.len()).any(|it| it == gone.as_bytes());
        assert!(!is_there, "{gone} is in the file still");
    }
}

#[tokio::test]
async fn a_deleted_surveys_id_stays_refused_until_somebody_adds_it_again() {
    let bench = two_surveys().await;
    let admin = bench.admin().await;
    let answer = || response_with(&[("survey", json!("old"))]);
    bench.own_form("/surveys/old/delete", &admin, "name=old").await;
    bench.post_json(&answer()).await.problem(403, "survey-deleted");
    let display = json!({
        "version": 1, "id": new_id(), "display": "shown", "survey": "old", "touchpoint": "order",
        "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/", "locale": "de"
    });
    bench.post_json(&display).await.problem(403, "survey-deleted");
    assert!(!report(&bench, "").await["surveys"].as_array().unwrap().contains(&json!("old")));
    let added = bench.own_form("/surveys", &admin, "name=Old").await;
    assert_eq!(added.header("location"), "/surveys/old?done=added");
    assert_eq!(bench.post_json(&answer()).await.status, 200);
    assert_eq!(report(&bench, "survey=old").await["answers"], 1);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn a_deletion_that_was_interrupted_is_ended_by_the_next_start() {
    let bench = two_surveys().await;
    let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
    // The state after the first step of a deletion.
    sqlx::query("INSERT INTO refused_surveys VALUES ('old', 0)").execute(&mut file).await.unwrap();
    bench.collector.end_deletions().await.unwrap();
    assert_eq!(report(&bench, "").await["surveys"], json!(["current"]));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM responses WHERE survey = 'old'")
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn programs_exclude_and_erase_the_answers_that_they_have_counted() {
    let bench = two_surveys().await;
    let admin = bench.admin().await;
    let reading = format!("Bearer {}", bench.token(&admin, "read").await);
    let reading = [("authorization", &*reading)];
    for (method, path) in [
        (Method::POST, "/v1/exclusions"),
        (Method::DELETE, "/v1/exclusions"),
        (Method::POST, "/v1/erasures"),
    ] {
        bench
            .call(method.clone(), &format!("{path}?survey=old"), &reading)
            .await
            .problem(403, "forbidden");
        bench.call(method, path, &[LOGIN]).await.problem(400, "invalid-parameter");
    }
    let call = async |method: Method, path: &str| bench.call(method, path, &[LOGIN]).await;

    let told = call(Method::POST, "/v1/exclusions?survey=old&segment=promoter").await.json();
    assert_eq!(told, json!({ "answers": 2, "done": false, "receipt": null }));
    assert_eq!(report(&bench, "").await["answers"], 6, "telling does nothing");
    let other = call(Method::POST, "/v1/exclusions?survey=old&segment=promoter&answers=3").await;
    assert!(other.problem(409, "changed")["detail"].as_str().unwrap().contains("answers=2"));
    let done =
        call(Method::POST, "/v1/exclusions?survey=old&segment=promoter&answers=2").await.json();
    assert_eq!(done["done"], true);
    assert_eq!(report(&bench, "").await["aside"]["excluded"], 2);
    call(Method::DELETE, "/v1/exclusions?survey=old&aside=excluded&answers=2").await;
    assert_eq!(report(&bench, "").await["answers"], 6);

    let erased =
        call(Method::POST, "/v1/erasures?survey=old&segment=promoter&answers=2").await.json();
    assert_eq!(erased["receipt"]["responses"], 2, "{erased}");
    assert_eq!(report(&bench, "").await["answers"], 4);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}
