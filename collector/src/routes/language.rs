//! `POST /language`: remembers the language that a reader chose, and leads back.

use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    negotiate::{LANGUAGE_COOKIE, Language},
    pages::PageError,
};

pub(crate) async fn choose(body: Bytes) -> Result<Response, PageError> {
    let mut language = Language::English;
    let mut next = "/".to_owned();
    for (name, value) in form_urlencoded::parse(&body) {
        match name.as_ref() {
            "to" => language = Language::from_tag(&value).unwrap_or(language),
            "next" => next = own_address(&value).to_owned(),
            _ => {}
        }
    }
    let cookie = format!(
        "{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
        language.tag()
    );
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [(header::SET_COOKIE, cookie), (header::LOCATION, next)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    Ok(response)
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
