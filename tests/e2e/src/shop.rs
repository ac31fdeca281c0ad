//! A shop to visit: a server of fixture pages on one origin, the real collector on another.
//!
//! The shop's server also has endpoints that fail on demand, serves dist/ for pages that host the files
//! themselves, delays files until a test releases them, and records its requests.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use afterword_collector::{Assets, Collector, Config, Demo};
use afterword_response::Response;
use afterword_response::receive::{self, Received, Refusal};
use anyhow::{Context, Result, anyhow, ensure};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{self, HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use futures_util::StreamExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::fixture::{Fixture, Origins};

/// The collector's admin token.
pub const TOKEN: &str = "the token of the end-to-end tests";

/// A request to the shop's server.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
    /// The time of its arrival.
    pub at: Instant,
    /// Whether an endpoint of the shop's server has stored it, even if the page did not get the answer.
    pub stored: bool,
}

impl Request {
    /// The response in its JSON body, parsed like a receiver.
    ///
    /// # Errors
    /// A receiver would refuse it, or would have to change it.
    pub fn response(&self) -> Result<Response> {
        checked(receive::from_json(self.body.as_bytes()))
    }

    /// The response in its form, parsed like a receiver.
    ///
    /// # Errors
    /// As [`response`](Self::response).
    pub fn response_of_a_form(&self) -> Result<Response> {
        checked(receive::from_form(form_urlencoded::parse(self.body.as_bytes()).into_owned()))
    }
}

fn checked(received: Result<Received<Response>, Refusal>) -> Result<Response> {
    let Received { message, notes } = received.map_err(|refusal| anyhow!("{refusal:?}"))?;
    ensure!(notes.is_empty(), "{notes:?}");
    Ok(message)
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    /// The requests to the collector.
    collector: Vec<Request>,
    /// The number of requests to each endpoint.
    asked: HashMap<String, usize>,
    /// Whether endpoints that are `away` or `unheard` answer again.
    is_back: bool,
}

struct Shared {
    fixtures: PathBuf,
    dist: PathBuf,
    origins: Origins,
    /// The pages made by code, by number: their headers and markup.
    pages: Mutex<Vec<(HeaderMap, String)>>,
    /// The port of an origin that does not answer until [`Shop::connect`].
    later: u16,
    kept: Mutex<Log>,
    /// Requests wait if their path contains one of these parts.
    held: watch::Sender<HashSet<String>>,
}

/// The two servers, which end when this value is dropped.
pub struct Shop {
    shared: Arc<Shared>,
    /// The shop's origin.
    pub origin: String,
    /// The collector's origin.
    pub collector: String,
    /// The path of the link that makes the collector's first account.
    pub setup: Option<String>,
    _folder: TempDir,
}

impl Shop {
    /// Opens both servers on free ports, the collector with an empty database.
    ///
    /// # Errors
    /// A port, a file or the database cannot be opened.
    pub async fn open() -> Result<Self> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
        let dist = PathBuf::from(std::env::var("AFTERWORD_DIST").context("AFTERWORD_DIST")?);
        let folder = tempfile::tempdir()?;

        // The collector serves dist/ unchanged, except that the demo page starts with the tests' probe.
        let assets = folder.path().join("assets");
        copy(&dist, &assets)?;
        let demo = assets.join("demo/index.html");
        let page = fs::read_to_string(&demo)?;
        fs::write(&demo, page.replacen("<head>", "<head><script src=\"probe.js\"></script>", 1))?;
        fs::copy(fixtures.join("probe.js"), assets.join("demo/probe.js"))?;
        for suffix in [".br", ".gz"] {
            let _ = fs::remove_file(assets.join(format!("demo/index.html{suffix}")));
        }
        let database = format!("sqlite://{}", folder.path().join("answers.db").display());
        let config =
            Config::new(database).token(TOKEN).assets(Assets::folder(assets)).demo(Demo::Stored);
        let collector = Collector::open(&config).await?;
        let setup = collector.setup_link().await?.map(|(path, _)| path);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let collector_origin = format!("http://{}", listener.local_addr()?);
        let collector_listener = listener;

        let listener = TcpListener::bind("127.0.0.1:0").await?;
        // Another host name, so that it is also another site.
        let address = listener.local_addr()?;
        let origin = format!("http://localhost:{}", address.port());
        let shared = Arc::new(Shared {
            fixtures,
            origins: Origins {
                shop: origin.clone(),
                collector: collector_origin.clone(),
                other: format!("http://{address}"),
                integrity: integrity(&dist)?,
            },
            dist,
            pages: Mutex::default(),
            later: TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port(),
            kept: Mutex::default(),
            held: watch::Sender::default(),
        });
        let recorded = middleware::from_fn_with_state(shared.clone(), record);
        let collector = collector.router().layer(recorded);
        tokio::spawn(async move { axum::serve(collector_listener, collector).await });
        let router = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { shared, origin, collector: collector_origin, setup, _folder: folder })
    }

    /// The requests to the shop's server so far with this method and this beginning of the path.
    #[must_use]
    pub fn requests(&self, method: &str, path: &str) -> Vec<Request> {
        let kept = self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = kept.requests.iter();
        asked.filter(|r| r.method == method && r.path.starts_with(path)).cloned().collect()
    }

    /// The requests to the collector so far, in order.
    #[must_use]
    pub fn asked_of_the_collector(&self) -> Vec<Request> {
        self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner).collector.clone()
    }

    /// Publishes a page at the shop, and returns the path of its address.
    ///
    /// # Errors
    /// A header is not valid.
    pub fn publish(&self, page: &Fixture) -> Result<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in page.headers() {
            headers.insert(header::HeaderName::from_static(name), value.parse()?);
        }
        headers.insert(header::CONTENT_TYPE, page.kind().parse()?);
        let page = (headers, page.html(&self.shared.origins));
        let mut pages = self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push(page);
        Ok(format!("/pages/{}", pages.len() - 1))
    }

    /// Another origin of the shop's server.
    #[must_use]
    pub fn other(&self) -> &str {
        &self.shared.origins.other
    }

    /// The shop's address with https, which its server does not speak.
    #[must_use]
    pub fn secure(&self) -> String {
        self.other().replacen("http:", "https:", 1)
    }

    /// An origin that no page can reach before [`connect`](Self::connect).
    #[must_use]
    pub fn later(&self) -> String {
        format!("http://127.0.0.1:{}", self.shared.later)
    }

    /// Opens the origin [`later`](Self::later), with the shop's server.
    ///
    /// # Errors
    /// Another program has taken its port.
    pub async fn connect(&self) -> Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", self.shared.later)).await?;
        let router = Router::new().fallback(answer).with_state(self.shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(())
    }

    /// Makes the endpoints answer that were `away` or `unheard`.
    pub fn come_back(&self) {
        self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner).is_back = true;
    }

    /// Makes requests whose path contains `part` wait until [`release`](Self::release).
    pub fn hold(&self, part: &str) {
        self.shared.held.send_modify(|held| {
            held.insert(part.to_owned());
        });
    }

    /// Releases all waiting requests.
    pub fn release(&self) {
        self.shared.held.send_modify(HashSet::clear);
    }

    /// The answers that the collector has stored, newest first.
    ///
    /// # Errors
    /// The collector answers with an error.
    pub async fn stored(&self) -> Result<Vec<Value>> {
        let uri = format!("{}/v1/responses", self.collector);
        let request = axum::http::Request::get(uri)
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .body(String::new())?;
        let client =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .build_http();
        let answer = client.request(request).await?;
        let body = axum::body::to_bytes(Body::new(answer.into_body()), usize::MAX).await?;
        let list: Value = serde_json::from_slice(&body)?;
        Ok(list["responses"].as_array().context("a list of responses")?.clone())
    }
}

/// Records a request to the collector, and passes it on.
async fn record(
    State(shop): State<Arc<Shared>>,
    request: axum::extract::Request,
    next: Next,
) -> http::Response<Body> {
    let kept = Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        headers: request.headers().clone(),
        body: String::new(),
        at: Instant::now(),
        stored: false,
    };
    shop.kept.lock().unwrap_or_else(PoisonError::into_inner).collector.push(kept);
    next.run(request).await
}

async fn answer(
    State(shop): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> http::Response<Body> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let request = Request {
        method: method.to_string(),
        path: path.clone(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        at: Instant::now(),
        stored: false,
    };
    let mut held = shop.held.subscribe();
    let number = {
        let mut kept = shop.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.requests.push(request);
        kept.requests.len() - 1
    };
    let _ = held.wait_for(|held| !held.iter().any(|part| path.contains(part.as_str()))).await;
    // When a page gets an answer to this request, all its earlier requests have been recorded.
    if uri.path() == "/fence" {
        return respond(StatusCode::NO_CONTENT, "text/plain", Bytes::new());
    }
    // In the folder of the shop's script: the endpoint of a tag without `data-endpoint`.
    let beside = (uri.path() == "/dist/v1/responses").then_some("200");
    if let Some(plan) = uri.path().strip_prefix("/endpoint/").or(beside) {
        let (plan, cors) = plan.strip_prefix("no-cors/").map_or((plan, true), |plan| (plan, false));
        let plan = plan.strip_suffix("/v1/responses").unwrap_or(plan);
        let acts: Vec<&str> = plan.split(',').collect();
        let mut act = acts[0];
        if method == Method::POST {
            let mut kept = shop.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let asked = kept.asked.entry(path).or_default();
            act = acts.get(*asked).or(acts.last()).copied().unwrap_or_default();
            *asked += 1;
            // Recorded before any delay, because the page may close before it gets the answer.
            if ["away", "unheard"].contains(&act) && kept.is_back {
                act = "200";
            }
            kept.requests[number].stored = stores(act);
        }
        let act = if method == Method::OPTIONS { "204" } else { act };
        return endpoint(act, cors).await;
    }
    file(&shop, uri.path()).unwrap_or_else(|error| {
        respond(StatusCode::NOT_FOUND, "text/plain", format!("{error:#}").into())
    })
}

/// Whether an endpoint with this action stores the request, even if its answer does not arrive.
fn stores(act: &str) -> bool {
    act.starts_with('2')
        || ["empty", "named", "hostile", "unheard"].contains(&act.split('@').next().unwrap_or(act))
}

/// An endpoint whose path lists its actions for one request after the other; the last action repeats:
/// `/endpoint/500,cut,200`. With `no-cors` in the path it sends no CORS headers. The path may end in `/v1/responses`, like
/// that of a collector.
///
/// A number is a status, `503;2` one with `Retry-After: 2`; a redirect leads to another endpoint.
/// `cut` ends the connection without an answer, `short` in the middle of one. `unheard` stores the request and then
/// ends the connection, until [`Shop::come_back`]. `begun` sends the beginning of an answer and never the rest. `html` is a captive portal's page,
/// `empty` an empty answer of the same type. `forbidden` is a 403 with a problem document. `200@300` answers after 300
/// milliseconds. `named` acknowledges with the address of a page of its own, `hostile` with one that is a script. `away` ends every connection until [`Shop::come_back`].
async fn endpoint(act: &str, cors: bool) -> http::Response<Body> {
    let (act, wait) = act.split_once('@').unwrap_or((act, "0"));
    tokio::time::sleep(Duration::from_millis(wait.parse().unwrap_or(0))).await;
    let mut answer = match act {
        // Drops the connection without a panic message.
        "cut" | "unheard" | "away" => std::panic::resume_unwind(Box::new("cut")),
        "html" => {
            respond(StatusCode::OK, "text/html", "<!doctype html><p>Welcome. Please sign in".into())
        }
        "forbidden" => {
            let problem = br#"{"title":"Not from here","detail":"Allow this site."}"#;
            respond(StatusCode::FORBIDDEN, "application/problem+json", Bytes::from_static(problem))
        }
        "named" | "hostile" => {
            let page = match act {
                "named" => "https://answers.example/1?of=kim",
                _ => "javascript:window.pwned=1",
            };
            let body = serde_json::json!({ "answer_page": page }).to_string();
            respond(StatusCode::OK, "application/json", body.into())
        }
        "empty" => respond(StatusCode::OK, "text/html", Bytes::new()),
        "begun" => {
            let begun = futures_util::stream::iter([Ok(Bytes::from_static(b" "))]);
            let mut answer = respond(StatusCode::OK, "text/html", Bytes::new());
            let rest = futures_util::stream::pending::<std::io::Result<Bytes>>();
            *answer.body_mut() = Body::from_stream(begun.chain(rest));
            answer
        }
        "short" => {
            // The body is a stream: if hyper knew that it is too short, it would send no head at all. So the
            // beginning arrives before the connection ends.
            let rest = futures_util::stream::once(async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                Err(std::io::Error::other("short"))
            });
            let begun = futures_util::stream::iter([Ok(Bytes::from_static(b" "))]);
            let mut answer = respond(StatusCode::OK, "text/html", Bytes::new());
            answer.headers_mut().insert(header::CONTENT_LENGTH, 1000.into());
            *answer.body_mut() = Body::from_stream(begun.chain(rest));
            answer
        }
        act => {
            let (status, retry_after) = act.split_once(';').unwrap_or((act, ""));
            let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
            let status = status.unwrap_or(StatusCode::OK);
            let refuses = status.is_client_error() || status.is_server_error();
            let said =
                if refuses { format!("No,\nsays {}.", status.as_u16()) } else { String::new() };
            let mut answer = respond(status, "text/plain", said.into());
            if let Ok(seconds) = retry_after.parse::<u64>() {
                answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            if answer.status().is_redirection() {
                let target = header::HeaderValue::from_static("/endpoint/200?redirected");
                answer.headers_mut().insert(header::LOCATION, target);
            }
            answer
        }
    };
    if cors {
        let headers = answer.headers_mut();
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
        ] {
            headers.insert(name, header::HeaderValue::from_static(value));
        }
    }
    answer
}

/// `/pages/…`, the files of tests/fixtures, the pages of examples/looks as `/looks/…`, `/dist/…`, `/shared/…`, `/silent/…`, `/outdated/…`,
/// `/yew-page/…` and axe.
fn file(shop: &Shared, path: &str) -> Result<http::Response<Body>> {
    let environment = |name: &str| std::env::var(name).with_context(|| name.to_owned());
    if let Some(number) = path.strip_prefix("/pages/") {
        let pages = shop.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let (headers, markup) = pages.get(number.parse::<usize>()?).context("no such page")?;
        let mut answer = respond(StatusCode::OK, "text/html; charset=utf-8", markup.clone().into());
        answer.headers_mut().extend(headers.clone());
        return Ok(answer);
    }
    // As /dist/, for pages of any origin.
    if let Some(rest) = path.strip_prefix("/shared/") {
        let mut answer = file(shop, &format!("/dist/{rest}"))?;
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        ] {
            answer.headers_mut().insert(name, header::HeaderValue::from_static(value));
        }
        return Ok(answer);
    }
    if let Some(name) = path.strip_prefix("/looks/") {
        return example(&shop.fixtures.join("../../examples/looks").join(name));
    }
    let file = if path == "/dist/reviews.js" {
        // As a shop that has renamed it.
        shop.dist.join("afterword.js")
    } else if let Some(rest) = path.strip_prefix("/dist/") {
        shop.dist.join(rest)
    } else if let Some(rest) = path.strip_prefix("/silent/") {
        // As /dist/, but without the encoding of scripts, like many servers.
        let bytes = fs::read(shop.dist.join(rest))?;
        return Ok(respond(StatusCode::OK, "text/javascript", bytes.into()));
    } else if let Some(rest) = path.strip_prefix("/broken/") {
        // As /dist/, but the widget is gone.
        let gone = ["/widget", "/inline", "/corner", "/banner", "/dialog", "/tab"]
            .iter()
            .any(|part| rest.contains(part));
        shop.dist.join(if gone { "nothing" } else { rest })
    } else if let Some(rest) = path.strip_prefix("/outdated/") {
        return outdated(shop, rest);
    } else if let Some(rest) = path.strip_prefix("/yew-page/") {
        Path::new(&environment("AFTERWORD_YEW_PAGE")?).join(rest)
    } else if let Some(rest) = path.strip_prefix("/npm/") {
        Path::new(&environment("AFTERWORD_NPM")?).join(rest)
    } else if let Some(rest) = path.strip_prefix("/markup/") {
        // As /dist/, but every text of a locale begins with markup.
        shop.dist.join(rest)
    } else if path == "/axe.js" {
        environment("AFTERWORD_AXE")?.into()
    } else {
        shop.fixtures.join(path.trim_start_matches('/'))
    };
    let bytes = fs::read(&file).with_context(|| path.to_owned())?;
    let kind = kind(&file);
    if path.starts_with("/markup/") && kind == "application/json" {
        return Ok(respond(StatusCode::OK, kind, markup(&bytes)?.into()));
    }
    Ok(respond(StatusCode::OK, kind, bytes.into()))
}

/// The folder of a release that the shop's server no longer has.
const OLD_FOLDER: &str = "w-0000000000/";

/// `KEPT/…`: as /dist/, but the scripts are those of an earlier release, of whose folder only the files are left whose
/// name is KEPT. If it is `nothing-at-all`, the folder of the present release is gone, too.
fn outdated(shop: &Shared, path: &str) -> Result<http::Response<Body>> {
    let (kept, name) = path.split_once('/').context("no name")?;
    let folder = fs::read_dir(&shop.dist)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("w-"))
        .context("no folder")?
        + "/";
    let file = if let Some(old) = name.strip_prefix(OLD_FOLDER) {
        ensure!(Path::new(old).file_stem().is_some_and(|stem| stem == kept), "gone");
        shop.dist.join(&folder).join(old)
    } else {
        ensure!(kept != "nothing-at-all" || !name.starts_with(&folder), "gone");
        shop.dist.join(name)
    };
    let mut bytes = fs::read(&file).with_context(|| path.to_owned())?;
    if name.starts_with("afterword") {
        bytes = String::from_utf8(bytes)?.replace(&folder, OLD_FOLDER).into_bytes();
    }
    Ok(respond(StatusCode::OK, kind(&file), bytes.into()))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// A page of examples/looks: with the tests' probe, with the script of dist/, and with an open shadow root, so that axe can
/// look into it.
fn example(file: &Path) -> Result<http::Response<Body>> {
    let page = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let probed = "<head><script src=\"/probe.js\"></script><script src=\"/contrast.js\"></script>";
    let mut served = page;
    for (there, here) in [
        ("<head>", probed),
        ("</style>", "</style><script src=\"/pinned.js\"></script>"),
        ("https://feedback.shop.example/afterword.js", "/dist/afterword.js"),
        ("<afterword-survey data-", "<afterword-survey data-debug data-"),
    ] {
        ensure!(served.matches(there).count() == 1, "{there} in {}", file.display());
        served = served.replace(there, here);
    }
    Ok(respond(StatusCode::OK, "text/html; charset=utf-8", served.into()))
}

/// The right value of the tag's `integrity` attribute.
fn integrity(dist: &Path) -> Result<String> {
    let manifest = fs::read(dist.join("integrity.json")).context("integrity.json")?;
    let manifest: Value = serde_json::from_slice(&manifest)?;
    Ok(manifest["afterword.js"]["integrity"].as_str().context("afterword.js's hash")?.to_owned())
}

/// A locale in which every text begins with markup that would call `pwned`.
fn markup(locale: &[u8]) -> Result<String> {
    let mut words: serde_json::Map<String, Value> = serde_json::from_slice(locale)?;
    for (name, text) in &mut words {
        if let (true, Some(own)) = (name != "_style" && name != "dir", text.as_str()) {
            *text = format!("<img src=x onerror=pwned()>{own}").into();
        }
    }
    Ok(Value::from(words).to_string())
}

fn respond(status: StatusCode, kind: &str, body: Bytes) -> http::Response<Body> {
    let mut answer = http::Response::new(Body::from(body));
    *answer.status_mut() = status;
    if let Ok(kind) = kind.parse() {
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    answer
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
