//! `GET /`: the report as a page. Its figures must equal those of `GET /v1/report`, which `report.rs` checks
//! against an independent computation.

use afterword_collector::{
    Config,
    seed::{self, Plan},
};
use proptest::{prelude::*, test_runner::TestRunner};
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, TOKEN, insert, response, response_with},
    markup::{all, assert_nothing_inline, link_to, one, words, words_of},
    report::{BEGIN, DAY, any_sample, date, fill, open, property_bench, report},
};

async fn page(bench: &Bench, query: &str, language: &str) -> Answer {
    let path = format!("/?{query}");
    let answer = bench.get(&path, &[LOGIN, ("accept-language", language)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_nothing_inline(&answer.page());
    let text = answer.text();
    for outside in ["src=\"http", "href=\"http", "url(", "@import"] {
        assert!(!text.contains(outside), "{outside} is asked for elsewhere");
    }
    answer
}

/// The text of an element, without the arrow beside a difference.
fn read(element: ElementRef<'_>) -> String {
    words(element).replace(['▲', '▼'], "").trim().to_owned()
}

/// The figure of that name; the first one, that of the whole report, if there are several.
#[track_caller]
fn figure(page: &Html, name: &str) -> String {
    let found = all(page, &format!("[data-figure='{name}']"));
    read(*found.first().unwrap_or_else(|| panic!("{name} is not shown")))
}

/// The cells of a row.
fn cells(row: ElementRef<'_>) -> Vec<String> {
    row.select(&Selector::parse("td").unwrap()).map(read).collect()
}

/// The rows of a kind: each with its value and the texts of its cells.
fn rows(page: &Html, kind: &str) -> Vec<(String, Vec<String>)> {
    all(page, &format!("tr[data-kind='{kind}']"))
        .into_iter()
        .map(|row| (row.attr("data-value").unwrap().to_owned(), cells(row)))
        .collect()
}

/// A number as an English page writes it: `12,345`, `−12.3`.
fn english(number: &str) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("−", number),
        None => ("", number),
    };
    let (whole, rest) = match number.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (number, String::new()),
    };
    let grouped: Vec<String> = whole
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| String::from_utf8(group.to_vec()).unwrap())
        .collect();
    format!("{sign}{}{rest}", grouped.join(","))
}

fn count(value: &Value) -> String {
    english(&value.as_u64().unwrap().to_string())
}

/// Whether `shown` is `value` rounded to one decimal place, in either direction if it lies in the middle.
fn shows(shown: &str, value: f64) -> bool {
    let number: f64 = shown.replace('−', "-").replace([',', '+'], "").parse().unwrap();
    (number - value).abs() <= 0.05 + 1e-9
        && shown.replace(',', "").split('.').nth(1).unwrap().len() == 1
}

#[track_caller]
fn check_range(shown: &str, interval: &Value) {
    let (low, high) = shown.split_once(" to ").unwrap();
    assert!(shows(low, interval["low"].as_f64().unwrap()), "{shown} {interval}");
    assert!(shows(high, interval["high"].as_f64().unwrap()), "{shown} {interval}");
}

/// The last three cells of a row: score, interval, answers.
#[track_caller]
fn check_row(cells: &[String], figures: &Value) {
    let [.., score, range, answers] = cells else { panic!("{cells:?}") };
    assert!(shows(score, figures["nps"].as_f64().unwrap()), "{score} {figures}");
    check_range(range, &figures["interval"]);
    assert_eq!(*answers, count(&figures["answers"]));
}

fn check(page: &Html, report: &Value) {
    let text = words(one(page, "main"));
    if report["answers"] == 0 {
        let none = ["No answers in this period", "No answer counts in this period"];
        assert!(none.iter().any(|none| text.contains(none)), "{text}");
        return;
    }
    assert!(shows(&figure(page, "nps"), report["nps"].as_f64().unwrap()));
    check_range(&figure(page, "interval"), &report["interval"]);
    assert_eq!(figure(page, "answers"), count(&report["answers"]));
    for (segment, name) in
        [("detractor", "detractors"), ("passive", "passives"), ("promoter", "promoters")]
    {
        assert_eq!(figure(page, segment), count(&report[name]));
    }
    for score in 0..=10_usize {
        assert_eq!(figure(page, &format!("score-{score}")), count(&report["distribution"][score]));
    }
    assert_eq!(text.contains("below 30, chance weighs more"), report["enough"] == false);
    match report["change"].as_object() {
        Some(change) => {
            assert!(shows(&figure(page, "change"), change["points"].as_f64().unwrap()));
            check_range(&figure(page, "change-interval"), &change["interval"]);
            let verdict = match change["verdict"].as_str().unwrap() {
                "real" => "Statistically clear",
                "could-be-chance" => "Could be chance",
                "too-few" => "Too few answers",
                _ => "Not comparable",
            };
            assert_eq!(figure(page, "verdict"), verdict);
        }
        None => assert!(text.contains("nothing to compare with")),
    }
    let named = report["concentration"].as_array().unwrap();
    assert_eq!(text.contains("belong to the same order"), !named.is_empty(), "{named:?}");
    for (figure, told) in
        [("power", !report["change"]["power"].is_null()), ("ways", report["ways"] != json!([]))]
    {
        let shown = !all(page, &format!("[data-figure='{figure}']")).is_empty();
        assert_eq!(shown, told, "{figure}");
    }
    let steps = report["trend"]["points"].as_array().unwrap();
    for point in steps {
        let from = point["from"].as_str().unwrap();
        let cells = cells(one(page, &format!("tr[data-step='{from}']")));
        match point["nps"].as_f64() {
            Some(nps) => {
                assert!(shows(&cells[0], nps));
                check_range(&cells[1], &point["interval"]);
            }
            None => assert_eq!(cells[0], "–"),
        }
        let expected =
            ["answers", "detractors", "passives", "promoters"].map(|it| count(&point[it]));
        assert_eq!(cells[2..6], expected);
        assert_eq!(cells[6].is_empty(), point["change"].is_null());
    }
    assert_eq!(all(page, "[data-step]").len(), steps.len());

    let before = report["trend"]["before"].as_array().unwrap();
    assert_eq!(all(page, "[data-before]").len(), before.len());

    let touchpoints = rows(page, "touchpoint");
    let expected = report["touchpoints"].as_array().unwrap();
    // A single touchpoint is not listed, since it would repeat the head.
    assert_eq!(touchpoints.len(), if expected.len() > 1 { expected.len() } else { 0 });
    for ((name, cells), figures) in touchpoints.iter().zip(expected) {
        assert_eq!(figures["touchpoint"], *name);
        check_row(cells, figures);
    }
    let values = rows(page, "value");
    let expected = report["breakdown"]["values"].as_array().cloned().unwrap_or_default();
    assert_eq!(values.len(), expected.len());
    for ((name, cells), figures) in values.iter().zip(&expected) {
        assert_eq!(figures["value"], *name);
        check_row(cells, figures);
    }
    if let Some(moments) = report["moments"].as_array().unwrap().first() {
        assert!(shows(&figure(page, "gap"), moments["gap"]["points"].as_f64().unwrap()));
        check_range(&figure(page, "gap-interval"), &moments["gap"]["interval"]);
        let rows = rows(page, "moment");
        check_row(&rows[0].1, &moments["first_figures"]);
        check_row(&rows[1].1, &moments["second_figures"]);
    }
    if let Some(silence) = report["non_response"].as_object() {
        for (name, value) in [
            ("answered", &silence["answered"]),
            ("ignored", &silence["ignored"]),
            ("closed", &report["dismissals"]),
        ] {
            assert_eq!(figure(page, name), count(value));
        }
        let range = figure(page, "response-rate-interval").replace('%', "");
        let interval = &silence["response_rate_interval"];
        let percents = |bound: &str| interval[bound].as_f64().unwrap() * 100.0;
        check_range(&range, &json!({ "low": percents("low"), "high": percents("high") }));
        let rate = figure(page, "response-rate");
        assert!(shows(
            rate.trim_end_matches('%'),
            silence["response_rate"].as_f64().unwrap() * 100.0
        ));
        for bound in ["low", "high"] {
            let bound = silence["bounds"][bound].as_f64().unwrap();
            let said =
                text.split_once("the score would be ").unwrap().1.split_once(". Stat").unwrap().0;
            let found =
                said.split("; had all of them been promoters, ").any(|part| shows(part, bound));
            assert!(found, "{bound} is not in {said}");
        }
    }
}

#[test]
fn it_shows_the_reports_figures_and_no_others() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bench, file, config) = runtime.block_on(property_bench());
    let samples = prop::collection::vec(any_sample(), 1..260);
    TestRunner::new(config)
        .run(&(samples, 0..60_i64, 1..60_i64, 0..4_usize), |(samples, from, days, extra)| {
            runtime.block_on(async {
                let mut file = file.lock().await;
                fill(&mut file, &samples).await;
                bench.count_anew().await;
                let extra = ["", "&touchpoint=order", "&country=DE", "&step=day&by=tag"][extra];
                let query = format!("from={}&to={}{extra}", date(from), date(from + days - 1));
                let page = page(&bench, &query, "en").await.page();
                if words(one(&page, "main")).contains("Your report will be here") {
                    return;
                }
                check(&page, &report(&bench, &query).await);
            });
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_asked_to() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let answer = bench.get("/?country=DE", &[]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/login?next=%2F%3Fcountry%3DDE");
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn a_new_shop_is_told_how_to_begin() {
    let bench = Bench::new().await;
    let begun = page(&bench, "", "en").await.page();
    let text = words(one(&begun, "main"));
    assert!(text.contains("Your report will be here"), "{text}");
    assert!(!all(&begun, "main a[href='/surveys']").is_empty(), "{text}");
    assert!(all(&begun, "[data-figure]").is_empty(), "there is no figure to show");
    let text = page(&bench, "", "de").await.text();
    assert!(text.contains("Hier entsteht Ihr Bericht"), "{text}");
}

#[tokio::test]
async fn a_few_answers_give_figures_and_no_verdict() {
    let bench = Bench::new().await;
    for score in [10, 10, 3] {
        bench.post_json(&response_with(&[("score", json!(score))])).await;
    }
    for (language, score, verdict) in
        [("en", "33.3", "Only 3 answers: below 30"), ("de", "33,3", "Erst 3 Antworten: Unter 30")]
    {
        let page = page(&bench, "", language).await.page();
        assert_eq!(figure(&page, "nps"), score);
        let text = words(one(&page, "main"));
        assert!(text.contains(verdict), "{text}");
    }
}

#[tokio::test]
async fn every_link_keeps_what_was_chosen_elsewhere() {
    let bench = Bench::new().await;
    for touchpoint in ["order", "delivery"] {
        bench.post_json(&response_with(&[("touchpoint", json!(touchpoint))])).await;
    }
    let query = "survey=post-purchase&touchpoint=order&period=30d&step=week&by=country&q=gut\
                 &segment=promoter&prop-coupon=WELCOME";
    let chosen = page(&bench, query, "en").await.page();
    let links: Vec<&str> = all(&chosen, "[href^='/?']")
        .into_iter()
        .map(|link| &link.attr("href").unwrap()[2..])
        .filter(|link| link.contains("survey"))
        .collect();
    assert!(links.len() > 15, "{links:?}");
    for link in &links {
        let kept =
            query.split('&').filter(|pair| link.split(['&', '#']).any(|it| it == *pair)).count();
        assert!(kept >= 7, "{link} keeps {kept}");
        let (link, _) = link.split_once('#').unwrap_or((link, ""));
        page(&bench, link, "en").await;
    }
    for field in ["period", "by", "q", "segment", "prop-coupon"] {
        let hidden = all(&chosen, &format!("form input[type=hidden][name='{field}']"));
        assert!(!hidden.is_empty() || field == "q", "{field} is lost when a form is sent");
    }
}

#[tokio::test]
async fn the_breakdown_offers_what_the_survey_has_and_says_what_it_has_not() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let plain = response_with(&[
        ("survey", json!("website")),
        ("touchpoint", json!("visit")),
        ("order", Value::Null),
        ("customer", Value::Null),
        ("properties", json!({})),
        ("tags", json!([])),
        ("reasons", json!([])),
    ]);
    bench.post_json(&plain).await;
    let tabs = async |query: &str| {
        let page = page(&bench, query, "de").await.page();
        (words_of(&page, ".breakdown nav a"), words(one(&page, ".breakdown")))
    };
    let (of_all, _) = tabs("").await;
    assert!(of_all.contains(&"Produkt".to_owned()) && of_all.len() > 3, "{of_all:?}");
    let (of_website, text) = tabs("survey=website").await;
    assert_eq!(of_website, ["Sprache"]);
    assert!(!text.contains("Keine dieser Antworten"), "{text}");
    // What was chosen with another survey stays chosen, and the page says that there is none.
    let (of_website, text) = tabs("survey=website&by=product").await;
    assert_eq!(of_website, ["Sprache", "Produkt"]);
    assert!(text.contains("Keine dieser Antworten enthält diese Angabe."), "{text}");
}

#[tokio::test]
async fn surveys_and_properties_have_their_names_and_the_answers_are_a_file_away() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Post+Purchase").await;
    bench.post_json(&response()).await;
    bench.post_json(&response_with(&[("survey", json!("other"))])).await;
    let query = "survey=post-purchase&segment=detractor&q=nothing&by=prop-coupon";
    let page = page(&bench, query, "en").await.page();
    let survey = one(&page, "option[value=post-purchase][selected]");
    assert_eq!(words(survey), "Post Purchase");
    assert!(words_of(&page, "p").iter().any(|it| it.ends_with(" · Post Purchase")));
    assert!(words_of(&page, "a").contains(&"Coupon".to_owned()));
    // A filter for comments changes neither the figures nor the exported file.
    let link = link_to(&page, "/data/export?");
    let file = bench.get(&link, &[LOGIN]).await;
    assert_eq!(file.header("afterword-rows"), figure(&page, "answers"), "{link}");
}

#[tokio::test]
async fn what_customers_and_shops_write_is_text_and_nothing_else() {
    let bench = Bench::new().await;
    let hostile = "</text></svg><script>alert(1)</script>\"'&amp;";
    bench
        .post_json(&response_with(&[
            ("comment", json!(hostile)),
            ("order.products", json!([hostile])),
            ("properties.coupon", json!(hostile)),
            ("method.question", json!(hostile)),
            ("tags", json!([hostile])),
        ]))
        .await;
    let encoded: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
    for query in [
        String::new(),
        format!("product={encoded}"),
        format!("q=alert+{encoded}"),
        format!("by=tag&prop-coupon={encoded}"),
    ] {
        let page = page(&bench, &query, "en").await.page();
        assert!(all(&page, "script:not([src])").is_empty(), "{query}");
        let text = words(one(&page, "main"));
        assert!(text.contains("<script>alert(1)"), "{query}: {text}");
    }
}

#[tokio::test]
async fn a_wrong_filter_is_explained_and_dates_win_over_a_period_in_the_form() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let answer = bench.get("/?from=yesterday", &[LOGIN]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("must be a day such as 2026-11-24"), "{}", answer.text());
    let text = page(&bench, "period=30d&survey=&from=2026-01-01&to=2026-01-31", "en").await.text();
    assert!(text.contains("1 Jan 2026 – 31 Jan 2026"), "{text}");
}

#[tokio::test]
async fn a_break_of_the_line_has_its_reason_on_it() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for day in 0..40 {
        let question = if day < 20 { "Old question?" } else { "New question?" };
        let body = response_with(&[("method.question", json!(question))]);
        insert(&mut file, &body, BEGIN + day * DAY).await;
    }
    bench.count_anew().await;
    let text = page(&bench, "from=2026-08-01&to=2026-09-09&step=week", "en").await.text();
    for said in [
        "21 Aug 2026: asked another way (wording)",
        "wording (Order; German)",
        "“Old question?”",
        "“New question?”",
        "class=\"f-break\"",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    let text = page(&bench, "from=2026-08-01&to=2026-09-09", "de").await.text();
    assert!(text.contains("21.08.2026: anders gefragt (Wortlaut)"), "{text}");
}

/// A bench on the demo shop's year.
async fn seeded(answers: usize) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite://{}", folder.path().join("seeded.db").display());
    let plan = Plan { answers, end: "2026-11-24T18:00:00Z".parse().unwrap(), ..Plan::new() };
    seed::run(&Config::new(&address), &plan, |_| {}).await.unwrap();
    let mut bench = Bench::with(|_| Config::new(&address).token(TOKEN)).await;
    bench.folder = folder;
    bench
}

#[tokio::test]
async fn it_costs_less_than_sixty_kilobytes_on_the_wire() {
    let bench = seeded(5_000).await;
    for accept in ["gzip", "br"] {
        for query in ["from=2025-11-25&to=2026-11-24", "from=2026-05-01&to=2026-11-16&step=day"] {
            let accept = [LOGIN, ("accept-encoding", accept), ("accept-language", "de")];
            let answer = bench.get(&format!("/?{query}"), &accept).await;
            assert_eq!(answer.header("content-encoding"), accept[1].1);
            let vary = answer.headers.get_all("vary").iter().any(|it| it == "accept-encoding");
            assert!(vary, "{:?}", answer.headers);
            let mut sum = answer.body.len();
            let plain = page(&bench, query, "de").await.text();
            for file in plain.split("=\"/pages/").skip(1) {
                let path = format!("/pages/{}", file.split('"').next().unwrap());
                sum += bench.get(&path, &accept).await.body.len();
            }
            assert!(sum <= 60 * 1024, "{query} weighs {sum} bytes with its files");
        }
    }
}

#[tokio::test]
async fn the_page_shows_the_reasons_of_a_verdict() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    // Each touchpoint scores as before, but there are more answers at the worse one.
    for day in 0..60 {
        let (orders, support) = if day < 30 { (5, 1) } else { (1, 4) };
        let answers = std::iter::repeat_n(("order", 10), orders)
            .chain(std::iter::repeat_n(("support", 3), support));
        for (touchpoint, score) in answers {
            let body = response_with(&[
                ("touchpoint", json!(touchpoint)),
                ("score", json!(score)),
                ("order.id", Value::Null),
            ]);
            insert(&mut file, &body, BEGIN + day * DAY).await;
        }
    }
    bench.count_anew().await;
    let query = "from=2026-08-31&to=2026-09-29";
    let answer = page(&bench, query, "de").await;
    let all_of_it = answer.page();
    let text = words(one(&all_of_it, "main"));
    assert_eq!(figure(&all_of_it, "verdict"), "Kein Zufall");
    assert!(text.contains("höchstens 1 von 20"), "{text}");
    assert!(text.contains("sind anders gemischt als vorher"), "{text}");
    assert_eq!(words(one(&all_of_it, ".mix .badge")), "Kann Zufall sein");
    assert!(!all(&all_of_it, ".trend .s-before").is_empty(), "the period before is a line, too");
    let story = figure(&all_of_it, "story");
    assert!(story.starts_with("Der Wert liegt unter dem des Zeitraums davor"), "{story}");
    let apart =
        words(one(&all_of_it, "[data-kind='touchpoint'][data-value='support'] .apart-from"));
    assert!(apart.contains("unter den übrigen"), "{apart}");
    // Nothing changed at one touchpoint, so the page names the difference that could have been recognised.
    for (language, verdict, said) in [
        ("de", "Kann Zufall sein", "in 4 von 5 Fällen"),
        ("en", "Could be chance", "in 4 of 5 cases"),
    ] {
        let query = format!("{query}&touchpoint=order");
        let page = page(&bench, &query, language).await.page();
        assert_eq!(figure(&page, "verdict"), verdict);
        assert!(figure(&page, "power").contains(said), "{}", figure(&page, "power"));
        assert!(all(&page, ".mix").is_empty(), "one touchpoint is no mix");
    }
}

#[tokio::test]
async fn a_figure_that_pools_two_questions_says_so() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for day in 0..40 {
        let question = if day < 20 { "Old question?" } else { "New question?" };
        let body = response_with(&[("method.question", json!(question))]);
        insert(&mut file, &body, BEGIN + day * DAY).await;
    }
    bench.count_anew().await;
    let pooled = page(&bench, "from=2026-08-01&to=2026-09-09", "de").await.page();
    assert_eq!(
        words_of(&pooled, "[data-figure='ways'] li"),
        [
            "01.08.2026 – 20.08.2026: 100,0 aus 20 Antworten",
            "21.08.2026 – 09.09.2026: 100,0 aus 20 Antworten"
        ]
    );
    let since = one(&pooled, ".ways a").attr("href").unwrap().to_owned();
    assert_eq!(since, "/?from=2026-08-21&to=2026-09-09");
    let alone = page(&bench, since.trim_start_matches("/?"), "de").await.page();
    assert!(all(&alone, "[data-figure='ways']").is_empty());
}
