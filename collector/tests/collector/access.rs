//! Access rights: calls every address as every kind of caller.

use std::collections::BTreeMap;

use afterword_collector::{Collector, Need, Role, Scope};
use axum::{
    body::Body,
    http::{Method, Request},
};

use crate::bench::{Answer, Bench, PASSWORD, TOKEN, response};

/// Every address and the access that it needs. This repeats `router.rs` on purpose: whoever adds or opens a route has to
/// change this table, too.
const TABLE: &[(&str, &[(&str, &str)])] = &[
    (
        "open",
        &[
            ("POST", "/v1/responses"),
            ("OPTIONS", "/v1/responses"),
            ("GET", "/thanks"),
            ("GET", "/v1/quotes"),
            ("GET", "/healthz"),
            ("GET", "/openapi.json"),
            ("GET", "/readyz"),
            ("GET", "/demo"),
            ("GET", "/pages/{file}"),
            ("GET", "/logo/{file}"),
            ("GET", "/accent/{file}"),
        ],
    ),
    (
        "open, own forms",
        &[
            ("GET", "/login"),
            ("POST", "/login"),
            ("POST", "/language"),
            ("GET", "/setup/{secret}"),
            ("POST", "/setup/{secret}"),
            ("GET", "/invitation/{secret}"),
            ("POST", "/invitation/{secret}"),
            ("GET", "/password/{secret}"),
            ("POST", "/password/{secret}"),
            ("GET", "/r/{secret}"),
            ("POST", "/r/{secret}"),
        ],
    ),
    (
        "reader",
        &[
            ("POST", "/logout"),
            ("GET", "/"),
            ("GET", "/inbox"),
            ("GET", "/inbox/count"),
            ("GET", "/inbox/new"),
            ("GET", "/week"),
            ("GET", "/responses"),
            ("GET", "/responses/count"),
            ("GET", "/responses/{id}"),
            ("GET", "/surveys"),
            ("GET", "/surveys/{id}"),
            ("GET", "/surveys/{id}/preview"),
            ("GET", "/settings"),
            ("POST", "/settings/name"),
            ("POST", "/settings/password"),
            ("POST", "/settings/sessions"),
            ("GET", "/data"),
            ("GET", "/data/export"),
            ("GET", "/quotes"),
            ("GET", "/surveys/{id}/review-link"),
            ("GET", "/surveys/{id}/review-link/file"),
        ],
    ),
    (
        "member",
        &[
            ("GET", "/responses/of/{owner}"),
            ("GET", "/responses/of/{owner}/file"),
            ("POST", "/surveys"),
            ("POST", "/surveys/{id}"),
            ("POST", "/surveys/{id}/refusals"),
            ("POST", "/surveys/{id}/archive"),
            ("GET", "/surveys/{id}/delete"),
            ("POST", "/surveys/{id}/delete"),
            ("POST", "/data/import"),
            ("GET", "/data/import/{id}"),
            ("POST", "/data/import/{id}"),
            ("GET", "/data/import/{id}/rejected"),
            ("POST", "/data/expiry"),
            ("POST", "/data/erase"),
            ("POST", "/responses/choice"),
            ("POST", "/responses/{id}/themes"),
            ("GET", "/settings/templates"),
            ("POST", "/settings/templates"),
            ("POST", "/settings/templates/{template}"),
            ("GET", "/settings/themes"),
            ("POST", "/settings/themes"),
            ("POST", "/settings/themes/{rule}"),
            ("GET", "/settings/alerts"),
            ("POST", "/settings/alerts"),
            ("POST", "/settings/alerts/rules/{rule}"),
            ("POST", "/settings/alerts/rules/{rule}/targets"),
            ("POST", "/settings/alerts/targets/{target}/test"),
            ("POST", "/settings/alerts/deliveries/{delivery}"),
            ("POST", "/settings/alerts/mails"),
            ("POST", "/settings/alerts/waiting"),
            ("POST", "/settings/themes/own"),
            ("POST", "/responses/{id}/quote"),
            ("POST", "/responses/{id}/quote/withdraw"),
            ("POST", "/settings/themes/of/{theme}"),
            ("POST", "/inbox/cases"),
            ("POST", "/inbox/undo"),
            ("POST", "/inbox/{id}"),
            ("POST", "/inbox/{id}/seen"),
            ("POST", "/inbox/{id}/reply"),
            ("POST", "/inbox/{id}/take-back"),
            ("POST", "/inbox/{id}/send-again"),
        ],
    ),
    (
        "admin",
        &[
            ("GET", "/settings/shop"),
            ("POST", "/settings/shop"),
            ("POST", "/settings/shop/links"),
            ("POST", "/settings/shop/logo"),
            ("GET", "/settings/health"),
            ("GET", "/settings/legal"),
            ("GET", "/settings/colleagues"),
            ("POST", "/settings/colleagues"),
            ("POST", "/settings/colleagues/{id}"),
            ("POST", "/settings/invitations/{id}"),
            ("GET", "/settings/tokens"),
            ("POST", "/settings/tokens"),
            ("POST", "/settings/tokens/{id}"),
            ("POST", "/settings/alerts/targets"),
            ("POST", "/settings/alerts/targets/{target}"),
        ],
    ),
    (
        "token: read",
        &[
            ("GET", "/v1/report"),
            ("GET", "/v1/responses"),
            ("GET", "/v1/export"),
            ("GET", "/v1/erasures"),
            ("GET", "/v1/review-link"),
            ("GET", "/metrics"),
        ],
    ),
    ("token: cases", &[("GET", "/v1/cases"), ("GET", "/v1/rules")]),
    ("token: import", &[("POST", "/v1/import")]),
    (
        "token: admin",
        &[
            ("DELETE", "/v1/responses"),
            ("POST", "/v1/erasures"),
            ("POST", "/v1/exclusions"),
            ("DELETE", "/v1/exclusions"),
        ],
    ),
];

#[test]
fn only_the_listed_addresses_are_open() {
    let expected: BTreeMap<(String, String), String> = TABLE
        .iter()
        .flat_map(|(need, routes)| {
            routes
                .iter()
                .map(|(method, path)| ((path.to_string(), method.to_string()), need.to_string()))
        })
        .collect();
    let actual: BTreeMap<(String, String), String> = Collector::rules()
        .into_iter()
        .map(|(method, path, need)| ((path.to_owned(), method), need.to_string()))
        .collect();
    assert_eq!(actual, expected);
}

/// The table of addresses for `docs/RUNNING.md`.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/RUNNING.md");

#[test]
fn the_documentation_lists_every_address_and_who_may_use_it() {
    let mut by_need: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (method, path, need) in Collector::rules() {
        by_need.entry(need.to_string()).or_default().push(format!("`{method} {path}`"));
    }
    let mut table = "| needs | addresses |\n|---|---|\n".to_owned();
    for (need, mut addresses) in by_need {
        addresses.sort_by_key(|it| {
            it.trim_end_matches('`').split_once(' ').map(|(_, path)| path.to_owned())
        });
        table.push_str(&format!("| {need} | {} |\n", addresses.join(", ")));
    }
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let (before, rest) = document.split_once("<!-- addresses -->\n").unwrap();
    let (listed, after) = rest.split_once("<!-- end of addresses -->").unwrap();
    if std::env::var_os("AFTERWORD_WRITE_DOCS").is_some() {
        let text = format!("{before}<!-- addresses -->\n{table}<!-- end of addresses -->{after}");
        std::fs::write(DOCUMENT, text).unwrap();
        return;
    }
    assert_eq!(listed, table, "run this test with AFTERWORD_WRITE_DOCS=1 to write the table anew");
}

/// A kind of caller: its name and the header that it sends.
struct Caller {
    name: &'static str,
    header: (&'static str, String),
    role: Option<Role>,
    scope: Option<Scope>,
}

async fn callers(bench: &Bench) -> Vec<Caller> {
    let admin = bench.admin().await;
    let member = bench.colleague(&admin, "member", "member").await;
    let reader = bench.colleague(&admin, "reader", "reader").await;
    let mut callers = vec![
        Caller {
            name: "a stranger",
            header: ("x-nothing", String::new()),
            role: None,
            scope: None,
        },
        Caller {
            name: "a wrong token",
            header: ("authorization", "Bearer aw_wrong".into()),
            role: None,
            scope: None,
        },
        Caller {
            name: "the admin token",
            header: ("authorization", format!("Bearer {TOKEN}")),
            role: Some(Role::Admin),
            scope: Some(Scope::Admin),
        },
    ];
    for scope in Scope::ALL {
        let token = bench.token(&admin, scope.name()).await;
        callers.push(Caller {
            name: scope.name(),
            header: ("authorization", format!("Bearer {token}")),
            role: (scope == Scope::Admin).then_some(Role::Admin),
            scope: Some(scope),
        });
    }
    for (role, cookie) in [(Role::Reader, reader), (Role::Member, member), (Role::Admin, admin)] {
        callers.push(Caller {
            name: role.name(),
            header: ("cookie", cookie),
            role: Some(role),
            scope: None,
        });
    }
    callers
}

async fn call(bench: &Bench, method: &str, path: &str, header: (&str, &str)) -> Answer {
    let path = path
        .replace("{secret}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        .replace("{id}", "9999")
        .replace("{file}", "style-old.css");
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
        .header(header.0, header.1)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    bench.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_address_refuses_callers_without_access() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    let callers = callers(&bench).await;
    for (method, path, need) in Collector::rules() {
        for caller in &callers {
            let (name, value) = &caller.header;
            let answer = call(&bench, &method, path, (name, value)).await;
            let at = format!("{method} {path} as {}: {}", caller.name, answer.status);
            let (admitted, is_known) = match need {
                Need::Nothing | Need::OwnForm => (true, true),
                Need::Role(role) => (
                    caller.role.is_some_and(|it| it >= role),
                    caller.role.is_some() || caller.scope.is_some(),
                ),
                Need::Scope(scope) => {
                    (caller.scope.is_some_and(|it| it.allows(scope)), caller.scope.is_some())
                }
            };
            let is_page = matches!(need, Need::Role(_));
            match (admitted, is_known) {
                (true, _) => {
                    assert!(answer.status != 401, "{at}");
                    assert!(!answer.header("location").starts_with("/login?next"), "{at}");
                    // A form without its token is refused, too, but not because of the role.
                    assert!(!answer.text().contains("another role"), "{at}");
                    if is_page && method == "POST" && caller.header.0 == "cookie" {
                        assert!(answer.status.is_client_error(), "without a form token: {at}");
                    }
                }
                (false, true) if is_page => {
                    assert_eq!(answer.status, 403, "{at}");
                    assert!(answer.text().contains("another role"), "{at}");
                }
                (false, true) => {
                    answer.problem(403, "forbidden");
                }
                (false, false) if !is_page => {
                    answer.problem(401, "unauthorized");
                }
                (false, false) if method == "GET" && caller.name == "a stranger" => {
                    assert_eq!(answer.status, 303, "{at}");
                    assert!(answer.header("location").starts_with("/login"), "{at}");
                }
                (false, false) => assert_eq!(answer.status, 401, "{at}"),
            }
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{at}");
            if !admitted {
                assert!(!answer.text().contains("Schnell"), "{at}");
            }
        }
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let page = bench.get("/settings", &[("cookie", &admin)]).await.text();
    let token = crate::bench::form_token(&page);
    let send = |path: &'static str, headers: &'static [(&'static str, &'static str)]| {
        let form = "application/x-www-form-urlencoded";
        let mut request = Request::post(path).header("cookie", &admin).header("content-type", form);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = format!("form_token={token}&name=Changed&to=de&login=kim&password={PASSWORD}");
        bench.send(request.body(body.into()).unwrap())
    };
    for path in ["/settings/name", "/login", "/language", "/logout"] {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://localhost")],
            &[("origin", "https://evil.example"), ("host", "localhost")],
            &[("origin", "null"), ("host", "localhost")],
            &[("host", "localhost")],
        ] {
            let answer = send(path, headers).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    // The form comes from the right site, but without a token, with a wrong one, or with that of another session.
    let other = bench.form("/login", "", &format!("login=kim&password={PASSWORD}")).await.cookie();
    let other = bench.get("/settings", &[("cookie", &other)]).await.text();
    let other = crate::bench::form_token(&other);
    for body in [
        "name=Changed".to_owned(),
        "form_token=AAAA&name=Changed".into(),
        format!("form_token={other}&name=Changed"),
    ] {
        assert_eq!(bench.form("/settings/name", &admin, &body).await.status, 403, "{body}");
    }
    assert!(!bench.get("/settings", &[("cookie", &admin)]).await.text().contains("Changed"));

    let own = &[("origin", "http://localhost"), ("host", "localhost")];
    assert_eq!(send("/settings/name", own).await.status, 303, "our own page may");
}

#[tokio::test]
async fn a_session_does_not_open_the_addresses_for_programs() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.get("/v1/responses", &[("cookie", &admin)]).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_refused_method_names_the_allowed_ones() {
    let bench = Bench::new().await;
    let answer = bench.call(Method::DELETE, "/responses", &[]).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET, HEAD");
}
