//! Data that is never stored: contacts in comments, IP addresses.
#![cfg(unix)]

use std::fs;

use afterword_collector::Redaction;
use serde_json::json;

use crate::{
    bench::{Bench, response_with},
    process::{Process, TOKEN},
};

const WROTE: &str = "Bitte an kim@example.com oder 0171 2349876, Bestellung 0123456789.";

#[tokio::test]
async fn contacts_in_a_comment_are_never_stored_and_the_given_contact_is() {
    let bench = Bench::new().await;
    let sent = response_with(&[("comment", json!(WROTE)), ("contact", json!("kim@example.org"))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    let kept = bench.kept(&sent["id"]).await;
    assert_eq!(kept["comment"], "Bitte an [E-Mail] oder [Telefonnummer], Bestellung 0123456789.");
    assert_eq!(kept["contact"], "kim@example.org");
    bench.collector.clone().close().await;
    for file in fs::read_dir(bench.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for private in ["kim@example.com", "2349876"] {
            assert!(!bytes.windows(private.len()).any(|part| part == private.as_bytes()));
        }
    }
}

#[tokio::test]
async fn redaction_can_be_switched_off() {
    let bench = Bench::with(|config| config.redaction(Redaction::Off)).await;
    let sent = response_with(&[("comment", json!(WROTE))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    assert_eq!(bench.kept(&sent["id"]).await["comment"], WROTE);
}

#[test]
fn no_address_of_the_network_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let body = response_with(&[]).to_string();
    let (status, _) = process.post_with(
        &body,
        "X-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.78\r\n\
         X-Real-IP: 203.0.113.79\r\nUser-Agent: Firefox/204.0.113\r\n",
    );
    assert_eq!(status, 200);
    process.stop();
    let mut read = 0;
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        read += bytes.len();
        for private in ["203.0.113", "127.0.0.1:", "204.0.113"] {
            let is_there = bytes.windows(private.len()).any(|part| part == private.as_bytes());
            // The only address in the log is the one that the collector listens on.
            assert!(!is_there, "{private}");
        }
    }
    assert!(read > 4_096, "there is a database to search");
}
