//! Measures the quotes, and every filter of the answers, the inbox and the report, on a year of 50,000 answers and on a large
//! one.
//!
//! `cargo xtask bench filters` builds the collector for release, fills two years, asks each address of both in turns, and
//! prints the medians and their ratio. It fails if one takes more than three times as long on the large year. That has
//! 1,000,000 answers, or as many as `AFTERWORD_ANSWERS` says. The ratios hold for other machines, too.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

fn main() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    println!("this reads memory from Linux's /proc");
}

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "another benchmark uses all of it")]
mod served;

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        process::Stdio,
        time::{Duration, Instant},
    };

    use crate::served::{Line, Server, TOKEN, collector};

    const SMALL: usize = 50_000;
    const LARGE: usize = 1_000_000;
    /// Readings of each address; the median counts.
    const RUNS: usize = 9;
    const MAX_RATIO: f64 = 3.0;
    /// What is below this is not compared: both are done before anybody notices.
    const NOTICEABLE: Duration = Duration::from_millis(10);

    /// The filters of the list of answers, which the inbox has, too.
    const OF_ANSWERS: [&str; 18] = [
        "",
        "survey=post-purchase",
        "touchpoint=delivery",
        "touchpoint=support&segment=detractor",
        "segment=passive",
        "q=lieferung",
        "q=zzyzx",
        "q=lieferung&segment=detractor",
        "theme=packaging",
        "theme=delivery_time&segment=promoter",
        "country=AT",
        "customer=returning",
        "language=en",
        "from=2020-01-01&to=2020-02-01",
        "aside=test",
        "survey=post-purchase&aside=test",
        "aside=repeated",
        "survey=nowhere",
    ];
    const OF_CASES: [&str; 6] = [
        "state=new",
        "state=all",
        "state=answered",
        "owner=none",
        "score=3",
        "state=all&score=0&q=paket",
    ];
    const OF_REPORT: [&str; 11] = [
        "",
        "period=all",
        "period=all&by=product",
        "period=30d&segment=detractor",
        "period=all&theme=packaging",
        "period=365d",
        "period=365d&touchpoint=delivery&by=country",
        "period=365d&touchpoint=return",
        "period=365d&survey=website",
        "period=all&country=AT",
        "period=all&flagged=with",
    ];
    /// What a shop's pages ask for with every view, and pages that show something of all answers.
    const OTHERS: [&str; 7] = [
        "/v1/quotes",
        "/v1/quotes?survey=website",
        "/quotes",
        "/surveys",
        "/surveys/post-purchase",
        "/surveys/post-purchase/review-link",
        "/settings/alerts",
    ];

    pub(crate) fn run() {
        let large = std::env::var("AFTERWORD_ANSWERS").map_or(LARGE, |it| it.parse().unwrap());
        let folders = [(); 2].map(|()| tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        let servers = [0, 1].map(|at: usize| {
            let count = [SMALL, large][at].to_string();
            let begun = Instant::now();
            let seed = ["seed", "--database", "sqlite://afterword.db", "--answers", &count];
            let seeded =
                collector(folders[at].path()).args(seed).stdout(Stdio::null()).status().unwrap();
            assert!(seeded.success());
            println!("{count} answers filled in {:.0?}", begun.elapsed());
            Server::start(folders[at].path())
        });
        let pages = [("/responses", &OF_ANSWERS[..]), ("/v1/responses", &OF_ANSWERS[..])];
        let inbox = [("/inbox", &OF_ANSWERS[..]), ("/inbox", &OF_CASES[..])];
        let report = [("/", &OF_REPORT[..]), ("/v1/report", &OF_REPORT[..])];
        let all = [pages, inbox, report].concat();
        let filtered = all.iter().flat_map(|(path, queries)| {
            queries.iter().map(move |query| match *query {
                "" => (*path).to_owned(),
                query => format!("{path}?{query}"),
            })
        });
        let addresses = OTHERS.iter().map(|&it| it.to_owned()).chain(filtered);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut slow = Vec::new();
        for address in addresses {
            let [few, many] = runtime.block_on(medians(&servers, &address));
            let ratio = many.as_secs_f64() / few.as_secs_f64();
            println!("{ratio:5.1}  {few:>9.1?} {many:>9.1?}  {address}");
            if ratio > MAX_RATIO && many > NOTICEABLE {
                slow.push(address);
            }
        }
        for server in servers {
            server.stop();
        }
        assert!(slow.is_empty(), "more than {MAX_RATIO} times as long: {slow:#?}");
    }

    /// How long both servers take for an address, asked in turns.
    async fn medians(servers: &[Server; 2], address: &str) -> [Duration; 2] {
        let request = format!(
            "GET {address} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nAccept: */*\r\n\r\n"
        );
        let mut lines = [
            Line::open(servers[0].address).await.unwrap(),
            Line::open(servers[1].address).await.unwrap(),
        ];
        let mut took = [Vec::new(), Vec::new()];
        for _ in 0..RUNS {
            for (line, took) in lines.iter_mut().zip(&mut took) {
                let begun = Instant::now();
                let status = line.exchange(request.as_bytes()).await;
                assert_eq!(status, 200, "{address}");
                took.push(begun.elapsed());
            }
        }
        took.map(|mut took| {
            took.sort();
            took[RUNS / 2]
        })
    }
}
