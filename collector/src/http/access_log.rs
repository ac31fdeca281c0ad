//! Logs one line for each request: method, route, status, duration. A line never contains an address, a query or
//! a body, because they may name a person or hold a token. `/metrics` counts the same requests.
//!
//! [`crate::log_sample`] decides which requests get no line.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};

use super::error::LoggedRefusal;
use crate::{abuse::budgets::ExceededBudget, state::Shared};

/// The name in the log for a request without a route: a file of the widget's, or an unknown address.
const NO_ROUTE: &str = "a file or nothing";

pub(crate) async fn log(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let method = named(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;

    let took = start.elapsed();
    let status = response.status().as_u16();
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if let Some(exceeded) = response.extensions().get::<ExceededBudget>() {
        shared.metrics.exceeded(exceeded.budget);
    }
    let refused = response.extensions().get::<LoggedRefusal>();
    shared.metrics.answered(route, method, status, refused.map(|it| it.problem), took);
    match refused {
        Some(LoggedRefusal { problem, fields }) => match shared.log_sample.refusal() {
            Some(0) => {
                tracing::info!(method, route, status, milliseconds, problem, fields, "refused");
            }
            Some(left_out) => tracing::info!(
                method,
                route,
                status,
                milliseconds,
                problem,
                fields,
                left_out,
                "refused, as were others before"
            ),
            None => {}
        },
        // Monitors and page views ask for these all the time; their lines would bury the others.
        None if matches!(route, "/healthz" | "/readyz" | "/metrics" | NO_ROUTE) => {
            tracing::debug!(method, route, status, milliseconds, "answered");
        }
        None if route == "/v1/responses" && method == "POST" => {
            if shared.log_sample.is_shown() {
                let one_in = shared.log_sample.one_in();
                tracing::info!(method, route, status, milliseconds, one_in, "answered");
            }
        }
        None => tracing::info!(method, route, status, milliseconds, "answered"),
    }
    response
}

/// The name of a known method; clients can invent others, which must not become labels.
fn named(method: &Method) -> &'static str {
    [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::OPTIONS,
        Method::DELETE,
        Method::PUT,
        Method::PATCH,
    ]
    .iter()
    .zip(["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PUT", "PATCH"])
    .find_map(|(known, name)| (known == method).then_some(name))
    .unwrap_or("another")
}
