//! `GET /v1/responses`: access, filters, order and pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    bench::{Bench, LOGIN, TOKEN, response, response_with},
    markup::{all, one, words},
};

fn ids(list: &Value) -> Vec<String> {
    let responses = list["responses"].as_array().unwrap();
    responses.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn only_the_token_opens_it() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    // `user:the token of this test`: the token is not accepted as a password.
    let basic = "Basic dXNlcjp0aGUgdG9rZW4gb2YgdGhpcyB0ZXN0";
    for wrong in ["", "Bearer", "Bearer ", "Bearer wrong", "Token x", TOKEN, basic] {
        let answer = bench.get("/v1/responses", &[("authorization", wrong)]).await;
        answer.problem(401, "unauthorized");
        assert!(answer.header("www-authenticate").starts_with("Bearer realm="), "{wrong}");
        assert!(!answer.text().contains("post-purchase"));
    }
    let answer = bench.get("/v1/responses", &[]).await;
    answer.problem(401, "unauthorized");
    let wrong = bench.get("/v1/responses", &[("authorization", "Bearer wrong")]).await;
    assert!(wrong.header("www-authenticate").contains("invalid_token"));

    for right in [format!("Bearer {TOKEN}"), format!("bearer {TOKEN}")] {
        let answer = bench.get("/v1/responses", &[("authorization", &right)]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn nothing_yet_is_an_empty_page() {
    assert_eq!(Bench::new().await.list("").await, json!({ "responses": [], "next": null }));
}

#[tokio::test]
async fn pages_join_without_gaps_or_repeats_while_answers_arrive() {
    let bench = Bench::new().await;
    let mut before = Vec::new();
    for _ in 0..23 {
        let mut sent = response();
        bench.post_json(&sent).await;
        sent["revision"] = json!(2);
        before.push(sent);
    }
    let expected: BTreeSet<String> =
        before.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();

    let mut seen = Vec::new();
    let mut query = "?limit=4".to_owned();
    loop {
        let page = bench.list(&query).await;
        seen.extend(ids(&page));
        // Between two pages, a new answer arrives and an old one gets a comment.
        bench.post_json(&response()).await;
        if let Some(completed) = before.pop() {
            bench.post_json(&completed).await;
        }
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=4&after={next}"),
            None => break,
        }
    }
    let distinct: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(distinct.len(), seen.len(), "no response comes twice");
    assert!(expected.is_subset(&distinct), "none is left out");
}

#[tokio::test]
async fn newest_come_first_and_a_full_last_page_has_no_next() {
    let bench = Bench::new().await;
    for _ in 0..4 {
        bench.post_json(&response()).await;
    }
    let all = bench.list("").await;
    let times: Vec<&str> = all["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["received_at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|earlier, later| earlier >= later), "{times:?}");

    let first = bench.list("?limit=2").await;
    let second = bench.list(&format!("?limit=2&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn filters_narrow_the_list_and_its_pages() {
    let bench = Bench::new().await;
    for score in 0..=10 {
        for (survey, touchpoint) in [("a", "order"), ("b", "delivery")] {
            let sent = response_with(&[
                ("score", json!(score)),
                ("survey", json!(survey)),
                ("touchpoint", json!(touchpoint)),
            ]);
            bench.post_json(&sent).await;
        }
    }
    for (query, count) in [
        ("?survey=a", 11),
        ("?survey=A", 0),
        ("?touchpoint=delivery", 11),
        ("?touchpoint=support", 0),
        ("?segment=detractor", 14),
        ("?segment=passive", 4),
        ("?segment=promoter", 4),
        ("?survey=a&touchpoint=order&segment=promoter", 2),
        ("?survey=a&touchpoint=delivery", 0),
    ] {
        assert_eq!(ids(&bench.list(query).await).len(), count, "{query}");
    }
    let first = bench.list("?segment=promoter&limit=3").await;
    let next = first["next"].as_str().unwrap();
    let second = bench.list(&format!("?segment=promoter&limit=3&after={next}")).await;
    assert_eq!((ids(&first).len(), ids(&second).len()), (3, 1));
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let bench = Bench::new().await;
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("after=nonsense", "after"),
        ("after=MS4y", "after"),
        ("survey=a%20b", "survey"),
        ("survey=", "survey"),
        ("touchpoint=Order", "touchpoint"),
        ("segment=promoters", "segment"),
        ("segment=passive&segment=promoter", "segment"),
        ("page=2", "page"),
        ("limit=5&%27%20OR%201=1", "' OR 1"),
    ] {
        let path = format!("/v1/responses?{query}");
        let answer = bench.get(&path, &[LOGIN]).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{query}");
        assert_eq!(problem["errors"][0]["field"], parameter, "{query}");
    }
}

/// The comments that a search finds, in order.
async fn found(bench: &Bench, words: &str) -> Vec<String> {
    let query: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let list = bench.list(&format!("?q={query}")).await;
    let responses = list["responses"].as_array().unwrap();
    let mut comments: Vec<String> =
        responses.iter().map(|it| it["comment"].as_str().unwrap().to_owned()).collect();
    comments.sort();
    comments
}

#[tokio::test]
async fn comments_are_found_by_their_words_however_they_are_written() {
    let bench = Bench::new().await;
    for comment in [
        "Die Lieferung war schön schnell.",
        "Lieferte nie. Große Enttäuschung!",
        "Schoene Verpackung, aber zu groß",
        "Never again: the parcel was late",
    ] {
        bench.post_json(&response_with(&[("comment", json!(comment))])).await;
    }
    bench.post_json(&response_with(&[("comment", Value::Null)])).await;
    let [schnell, nie, schoen, late] = [
        "Die Lieferung war schön schnell.",
        "Lieferte nie. Große Enttäuschung!",
        "Schoene Verpackung, aber zu groß",
        "Never again: the parcel was late",
    ];
    for (words, expected) in [
        ("liefer", &[schnell, nie][..]),
        ("SCHÖN", &[schnell, schoen]),
        ("schoen", &[schnell, schoen]),
        ("schon", &[schnell]),
        ("gross", &[nie, schoen]),
        ("groß", &[nie, schoen]),
        ("enttauschung", &[nie]),
        ("Enttaeuschung", &[nie]),
        ("parcel late", &[late]),
        ("\"late parcel\"", &[]),
        ("\"parcel was late\"", &[late]),
        ("parcel OR liefer", &[]),
        ("never\"", &[late]),
        ("-late", &[late]),
        ("comment:late", &[]),
    ] {
        assert_eq!(found(&bench, words).await, expected, "{words}");
    }
}

#[tokio::test]
async fn a_changed_comment_is_found_by_its_new_words_only() {
    let bench = Bench::new().await;
    let sent = response_with(&[("comment", json!("Anfangs gut"))]);
    bench.post_json(&sent).await;
    let mut changed = sent.clone();
    changed["comment"] = json!("Doch schlecht");
    changed["revision"] = json!(2);
    bench.post_json(&changed).await;
    assert_eq!(found(&bench, "anfangs").await, [""; 0]);
    assert_eq!(found(&bench, "schlecht").await, ["Doch schlecht"]);
}

#[tokio::test]
async fn a_period_and_a_property_narrow_the_list() {
    let bench = Bench::new().await;
    for (country, coupon, tags) in
        [("DE", "WELCOME", json!(["a", "b"])), ("AT", "NONE", json!(["b"]))]
    {
        bench
            .post_json(&response_with(&[
                ("order.country", json!(country)),
                ("order.products", json!([format!("of {country}"), "both"])),
                ("properties.coupon", json!(coupon)),
                ("tags", tags),
            ]))
            .await;
    }
    let today = jiff::Timestamp::now();
    let yesterday = (today - jiff::SignedDuration::from_hours(24)).strftime("%Y-%m-%d");
    let tomorrow = (today + jiff::SignedDuration::from_hours(24)).strftime("%Y-%m-%d");
    for (query, count) in [
        ("country=AT".to_owned(), 1),
        ("product=both".to_owned(), 2),
        ("product=of+DE".to_owned(), 1),
        ("tag=b".to_owned(), 2),
        ("tag=a".to_owned(), 1),
        ("prop-coupon=WELCOME".to_owned(), 1),
        ("prop-other=WELCOME".to_owned(), 0),
        ("reason=delivery".to_owned(), 2),
        ("customer=returning".to_owned(), 2),
        ("language=de".to_owned(), 2),
        ("language=en".to_owned(), 0),
        (format!("from={yesterday}"), 2),
        (format!("to={yesterday}"), 0),
        (format!("from={yesterday}&to={tomorrow}"), 2),
        ("from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z".to_owned(), 2),
        ("from=2100-01-01T00:00:00Z".to_owned(), 0),
    ] {
        assert_eq!(ids(&bench.list(&format!("?{query}")).await).len(), count, "{query}");
    }
    for (query, field) in [
        ("q=%21", "q"),
        ("from=yesterday", "from"),
        ("country=DE&tag=a", "tag"),
        ("colour=red", "colour"),
    ] {
        let path = format!("/v1/responses?{query}");
        let answer = bench.get(&path, &[LOGIN]).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

#[tokio::test]
async fn a_comment_has_its_themes_and_one_in_another_language_has_none_known() {
    let bench = Bench::new().await;
    for (comment, locale, expected) in [
        (
            "Schneller Versand, aber die Tasse war zerbrochen",
            "de",
            json!(["delivery_time", "delivery_damage"]),
        ),
        ("Great!", "en", json!([])),
        ("Livraison rapide, merci", "fr", Value::Null),
    ] {
        let mut answer = response();
        answer["comment"] = comment.into();
        answer["locale"] = locale.into();
        answer["reasons"] = json!([]);
        bench.post_json(&answer).await;
        assert_eq!(bench.kept(&answer["id"]).await["themes"], expected, "{comment}");
    }
    let page = bench.get("/responses", &[LOGIN, ("accept-language", "de")]).await.text();
    assert!(page.contains("Lieferung, Beschädigt oder falsch"), "{page}");
}

#[tokio::test]
async fn while_the_search_index_is_being_built_the_search_and_the_figures_say_how_far() {
    use sqlx::{Connection as _, SqliteConnection};

    let bench = Bench::new().await;
    let figure = async || {
        let text = bench.get("/metrics", &[LOGIN]).await.text();
        let line = text.lines().find(|it| it.starts_with("afterword_search_index_ratio "));
        line.unwrap().rsplit(' ').next().unwrap().to_owned()
    };
    for _ in 0..4 {
        bench.post_json(&response_with(&[("comment", json!("Die Lieferung kam"))])).await;
    }
    let paths = ["/responses?q=lieferung", "/inbox?q=lieferung", "/inbox?q=nirgends"];
    for path in paths {
        let page = bench.get(path, &[LOGIN]).await.page();
        assert!(all(&page, ".indexing").is_empty(), "{path}");
    }
    assert_eq!(figure().await, "1.0");

    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    sqlx::query("UPDATE settings SET value = value || ' from 3' WHERE name = 'search_format'")
        .execute(&mut file)
        .await
        .unwrap();
    file.close().await.unwrap();
    for path in paths {
        for (language, expected) in [
            ("en", "The search index is being built anew, 50\u{a0}% are done."),
            ("de", "Der Suchindex wird gerade neu aufgebaut, 50\u{a0}% sind fertig."),
        ] {
            let page = bench.get(path, &[LOGIN, ("accept-language", language)]).await.page();
            let said = one(&page, ".indexing").text().collect::<String>();
            assert!(said.starts_with(expected), "{path}: {said}");
        }
    }
    for path in ["/responses", "/inbox"] {
        let page = bench.get(path, &[LOGIN]).await.page();
        assert!(all(&page, ".indexing").is_empty(), "{path} searches for nothing");
    }
    assert_eq!(figure().await, "0.5");
    let health = bench.get("/settings/health", &[LOGIN, ("accept-language", "de")]).await.page();
    let said = words(one(&health, "main"));
    assert!(said.contains("Der Suchindex wird im laufenden Betrieb neu aufgebaut, 50 %"), "{said}");
}

/// A page never waits until thousands of answers are counted: its script asks for the number.
#[tokio::test]
async fn of_many_answers_a_page_says_how_many_there_are_at_least_and_its_script_asks_for_the_rest()
{
    let bench = Bench::new().await;
    crate::bench::seeded(&bench, 9_500).await;
    let german = [LOGIN, ("accept-language", "de")];
    let number = |text: &str| -> u64 {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| panic!("no number in {text}"))
    };
    for query in
        ["/responses?segment=promoter", "/responses?segment=promoter&show=all", "/inbox?state=all"]
    {
        let page = bench.get(query, &german).await.page();
        let line = one(&page, ".hits");
        let at_least = words(line);
        assert!(at_least.starts_with("Mehr als "), "{query}: {at_least}");
        let asked = line.attr("data-hits").unwrap();
        let whole = bench.get(asked, &german).await;
        assert_eq!(
            (whole.status.as_u16(), whole.header("cache-control")),
            (200, "no-store"),
            "{asked}"
        );
        let whole = whole.text();
        assert!(!whole.starts_with("Mehr"), "{asked}: {whole}");
        assert!(number(&at_least) < number(&whole), "{query}: {at_least}, and then {whole}");
    }
    // Few are counted at once.
    let few = bench.get("/responses?country=IT&show=all", &german).await.page();
    let line = one(&few, ".hits");
    assert!(
        line.attr("data-hits").is_none() && !words(line).starts_with("Mehr"),
        "{}",
        words(line)
    );
}
