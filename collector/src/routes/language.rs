//! `POST /language`: remembers the language that a reader chose, and leads back.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use super::{form::Form, person::see_other};
use crate::negotiate::{LANGUAGE_COOKIE, Language};

pub(crate) async fn choose(form: Form) -> Response {
    let language = Language::from_tag(form.get("to")).unwrap_or(Language::English);
    let cookie = format!(
        "{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
        language.tag()
    );
    let mut response = see_other(form.get("next"));
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The address if it is one of this collector's, and the first page otherwise: an address that a
/// stranger gives must not lead a person elsewhere.
pub(crate) fn own_address(address: &str) -> &str {
    let is_own = address.starts_with('/')
        // Browsers read `//host` and `/\host` as another host, and drop tabs and line ends first.
        && !address[1..].starts_with(['/', '\\'])
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_address;

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
