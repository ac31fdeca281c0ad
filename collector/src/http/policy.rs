//! The headers that guard pages: content security policies, each beside the others, and what else
//! keeps a page out of foreign hands.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// For the collector's own pages: its own style sheet, script and icon, forms to itself, and nothing
/// else.
const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                    require-trusted-types-for 'script'; trusted-types 'none'";

/// For the preview of a survey: as for every page, and besides what the widget needs to run, which is
/// WebAssembly and its own files.
pub(crate) const PREVIEW: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// For a page of the demo shop: its own files, the widget from beside it, and the inline scripts with
/// these hashes (each base64 of a SHA-256). It is a shop's policy, with which the widget has to work.
pub(crate) fn demo(script_hashes: &[String]) -> Option<HeaderValue> {
    let scripts: String = script_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'self'"
    ))
    .ok()
}

/// Sets what every page of the collector is sent with.
pub(crate) fn guard_page(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, PAGE),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: with it a browser hides a form's own origin, by which we know our own.
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "Accept-Language, Cookie"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
