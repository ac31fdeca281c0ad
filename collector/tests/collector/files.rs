//! The widget's files: types, codings, caching, and names that are never served.

use std::{fs, path::Path};

use afterword_collector::Assets;
use axum::http::{HeaderMap, Method};
use tempfile::TempDir;

use crate::{
    bench::{Answer, Bench},
    markup::{one, words},
};

const SHORT: &str = "public, max-age=300, stale-while-revalidate=86400";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A collector that serves a made-up `dist/`, and its folder. The content of each compressed copy names its
/// coding.
async fn bench() -> (Bench, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    for name in [
        "afterword.js",
        "afterword.de.js",
        "afterword.d.ts",
        "integrity.json",
        "schema.json",
        "w-1a2b/widget.js",
        "w-1a2b/widget.wasm",
        "w-1a2b/de.json",
        "demo/index.html",
        "demo/shop.css",
        "demo/shoe.webp",
        "demo/logo.svg",
        "demo/a.png",
        "demo/inter.woff2",
    ] {
        for (suffix, coding) in [("", "plain"), (".br", "br"), (".gz", "gzip")] {
            write(&dist.join(format!("{name}{suffix}")), &format!("{name} as {coding}"));
        }
    }
    write(&dist.join("w-1a2b/only-plain.json"), "{}");
    write(&dist.join(".hidden"), "hidden");
    write(&folder.path().join("secret.js"), "secret");
    (Bench::with(|config| config.assets(Assets::folder(dist))).await, folder)
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

async fn get(bench: &Bench, path: &str) -> Answer {
    bench.get(path, &[]).await
}

#[tokio::test]
async fn every_file_has_its_type_and_its_time() {
    let (bench, _folder) = bench().await;
    for (path, content_type, cache_control) in [
        ("/afterword.js", "text/javascript; charset=utf-8", SHORT),
        ("/afterword.de.js", "text/javascript; charset=utf-8", SHORT),
        ("/afterword.d.ts", "text/plain; charset=utf-8", SHORT),
        ("/integrity.json", "application/json", SHORT),
        ("/schema.json", "application/json", SHORT),
        ("/w-1a2b/widget.js", "text/javascript; charset=utf-8", FOR_EVER),
        ("/w-1a2b/widget.wasm", "application/wasm", FOR_EVER),
        ("/w-1a2b/de.json", "application/json", FOR_EVER),
        ("/demo/", "text/html; charset=utf-8", "no-cache"),
        ("/demo/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/demo/shop.css", "text/css; charset=utf-8", "no-cache"),
        ("/demo/shoe.webp", "image/webp", "no-cache"),
        ("/demo/logo.svg", "image/svg+xml", "no-cache"),
        ("/demo/a.png", "image/png", "no-cache"),
        ("/demo/inter.woff2", "font/woff2", "no-cache"),
    ] {
        let answer = get(&bench, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), content_type, "{path}");
        assert_eq!(answer.header("cache-control"), cache_control, "{path}");
        assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{path}");
        assert!(answer.text().ends_with("as plain"), "{path}");
        let any = if path.starts_with("/demo/") { "" } else { "*" };
        assert_eq!(answer.header("access-control-allow-origin"), any, "{path}");
        assert_eq!(answer.header("timing-allow-origin"), any, "{path}");
        let shared = if any.is_empty() { "" } else { "cross-origin" };
        assert_eq!(answer.header("cross-origin-resource-policy"), shared, "{path}");
    }
}

#[tokio::test]
async fn the_best_coding_that_the_client_takes_is_sent() {
    let (bench, _folder) = bench().await;
    for (accept, coding, text) in [
        ("gzip, deflate, br, zstd", "br", "as br"),
        ("gzip", "gzip", "as gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip", "as gzip"),
        ("br;q=0, gzip;q=0", "", "as plain"),
        ("*;q=0.1", "br", "as br"),
        ("identity", "", "as plain"),
        ("", "", "as plain"),
    ] {
        let answer = bench.get("/w-1a2b/widget.wasm", &[("accept-encoding", accept)]).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        assert_eq!(answer.header("content-type"), "application/wasm", "{accept}");
        assert!(answer.text().ends_with(text), "{accept}: {}", answer.text());
    }
    let answer = bench.get("/w-1a2b/only-plain.json", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!((answer.header("content-encoding"), answer.text().as_str()), ("", "{}"));
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let (bench, _folder) = bench().await;
    let plain = get(&bench, "/afterword.js").await.header("etag").to_owned();
    let brotli = bench.get("/afterword.js", &[("accept-encoding", "br")]).await;
    let brotli = brotli.header("etag").to_owned();
    assert!(plain.starts_with('"') && plain.ends_with('"'), "{plain} is strong");
    assert_ne!(plain, brotli, "other bytes, another tag");

    for known in [plain.clone(), format!("W/{plain}"), format!("\"other\", {plain}"), "*".into()] {
        for method in [Method::GET, Method::HEAD] {
            let answer = bench.call(method, "/afterword.js", &[("if-none-match", &known)]).await;
            assert_eq!(answer.status, 304, "{known}");
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("etag"), plain);
            assert_eq!(answer.header("cache-control"), SHORT);
            assert_eq!(answer.header("vary"), "Accept-Encoding");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
        }
    }
    for unknown in [brotli.as_str(), "\"\"", "nonsense"] {
        let answer = bench.get("/afterword.js", &[("if-none-match", unknown)]).await;
        assert_eq!(answer.status, 200, "{unknown}");
    }
}

#[tokio::test]
async fn a_rebuilt_file_has_another_tag_at_once() {
    let (bench, folder) = bench().await;
    let before = get(&bench, "/afterword.js").await;
    write(&folder.path().join("dist/afterword.js"), "rebuilt");
    let after = get(&bench, "/afterword.js").await;
    assert_eq!(after.text(), "rebuilt");
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn head_says_what_get_would() {
    let (bench, _folder) = bench().await;
    for path in ["/afterword.js", "/w-1a2b/widget.wasm", "/demo/"] {
        let headers = [("accept-encoding", "br")];
        let get = bench.get(path, &headers).await;
        let head = bench.call(Method::HEAD, path, &headers).await;
        assert_eq!(head.status, 200);
        assert!(head.body.is_empty());
        // Each request has an id of its own.
        let without_id = |headers: &HeaderMap| {
            let mut headers = headers.clone();
            assert!(headers.remove("x-request-id").is_some(), "{path}");
            headers
        };
        assert_eq!(without_id(&head.headers), without_id(&get.headers));
    }
}

#[tokio::test]
async fn nothing_else_is_ever_served() {
    let (bench, _folder) = bench().await;
    for path in [
        "/afterword.js.br",
        "/afterword.js.gz",
        "/w-1a2b/widget.wasm.br",
        "/w-1a2b",
        "/w-1a2b/",
        "/w-none/x.js",
        "/.hidden",
        "/../secret.js",
        "/demo/../../secret.js",
        "/demo/%2e%2e/%2e%2e/secret.js",
        "/demo/..%2f..%2fsecret.js",
        "/demo/..%5c..%5csecret.js",
        "/demo//index.html",
        "/demo/none.css",
        "/demo/%ff",
        "/demo/%00",
        "/dist/afterword.js",
        "/favicon.ico",
    ] {
        let answer = get(&bench, path).await;
        answer.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_file_takes_no_other_method() {
    let (bench, _folder) = bench().await;
    let answer = bench.call(Method::POST, "/afterword.js", &[]).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn the_demo_shop_is_found_without_its_slash() {
    let (bench, _folder) = bench().await;
    for (path, status, target) in [("/demo", 308, "/demo/"), ("/demo?a=b", 308, "/demo/?a=b")] {
        let answer = get(&bench, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("location"), target, "{path}");
    }
}

#[tokio::test]
async fn a_collector_without_the_widget_says_how_to_get_it() {
    let bench = Bench::new().await;
    let problem = get(&bench, "/demo/").await.problem(404, "not-found");
    assert!(problem["detail"].as_str().unwrap().contains("cargo xtask dist"), "{problem}");
}

#[tokio::test]
async fn people_see_a_page_at_an_unknown_address() {
    let (bench, _folder) = bench().await;
    let headers = [("accept", "text/html,*/*;q=0.8"), ("accept-language", "de")];
    let answer = bench.get("/nowhere", &headers).await;
    assert_eq!(answer.status, 404);
    assert_eq!(words(one(&answer.page(), "h1")), "Hier ist nichts");
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    get(&bench, "/nowhere").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_demo_page_runs_its_own_scripts_and_no_others() {
    let (bench, folder) = bench().await;
    let page =
        "<script>one();</script><script src=\"shop.js\"></script><script>\n two(); </script>";
    write(&folder.path().join("dist/demo/index.html"), page);
    let answer = get(&bench, "/demo/").await;
    let policy = answer.header("content-security-policy");
    for hash in [
        // printf 'one();' | openssl sha256 -binary | base64
        "0+WO/BLOFX4yaxuOgr4enhLoCeodx+iRke4LxGBVui8=",
        "hoVWy7idicvLG96H+gf2uuxdiBUUA/o8dfpFtJ4V6Qk=",
    ] {
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
    }
    assert_eq!(policy.matches("sha256").count(), 2, "{policy}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(get(&bench, "/demo/shop.css").await.header("content-security-policy"), "");
    assert_eq!(get(&bench, "/afterword.js").await.header("content-security-policy"), "");
}
