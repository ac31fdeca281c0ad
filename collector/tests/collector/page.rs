//! `GET /responses`: the list as a page for people.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, response, response_with},
    markup::{all, assert_nothing_inline, link_to, one, words, words_of},
};

async fn page(bench: &Bench, query: &str) -> Answer {
    let answer = bench.get(&format!("/responses{query}"), &[LOGIN]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

/// Asserts the security headers of every page.
#[track_caller]
fn assert_guarded(answer: &Answer) {
    let policy = answer.header("content-security-policy");
    for directive in
        ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_nothing_inline(&answer.page());
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_nothing() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    // No credentials; the token as a password, which is no longer accepted; an unknown session.
    for (name, value) in [
        ("accept", "text/html"),
        ("authorization", "Basic YW55b25lOnRoZSB0b2tlbiBvZiB0aGlzIHRlc3Q="),
        ("cookie", "afterword_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let answer = bench.get("/responses?limit=2", &[(name, value)]).await;
        assert_eq!(answer.status, 303, "{name}");
        assert_eq!(answer.header("location"), "/login?next=%2Fresponses%3Flimit%3D2");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.body.is_empty());
    }
    let answer = bench.get("/responses", &[("authorization", "Bearer x")]).await;
    assert_eq!(answer.status, 401);
    assert!(!answer.text().contains("Schnell"));
    assert_guarded(&answer);
    assert_guarded(&page(&bench, "").await);
    assert_eq!(bench.call(Method::HEAD, "/responses", &[LOGIN]).await.status, 200);
}

#[tokio::test]
async fn an_entry_says_what_was_answered() {
    let bench = Bench::new().await;
    let complete = response_with(&[("order.id", json!("A-1001"))]);
    let tapped = response_with(&[
        ("complete", json!(false)),
        ("comment", Value::Null),
        ("score", json!(4)),
        ("order", Value::Null),
        ("revision", json!(3)),
        ("touchpoint", json!("delivery")),
    ]);
    bench.post_json(&complete).await;
    bench.post_json(&tapped).await;
    let page = page(&bench, "?show=all").await.page();
    // Newest first.
    let entries = all(&page, "article");
    let [score_only, whole] = entries[..] else { panic!("{} entries", entries.len()) };
    for (entry, shown) in [
        (whole, &["Promoter", "Order · A-1001 · SKU 1, SKU 2 · Returning customer"][..]),
        (score_only, &["Detractor", "No comment.", "Delivery"]),
    ] {
        let text = words(entry);
        for shown in shown {
            assert!(text.contains(shown), "{shown} is missing in {text}");
        }
        assert!(words(entry).contains(" UTC"), "{text}");
    }
    assert_eq!(words_of(&page, "article strong"), ["4", "9"]);
    assert_eq!(words(one(&page, "article [lang=de]")), "Schnell & gut, gerne wieder.");
    assert_eq!(all(&page, "article[data-revision='3'], article [data-revision='3']").len(), 1);
    assert_eq!(all(&page, "article time[datetime^='20']").len(), 2);
}

#[tokio::test]
async fn what_customers_write_is_text_and_nothing_else() {
    let bench = Bench::new().await;
    let hostile = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;{{7*7}}";
    bench
        .post_json(&response_with(&[
            ("comment", json!(hostile)),
            ("order.id", json!("\"><svg onload=alert(3)>")),
        ]))
        .await;
    let page = page(&bench, "").await.page();
    assert_eq!(all(&page, "script:not([src]), img, [onerror], [onload]").len(), 0);
    let text = words(one(&page, "article"));
    assert!(text.contains(hostile), "{text}");
    assert!(text.contains("\"><svg onload=alert(3)>"), "{text}");
}

#[tokio::test]
async fn it_speaks_the_readers_language() {
    let bench = Bench::new().await;
    for (accept, lang, title) in [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Antworten"),
        ("en-GB,de;q=0.5", "en", "Answers"),
        ("fr", "en", "Answers"),
    ] {
        let answer = bench.get("/responses", &[LOGIN, ("accept-language", accept)]).await;
        let page = answer.page();
        assert_eq!(one(&page, "html").attr("lang"), Some(lang), "{accept}");
        assert_eq!(words(one(&page, "h1")), title, "{accept}");
        assert_eq!(answer.header("vary"), "Accept-Language, Cookie");
    }
}

#[tokio::test]
async fn older_responses_are_a_link_away_and_the_filter_stays() {
    let bench = Bench::new().await;
    for _ in 0..5 {
        bench.post_json(&response()).await;
    }
    bench.post_json(&response_with(&[("survey", json!("other"))])).await;
    let ids = |page: &scraper::Html| -> Vec<String> {
        all(page, "article").iter().map(|it| it.attr("data-id").unwrap().to_owned()).collect()
    };
    let mut path = "/responses?survey=post-purchase&limit=2".to_owned();
    let mut there = Vec::new();
    let mut back = loop {
        let page = bench.get(&path, &[LOGIN]).await.page();
        there.push(ids(&page));
        let [next] = all(&page, "[rel=next]")[..] else { break page };
        path = next.attr("href").unwrap().to_owned();
        assert!(path.contains("survey=post-purchase"), "{path}");
    };
    assert_eq!(there.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    // What arrives meanwhile is on the first page only.
    bench.post_json(&response()).await;
    assert_eq!(words_of(&back, ".pages .button"), ["Newest", "Newer"]);
    for expected in [Some(&there[1]), None] {
        let [newer] = all(&back, "[rel=prev]")[..] else { panic!("no way back") };
        let path = newer.attr("href").unwrap().to_owned();
        assert!(path.contains("survey=post-purchase"), "{path}");
        back = bench.get(&path, &[LOGIN]).await.page();
        match expected {
            Some(expected) => {
                assert_eq!(&ids(&back), expected);
                assert_eq!(words_of(&back, ".pages .button"), ["Newer", "Older"]);
            }
            None => assert_eq!(ids(&back)[1], there[0][0]),
        }
    }
    assert_eq!(words_of(&back, ".pages .button"), ["Older"]);
}

#[tokio::test]
async fn empty_fields_of_the_filter_are_ignored_and_wrong_ones_explained() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let filtered = page(&bench, "?survey=&touchpoint=order&segment=").await.page();
    one(&filtered, "select[name=touchpoint] option[value=order][selected]");
    assert_eq!(all(&filtered, "article").len(), 1);
    assert!(page(&bench, "?segment=passive").await.text().contains("No answer matches the filter"));

    let answer = bench.get("/responses?segment=%3Cb%3E", &[LOGIN]).await;
    assert_eq!(answer.status, 400);
    assert_guarded(&answer);
    assert!(answer.text().contains("must be one of detractor, passive, promoter"));
    let german = [LOGIN, ("accept-language", "de")];
    let page = bench.get("/responses?segment=x&from=gestern&foo=1", &german).await.page();
    let text = words(one(&page, "main"));
    for said in [
        "segment muss eines von detractor, passive, promoter sein",
        "from muss ein Tag wie 2026-11-24",
        "foo gibt es hier nicht; bekannt sind survey",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
}

/// An error page was once sent as plain text with the `Content-Encoding` of the page that it replaced, so browsers
/// could not show it.
#[tokio::test]
async fn a_page_about_a_failure_is_readable_for_browsers_that_take_compressed_ones() {
    let bench = Bench::new().await;
    for path in ["/responses?segment=x", "/?from=yesterday", "/surveys/none", "/data/import/none"] {
        let answer =
            bench.get(path, &[LOGIN, ("accept-encoding", "gzip, deflate, br, zstd")]).await;
        assert!(answer.status.is_client_error(), "{path}");
        assert!(answer.headers.get("content-encoding").is_none(), "{path}: {:?}", answer.headers);
        assert!(answer.text().starts_with("<!DOCTYPE html>"), "{path}");
    }
}

#[tokio::test]
async fn the_filter_shows_all_its_conditions_and_the_file_has_the_same_answers() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Post+Purchase").await;
    bench.post_json(&response()).await;
    bench.post_json(&response_with(&[("survey", json!("other"))])).await;
    let query = "survey=post-purchase&touchpoint=order&segment=promoter&q=gut&from=2020-01-01\
                 &to=2199-12-31&prop-coupon=WELCOME";
    let page = page(&bench, &format!("?{query}")).await.page();
    let survey = one(&page, "select[name=survey] option[value=post-purchase][selected]");
    assert_eq!(words(survey), "Post Purchase");
    for (field, value) in
        [("q", "gut"), ("from", "2020-01-01"), ("to", "2199-12-31"), ("prop-coupon", "WELCOME")]
    {
        let field = one(&page, &format!("form[method=get] input[name='{field}']"));
        assert_eq!(field.attr("value"), Some(value));
    }
    let text = words(one(&page, "main"));
    assert!(text.contains("Coupon: WELCOME"), "{text}");
    assert!(words(one(&page, "article .about")).starts_with("Post Purchase · "));
    let link = link_to(&page, "/data/export?");
    let file = bench.get(&link, &[LOGIN]).await;
    assert_eq!(file.header("afterword-rows"), "1", "{link}");
}

#[tokio::test]
async fn files_of_pages_exist_and_are_cached_for_ever() {
    let bench = Bench::new().await;
    let text = page(&bench, "").await.text();
    let files: Vec<&str> = text.split('"').filter(|part| part.starts_with("/pages/")).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let answer = bench.get(file, &[]).await;
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.text().contains("://") || file.ends_with(".svg"), "nothing from elsewhere");
    }
    bench.get("/pages/style-old.css", &[]).await.problem(404, "not-found");
}

#[tokio::test]
async fn the_current_area_is_marked() {
    let bench = Bench::new().await;
    let page = page(&bench, "").await.page();
    let current = one(&page, "[aria-current]");
    assert_eq!((current.attr("href"), words(current).as_str()), (Some("/responses"), "Answers"));
    for area in ["/", "/surveys", "/data", "/settings"] {
        assert!(!all(&page, &format!("nav a[href='{area}']")).is_empty(), "{area}");
    }
}

#[tokio::test]
async fn a_chosen_language_is_remembered_and_leads_back() {
    let bench = Bench::new().await;
    let choose = |body: &'static str| bench.form("/language", "", body);
    let answer = choose("next=%2Fresponses%3Flimit%3D2&to=de").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/responses?limit=2"));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let answer = bench.get("/responses", &[LOGIN, ("cookie", &cookie)]).await;
    assert_eq!(words(one(&answer.page(), "h1")), "Antworten");
    assert_eq!(choose("next=%2F%2Fevil.example&to=de").await.header("location"), "/");
}

#[tokio::test]
async fn signed_in_people_see_a_missing_page_inside_the_frame() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let page = ("accept", "text/html");
    // An unknown address, and the address of a form that a person opens again.
    for (path, status) in [("/nowhere", 404), ("/responses/of/x/y/z", 404), ("/data/erase", 405)] {
        let answer = bench.get(path, &[("cookie", &admin), page]).await;
        assert_eq!(answer.status, status, "{path}");
        one(&answer.page(), "nav.areas a[href='/responses']");
        let stranger = bench.get(path, &[page]).await;
        assert_eq!(stranger.status, status, "{path}");
        assert!(all(&stranger.page(), "nav.areas").is_empty(), "{path}");
    }
}
