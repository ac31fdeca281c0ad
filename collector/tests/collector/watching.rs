//! Observability: `/metrics`, the ids of requests, the lines of the log.

use std::fs;

use axum::http::Method;
use serde_json::json;

use crate::{
    bench::{Bench, TOKEN as BENCH_TOKEN, response},
    process::{Process, TOKEN},
};

async fn figures(bench: &Bench) -> String {
    let authorization = format!("Bearer {BENCH_TOKEN}");
    let answer = bench.get("/metrics", &[("authorization", &authorization)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    answer.text()
}

#[tokio::test]
async fn metrics_need_a_token_and_count_requests() {
    let bench = Bench::new().await;
    bench.get("/metrics", &[]).await.problem(401, "unauthorized");
    let before = jiff::Timestamp::now();
    let mut sent = response();
    assert_eq!(bench.post_json(&sent).await.status, 200);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    sent["score"] = json!(11);
    assert_eq!(bench.post_json(&sent).await.status, 422);
    let text = figures(&bench).await;
    for line in [
        "afterword_requests_total{route=\"/v1/responses\",method=\"POST\",status=\"200\"} 2",
        "afterword_requests_total{route=\"/v1/responses\",method=\"POST\",status=\"422\"} 1",
        "afterword_refusals_total{problem=\"invalid-field\"} 1",
        "afterword_refusals_total{problem=\"unauthorized\"} 1",
        "afterword_request_duration_seconds_count{route=\"/v1/responses\"} 3",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    let survey = sent["survey"].as_str().unwrap();
    let line = format!("afterword_last_answer_timestamp_seconds{{survey=\"{survey}\"}} ");
    let (_, at) = text.split_once(&line).expect("the survey's last answer");
    let at: f64 = at.lines().next().unwrap().parse().unwrap();
    assert!((at - before.as_second() as f64).abs() < 60.0, "{at}");
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name)).expect(name);
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("afterword_database_bytes ") > 0.0);
    assert!(value("afterword_disk_free_bytes ") > 0.0);
    assert!(value("afterword_commits_total ") >= 1.0);
    assert!(value("afterword_changes_total ") >= value("afterword_commits_total "));
    assert!(value("afterword_write_queue ") < 10.0);
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn no_label_holds_what_a_stranger_wrote() {
    let bench = Bench::new().await;
    for path in ["/stranger", "/v1/responses/stranger", "/pages/stranger", "/?stranger"] {
        bench.get(path, &[("user-agent", "stranger")]).await;
    }
    let method = Method::from_bytes(b"STRANGER").unwrap();
    bench.call(method, "/v1/responses", &[]).await;
    let mut sent = response();
    sent["survey"] = json!("not valid, stranger");
    sent["stranger"] = json!("stranger");
    bench.post_json(&sent).await;
    let text = figures(&bench).await;
    assert!(!text.to_lowercase().contains("stranger"), "{text}");
    assert!(text.contains("method=\"another\""), "{text}");
}

#[tokio::test]
async fn a_problem_names_the_request_as_its_header_does() {
    let bench = Bench::new().await;
    let one = bench.post("application/json", "no JSON").await;
    let other = bench.post("application/json", "no JSON").await;
    let name = one.header("x-request-id").to_owned();
    assert_eq!(name.len(), 16, "{name}");
    assert_eq!(one.json()["request_id"], json!(name));
    assert_ne!(other.json()["request_id"], json!(name));
    // Only a trusted proxy may set the id of a request.
    let answer = bench.get("/healthz", &[("x-request-id", "given-by-a-stranger")]).await;
    assert_ne!(answer.header("x-request-id"), "given-by-a-stranger");
}

#[test]
fn a_request_is_in_the_log_under_its_id_and_accepted_answers_are_sampled() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [TOKEN, ("AFTERWORD_TRUSTED_PROXIES", "127.0.0.1")];
    let process =
        Process::start(folder.path(), &["--log-format=json", "--access-log-every=10"], &variables);
    for _ in 0..20 {
        assert_eq!(process.post(&response().to_string()).0, 200);
    }
    let (status, problem) = process.post_with("no JSON", "X-Request-Id: named-by-the-proxy\r\n");
    assert_eq!((status, &problem["request_id"]), (400, &json!("named-by-the-proxy")));
    let (_, problem) = process.post_with("no JSON", "X-Request-Id: with spaces in it\r\n");
    assert_eq!(problem["request_id"].as_str().unwrap().len(), 16);
    process.stop();
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let taken: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "answered" && line["route"] == "/v1/responses")
        .collect();
    assert_eq!(taken.len(), 2, "{log}");
    assert_eq!(taken[0]["one_in"], 10);
    let refused: Vec<_> = lines.iter().filter(|line| line["message"] == "refused").collect();
    assert_eq!(refused.len(), 2, "{log}");
    assert_eq!(refused[0]["span"]["id"], "named-by-the-proxy");
}

#[test]
fn the_listener_for_metrics_needs_no_token_and_serves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--metrics-listen", "127.0.0.1:0", "--log-format", "json"];
    let process = Process::start(folder.path(), &arguments, &[TOKEN]);
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    let address = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|line| line["message"] == "figures are open there")
        .and_then(|line| line["address"].as_str()?.parse().ok())
        .expect(&log);
    assert_eq!(process.post(&response().to_string()).0, 200);
    let text = process.get_from(address, "/metrics");
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("afterword_connections "), "{text}");
    assert!(process.get_from(address, "/readyz").starts_with("HTTP/1.1 200"));
    for path in ["/", "/v1/responses", "/login"] {
        assert!(process.get_from(address, path).starts_with("HTTP/1.1 404"), "{path}");
    }
    process.stop();
}
