//! Finds an answer by its words, its order and its customer; its own page; and the page with everything that is stored
//! about an order or a customer.

use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, response_with},
    markup::{all, assert_nothing_inline, described, one, words, words_of},
};

async fn german(bench: &Bench, path: &str) -> Answer {
    let answer = bench.get(path, &[LOGIN, ("accept-language", "de")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

/// Two answers of one order, another one of the same customer, and one of another customer.
async fn shop() -> (Bench, Vec<Value>) {
    let bench = Bench::new().await;
    let mut sent = Vec::new();
    for (touchpoint, order, customer, comment) in [
        ("order", "LS-20418", "C-7", json!("Schöne Verpackungen!")),
        ("delivery", "LS-20418", "C-7", Value::Null),
        ("support", "LS-99", "C-7", json!("Netter Service")),
        ("order", "LS-1", "C-1", json!("Verpackung kaputt")),
    ] {
        let response = response_with(&[
            ("touchpoint", json!(touchpoint)),
            ("order.id", json!(order)),
            ("customer.id", json!(customer)),
            ("comment", comment),
        ]);
        bench.post_json(&response).await;
        sent.push(response);
    }
    (bench, sent)
}

fn id(response: &Value) -> &str {
    response["id"].as_str().unwrap()
}

#[tokio::test]
async fn one_search_finds_orders_customers_and_words() {
    let (bench, sent) = shop().await;
    for (query, title, lines) in [
        ("LS-20418", "Bestellung LS-20418", 2),
        ("ls-20418", "Bestellung LS-20418", 2),
        ("%20C-7%20", "Kundennummer C-7", 3),
    ] {
        let page = german(&bench, &format!("/responses?q={query}")).await.page();
        assert_eq!(words(one(&page, "#numbered")), title);
        let found = all(&page, ".numbered .to-answer");
        assert_eq!(found.len(), lines, "{query}");
        let last = format!("/responses/{}", bench.collector.public_id(id(&sent[0])));
        assert_eq!(found[lines - 1].attr("href"), Some(last.as_str()));
    }
    // Too short for a word, and not a number.
    let short = bench.get("/responses?q=x-9", &[LOGIN, ("accept-language", "de")]).await;
    assert_eq!(short.status, 400, "{}", short.text());
    let page = german(&bench, "/responses?q=verpackung").await.page();
    assert!(all(&page, ".numbered").is_empty());
    assert_eq!(words(one(&page, ".hits")), "2 Antworten mit Kommentar");
    assert_eq!(words_of(&page, "article mark"), ["Verpackung", "Verpackungen"]);
    let page = german(&bench, "/responses?q=nirgends").await.page();
    assert!(words(one(&page, "main")).contains("Keine Antwort passt zur Auswahl."));
}

#[tokio::test]
async fn the_list_shows_comments_and_on_request_scores_alone() {
    let (bench, _) = shop().await;
    let page = german(&bench, "/responses").await.page();
    assert_eq!(all(&page, "article").len(), 3);
    assert_eq!(words(one(&page, ".hits")), "3 Antworten mit Kommentar");
    one(&page, "select[name=show] option[value=''][selected]");
    let about = words_of(&page, "article .about");
    let expected = "Bestellung · LS-1 · SKU 1, SKU 2 · Stammkundschaft";
    assert!(about[0].starts_with(expected), "{about:?}");
    let page = german(&bench, "/responses?show=all&limit=2").await.page();
    assert_eq!(words(one(&page, ".hits")), "4 Antworten");
    let next = one(&page, "[rel=next]").attr("href").unwrap();
    assert!(next.contains("show=all"), "{next}");
    // If no answer has a comment, the list shows the scores.
    let page = german(&bench, "/responses?touchpoint=delivery").await.page();
    assert_eq!(all(&page, "article").len(), 1);
}

#[tokio::test]
async fn an_answer_has_a_page_with_its_facts_and_the_others_of_its_order_and_customer() {
    let (bench, sent) = shop().await;
    let shown = bench.collector.public_id(id(&sent[0]));
    let answer = german(&bench, &format!("/responses/{shown}")).await;
    let page = answer.page();
    assert_nothing_inline(&page);
    assert_eq!(words(one(&page, "h1")), "Bestellung · LS-20418");
    assert_eq!(words(one(&page, "blockquote")), "Schöne Verpackungen!");
    for (name, value) in [
        ("Bestellwert", "129,90 EUR"),
        ("Land", "Deutschland"),
        ("Sprache", "Deutsch"),
        ("Kundschaft", "Wiederkehrend"),
        ("Produkte", "SKU 1, SKU 2"),
        ("Gründe", "Lieferung, Preis"),
        ("Gutschein", "WELCOME"),
    ] {
        assert_eq!(described(&page, name), value);
    }
    let others: Vec<&str> =
        all(&page, ".answers-of a").into_iter().filter_map(|line| line.attr("href")).collect();
    let expected = [&sent[1], &sent[2]]
        .map(|other| format!("/responses/{}", bench.collector.public_id(id(other))));
    assert_eq!(others, expected);
    one(&page, "button[data-copy=address]");
    let nowhere = bench.get("/responses/0192f0c1-7a2b-7c3d-8e4f-000000000000", &[LOGIN]).await;
    assert_eq!(nowhere.status, 404);

    // The answer is erased from this page: first comes the confirmation, then the erasure.
    let admin = bench.admin().await;
    let body = format!("by=response&value={shown}");
    let asked = bench.own_form("/data/erase", &admin, &body).await.text();
    assert!(asked.contains("Erase these answers for good?"), "{asked}");
    bench.own_form("/data/erase", &admin, &format!("{body}&do=erase")).await;
    let gone = bench.get(&format!("/responses/{}", id(&sent[0])), &[LOGIN]).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn everything_about_an_order_or_a_customer_is_a_page_and_files() {
    let (bench, sent) = shop().await;
    let page = german(&bench, "/responses/of/customer?number=C-7").await.page();
    assert_eq!(words(one(&page, "h1")), "Auskunft zu Kundennummer C-7");
    let text = words(one(&page, "main"));
    for answer in &sent[..3] {
        assert!(text.contains(&bench.collector.public_id(id(answer))), "{text}");
    }
    assert!(!text.contains(&bench.collector.public_id(id(&sent[3]))), "somebody else's");
    let file = german(&bench, "/responses/of/customer/file?number=C-7&format=json").await;
    assert!(file.header("content-disposition").contains("afterword-kunde.json"));
    assert_eq!(file.json().as_array().unwrap().len(), 3);
    assert_eq!(file.json()[2]["comment"], "Schöne Verpackungen!");
    let file = german(&bench, "/responses/of/order/file?number=LS-20418&format=csv").await.text();
    assert_eq!(file.lines().count(), 3, "{file}");
    assert!(file.contains("properties.coupon"), "{file}");
    let none = german(&bench, "/responses/of/order?number=none").await.text();
    assert!(none.contains("Unter dieser Nummer ist nichts gespeichert."));

    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "reader", "reader").await;
    let refused = bench.get("/responses/of/order?number=LS-1", &[("cookie", &reader)]).await;
    assert_eq!(refused.status, 403);
    let page = format!("/responses/{}", id(&sent[0]));
    let page = bench.get(&page, &[("cookie", &reader)]).await.page();
    assert!(all(&page, "form[action='/data/erase'], a[href^='/responses/of']").is_empty());
}

/// An answer that was scored, corrected, and then commented on, in so many revisions; its question was reported as
/// shown.
async fn corrected(bench: &Bench, corrections: u32) -> Value {
    let mut sent = response_with(&[("order.id", json!("LS-5")), ("comment", Value::Null)]);
    let shown = json!({
        "version": 1, "id": sent["id"], "display": "shown", "survey": "post-purchase", "touchpoint": "order",
        "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/thank-you", "locale": "de",
    });
    bench.post_json(&shown).await;
    for revision in 1..=corrections {
        sent["revision"] = json!(revision);
        sent["score"] = json!(if revision == 1 { 10 } else { revision % 2 });
        sent["complete"] = json!(false);
        bench.post_json(&sent).await;
    }
    // Two presses of Send: first without a comment, then with one.
    for (revision, comment) in
        [(corrections + 1, Value::Null), (corrections + 2, json!("Doch nicht so gut."))]
    {
        sent["revision"] = json!(revision);
        sent["complete"] = json!(true);
        if !comment.is_null() {
            sent["comment"] = comment;
        }
        let answer = bench.post_json(&sent).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    sent
}

#[tokio::test]
async fn the_page_of_an_answer_shows_its_earlier_revisions() {
    let bench = Bench::new().await;
    let sent = corrected(&bench, 2).await;
    let page = german(&bench, &format!("/responses/{}", id(&sent))).await.page();
    assert_eq!(words_of(&page, ".history .mark"), ["10", "0", "0"]);
    assert_eq!(
        words_of(&page, ".history .text > :first-child"),
        ["ohne Kommentar", "ohne Kommentar", "Doch nicht so gut."]
    );
    assert!(described(&page, "Frage gezeigt").starts_with("21.11.2026"));
    // An answer with one revision has no history.
    let once = response_with(&[]);
    bench.post_json(&once).await;
    let page = german(&bench, &format!("/responses/{}", id(&once))).await.page();
    assert!(all(&page, ".history").is_empty());
}

#[tokio::test]
async fn access_contains_earlier_revisions_and_displays() {
    let bench = Bench::new().await;
    corrected(&bench, 2).await;
    let text = german(&bench, "/responses/of/order?number=LS-5").await.page();
    assert_eq!(words_of(&text, ".history .mark"), ["10", "0", "0"]);
    assert!(described(&text, "Frage gezeigt").starts_with("21.11.2026"));
    let file = german(&bench, "/responses/of/order/file?number=LS-5&format=json").await.json();
    let scores: Vec<_> =
        file[0]["earlier"].as_array().unwrap().iter().map(|it| &it["score"]).collect();
    assert_eq!(scores, [0, 0, 10]);
    assert_eq!(file[0]["display"]["shown_at"], "2026-11-21T17:00:00.000Z");
    let file = german(&bench, "/responses/of/order/file?number=LS-5&format=csv").await.text();
    assert_eq!(file.lines().count(), 1 + 4, "{file}");
}

#[tokio::test]
async fn a_long_history_keeps_its_first_and_its_latest_revisions_as_they_were() {
    let bench = Bench::new().await;
    let sent = corrected(&bench, 31).await;
    let file = german(&bench, "/responses/of/order/file?number=LS-5&format=json").await.json();
    let earlier = file[0]["earlier"].as_array().unwrap();
    assert_eq!(earlier.len(), 20);
    let first = &earlier[19];
    assert_eq!(
        (&first["revision"], &first["score"], &first["complete"]),
        (&json!(1), &json!(10), &json!(false))
    );
    assert!(first.get("comment").is_none(), "{first}");
    assert_eq!(file[0]["comment"], sent["comment"]);
    for revision in &earlier[2..19] {
        assert_eq!(revision["score"].as_u64().unwrap(), revision["revision"].as_u64().unwrap() % 2);
    }
}
