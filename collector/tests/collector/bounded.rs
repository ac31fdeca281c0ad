//! Limits on values that strangers can invent: properties, other values, methods, surveys. No answer is lost, and
//! the pages name what is not counted.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, response, response_with},
    markup::{all, one, words},
    report::report,
    surveys::page,
};

async fn import(bench: &Bench, lines: &[Value]) -> Answer {
    let lines: String = lines
        .iter()
        .map(|line| {
            let mut line = line.clone();
            line["received_at"] = json!("2026-11-21T17:00:05Z");
            line["updated_at"] = json!("2026-11-21T17:00:05Z");
            format!("{line}\n")
        })
        .collect();
    bench.import(lines).await
}

/// An answer with invented properties `PREFIX0`, `PREFIX1` ...
fn with_properties(prefix: &str, count: usize) -> Value {
    let invented: serde_json::Map<String, Value> =
        (0..count).map(|it| (format!("{prefix}{it}"), json!("x"))).collect();
    response_with(&[("properties", Value::from(invented)), ("order", Value::Null)])
}

fn own_facets(report: &Value) -> Vec<&str> {
    let facets = report["facets"].as_array().unwrap().iter().filter_map(Value::as_str);
    facets.filter_map(|facet| facet.strip_prefix("prop-")).collect()
}

#[tokio::test]
async fn invented_properties_are_kept_but_not_counted_and_the_page_says_so() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let invented: Vec<Value> =
        (0..40).map(|it| with_properties(&format!("invented-{it}-"), 30)).collect();
    import(&bench, &invented).await;

    let said = report(&bench, "by=prop-coupon").await;
    let counted = own_facets(&said);
    assert_eq!(counted.len(), 30, "{counted:?}");
    assert!(counted.contains(&"coupon"), "what came first stays");
    assert_eq!(said["left_out"], json!(["prop-"]));
    assert_eq!(said["answers"], 41, "every answer counts");
    let last = bench.kept(&invented[39]["id"]).await;
    assert_eq!(last["properties"], invented[39]["properties"], "nothing is lost");

    let survey = page(&bench, &admin, "/surveys/post-purchase").await;
    let notice = words(one(&survey, "[data-notice='left-out']"));
    assert!(notice.contains("properties of your own: more than 30"), "{notice}");
    let report = page(&bench, &admin, "/").await;
    let notice = words(one(&report, "[data-figure='left-out']"));
    assert!(notice.contains("More arrived than is counted (properties of your own)"), "{notice}");

    // A correction and an erasure of an answer of which only a part is counted.
    let mut corrected = invented[39].clone();
    corrected["revision"] = json!(2);
    corrected["score"] = json!(0);
    assert_eq!(bench.post_json(&corrected).await.status, 200);
    let path = format!("/v1/responses?id={}", invented[0]["id"].as_str().unwrap());
    assert_eq!(bench.call(Method::DELETE, &path, &[LOGIN]).await.status, 200);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn a_file_has_at_most_a_hundred_columns_of_properties_and_imports_all() {
    let bench = Bench::new().await;
    let sent: Vec<Value> = (0..5)
        .map(|it| {
            let mut answer = with_properties(&format!("p{it}-"), 30);
            answer["survey"] = json!(format!("survey-{it}"));
            answer
        })
        .collect();
    import(&bench, &sent).await;
    let file = bench.get("/v1/export?format=csv", &[LOGIN]).await;
    assert_eq!(file.status, 200);
    let text = file.text();
    let heading = text.lines().next().unwrap();
    assert_eq!(heading.matches("properties.p").count(), 100);

    let other = Bench::new().await;
    let request = axum::http::Request::post("/v1/import")
        .header(LOGIN.0, LOGIN.1)
        .header("content-type", "text/csv");
    let answer = other.send(request.body(text.into()).unwrap()).await;
    assert_eq!(answer.json()["added"], 5, "{}", answer.text());
    for answer in &sent {
        assert_eq!(other.kept(&answer["id"]).await["properties"], answer["properties"]);
    }
}

#[tokio::test]
async fn values_of_one_property_and_ways_of_asking_are_bounded_too() {
    let bench = Bench::new().await;
    let sent: Vec<Value> = (0..260)
        .map(|it| {
            response_with(&[
                ("properties.coupon", json!(format!("code-{it}"))),
                ("method.question", json!(format!("Invented {it}?"))),
                ("tags", json!([format!("tag-{it}")])),
            ])
        })
        .collect();
    import(&bench, &sent).await;
    let said = report(&bench, "period=all").await;
    assert_eq!(said["left_out"], json!(["method", "prop-coupon", "tag"]));
    assert_eq!(said["answers"], 260);
    let counted = |value: usize| {
        let bench = &bench;
        async move { report(bench, &format!("prop-coupon=code-{value}")).await["answers"].clone() }
    };
    assert_eq!((counted(199).await, counted(200).await), (json!(1), json!(0)));
    assert_eq!(bench.disagreeing().await, [""; 0]);
    bench.count_anew().await;
    assert_eq!(bench.disagreeing().await, [""; 0]);
    assert_eq!((counted(199).await, counted(200).await), (json!(1), json!(0)));
}

#[tokio::test]
async fn the_shop_chooses_the_counted_properties_also_of_earlier_answers() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    import(&bench, &[with_properties("invented-", 30)]).await;
    bench.post_json(&response()).await;
    assert!(!own_facets(&report(&bench, "").await).contains(&"coupon"));
    let saved = bench.own_form("/surveys/post-purchase", &admin, "properties=coupon%2C+size").await;
    assert_eq!(saved.header("location"), "/surveys/post-purchase?done=saved");
    // The recount runs in batches, while answers are accepted.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while own_facets(&report(&bench, "").await) != ["coupon"] {
        assert!(std::time::Instant::now() < deadline, "it is never counted anew");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(report(&bench, "prop-coupon=WELCOME").await["answers"], 1);
    let shown = page(&bench, &admin, "/surveys/post-purchase").await;
    assert_eq!(one(&shown, "#properties").attr("value"), Some("coupon, size"));
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

/// A collector with the twenty surveys that are added automatically.
async fn with_twenty() -> Bench {
    let bench = Bench::with(|config| config.limits(afterword_collector::Limits::Off)).await;
    for number in 0..20 {
        let sent = response_with(&[("survey", json!(format!("own-{number}")))]);
        assert_eq!(bench.post_json(&sent).await.status, 200);
    }
    bench
}

#[tokio::test]
async fn beyond_twenty_a_survey_waits_to_be_added_and_nothing_of_it_is_lost() {
    let bench = with_twenty().await;
    let admin = bench.admin().await;
    let sent = response_with(&[("survey", json!("late"))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    let mut corrected = sent.clone();
    corrected["revision"] = json!(2);
    corrected["score"] = json!(3);
    assert_eq!(bench.post_json(&corrected).await.status, 200);
    let display = json!({
        "version": 1, "id": crate::bench::new_id(), "display": "shown", "survey": "late",
        "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/",
        "locale": "de"
    });
    assert_eq!(bench.post_json(&display).await.status, 200);

    let all_surveys = report(&bench, "").await;
    assert_eq!(
        (&all_surveys["answers"], &all_surveys["aside"]["waiting"]),
        (&json!(20), &json!(1))
    );
    assert!(!all_surveys["surveys"].as_array().unwrap().contains(&json!("late")));
    let list = page(&bench, &admin, "/surveys").await;
    assert!(all(&list, "main a[href='/surveys/late']").is_empty());
    let waiting = words(one(&list, "section:has(#waiting) li"));
    assert!(waiting.contains("late") && waiting.contains("1 answer"), "{waiting}");
    assert_eq!(bench.disagreeing().await, [""; 0]);

    let added = bench.own_form("/surveys", &admin, "id=late").await;
    assert_eq!(added.header("location"), "/surveys/late?done=added");
    let its = report(&bench, "survey=late").await;
    assert_eq!((&its["answers"], &its["detractors"]), (&json!(1), &json!(1)));
    assert!(all(&page(&bench, &admin, "/surveys").await, "#waiting").is_empty());
    assert_eq!(bench.post_json(&response_with(&[("survey", json!("late"))])).await.status, 200);
    assert_eq!(report(&bench, "survey=late").await["answers"], 2);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn waiting_answers_are_bounded_and_more_are_refused_for_now() {
    let bench = with_twenty().await;
    for number in 0..200 {
        let sent = response_with(&[("survey", json!(format!("invented-{number}")))]);
        assert_eq!(bench.post_json(&sent).await.status, 200, "{number}");
    }
    let more = bench.post_json(&response_with(&[("survey", json!("one-more"))])).await;
    more.problem(429, "too-many-requests");
    assert_eq!(more.header("retry-after"), "30");
    let mut first = None;
    for number in 0..800 {
        let sent = response_with(&[("survey", json!(format!("invented-{}", number % 200)))]);
        assert_eq!(bench.post_json(&sent).await.status, 200, "{number}");
        first.get_or_insert(sent);
    }
    let more = bench.post_json(&response_with(&[("survey", json!("invented-7"))])).await;
    more.problem(429, "too-many-requests");
    // A correction of a waiting answer does not count as another answer.
    let mut corrected = first.unwrap();
    corrected["revision"] = json!(2);
    assert_eq!(bench.post_json(&corrected).await.status, 200);
    // The shop's own surveys are not affected.
    assert_eq!(bench.post_json(&response_with(&[("survey", json!("own-3"))])).await.status, 200);
}

#[tokio::test]
async fn a_shops_own_file_names_as_many_surveys_as_it_likes() {
    let bench = with_twenty().await;
    let waits = response_with(&[("survey", json!("filed"))]);
    assert_eq!(bench.post_json(&waits).await.status, 200);
    import(&bench, &[response_with(&[("survey", json!("filed"))])]).await;
    assert_eq!(report(&bench, "survey=filed").await["answers"], 2);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}
