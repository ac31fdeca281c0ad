//! Tests of the binary from outside: no answer is lost if the storage fails, and the collector recovers by
//! itself once the storage works again.
#![cfg(target_os = "linux")]

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;

use crate::{
    bench::response,
    process::{Process, TOKEN, command, exchange},
};

/// The collector must recover within this time after the cause of a fault has ended.
const RECOVERY_TIME: Duration = Duration::from_secs(10);

/// Sends an answer; returns the status and the whole HTTP answer.
fn post(process: &Process, sent: &Value) -> (u16, String) {
    let body = sent.to_string();
    let answer = exchange(
        process.address,
        &format!(
            "POST /v1/responses HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

/// Posts so many answers, each of which must be refused with a request to try again.
#[track_caller]
fn refused(process: &Process, answers: usize) {
    for number in 0..answers {
        let (status, answer) = post(process, &response());
        assert_eq!(status, 503, "answer {number}: {answer}");
        assert!(answer.contains("retry-after: 2\r\n"), "{answer}");
        assert!(answer.contains("/problems/unavailable"), "{answer}");
    }
}

/// Whether `/readyz` succeeds, asked at most once a second.
fn is_ready(process: &Process) -> bool {
    let answer = process.get_from(process.address, "/readyz");
    answer.starts_with("HTTP/1.1 200")
}

/// Posts one answer again and again until it is accepted, as customers' pages do.
#[track_caller]
fn recovers(process: &Process, sent: &Value) {
    let begun = Instant::now();
    loop {
        let (status, answer) = post(process, sent);
        if status == 200 {
            break;
        }
        assert!(begun.elapsed() < RECOVERY_TIME, "it did not recover: {answer}");
    }
    while !is_ready(process) {
        assert!(begun.elapsed() < RECOVERY_TIME, "it takes answers and says that it is not ready");
    }
}

/// The ids that are stored.
fn stored(folder: &Path) -> Vec<String> {
    let output =
        command().current_dir(folder).args(["export", "--format", "jsonl"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let id = |line: &str| {
        let response: Value = serde_json::from_str(line).unwrap();
        response["id"].as_str().unwrap().to_owned()
    };
    let mut ids: Vec<String> = lines.lines().map(id).collect();
    ids.sort();
    ids
}

#[track_caller]
fn assert_stored(folder: &Path, acknowledged: &[Value]) {
    let mut ids: Vec<String> =
        acknowledged.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    assert_eq!(stored(folder), ids);
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    folder.join(format!("afterword.db{ending}"))
}

#[test]
fn a_disk_that_takes_nothing_more_costs_no_answer_and_no_restart() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start_hardy(folder.path(), &[TOKEN]);
    let mut acknowledged = vec![response()];
    assert_eq!(post(&process, &acknowledged[0]).0, 200);
    let id = Pid::from_raw(i32::try_from(process.id()).unwrap());
    for _ in 0..2 {
        // No file may become larger than the log is now, which has the effect of a full disk.
        let size = fs::metadata(beside(folder.path(), "-wal")).unwrap().len();
        let unlimited =
            prlimit(id, Resource::Fsize, Rlimit { current: Some(size), maximum: None }).unwrap();
        refused(&process, 5);
        let begun = Instant::now();
        while is_ready(&process) {
            assert!(begun.elapsed() < RECOVERY_TIME, "it takes nothing and says that it is ready");
        }
        prlimit(id, Resource::Fsize, unlimited).unwrap();
        let next = response();
        recovers(&process, &next);
        acknowledged.push(next);
    }
    process.stop();
    assert_stored(folder.path(), &acknowledged);
}

#[test]
fn a_database_that_was_deleted_takes_no_answer_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let mut acknowledged = vec![response()];
    assert_eq!(post(&process, &acknowledged[0]).0, 200);
    let backup = command().current_dir(folder.path()).args(["backup", "copy.db"]).output().unwrap();
    assert!(backup.status.success(), "{backup:?}");

    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(beside(folder.path(), ending)).unwrap();
    }
    refused(&process, 20);
    assert!(!beside(folder.path(), "").exists(), "nobody makes an empty one");
    fs::rename(folder.path().join("copy.db"), beside(folder.path(), "")).unwrap();
    let next = response();
    recovers(&process, &next);
    acknowledged.push(next);
    process.stop();
    assert_stored(folder.path(), &acknowledged);
}

#[test]
fn a_database_that_was_replaced_takes_no_answer_into_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let mut acknowledged = vec![response()];
    assert_eq!(post(&process, &acknowledged[0]).0, 200);
    let backup = command().current_dir(folder.path()).args(["backup", "copy.db"]).output().unwrap();
    assert!(backup.status.success(), "{backup:?}");
    // Replaced by a file that is no database: no answer is accepted.
    fs::write(folder.path().join("letter"), "Dear customer, ".repeat(1_000)).unwrap();
    fs::rename(beside(folder.path(), ""), folder.path().join("aside")).unwrap();
    for ending in ["-wal", "-shm"] {
        fs::remove_file(beside(folder.path(), ending)).unwrap();
    }
    fs::rename(folder.path().join("letter"), beside(folder.path(), "")).unwrap();
    refused(&process, 20);
    // Replaced by a copy: from then on answers are written to it and read from it.
    fs::rename(folder.path().join("copy.db"), beside(folder.path(), "")).unwrap();
    for _ in 0..3 {
        let next = response();
        recovers(&process, &next);
        acknowledged.push(next);
    }
    let (_, list) = process.list(TOKEN.1);
    assert_eq!(list["responses"].as_array().unwrap().len(), acknowledged.len());
    process.stop();
    assert_stored(folder.path(), &acknowledged);
}

#[test]
fn a_log_that_was_cut_off_in_a_write_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for torn in [&[0x5a_u8; 3_000][..], &[0; 40], &[0xff; 9_000]] {
        let process = Process::start(folder.path(), &[], &[TOKEN]);
        for _ in 0..3 {
            let sent = response();
            assert_eq!(post(&process, &sent).0, 200);
            acknowledged.push(sent);
        }
        process.kill();
        // The half-written frame that a power failure leaves.
        let log = File::options().append(true).open(beside(folder.path(), "-wal"));
        log.unwrap().write_all(torn).unwrap();
    }
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let last = response();
    assert_eq!(post(&process, &last).0, 200);
    acknowledged.push(last);
    process.stop();
    assert_stored(folder.path(), &acknowledged);
}
