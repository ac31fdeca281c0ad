//! Kills a collector again and again while answers, corrections, imports and erasures arrive.
//!
//! The test kills it a few times, `cargo xtask campaign kill` a hundred times.
#![cfg(unix)]

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::{
    bench::{new_id, response_with},
    process::{Client, Process, TOKEN, command},
};

/// The number of kills, unless [`KILLS_VARIABLE`] is set.
const DEFAULT_KILLS: usize = 5;
/// The variable that sets the number of kills.
const KILLS_VARIABLE: &str = "AFTERWORD_KILLS";
/// The number of simultaneous senders.
const SENDERS: usize = 6;
/// The smallest number of requests that are acknowledged between two kills.
const MIN_BETWEEN_KILLS: usize = 40;
/// Rows of an import.
const IMPORT_ROWS: usize = 12;

/// A customer or program that sends until it is acknowledged, as the widget does.
struct Sender {
    client: Client,
    random: u64,
    /// The answers that must be stored in the end: each id with its revision and score.
    kept: BTreeMap<String, (u64, u64)>,
    erased: Vec<String>,
}

/// The state that all senders share.
struct Field {
    address: SocketAddr,
    is_over: AtomicBool,
    acknowledged: AtomicUsize,
}

impl Sender {
    fn new(address: SocketAddr, seed: u64) -> Self {
        let login = format!("Authorization: Bearer {}\r\n", TOKEN.1);
        let client = Client::new(address).with(&login);
        Self { client, random: seed, kept: BTreeMap::new(), erased: Vec::new() }
    }

    /// A random number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.random >> 33).unwrap() % end
    }

    /// Sends a request until it is acknowledged, because after a broken connection it may or may not be stored.
    fn send(&mut self, field: &Field, what: &str, body: &str) {
        loop {
            match self.client.send(what, body) {
                Ok(200..=299) => break,
                Ok(503) | Err(_) => {}
                Ok(status) => panic!("{what}: {status}"),
            }
        }
        field.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    fn any_kept(&mut self) -> Option<(String, u64)> {
        let count = self.kept.len();
        let index = (count > 0).then(|| self.below(count))?;
        self.kept.iter().nth(index).map(|(id, (revision, _))| (id.clone(), *revision))
    }

    fn run(mut self, field: &Field) -> Self {
        while !field.is_over.load(Ordering::Relaxed) {
            let act = self.below(10);
            match (act, self.any_kept()) {
                (0, Some((id, _))) => {
                    self.send(field, &format!("DELETE /v1/responses?id={id}"), "");
                    self.kept.remove(&id);
                    self.erased.push(id);
                }
                (1..=3, Some((id, revision))) => self.answer(field, id, revision + 1),
                (4, _) => self.import(field),
                _ => self.answer(field, new_id(), 1),
            }
        }
        self
    }

    fn body(id: &str, revision: u64, score: u64) -> Value {
        response_with(&[
            ("id", json!(id)),
            ("revision", json!(revision)),
            ("score", json!(score)),
            ("comment", json!(format!("Number {revision} of {id}, delivered well"))),
            ("order.id", Value::Null),
        ])
    }

    fn answer(&mut self, field: &Field, id: String, revision: u64) {
        let score = self.below(11) as u64;
        self.send(field, "POST /v1/responses", &Self::body(&id, revision, score).to_string());
        self.kept.insert(id, (revision, score));
    }

    fn import(&mut self, field: &Field) {
        let mut lines = String::new();
        let mut rows = Vec::new();
        for _ in 0..IMPORT_ROWS {
            let (id, score) = (new_id(), self.below(11) as u64);
            let mut row = Self::body(&id, 1, score);
            row["received_at"] = json!("2026-03-01T10:00:00Z");
            row["updated_at"] = json!("2026-03-01T10:00:00Z");
            lines.push_str(&format!("{row}\n"));
            rows.push((id, (1, score)));
        }
        self.send(field, "POST /v1/import", &lines);
        self.kept.extend(rows);
    }
}

#[test]
fn killed_under_load_it_loses_nothing_and_counts_nothing_twice() {
    let kills = match std::env::var(KILLS_VARIABLE) {
        Ok(kills) => kills.parse().expect("a number of kills"),
        Err(_) => DEFAULT_KILLS,
    };
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let field = Field {
        address: listener.local_addr().unwrap(),
        is_over: AtomicBool::new(false),
        acknowledged: AtomicUsize::new(0),
    };
    let start = || {
        let variables = [TOKEN, ("AFTERWORD_LIMITS", "off"), ("AFTERWORD_LOG", "warn")];
        Process::start_on(folder.path(), &listener, &variables)
    };
    let senders: Vec<Sender> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|number| Sender::new(field.address, number as u64 + 1))
            .map(|sender| scope.spawn(|| sender.run(&field)))
            .collect();
        for kill in 0..kills {
            let process = start();
            let before = field.acknowledged.load(Ordering::Relaxed);
            // The collector is killed at another point each time.
            let enough = before + MIN_BETWEEN_KILLS + kill % 7 * 9;
            while field.acknowledged.load(Ordering::Relaxed) < enough {
                assert!(senders.iter().all(|it| !it.is_finished()), "a sender has failed");
                thread::yield_now();
            }
            process.kill();
        }
        let process = start();
        field.is_over.store(true, Ordering::Relaxed);
        let senders = senders.into_iter().map(|it| it.join().unwrap()).collect();
        process.stop();
        senders
    });

    let run = |arguments: &[&str]| {
        let output = command().current_dir(folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let exported = run(&["export", "--format", "jsonl"]);
    let mut stored = BTreeMap::new();
    for line in exported.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let said = (row["revision"].as_u64().unwrap(), row["score"].as_u64().unwrap());
        let twice = stored.insert(row["id"].as_str().unwrap().to_owned(), said);
        assert_eq!(twice, None, "{} is there twice", row["id"]);
    }
    let (mut kept, mut erased) = (BTreeMap::new(), 0);
    for sender in senders {
        erased += sender.erased.len();
        assert!(sender.erased.iter().all(|id| !stored.contains_key(id)), "an erased one came back");
        kept.extend(sender.kept);
    }
    let lost = kept.iter().filter(|(id, said)| stored.get(*id) != Some(said)).count();
    println!(
        "{kills} kills, {} acknowledged: {} answers are stored, {erased} erased, {lost} lost",
        field.acknowledged.into_inner(),
        stored.len()
    );
    assert!(erased > 0);
    assert_eq!(lost, 0);
    assert_eq!(stored, kept);
    let said = run(&["doctor"]);
    assert!(said.contains("ok       the report's counts and the search index equal"), "{said}");
    assert!(said.contains("ok       the database is undamaged"), "{said}");
}
