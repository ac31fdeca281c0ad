//! Where we are, as the caller's browser sees it, and whether a form comes from there.

use axum::http::{HeaderMap, HeaderName, Uri, header};

use crate::state::Shared;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Our own origin, such as `https://feedback.shop.example`: as configured, or else as this request
/// says. A caller who lies about it deceives only themselves.
pub(crate) fn own(shared: &Shared, headers: &HeaderMap, uri: &Uri) -> String {
    if let Some(configured) = &shared.public_url {
        return configured.clone();
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_https = text(FORWARDED_PROTO)
        .is_some_and(|proto| proto.split(',').next().is_some_and(|it| it.trim() == "https"));
    let host =
        text(header::HOST).or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let host = host.filter(|host| !host.is_empty() && host.bytes().all(is_host_byte));
    format!("{}://{}", if is_https { "https" } else { "http" }, host.unwrap_or("localhost"))
}

const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
}

/// Whether a browser says that what it sends comes from one of our own pages. Browsers say so
/// themselves (Fetch Metadata) wherever the connection is safe; elsewhere they name the origin.
pub(crate) fn is_own_form(headers: &HeaderMap, own: &str) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        // `none` is the person's own doing: no page can cause it.
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    // The scheme may be lost at a proxy; the host may not.
    let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_ascii_lowercase());
    host(origin).is_some_and(|it| Some(it) == host(own))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        assert_eq!(is_own_form(&map, "https://feedback.shop.example"), expected, "{headers:?}");
    }

    #[test]
    fn a_form_is_ours_if_the_browser_says_so() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
        // What it says of the site counts more than an origin.
        check(
            &[("sec-fetch-site", "cross-site"), ("origin", "https://feedback.shop.example")],
            false,
        );
        check(&[("origin", "https://feedback.shop.example")], true);
        check(&[("origin", "http://Feedback.shop.example")], true);
        check(&[("origin", "https://feedback.shop.example:8443")], false);
        check(&[("origin", "https://evil.example")], false);
        check(&[("origin", "null")], false);
        check(&[("referer", "https://feedback.shop.example/")], false);
        check(&[], false);
    }
}
