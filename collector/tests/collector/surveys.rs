//! The surveys: their settings, their tags, and their allowed sites.

use afterword_collector::SettingsFile;
use axum::http::Request;
use scraper::Html;
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, response, response_with},
    markup::{all, assert_nothing_inline, one, words, words_of},
};

/// A page of the collector for a person who is signed in.
pub(crate) async fn page(bench: &Bench, cookie: &str, path: &str) -> Html {
    let answer = bench.get(path, &[("cookie", cookie)]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.page()
}

/// The text of a page.
async fn text(bench: &Bench, cookie: &str, path: &str) -> String {
    words(one(&page(bench, cookie, path).await, "main"))
}

/// The value of a field.
#[track_caller]
fn field_value<'a>(page: &'a Html, field: &str) -> &'a str {
    one(page, &format!("main [name='{field}']")).attr("value").unwrap_or_default()
}

/// The text to copy on a page: the tag, or the form for customers without JavaScript.
#[track_caller]
fn copied(page: &Html, id: &str) -> Html {
    one(page, &format!("[data-copy='{id}']"));
    let markup = one(page, &format!("#{id}")).text().collect::<String>();
    // As a browser without scripts reads it.
    Html::parse_fragment(&markup.replace("noscript>", "div>"))
}

/// Posts an answer as a page of that site does.
async fn post_from(bench: &Bench, origin: &str, response: &Value) -> Answer {
    let request = Request::post("/v1/responses")
        .header("content-type", "text/plain")
        .header("host", "feedback.shop.example")
        .header("origin", origin);
    bench.send(request.body(response.to_string().into()).unwrap()).await
}

/// A collector with this settings file.
async fn bench_with(file: &str) -> Bench {
    let file = SettingsFile::read(file).unwrap();
    Bench::with(|config| config.settings(file)).await
}

#[tokio::test]
async fn a_survey_appears_by_itself_with_its_first_answer() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let link = "main a[href='/surveys/post-purchase']";
    assert!(all(&page(&bench, &admin, "/surveys").await, link).is_empty());
    bench.post_json(&response()).await;
    let list = page(&bench, &admin, "/surveys").await;
    assert!(!all(&list, link).is_empty() && words(one(&list, "main")).contains("1 answer"));
}

#[tokio::test]
async fn a_survey_is_added_by_its_name_and_shows_its_tag() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let body = "name=Nach+dem+Kauf&subject=Harbour+%26+Hill";
    let answer = bench.own_form("/surveys", &admin, body).await;
    assert_eq!(answer.header("location"), "/surveys/nach-dem-kauf?done=added");
    let shown = page(&bench, &admin, "/surveys/nach-dem-kauf?touchpoint=delivery&done=added").await;
    assert!(words(one(&shown, "main")).contains("The survey was added."));
    let preview = "[src='/surveys/nach-dem-kauf/preview?touchpoint=delivery'], [href='/surveys/nach-dem-kauf/preview?touchpoint=delivery']";
    assert!(!all(&shown, preview).is_empty());
    let tag = copied(&shown, "tag-text");
    one(&tag, "script[src='http://localhost/afterword.js']");
    let named = "[data-survey=nach-dem-kauf][data-touchpoint=delivery]";
    assert_eq!(one(&tag, named).attr("data-subject"), Some("Harbour & Hill"));
    one(&tag, "[style*='min-height:max(12em,26em - 35vw)']");
    // The form for customers without JavaScript, for the same touchpoint.
    let form = copied(&shown, "noscript-text");
    one(&form, "form[action='http://localhost/v1/responses']");
    one(&form, "[name=touchpoint][value=delivery]");
    for (body, problem) in [
        (body, "There is a survey of this name already"),
        ("name=&subject=", "1 to 100 characters"),
        ("name=%E6%97%A5%E6%9C%AC", "1 to 64 letters"),
        (&format!("name=x&subject={}", "y".repeat(101)), "1 to 100 characters"),
    ] {
        let answer = bench.own_form("/surveys", &admin, body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.text().contains(problem), "{body}: {}", answer.text());
    }
    assert_eq!(bench.get("/surveys/none", &[("cookie", &admin)]).await.status, 404);
}

#[tokio::test]
async fn settings_are_saved_whole_or_not_at_all() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Autumn").await;
    let good = "name=Autumn&subject=Hill&review-link=https%3A%2F%2Fr.example%2F&language=de&\
                origins=https%3A%2F%2Fshop.example%0Ahttps%3A%2F%2F*.shop.example&retention-days=90";
    let answer = bench.own_form("/surveys/autumn", &admin, good).await;
    assert_eq!(answer.header("location"), "/surveys/autumn?done=saved");
    let saved = page(&bench, &admin, "/surveys/autumn").await;
    assert_eq!(field_value(&saved, "retention-days"), "90");
    let origins = one(&saved, "textarea[name=origins]").text().collect::<String>();
    assert_eq!(origins.trim(), "https://*.shop.example\nhttps://shop.example");
    let tag = copied(&saved, "tag-text");
    one(&tag, "script[src$='/afterword.de.js']");
    one(&tag, "[data-review-url='https://r.example/']");
    for (field, value, problem) in [
        ("retention-days", "0", "whole number of days"),
        ("retention-days", "for+ever", "whole number of days"),
        ("review-link", "javascript%3Aalert(1)", "a whole address"),
        ("origins", "shop.example", "a site without a path"),
        ("language", "fr", "en or de"),
        ("name", "a%0Ab", "on one line"),
    ] {
        let body = format!("name=Changed&{field}={value}");
        let body = if field == "name" { format!("{field}={value}") } else { body };
        let answer = bench.own_form("/surveys/autumn", &admin, &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.text().contains(problem), "{body}: {}", answer.text());
        let kept = page(&bench, &admin, "/surveys/autumn").await;
        assert_eq!(words(one(&kept, "h1")), "Autumn", "{body}");
        assert_eq!(field_value(&kept, "retention-days"), "90", "{body}");
    }
    // A read-only person sees the settings, but no form.
    let reader = bench.colleague(&admin, "lee", "reader").await;
    let read = page(&bench, &reader, "/surveys/autumn").await;
    assert!(words(one(&read, "main")).contains("90 days"));
    assert!(all(&read, "form[action='/surveys/autumn']").is_empty());
}

#[tokio::test]
async fn answers_from_sites_that_are_not_listed_are_refused_and_seen() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let from = async |origin: &str| post_from(&bench, origin, &response()).await;
    assert_eq!(from("https://anywhere.example").await.status, 200, "nothing is listed yet");
    bench.own_form("/surveys/post-purchase", &admin, "origins=https%3A%2F%2Fshop.example").await;
    for origin in ["https://shop.example", "HTTPS://shop.example", "http://feedback.shop.example"] {
        let answer = post_from(&bench, origin, &response()).await;
        assert_eq!(answer.status, 200, "{origin}: {}", answer.text());
    }
    assert_eq!(bench.post_json(&response()).await.status, 200, "a program names no site");
    let other = response_with(&[("survey", json!("other"))]);
    assert_eq!(post_from(&bench, "https://evil.example", &other).await.status, 200);

    let before = bench.list("?limit=200").await["responses"].as_array().unwrap().len();
    for _ in 0..2 {
        let answer = from("https://www.shop.example").await;
        let problem = answer.problem(403, "origin-not-allowed");
        assert!(problem["detail"].as_str().unwrap().contains("allowed origins"), "{problem}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "the page can read why");
    }
    from("null").await.problem(403, "origin-not-allowed");
    let after = bench.list("?limit=200").await["responses"].as_array().unwrap().len();
    assert_eq!(before, after, "nothing was stored");

    assert!(text(&bench, &admin, "/surveys").await.contains("3 answers refused"));
    // The refused score and its refused comment count as one answer.
    let mut answer = response();
    for revision in 1..4 {
        answer["revision"] = json!(revision);
        post_from(&bench, "https://evil.example", &answer).await.problem(403, "origin-not-allowed");
    }
    assert!(text(&bench, &admin, "/surveys").await.contains("4 answers refused"));
    let said = "4 answers were refused: their website is not among the allowed sites.";
    for (path, is_said) in [
        ("/?period=all", true),
        ("/?period=all&survey=post-purchase", true),
        ("/?period=all&survey=other", false),
    ] {
        assert_eq!(text(&bench, &admin, path).await.contains(said), is_said, "{path}");
    }
    let text = async |path| text(&bench, &admin, path).await;
    let seen = text("/surveys/post-purchase").await;
    assert!(seen.contains("https://www.shop.example") && seen.contains("2 answers"), "{seen}");
    let body = "do=allow&origin=https%3A%2F%2Fwww.shop.example";
    let answer = bench.own_form("/surveys/post-purchase/refusals", &admin, body).await;
    assert_eq!(answer.header("location"), "/surveys/post-purchase?done=allowed");
    assert_eq!(from("https://www.shop.example").await.status, 200);
    from("https://evil.example").await.problem(403, "origin-not-allowed");
    bench.own_form("/surveys/post-purchase/refusals", &admin, "do=forget").await;
    assert!(!text("/surveys/post-purchase").await.contains("were refused"));
}

#[tokio::test]
async fn invented_sites_do_not_fill_a_table() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    bench.own_form("/surveys/post-purchase", &admin, "origins=https%3A%2F%2Fshop.example").await;
    for number in 0..60 {
        let origin = format!("https://{number}.example");
        assert_eq!(post_from(&bench, &origin, &response()).await.status, 403);
    }
    let seen = page(&bench, &admin, "/surveys/post-purchase").await;
    let sites = words_of(&seen, "main strong");
    assert_eq!(sites.iter().filter(|site| site.ends_with(".example")).count(), 50);
    assert!(sites.iter().any(|site| site == "…"), "{sites:?}");
    assert!(words(one(&seen, "main")).contains("10 answers"));
}

#[tokio::test]
async fn the_settings_file_overrides_the_page_which_only_shows_it() {
    let bench = bench_with(
        "public-url = \"https://feedback.shop.example\"\ntime-zone = \"Europe/Berlin\"\n\
         [surveys.autumn]\nname = \"From the file\"\nallowed-origins = [\"https://shop.example\"]\n",
    )
    .await;
    let admin = {
        let (path, _) = bench.collector.setup_link().await.unwrap().unwrap();
        let body = format!("name=Kim&login=kim&password={}", crate::bench::PASSWORD);
        bench.form(&path, "", &body).await.cookie()
    };
    assert!(admin.starts_with("__Host-afterword_session="), "the address is known to be safe");
    let shown = page(&bench, &admin, "/surveys/autumn").await;
    assert_eq!(words(one(&shown, "h1")), "From the file");
    let said = words(one(&shown, "main"));
    assert_eq!(said.matches("The settings file decides over this.").count(), 2, "{said}");
    assert_eq!(all(&shown, "[readonly]").len(), 2);
    let tag = copied(&shown, "tag-text");
    one(&tag, "script[src='https://feedback.shop.example/afterword.js']");

    // Settings that are not in the file can be changed; those in the file stay, whatever the form contains.
    let body = "name=Changed&origins=&subject=Hill";
    assert_eq!(bench.own_form("/surveys/autumn", &admin, body).await.status, 303);
    let saved = page(&bench, &admin, "/surveys/autumn").await;
    assert_eq!(words(one(&saved, "h1")), "From the file");
    assert_eq!(field_value(&saved, "subject"), "Hill");
    let sent = response_with(&[("survey", json!("autumn"))]);
    assert_eq!(post_from(&bench, "https://evil.example", &sent).await.status, 403);
    assert_eq!(post_from(&bench, "https://shop.example", &sent).await.status, 200);
    let allow = "do=allow&origin=https%3A%2F%2Fevil.example";
    assert_eq!(bench.own_form("/surveys/autumn/refusals", &admin, allow).await.status, 404);

    assert!(text(&bench, &admin, "/settings/shop").await.contains("The settings file decides"));
    bench.own_form("/settings/shop", &admin, "zone=UTC").await;
    let shop = page(&bench, &admin, "/settings/shop").await;
    assert_eq!(field_value(&shop, "zone"), "Europe/Berlin");
}

#[tokio::test]
async fn a_preview_may_run_the_widget_and_nothing_else() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Autumn&subject=Harbour+%26+Hill").await;
    let path = "/surveys/autumn/preview?touchpoint=support";
    let answer = bench.get(path, &[("cookie", &admin)]).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    let preview = answer.page();
    one(&preview, "[src='/afterword.js']");
    let survey = one(&preview, "[data-preview=true][data-survey=autumn][data-touchpoint=support]");
    assert_eq!(survey.attr("data-subject"), Some("Harbour & Hill"));
    assert_nothing_inline(&preview);
}

#[tokio::test]
async fn retention_comes_from_the_survey_or_else_from_the_file() {
    let bench = bench_with("retention-days = 400\n[surveys.b]\nretention-days = 30\n").await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=a").await;
    assert!(text(&bench, &admin, "/surveys/a").await.contains("Left open: 400 days."));
    assert_eq!(field_value(&page(&bench, &admin, "/surveys/b").await, "retention-days"), "30");
}

#[tokio::test]
async fn the_privacy_notice_is_the_surveys_own_or_the_shops() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Autumn").await;
    let shown = page(&bench, &admin, "/surveys/autumn").await;
    let missing = "no link to a privacy notice yet";
    assert!(words(one(&shown, "#tag")).contains(missing));
    assert!(all(&copied(&shown, "tag-text"), "[data-privacy-url]").is_empty());

    // One is wrong: nothing is saved, and the form shows both as they were typed.
    let wrong = "privacy=shop.example%2Fprivacy&imprint=https%3A%2F%2Fshop.example%2Fimprint";
    let answer = bench.own_form("/settings/shop/links", &admin, wrong).await;
    assert_eq!(answer.status, 422);
    let typed = answer.page();
    assert_eq!(field_value(&typed, "privacy"), "shop.example/privacy");
    assert_eq!(field_value(&typed, "imprint"), "https://shop.example/imprint");
    one(&typed, "[name=privacy][aria-invalid=true]");
    let customers = bench.get("/thanks?locale=de", &[]).await.page();
    assert!(all(&customers, "footer a").is_empty());

    let links =
        "privacy=https%3A%2F%2Fshop.example%2Fprivacy&imprint=https%3A%2F%2Fshop.example%2Fimprint";
    let answer = bench.own_form("/settings/shop/links", &admin, links).await;
    assert_eq!(answer.header("location"), "/settings/shop?done=links");
    let of_the_shop = "[data-privacy-url='https://shop.example/privacy']";
    let shown = page(&bench, &admin, "/surveys/autumn").await;
    assert!(!words(one(&shown, "main")).contains(missing));
    one(&copied(&shown, "tag-text"), of_the_shop);
    one(&copied(&shown, "noscript-text"), "form a[href='https://shop.example/privacy']");
    let preview = page(&bench, &admin, "/surveys/autumn/preview").await;
    one(&preview, of_the_shop);
    let own = "name=Autumn&privacy-link=https%3A%2F%2Fshop.example%2Fautumn";
    bench.own_form("/surveys/autumn", &admin, own).await;
    let shown = page(&bench, &admin, "/surveys/autumn").await;
    one(&copied(&shown, "tag-text"), "[data-privacy-url='https://shop.example/autumn']");

    // On every page that customers see: the thanks, and the page about a refused form.
    let customers = |answer: Answer| {
        let page = answer.page();
        all(&page, "footer a")
            .into_iter()
            .map(|it| (words(it), it.attr("href").unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let expected = [
        ("Impressum".to_owned(), "https://shop.example/imprint".to_owned()),
        ("Datenschutz".to_owned(), "https://shop.example/privacy".to_owned()),
    ];
    assert_eq!(customers(bench.get("/thanks?locale=de", &[]).await), expected);
    let page = ("accept", "text/html");
    let german = ("accept-language", "de");
    let wrong = bench.get("/v1/responses?score=9", &[page, german]).await;
    assert_eq!(customers(wrong), expected);
    let form = Request::post("/v1/responses")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate");
    let refused = bench.send(form.body("locale=de&comment=x".into()).unwrap()).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(customers(refused), expected);
    // Empty fields remove the links.
    bench.own_form("/settings/shop/links", &admin, "privacy=&imprint=").await;
    assert!(customers(bench.get("/thanks", &[]).await).is_empty());
}

#[tokio::test]
async fn the_tag_contains_the_chosen_additions() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Autumn").await;
    let plain = page(&bench, &admin, "/surveys/autumn").await;
    let tag = one(&plain, "#tag-text").text().collect::<String>();
    assert!(!tag.contains("data-order-id") && !tag.contains("data-report"), "{tag}");
    assert_eq!(tag.lines().count(), 2, "{tag}");
    let chosen =
        page(&bench, &admin, "/surveys/autumn?touchpoint=delivery&order=shopware&rate=1").await;
    one(&chosen, "#order option[value=shopware][selected]");
    one(&chosen, "[name=rate][checked]");
    let tag = one(&chosen, "#tag-text").text().collect::<String>();
    assert!(
        tag.contains(" data-order-id=\"{{ page.order.orderNumber }}\" data-report=\"all\" "),
        "{tag}"
    );
    let form = one(&chosen, "#noscript-text").text().collect::<String>();
    assert!(form.contains("data-report=\"all\"") && form.contains("<noscript>"), "{form}");
    // Each shop system of which the manual has a template can be chosen, in both languages.
    let shop_systems =
        ["WooCommerce", "Shopware 6", "JTL-Shop 5", "OXID", "Gambio", "django-oscar"];
    for (language, other) in [("en", "Another template"), ("de", "Andere Vorlage")] {
        let headers = [("cookie", admin.as_str()), ("accept-language", language)];
        let page = bench.get("/surveys/autumn", &headers).await.page();
        let offered: Vec<String> = all(&page, "#order option").into_iter().map(words).collect();
        assert_eq!(offered[1..], [&shop_systems[..], &[other]].concat(), "{language}");
    }
    let jtl = page(&bench, &admin, "/surveys/autumn?order=jtl").await;
    let tag = one(&jtl, "#tag-text").text().collect::<String>();
    let number = " data-order-id=\"{$Bestellung->cBestellNr|escape:'html'}\" ";
    assert!(tag.contains(number), "{tag}");
    // The tags for the other touchpoints have the same attributes.
    let other = "nav.tabs a[href='/surveys/autumn?touchpoint=return&order=shopware&rate=1#tag']";
    one(&chosen, other);
    let address = "/surveys/autumn?touchpoint=delivery&reasons=1&contact=1&quote=1&receipt=1";
    let chosen = page(&bench, &admin, address).await;
    assert_eq!(all(&chosen, "fieldset [type=checkbox][checked]").len(), 4);
    let tag = one(&chosen, "#tag-text").text().collect::<String>();
    let expected = " data-reasons=\"late:It came late, packing:Badly packed, price:Too expensive\" \
                    data-contact=\"true\" data-quote-permission=\"true\" data-receipt=\"true\" ";
    assert!(tag.contains(expected), "{tag}");
    let form = one(&chosen, "#noscript-text").text().collect::<String>();
    assert!(form.contains("<input type=\"hidden\" name=\"receipt\" value=\"true\">"), "{form}");
    // The field for days is a number field with suggestions.
    assert!(words(one(&chosen, ".with-unit")).contains("days"));
    one(&chosen, "#retention-presets option[value='730']");
}
