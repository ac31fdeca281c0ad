//! Serves the widget's files and the demo shop, at every address without a route.
//!
//! The place of a file decides how long it may be cached. Names under `w-HASH/` change with their content,
//! so these files are cached for ever; shops' pages name `afterword.js` without a hash, so browsers check it
//! again after minutes.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};

use crate::{
    assets::{Asset, Assets},
    http::{
        error::{Error, PageError},
        negotiate::{self, Coding},
        policy,
    },
    state::Shared,
};

const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const NO_SUCH_FILE: &str = "Check the address. /demo/ shows the demo shop, /responses the answers.";
const NOT_BUILT: &str = "The widget's files are not part of this collector. \
                         Run `cargo xtask dist` and build it again, or start it with --assets FOLDER.";

/// The kind of a file, which decides about caching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Its name never changes: `afterword.js`.
    Entry,
    /// Scripts of earlier releases fetch it, whose folder is gone.
    Again,
    /// Its name changes with its content.
    Hashed,
    /// A page of the demo shop, or a file of such a page.
    Demo,
}

impl Kind {
    const fn cache_control(self) -> &'static str {
        match self {
            Self::Entry => "public, max-age=300, stale-while-revalidate=86400",
            Self::Hashed => "public, max-age=31536000, immutable",
            Self::Again | Self::Demo => "no-cache",
        }
    }
}

pub(crate) async fn file(
    State(collector): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match find(&collector.assets, &uri, &headers).await {
        Ok(found) if matches!(method, Method::GET | Method::HEAD) => {
            found.into_response(&method, &headers)
        }
        Ok(_) => {
            let mut response = Error::Method.into_response();
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
        // A person who followed a link gets a page, every other client a problem document.
        Err(error) if negotiate::wants_page(&headers) => PageError(error).into_response(),
        Err(error) => error.into_response(),
    }
}

/// A file that is about to be sent, with its headers.
struct ServedFile {
    name: String,
    kind: Kind,
    /// A demo page's content security policy.
    policy: Option<HeaderValue>,
    coding: Coding,
    asset: Asset,
}

async fn find(assets: &Assets, uri: &Uri, headers: &HeaderMap) -> Result<ServedFile, Error> {
    let path =
        percent_decode_str(uri.path()).decode_utf8().map_err(|_| Error::NotFound(NO_SUCH_FILE))?;
    let Some((name, kind)) = locate(&path) else { return Err(Error::NotFound(NO_SUCH_FILE)) };
    for coding in negotiate::codings(headers) {
        let file = format!("{name}{}", coding.suffix());
        if let Some(asset) = assets.find(&file).await.map_err(Error::File)? {
            let policy = match kind {
                Kind::Demo if name.ends_with(".html") => demo_policy(assets, &name).await?,
                _ => None,
            };
            return Ok(ServedFile { name, kind, policy, coding, asset });
        }
    }
    let is_built = assets.contains("afterword.js").await;
    Err(Error::NotFound(if is_built { NO_SUCH_FILE } else { NOT_BUILT }))
}

/// The content security policy of a page of the demo shop, with the hashes of its inline scripts.
async fn demo_policy(assets: &Assets, name: &str) -> Result<Option<HeaderValue>, Error> {
    let Some(page) = assets.find(name).await.map_err(Error::File)? else { return Ok(None) };
    let page = String::from_utf8_lossy(&page.bytes);
    let scripts = page.split("<script>").skip(1).filter_map(|part| part.split_once("</script>"));
    let hashes: Vec<String> =
        scripts.map(|(script, _)| STANDARD.encode(Sha256::digest(script))).collect();
    Ok(policy::demo(&hashes))
}

/// The file that an address names, and its kind; `None` if nothing is served there.
fn locate(path: &str) -> Option<(String, Kind)> {
    let path = path.strip_prefix('/')?;
    // A compressed copy has no address of its own.
    if path.ends_with(Coding::Brotli.suffix()) || path.ends_with(Coding::Gzip.suffix()) {
        return None;
    }
    match path.split_once('/') {
        None if path == "again.js" => Some((path.into(), Kind::Again)),
        None => Some((path.into(), Kind::Entry)),
        Some(("demo", "")) => Some(("demo/index.html".into(), Kind::Demo)),
        Some(("demo", _)) => Some((path.into(), Kind::Demo)),
        Some((folder, _)) if folder.starts_with("w-") => Some((path.into(), Kind::Hashed)),
        Some(_) => None,
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ts" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

impl ServedFile {
    fn into_response(self, method: &Method, request: &HeaderMap) -> Response {
        // Strong, and different for each coding, since it is the hash of the bytes sent.
        let etag = format!("\"{}\"", self.asset.hash);
        let is_known = negotiate::is_known(request, &etag);
        let length = self.asset.bytes.len();
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else if method == Method::HEAD {
            Body::empty().into_response()
        } else {
            Body::from(self.asset.bytes).into_response()
        };

        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(header::CACHE_CONTROL, self.kind.cache_control());
        set(header::VARY, "Accept-Encoding");
        if self.kind != Kind::Demo {
            set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            set(CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin");
            set(TIMING_ALLOW_ORIGIN, "*");
        }
        if !is_known {
            set(header::CONTENT_TYPE, content_type(&self.name));
            if let Some(coding) = self.coding.name() {
                set(header::CONTENT_ENCODING, coding);
            }
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        if let Some(policy) = self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Ok(etag) = HeaderValue::try_from(etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}
