//! A day of a busy shop in an hour: does the collector's memory stay flat?
//!
//! `cargo xtask bench day` builds the collector for release, fills a year, and plays 24 hours, each in 150 seconds
//! (`AFTERWORD_HOUR` sets the seconds). In each hour:
//!
//! - 1,000 customers see the question, tap a score, and send a comment, each over a connection of their own, of which every
//!   tenth stays open until the collector closes it;
//! - 4,000 pages ask for the quotes;
//! - the shop reads the report, the inbox, a search and the answers of a theme ten times, exports every answer once in six hours,
//!   and somebody tries to sign in;
//! - a monitor reads `/metrics` sixty times.
//!
//! It prints memory, descriptors, the size of the files and how long the slowest of 100 answers took, for each hour. It
//! fails if the memory of the last six hours is more than a tenth above the memory of hours 7 to 12.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

fn main() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    println!("this reads memory from Linux's /proc");
}

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "the other benchmark uses all of it")]
mod served;

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        fs,
        net::SocketAddr,
        path::Path,
        process::Stdio,
        sync::{Arc, Mutex},
        time::{Duration, Instant},
    };

    use tokio::task::JoinSet;

    use crate::served::{Line, Server, TOKEN, collector, request};

    const HOURS: usize = 24;
    /// Seconds of an hour, unless `AFTERWORD_HOUR` is set.
    const DEFAULT_HOUR_SECONDS: u64 = 150;
    /// Answers of the year before.
    const YEAR: &str = "50000";
    const CUSTOMERS: u32 = 1_000;
    const QUOTES: u32 = 4_000;
    const READINGS: u32 = 10;
    const MEASUREMENTS: u32 = 60;
    /// What the shop reads.
    const PAGES: [&str; 5] =
        ["/", "/inbox", "/responses?q=lieferung", "/responses?theme=packaging", "/v1/report"];
    /// The most that the last hours' memory may be of that of the hours before.
    const MAX_GROWTH: f64 = 1.1;

    pub(crate) fn run() {
        let hour = std::env::var("AFTERWORD_HOUR")
            .map_or(DEFAULT_HOUR_SECONDS, |it| it.parse().expect("seconds"));
        let hour = Duration::from_secs(hour);
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let folder = folder.path();
        let seed = ["seed", "--database", "sqlite://afterword.db", "--answers", YEAR];
        let seeded = collector(folder).args(seed).stdout(Stdio::null()).status().unwrap();
        assert!(seeded.success());
        let server = Server::start(folder);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut memory = Vec::new();
        for number in 0..HOURS {
            let mut took = runtime.block_on(play(server.address, number, hour));
            took.sort();
            let now = server.memory_now();
            println!(
                "hour {:>2}: {now} MB, {} descriptors, {} MB of files, 99 of 100 answers within {:.1?}",
                number + 1,
                server.descriptors(),
                size(folder) >> 20,
                took[took.len() * 99 / 100],
            );
            memory.push(now as f64);
        }
        println!("at most {} MB", server.memory());
        server.stop();
        let mean = |hours: &[f64]| hours.iter().sum::<f64>() / hours.len() as f64;
        let (before, after) = (mean(&memory[6..12]), mean(&memory[18..]));
        println!("hours 7 to 12: {before:.0} MB; hours 19 to 24: {after:.0} MB");
        assert!(after <= before * MAX_GROWTH, "memory grows");
    }

    /// The bytes of all files in a folder.
    fn size(folder: &Path) -> u64 {
        fs::read_dir(folder)
            .unwrap()
            .flatten()
            .map(|it| it.metadata().map_or(0, |it| it.len()))
            .sum()
    }

    /// Plays an hour; returns how long each answer took.
    async fn play(address: SocketAddr, number: usize, hour: Duration) -> Vec<Duration> {
        let begun = Instant::now();
        let took = Arc::new(Mutex::new(Vec::new()));
        let mut all = JoinSet::new();
        for customer in 0..CUSTOMERS {
            let (at, took) = (begun + hour / CUSTOMERS * customer, Arc::clone(&took));
            let number = number * CUSTOMERS as usize + customer as usize;
            all.spawn(async move {
                tokio::time::sleep_until(at.into()).await;
                let mut line = Line::open(address).await.unwrap();
                for message in messages(number) {
                    let sent = Instant::now();
                    assert_eq!(line.exchange(&message).await, 200);
                    took.lock().unwrap().push(sent.elapsed());
                }
                if number.is_multiple_of(10) {
                    // The customer's browser keeps the connection until the collector closes it.
                    tokio::spawn(line.until_closed());
                }
            });
        }
        let every = |times: u32, all: &mut JoinSet<()>, work: &'static [&'static str]| {
            all.spawn(async move {
                for turn in 0..times {
                    tokio::time::sleep_until((begun + hour / times * turn).into()).await;
                    let mut line = Line::open(address).await.unwrap();
                    for (at, path) in work.iter().enumerate() {
                        let then = if at + 1 < work.len() { "keep-alive" } else { "close" };
                        assert_eq!(line.exchange(get(path, then).as_bytes()).await, 200, "{path}");
                    }
                    // An export comes in pieces, whose length nobody knows before.
                    line.until_closed().await;
                }
            });
        };
        every(QUOTES, &mut all, &["/v1/quotes"]);
        every(READINGS, &mut all, &PAGES);
        every(MEASUREMENTS, &mut all, &["/metrics"]);
        if number.is_multiple_of(6) {
            every(1, &mut all, &["/v1/export?format=csv"]);
        }
        all.spawn(async move {
            let form = "login=kim&password=wrong";
            let request = format!(
                "POST /login HTTP/1.1\r\nHost: bench\r\nOrigin: http://bench\r\nContent-Length: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            );
            let status = Line::open(address).await.unwrap().exchange(request.as_bytes()).await;
            assert!((400..500).contains(&status), "{status}");
        });
        while let Some(played) = all.join_next().await {
            played.unwrap();
        }
        tokio::time::sleep_until((begun + hour).into()).await;
        Arc::into_inner(took).unwrap().into_inner().unwrap()
    }

    fn get(path: &str, connection: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nConnection: {connection}\r\n\r\n"
        )
    }

    /// What a customer's browser sends: the display, the score, and the whole answer.
    fn messages(number: usize) -> [Vec<u8>; 3] {
        let text = String::from_utf8(request(number)).unwrap();
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let score: serde_json::Value = serde_json::from_str(body).unwrap();
        let display = serde_json::json!({
            "version": 1, "display": "shown", "id": score["id"], "survey": score["survey"],
            "touchpoint": score["touchpoint"], "at": score["shown_at"], "page": score["page"]
        });
        let mut early = score.clone();
        early["complete"] = false.into();
        early["comment"] = serde_json::Value::Null;
        let mut late = score;
        late["revision"] = 2.into();
        [display, early, late].map(|message| {
            let body = message.to_string();
            format!(
                "POST /v1/responses HTTP/1.1\r\nHost: bench\r\nOrigin: https://shop.example\r\n\
                 Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        })
    }
}
