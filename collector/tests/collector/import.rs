//! Imports: recognised files, no duplicates, and rejected rows.
#![cfg(unix)]

use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{bench::response_with, process::command};

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the command; returns whether it succeeded, its output and its errors.
    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = command().current_dir(self.path()).args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn import(&self, content: impl AsRef<[u8]>, arguments: &[&str]) -> String {
        fs::write(self.path().join("file"), content).unwrap();
        let (success, said, error) = self.run(&[&["import", "file"], arguments].concat());
        assert!(success, "{said}{error}");
        said
    }

    /// All stored answers, oldest first.
    fn stored(&self) -> Vec<Value> {
        let (success, lines, error) = self.run(&["export", "--format", "jsonl"]);
        assert!(success, "{error}");
        let mut all: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        all.reverse();
        all
    }
}

const DELIGHTED: &str = "\
id,person,survey_type,score,comment,permalink,created_at,updated_at,person_properties.Plan,tags,notes,Email
47,601,nps,10,\"Great, thanks\",https://delighted.com/r/1,1704448800,1704448999,Gold,\"fast,kind\",ask Jo,jo@example.org
48,602,nps,3,\"Late. Mail me: jo@example.org\",https://delighted.com/r/2,1704535200,1704535200,,,,
49,603,csat,5,,https://delighted.com/r/3,1704621600,1704621600,,,,
";

const WOOTRIC: &str = "\
id;created_at;score;text;ip_address;origin_url;end_user.email;completed;excluded_from_calculations;language
900;2024-01-05 10:00:00 -0800;9;Schnell & gut;203.0.113.7;https://shop.example/danke?mail=x;a@example.org;true;false;DE
901;2024-01-06 10:00:00 -0800;2;;203.0.113.8;;b@example.org;true;true;EN
902;2024-01-07 10:00:00 -0800;8;;203.0.113.9;;c@example.org;false;false;EN
";

#[test]
fn a_delighted_export_is_understood_and_nothing_personal_taken() {
    let desk = Desk::new();
    let said = desk.import(DELIGHTED, &["--survey", "post-purchase", "--touchpoint", "delivery"]);
    assert!(said.contains("Read as Delighted (UTF-8, , between columns, times seconds)"), "{said}");
    assert!(said.contains("2 were added") && said.contains("1 are not taken"), "{said}");
    assert!(said.contains("line 4 is not taken: is of another kind of survey (csat)"), "{said}");
    let stored = desk.stored();
    let first = &stored[0];
    assert_eq!(first["received_at"], "2024-01-05T10:00:00.000Z");
    assert_eq!((&first["score"], &first["comment"]), (&json!(10), &json!("Great, thanks")));
    assert_eq!(
        (&first["survey"], &first["touchpoint"]),
        (&json!("post-purchase"), &json!("delivery"))
    );
    assert_eq!(
        (&first["tags"], &first["customer"]["id"]),
        (&json!(["fast", "kind"]), &json!("601"))
    );
    assert_eq!(first["properties"], json!({ "Plan": "Gold" }));
    assert_eq!(first["method"]["release"], "import-delighted");
    assert_eq!(stored[1]["comment"], "Late. Mail me: [e-mail]");
    let all = json!(stored).to_string();
    assert!(!all.contains("jo@example.org") && !all.contains("ask Jo"), "{all}");
}

#[test]
fn a_wootric_export_is_understood_and_holds_no_address() {
    let desk = Desk::new();
    let said = desk.import(WOOTRIC, &[]);
    assert!(said.contains("Read as Wootric (UTF-8, ; between columns, times iso)"), "{said}");
    assert!(said.contains("line 3 is not taken: is marked as not counted"), "{said}");
    let stored = desk.stored();
    assert_eq!(stored.len(), 2);
    assert_eq!((&stored[0]["locale"], &stored[1]["locale"]), (&json!("de"), &json!("en")));
    assert_eq!(stored[0]["received_at"], "2024-01-05T18:00:00.000Z");
    assert_eq!(stored[0]["page"], "https://shop.example/danke");
    let all = json!(stored).to_string();
    assert!(!all.contains("203.0.113") && !all.contains("@example.org"), "{all}");
}

#[test]
fn a_german_table_of_windows_is_guessed_by_names_and_content() {
    let desk = Desk::new();
    let table = "Datum;Würden Sie uns weiterempfehlen?;Kommentar;Bestellnummer;Bestellwert;Größe\r\n\
                 03.04.2024 09:30;9;Schöne Töpfe;A-1;1.299,00 €;groß\r\n\
                 24.04.2024;0;;A-2;19,50 €;klein\r\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(table).0.into_owned();
    let said = desk.import(&bytes, &["--locale", "de"]);
    assert!(said.contains("windows-1252") && said.contains("times day-first"), "{said}");
    let stored = desk.stored();
    assert_eq!(stored[0]["received_at"], "2024-04-03T09:30:00.000Z");
    assert_eq!(stored[0]["comment"], "Schöne Töpfe");
    assert_eq!(stored[0]["order"], json!({ "id": "A-1", "value": "1299.00", "currency": "EUR" }));
    assert_eq!(stored[0]["properties"], json!({ "Groesse": "groß" }));
    assert_eq!((&stored[1]["score"], &stored[1]["complete"]), (&json!(0), &json!(false)));
    let utf_16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(desk.import(utf_16, &["--locale", "de"]).contains("0 were added, 2 are there already"));
}

#[test]
fn a_second_import_changes_nothing_and_says_so() {
    let desk = Desk::new();
    desk.import(DELIGHTED, &[]);
    let before = desk.stored();
    for _ in 0..2 {
        assert!(desk.import(DELIGHTED, &[]).contains("0 were added, 2 are there already"));
    }
    // The same export, made again a day later.
    let longer = format!("{DELIGHTED}50,604,nps,7,,,1704708000,1704708000,,,,\n");
    assert!(desk.import(&longer, &[]).contains("1 were added, 2 are there already"));
    assert_eq!(desk.stored()[..2], before[..]);
}

#[test]
fn equal_rows_without_an_id_are_two_answers_and_still_come_once() {
    let desk = Desk::new();
    let table = "date,score,comment\n2024-01-05,9,\n2024-01-05,9,\n2024-01-05,9,Good\n";
    assert!(desk.import(table, &[]).contains("3 were added"));
    assert!(desk.import(table, &[]).contains("0 were added, 3 are there already"));
}

#[test]
fn a_dry_run_shows_the_result_and_changes_nothing() {
    let desk = Desk::new();
    let said = desk.import(DELIGHTED, &["--dry-run"]);
    assert!(said.contains("Nothing was changed: of 3 rows 2 would be added"), "{said}");
    assert!(
        said.contains("score            score") && said.contains("ignore           Email"),
        "{said}"
    );
    assert!(said.contains("line 2: 2024-01-05 10:00  10  Great, thanks"), "{said}");
    assert_eq!(desk.stored(), [Value::Null; 0]);
}

#[test]
fn arguments_override_the_guessed_columns() {
    let desk = Desk::new();
    let table = "when,stars,likely,words\n01/02/2024,5,9,Good\n03/04/2024,4,7,Fair\n";
    let said = desk.import(
        table,
        &[
            "--map",
            "score=likely",
            "--map",
            "comment=words",
            "--map",
            "ignore=stars",
            "--dates",
            "day-first",
        ],
    );
    assert!(said.contains("2 were added"), "{said}");
    let stored = desk.stored();
    assert_eq!((&stored[0]["score"], &stored[0]["comment"]), (&json!(9), &json!("Good")));
    assert_eq!(stored[0]["received_at"], "2024-02-01T12:00:00.000Z");
    assert_eq!(stored[0]["properties"], Value::Null);

    fs::write(desk.path().join("odd"), "a,b\nx,y\n").unwrap();
    let (success, _, error) = desk.run(&["import", "odd"]);
    assert!(
        !success && error.contains("no column is the score") && error.contains("a (property)"),
        "{error}"
    );
    let (success, _, error) = desk.run(&["import", "odd", "--map", "score=c"]);
    assert!(!success && error.contains("there is no column \"c\""), "{error}");
    let (success, _, error) = desk.run(&["import", "odd", "--map", "points=a"]);
    assert!(!success && error.contains("is none of ignore, score"), "{error}");
}

#[test]
fn rows_that_cannot_be_taken_are_listed_with_line_and_reason() {
    let desk = Desk::new();
    let table = "date,score,comment,order id,total\n\
                 2024-01-05,11,,,\n2024-01-05,,=cmd,,\nyesterday,9,,,\n2024-01-05,8,\"two\nlines\",A-1,80\n\
                 2024-01-05,7,,A-2,cheap\n2150-01-05,9,,,\n2024-01-05,9.5,,,\n";
    let said =
        desk.import(table, &["--dates", "iso", "--currency", "EUR", "--rejected", "rejected.csv"]);
    assert!(said.contains("1 were added") && said.contains("6 are not taken"), "{said}");
    for reason in [
        "line 2 is not taken: the score \"11\" is no whole number from 0 to 10",
        "line 3 is not taken: has no score",
        "line 4 is not taken: the time \"yesterday\" in the column \"date\" cannot be read",
        "line 7 is not taken: the amount \"cheap\" cannot be read",
        "line 8 is not taken: the time \"2150-01-05\" is in the future",
        "line 9 is not taken: the score \"9.5\"",
    ] {
        assert!(said.contains(reason), "{reason} is missing in\n{said}");
    }
    let rejected = fs::read_to_string(desk.path().join("rejected.csv")).unwrap();
    assert!(rejected.starts_with("\u{feff}line,reason,date,score,comment,order id,total\r\n"));
    assert!(rejected.contains("3,has no score,2024-01-05,,'=cmd,,"), "{rejected}");
    // The corrected file can be imported: the columns that the collector added are ignored.
    let corrected = rejected
        .replace("2,the score \"\"11\"\" is no whole number from 0 to 10", "2,x")
        .replace(",11,", ",10,");
    assert!(desk.import(&corrected, &["--dates", "iso"],).contains("1 were added"));
}

#[test]
fn erased_and_expired_answers_are_not_imported_again() {
    let desk = Desk::new();
    desk.import(DELIGHTED, &[]);
    let (_, said, _) = desk.run(&["erase", "--customer", "601"]);
    assert!(said.contains("by customer: 1 answers (1 with a comment"), "{said}");
    let said = desk.import(DELIGHTED, &[]);
    assert!(said.contains("0 were added, 1 are there already, 1 were erased before"), "{said}");
    assert_eq!(desk.stored().len(), 1);

    let said = Desk::new().import(DELIGHTED, &["--keep-days", "30"]);
    assert!(said.contains("is older than the 30 days") && said.contains("0 were added"), "{said}");
}

/// An exported file is imported without a change, as CSV of both languages and as JSON Lines.
#[test]
fn an_exported_file_imports_unchanged() {
    let desk = Desk::new();
    assert!(desk.run(&["seed", "--answers", "600"]).0);
    let stored = desk.stored();
    for format in ["csv", "csv-semicolon", "jsonl"] {
        let file = format!("all.{format}");
        assert!(desk.run(&["export", "--format", format, "--output", &file]).0);
        let other = Desk::new();
        let said = other.import(fs::read(desk.path().join(file)).unwrap(), &["--redaction", "off"]);
        assert!(said.contains("Read as Afterword") && said.contains("600 were added"), "{said}");
        assert_eq!(other.stored(), stored, "{format}");
    }
}

fn text(longest: &'static str) -> impl Strategy<Value = String> {
    prop::string::string_regex(longest).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn whatever_customers_wrote_comes_back_from_csv(
        comments in prop::collection::vec(text("[=+@'\"-]{0,2}(\\PC|[\t\n;,\"\\\\]){1,40}"), 8),
        tags in prop::collection::vec(text("(\\PC|[;\\\\=]){1,10}"), 1..4),
        property in text("[=+@'-]?\\PC{1,20}"),
    ) {
        let desk = Desk::new();
        let lines: Vec<String> = comments
            .iter()
            .map(|comment| {
                let mut response = response_with(&[
                    ("comment", json!(comment)),
                    ("tags", json!(tags)),
                    ("properties", json!({ "fact": property })),
                    ("order.id", json!(format!("={comment}").chars().take(40).collect::<String>())),
                ]);
                response["received_at"] = json!("2026-11-21T17:00:05.000Z");
                response["updated_at"] = json!("2026-11-21T17:00:06.000Z");
                response.to_string()
            })
            .collect();
        desk.import(lines.join("\n"), &["--redaction", "off"]);
        // Answers of one moment have no fixed order.
        let sorted = |mut stored: Vec<Value>| {
            stored.sort_by_key(|it| it["id"].to_string());
            stored
        };
        let stored = sorted(desk.stored());
        prop_assert_eq!(stored.len(), comments.len());
        for dialect in ["csv", "csv-semicolon"] {
            let (_, csv, _) = desk.run(&["export", "--format", dialect]);
            let other = Desk::new();
            other.import(csv, &["--redaction", "off"]);
            prop_assert_eq!(&sorted(other.stored()), &stored);
        }
    }
}
