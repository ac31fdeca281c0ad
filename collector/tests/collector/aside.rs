//! Answers that are stored and not counted: tests, repeated, implausible and excluded ones; the report shows their number.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    bench::{Bench, LOGIN, response_with},
    markup::{all, one, words, words_of},
    report::report,
};

async fn post(bench: &Bench, changes: &[(&str, Value)]) -> Value {
    let sent = response_with(changes);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    sent["id"].clone()
}

/// The number of answers in a list.
async fn listed(bench: &Bench, query: &str) -> usize {
    bench.list(query).await["responses"].as_array().unwrap().len()
}

#[tokio::test]
async fn only_the_latest_answer_of_an_order_counts() {
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
    let of_one = "survey=post-purchase&touchpoint=order";
    let said = report(&bench, of_one).await;
    assert_eq!(said["answers"], 1);
    assert_eq!(said["nps"], -100.0);
    assert_eq!(said["distribution"][0], 1);
    assert_eq!(said["breakdown"]["values"][0]["answers"], 1, "in every figure");
    assert_eq!(
        said["aside"],
        json!({ "waiting": 0, "excluded": 0, "test": 0, "repeated": 49, "flagged": 0 })
    );
    assert_eq!(report(&bench, "").await["answers"], 3);
    assert_eq!(report(&bench, "").await["moments"][0]["orders"], 1);

    // They stay visible, and are counted as repeated if they are not the order's latest answer.
    assert_eq!(listed(&bench, "?limit=200").await, 52);
    assert_eq!(listed(&bench, "?aside=repeated&limit=200").await, 49);
    assert_eq!(listed(&bench, "?aside=flagged").await, 0);
    let admin = bench.admin().await;
    let page = bench.get("/?period=all", &[("cookie", &admin)]).await.text();
    assert!(page.contains("49 earlier answers of the same order"), "{page}");
    assert!(page.contains("aside=repeated"), "{page}");
    let list = bench.get("/responses?aside=repeated", &[("cookie", &admin)]).await;
    assert!(list.text().contains("the order was answered again later"), "{}", list.text());

    // After the latest one was erased, the previous one counts.
    let path = format!("/v1/responses?id={}", last.as_str().unwrap());
    bench.call(axum::http::Method::DELETE, &path, &[LOGIN]).await;
    let said = report(&bench, of_one).await;
    assert_eq!((&said["answers"], &said["nps"]), (&json!(1), &json!(100.0)));
    assert_eq!(said["aside"]["repeated"], 48);
}

#[tokio::test]
async fn a_correction_is_not_a_second_answer() {
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
async fn implausible_answers_are_kept_and_left_out_by_choice() {
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
    // The order's plausible answer counts, although the implausible one came later.
    assert_eq!(
        without["aside"],
        json!({ "waiting": 0, "excluded": 0, "test": 0, "repeated": 1, "flagged": 2 })
    );
    assert_eq!(without["otherwise"]["nps"].as_f64().unwrap().round(), 20.0);
    let with = report(&bench, "flagged=with").await;
    assert_eq!((&with["answers"], &with["nps"]), (&json!(5), &without["otherwise"]["nps"]));
    assert_eq!(with["otherwise"]["nps"], without["nps"]);
    assert_eq!(report(&bench, "country=DE").await["answers"], 3);
    assert_eq!(report(&bench, "country=DE&flagged=with").await["answers"], 5);
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
async fn the_first_of_many_equal_answers_are_flagged_later() {
    let bench = Bench::new().await;
    let text = "This is by far the best shop that I have ever ordered from, truly wonderful!";
    for _ in 0..5 {
        post(&bench, &[("comment", json!(text)), ("score", json!(10))]).await;
    }
    post(&bench, &[("score", json!(0))]).await;
    // Only with the third answer the text counts as repeated, so the first two are flagged later.
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
    let with = report(&bench, "flagged=with").await;
    assert_eq!(with["answers"], 6);
    bench.count_anew().await;
    assert_eq!(report(&bench, "flagged=with").await, with);
    assert_eq!(report(&bench, "").await, said);
    let figures = bench.get("/metrics", &[LOGIN]).await.text();
    assert!(figures.contains("flags_total{flag=\"same-text\"} 3"), "{figures}");
}

#[tokio::test]
async fn tests_are_left_out_of_every_figure_and_removed_at_once() {
    let bench = Bench::new().await;
    let display = |test: bool| {
        let mut display = json!({
            "version": 1, "id": crate::bench::new_id(), "display": "shown", "survey": "post-purchase",
            "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/",
            "locale": "de"
        });
        if test {
            display["test"] = json!(true);
        }
        display
    };
    post(&bench, &[("order.id", json!("A-1")), ("score", json!(9))]).await;
    // The order's real answer came before the test, and stays its answer.
    for score in [0, 1, 2] {
        post(&bench, &[("order.id", json!("A-1")), ("score", json!(score)), ("test", json!(true))])
            .await;
    }
    let answer = bench
        .post(
            "application/x-www-form-urlencoded",
            "version=1&survey=post-purchase&touchpoint=order&score=3\
             &test=true&revision=1&id=0192f0c1-7a2b-7c3d-8e4f-00000000aaaa",
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    for test in [true, true, false] {
        assert_eq!(bench.post_json(&display(test)).await.status, 200);
    }
    let said = report(&bench, "").await;
    assert_eq!((&said["answers"], &said["nps"]), (&json!(1), &json!(100.0)));
    assert_eq!(said["displays"], 1);
    assert_eq!(
        said["aside"],
        json!({ "waiting": 0, "excluded": 0, "test": 4, "repeated": 0, "flagged": 0 })
    );

    let admin = bench.admin().await;
    let erase = "filter=aside%3Dtest&do=erase";
    let asked = bench.own_form("/responses/choice", &admin, erase).await;
    assert!(asked.text().contains("4 answers"), "{}", asked.text());
    assert_eq!(listed(&bench, "?aside=test").await, 4, "only asked so far");
    let until = jiff::Timestamp::now();
    let done = bench.own_form("/responses/choice", &admin, &format!("{erase}&until={until}")).await;
    assert_eq!(done.status, 303);
    assert_eq!(listed(&bench, "").await, 1);
    let receipts = bench.get("/v1/erasures", &[LOGIN]).await.json();
    let receipt = &receipts["erasures"][0];
    assert_eq!(
        (&receipt["by"], &receipt["responses"], &receipt["displays"]),
        (&json!("filter"), &json!(4), &json!(2))
    );
    assert_eq!(report(&bench, "").await["displays"], 1);
}

#[tokio::test]
async fn all_answers_of_a_filter_are_excluded_and_included_again() {
    let bench = Bench::new().await;
    // More than one batch, with answers of one order, of which only one counts at a time.
    let mut lines = String::new();
    for number in 0..1_203 {
        let order = if number < 600 { "A-0".to_owned() } else { format!("A-{number}") };
        let mut body = response_with(&[
            ("survey", json!(if number % 3 == 0 { "s" } else { "other" })),
            ("order.id", json!(order)),
            ("score", json!(number % 11)),
        ]);
        let at = jiff::Timestamp::from_millisecond(1_763_000_000_000 + number * 1_000).unwrap();
        body["received_at"] = json!(at.to_string());
        body["updated_at"] = json!(at.to_string());
        lines += &format!("{body}\n");
    }
    bench.import(lines).await;
    let all = [report(&bench, "").await, report(&bench, "survey=s").await];
    assert_eq!(all[1]["aside"]["repeated"], 199);

    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "Reader", "reader").await;
    let until = jiff::Timestamp::now();
    let choose = async |who: &str, filter: &str, action: &str| {
        let form = format!("filter={filter}&do={action}&until={until}");
        bench.own_form("/responses/choice", who, &form).await.status.as_u16()
    };
    assert_eq!(choose(&reader, "survey%3Ds", "exclude").await, 403);
    assert_eq!(choose(&admin, "", "exclude").await, 303);
    assert_eq!(report(&bench, "").await, all[0], "nothing is no choice");

    assert_eq!(choose(&admin, "survey%3Ds", "exclude").await, 303);
    let without = report(&bench, "survey=s").await;
    assert_eq!((&without["answers"], &without["aside"]["excluded"]), (&json!(0), &json!(401)));
    let page = bench.get("/?survey=s&period=all", &[("cookie", &admin)]).await.text();
    assert!(page.contains("401 answers taken out"), "{page}");
    bench.count_anew().await;
    assert_eq!(report(&bench, "survey=s").await, without);
    assert_eq!(listed(&bench, "?aside=excluded&limit=200").await, 200);

    assert_eq!(choose(&admin, "survey%3Ds%26aside%3Dexcluded", "include").await, 303);
    assert_eq!([report(&bench, "").await, report(&bench, "survey=s").await], all);
    bench.count_anew().await;
    assert_eq!([report(&bench, "").await, report(&bench, "survey=s").await], all);
}

#[tokio::test]
async fn the_demo_shop_thanks_and_stores_nothing_unless_it_is_a_demonstration() {
    use afterword_collector::Demo;

    let host = ("host", "collector.example");
    for (demo, stored) in [(Demo::Shown, 0), (Demo::Stored, 1)] {
        let public = "https://public.example";
        let bench = Bench::with(|config| config.demo(demo).public_url(public)).await;
        let mut sent = response_with(&[("page", json!("http://collector.example/demo/"))]);
        let answer = send_from(&bench, host, &sent).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["id"]), (200, &sent["id"]));
        let display = json!({
            "version": 1, "id": crate::bench::new_id(), "display": "shown", "survey": "post-purchase",
            "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z", "locale": "de",
            "page": "http://collector.example/demo/"
        });
        assert_eq!(send_from(&bench, host, &display).await.status, 200);
        assert_eq!(listed(&bench, "").await, stored);
        assert_eq!(report(&bench, "").await["displays"], stored);
        let public = response_with(&[("page", json!(format!("{public}/demo/")))]);
        assert_eq!(send_from(&bench, host, &public).await.status, 200);
        assert_eq!(listed(&bench, "").await, stored * 2);
        // A page of a shop is not the demo, whatever its path.
        for page in ["https://shop.example/demo/", "http://collector.example/demonstration"] {
            sent["id"] = json!(crate::bench::new_id());
            sent["page"] = json!(page);
            assert_eq!(send_from(&bench, host, &sent).await.status, 200);
        }
        assert_eq!(listed(&bench, "").await, stored * 2 + 2);
    }
}

async fn send_from(bench: &Bench, host: (&str, &str), sent: &Value) -> crate::bench::Answer {
    let request = axum::http::Request::post("/v1/responses")
        .header(host.0, host.1)
        .header("content-type", "application/json");
    bench.send(request.body(sent.to_string().into()).unwrap()).await
}

/// Sends a message as the script does on a page of the shop that was opened with this address.
async fn post_on(bench: &Bench, page: &str, message: &Value) {
    let mark = page.split_once('#').map_or("", |(_, mark)| mark);
    let request = axum::http::Request::post(format!("/v1/responses?{mark}"))
        .header("content-type", "application/json");
    let answer = bench.send(request.body(message.to_string().into()).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn tests_in_the_own_shop_never_count_and_are_removed_at_once() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    post(&bench, &[("score", json!(9))]).await;

    // The default is the page of the latest answer.
    let page = bench.get("/surveys/post-purchase", &[("cookie", &admin)]).await.page();
    let link = one(&page, "#try a.button").attr("href").unwrap().to_owned();
    assert!(link.starts_with("https://shop.example/thank-you#&afterword-try="), "{link}");
    one(&page, "#try [data-copy=try-link]");
    // Now for another page.
    let path = "/surveys/post-purchase?page=https%3A%2F%2Fshop.example%2F%3Fa%3D1%23%2Fdone";
    let page = bench.get(path, &[("cookie", &admin)]).await.page();
    let other = one(&page, "#try a.button").attr("href").unwrap();
    assert!(other.starts_with("https://shop.example/?a=1#/done&afterword-try="), "{other}");
    let path = "/surveys/post-purchase?page=javascript%3Aalert(1)";
    let page = bench.get(path, &[("cookie", &admin)]).await.page();
    assert!(all(&page, "#try a.button").is_empty());
    let said = words(one(&page, "#try"));
    assert!(said.contains("a whole address"), "{said}");

    for score in [0, 5] {
        post_on(&bench, &link, &response_with(&[("score", json!(score))])).await;
    }
    let answer = response_with(&[("score", json!(1))]);
    let shown = |id: &Value| {
        json!({
            "version": 1, "id": id, "display": "shown", "survey": "post-purchase", "touchpoint": "order",
            "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/thank-you", "locale": "en",
        })
    };
    post_on(&bench, &link, &shown(&answer["id"])).await;
    post_on(&bench, &link, &answer).await;
    // A display without an answer.
    post_on(&bench, &link, &shown(&response_with(&[])["id"])).await;
    // The signature is valid only for this survey and this text.
    let other = response_with(&[("survey", json!("website")), ("score", json!(10))]);
    post_on(&bench, &link, &other).await;
    for mark in ["#&afterword-try=", "#&afterword-try=9999999999.AAAA"] {
        post_on(&bench, mark, &response_with(&[("score", json!(10))])).await;
    }

    let said = report(&bench, "survey=post-purchase").await;
    assert_eq!((&said["answers"], &said["distribution"][10]), (&json!(3), &json!(2)));
    assert_eq!(said["aside"]["test"], 3);
    assert_eq!(said["displays"].as_u64().unwrap_or_default(), 0, "{said}");
    assert_eq!(report(&bench, "survey=website").await["answers"], 1);

    let page = bench.get("/surveys/post-purchase", &[("cookie", &admin)]).await.page();
    assert!(words(one(&page, "#try")).contains("3 test answers are kept."));
    // Tests never count, so they can only be erased.
    let tests = bench.get("/responses?aside=test", &[("cookie", &admin)]).await.page();
    assert_eq!(words_of(&tests, "form.choice button"), ["Erase these"]);
    let filter = one(&page, "#try form[action='/responses/choice'] [name=filter]");
    let filter = filter.attr("value").unwrap().replace('&', "%26").replace('=', "%3D");
    let body = format!("filter={filter}&do=erase");
    let asked = bench.own_form("/responses/choice", &admin, &body).await.page();
    let said = words(one(&asked, "main"));
    assert!(said.contains("3 answers"), "{said}");
    let until = one(&asked, "[name=until]").attr("value").unwrap();
    let done = bench.own_form("/responses/choice", &admin, &format!("{body}&until={until}")).await;
    assert_eq!(done.status, 303);
    // The list is empty then, and says why.
    let list = bench.get(done.header("location"), &[("cookie", &admin)]).await.page();
    assert_eq!(
        words_of(&list, "[role=status].good"),
        ["3 answers were erased. The receipt is under Data."]
    );
    assert!(all(&list, "article").is_empty());
    assert_eq!(listed(&bench, "?survey=post-purchase").await, 3);
    assert_eq!(report(&bench, "").await["aside"]["test"], 0);
    let page = bench.get("/surveys/post-purchase", &[("cookie", &admin)]).await.page();
    assert!(!words(one(&page, "#try")).contains("kept"));
}
