//! `POST /v1/responses` from a page without JavaScript, and `GET /thanks`: the form of
//! `docs/NOSCRIPT.md` as browsers send it, and the pages that its sender sees.

use axum::{
    body::Body,
    http::{Method, Request},
};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::{
    bench::{Answer, Bench, IMPATIENT, LOGIN, insert, response, response_with},
    markup::{all, one, words},
};

const DOCUMENT: &str = include_str!("../../../docs/NOSCRIPT.md");
const FORM: &str = "application/x-www-form-urlencoded";
/// The headers that Chromium sends with a form on a shop's page.
const BROWSER: &[(&str, &str)] = &[
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),
    ("accept-language", "en-GB,en;q=0.9"),
    ("content-type", FORM),
    ("origin", "https://shop.example"),
    ("referer", "https://shop.example/thank-you?order=A-1001&mail=kim%40example.org#top"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "cross-site"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"),
];

/// The headers of [`BROWSER`] with changes; a header without a value is not sent.
fn browser<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let changed = |name: &str| changes.iter().any(|(it, _)| *it == name);
    let same = BROWSER.iter().copied().filter(|(name, _)| !changed(name));
    same.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

async fn send(bench: &Bench, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::post("/v1/responses");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    bench.send(request.body(body.into()).unwrap()).await
}

fn encode(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Sends these fields as the browser does.
async fn submit(bench: &Bench, fields: &[(&str, &str)]) -> Answer {
    send(bench, BROWSER, encode(fields)).await
}

#[track_caller]
fn assert_thanked(answer: &Answer, locale: &str) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let (thanks, segment) = answer.header("location").split_once("&segment=").unwrap();
    assert_eq!(thanks, format!("/thanks?locale={locale}"));
    assert!(["detractor", "passive", "promoter"].contains(&segment), "{segment}");
    assert_eq!(answer.header("cache-control"), "no-store");
    // This header would keep the address of the shop's page from the thanks, which link back to it.
    assert_eq!(answer.header("referrer-policy"), "");
    assert!(answer.body.is_empty());
}

/// Asserts that the browser is led to the page of an answer; returns the secret.
#[track_caller]
fn led_to_the_page(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let secret = answer.header("location").strip_prefix("/r/").unwrap();
    let secret = secret.strip_suffix("?sent").unwrap().to_owned();
    assert!(
        secret.len() == 43
            && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.body.is_empty());
    secret
}

/// The mark that the store has of a secret.
fn mark_of(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asserts that a page is meant for customers: it has the security headers of every page, search engines must not list
/// it, and it has no links to the collector's own pages.
#[track_caller]
fn assert_page(answer: &Answer, status: u16, language: &str) -> Html {
    let text = answer.text();
    assert_eq!(answer.status, status, "{text}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("set-cookie"), "");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = answer.page();
    assert_eq!(one(&page, "html").attr("lang"), Some(language));
    assert_eq!(one(&page, "meta[name=robots]").attr("content"), Some("noindex"));
    assert_eq!(all(&page, "script, style, [style], iframe, img").len(), 0, "{text}");
    assert_eq!(all(&page, "a[href='/'], a[href^='/login']").len(), 0, "{text}");
    assert_eq!(all(&page, "h1").len(), 1);
    page
}

/// The fields that a browser sends if this score is chosen in the page's form, and this comment is written into it if
/// it is empty.
fn fields_of(page: &Html, score: &str, comment: Option<&str>) -> Vec<(String, String)> {
    let form = one(page, "form");
    assert_eq!(form.attr("method"), Some("post"));
    let named = Selector::parse("input[name], textarea[name], select[name], button[name]").unwrap();
    let mut fields = Vec::new();
    for field in form.select(&named) {
        let name = field.attr("name").unwrap().to_owned();
        let value = field.attr("value").unwrap_or("on").to_owned();
        match (field.value().name(), field.attr("type").unwrap_or("text")) {
            ("textarea", _) => {
                let written = field.text().collect::<String>();
                let written = comment.map_or(written, str::to_owned);
                fields.push((name, written.replace('\n', "\r\n")));
            }
            (_, "radio") if value == score => fields.push((name, value)),
            (_, "radio") => {}
            // Every box is ticked.
            (_, "hidden" | "checkbox") => fields.push((name, value)),
            (_, "text") => fields.push((name, field.attr("value").unwrap_or("").to_owned())),
            (element, kind) => panic!("a browser would send {element} {kind}"),
        }
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The examples of the documentation: the English form, the German one, the hidden fields, and those that ask more.
fn examples() -> Vec<Html> {
    let blocks = DOCUMENT.split("```html\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    // Parsed as in a browser without JavaScript: the content of `noscript` is part of the page.
    let visible = blocks.map(|it| it.replace("<noscript>", "").replace("</noscript>", ""));
    visible.map(|it| Html::parse_fragment(&it)).collect()
}

async fn everything(bench: &Bench) -> Vec<Value> {
    bench.list("?limit=200").await["responses"].as_array().unwrap().clone()
}

#[track_caller]
fn only(mut kept: Vec<Value>) -> Value {
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept.remove(0)
}

#[tokio::test]
async fn the_documented_form_is_stored_and_thanked_for_in_its_language() {
    let examples = examples();
    assert_eq!(examples.len(), 4, "English, German, hidden fields, and what else can be asked");
    let asked = [
        (
            "en",
            "How likely are you to recommend us to a friend or colleague?",
            "Not at all likely",
            "Extremely likely",
        ),
        (
            "de",
            "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
            "Überhaupt nicht wahrscheinlich",
            "Äußerst wahrscheinlich",
        ),
    ];
    for (page, (locale, question, low, high)) in examples.iter().zip(asked) {
        let bench = Bench::new().await;
        let action = one(page, "form").attr("action").unwrap();
        assert_eq!(action, "https://feedback.shop.example/v1/responses");
        let fields = fields_of(page, "9", Some("Schnell & gut,\ngerne wieder."));
        assert_thanked(&submit(&bench, &pairs(&fields)).await, locale);

        let mut kept = only(everything(&bench).await);
        let made = kept.as_object_mut().unwrap();
        let id = made.remove("id").unwrap();
        assert_eq!((id.as_str().unwrap().len(), &id.as_str().unwrap()[14..15]), (36, "7"));
        let times = ["shown_at", "scored_at", "sent_at", "received_at", "updated_at"]
            .map(|name| made.remove(name).unwrap().as_str().unwrap().len());
        made.remove("themes");
        assert_eq!(times[..3], [24; 3], "RFC 3339 with milliseconds");
        assert_eq!(
            kept,
            json!({
                "version": 1, "revision": 1, "complete": true,
                "survey": "default", "touchpoint": "order", "score": 9,
                "comment": "Schnell & gut,\ngerne wieder.",
                "page": "https://shop.example/thank-you", "locale": locale,
                // `method` has the question and labels of the form.
                "method": {
                    "question": question, "low_label": low, "high_label": high,
                    "layout": "one-row", "mode": "inline", "release": "noscript"
                },
                // The page with the thanks has no link for a review.
                "review_link": false
            })
        );
        assert_eq!(words(one(page, "legend")), question);
        let labels: Vec<String> = all(page, "fieldset label").into_iter().map(words).collect();
        assert_eq!(labels.len(), 11);
        assert_eq!(labels[0], format!("0 ({low})"));
        assert_eq!(labels[5], "5");
        assert_eq!(labels[10], format!("10 ({high})"));
    }
}

#[tokio::test]
async fn the_documented_form_can_be_read_out_and_filled_in_by_everyone() {
    for page in &examples()[..2] {
        let comment = one(page, "textarea");
        let label = format!("label[for='{}']", comment.attr("id").unwrap());
        assert!(!words(one(page, &label)).is_empty());
        assert_eq!(comment.attr("maxlength"), Some("2000"));
        let scores = all(page, "fieldset > legend ~ label > input[type=radio][name=score]");
        let values: Vec<_> = scores.iter().map(|score| score.attr("value").unwrap()).collect();
        assert_eq!(values, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert!(scores[0].attr("required").is_some(), "the browser asks for a score itself");
        assert_eq!(all(page, "[style], [class], script, [onclick]").len(), 0);
        assert!(!words(one(page, "button")).is_empty());
    }
}

#[tokio::test]
async fn the_documented_hidden_fields_are_taken() {
    let bench = Bench::new().await;
    let examples = examples();
    let mut fields = fields_of(&examples[1], "10", Some(""));
    let hidden = examples[2].html();
    fields.extend(fields_of(
        &Html::parse_fragment(&format!("<form method=post>{hidden}")),
        "",
        None,
    ));
    assert!(fields.contains(&("website".to_owned(), String::new())), "the trap is there");
    assert_thanked(&submit(&bench, &pairs(&fields)).await, "de");
    let kept = only(everything(&bench).await);
    assert_eq!(kept["survey"], "post-purchase");
    assert_eq!(kept["touchpoint"], "order");
    assert_eq!(kept["order"], json!({ "id": "A-1001" }));
    assert_eq!(kept["page"], "https://shop.example/thank-you");
    assert_eq!(kept["comment"], Value::Null, "nothing was written");
}

#[tokio::test]
async fn the_documented_fields_that_ask_more_are_stored() {
    let bench = Bench::new().await;
    let examples = examples();
    let mut fields = fields_of(&examples[0], "3", Some("Late"));
    let more = Html::parse_fragment(&format!("<form method=post>{}", examples[3].html()));
    fields.extend(fields_of(&more, "", None));
    for (name, written) in [("contact", "kim@mail.example"), ("quote_name", "Kim")] {
        fields.iter_mut().find(|(own, _)| own == name).unwrap().1 = written.to_owned();
    }
    led_to_the_page(&submit(&bench, &pairs(&fields)).await);
    let kept = only(everything(&bench).await);
    assert_eq!(kept["reasons"], json!(["late", "packing"]));
    assert_eq!((&kept["quotable"], &kept["quote_name"]), (&json!(true), &json!("Kim")));
    assert_eq!(kept["method"]["quote_text"], "You may quote my words.");
    // No list shows a contact.
    assert_eq!(kept["contact"], Value::Null);
    assert_eq!(bench.kept(&kept["id"]).await["contact"], "kim@mail.example");
}

#[tokio::test]
async fn the_form_sets_its_question_but_not_the_collectors_fields() {
    let bench = Bench::new().await;
    let answer = submit(
        &bench,
        &[
            ("score", "3"),
            ("locale", "fr"),
            ("method.question", "Recommanderiez-vous notre boutique ?"),
            ("method.low_label", "Pas du tout"),
            ("method.high_label", "Tout à fait"),
            ("method.layout", "two-rows"),
            ("method.release", "9.9.9"),
            ("revision", "77"),
            ("complete", "false"),
            ("shown_at", "1999-01-01T00:00:00Z"),
            ("display", "shown"),
            ("reasons", "delivery"),
            ("reasons", "price"),
            ("quotable", "on"),
        ],
    )
    .await;
    led_to_the_page(&answer);
    let kept = only(everything(&bench).await);
    assert_eq!(kept["locale"], "fr");
    assert_eq!(
        kept["method"],
        json!({
            "question": "Recommanderiez-vous notre boutique ?", "low_label": "Pas du tout",
            "high_label": "Tout à fait", "layout": "two-rows", "mode": "inline",
            "release": "noscript"
        })
    );
    assert_eq!((&kept["revision"], &kept["complete"]), (&json!(1), &json!(true)));
    assert_ne!(kept["shown_at"].as_str().unwrap()[..4], *"1999");
    assert_eq!(kept["reasons"], json!(["delivery", "price"]));
    assert_eq!(kept["quotable"], true);
}

#[tokio::test]
async fn the_page_and_the_locale_come_from_the_request_where_the_form_is_silent() {
    let cases = [
        (vec![], "https://shop.example/thank-you", "en-GB"),
        (vec![("referer", "https://shop.example/")], "https://shop.example/", "en-GB"),
        (vec![("referer", "")], "https://shop.example/", "en-GB"),
        (vec![("referer", ""), ("origin", "null")], "", "en-GB"),
        (vec![("referer", "javascript:alert(1)")], "https://shop.example/", "en-GB"),
        (vec![("accept-language", "de-at,en;q=0.5")], "https://shop.example/thank-you", "de-AT"),
        (vec![("accept-language", "*")], "https://shop.example/thank-you", "en"),
        (vec![("accept-language", "")], "https://shop.example/thank-you", "en"),
    ];
    for (changes, page, locale) in cases {
        let bench = Bench::new().await;
        assert_thanked(&send(&bench, &browser(&changes), "score=7").await, locale);
        let kept = only(everything(&bench).await);
        // Unknown fields are left out.
        let page = Some(page).filter(|page| !page.is_empty());
        assert_eq!(kept.get("page").map(|it| it.as_str().unwrap()), page, "{changes:?}");
        assert_eq!(kept["locale"], locale, "{changes:?}");
    }
    let bench = Bench::new().await;
    let fields = [("score", "7"), ("locale", "de_DE"), ("page", "https://shop.example/a?b#c")];
    assert_thanked(&submit(&bench, &fields).await, "de-DE");
    assert_eq!(only(everything(&bench).await)["page"], "https://shop.example/a");
}

#[tokio::test]
async fn programs_get_json_and_not_pages() {
    let bench = Bench::new().await;
    let typed: afterword_response::Response = serde_json::from_value(response()).unwrap();
    let whole = encode(&pairs(&typed.to_form()));
    let plain = encode(&[("score", "9")]);
    // (the body, the headers, the status)
    let program = |mode| browser(&[("sec-fetch-mode", mode), ("accept", "*/*")]);
    for (body, headers, status) in [
        (&whole, program("cors"), 200),
        (&whole, program("no-cors"), 200),
        (&whole, program(""), 200),
        // Java's own HTTP client accepts HTML.
        (&whole, browser(&[("sec-fetch-mode", "")]), 200),
        (&plain, program("cors"), 422),
        (&plain, program(""), 422),
        (&plain, browser(&[("sec-fetch-mode", "cors")]), 422),
    ] {
        let answer = send(&bench, &headers, body.clone()).await;
        assert_eq!(answer.status, status, "{headers:?}");
        assert!(answer.header("content-type").ends_with("json"), "{headers:?}");
    }
    assert_eq!(everything(&bench).await.len(), 1);
    // A browser that sends no `Sec-Fetch-*` headers.
    let old = browser(&[("sec-fetch-mode", ""), ("sec-fetch-dest", ""), ("sec-fetch-site", "")]);
    assert_thanked(&send(&bench, &old, plain).await, "en-GB");
    assert_eq!(everything(&bench).await.len(), 2);
}

#[tokio::test]
async fn a_get_never_records_anything() {
    let bench = Bench::new().await;
    let query =
        encode(&[("survey", "s"), ("score", "9"), ("comment", "Kim war da"), ("locale", "de")]);
    for method in [Method::GET, Method::HEAD] {
        for path in ["/v1/responses", "/thanks", "/v1/report", "/"] {
            for login in [&[][..], &[LOGIN]] {
                let headers: Vec<_> = BROWSER.iter().chain(login).copied().collect();
                bench.call(method.clone(), &format!("{path}?{query}"), &headers).await;
                bench.call(method.clone(), &format!("{path}?{query}"), login).await;
            }
        }
    }
    assert_eq!(everything(&bench).await, Vec::<Value>::new());
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    for table in ["responses", "displays", "surveys", "refusals"] {
        let rows: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
                .fetch_one(&mut file)
                .await
                .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[tokio::test]
async fn a_form_that_forgot_to_post_says_so_to_the_person_who_sent_it() {
    let bench = Bench::new().await;
    let path = format!("/v1/responses?{}", encode(&[("score", "9"), ("comment", "Kim war da")]));
    let answer =
        bench.get(&path, &browser(&[("accept-language", "de"), ("content-type", "")])).await;
    let page = assert_page(&answer, 405, "de");
    assert_eq!(answer.header("allow"), "POST");
    assert_eq!(words(one(&page, "h1")), "Ihre Antwort konnte nicht gespeichert werden");
    assert!(words(one(&page, ".notice")).contains("method=\"post\""));
    // A program is asked for its token as usual.
    bench.get(&path, &[]).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_double_click_is_one_response_and_other_customers_answers_are_others() {
    let bench = Bench::new().await;
    let nine = [("score", "9"), ("survey", "s")];
    let body = encode(&nine);
    let (first, second) = tokio::join!(submit(&bench, &nine), submit(&bench, &nine));
    assert_thanked(&first, "en-GB");
    assert_thanked(&second, "en-GB");
    assert_eq!(everything(&bench).await.len(), 1);
    for (headers, fields) in [
        (BROWSER.to_vec(), encode(&[("score", "8"), ("survey", "s")])),
        (BROWSER.to_vec(), encode(&[("score", "9"), ("survey", "s"), ("comment", "Gut")])),
        (BROWSER.to_vec(), encode(&[("score", "9"), ("survey", "t")])),
        (browser(&[("user-agent", "Mozilla/5.0 (Macintosh)")]), body.clone()),
        (browser(&[("x-forwarded-for", "192.0.2.1")]), body.clone()),
        (browser(&[("x-forwarded-for", "192.0.2.2")]), body.clone()),
    ] {
        let before = everything(&bench).await.len();
        for _ in 0..2 {
            assert_thanked(&send(&bench, &headers, fields.clone()).await, "en-GB");
        }
        assert_eq!(everything(&bench).await.len(), before + 1, "{fields} {headers:?}");
    }
}

#[tokio::test]
async fn no_address_of_a_customer_is_stored() {
    let bench = Bench::new().await;
    let headers = browser(&[
        ("x-forwarded-for", "203.0.113.77"),
        ("forwarded", "for=203.0.113.77"),
        ("x-real-ip", "203.0.113.77"),
    ]);
    assert_thanked(&send(&bench, &headers, "score=9&order.id=A-1001").await, "en-GB");
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
            assert!(!has(b"203.0.113.77"), "{}", path.display());
            assert!(!has(b"X11; Linux"), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn an_answer_that_names_its_order_can_be_corrected() {
    let bench = Bench::new().await;
    for (score, comment) in [("3", ""), ("8", ""), ("8", "Kam doch noch."), ("8", "Kam doch noch.")]
    {
        let fields = [("score", score), ("comment", comment), ("order.id", "A-1001")];
        assert_thanked(&submit(&bench, &fields).await, "en-GB");
    }
    let kept = only(everything(&bench).await);
    assert_eq!((&kept["score"], &kept["comment"]), (&json!(8), &json!("Kam doch noch.")));
    assert_eq!(kept["revision"], 3);
    let other = [("score", "3"), ("order.id", "A-1002")];
    assert_thanked(&submit(&bench, &other).await, "en-GB");
    assert_eq!(everything(&bench).await.len(), 2);
}

#[tokio::test]
async fn the_page_of_the_answer_follows_where_the_form_or_the_customer_wants_it() {
    for (name, value) in [
        ("receipt", "true"),
        ("receipt", "on"),
        ("contact", "kim@mail.example"),
        ("quotable", "on"),
    ] {
        let bench = Bench::new().await;
        let theirs = "a".repeat(64);
        let fields = [
            ("score", "9"),
            ("comment", "Packed well"),
            ("locale", "en"),
            ("answer_page", &theirs),
            (name, value),
        ];
        let secret = led_to_the_page(&submit(&bench, &fields).await);
        let kept = only(everything(&bench).await);
        let kept = bench.kept(&kept["id"]).await;
        assert_eq!(kept["answer_page"], mark_of(&secret), "the form's own mark does not count");
        let page = bench.get(&format!("/r/{secret}"), &[]).await;
        assert_page(&page, 200, "en");
        assert!(page.text().contains("Packed well"), "{}", page.text());
        assert!(!page.text().contains("We are delighted!"));
        let sent = bench.get(&format!("/r/{secret}?sent"), &[]).await;
        assert!(sent.text().contains("We are delighted!"), "{}", sent.text());
        for file in std::fs::read_dir(bench.folder.path()).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let has = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!has, "the secret is in {}", path.display());
            }
        }
    }
    for (name, value) in [("receipt", "false"), ("quotable", "false"), ("contact", " ")] {
        let bench = Bench::new().await;
        let answer = submit(&bench, &[("score", "9"), ("locale", "en"), (name, value)]).await;
        assert_thanked(&answer, "en");
        let kept = only(everything(&bench).await);
        assert_eq!(bench.kept(&kept["id"]).await.get("answer_page"), None, "{name}={value}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_leads_to_one_page() {
    for whose in [("survey", "s"), ("order.id", "A-1001"), ("id", ID)] {
        let bench = Bench::new().await;
        let nine = [("score", "9"), ("receipt", "true"), whose];
        let (first, second) = tokio::join!(submit(&bench, &nine), submit(&bench, &nine));
        let secret = led_to_the_page(&first);
        assert_eq!(led_to_the_page(&second), secret, "{whose:?}");
        assert_eq!(led_to_the_page(&submit(&bench, &nine).await), secret, "{whose:?}");
        let kept = only(everything(&bench).await);
        assert_eq!(bench.kept(&kept["id"]).await["answer_page"], mark_of(&secret));
    }
}

#[tokio::test]
async fn a_corrected_answer_keeps_its_page() {
    let bench = Bench::new().await;
    let order = ("order.id", "A-1001");
    assert_thanked(&submit(&bench, &[("score", "3"), order]).await, "en-GB");
    // Only now the customer leaves a contact, and then takes it back.
    let contact = [("score", "3"), order, ("contact", "kim@mail.example")];
    let secret = led_to_the_page(&submit(&bench, &contact).await);
    assert_eq!(led_to_the_page(&submit(&bench, &[("score", "8"), order]).await), secret);
    let kept = only(everything(&bench).await);
    let kept = bench.kept(&kept["id"]).await;
    assert_eq!((&kept["revision"], &kept["score"]), (&json!(3), &json!(8)));
    assert_eq!(kept["answer_page"], mark_of(&secret));
}

#[tokio::test]
async fn a_form_that_is_sent_again_brings_back_nothing_that_was_withdrawn() {
    let bench = Bench::new().await;
    let form = |score| [("id", ID), ("score", score), ("contact", "kim@mail.example")];
    let secret = led_to_the_page(&submit(&bench, &form("3")).await);
    let withdrawn = bench.form(&format!("/r/{secret}"), "", "do=contact").await;
    assert_eq!(withdrawn.status, 303, "{}", withdrawn.text());
    // The customer goes back to the form, and sends it as it was, and then corrected.
    assert_eq!(led_to_the_page(&submit(&bench, &form("3")).await), secret);
    assert_eq!(led_to_the_page(&submit(&bench, &form("4")).await), secret);
    let kept = only(everything(&bench).await);
    let kept = bench.kept(&kept["id"]).await;
    assert_eq!((&kept["score"], &kept["contact"]), (&json!(4), &Value::Null));
}

#[tokio::test]
async fn nobody_else_is_led_to_the_page_of_an_answer_by_its_id() {
    let bench = Bench::new().await;
    let fields = [("id", ID), ("score", "9"), ("comment", "Gut"), ("receipt", "true")];
    let secret = led_to_the_page(&submit(&bench, &fields).await);
    // The same id with the same answer, from another browser or after a restart: one answer, whose secret is not known.
    let other = browser(&[("user-agent", "another")]);
    for _ in 0..2 {
        assert_thanked(&send(&bench, &other, encode(&fields)).await, "en-GB");
    }
    assert_eq!(bench.kept(&json!(ID.to_ascii_lowercase())).await["answer_page"], mark_of(&secret));
    // With another answer, another page.
    let third = browser(&[("user-agent", "a third one")]);
    let fields = [("id", ID), ("score", "2"), ("receipt", "true")];
    let own = led_to_the_page(&send(&bench, &third, encode(&fields)).await);
    assert_eq!(led_to_the_page(&send(&bench, &third, encode(&fields)).await), own);
    let kept = everything(&bench).await;
    assert_eq!(kept.len(), 2, "{kept:?}");
    let marks = [bench.kept(&kept[0]["id"]).await, bench.kept(&kept[1]["id"]).await]
        .map(|kept| kept["answer_page"].clone());
    assert_eq!(marks, [json!(mark_of(&own)), json!(mark_of(&secret))]);
}

#[tokio::test]
async fn a_form_that_has_to_be_completed_still_asks_for_the_page() {
    let bench = Bench::new().await;
    let answer = submit(&bench, &[("comment", "Gut"), ("locale", "de"), ("receipt", "true")]).await;
    let page = assert_page(&answer, 422, "de");
    led_to_the_page(&submit(&bench, &pairs(&fields_of(&page, "9", None))).await);
}

const ID: &str = "0192F0C1-7A2B-7C3D-8E4F-0123456789AB";

#[tokio::test]
async fn a_form_with_an_id_is_one_response_even_after_a_restart() {
    let bench = Bench::new().await;
    let fields = [("id", ID), ("score", "9"), ("comment", "Gut")];
    assert_thanked(&submit(&bench, &fields).await, "en-GB");
    // A restarted collector does not recognise the same browser, so the test sends the form from another one.
    let other = browser(&[("user-agent", "another")]);
    assert_thanked(&send(&bench, &other, encode(&fields)).await, "en-GB");
    assert_eq!(only(everything(&bench).await)["id"], ID.to_ascii_lowercase());
}

#[tokio::test]
async fn one_id_in_a_cached_page_does_not_swallow_the_next_customers_answer() {
    let bench = Bench::new().await;
    for (name, score) in [("Kim's browser", "9"), ("Lou's browser", "2"), ("Mia's browser", "5")] {
        let headers = browser(&[("user-agent", name)]);
        let body = encode(&[("id", ID), ("score", score)]);
        // Each of them clicks twice.
        let click = || send(&bench, &headers, body.clone());
        let (first, second) = tokio::join!(click(), click());
        assert_thanked(&first, "en-GB");
        assert_thanked(&second, "en-GB");
    }
    let scores: Vec<Value> =
        everything(&bench).await.iter().map(|kept| kept["score"].clone()).collect();
    assert_eq!(scores, [json!(5), json!(2), json!(9)]);
}

#[tokio::test]
async fn forms_follow_the_same_rules_as_the_script() {
    let bench = Bench::new().await;
    let fields = [("id", ID), ("score", "2"), ("comment", "Write to kim@example.org please")];
    assert_thanked(&submit(&bench, &fields).await, "en-GB");
    let kept = only(everything(&bench).await);
    assert!(!kept["comment"].as_str().unwrap().contains("kim@"), "redacted: {kept}");

    let path = format!("/v1/responses?id={}", ID.to_ascii_lowercase());
    let erased = bench.call(Method::DELETE, &path, &[LOGIN]).await;
    assert_eq!(erased.status, 200, "{}", erased.text());
    assert_thanked(&submit(&bench, &fields).await, "en-GB");
    assert_eq!(everything(&bench).await, Vec::<Value>::new(), "what was erased stays erased");
}

#[tokio::test]
async fn a_site_that_is_not_allowed_is_told_to_the_customer_and_to_the_shop() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let made = bench.own_form("/surveys", &admin, "name=s").await;
    assert_eq!(made.status, 303, "{}", made.text());
    let body = encode(&[("name", "s"), ("origins", "https://shop.example")]);
    let saved = bench.own_form("/surveys/s", &admin, &body).await;
    assert!(saved.status.as_u16() < 400, "{}", saved.text());

    let fields = encode(&[("survey", "s"), ("score", "9"), ("locale", "de")]);
    let foreign = browser(&[("origin", "https://evil.example")]);
    let page = assert_page(&send(&bench, &foreign, fields.clone()).await, 403, "de");
    assert!(words(one(&page, ".notice")).contains("nicht unter den zugelassenen"));
    assert_eq!(everything(&bench).await, Vec::<Value>::new());
    let shown = bench.get("/surveys/s", &[("cookie", &admin)]).await.text();
    assert!(shown.contains("https://evil.example"), "the shop sees what was refused");
    assert_thanked(&send(&bench, BROWSER, fields).await, "de");
}

#[tokio::test]
async fn a_missing_score_is_asked_for_and_nothing_else_has_to_be_done_again() {
    let bench = Bench::new().await;
    for (locale, title, problem) in [
        ("en", "Almost there", "Please choose a score from 0 to 10."),
        ("de", "Fast geschafft", "Bitte wählen Sie eine Bewertung von 0 bis 10."),
    ] {
        for score in ["", "11", "nine"] {
            let comment = format!("\n<b>Gut</b> & \"schnell\"\n{locale} {score}");
            let fields = [
                ("locale", locale),
                ("score", score),
                ("comment", &comment),
                ("survey", "post-purchase"),
                ("properties.coupon", "\"><script>alert(1)</script>"),
            ];
            let answer = submit(&bench, &fields).await;
            let page = assert_page(&answer, 422, locale);
            assert_eq!(words(one(&page, "h1")), title);
            assert_eq!(words(one(&page, "[role=alert]")), problem);

            let before = everything(&bench).await.len();
            let again = fields_of(&page, "6", None);
            let ours =
                [("origin", "http://localhost"), ("referer", "http://localhost/v1/responses")];
            let answer = send(&bench, &browser(&ours), encode(&pairs(&again))).await;
            assert_thanked(&answer, locale);
            let kept = everything(&bench).await;
            assert_eq!(kept.len(), before + 1);
            assert_eq!(kept[0]["score"], 6);
            assert_eq!(kept[0]["comment"], json!(comment));
            assert_eq!(kept[0]["survey"], "post-purchase");
            assert_eq!(kept[0]["page"], "https://shop.example/thank-you");
            assert_eq!(kept[0]["properties"]["coupon"], "\"><script>alert(1)</script>");
        }
    }
}

#[tokio::test]
async fn a_comment_that_is_too_long_is_kept_to_be_shortened() {
    let bench = Bench::new().await;
    // The largest comment that the text area allows, with line ends that browsers send as two characters.
    let most = "ä\n".repeat(1_000).replace('\n', "\r\n");
    assert_thanked(&submit(&bench, &[("score", "9"), ("comment", &most)]).await, "en-GB");
    let long = "ä".repeat(2_312);
    for (locale, problem) in [
        ("en", "This has 2,312 characters; please shorten it to 2,000 at most."),
        ("de", "Das sind 2.312 Zeichen; bitte kürzen Sie auf höchstens 2.000."),
    ] {
        let fields = [("score", "9"), ("comment", &*long), ("locale", locale)];
        let page = assert_page(&submit(&bench, &fields).await, 422, locale);
        assert_eq!(words(one(&page, "[role=alert]")), problem);
        assert_eq!(words(one(&page, "textarea")), long);
        assert_eq!(one(&page, "input[name=score]").attr("value"), Some("9"));
    }
    let page = assert_page(&submit(&bench, &[("comment", &*long)]).await, 422, "en");
    assert_eq!(all(&page, "[role=alert]").len(), 2, "the score is asked for at the same time");
    assert_eq!(everything(&bench).await.len(), 1);
}

#[tokio::test]
async fn a_program_that_fills_every_field_is_not_stored_and_a_person_gets_through() {
    let bench = Bench::new().await;
    let fields = [("score", "9"), ("website", "https://spam.example"), ("locale", "de")];
    let page = assert_page(&submit(&bench, &fields).await, 422, "de");
    assert_eq!(everything(&bench).await, Vec::<Value>::new());
    let again = fields_of(&page, "", None);
    assert_thanked(&submit(&bench, &pairs(&again)).await, "de");
    assert_eq!(only(everything(&bench).await)["score"], 9);
}

#[tokio::test]
async fn a_form_that_is_set_up_wrongly_is_not_the_customers_fault() {
    let bench = Bench::new().await;
    for (field, value, problem) in [
        ("touchpoint", "teleport", "muss eines von visit, order"),
        ("survey", "a b", "muss aus 1 bis 64 Buchstaben"),
        ("id", "0192f0c1-7a2b-4c3d-8e4f-0123456789ab", "muss eine UUID der Version 7"),
    ] {
        let fields = [("score", "9"), ("locale", "de"), (field, value)];
        let page = assert_page(&submit(&bench, &fields).await, 422, "de");
        assert_eq!(words(one(&page, "h1")), "Ihre Antwort konnte nicht gespeichert werden");
        assert_eq!(words(one(&page, ".notice code")), field);
        let notice = words(one(&page, ".notice"));
        assert!(notice.contains(problem), "{notice}");
        assert_eq!(all(&page, "form").len(), 0, "sending it again would not help");
    }
    for content_type in ["multipart/form-data; boundary=x", "text/plain"] {
        let headers = browser(&[("content-type", content_type), ("accept-language", "de")]);
        assert_page(&send(&bench, &headers, "score=9").await, 415, "de");
    }
    assert_eq!(everything(&bench).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_form_whose_shop_describes_the_answer_wrongly_is_taken_all_the_same() {
    let bench = Bench::new().await;
    let question = "🍀".repeat(501);
    let fields = [
        ("score", "9"),
        ("locale", "de"),
        ("order.id", "A-1001"),
        ("order.value", "1,50"),
        ("method.question", &*question),
        ("method.layout", "circle"),
    ];
    assert_thanked(&submit(&bench, &fields).await, "de");
    let kept = only(everything(&bench).await);
    assert_eq!(kept["order"], json!({ "id": "A-1001" }));
    assert_eq!(kept["method"]["question"], "🍀".repeat(500));
    assert_eq!(kept["method"].get("layout"), None);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_answered_with_a_page() {
    let bench = Bench::new().await;
    let body = encode(&[("score", "9"), ("comment", &"x".repeat(66_000))]);
    let headers = browser(&[("accept-language", "de")]);
    let page = assert_page(&send(&bench, &headers, body).await, 413, "de");
    assert_eq!(words(one(&page, "h1")), "Ihre Antwort ist zu lang");
}

#[tokio::test]
async fn a_locked_database_keeps_the_answer_on_the_page_until_it_is_stored() {
    let bench = Bench::with(|config| config.busy_timeout(IMPATIENT)).await;
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    file.execute("BEGIN IMMEDIATE").await.unwrap();
    let fields = [("score", "4"), ("comment", "Zu spät"), ("locale", "de"), ("order.id", "A-1")];
    let answer = submit(&bench, &fields).await;
    let page = assert_page(&answer, 503, "de");
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(words(one(&page, "h1")), "Ihre Antwort ist noch nicht gespeichert");
    assert_eq!(everything(&bench).await, Vec::<Value>::new());

    file.execute("ROLLBACK").await.unwrap();
    let again = fields_of(&page, "", None);
    assert_thanked(&submit(&bench, &pairs(&again)).await, "de");
    // The customer also reloads the page of the failure.
    assert_thanked(&submit(&bench, &fields).await, "de");
    let kept = only(everything(&bench).await);
    assert_eq!((&kept["score"], &kept["comment"]), (&json!(4), &json!("Zu spät")));
}

#[tokio::test]
async fn the_thanks_speak_the_customers_language_and_record_nothing() {
    let bench = Bench::new().await;
    for (query, accept, language, title) in [
        ("?locale=de", "en", "de", "Vielen Dank."),
        ("?locale=de-AT", "en", "de", "Vielen Dank."),
        ("?locale=en-GB", "de", "en", "Thank you."),
        ("?locale=fr", "de", "fr", "Merci."),
        ("?locale=xx", "de", "de", "Vielen Dank."),
        ("", "de-AT", "de", "Vielen Dank."),
        ("?locale=%3Cscript%3E", "", "en", "Thank you."),
        ("?locale=de&segment=detractor", "en", "de", "Danke für Ihre Offenheit."),
        ("?locale=de&segment=promoter", "en", "de", "Vielen Dank."),
        ("?locale=fr&segment=detractor", "en", "fr", "Merci de votre franchise."),
        ("?locale=de&segment=everybody", "en", "de", "Vielen Dank."),
        ("?locale=zh-TW", "en", "zh-Hant", "謝謝。"),
        ("?locale=pt_PT", "en", "pt", "Obrigado."),
        ("?locale=xx", "he-IL", "he", "תודה."),
    ] {
        let answer = bench.get(&format!("/thanks{query}"), &[("accept-language", accept)]).await;
        let page = assert_page(&answer, 200, language);
        assert_eq!(words(one(&page, "h1")), title, "{query}");
        assert_eq!(words(one(&page, "title")), title);
        assert_eq!(all(&page, "a, form").len(), 0, "there is nowhere to go back to");
        let head = bench.call(Method::HEAD, &format!("/thanks{query}"), &[]).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    }
    assert_eq!(everything(&bench).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_thanks_lead_back_to_a_website_and_nowhere_else() {
    let bench = Bench::new().await;
    let thanks = async |referer: &str, query: &str| {
        let headers = [("referer", referer), ("host", "feedback.shop.example")];
        assert_page(&bench.get(&format!("/thanks?locale=de{query}"), &headers).await, 200, "de")
    };
    let page = thanks("https://shop.example/order?key=1&b=\"2\"", "").await;
    let link = one(&page, "a");
    assert_eq!(link.attr("href"), Some("https://shop.example/order?key=1&b=%222%22"));
    assert_eq!(words(link), "Zurück zu shop.example");
    for referer in [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://kim:secret@shop.example/",
        "http://feedback.shop.example/thanks?locale=de",
        "not an address",
    ] {
        assert_eq!(all(&thanks(referer, "").await, "a").len(), 0, "{referer}");
    }
    for query in
        ["&back=https://evil.example", "&referer=https://evil.example", "&next=//evil.example"]
    {
        assert!(!thanks("https://shop.example/", query).await.html().contains("evil"), "{query}");
    }
}

#[tokio::test]
async fn the_thanks_are_the_collectors_own_page_wherever_the_form_was_sent_through() {
    let bench = Bench::with(|config| config.public_url("https://feedback.shop.example")).await;
    let answer = submit(&bench, &[("score", "9"), ("locale", "de")]).await;
    assert_eq!(answer.status, 303);
    let thanks = "https://feedback.shop.example/thanks?locale=de&segment=promoter";
    assert_eq!(answer.header("location"), thanks);
}

#[tokio::test]
async fn answers_of_forms_are_in_the_report_and_the_lists() {
    let bench = Bench::new().await;
    // Three weeks with the widget, then a day with the form, whose question has other words.
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    let day = 86_400_000;
    let today = jiff::Timestamp::now().as_millisecond();
    for number in 1..=60_i64 {
        let body = response_with(&[("survey", json!("s")), ("comment", Value::Null)]);
        insert(&mut file, &body, today - (1 + number % 20) * day).await;
    }
    bench.count_anew().await;
    for number in 0..40 {
        let order = format!("B-{number}");
        let fields = [
            ("survey", "s"),
            ("score", "10"),
            ("locale", "de"),
            ("order.id", &order),
            ("method.question", "Würden Sie uns weiterempfehlen?"),
            ("comment", "Ohne Skript bestellt"),
        ];
        assert_thanked(&submit(&bench, &fields).await, "de");
    }
    let login = [LOGIN];
    let report = bench.get("/v1/report?survey=s", &login).await.json();
    assert_eq!(report["answers"], 100);
    assert_eq!(report["distribution"][10], 40);
    let changes = report["trend"]["method_changes"].as_array().expect("the method's changes");
    let wording: Vec<&Value> =
        changes.iter().filter(|change| change["aspect"] == "wording").collect();
    assert_eq!(wording.len(), 1, "{changes:?}");
    assert!(wording[0]["new"].as_str().unwrap().contains("Würden Sie"), "{wording:?}");

    let list = bench.get("/responses?survey=s", &login).await.text();
    assert!(list.contains("Ohne Skript bestellt") && list.contains("B-39"));
    let export = bench.get("/v1/export?survey=s&format=jsonl", &login).await;
    assert_eq!(export.text().matches("\"release\":\"noscript\"").count(), 40);
}
