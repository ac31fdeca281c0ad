//! Addresses: the collector's own origin as the caller's browser sees it, whether a form comes from that
//! origin, and which addresses lead to it.

use axum::http::{HeaderMap, HeaderName, Method, Uri, header};

use crate::abuse::network::TrustedProxies;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Our own origin, such as `https://feedback.shop.example`: the configured one, or else the one that this
/// request names. A caller who sends a wrong one only gets wrong links in their own answer.
pub(crate) fn own(public_url: Option<&str>, headers: &HeaderMap, uri: &Uri) -> String {
    if let Some(configured) = public_url {
        return configured.to_owned();
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_https = text(FORWARDED_PROTO)
        .is_some_and(|proto| proto.split(',').next().is_some_and(|it| it.trim() == "https"));
    let host =
        text(header::HOST).or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let host = host.filter(|host| !host.is_empty() && host.bytes().all(is_host_byte));
    format!("{}://{}", if is_https { "https" } else { "http" }, host.unwrap_or("localhost"))
}

/// The public address of the requested page, if the request was for another host than the public one. `None` also
/// if no public address is configured, or if a proxy forwarded the request without the host that the browser
/// asked for.
pub(crate) fn elsewhere(
    public_url: Option<&str>,
    headers: &HeaderMap,
    uri: &Uri,
) -> Option<String> {
    let public = public_url?;
    let asked = match (headers.get(FORWARDED_HOST), TrustedProxies::is_handed_on(headers)) {
        (Some(host), _) => host.to_str().ok()?.split(',').next()?.trim().to_owned(),
        (None, true) => return None,
        (None, false) => own(None, headers, uri).split_once("://")?.1.to_owned(),
    };
    let (_, host) = public.split_once("://")?;
    if asked.eq_ignore_ascii_case(host) {
        return None;
    }
    let here = uri.path_and_query().map_or("/", |it| own_address(it.as_str()));
    Some(format!("{public}{here}"))
}

const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
}

/// Whether a form comes from one of our own pages. Over HTTPS the browser states it in `Sec-Fetch-Site` (Fetch
/// Metadata); otherwise `Origin` is compared.
pub(crate) fn is_own_form(headers: &HeaderMap, own: &str) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        // `none`: the person typed the address or opened a bookmark; no page can cause it.
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    // A proxy may change the scheme, so only the host is compared.
    let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_ascii_lowercase());
    host(origin).is_some_and(|it| Some(it) == host(own))
}

/// `address` if it is one of this collector's, otherwise the first page: a link made by a stranger must not
/// lead a person to another site.
pub(crate) fn own_address(address: &str) -> &str {
    let is_own = address.starts_with('/')
        // Browsers read `//host` and `/\host` as another host, and drop tabs and line ends first.
        && !address[1..].starts_with(['/', '\\'])
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { address } else { "/" }
}

/// The address of a request, to lead back to later.
pub(crate) fn here(method: &Method, uri: &Uri) -> String {
    match (method, uri.path_and_query()) {
        (&Method::GET | &Method::HEAD, Some(here)) => own_address(here.as_str()).to_owned(),
        _ => "/".to_owned(),
    }
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
    fn a_page_under_another_host_knows_its_right_address() {
        let public = Some("https://feedback.shop.example");
        let at = |headers: &[(&'static str, &'static str)], public| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            elsewhere(public, &map, &Uri::from_static("/responses?q=a"))
        };
        let right = Some("https://feedback.shop.example/responses?q=a".to_owned());
        assert_eq!(at(&[("host", "10.0.0.7:8080")], public), right);
        assert_eq!(at(&[("host", "feedback.shop.example:8443")], public), right);
        assert_eq!(at(&[("host", "Feedback.shop.example")], public), None);
        assert_eq!(at(&[("host", "10.0.0.7:8080")], None), None);
        // A proxy that passes on the host, and one that does not.
        let handed_on = ("x-forwarded-for", "203.0.113.7");
        assert_eq!(at(&[("host", "127.0.0.1:8080"), handed_on], public), None);
        let by = |host| [("host", "127.0.0.1:8080"), handed_on, ("x-forwarded-host", host)];
        assert_eq!(at(&by("feedback.shop.example"), public), None);
        assert_eq!(at(&by("other.example"), public), right);
    }

    #[test]
    fn a_form_is_ours_if_the_browser_says_so() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
        // `Sec-Fetch-Site` overrides `Origin`.
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

    #[test]
    fn an_address_never_leads_to_another_host() {
        for own in ["/", "/responses?survey=a&limit=2", "/s/x#y", "/a//b"] {
            assert_eq!(own_address(own), own);
        }
        for foreign in [
            "",
            "responses",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "\\\\evil.example",
            "/ä",
        ] {
            assert_eq!(own_address(foreign), "/", "{foreign:?}");
        }
    }
}
