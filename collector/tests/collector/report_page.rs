//! `GET /`: the report as a page. Its figures are those of `GET /v1/report`, which `report.rs` holds
//! against an independent computation.

use afterword_collector::{
    Config,
    seed::{self, Plan},
};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, TOKEN, insert, response, response_with},
    report::{BEGIN, DAY, any_sample, date, fill, open, report},
};

const LOGIN: (&str, &str) = ("authorization", "Bearer the token of this test");

async fn page(bench: &Bench, query: &str, language: &str) -> Answer {
    let path = format!("/?{query}");
    let answer = bench.get(&path, &[LOGIN, ("accept-language", language)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    assert!(!text.contains(" style=\"") && !text.contains("<style"), "nothing is inline");
    for outside in ["src=\"http", "href=\"http", "url(", "@import"] {
        assert!(!text.contains(outside), "{outside} is asked for elsewhere");
    }
    answer
}

/// What stands in an element, without the tags in it.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&amp;", "&").replace(['▲', '▼'], "")
}

/// The figure of that name; the arrow beside a difference is not part of it.
fn figure(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("data-figure=\"{name}\">"))
        .unwrap_or_else(|| panic!("{name} is not shown: {page}"));
    // The element that holds it ends where as many were closed as were opened.
    let mut depth = 1;
    let mut end = 0;
    while depth > 0 {
        let next = rest[end..].find('<').unwrap() + end;
        depth += if rest[next..].starts_with("</") { -1 } else { 1 };
        end = next + 1;
    }
    text_of(&rest[..end - 1])
}

/// The rows of a kind: their value, and the texts of their cells.
fn rows(page: &str, kind: &str) -> Vec<(String, Vec<String>)> {
    page.split(&format!("data-kind=\"{kind}\" data-value=\""))
        .skip(1)
        .map(|row| {
            let (value, row) = row.split_once("\">").unwrap();
            let row = row.split("</tr>").next().unwrap();
            let cells =
                row.split("<td").skip(1).map(|cell| text_of(&format!("<td{cell}"))).collect();
            (value.to_owned(), cells)
        })
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

/// Whether `shown` is `value` to one decimal place; either way where it lies between two.
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

fn check(page: &str, report: &Value) {
    if report["answers"] == 0 {
        assert!(page.contains("No answers in this period"), "{page}");
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
    assert_eq!(page.contains("below 30, chance weighs more"), report["enough"] == false);
    match report["change"].as_object() {
        Some(change) => {
            assert!(shows(&figure(page, "change"), change["points"].as_f64().unwrap()));
            check_range(&figure(page, "change-interval"), &change["interval"]);
            let verdict = match change["verdict"].as_str().unwrap() {
                "real" => "Real",
                "could-be-chance" => "Could be chance",
                "too-few" => "Too few answers",
                _ => "Not comparable",
            };
            assert_eq!(figure(page, "verdict"), verdict);
        }
        None => assert!(page.contains("nothing to compare with")),
    }
    let steps = report["trend"]["points"].as_array().unwrap();
    for point in steps {
        let from = point["from"].as_str().unwrap();
        let (_, row) = page.split_once(&format!("<tr data-step=\"{from}\">")).unwrap();
        let row = row.split("</tr>").next().unwrap();
        let cells: Vec<String> =
            row.split("<td").skip(1).map(|cell| text_of(&format!("<td{cell}"))).collect();
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
    assert_eq!(page.matches("data-step=").count(), steps.len());

    let touchpoints = rows(page, "touchpoint");
    let expected = report["touchpoints"].as_array().unwrap();
    // One alone would only repeat the head.
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
                page.split_once("the score would be ").unwrap().1.split_once(". Stat").unwrap().0;
            let found =
                said.split("; had all of them been promoters, ").any(|part| shows(part, bound));
            assert!(found, "{bound} is not in {said}");
        }
    }
}

#[test]
fn it_shows_the_reports_figures_and_no_others() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bench, file) = runtime.block_on(async {
        let bench = Bench::new().await;
        let file = tokio::sync::Mutex::new(open(&bench).await);
        (bench, file)
    });
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() };
    let samples = prop::collection::vec(any_sample(), 1..260);
    TestRunner::new(config)
        .run(&(samples, 0..60_i64, 1..60_i64, 0..4_usize), |(samples, from, days, extra)| {
            runtime.block_on(async {
                let mut file = file.lock().await;
                fill(&mut file, &samples).await;
                let extra = ["", "&touchpoint=order", "&country=DE", "&step=day&by=tag"][extra];
                let query = format!("from={}&to={}{extra}", date(from), date(from + days - 1));
                let page = page(&bench, &query, "en").await.text();
                if page.contains("Here the report will be") {
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
async fn a_shop_that_begins_is_told_how() {
    let bench = Bench::new().await;
    let text = page(&bench, "", "en").await.text();
    assert!(
        text.contains("Here the report will be") && text.contains("href=\"/surveys\""),
        "{text}"
    );
    assert!(!text.contains("data-figure"), "there is no figure to show");
    let text = page(&bench, "", "de").await.text();
    assert!(text.contains("Hier entsteht der Bericht"), "{text}");
}

#[tokio::test]
async fn a_few_answers_give_figures_and_no_verdict() {
    let bench = Bench::new().await;
    for score in [10, 10, 3] {
        bench.post_json(&response_with(&[("score", json!(score))])).await;
    }
    let text = page(&bench, "", "en").await.text();
    assert_eq!(figure(&text, "nps"), "33.3");
    assert!(text.contains("Only 3 answers: below 30"), "{text}");
    let text = page(&bench, "", "de").await.text();
    assert_eq!(figure(&text, "nps"), "33,3");
    assert!(text.contains("Erst 3 Antworten: Unter 30"), "{text}");
}

#[tokio::test]
async fn every_link_keeps_what_was_chosen_elsewhere() {
    let bench = Bench::new().await;
    for touchpoint in ["order", "delivery"] {
        bench.post_json(&response_with(&[("touchpoint", json!(touchpoint))])).await;
    }
    let query = "survey=post-purchase&touchpoint=order&period=30d&step=week&by=country&q=gut\
                 &segment=promoter&prop-coupon=WELCOME";
    let text = page(&bench, query, "en").await.text();
    let links: Vec<String> = text
        .split("href=\"/?")
        .skip(1)
        .map(|link| link.split('"').next().unwrap().replace("&amp;", "&"))
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
        let hidden = format!("type=\"hidden\" name=\"{field}\"");
        let in_form = text.contains(&hidden) || field == "q";
        assert!(in_form, "{field} is lost when a form is sent");
    }
}

#[tokio::test]
async fn surveys_and_properties_have_their_names_and_the_answers_are_a_file_away() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/surveys", &admin, "name=Post+Purchase").await;
    bench.post_json(&response()).await;
    bench.post_json(&response_with(&[("survey", json!("other"))])).await;
    let query = "survey=post-purchase&segment=detractor&q=nothing&by=prop-coupon";
    let text = page(&bench, query, "en").await.text();
    for said in [
        "<option value=\"post-purchase\" selected>Post Purchase</option>",
        " · Post Purchase</p>",
        ">Coupon</a>",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    // What narrows the comments only narrows no figure, and no file.
    let (_, link) = text.split_once("href=\"/data/export?").unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let file = bench.get(&format!("/data/export?{link}"), &[LOGIN]).await;
    assert_eq!(file.header("afterword-rows"), figure(&text, "answers"), "{link}");
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
        let text = page(&bench, &query, "en").await.text();
        assert!(!text.contains("<script>"), "{query}: {text}");
        assert!(text.contains("&lt;script&gt;alert(1)"), "{query}: {text}");
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
