//! Measures the report page on the demo shop's year, beside bare queries of the same roll-ups.
//!
//! `cargo bench -p afterword-collector --bench report` prints both and their ratio, and fails if the page
//! takes more than five times as long: then it computes too much, or reads too much. Single times hold only
//! for one machine; the ratio holds for others, too.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::{Duration, Instant};

use afterword_collector::{
    Collector, Config,
    seed::{self, Plan},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use sqlx::{Connection as _, SqliteConnection};
use tower::ServiceExt as _;

/// Runs of each; the median counts.
const RUNS: usize = 60;
/// The page's time divided by that of the bare queries, at most.
const MAX_RATIO: f64 = 5.0;
const TOKEN: &str = "the token of this benchmark";

/// The roll-ups that the page reads, as the page narrows them.
const BARE: [&str; 6] = [
    "SELECT method, language, question, low_label, high_label, layout, mode FROM methods",
    "SELECT day, survey, touchpoint, method, answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
     FROM daily_scores WHERE day BETWEEN ?1 - (?2 - ?1 + 1) AND ?2",
    "SELECT touchpoint, sum(shown), sum(dismissed), sum(promoters), sum(passives), sum(detractors)
     FROM daily_displays WHERE day BETWEEN ?1 AND ?2 GROUP BY touchpoint",
    "SELECT first, second, first_segment, second_segment, sum(pairs)
     FROM daily_pairs WHERE day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4",
    "SELECT value, sum(s9 + s10), sum(s7 + s8), sum(answers - s7 - s8 - s9 - s10)
     FROM daily_facets WHERE day BETWEEN ?1 AND ?2 AND facet = 'product' GROUP BY value",
    "SELECT min(day), max(day) FROM daily_scores",
];

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite://{}", folder.path().join("afterword.db").display());
    let config = Config::new(&address).token(TOKEN);
    let added = seed::run(&config, &Plan::new(), |_| {}).await.unwrap();
    let collector = Collector::open(&config).await.unwrap();
    let router = collector.router();
    let mut file = SqliteConnection::connect(&address).await.unwrap();
    let (last,): (i64,) =
        sqlx::query_as("SELECT max(day) FROM daily_scores").fetch_one(&mut file).await.unwrap();

    println!("{added} answers, the median of {RUNS} runs each");
    let mut worst: f64 = 0.0;
    for (query, days) in [("", 90), ("?period=365d", 365)] {
        let (mut pages, mut bare) = (Vec::new(), Vec::new());
        // Alternating, so that a busy moment of the machine affects both.
        for _ in 0..RUNS {
            pages.push(page(&router, query).await);
            bare.push(rollups(&mut file, last - days + 1, last).await);
        }
        let (page, bare) = (median(pages), median(bare));
        let ratio = page.as_secs_f64() / bare.as_secs_f64();
        println!("{days:>3} days: page {page:>9.2?}, bare query {bare:>9.2?}, ratio {ratio:.2}");
        worst = worst.max(ratio);
    }
    drop(file);
    collector.close().await;
    assert!(worst <= MAX_RATIO, "the page takes {worst:.2} bare queries, and may take {MAX_RATIO}");
}

async fn page(router: &Router, query: &str) -> Duration {
    let request = Request::get(format!("/{query}"))
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Body::empty())
        .unwrap();
    let start = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let time = start.elapsed();
    assert!(body.len() > 20_000, "that was no report");
    time
}

async fn rollups(file: &mut SqliteConnection, first: i64, last: i64) -> Duration {
    let start = Instant::now();
    for statement in BARE {
        let rows =
            sqlx::query(statement).bind(first).bind(last).fetch_all(&mut *file).await.unwrap();
        std::hint::black_box(rows);
    }
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
