//! Tests of the binary from outside: many connections, slow ones, and restarts that lose no request.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    bench::response,
    process::{Client, Process, command},
};

const TOKEN: (&str, &str) = ("AFTERWORD_TOKEN", "a token from the environment");
const HALF: &[u8] = b"POST /v1/responses HTTP/1.1\r\nHost: te";

#[test]
fn incomplete_requests_lock_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start_limited(folder.path(), 256, &[TOKEN]);
    let _half: Vec<TcpStream> = (0..370)
        .map(|_| {
            let mut stream = process.connect();
            stream.write_all(HALF).unwrap();
            stream
        })
        .collect();
    let mut took: Vec<Duration> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(process.post(&response().to_string()).0, 200);
            begun.elapsed()
        })
        .collect();
    took.sort();
    assert!(took[25] < Duration::from_millis(50), "{took:?}");
    process.stop();
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("most=192"), "{log}");
    assert_eq!(log.matches("all connections are taken").count(), 1, "{log}");
}

#[test]
fn a_stop_does_not_wait_for_incomplete_requests() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let mut half = process.connect();
    half.write_all(HALF).unwrap();
    assert_eq!(process.post(&response().to_string()).0, 200);
    let begun = Instant::now();
    process.stop();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn restarts_under_load_leave_no_request_without_an_answer() {
    const SENDERS: usize = 6;

    // `cargo xtask campaign restart` sets the variable.
    let restarts = match std::env::var("AFTERWORD_RESTARTS") {
        Ok(restarts) => restarts.parse().expect("a number of restarts"),
        Err(_) => 20,
    };

    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let is_over = AtomicBool::new(false);
    let send = || {
        let (mut client, mut kept) = (Client::new(address), Vec::new());
        while !is_over.load(Ordering::Relaxed) {
            let response = response();
            // Every third request uses a new connection.
            if kept.len() % 3 == 0 {
                client = Client::new(address);
            }
            let status = client.post(&response.to_string());
            assert_eq!(status.expect("a request was left without an answer"), 200);
            kept.push(response["id"].as_str().unwrap().to_owned());
        }
        kept
    };
    let kept: Vec<String> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(send)).collect();
        let mut process = Process::start_on(folder.path(), &listener, &[TOKEN]);
        for _ in 0..restarts {
            process.stop();
            process = Process::start_on(folder.path(), &listener, &[TOKEN]);
            assert_eq!(process.address, address);
        }
        is_over.store(true, Ordering::Relaxed);
        let kept = senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect();
        process.stop();
        kept
    });
    let output = command()
        .current_dir(folder.path())
        .args(["export", "--format", "jsonl"])
        .output()
        .unwrap();
    let stored: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let response: serde_json::Value = serde_json::from_str(line).unwrap();
            response["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(kept.len() > restarts * SENDERS, "there was load: {}", kept.len());
    assert_eq!(stored.len(), kept.len());
    assert!(kept.iter().all(|id| stored.contains(id)));
}

#[test]
fn a_passed_descriptor_that_is_not_a_listening_socket_is_refused() {
    let output = std::process::Command::new("sh")
        .args(["-c", "exec 3</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" serve"])
        .arg(command().get_program())
        .current_dir(tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("ListenStream="), "{error}");
}
