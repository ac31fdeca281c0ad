//! Quotes: chosen by a member, allowed by the customer, and gone with the words or the permission.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, response_with},
    markup::{all, assert_nothing_inline, one, words, words_of},
    surveys::page,
};

const COMMENT: &str = "Alles gut verpackt, aber spät. Der Kern war nett!";

/// Sends an answer with that comment that may be quoted.
async fn answered(bench: &Bench, changes: &[(&str, Value)]) -> Value {
    let mut all = vec![
        ("comment", json!(COMMENT)),
        ("quotable", json!(true)),
        ("quote_name", json!("Kim")),
        ("score", json!(9)),
    ];
    all.extend(changes.iter().cloned());
    let sent = response_with(&all);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    sent
}

/// As many answers as are needed beside quotes, with one more.
async fn with_enough(bench: &Bench) -> Value {
    for score in 0..30 {
        let silent = [("comment", Value::Null), ("score", json!(score % 11))];
        bench.post_json(&response_with(&silent)).await;
    }
    answered(bench, &[]).await
}

/// The path of an answer's page.
fn path_of(bench: &Bench, sent: &Value) -> String {
    format!("/responses/{}", bench.collector.public_id(sent["id"].as_str().unwrap()))
}

/// Quotes a revision of an answer; returns where that leads.
async fn quote(bench: &Bench, member: &str, sent: &Value, typed: &str) -> String {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("revision", &sent["revision"].to_string())
        .append_pair("words", typed)
        .finish();
    let answer = bench.own_form(&format!("{}/quote", path_of(bench, sent)), member, &form).await;
    answer.header("location").rsplit('=').next().unwrap().to_owned()
}

/// What the shop's pages read, as anybody.
async fn shown(bench: &Bench, query: &str) -> Answer {
    let answer = bench.get(&format!("/v1/quotes{query}"), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

async fn texts(bench: &Bench) -> Vec<String> {
    let quotes = shown(bench, "").await.json()["quotes"].clone();
    quotes.as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_quote_is_shown_with_all_answers_and_leads_to_nobody() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let sent = with_enough(&bench).await;
    assert_eq!(texts(&bench).await, [""; 0], "nothing is shown that nobody chose");
    assert_eq!(quote(&bench, &admin, &sent, "Alles gut verpackt […]").await, "quoted");

    let answer = shown(&bench, "").await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let told = answer.json();
    let quoted = &told["quotes"][0];
    assert_eq!(
        (&quoted["text"], &quoted["name"]),
        (&json!("Alles gut verpackt […]"), &json!("Kim"))
    );
    assert_eq!(quoted["date"].as_str().unwrap().len(), 10);
    let text = answer.text();
    let public = bench.collector.public_id(sent["id"].as_str().unwrap());
    for personal in [sent["id"].as_str().unwrap(), &public, "kim@example.org", "C-7", "A-", "erif"]
    {
        assert!(!text.contains(personal), "{personal} is in {text}");
    }
    assert_eq!(told["answers"]["count"], 31);
    let distribution = told["answers"]["distribution"].as_array().unwrap();
    assert_eq!(distribution.iter().map(|it| it.as_u64().unwrap()).sum::<u64>(), 31);
    assert!(told["answers"]["from"].is_string() && told["answers"]["to"].is_string());
    assert_eq!(
        told["notice"]["de"],
        "Diese Stimmen stammen aus unserer eigenen Umfrage und wurden von uns ausgewählt. Wir prüfen nicht, ob sie \
         von Personen stammen, die bei uns gekauft haben."
    );
    let of_another = shown(&bench, "?survey=other").await.json();
    assert_eq!((&of_another["quotes"], &of_another["answers"]), (&json!([]), &Value::Null));
    assert_eq!(shown(&bench, "?survey=post-purchase").await.json(), told);
    bench.get("/v1/quotes?x=1", &[]).await.problem(400, "invalid-parameter");

    // What has not changed is not sent again.
    let tag = answer.header("etag").to_owned();
    let again = bench.get("/v1/quotes", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.text().as_str()), (304, ""));
    assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "quoted");
    assert_eq!(bench.get("/v1/quotes", &[("if-none-match", &tag)]).await.status, 200);
}

#[tokio::test]
async fn only_the_customers_words_are_quoted_and_only_if_they_allow_it() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let sent = with_enough(&bench).await;
    for typed in ["Alles sehr gut verpackt […]", "Alles gut verpackt", ""] {
        assert_eq!(quote(&bench, &admin, &sent, typed).await, "other-words", "{typed}");
    }
    let stale = json!({ "id": sent["id"], "revision": 7 });
    assert_eq!(quote(&bench, &admin, &stale, COMMENT).await, "changed");
    for refused in [("quotable", json!(false)), ("quotable", Value::Null), ("test", json!(true))] {
        let name = refused.0;
        let sent = answered(&bench, &[refused]).await;
        assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "not-allowed", "{name}");
        if name == "quotable" {
            let page = page(&bench, &admin, &path_of(&bench, &sent)).await;
            assert!(all(&page, "#quote").is_empty(), "nothing is offered that is not allowed");
        }
    }
    assert_eq!(texts(&bench).await, [""; 0]);
    let reader = bench.colleague(&admin, "rita", "reader").await;
    let page = page(&bench, &reader, &path_of(&bench, &sent)).await;
    assert!(all(&page, "#quote form").is_empty(), "readers choose nothing");
}

#[tokio::test]
async fn a_quote_is_gone_with_its_words_its_permission_its_answer_or_a_click() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let mut sent = with_enough(&bench).await;
    let revised = async |bench: &Bench, sent: &mut Value, name: &str, value: Value| {
        sent["revision"] = json!(sent["revision"].as_u64().unwrap() + 1);
        sent[name] = value;
        assert_eq!(bench.post_json(sent).await.status, 200);
    };
    assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "quoted");
    revised(&bench, &mut sent, "score", json!(10)).await;
    assert_eq!(texts(&bench).await, [COMMENT], "another score says nothing else");
    for (name, value, back) in [
        ("comment", json!("Alles anders"), json!(COMMENT)),
        ("quotable", json!(false), json!(true)),
        ("quote_name", json!("Alex"), json!("Kim")),
    ] {
        revised(&bench, &mut sent, name, value).await;
        assert_eq!(texts(&bench).await, [""; 0], "{name}");
        revised(&bench, &mut sent, name, back).await;
        assert_eq!(texts(&bench).await, [""; 0], "{name}: it must be chosen again");
        assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "quoted");
    }
    let path = path_of(&bench, &sent);
    let done = bench.own_form(&format!("{path}/quote/withdraw"), &admin, "").await;
    assert_eq!(done.header("location"), format!("{path}?quote=withdrawn"));
    assert_eq!(texts(&bench).await, [""; 0]);

    assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "quoted");
    assert_eq!(texts(&bench).await, [COMMENT]);
    let path = format!("/v1/responses?id={}", sent["id"].as_str().unwrap());
    bench.call(Method::DELETE, &path, &[LOGIN]).await;
    assert_eq!(texts(&bench).await, [""; 0]);
}

#[tokio::test]
async fn below_thirty_answers_nothing_is_shown_and_the_page_says_why() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let sent = answered(&bench, &[]).await;
    assert_eq!(quote(&bench, &admin, &sent, COMMENT).await, "quoted");
    let told = shown(&bench, "").await.json();
    assert_eq!((&told["quotes"], &told["answers"]), (&json!([]), &Value::Null));
    let quotes = page(&bench, &admin, "/quotes").await;
    assert_nothing_inline(&quotes);
    one(&quotes, "[data-notice=too-few]");
    assert_eq!(words_of(&quotes, "blockquote"), [COMMENT]);
    assert!(all(&quotes, "#quotes-html").is_empty());

    // The tag can be pasted before there is anything to show.
    let tag = one(&quotes, "#quotes-tag").text().collect::<String>();
    assert!(tag.starts_with("<afterword-quotes hidden>") && tag.contains("/quotes.js\""), "{tag}");

    with_enough(&bench).await;
    let quotes = page(&bench, &admin, "/quotes").await;
    assert!(all(&quotes, "[data-notice=too-few]").is_empty());
    let markup = one(&quotes, "#quotes-html").text().collect::<String>();
    assert!(markup.contains("These voices come from our own survey"), "{markup}");
    assert!(markup.contains("<figcaption><bdi>Kim</bdi>, ") && markup.contains("(32)"), "{markup}");
    let answer = page(&bench, &admin, &path_of(&bench, &sent)).await;
    assert_nothing_inline(&answer);
    assert_eq!(words(one(&answer, "#quote blockquote")), COMMENT);
}
