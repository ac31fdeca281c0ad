//! `backup`, `restore` and `doctor`: copies are complete, and problems are reported clearly.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

use crate::{
    bench::response,
    process::{Process, TOKEN, command},
};

fn run(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = command().current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let (success, said, error) = run(folder, arguments);
    assert!(success, "{arguments:?}: {said}{error}");
    said
}

fn seeded(answers: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["seed", "--answers", answers]);
    folder
}

fn export(folder: &Path) -> String {
    done(folder, &["export", "--format", "jsonl"])
}

/// Runs SQL directly on the database, which nobody should do.
fn meddle(folder: &Path, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address = format!("sqlite://{}", folder.join("afterword.db").display());
        let mut file = SqliteConnection::connect(&address).await.unwrap();
        file.execute(statement).await.unwrap();
        file.close().await.unwrap();
    });
}

fn aside(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.display().to_string().contains("afterword.db.before-")).collect()
}

#[test]
fn a_backup_made_while_answers_arrive_is_whole_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let stop = AtomicBool::new(false);
    let (before, after) = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut stored = 0;
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(process.post(&response().to_string()).0, 200);
                stored += 1;
            }
            stored
        });
        while process.list(TOKEN.1).1["responses"].as_array().unwrap().len() < 20 {
            thread::yield_now();
        }
        let said = done(folder.path(), &["backup", "copy.db"]);
        stop.store(true, Ordering::Relaxed);
        let count: u64 = said.split_whitespace().nth(2).unwrap().parse().unwrap();
        (count, writer.join().unwrap())
    });
    assert!((20..=after).contains(&before), "{before} of {after}");
    process.stop();
    let copy = folder.path().join("copy.db");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!folder.path().join("copy.db.part").exists());

    let other = tempfile::tempdir().unwrap();
    let said = done(other.path(), &["restore", copy.to_str().unwrap()]);
    assert!(said.contains(&format!("holds {before} answers")), "{said}");
    assert_eq!(export(other.path()).lines().count() as u64, before);
    let database = other.path().join("afterword.db");
    assert_eq!(fs::metadata(database).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn nothing_is_overwritten_unasked_and_the_old_database_is_kept() {
    let folder = seeded("60");
    let path = folder.path();
    let old = export(path);
    done(path, &["backup", "copy.db"]);
    let (success, _, error) = run(path, &["backup", "copy.db"]);
    assert!(!success && error.contains("--force"), "{error}");
    done(path, &["backup", "copy.db", "--force"]);

    done(path, &["seed", "--answers", "40", "--seed", "2", "--add"]);
    let newer = export(path);
    let (success, _, error) = run(path, &["restore", "copy.db"]);
    assert!(!success && error.contains("--force"), "{error}");
    assert_eq!(export(path), newer);
    let said = done(path, &["restore", "copy.db", "--force"]);
    assert!(said.contains("holds 60 answers"), "{said}");
    assert_eq!(export(path), old);
    let [kept] = aside(path).try_into().unwrap();
    let address = format!("sqlite://{}", kept.display());
    assert_eq!(done(path, &["export", "--format", "jsonl", "--database", &address]), newer);
}

#[test]
fn a_wrong_or_damaged_backup_replaces_nothing() {
    let folder = seeded("300");
    let path = folder.path();
    let before = export(path);
    done(path, &["backup", "whole.db"]);
    let mut bytes = fs::read(path.join("whole.db")).unwrap();
    // The damage is in the middle of the tables.
    let at = bytes.len() / 2;
    bytes[at..at + 8_192].fill(0x5a);
    fs::write(path.join("damaged.db"), bytes).unwrap();
    fs::write(path.join("letter.db"), "Dear customer, ".repeat(1_000)).unwrap();
    fs::write(path.join("empty.db"), "").unwrap();
    meddle_file(
        &path.join("whole.db"),
        &path.join("newer.db"),
        "INSERT INTO _sqlx_migrations
        VALUES (9999, 'from the future', CURRENT_TIMESTAMP, 1, x'00', 0)",
    );
    for (file, reason) in [
        ("damaged.db", "not a usable backup"),
        ("letter.db", "not a usable backup"),
        ("empty.db", "not a collector's database"),
        ("newer.db", "a newer release wrote it"),
        ("nowhere.db", "no such file"),
    ] {
        let (success, _, error) = run(path, &["restore", file, "--force"]);
        assert!(!success && error.contains(reason), "{file}: {error}");
        assert_eq!(export(path), before, "{file}");
        assert!(aside(path).is_empty());
    }
}

fn meddle_file(from: &Path, to: &Path, statement: &'static str) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(from, folder.path().join("afterword.db")).unwrap();
    meddle(folder.path(), statement);
    fs::copy(folder.path().join("afterword.db"), to).unwrap();
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let folder = seeded("60");
    done(folder.path(), &["backup", "copy.db"]);
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!(process.list(TOKEN.1).0, 200);
    let (success, _, error) = run(folder.path(), &["restore", "copy.db", "--force"]);
    assert!(!success && error.contains("stop the collector first"), "{error}");
    assert_eq!(process.post(&response().to_string()).0, 200);
    process.stop();
    assert_eq!(export(folder.path()).lines().count(), 61);
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_healthy_collector() {
    let folder = seeded("200");
    let assets = folder.path().join("assets");
    fs::create_dir(&assets).unwrap();
    fs::write(assets.join("afterword.js"), "").unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let url = format!("http://{}", process.address);
    let said = done(folder.path(), &["doctor", "--url", &url, "--assets", "assets"]);
    for found in [
        "ok       the database is undamaged",
        "ok       the report's counts and the search index equal a recount",
        "ok       every answer is readable",
        "ok       only the owner may read the database",
        "ok       the widget's files are there",
        "ok       a collector answers at",
        "MB are free",
        "mind     nobody can sign in yet",
    ] {
        assert!(said.contains(found), "{found} is missing in\n{said}");
    }
    assert!(!said.contains("BAD"), "{said}");
    process.stop();
}

#[test]
fn a_public_address_with_a_path_is_a_finding_beside_the_others() {
    let folder = seeded("60");
    let path = folder.path();
    let doctor = |variable: &str, arguments: &[&str]| {
        let mut command = command();
        command.current_dir(path).env("AFTERWORD_PUBLIC_URL", variable).arg("doctor");
        let output = command.args(["--url", "http://127.0.0.1:9"]).args(arguments).output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    for (variable, arguments) in [
        ("https://shop.example/feedback", &[][..]),
        ("", &["--public-url", "https://shop.example/feedback"][..]),
    ] {
        let (success, said) = doctor(variable, arguments);
        assert!(!success, "{said}");
        assert!(
            said.contains("BAD      the public address https://shop.example/feedback"),
            "{said}"
        );
        assert!(said.contains("a host name of their own"), "{said}");
        assert!(said.contains("the database is undamaged"), "the rest is looked over, too: {said}");
    }
    let (_, said) = doctor("https://feedback.shop.example", &[]);
    assert!(said.contains("addresses begin with https://feedback.shop.example"), "{said}");
    let (_, said) = doctor("", &[]);
    assert!(!said.contains("the public address"), "a variable that is empty says nothing: {said}");
}

#[test]
fn the_doctor_finds_each_problem_and_repairs_wrong_counts() {
    let folder = seeded("200");
    let path = folder.path();
    let look = || run(path, &["doctor", "--url", "http://127.0.0.1:9", "--assets", "none"]);
    for (statement, table) in [
        ("UPDATE daily_scores SET s9 = s9 + 1 WHERE rowid_is_not_needed", "daily_scores"),
        ("UPDATE daily_facets SET answers = answers + 1 WHERE facet = 'country'", "daily_facets"),
        ("UPDATE daily_displays SET shown = shown + 1", "daily_displays"),
        ("DELETE FROM daily_pairs WHERE first = 'order'", "daily_pairs"),
        ("DELETE FROM order_moments WHERE place = 2", "order_moments"),
        ("DELETE FROM response_facts WHERE number = 1", "response_facts"),
        ("UPDATE responses SET themes = 'sustainability packaging'", "responses.themes"),
        ("INSERT INTO facts (facet, value) VALUES ('prop-name', 'Kim')", "response_facts"),
        ("INSERT INTO comment_words (comment_words) VALUES ('delete-all')", "comment_words"),
    ] {
        let statement = statement.replace(" WHERE rowid_is_not_needed", "");
        meddle(path, Box::leak(statement.into_boxed_str()));
        let (success, said, _) = look();
        assert!(
            !success && said.contains("do not agree") && said.contains(table),
            "{table}: {said}"
        );
        assert!(said.contains("--repair"), "{said}");
        let (_, said, _) = run(path, &["doctor", "--url", "http://127.0.0.1:9", "--repair"]);
        assert!(said.contains("counted again") && said.contains(table), "{said}");
        let (_, said, _) = look();
        assert!(said.contains("equal a recount"), "{said}");
    }
    let (success, said, error) = look();
    assert!(!success && said.contains("BAD      the widget's files are missing"), "{said}");
    assert!(said.contains("mind     no collector answers"), "{said}");
    assert!(error.contains("has to be repaired"), "{error}");

    meddle(
        path,
        "UPDATE responses SET response = json_set(response, '$.score', 3) WHERE score = 10",
    );
    assert!(look().1.contains("answers are not readable, or do not agree with their row"));
    let file = path.join("afterword.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(look().1.contains("chmod 600"));
    fs::write(&file, "no database").unwrap();
    assert!(look().1.contains("restore"));
    fs::remove_file(&file).unwrap();
    let (success, said, _) = look();
    assert!(!success && said.contains("there is no database"), "{said}");
    assert!(!file.exists(), "looking makes none");
}

/// To open a database indexes 20,000 answers, so this takes more.
#[test]
fn doctor_says_how_much_of_the_search_index_is_built() {
    let folder = seeded("10");
    let (_, said, _) = run(folder.path(), &["doctor", "--url", "http://127.0.0.1:9"]);
    assert!(said.contains("equal a recount") && !said.contains("is being built"), "{said}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address = format!("sqlite://{}", folder.path().join("afterword.db").display());
        let mut file = SqliteConnection::connect(&address).await.unwrap();
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM pragma_table_info('responses') WHERE name NOT IN ('number', 'id', 'comment')",
        )
        .fetch_all(&mut file)
        .await
        .unwrap();
        let columns = columns.join(", ");
        let copies = format!(
            "WITH RECURSIVE copy (at) AS (SELECT 100 UNION ALL SELECT at + 1 FROM copy WHERE at < 22000)
             INSERT INTO responses (number, id, {columns})
             SELECT at, 'copy ' || at, {columns}
             FROM copy CROSS JOIN (SELECT * FROM responses LIMIT 1)"
        );
        file.execute(sqlx::AssertSqlSafe(copies)).await.unwrap();
        file.execute("UPDATE settings SET value = value || ' from 22001' WHERE name = 'search_format'")
            .await
            .unwrap();
        file.close().await.unwrap();
    });
    let (_, said, _) = run(folder.path(), &["doctor", "--url", "http://127.0.0.1:9"]);
    assert!(
        said.contains("the search index is being built anew while the collector runs, 90 %"),
        "{said}"
    );
}
