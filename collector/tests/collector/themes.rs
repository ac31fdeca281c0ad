//! The themes of answers: they are found, stored, used in filters, corrected, and shown in the report.

use axum::http::{Method, Request};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Answer, Bench, LOGIN, response_with},
    markup::{all, assert_nothing_inline, one, words, words_of},
};

/// Sends an answer with that score and comment.
async fn answered(bench: &Bench, score: u8, comment: &str) -> Value {
    let sent = response_with(&[
        ("score", json!(score)),
        ("comment", json!(comment)),
        ("reasons", json!([])),
    ]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    sent
}

/// Imports an answer for each pair of a score and a comment.
async fn imported(bench: &Bench, answers: impl Iterator<Item = (u8, &'static str)>) {
    let mut lines = String::new();
    for (score, comment) in answers {
        let line = response_with(&[
            ("score", json!(score)),
            ("comment", json!(comment)),
            ("reasons", json!([])),
            ("received_at", json!("2026-11-20T10:00:00.000Z")),
            ("updated_at", json!("2026-11-20T10:00:00.000Z")),
        ]);
        lines += &format!("{line}\n");
    }
    bench.import(lines).await;
}

async fn get(bench: &Bench, path: &str) -> Answer {
    let answer = bench.get(path, &[LOGIN, ("accept-language", "de")]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

/// Sends a form of a page with the admin token.
async fn post(bench: &Bench, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header("authorization", LOGIN.1)
        .header("accept-language", "de")
        .header("content-type", "application/x-www-form-urlencoded");
    bench.send(request.body(form.to_owned().into()).unwrap()).await
}

async fn file(bench: &Bench) -> SqliteConnection {
    SqliteConnection::connect(&bench.address()).await.unwrap()
}

#[tokio::test]
async fn a_theme_filters_lists_exports_and_the_report() {
    let bench = Bench::new().await;
    let about_price = answered(&bench, 3, "Der Preis ist zu hoch").await;
    answered(&bench, 9, "Der Versand war schnell").await;
    answered(&bench, 10, "Gerne wieder").await;

    let list = bench.list("?theme=price").await;
    assert_eq!(list["responses"].as_array().unwrap().len(), 1);
    assert_eq!(list["responses"][0]["id"], about_price["id"]);
    assert_eq!(list["responses"][0]["themes"], json!(["price"]));

    let export = get(&bench, "/v1/export?format=jsonl&theme=price").await;
    assert_eq!(export.header("afterword-rows"), "1");
    assert!(export.text().contains("Der Preis ist zu hoch"));

    let report = get(&bench, "/v1/report?theme=price").await.json();
    assert_eq!((&report["answers"], &report["nps"]), (&json!(1), &json!(-100.0)));
    assert_eq!(report["themes"], Value::Null, "nothing is counted of two properties together");

    let page = get(&bench, "/responses?theme=price").await.page();
    assert_eq!(words_of(&page, ".responses .comment"), ["Der Preis ist zu hoch"]);
    assert_eq!(words(one(&page, "select[name=theme] option[selected]")), "Preis");
    let page = get(&bench, "/?theme=price").await.page();
    assert_eq!(words(one(&page, ".report-filter .narrowed strong")), "Thema: Preis");

    let problem =
        bench.get("/v1/responses?theme=weather", &[LOGIN]).await.problem(400, "invalid-parameter");
    assert!(problem.to_string().contains("sustainability"), "{problem}");
    let problem = bench.get("/v1/report?by=theme", &[LOGIN]).await;
    assert_eq!(problem.status, 400, "the report has a section of its own for themes");
}

#[tokio::test]
async fn a_corrected_comment_is_about_something_else_and_an_erased_one_about_nothing() {
    let bench = Bench::new().await;
    let mut sent = answered(&bench, 3, "Der Preis ist zu hoch").await;
    sent["revision"] = json!(2);
    sent["comment"] = json!("Die Verpackung war schön");
    assert_eq!(bench.post_json(&sent).await.status, 200);
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["packaging"]));
    assert_eq!(bench.list("?theme=price").await["responses"], json!([]));
    let id = sent["id"].as_str().unwrap();
    bench.call(Method::DELETE, &format!("/v1/responses?id={id}"), &[LOGIN]).await;
    let mut file = file(&bench).await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM facts WHERE facet GLOB 'theme*'")
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn answers_of_earlier_releases_get_their_themes_in_the_background() {
    let bench = Bench::new().await;
    imported(&bench, (0..450_u16).map(|number| ((number % 11) as u8, "Der Preis ist hoch"))).await;
    let mut file = file(&bench).await;
    // The state that an earlier release leaves, interrupted in the middle.
    for statement in [
        "UPDATE responses SET themes = '', themes_read = 0, themes_edition = 0",
        "DELETE FROM response_facts
         WHERE fact IN (SELECT fact FROM facts WHERE facet GLOB 'theme*')",
        "DELETE FROM facts WHERE facet GLOB 'theme*'",
        "DELETE FROM survey_facts WHERE fact NOT IN (SELECT fact FROM facts)",
        "DELETE FROM daily_facets WHERE facet GLOB 'theme*'",
        "DELETE FROM settings WHERE name = 'themes_progress'",
    ] {
        sqlx::query(statement).execute(&mut file).await.unwrap();
    }
    assert_eq!(bench.disagreeing().await, [""; 0]);
    assert_eq!(bench.list("?theme=price").await["responses"], json!([]));
    let report = get(&bench, "/v1/report").await.json();
    assert_eq!(report["themes"], Value::Null, "no comment is read yet");

    bench.collector.find_themes().await.unwrap();
    let report = get(&bench, "/v1/report").await.json();
    assert_eq!(report["themes"]["complete"], true);
    assert_eq!(report["themes"]["named"][0]["answers"], 450);
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn a_rule_of_the_shop_names_a_theme_from_then_on_and_in_earlier_answers() {
    let bench = Bench::new().await;
    let sent = answered(&bench, 2, "Der Mindermengenzuschlag ist frech").await;
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!([]));
    for (form, problem) in [
        ("words=%20&theme=price", "Geben Sie ein Wort mit Buchstaben oder Ziffern ein."),
        ("words=mi*&theme=price", "Schreiben Sie neben einem * mindestens drei Buchstaben"),
    ] {
        let refused = post(&bench, "/settings/themes", form).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(problem), "{}", refused.text());
    }
    let added = post(&bench, "/settings/themes", "words=Mindermengen*&theme=price").await;
    assert_eq!(added.header("location"), "/settings/themes?done=rule");
    let report = get(&bench, "/v1/report").await.json();
    assert_eq!(report["themes"]["complete"], false);
    assert!(get(&bench, "/").await.text().contains("werden noch ermittelt"));

    // New answers get the theme at once, earlier ones in the background.
    let later = answered(&bench, 2, "Mindermengenzuschlag weg!").await;
    assert_eq!(bench.kept(&later["id"]).await["themes"], json!(["price"]));
    bench.collector.find_themes().await.unwrap();
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["price"]));
    assert_eq!(get(&bench, "/v1/report").await.json()["themes"]["complete"], true);

    let page = get(&bench, "/settings/themes").await;
    assert_nothing_inline(&page.page());
    assert_eq!(words_of(&page.page(), ".entries strong"), ["mindermengen*"]);
    let action =
        one(&page.page(), "[aria-labelledby=rules] form").attr("action").unwrap().to_owned();
    post(&bench, &action, "").await;
    bench.collector.find_themes().await.unwrap();
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!([]));
    assert_eq!(bench.disagreeing().await, [""; 0]);
}

#[tokio::test]
async fn a_persons_correction_overrides_every_later_finding() {
    let bench = Bench::new().await;
    let mut sent = answered(&bench, 3, "Um den Preis geht es mir nicht").await;
    let path = format!("/responses/{}", bench.collector.public_id(sent["id"].as_str().unwrap()));
    let page = get(&bench, &path).await.page();
    assert_nothing_inline(&page);
    assert_eq!(words_of(&page, "#themes .named li"), ["Preis"]);
    let ticked = all(&page, "#themes input[checked]");
    assert_eq!(ticked.iter().map(|it| it.attr("name")).collect::<Vec<_>>(), [Some("price")]);

    // The person removes the price, adds the delivery, and leaves the rest as the page showed it.
    let done = post(&bench, &format!("{path}/themes"), "shown=price&delivery_time=yes").await;
    assert_eq!(done.status, 303);
    let page = get(&bench, &path).await.page();
    assert_eq!(words_of(&page, "#themes .named li"), ["Lieferung"]);
    let by_hand = words_of(&page, "#themes .small");
    assert_eq!(by_hand, ["Von Hand berichtigt: Lieferung, nicht Preis"]);

    // A changed comment, a changed rule and a recount keep the correction.
    sent["revision"] = json!(2);
    sent["comment"] = json!("Der Preis und die Verpackung");
    assert_eq!(bench.post_json(&sent).await.status, 200);
    let expected = json!(["delivery_time", "packaging"]);
    assert_eq!(bench.kept(&sent["id"]).await["themes"], expected);
    post(&bench, "/settings/themes", "words=verpackung&theme=price").await;
    bench.collector.find_themes().await.unwrap();
    assert_eq!(bench.kept(&sent["id"]).await["themes"], expected);
    bench.count_anew().await;
    assert_eq!(bench.kept(&sent["id"]).await["themes"], expected);
    assert_eq!(bench.disagreeing().await, [""; 0]);
    let nobody = post(&bench, "/responses/0192f0c1-7a2b-7c3d-8e4f-00000000dead/themes", "").await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn the_report_shows_themes_and_their_effect_on_the_score() {
    let bench = Bench::new().await;
    // 40 comments about returns, half of them bad; 80 about the packaging, most of them good.
    let answers = (0..120_u8).map(|number| match (number % 3, number % 2) {
        (0, 0) => (1, "Die Retoure war mühsam"),
        (0, _) => (8, "Die Retoure war mühsam"),
        (_, _) if number % 4 == 1 => (7, "Schöne Verpackung"),
        _ => (10, "Schöne Verpackung"),
    });
    imported(&bench, answers).await;
    // Neither belongs to the base: a score without a comment, and a comment in a language without a lexicon.
    let silent = response_with(&[("comment", Value::Null), ("reasons", json!(["price"]))]);
    bench.post_json(&silent).await;
    let french = "La livraison est rapide et je suis vraiment content de mon achat";
    bench
        .post_json(&response_with(&[
            ("locale", json!("fr")),
            ("comment", json!(french)),
            ("reasons", json!([])),
        ]))
        .await;

    let report = get(&bench, "/v1/report").await.json();
    let themes = &report["themes"];
    assert_eq!(themes["base"]["answers"], 120);
    let named = themes["named"].as_array().unwrap();
    let ids: Vec<&str> = named.iter().map(|it| it["theme"].as_str().unwrap()).collect();
    assert_eq!(ids, ["packaging", "returns_refund"], "reasons alone are in no share");
    let returns = &named[1];
    assert_eq!((&returns["answers"], &returns["detractors"]), (&json!(40), &json!(20)));
    assert!((returns["share"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    // The impact is computed once more, from the answers themselves.
    let mut file = file(&bench).await;
    let whole: f64 = sqlx::query_scalar(
        "SELECT 100.0 * (sum(score >= 9) - sum(score <= 6)) / count(*) FROM responses
         WHERE comment LIKE '%Retoure%' OR comment LIKE '%Verpackung%'",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    let rest: f64 = sqlx::query_scalar(
        "SELECT 100.0 * (sum(score >= 9) - sum(score <= 6)) / count(*) FROM responses
         WHERE comment LIKE '%Verpackung%'",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    assert!((themes["base"]["nps"].as_f64().unwrap() - whole).abs() < 1e-9);
    let impact = &returns["impact"];
    assert!((impact["points"].as_f64().unwrap() - (whole - rest)).abs() < 1e-9, "{impact}");
    assert!(impact["interval"]["high"].as_f64().unwrap() < 0.0, "{impact}");
    assert!(!returns["difference"].is_null() && returns["rising"] == false);
    let comments = report["theme_comments"].as_array().unwrap();
    assert_eq!(comments[1]["theme"], "returns_refund");
    assert_eq!(comments[1]["comments"][0]["comment"], "Die Retoure war mühsam");
    assert_eq!(comments[1]["comments"].as_array().unwrap().len(), 2);

    let page = get(&bench, "/").await.page();
    assert_nothing_inline(&page);
    assert_eq!(words(one(&page, "#themes")), "Was gesagt wird");
    let rows: Vec<Option<&str>> =
        all(&page, "tr[data-kind=theme]").iter().map(|row| row.attr("data-value")).collect();
    assert_eq!(rows, [Some("packaging"), Some("returns_refund")]);
    let share = words(one(&page, "tr[data-value=returns_refund] .share"));
    assert!(share.contains("33,3") && share.contains("40 Antworten"), "{share}");
    let links = all(&page, ".examples a[href^='/responses?']");
    let list = links[1].attr("href").unwrap();
    assert!(list.contains("theme=returns_refund") && list.contains("from="), "{list}");
    get(&bench, list).await;
}

#[tokio::test]
async fn the_shop_names_its_themes_adds_its_own_and_switches_off_others() {
    let bench = Bench::new().await;
    let sent = answered(&bench, 4, "Der Zauberstab ging nicht, der Preis war hoch").await;
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["price"]));

    // Named: the same theme under another name.
    let named = post(&bench, "/settings/themes/of/price", "name=Was+es+kostet&wanted=yes").await;
    assert_eq!(named.header("location"), "/settings/themes?done=themed");
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["price"]));
    let page = get(&bench, "/responses").await.page();
    assert_eq!(words(one(&page, "select[name=theme] option[value=price]")), "Was es kostet");

    // Added: with its own words, found in earlier answers, too.
    for (form, problem) in [
        ("name=&words=zauberstab", "Geben Sie einen Namen mit 1 bis 60 Zeichen ein."),
        ("name=Gutscheine&words=%20", "Geben Sie ein Wort mit Buchstaben oder Ziffern ein."),
        ("name=was+es+kostet&words=zauberstab", "Ein anderes Thema heißt schon so."),
    ] {
        let refused = post(&bench, "/settings/themes/own", form).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(problem), "{form}: {}", refused.text());
    }
    let added = post(&bench, "/settings/themes/own", "name=Gutscheine&words=zauberstab*").await;
    assert_eq!(added.header("location"), "/settings/themes?done=theme");
    bench.collector.find_themes().await.unwrap();
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["price", "own_1"]));
    let list = get(&bench, "/responses?theme=own_1").await.page();
    assert_eq!(words(one(&list, "select[name=theme] option[selected]")), "Gutscheine");
    let report = get(&bench, "/v1/report").await.json();
    let ids: Vec<&Value> =
        report["themes"]["named"].as_array().unwrap().iter().map(|it| &it["theme"]).collect();
    assert_eq!(ids, ["price", "own_1"]);
    let settings = get(&bench, "/settings/themes").await.page();
    assert_nothing_inline(&settings);
    assert!(words(one(&settings, "[aria-labelledby=themes]")).contains("Gutscheine eigenes"));

    // Switched off: not found, shown nowhere, and a correction waits until it is on again.
    let path = format!("/responses/{}", bench.collector.public_id(sent["id"].as_str().unwrap()));
    let corrected = post(&bench, &format!("{path}/themes"), "shown=price+own_1&own_1=yes").await;
    assert_eq!(corrected.status, 303);
    post(&bench, "/settings/themes/of/own_1", "name=Gutscheine").await;
    bench.collector.find_themes().await.unwrap();
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!([]));
    let page = get(&bench, &path).await.page();
    assert!(all(&page, "#themes input[name=own_1]").is_empty());
    assert_eq!(bench.disagreeing().await, [""; 0]);
    post(&bench, "/settings/themes/of/own_1", "name=Gutscheine&wanted=yes").await;
    bench.collector.find_themes().await.unwrap();
    assert_eq!(
        bench.kept(&sent["id"]).await["themes"],
        json!(["own_1"]),
        "still not about the price"
    );
    bench.count_anew().await;
    assert_eq!(bench.kept(&sent["id"]).await["themes"], json!(["own_1"]));
    assert_eq!(bench.disagreeing().await, [""; 0]);

    for unknown in ["own_2", "weather"] {
        let path = format!("/settings/themes/of/{unknown}");
        assert_eq!(post(&bench, &path, "name=x&wanted=yes").await.status, 404, "{unknown}");
    }
}

#[tokio::test]
async fn a_themes_share_is_told_over_time_and_its_line_breaks_with_its_rules() {
    let bench = Bench::new().await;
    let mut lines = String::new();
    for day in 1..=20 {
        for number in 0..10 {
            let comment = if number < day / 5 { "Der Preis war hoch" } else { "Alles bestens" };
            let at = format!("2026-11-{day:02}T10:00:00.000Z");
            let line = response_with(&[
                ("comment", json!(comment)),
                ("reasons", json!([])),
                ("received_at", json!(at)),
                ("updated_at", json!(at)),
            ]);
            lines += &format!("{line}\n");
        }
    }
    bench.import(lines).await;

    let query = "/v1/report?from=2026-11-01&to=2026-11-20&step=day";
    let trend = |report: &Value| report["themes"]["named"][0]["trend"].as_array().unwrap().clone();
    let points = trend(&get(&bench, query).await.json());
    assert_eq!(points.len(), 20);
    let of = |point: &Value| {
        (
            point["from"].clone(),
            point["answers"].clone(),
            point["base"].clone(),
            point["joined"].clone(),
        )
    };
    assert_eq!(of(&points[0]), (json!("2026-11-01"), json!(0), json!(10), json!(false)));
    assert_eq!(of(&points[19]), (json!("2026-11-20"), json!(4), json!(10), json!(true)));
    assert!(points[1..].iter().all(|point| point["joined"] == true));

    // As if the shop had changed its rule on the tenth.
    let mut file = file(&bench).await;
    sqlx::query("INSERT INTO theme_changes VALUES ('price', 1794268800000)")
        .execute(&mut file)
        .await
        .unwrap();
    let points = trend(&get(&bench, query).await.json());
    let broken: Vec<&Value> = points[1..]
        .iter()
        .filter(|point| point["joined"] == false)
        .map(|point| &point["from"])
        .collect();
    assert_eq!(broken, [&json!("2026-11-10")]);

    let page = get(&bench, "/?from=2026-11-01&to=2026-11-20").await.page();
    let line = one(&page, "tr[data-value=price] svg.spark");
    assert_eq!(
        line.attr("aria-label"),
        Some("Preis im Verlauf: von 0,0\u{a0}% auf 40,0\u{a0}% der Antworten")
    );
}

/// Imports 60 answers on that day, of which so many, by so many customers, have that comment.
async fn imported_on(bench: &Bench, day: &str, with: usize, customers: usize, comment: &str) {
    let mut lines = String::new();
    for number in 0..60 {
        let at = format!("{day}T10:00:00.000Z");
        let line = response_with(&[
            ("comment", json!(if number < with { comment } else { "Alles bestens" })),
            ("customer.id", json!(format!("C-{}", number % customers))),
            ("reasons", json!([])),
            ("received_at", json!(at)),
            ("updated_at", json!(at)),
        ]);
        lines += &format!("{line}\n");
    }
    bench.import(lines).await;
}

#[tokio::test]
async fn phrases_that_five_customers_write_of_late_are_told_and_names_are_not() {
    let query = "/v1/report?from=2026-11-11&to=2026-11-20";
    for (customers, expected) in [(60, json!(["roter blitz kam"])), (4, json!([]))] {
        let bench = Bench::new().await;
        imported_on(&bench, "2026-11-01", 1, 60, "Der Rote Blitz").await;
        imported_on(&bench, "2026-11-12", 20, customers, "Roter Blitz kam nicht").await;
        let themes = get(&bench, query).await.json()["themes"].clone();
        assert_eq!((&themes["compared"], &themes["phrases_of"]), (&json!(true), &json!(120)));
        let phrases: Value =
            themes["phrases"].as_array().unwrap().iter().map(|it| it["phrase"].clone()).collect();
        assert_eq!(phrases, expected, "{customers} customers");

        let page = get(&bench, "/?from=2026-11-11&to=2026-11-20").await.page();
        assert_nothing_inline(&page);
        assert_eq!(all(&page, "[data-figure=phrase]").len(), expected.as_array().unwrap().len());
        if customers > 4 {
            let link = one(&page, "[data-figure=phrase] a").attr("href").unwrap().to_owned();
            let list = get(&bench, &link).await.page();
            assert_eq!(all(&list, "article").len(), 20);
        }
        // Without a whole period before there is nothing to compare with.
        let themes =
            get(&bench, "/v1/report?from=2026-10-01&to=2026-11-20").await.json()["themes"].clone();
        assert_eq!((&themes["compared"], &themes["phrases"]), (&json!(false), &json!([])));
    }
}
