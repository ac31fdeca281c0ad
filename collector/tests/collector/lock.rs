//! Only one collector serves a database; other commands may use it meanwhile.
#![cfg(unix)]

use std::{fs, path::Path, thread, time::Duration};

use afterword_collector::{Collector, Config};

use crate::{
    bench::response,
    process::{Process, TOKEN, command},
};

fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = command().current_dir(folder).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn a_second_collector_on_a_database_is_refused_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let config = |path: &Path| {
        Config::new(format!("sqlite://{}", path.display()))
            .token("a token of the test")
            .lock_timeout(Duration::ZERO)
    };
    let first = Collector::open(&config(&path)).await.unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    for name in [&path, &link] {
        let refused = Collector::open(&config(name)).await.err().unwrap().to_string();
        assert!(refused.contains("another collector serves the database"), "{refused}");
        assert!(refused.contains("--database"), "it says what to do: {refused}");
    }
    first.close().await;
    Collector::open(&config(&link)).await.unwrap().close().await;
}

#[test]
fn a_successor_waits_for_the_lock_which_ends_with_a_process_however_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for ends_well in [true, false] {
        let first = Process::start(path, &[], &[TOKEN]);
        assert_eq!(first.post(&response().to_string()).0, 200);
        let second = thread::scope(|scope| {
            let successor = scope.spawn(|| Process::start(path, &[], &[TOKEN]));
            let waits = "another collector serves this database: waiting";
            while !fs::read_to_string(path.join("log")).unwrap().contains(waits) {
                assert!(!successor.is_finished(), "it did not wait");
                thread::yield_now();
            }
            if ends_well {
                first.stop();
            } else {
                first.kill();
            }
            successor.join().unwrap()
        });
        assert_eq!(second.post(&response().to_string()).0, 200);
        second.stop();
        fs::remove_file(path.join("log")).unwrap();
    }
}

#[test]
fn a_collector_that_waits_for_the_lock_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let first = Process::start(path, &[], &[TOKEN]);
    let log = fs::File::create(path.join("second")).unwrap();
    let mut second = command()
        .current_dir(path)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .envs([TOKEN])
        .stderr(log)
        .spawn()
        .unwrap();
    while !fs::read_to_string(path.join("second")).unwrap().contains("waiting for its end") {
        assert!(second.try_wait().unwrap().is_none(), "it did not wait");
        thread::yield_now();
    }
    assert!(
        std::process::Command::new("kill").arg(second.id().to_string()).status().unwrap().success()
    );
    assert!(second.wait().unwrap().success());
    first.stop();
}

#[test]
fn the_command_line_works_while_a_collector_serves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let process = Process::start(path, &[], &[TOKEN]);
    assert_eq!(process.post(&response().to_string()).0, 200);
    for arguments in [
        &["seed", "--add", "--answers", "20"][..],
        &["admin", "list"],
        &["backup", "copy.db"],
        &["export", "--format", "jsonl", "--output", "all.jsonl"],
        &["import", "all.jsonl"],
        &["erase", "--order", "A-1001"],
        &["receipts"],
        &["doctor", "--repair"],
    ] {
        let (_, said) = run(path, arguments);
        assert!(!said.contains("another collector") && !said.contains("error:"), "{said}");
    }
    let (success, said) = run(path, &["restore", "copy.db", "--force"]);
    assert!(!success && said.contains("stop the collector first"), "{said}");
    assert_eq!(process.post(&response().to_string()).0, 200);
    process.stop();
}
