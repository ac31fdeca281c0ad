//! Exports of answers as files: `GET /v1/export`, `/data/export` and the command.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bench::{Answer, Bench, LOGIN, response, response_with};

async fn file(bench: &Bench, path: &str) -> Answer {
    let answer = bench.get(path, &[LOGIN]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

/// The rows as a spreadsheet reads them: the values by the column names in the first row.
fn rows(answer: &Answer, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("the mark that tells Excel of UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[tokio::test]
async fn csv_holds_every_field_under_its_name() {
    let bench = Bench::new().await;
    let sent = response_with(&[
        ("comment", json!("Töpfe; \"schön\",\nund heil")),
        ("order.id", json!("A-1001")),
    ]);
    bench.post_json(&sent).await;
    let answer = file(&bench, "/v1/export").await;
    assert!(answer.header("content-type").starts_with("text/csv; charset=utf-8"));
    let name = answer.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"afterword-all-to-2"), "{name}");
    assert!(name.ends_with("-complete.csv\""), "{name}");
    assert_eq!(answer.header("afterword-rows"), "1");
    assert_eq!(answer.header("cache-control"), "no-store");
    let rows = rows(&answer, b',');
    let kept = bench.kept(&sent["id"]).await;
    for (name, value) in [
        ("id", sent["id"].as_str().unwrap()),
        ("survey", "post-purchase"),
        ("touchpoint", "order"),
        ("score", "9"),
        ("segment", "promoter"),
        ("comment", "Töpfe; \"schön\",\nund heil"),
        ("reasons", "delivery;price"),
        ("quotable", "true"),
        ("quote_name", "Kim"),
        ("contact", "kim@example.org"),
        ("answer_page", sent["answer_page"].as_str().unwrap()),
        ("method.contact_text", "Wir nutzen diese Angabe nur, um Ihnen zu antworten."),
        ("method.quote_text", "Sie dürfen meine Worte zitieren."),
        ("order.id", "A-1001"),
        ("order.value", "129.90"),
        ("order.products", "SKU 1;SKU 2"),
        ("customer.kind", "returning"),
        ("tags", "q4;app"),
        ("properties.coupon", "WELCOME"),
        ("method.layout", "two-rows"),
        ("received_at", kept["received_at"].as_str().unwrap()),
        ("received_date", &kept["received_at"].as_str().unwrap()[..10]),
    ] {
        assert_eq!(rows[0][name], value, "{name}");
    }
}

#[tokio::test]
async fn no_cell_can_be_a_formula() {
    let bench = Bench::new().await;
    let evil = "=HYPERLINK(\"https://evil.example\",\"click\")";
    bench
        .post_json(&response_with(&[
            ("comment", json!(evil)),
            ("contact", json!("+49 40 123")),
            ("order.id", json!("-1")),
            ("customer.id", json!("@SUM(A1:A9)")),
            ("tags", json!(["=1", "b"])),
            ("properties", json!({ "coupon": "\t=2" })),
        ]))
        .await;
    for row in rows(&file(&bench, "/v1/export").await, b',') {
        assert_eq!(row["comment"], format!("'{evil}"));
        for (name, cell) in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{name}: {cell}");
        }
    }
}

#[tokio::test]
async fn a_german_spreadsheet_gets_semicolons_and_decimal_commas() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let rows = rows(&file(&bench, "/v1/export?delimiter=semicolon").await, b';');
    assert_eq!(rows[0]["order.value"], "129,90");
    let german = [LOGIN, ("accept-language", "de")];
    let page = bench.get("/data/export?survey=&touchpoint=", &german).await;
    assert!(page.text().starts_with("\u{feff}id;received_date;"), "{}", page.text());
}

#[tokio::test]
async fn a_sheet_for_people_has_their_words_their_clock_and_ten_columns() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.own_form("/settings/shop", &admin, "zone=Europe%2FBerlin").await;
    let stored = json!({ "received_at": "2026-02-28T23:30:00.000Z", "updated_at": "2026-02-28T23:30:00.000Z" });
    let mut sent = response_with(&[("comment", json!("Schön;=1+1")), ("order.id", json!("00471"))]);
    for (name, value) in stored.as_object().unwrap() {
        sent[name] = value.clone();
    }
    let request = axum::http::Request::post("/v1/import").header(LOGIN.0, LOGIN.1);
    bench.send(request.body(sent.to_string().into()).unwrap()).await;

    let german = [LOGIN, ("accept-language", "de")];
    let path = "/data/export?format=sheet&survey=post-purchase&from=2026-03-01&to=2026-03-01";
    let answer = bench.get(path, &german).await;
    // Half past eleven in the evening in UTC is already the next day in the shop's time zone.
    assert_eq!(answer.header("afterword-rows"), "1");
    let name = answer.header("content-disposition");
    assert!(name.contains("\"afterword-post-purchase-2026-03-01-bis-2026-03-01.csv\""), "{name}");
    let rows = rows(&answer, b';');
    let expected: BTreeMap<String, String> = [
        ("Datum und Uhrzeit", "01.03.2026 00:30"),
        ("Bewertung", "9"),
        ("Gruppe", "Begeistert"),
        ("Kommentar", "Schön;'=1+1"),
        ("Themen", "Lieferung, Preis"),
        ("Umfrage", "post-purchase"),
        ("Kontaktpunkt", "Bestellung"),
        ("Bestellnummer", "00471"),
        ("Kundennummer", "C-7"),
        ("Produkte", "SKU 1, SKU 2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    assert_eq!(expected.len(), 10);
    assert_eq!(rows, [expected]);
    let english = [LOGIN, ("accept-language", "en")];
    let text = bench.get("/data/export?format=sheet", &english).await.text();
    assert!(
        text.starts_with("\u{feff}Date and time,Score,Segment,Comment,Themes,Survey,"),
        "{text}"
    );
    assert!(text.contains("2026-03-01 00:30,9,Promoter,"), "{text}");
}

#[tokio::test]
async fn no_cell_can_be_a_formula_wherever_a_reader_splits() {
    let bench = Bench::new().await;
    for comment in ["gut;=1+1", "gut,=1+1", "gut\n=1+1", "gut;\"=1+1\"", "gut\t@x", "'=1"] {
        bench
            .post_json(&response_with(&[("comment", json!(comment)), ("survey", json!("-1"))]))
            .await;
    }
    for path in ["/v1/export", "/v1/export?delimiter=semicolon", "/data/export?format=sheet"] {
        let text = file(&bench, path).await.text();
        for cell in text.split([',', ';', '\t', '\r', '\n']) {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell} in {path}");
        }
    }
}

#[tokio::test]
async fn json_lines_are_the_lists_items_all_of_them() {
    let bench = Bench::new().await;
    for _ in 0..3 {
        bench.post_json(&response()).await;
    }
    let answer = file(&bench, "/v1/export?format=jsonl").await;
    assert!(answer.header("content-type").starts_with("application/jsonl"));
    let mut lines: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &mut lines {
        // The list has no contacts.
        let contact = line.as_object_mut().unwrap().remove("contact");
        assert_eq!(contact, Some(json!("kim@example.org")));
    }
    assert_eq!(json!(lines), bench.list("").await["responses"]);
}

#[tokio::test]
async fn filters_narrow_the_file_and_wrong_ones_are_explained() {
    let bench = Bench::new().await;
    for score in 0..=10 {
        bench.post_json(&response_with(&[("score", json!(score))])).await;
    }
    let answer = file(&bench, "/v1/export?segment=passive&survey=post-purchase").await;
    assert_eq!((answer.header("afterword-rows"), rows(&answer, b',').len()), ("2", 2));
    let nothing = file(&bench, "/v1/export?survey=none").await;
    assert_eq!((nothing.header("afterword-rows"), rows(&nothing, b',').len()), ("0", 0));

    for (query, field) in
        [("format=xls", "format"), ("delimiter=x", "delimiter"), ("limit=5", "limit"), ("x=1", "x")]
    {
        let path = format!("/v1/export?{query}");
        let answer = bench.get(&path, &[LOGIN]).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    bench.get("/v1/export", &[]).await.problem(401, "unauthorized");
}

/// An export takes no more memory than a page of answers, since each piece is read only when the receiver has
/// taken the one before: if the receiver stops after the first, no further one is read.
#[tokio::test]
async fn a_file_is_written_while_it_is_sent() {
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    let bench = Bench::new().await;
    crate::bench::seeded(&bench, 1_200).await;
    let request = Request::get("/v1/export?format=jsonl")
        .header(LOGIN.0, LOGIN.1)
        .body(Body::empty())
        .unwrap();
    let mut body = bench.collector.router().oneshot(request).await.unwrap().into_body();
    let mut pieces = Vec::new();
    while let Some(frame) = body.frame().await {
        pieces.push(frame.unwrap().into_data().unwrap());
    }
    let lines: Vec<usize> =
        pieces.iter().map(|piece| piece.iter().filter(|byte| **byte == b'\n').count()).collect();
    assert_eq!(lines.iter().sum::<usize>(), 1_200);
    assert!(lines.iter().all(|count| *count <= 500), "{lines:?}");
}

#[cfg(unix)]
#[test]
fn the_command_writes_the_same_file() {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use crate::process::command;

    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = command().current_dir(folder.path()).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), output.stderr)
    };
    assert!(!run(&["export"]).0, "there is no database yet, and none is made");
    assert!(!folder.path().join("afterword.db").exists());
    assert!(run(&["seed", "--answers", "700"]).0);
    let (success, said, _) = run(&["export", "--output", "all.jsonl", "--format", "jsonl"]);
    assert!(success && said.contains("700 answers"), "{said}");
    let path = folder.path().join("all.jsonl");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 700);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (success, said, _) = run(&["export", "--touchpoint", "support"]);
    assert!(success && said.starts_with("\u{feff}id,"), "{said}");
    let (success, _, error) = run(&["export", "--touchpoint", "elsewhere"]);
    assert!(!success && String::from_utf8(error).unwrap().contains("delivery"));
}
