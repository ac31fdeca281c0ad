//! Rate limits by network, tested with the binary behind a trusted and behind an unknown proxy.
#![cfg(unix)]

use std::{fs, net::SocketAddr, path::Path};

use afterword_collector::TrustedProxies;
use tokio::net::TcpListener;

use crate::{
    bench::{Bench, PASSWORD, response},
    process::{Client, Process, command, exchange},
};

const TOKEN: (&str, &str) = ("AFTERWORD_TOKEN", "a token from the environment");
const TRUSTED: [(&str, &str); 2] = [TOKEN, ("AFTERWORD_TRUSTED_PROXIES", "127.0.0.1")];

fn from(addresses: &str) -> String {
    format!("X-Forwarded-For: {addresses}\r\n")
}

/// Posts answers until one is refused, up to `most`; returns how many were accepted and the last status.
fn flood(address: SocketAddr, headers: &str, most: usize) -> (usize, u16) {
    let mut client = Client::new(address).with(headers);
    for count in 1..=most {
        let status = client.post(&response().to_string()).unwrap();
        if status != 200 {
            return (count, status);
        }
    }
    (most, 200)
}

fn form(path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nOrigin: http://test\r\n{headers}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_network_that_sends_too_much_has_to_wait() {
    // If budgets grew during the test, its result would depend on the speed of the machine.
    let bench = Bench::with(|config| {
        config.trusted_proxies(TrustedProxies::read("127.0.0.1").unwrap()).still_budgets()
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(bench.collector.clone().serve(listener, async {
        let _ = stopped.await;
    }));
    let sending = tokio::task::spawn_blocking(move || {
        assert_eq!(flood(address, &from("203.0.113.7"), 2_000), (601, 429));
        // The same network cannot avoid the limit by claiming other addresses.
        for spoofed in ["203.0.113.99", "198.51.100.1, 203.0.113.7", "127.0.0.1, 203.0.113.7"] {
            assert_eq!(flood(address, &from(spoofed), 200), (1, 429), "{spoofed}");
        }
        assert_eq!(flood(address, &from("203.0.113.7, 198.51.100.1"), 20).1, 200);

        let sent = response().to_string();
        let answer = exchange(
            address,
            &format!(
                "POST /v1/responses HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{}\
                 Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{sent}",
                from("203.0.113.7"),
                sent.len()
            ),
        );
        assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
        assert!(answer.contains("/problems/too-many-requests"), "{answer}");
        let (_, after) = answer.split_once("retry-after: ").unwrap();
        let after: u32 = after.split("\r\n").next().unwrap().parse().unwrap();
        assert!((1..=30).contains(&after), "{answer}");

        // A customer without JavaScript gets the comment back.
        let navigated = format!("{}Sec-Fetch-Mode: navigate\r\n", from("203.0.113.7"));
        let page =
            exchange(address, &form("/v1/responses", &navigated, "score=9&comment=Nearly+lost"));
        assert!(page.starts_with("HTTP/1.1 429") && page.contains("Nearly lost"), "{page}");
    });
    sending.await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[test]
fn no_address_that_a_proxy_names_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &["--log-format", "json"], &TRUSTED);
    assert_eq!(flood(process.address, &from("198.51.100.1, 203.0.113.7"), 20).1, 200);
    let refused = exchange(
        process.address,
        "POST /v1/responses HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
         X-Forwarded-For: 203.0.113.7\r\nContent-Length: 0\r\n\r\n",
    );
    assert!(refused.starts_with("HTTP/1.1 4"), "{refused}");
    process.stop();
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(!log.contains("203.0.113") && !log.contains("198.51.100"), "{log}");
}

#[test]
fn forwarded_addresses_of_an_untrusted_proxy_are_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!(flood(process.address, &from("203.0.113.7"), 700).1, 200);
    process.stop();
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("networks have no limits of their own"), "{log}");
    let proxies = ("AFTERWORD_TRUSTED_PROXIES", "127.0.0.1, somewhere");
    let output =
        command().args(["serve", "--listen=127.0.0.1:0"]).envs([proxies]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("somewhere") && error.contains("10.0.0.0/8"), "{error}");
}

#[test]
fn wrong_passwords_from_another_network_lock_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &TRUSTED);
    let setup = process.said[0].split_once("/setup/").unwrap().1.to_owned();
    let account = format!("name=Kim&login=kim&password={PASSWORD}");
    assert_eq!(process.form(&format!("/setup/{setup}"), &account), 303);

    let sign_in = |address: &str, password: &str| {
        let body = format!("login=kim&password={password}");
        let answer = exchange(process.address, &form("/login", &from(address), &body));
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let guessed: Vec<String> = (0..9).map(|_| sign_in("203.0.113.7", "guessed")).collect();
    assert_eq!((guessed[7].as_str(), guessed[8].as_str()), ("422", "429"));
    assert_eq!(
        sign_in("203.0.113.8", PASSWORD),
        "429",
        "not even the right password is accepted from there"
    );
    assert_eq!(sign_in("198.51.100.1", PASSWORD), "303");
    process.stop();
}

#[test]
fn the_doctor_warns_that_all_visitors_behind_a_proxy_look_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = |folder: &Path, arguments: &[&str]| {
        let output = command().current_dir(folder).arg("doctor").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let said = doctor(folder.path(), &["--public-url", "https://feedback.shop.example"]);
    assert!(said.contains("mind     people come through a proxy"), "{said}");
    assert!(said.contains("trusted-proxies = [\"127.0.0.1\"]"), "{said}");
    let said = doctor(
        folder.path(),
        &["--public-url", "https://feedback.shop.example", "--trusted-proxies", "127.0.0.1"],
    );
    assert!(said.contains("ok       trusted proxies name"), "{said}");
    assert!(doctor(folder.path(), &[]).contains("mind     the collector does not know its own"));
    assert!(doctor(folder.path(), &["--limits", "off"]).contains("mind     limits are off"));
}
