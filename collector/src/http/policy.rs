//! The headers that protect pages: all content security policies, and the other security headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// For the collector's own pages. Allows its own style sheets, scripts and images, and forms and requests to itself.
const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                    require-trusted-types-for 'script'; trusted-types 'none'";

/// For the preview of a survey: also allows what the widget needs, which is WebAssembly and its own files.
pub(crate) const PREVIEW: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// For a page of the demo shop: a strict shop's policy, under which the widget has to work. Allows the
/// page's own files, the widget, and the inline scripts with these hashes (base64 of SHA-256).
pub(crate) fn demo(script_hashes: &[String]) -> Option<HeaderValue> {
    let scripts: String = script_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'self'"
    ))
    .ok()
}

/// Sets the security headers of every page.
pub(crate) fn guard_page(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, PAGE),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: with it a browser sends `Origin: null`, and we could not recognise our own
        // forms.
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
