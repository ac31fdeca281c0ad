//! Imports of other products' files: each is recognised without settings, or a message says what to do. The tests make
//! files of the same form as theirs.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, LOGIN};

async fn import(bench: &Bench, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let request = Request::post(format!("/v1/import?survey=old&locale=de{query}"))
        .header(LOGIN.0, LOGIN.1)
        .header("content-type", "text/csv");
    bench.send(request.body(Body::from(file.into())).unwrap()).await
}

/// Imports a file; returns the figures of the import, and the stored answers, oldest first.
#[track_caller]
fn taken(answer: &Answer, origin: &str) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let came = answer.json();
    assert_eq!(came["origin"], origin, "{came}");
    came
}

async fn stored(bench: &Bench) -> Vec<Value> {
    let mut all = bench.list("?limit=200").await["responses"].as_array().unwrap().clone();
    all.reverse();
    all
}

/// A file of `count` rows, each made from its number and its day.
fn rows(head: &str, count: usize, row: impl Fn(usize, String) -> String) -> String {
    let rows: Vec<String> = (0..count)
        .map(|at| row(at, format!("2026-{:02}-{:02}", 2 + at / 28, at % 28 + 1)))
        .collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

#[tokio::test]
async fn google_forms_says_its_hour_with_an_offset_and_asks_why() {
    let bench = Bench::new().await;
    let file = rows("Timestamp,How likely are you to recommend us?,Why?", 22, |at, day| {
        let day = day.replace('-', "/");
        format!("{day} {}:05:00 PM GMT+1,{},\"gut, {at}\"", at % 12 + 1, at % 11)
    });
    let came = taken(&import(&bench, "", file).await, "Google Forms");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(22), &json!(0)), "{came}");
    let first = &stored(&bench).await[0];
    assert_eq!(first["received_at"], "2026-02-01T12:05:00.000Z");
    assert_eq!((&first["score"], &first["comment"]), (&json!(0), &json!("gut, 0")));
    assert_eq!(first["method"]["question"], "How likely are you to recommend us?");
}

#[tokio::test]
async fn imported_answers_have_no_invented_facts() {
    let bench = Bench::new().await;
    let came = import(&bench, "", "date,score\n2026-03-01,9\n").await;
    assert_eq!(came.json()["added"], 1);
    let first = &stored(&bench).await[0];
    for unknown in ["page", "shown_at", "scored_at", "sent_at"] {
        assert_eq!(first[unknown], Value::Null, "{unknown} in {first}");
    }
    for unknown in ["layout", "mode"] {
        assert_eq!(first["method"][unknown], Value::Null, "{unknown} in {first}");
    }
    assert!(!first.to_string().contains("invalid"), "{first}");
}

#[tokio::test]
async fn qualtrics_has_three_lines_of_names_and_marks_its_tests() {
    let bench = Bench::new().await;
    let head = "StartDate,EndDate,Status,IPAddress,RecordedDate,ResponseId,UserLanguage,Q1_NPS_GROUP,Q1,Q2\n\
                Start Date,End Date,Response Type,IP Address,Recorded Date,Response ID,User Language,\
                \"How likely are you to recommend us? - Group\",How likely are you to recommend us?,Why?\n\
                \"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\"}\",{},{},{},{},{},{},{},{}";
    let file = rows(head, 12, |at, day| {
        let status = if at == 3 { "Survey Preview" } else { "IP Address" };
        format!(
            "{day} 10:00:00,{day} 10:02:00,{status},203.0.113.9,{day} 10:02:01,R_{at},DE,Promoter,{},gut",
            at % 11
        )
    });
    let came = taken(&import(&bench, "", file).await, "Qualtrics");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(11), &json!(1)), "{came}");
    assert_eq!(
        (&came["columns"]["Q1"], &came["columns"]["Q2"]),
        (&json!("score"), &json!("comment"))
    );
    assert_eq!(came["rejections"][0]["line"], 7);
    let all = stored(&bench).await;
    assert_eq!(all[0]["method"]["question"], "How likely are you to recommend us?");
    let all = json!(all).to_string();
    assert!(!all.contains("203.0.113") && !all.contains("Promoter"), "{all}");
}

#[tokio::test]
async fn typeform_counts_its_times_in_utc() {
    let bench = Bench::new().await;
    let file = rows(
        "#,How likely is it that you would recommend our shop?,What is the main reason for your score?,Response Type,Start Date (UTC),Submit Date (UTC),Network ID,Tags",
        6,
        |at, day| format!("a{at},{},nice,completed,{day} 09:59:00,{day} 10:00:00,n{at},", at + 4),
    );
    let came = taken(&import(&bench, "", file).await, "Typeform");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(6), &json!(0)), "{came}");
    let first = &stored(&bench).await[0];
    assert_eq!(first["received_at"], "2026-02-01T10:00:00.000Z");
    assert_eq!((&first["score"], &first["comment"]), (&json!(4), &json!("nice")));
}

#[tokio::test]
async fn survey_monkey_has_a_second_line_of_names() {
    let bench = Bench::new().await;
    let head = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,\
                How likely is it that you would recommend this company?,Do you have any other comments?\n\
                ,,,,,,,Open-Ended Response";
    let file = rows(head, 5, |at, day| {
        let (year, rest) = day.split_once('-').unwrap();
        let (month, day) = rest.split_once('-').unwrap();
        let time = format!("{month}/{day}/{year} 05:00:00 PM");
        let score = if at == 4 { "10 - Extremely likely".into() } else { (at + 3).to_string() };
        format!("1180{at},42,{time},{time},203.0.113.9,kim@example.org,{score},fine")
    });
    let came = taken(&import(&bench, "", file).await, "SurveyMonkey");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(5), &json!(0)), "{came}");
    let all = stored(&bench).await;
    assert_eq!((&all[4]["score"], &all[4]["comment"]), (&json!(10), &json!("fine")));
}

#[tokio::test]
async fn lime_survey_writes_codes_before_its_questions() {
    let bench = Bench::new().await;
    let head = "\"id. Antwort-ID\",\"submitdate. Datum Abgeschickt\",\"lastpage. Letzte Seite\",\
                \"startlanguage. Start-Sprache\",\"seed. Zufallsstartwert\",\
                \"G01Q01. Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?\",\"G01Q02. Warum?\"";
    let file = rows(head, 5, |at, day| {
        let submitted = if at == 2 { String::new() } else { format!("{day} 17:00:00") };
        format!("\"{at}\",\"{submitted}\",\"1\",\"de\",\"98437\",\"{}\",\"passt\"", at + 5)
    });
    let came = taken(&import(&bench, "", file).await, "LimeSurvey");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(4), &json!(1)), "{came}");
    assert_eq!(came["rejections"][0]["reason"], "has no time");
    assert_eq!(stored(&bench).await[0]["comment"], "passt");
}

#[tokio::test]
async fn formbricks_numbers_its_questions() {
    let bench = Bench::new().await;
    let file = rows(
        "No.,Response ID,Timestamp,Finished,Survey ID,Formbricks ID (internal),User ID,Notes,Tags,1. How likely are you to recommend us?,2. What can we improve?",
        5,
        |at, day| format!("{at},clx{at},{day}T10:00:00.000Z,Yes,s1,f{at},,,,{},faster", at + 5),
    );
    let came = taken(&import(&bench, "", file).await, "Formbricks");
    assert_eq!((&came["added"], &came["rejected"]), (&json!(5), &json!(0)), "{came}");
    let first = &stored(&bench).await[0];
    assert_eq!((&first["score"], &first["comment"]), (&json!(5), &json!("faster")));
}

#[tokio::test]
async fn stars_are_refused_with_a_sentence_and_taken_on_request_and_say_so() {
    for (origin, head, name) in [
        (
            "Trustpilot",
            "Review Id,Review Created (UTC),Consumer Name,Review Stars,Review Title,Review Content",
            "Review Stars",
        ),
        ("Trusted Shops", "Order Reference,Review Date,Buyer Name,Rating,Title,Comment", "Rating"),
    ] {
        let bench = Bench::new().await;
        let file = rows(head, 10, |at, day| {
            format!("r{at},{day} 10:00:00,Kim M.,{},Title,fein", at % 5 + 1)
        });
        let refused = import(&bench, "", file.clone()).await.problem(400, "invalid-parameter");
        assert_eq!(refused["errors"][0]["field"], "map.stars");
        let said = refused["errors"][0]["problem"].as_str().unwrap();
        assert!(said.contains("1 to 5 stars") && said.contains("map.stars=COLUMN"), "{said}");
        let query = format!("&map.stars={}", name.replace(' ', "%20"));
        let came = taken(&import(&bench, &query, file).await, origin);
        assert_eq!((&came["added"], &came["rejected"]), (&json!(10), &json!(0)), "{came}");
        let all = stored(&bench).await;
        let scores: Vec<u64> = all.iter().take(5).map(|it| it["score"].as_u64().unwrap()).collect();
        assert_eq!(scores, [2, 4, 6, 8, 10]);
        let method = &all[0]["method"];
        assert!(method["release"].as_str().unwrap().ends_with("-stars"), "{method}");
        assert!(method["question"].as_str().unwrap().contains("1 to 5 stars"), "{method}");
        assert!(!json!(all).to_string().contains("Kim M."), "the customer's name");
    }
}

#[tokio::test]
async fn one_wrong_date_among_hundreds_rejects_only_its_row() {
    let bench = Bench::new().await;
    let file = rows("Score,Comment,Created at", 200, |at, day| {
        let time = if at == 150 { "31.02.2026".into() } else { format!("{day} 10:00:00") };
        format!("{},ok,{time}", at % 11)
    });
    let answer = import(&bench, "", file).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let came = answer.json();
    assert_eq!((&came["added"], &came["rejected"]), (&json!(199), &json!(1)), "{came}");
    assert_eq!(
        came["rejections"][0],
        json!({ "line": 152, "reason": "the time \"31.02.2026\" in the column \"Created at\" cannot be read" })
    );
}

#[tokio::test]
async fn a_title_above_the_names_and_days_of_excel_are_understood() {
    let bench = Bench::new().await;
    let titled = rows("Umfrage Herbst;;\nDatum;Bewertung (0-10);Kommentar", 30, |at, day| {
        format!("{day};{};schön", at % 11)
    });
    assert_eq!(import(&bench, "", titled).await.json()["added"], 30);
    let serial =
        rows("date,score,comment", 30, |at, _| format!("{}.71,{},x", 46_000 + at, at % 11));
    let came = import(&bench, "&dry_run=true", serial.clone()).await.json();
    assert_eq!((&came["added"], &came["rejected"]), (&json!(30), &json!(0)), "{came}");
    let bench = Bench::new().await;
    import(&bench, "", serial).await;
    assert_eq!(stored(&bench).await[0]["received_at"], "2025-12-09T17:02:24.000Z");
}

#[tokio::test]
async fn scores_in_words_and_with_a_comma_are_the_numbers_they_say() {
    let bench = Bench::new().await;
    let file = "date,score,comment\n2026-03-01,10 - Extremely likely,a\n2026-03-02,9/10,b\n\
                2026-03-03,9.00,c\n2026-03-04,8,0,d\n2026-03-05,0 - Not at all likely,e\n\
                2026-03-06,\"7,0\",f\n2026-03-07,6,too,many\n";
    let came = import(&bench, "", file).await.json();
    assert_eq!((&came["added"], &came["rejected"]), (&json!(6), &json!(1)), "{came}");
    let reason = came["rejections"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("4 cells for 3 columns") && reason.contains("quotation marks"),
        "{reason}"
    );
    let read: Vec<(u64, String)> = stored(&bench)
        .await
        .iter()
        .map(|it| (it["score"].as_u64().unwrap(), it["comment"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [(10, "a"), (9, "b"), (9, "c"), (8, "d"), (0, "e"), (7, "f")];
    assert_eq!(read, expected.map(|(score, comment)| (score, comment.to_owned())));
}

#[tokio::test]
async fn amounts_need_a_currency_that_somebody_named() {
    let bench = Bench::new().await;
    let file = "date,score,total\n2026-03-01,9,80\n2026-03-02,8,90 €\n";
    let refused = import(&bench, "", file).await.problem(400, "invalid-parameter");
    assert_eq!(refused["errors"][0]["field"], "currency");
    let refused = import(&bench, "&currency=euro", file).await.problem(400, "invalid-parameter");
    assert_eq!(refused["errors"][0]["field"], "currency");
    assert_eq!(import(&bench, "&currency=CHF", file).await.json()["added"], 2);
    let currencies: Vec<Value> =
        stored(&bench).await.iter().map(|it| it["order"]["currency"].clone()).collect();
    assert_eq!(currencies, [json!("CHF"), json!("EUR")]);
}

#[tokio::test]
async fn a_program_is_not_told_what_to_type_on_a_command_line() {
    let bench = Bench::new().await;
    for file in
        ["a,b\nx,y\n", "score,created_at\n9,yesterday\n", "date,score,total\n2026-03-01,9,80\n"]
    {
        let problem = import(&bench, "", file).await.problem(400, "invalid-parameter");
        assert!(!problem.to_string().contains("--"), "{problem}");
    }
}

#[tokio::test]
async fn files_that_would_fill_the_memory_are_refused_with_the_reason() {
    let bench = Bench::new().await;
    for (file, said) in [
        (format!("{}\n", ",".repeat(19 << 20)), "more than 256 columns"),
        (format!("a,b\n{}", ",x\n".repeat(1_000_001)), "more than 1000000 rows"),
        (format!("a,b\n\"{}", "x,\n".repeat(30_000)), "quotation mark missing"),
    ] {
        let problem = import(&bench, "", file).await.problem(400, "invalid-parameter");
        let problem = problem["errors"][0]["problem"].as_str().unwrap();
        assert!(problem.contains(said), "{problem}");
    }
    let archive = import(&bench, "", b"PK\x03\x04answers.csv".to_vec()).await;
    assert!(archive.problem(400, "invalid-parameter").to_string().contains("Unpack"));
    let old = import(&bench, "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()).await;
    assert!(old.problem(400, "invalid-parameter").to_string().contains("older format"));
}
