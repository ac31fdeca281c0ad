//! CORS: any shop's page may post and read the answer, and nothing else.

use axum::http::Method;
use serde_json::json;

use crate::bench::{Bench, LOGIN, response, response_with};

#[tokio::test]
async fn a_preflight_allows_a_post_with_any_header() {
    let bench = Bench::new().await;
    let answer = bench
        .call(
            Method::OPTIONS,
            "/v1/responses",
            &[
                ("origin", "https://shop.example"),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization,content-type,x-shop"),
            ],
        )
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-methods"), "POST");
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization,content-type,x-shop",
        "a star would not cover authorization"
    );
    assert_eq!(answer.header("access-control-max-age"), "86400");
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    let refused = bench.call(Method::PUT, "/v1/responses", &[]).await;
    assert_eq!(answer.header("allow"), refused.header("allow"));
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn every_answer_to_a_post_can_be_read_by_the_page() {
    let bench = Bench::new().await;
    let answers = [
        (200, bench.post_json(&response()).await),
        (400, bench.post("text/plain", "{").await),
        (413, bench.post("text/plain", " ".repeat(65_537)).await),
        (415, bench.post("text/html", "").await),
        (422, bench.post_json(&response_with(&[("score", json!(11))])).await),
        (405, bench.call(Method::PUT, "/v1/responses", &[]).await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{status}");
        assert_eq!(answer.header("access-control-expose-headers"), "Retry-After", "{status}");
    }
}

#[tokio::test]
async fn a_list_cannot_be_read_by_a_foreign_page() {
    let bench = Bench::new().await;
    for (path, status) in [("/v1/responses", 200), ("/responses", 200), ("/v1/responses?x=1", 400)]
    {
        let headers = [("origin", "https://evil.example"), LOGIN];
        let answer = bench.get(path, &headers).await;
        assert_eq!(answer.status, status);
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
    }
}
