//! `/data`: export, import step by step, and erasure, only by forms as a browser sends them.

use axum::{body::Body, http::Request};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    bench::{Answer, Bench, LOGIN, response, response_with},
    markup::{all, assert_nothing_inline, described, one, words, words_of},
};

/// Gets a page with the admin token, in a browser's language.
async fn get(bench: &Bench, path: &str, language: &str) -> Answer {
    bench.get(path, &[LOGIN, ("accept-language", language)]).await
}

async fn send(bench: &Bench, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(path)
        .header(LOGIN.0, LOGIN.1)
        .header("accept-language", "de")
        .header("content-type", content_type);
    bench.send(request.body(Body::from(body)).unwrap()).await
}

async fn form(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    send(bench, path, "application/x-www-form-urlencoded", body.into_bytes()).await
}

/// Sends the import form as a browser does.
async fn upload(bench: &Bench, survey: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in
        [("form_token", ""), ("new_survey", survey), ("touchpoint", "delivery"), ("locale", "de")]
    {
        body.extend_from_slice(
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        b"--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"old.csv\"\r\n\
          Content-Type: text/csv\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--line--\r\n");
    send(bench, "/data/import", "multipart/form-data; boundary=line", body).await
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

const OLD: &str = "when,stars,words,mail\n2024-02-01,9,Great pots,a@example.org\n\
                   2024-02-02,3,=late,b@example.org\n2024-02-03,12,,c@example.org\n";

#[tokio::test]
async fn it_speaks_both_languages_and_has_no_inline_styles_or_scripts() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    for (language, title) in [("de", "Daten"), ("en", "Data")] {
        let page = get(&bench, "/data", language).await.page();
        assert_eq!(words(one(&page, "h1")), title);
        assert_nothing_inline(&page);
        assert!(!all(&page, "option[value=post-purchase]").is_empty());
    }
}

#[tokio::test]
async fn a_file_is_checked_corrected_and_imported_by_forms_alone() {
    let bench = Bench::new().await;
    let step = location(&upload(&bench, "old-survey", OLD.as_bytes()).await);
    let page = get(&bench, &step, "de").await.page();
    // The page offers every language of the widget.
    for tag in ["de", "en", "fr"] {
        one(&page, &format!("select[name=locale] option[value={tag}]"));
    }
    let text = words(one(&page, "main"));
    // No column has a known name for the score, and a 12 in it keeps its content from being recognised.
    assert!(text.contains("Wählen Sie, in welcher Spalte die Bewertung steht."), "{text}");
    assert!(all(&page, "[name=do][value=import]").is_empty(), "nothing to import yet");
    assert_eq!(words(one(&page, "label[for=c1]")), "stars");
    assert_eq!(one(&page, "[name=new_survey]").attr("value"), Some("old-survey"));

    let columns = [("c0", "time"), ("c1", "score"), ("c2", "comment"), ("c3", "ignore")];
    let belongs =
        [("survey", "old-survey"), ("touchpoint", "delivery"), ("locale", "en"), ("dates", "iso")];
    let fields = |what| [&columns[..], &belongs, &[("do", what)]].concat();
    let checked = form(&bench, &step, &fields("check")).await.page();
    assert_eq!(described(&checked, "kämen hinzu"), "2");
    assert_eq!(described(&checked, "werden nicht übernommen"), "1");
    let text = words(one(&checked, "main"));
    for said in ["die Bewertung „12“ ist keine ganze Zahl von 0 bis 10", "Great pots"] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    one(&checked, "select[name=c1] option[value=score][selected]");
    one(&checked, "[name=do][value=import]");
    assert_eq!(
        bench.list("").await["responses"].as_array().unwrap().len(),
        0,
        "a preview stores nothing"
    );

    assert_eq!(location(&form(&bench, &step, &fields("import")).await), step);
    let done = get(&bench, &step, "de").await.page();
    assert_eq!(described(&done, "hinzugekommen"), "2");
    let list = bench.list("?survey=old-survey").await;
    assert_eq!(list["responses"].as_array().unwrap().len(), 2);
    assert_eq!(list["responses"][0]["touchpoint"], "delivery");
    let rejected = get(&bench, &format!("{step}/rejected"), "de").await;
    assert!(rejected.header("content-disposition").contains("attachment"));
    assert!(rejected.text().contains("2024-02-03;12;;c@example.org"), "{}", rejected.text());

    // With semicolons for a German spreadsheet, and with reasons in German.
    assert!(rejected.text().contains("line;reason;when;stars"), "{}", rejected.text());
    assert!(rejected.text().contains("die Bewertung „12“ ist keine ganze Zahl"));

    // The button is pressed twice, and the file is uploaded twice. By now the survey is in the list, before and during
    // the check.
    assert_eq!(location(&form(&bench, &step, &fields("import")).await), step);
    let again = location(&upload(&bench, "old-survey", OLD.as_bytes()).await);
    let again = form(&bench, &again, &fields("check")).await.page();
    assert_eq!(described(&again, "sind schon da"), "2");
    one(&again, "select[name=survey] option[value=old-survey][selected]");
    assert_eq!(one(&again, "[name=new_survey]").attr("value"), Some(""));
    assert!(all(&again, "[name=do][value=import]").is_empty());
}

#[tokio::test]
async fn the_file_itself_is_gone_after_its_import() {
    let bench = Bench::new().await;
    let file = b"date,score,email\n2024-02-01,9,unmistakable@example.org\n".to_vec();
    let step = location(&upload(&bench, "old", &file).await);
    let fields = [
        ("c0", "time"),
        ("c1", "score"),
        ("c2", "ignore"),
        ("survey", "old"),
        ("touchpoint", "order"),
        ("locale", "de"),
        ("do", "import"),
    ];
    location(&form(&bench, &step, &fields).await);
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|part| part == b"unmistakable"));
    }
}

#[tokio::test]
async fn files_that_cannot_be_imported_are_explained() {
    let bench = Bench::new().await;
    for (survey, file, said) in [
        ("old", &b""[..], "Wählen Sie zuerst eine Datei."),
        ("old", b"hello", "nur eine Spalte"),
        ("alte umfrage", OLD.as_bytes(), "Die Kennung einer Umfrage"),
    ] {
        let answer = upload(&bench, survey, file).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(said), "{said}");
    }
    let large = vec![b'x'; (20 << 20) + 1];
    let answer = upload(&bench, "old", &large).await;
    assert!(answer.status == 422 && answer.text().contains("größer als 20 MB"));
    let nowhere = get(&bench, "/data/import/0123456789abcdef01234567", "en").await;
    assert!(nowhere.status == 404 && nowhere.text().contains("upload it again under Data"));
}

#[tokio::test]
async fn amounts_without_a_currency_and_stars_are_asked_about_on_the_page() {
    let bench = Bench::new().await;
    let file = b"Datum,Note (0-10),Bestellwert\n2026-03-01,9,80\n2026-03-02,7,\n";
    let step = location(&upload(&bench, "old", file).await);
    let page = get(&bench, &step, "de").await.page();
    assert!(words(one(&page, "main")).contains("steht keine Währung"));
    assert!(all(&page, "[name=do][value=import]").is_empty());
    let mut fields = vec![
        ("c0", "time"),
        ("c1", "score"),
        ("c2", "order-value"),
        ("survey", "old"),
        ("touchpoint", "order"),
        ("locale", "de"),
        ("currency", "EUR"),
        ("do", "check"),
    ];
    let page = form(&bench, &step, &fields).await.page();
    one(&page, "select[name=currency] option[value=EUR][selected]");
    one(&page, "[name=do][value=import]");
    fields[7] = ("do", "import");
    location(&form(&bench, &step, &fields).await);
    assert_eq!(bench.list("").await["responses"][1]["order"]["currency"], "EUR");

    let stars = b"Datum,Sterne\n2026-03-01,5\n2026-03-02,4\n";
    let step = location(&upload(&bench, "old", stars).await);
    let page = get(&bench, &step, "de").await.page();
    assert!(words(one(&page, "main")).contains("Die Antworten sind 1 bis 5 Sterne."));
    let fields = [
        ("c0", "time"),
        ("c1", "stars"),
        ("survey", "old"),
        ("touchpoint", "order"),
        ("locale", "de"),
        ("do", "check"),
    ];
    let page = form(&bench, &step, &fields).await.page();
    assert_eq!(described(&page, "kämen hinzu"), "2");
}

#[tokio::test]
async fn an_unreadable_form_is_not_reported_as_a_broken_connection() {
    let bench = Bench::new().await;
    for (content_type, body) in [
        ("multipart/form-data; boundary=line", &b"--other\r\n\r\n"[..]),
        ("multipart/form-data", b""),
        ("text/plain", b"x"),
    ] {
        let answer = send(&bench, "/data/import", content_type, body.to_vec()).await;
        assert_eq!(answer.status, 400, "{content_type}");
        let text = answer.text();
        assert!(text.contains("Das Formular war nicht lesbar"), "{text}");
        assert!(!text.contains("abgebrochen"), "{text}");
    }
}

#[tokio::test]
async fn errors_in_json_lines_are_explained_in_german() {
    let bench = Bench::new().await;
    let mut wrong = response();
    wrong["score"] = 12.into();
    let mut older = response();
    older["version"] = 2.into();
    let file = format!("{wrong}\n{older}\n{{broken\n{{}}\n");
    let step = location(&upload(&bench, "old", file.as_bytes()).await);
    let text = get(&bench, &step, "de").await.text();
    for said in [
        "score muss eine ganze Zahl von 0 bis 10 sein",
        "hat die Version 2; dieser Collector kennt die Version 1",
        "ist kein JSON: der Fehler steht bei Zeichen 2",
        "version fehlt; dieser Collector kennt die Version 1",
    ] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
}

#[tokio::test]
async fn only_the_latest_uploads_are_kept() {
    let bench = Bench::new().await;
    let first = location(&upload(&bench, "old", OLD.as_bytes()).await);
    for _ in 0..5 {
        upload(&bench, "old", OLD.as_bytes()).await;
    }
    assert_eq!(get(&bench, &first, "en").await.status, 404);
}

#[tokio::test]
async fn an_erasure_is_shown_before_it_is_done_and_leaves_a_receipt() {
    let bench = Bench::new().await;
    bench.post_json(&response_with(&[("order.id", serde_json::json!("A-1001"))])).await;
    let count = async || bench.list("").await["responses"].as_array().unwrap().len();
    let shown = form(&bench, "/data/erase", &[("by", "order"), ("value", " A-1001 ")]).await.text();
    assert!(
        shown.contains("Diese Antworten endgültig löschen?")
            && shown.contains("„A-1001“ · 1 Antwort")
    );
    assert_eq!(count().await, 1);
    let fields = [("by", "order"), ("value", "A-1001"), ("do", "erase")];
    let erased = form(&bench, "/data/erase", &fields).await.page();
    let text = words(one(&erased, "main"));
    assert!(text.contains("Gelöscht."), "{text}");
    assert!(words_of(&erased, "main code").iter().any(|code| code.starts_with("E-")), "{text}");
    assert_eq!(count().await, 0);
    let again = form(&bench, "/data/erase", &fields).await;
    assert!(again.text().contains("Nichts gefunden."));
    let empty = form(&bench, "/data/erase", &[("by", "order"), ("value", " ")]).await;
    assert!(empty.status == 422 && empty.text().contains("Geben Sie die Nummer"));
}

#[tokio::test]
async fn a_reader_may_look_and_export_only() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "reader", "reader").await;
    let page = bench.get("/data", &[("cookie", &reader), ("accept-language", "en")]).await.page();
    one(&page, "form[action='/data/export']");
    assert!(words(one(&page, "main")).contains("Your role sees this page only"));
    assert!(all(&page, "form[action='/data/import'], form[action='/data/erase']").is_empty());
    assert_eq!(bench.get("/data/export", &[("cookie", &reader)]).await.status, 200);
    let member = bench.colleague(&admin, "member", "member").await;
    // Signed in, but without the form's token, as from another site.
    let request = Request::post("/data/import")
        .header("cookie", &member)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=line")
        .body(Body::from(
            "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\na,b\r\n--line--\r\n",
        ));
    assert_eq!(bench.send(request.unwrap()).await.status, 403);
}

#[tokio::test]
async fn a_program_imports_the_same_way_and_is_told_what_became_of_each_row() {
    let bench = Bench::new().await;
    let path = "/v1/import?survey=old&touchpoint=delivery&map.score=stars&map.comment=words&map.ignore=mail";
    let tried = send(&bench, &format!("{path}&dry_run=true"), "text/csv", OLD.into()).await.json();
    assert_eq!((&tried["added"], &tried["dry_run"]), (&2.into(), &true.into()), "{tried}");
    assert_eq!(bench.list("").await["responses"].as_array().unwrap().len(), 0);
    let done = send(&bench, path, "text/csv", OLD.into()).await.json();
    assert_eq!(
        (&done["added"], &done["rejected"], &done["rows"]),
        (&2.into(), &1.into(), &3.into())
    );
    assert_eq!(done["rejections"][0]["line"], 4);
    assert_eq!(done["columns"]["words"], "comment");
    assert_eq!(send(&bench, path, "text/csv", OLD.into()).await.json()["known"], 2);
    for (query, field) in [
        ("?survey=a%20b", "survey"),
        ("?map.points=stars", "map.points"),
        ("", "map.score"),
        ("?dry_run=1", "dry_run"),
    ] {
        let answer = send(&bench, &format!("/v1/import{query}"), "text/csv", OLD.into()).await;
        assert_eq!(answer.problem(400, "invalid-parameter")["errors"][0]["field"], field);
    }
}

/// One part of an upload, with any header and any content.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        prop::sample::select(
            &["form_token", "new_survey", "touchpoint", "locale", "file", "survey", ""][..]
        )
        .prop_map(str::to_owned),
        "\\PC{0,40}",
        any::<String>(),
    ];
    let file =
        prop::option::of(prop_oneof!["\\PC{0,300}", any::<String>(), Just("a\"; x=\"b".into())]);
    let content = prop_oneof![
        prop::sample::select(&["", "order", "de", "old", "score,date\n9,2026-01-01\n"][..])
            .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..400),
    ];
    let disposition = prop::sample::select(&["form-data; ", "form-data", "attachment; ", ""][..]);
    (name, file, content, disposition).prop_map(|(name, file, content, disposition)| {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!("Content-Disposition: {disposition}name=\"{name}\"{file}\r\n\r\n");
        [b"--line\r\n".to_vec(), head.into_bytes(), content, b"\r\n".to_vec()].concat()
    })
}

#[test]
fn every_upload_gets_an_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bench = runtime.block_on(Bench::new());
    let upload = |body: Vec<u8>| {
        runtime.block_on(send(&bench, "/data/import", "multipart/form-data; boundary=line", body))
    };
    let config = ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() };
    let bodies =
        (prop::collection::vec(part(), 0..8), prop::sample::select(&["--line--\r\n", ""][..]));
    TestRunner::new(config)
        .run(&bodies, |(parts, end)| {
            let answer = upload([parts.concat(), end.as_bytes().to_vec()].concat());
            let is_answered = matches!(answer.status.as_u16(), 200 | 303 | 400 | 403 | 413 | 422);
            prop_assert!(is_answered, "{}: {}", answer.status, answer.text());
            Ok(())
        })
        .unwrap();
    // Our forms have few fields, so a form with many fields is refused before it fills the memory.
    let field = "--line\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n";
    let flood = [field.repeat(1_000).as_bytes(), b"--line--\r\n"].concat();
    assert_eq!(upload(flood).status, 413);
}

#[test]
fn the_documentation_explains_every_column() {
    let text = include_str!("../../../docs/DATA.md");
    for column in afterword_collector::exchange::run::column_names() {
        assert!(text.contains(&format!("| `{column}` |")), "{column} is missing in docs/DATA.md");
    }
    for (target, _) in afterword_collector::exchange::run::Target::NAMES {
        assert!(text.contains(&format!("| `{target}` |")), "{target} is missing in docs/DATA.md");
    }
}
