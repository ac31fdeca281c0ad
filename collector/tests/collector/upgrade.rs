//! An upgrade: this release opens a database that an earlier release has left behind.
//!
//! `upgrade/` holds, for each earlier release, a database that its own program has written (a demo shop's answers, a
//! corrected answer, an order answered twice, a display, an erased order, a refused site, a survey's settings and an
//! account), its complete export as JSON Lines, and its report as the API gave it.
#![cfg(unix)]

use std::{fs, path::Path};

use serde_json::Value;

use crate::process::{Process, TOKEN, command, exchange};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/collector/upgrade");

/// The releases with a database in [`FIXTURES`].
const RELEASES: [&str; 1] = ["0.1.0-first"];

/// A period that holds all answers of the fixtures.
const PERIOD: &str = "from=2025-12-01&to=2026-11-30";

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = command().current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn get(process: &Process, path: &str) -> Value {
    let answer = exchange(
        process.address,
        &format!(
            "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
            TOKEN.1
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Fails unless everything in `before` is in `after` too, which may have more fields.
#[track_caller]
fn assert_kept(before: &Value, after: &Value, place: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let now = after.get(name).unwrap_or(&Value::Null);
                assert_kept(value, now, &format!("{place}.{name}"));
            }
        }
        _ => assert_eq!(before, after, "{place}"),
    }
}

#[test]
fn what_an_earlier_release_has_stored_is_all_there() {
    for release in RELEASES {
        let folder = tempfile::tempdir().unwrap();
        let fixture = |ending: &str| format!("{FIXTURES}/{release}.{ending}");
        fs::copy(fixture("db"), folder.path().join("afterword.db")).unwrap();
        let lines = fs::read_to_string(fixture("jsonl")).unwrap();
        let before: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(before.len() > 50, "{release}: {}", before.len());

        let process = Process::start(folder.path(), &[], &[TOKEN]);
        // Every answer is there, with all its fields.
        let export = run(folder.path(), &["export", "--format", "jsonl"]);
        let after: Vec<Value> =
            export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(after.len(), before.len(), "{release}");
        for answer in &before {
            let id = &answer["id"];
            let now = after.iter().find(|now| now["id"] == *id);
            assert_kept(answer, now.unwrap_or(&Value::Null), &format!("{release}, {id}"));
        }
        // The account and the survey's settings are there.
        let login = "login=jana@shop.example&password=ein+langes+Passwort";
        assert_eq!(process.form("/login", login), 303, "{release}");
        let refused = r#"{"version":1,"id":"01a19d00-0000-7000-8000-0000000000bc","revision":1,
            "survey":"post-purchase","touchpoint":"order","score":5}"#;
        assert_eq!(process.post_with(refused, "Origin: https://elsewhere.example\r\n").0, 403);
        assert_eq!(process.post_with(refused, "Origin: https://lenz.example\r\n").0, 200);
        // What was erased does not come back.
        let erased = refused.replace("0000000000bc", "000000000004");
        process.post_with(&erased, "Origin: https://lenz.example\r\n");
        let list = get(&process, "/v1/responses?limit=100");
        let ids: Vec<&Value> =
            list["responses"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert!(ids.contains(&&Value::from("01a19d00-0000-7000-8000-0000000000bc")), "{ids:?}");
        assert!(!ids.contains(&&Value::from("01a19d00-0000-7000-8000-000000000004")), "{ids:?}");
        process.stop();

        // The roll-ups equal a recount, and nothing is broken.
        let doctor = run(folder.path(), &["doctor"]);
        assert!(!doctor.contains("BAD"), "{doctor}");
    }
}

/// The earlier release counted an order's second answer at one touchpoint again; this one counts the latest.
#[test]
fn the_report_is_that_of_the_earlier_release_but_for_orders_that_were_counted_twice() {
    for release in RELEASES {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(format!("{FIXTURES}/{release}.db"), folder.path().join("afterword.db")).unwrap();
        let before = fs::read_to_string(format!("{FIXTURES}/{release}.report.json")).unwrap();
        let before: Value = serde_json::from_str(&before).unwrap();
        let process = Process::start(folder.path(), &[], &[TOKEN]);
        let after = get(&process, &format!("/v1/report?{PERIOD}"));
        process.stop();
        let distribution = |report: &Value| -> Vec<i64> {
            report["distribution"].as_array().unwrap().iter().map(|n| n.as_i64().unwrap()).collect()
        };
        // U-2 was answered with 9 and then with 2.
        let mut expected = distribution(&before);
        expected[9] -= 1;
        assert_eq!(distribution(&after), expected, "{release}");
        for name in ["displays", "dismissals"] {
            assert_eq!(after[name], before[name], "{release}: {name}");
        }
    }
}

/// The first release counted a question as shown once it was painted. The report says from which day on it is otherwise,
/// where a period holds days of both kinds.
#[test]
fn the_response_rate_names_the_day_from_which_displays_are_counted_otherwise() {
    for release in RELEASES {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(format!("{FIXTURES}/{release}.db"), folder.path().join("afterword.db")).unwrap();
        let process = Process::start(folder.path(), &[], &[TOKEN]);
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let from = |period: &str| {
            let report = get(&process, &format!("/v1/report?{period}"));
            let found = &report["non_response"];
            assert!(found.is_object(), "{release}, {period}: {report}");
            found["shown_in_view_from"].clone()
        };
        let tomorrow = today.tomorrow().unwrap();
        let found = from(&format!("from=2025-12-01&to={tomorrow}"));
        // The test may run over midnight.
        let days = [today, today.tomorrow().unwrap()].map(|day| Value::from(day.to_string()));
        assert!(days.contains(&found), "{release}: {found}");
        let yesterday = today.yesterday().unwrap();
        assert_eq!(from(&format!("from=2025-12-01&to={yesterday}")), Value::Null, "{release}");
        process.stop();
    }
}
