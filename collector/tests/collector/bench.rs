//! A collector for tests, on a database in a temporary folder, called without a socket.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use afterword_collector::{Assets, Collector, Config};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::markup::{one, words};

pub(crate) const TOKEN: &str = "the token of this test";

/// The header with the admin token.
pub(crate) const LOGIN: (&str, &str) = ("authorization", "Bearer the token of this test");

pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) collector: Collector,
    router: Router,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    /// A bench with changed settings.
    pub(crate) async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Tests must not depend on whether `dist/` existed at build time.
        let config = Config::new(address(&folder))
            .token(TOKEN)
            .assets(Assets::folder(folder.path().join("no-assets")));
        let collector = Collector::open(&change(config)).await.unwrap();
        let router = collector.router();
        Self { folder, collector, router }
    }

    pub(crate) fn address(&self) -> String {
        address(&self.folder)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Imports JSON Lines with the administrator's token; fails unless the file is taken.
    pub(crate) async fn import(&self, lines: String) -> Answer {
        let request = Request::post("/v1/import")
            .header(LOGIN.0, LOGIN.1)
            .header("content-type", "application/x-ndjson");
        let answer = self.send(request.body(lines.into()).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer
    }

    /// Sends a request without a body.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call(Method::GET, path, headers).await
    }

    /// Posts to the ingest address.
    pub(crate) async fn post(&self, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post("/v1/responses").header("content-type", content_type);
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn post_json(&self, response: &Value) -> Answer {
        self.post("application/json", response.to_string()).await
    }

    /// Sends a form as a browser does from our own page, with its cookie.
    pub(crate) async fn form(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", cookie);
        self.send(request.body(body.to_owned().into()).unwrap()).await
    }

    /// Sends a form with the form token of a page that this cookie opens.
    pub(crate) async fn own_form(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let page = self.get("/settings", &[("cookie", cookie)]).await;
        assert_eq!(page.status, 200, "not signed in: {}", page.text());
        self.form(path, cookie, &format!("form_token={}&{body}", form_token(&page.text()))).await
    }

    /// Signs in with the form.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.form("/login", "", &format!("login={login}&password={password}")).await
    }

    /// Creates the first account, `kim`, and returns its cookie.
    pub(crate) async fn admin(&self) -> String {
        let (path, _) = self.collector.setup_link().await.unwrap().unwrap();
        let answer = self.form(&path, "", &format!("name=Kim&login=kim&password={PASSWORD}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.cookie()
    }

    /// Creates a colleague by an invitation; returns their cookie. Their login is their name.
    pub(crate) async fn colleague(&self, admin: &str, name: &str, role: &str) -> String {
        let body = format!("name={name}&role={role}");
        let answer = self.own_form("/settings/colleagues", admin, &body).await;
        let path = shown_link(&answer.text(), "/invitation/");
        let body = format!("name={name}&login={name}&password={PASSWORD}");
        let answer = self.form(&path, "", &body).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.cookie()
    }

    /// Creates a token of that scope, named `for SCOPE`.
    pub(crate) async fn token(&self, admin: &str, scope: &str) -> String {
        let body = format!("name=for+{scope}&scope={scope}");
        let answer = self.own_form("/settings/tokens", admin, &body).await;
        words(one(&answer.page(), "#fresh-token"))
    }

    /// The list for a query such as `?limit=2`.
    pub(crate) async fn list(&self, query: &str) -> Value {
        let answer = self.get(&format!("/v1/responses{query}"), &[LOGIN]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Rebuilds the counts after rows were written directly to the database.
    pub(crate) async fn count_anew(&self) {
        self.collector.count_anew().await.unwrap();
    }

    /// The tables whose counts differ from a recount.
    pub(crate) async fn disagreeing(&self) -> Vec<&'static str> {
        self.collector.disagreeing().await.unwrap()
    }

    /// The stored response with an id.
    pub(crate) async fn kept(&self, id: &Value) -> Value {
        // The complete export: a list leaves out the contact.
        let file = self.get("/v1/export?format=jsonl", &[LOGIN]).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let file = file.text();
        let all = file.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut found: Vec<Value> = all.filter(|it| it["id"] == *id).collect();
        assert_eq!(found.len(), 1, "{id} is kept {} times", found.len());
        found.remove(0)
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session cookie that the answer sets, as a browser sends it back.
    #[track_caller]
    pub(crate) fn cookie(&self) -> String {
        self.set_cookie("afterword_session").split(';').next().unwrap().to_owned()
    }

    /// The value and attributes that the answer gives a cookie.
    #[track_caller]
    pub(crate) fn set_cookie(&self, name: &str) -> &str {
        let set = self.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
        let mut named = set.filter(|it| it.trim_start_matches("__Host-").starts_with(name));
        named.next().unwrap_or_else(|| panic!("no {name}: {} {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Asserts a problem document of that status and kind, and returns it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{kind}"));
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
        problem
    }
}

fn address(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("afterword.db").display())
}

/// The password of all colleagues in tests, in form encoding.
pub(crate) const PASSWORD: &str = "correct+horse+battery";

/// The form token of a page.
#[track_caller]
pub(crate) fn form_token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}

/// The path of the one-time link on a page.
#[track_caller]
pub(crate) fn shown_link(page: &str, kind: &str) -> String {
    let (_, rest) = page.split_once(kind).unwrap_or_else(|| panic!("no link in {page}"));
    format!("{kind}{}", rest.split('<').next().unwrap())
}

/// A new id.
pub(crate) fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // Scattered, so that the order of ids differs from the order of arrival.
    let number = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("0192f0c1-7a2b-7c3d-8e4f-{:012x}", number >> 16)
}

/// A response with every field of the contract, about a new order.
pub(crate) fn response() -> Value {
    let id = new_id();
    json!({
        "version": 1, "id": id, "revision": 1, "complete": true,
        "survey": "post-purchase", "touchpoint": "order", "score": 9,
        "comment": "Schnell & gut, gerne wieder.", "reasons": ["delivery", "price"],
        "quotable": true, "quote_name": "Kim", "contact": "kim@example.org",
        "answer_page": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.120Z",
        "sent_at": "2026-11-21T17:00:04.520Z",
        "page": "https://shop.example/thank-you", "locale": "de",
        "method": {
            "question": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
            "low_label": "gar nicht", "high_label": "sehr",
            "layout": "two-rows", "mode": "inline", "release": "0.1.0",
            "contact_text": "Wir nutzen diese Angabe nur, um Ihnen zu antworten.",
            "quote_text": "Sie dürfen meine Worte zitieren."
        },
        "order": {
            "id": format!("A-{}", &id[24..]), "value": "129.90", "currency": "EUR", "country": "DE",
            "products": ["SKU 1", "SKU 2"], "signature": "c2lnbmVk"
        },
        "customer": { "id": "C-7", "kind": "returning" },
        "properties": { "coupon": "WELCOME" }, "tags": ["q4", "app"]
    })
}

/// [`response`] with changed values at dotted paths; null removes a field.
pub(crate) fn response_with(changes: &[(&str, Value)]) -> Value {
    let mut response = response();
    if let Some((_, id)) = changes.iter().find(|(path, _)| *path == "id")
        && let Some(own) = id.as_str().and_then(|id| id.get(24..))
    {
        // All revisions of an answer are about one order.
        response["order"]["id"] = json!(format!("A-{own}"));
    }
    for (path, value) in changes {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = match parent {
            "" => &mut response,
            parent => &mut response[parent],
        };
        if value.is_null() {
            parent.as_object_mut().unwrap().remove(key);
        } else {
            parent[key] = value.clone();
        }
    }
    response
}

/// A short timeout, for tests in which the database stays locked.
pub(crate) const IMPATIENT: Duration = Duration::from_millis(600);

/// Writes a response directly to the table, as received at a given moment. Call [`Bench::count_anew`] after it.
pub(crate) async fn insert(file: &mut sqlx::SqliteConnection, body: &Value, received_at: i64) {
    sqlx::query(
        "INSERT INTO responses (id, revision, complete, survey, touchpoint, score, comment, locale,
             page, order_id, received_at, updated_at, response)
         VALUES (?, 1, 1, ?, ?, ?, ?, ?, 'p', ?, ?, ?, ?)",
    )
    .bind(body["id"].as_str())
    .bind(body["survey"].as_str())
    .bind(body["touchpoint"].as_str())
    .bind(body["score"].as_i64())
    .bind(body["comment"].as_str())
    .bind(body["locale"].as_str())
    .bind(body["order"]["id"].as_str())
    .bind(received_at)
    .bind(received_at)
    .bind(body.to_string())
    .execute(file)
    .await
    .unwrap();
}

/// Fills the bench's database with made-up answers.
pub(crate) async fn seeded(bench: &Bench, answers: usize) {
    let mut plan = afterword_collector::seed::Plan::new();
    plan.answers = answers;
    plan.existing = afterword_collector::seed::ExistingAnswers::Add;
    let config = Config::new(bench.address());
    afterword_collector::seed::run(&config, &plan, |_| {}).await.unwrap();
}
