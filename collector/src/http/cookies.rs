//! The collector's three cookies: who is signed in, which browser did so before, and the language.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::address::own_address;
use crate::{
    access::{secret::Secret, session::SESSION_MAX_AGE},
    language::Language,
};

/// The cookie that remembers a reader's choice of language.
pub(crate) const LANGUAGE_COOKIE: &str = "afterword_language";

/// A cookie's value, as it was sent.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Has the browser keep, for a year, the language that its reader chose.
pub(crate) fn keep_language(response: &mut Response, language: Language) {
    let cookie = format!(
        "{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
        language.tag()
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

/// The session cookie's name. With HTTPS it has the prefix by which a browser guarantees that it was
/// set by this very host over HTTPS, for the whole of it.
pub(crate) fn cookie_name(own: &str) -> &'static str {
    if own.starts_with("https://") { "__Host-afterword_session" } else { "afterword_session" }
}

/// The name of the cookie by which a browser is known to have signed in before.
pub(crate) fn device_cookie_name(own: &str) -> &'static str {
    if own.starts_with("https://") { "__Host-afterword_device" } else { "afterword_device" }
}

/// Has the browser keep, for a year, that it signed in here.
pub(crate) fn keep_device(response: &mut Response, own: &str, device: &Secret) {
    let secure = if own.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}",
        device_cookie_name(own),
        device.reveal()
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Leads on to `next`, and has the browser keep a session, or forget the one it has.
pub(crate) fn redirect(own: &str, next: &str, session: Option<&Secret>) -> Response {
    let mut response = see_other(next);
    let secure = if own.starts_with("https://") { "; Secure" } else { "" };
    let (value, age) = session.map_or(("", 0), |it| (it.reveal(), SESSION_MAX_AGE.as_secs()));
    let cookie = format!(
        "{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}",
        cookie_name(own)
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Leads on to another of our own pages, after a form.
pub(crate) fn see_other(next: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(next) = HeaderValue::try_from(own_address(next)) {
        headers.insert(header::LOCATION, next);
    }
    response
}
