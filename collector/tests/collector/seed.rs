//! `afterword-collector seed`: fills a database with a year of a demo shop, and mixes it with real answers only on
//! request.
#![cfg(unix)]

use std::{path::Path, process::Output};

use serde_json::json;

use crate::{
    bench::response,
    process::{Process, TOKEN, command},
};

fn seed(folder: &Path, arguments: &[&str]) -> Output {
    command()
        .current_dir(folder)
        .args(["seed", "--answers", "120", "--end", "2026-11-24T18:00:00Z"])
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn standard_output(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_seeded_database_is_served_as_any_other() {
    let folder = tempfile::tempdir().unwrap();
    assert!(standard_output(&seed(folder.path(), &[])).contains("120 answers were added"));
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let (status, list) = process.list(TOKEN.1);
    assert_eq!(status, 200);
    let newest = &list["responses"][0];
    assert!(newest["received_at"].as_str().unwrap() <= "2026-11-24T18:00:00.000Z", "{newest}");
    process.stop();
}

#[test]
fn real_answers_are_mixed_with_made_up_ones_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let sent = response();
    assert_eq!(process.post(&sent.to_string()).0, 200);
    process.stop();

    let refused = seed(folder.path(), &[]);
    assert!(!refused.status.success());
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(error.contains("holds 1 answers") && error.contains("--add"), "{error}");
    assert!(standard_output(&seed(folder.path(), &["--if-empty"])).contains("nothing was added"));

    let process = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!(process.list(TOKEN.1).1["responses"].as_array().unwrap().len(), 1);
    process.stop();
    assert!(standard_output(&seed(folder.path(), &["--add"])).contains("120 answers"));
}

#[test]
fn the_same_seed_makes_the_same_answers() {
    let lists = ["7", "7", "8"].map(|number| {
        let folder = tempfile::tempdir().unwrap();
        standard_output(&seed(folder.path(), &["--seed", number]));
        let process = Process::start(folder.path(), &[], &[TOKEN]);
        let list = process.list(TOKEN.1).1;
        process.stop();
        list
    });
    assert_ne!(lists[0], json!({ "responses": [], "next": null }));
    assert_eq!(lists[0], lists[1]);
    assert_ne!(lists[0], lists[2]);
}
