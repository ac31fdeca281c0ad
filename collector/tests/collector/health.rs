//! `/healthz` and `/readyz`.

use axum::http::Method;

use crate::bench::Bench;

#[tokio::test]
async fn health_does_not_ask_the_database_and_readiness_does() {
    let bench = Bench::new().await;
    for path in ["/healthz", "/readyz"] {
        let answer = bench.get(path, &[]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text(), "ok\n");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(bench.call(Method::HEAD, path, &[]).await.status, 200);
    }
    bench.collector.clone().close().await;
    assert_eq!(bench.get("/healthz", &[]).await.status, 200);
    bench.get("/readyz", &[]).await.problem(503, "unavailable");
    bench.call(Method::POST, "/healthz", &[]).await.problem(405, "method-not-allowed");
}
