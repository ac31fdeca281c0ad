//! The collector's three cookies: the session, the mark of a browser that signed in before, and the
//! language.

use axum_extra::extract::cookie::{Cookie, SameSite};
use cookie::time::Duration;

use crate::{
    access::{secret::Secret, session::SESSION_MAX_AGE},
    language::Language,
};

/// The cookie that remembers a reader's choice of language.
pub(crate) const LANGUAGE: &str = "afterword_language";

/// How long a browser keeps the cookies of the language and of the browser.
const COOKIE_MAX_AGE: Duration = Duration::days(365);

/// The name of the session's cookie. `own` is the collector's origin, as the browser sees it.
///
/// Over HTTPS it has the prefix `__Host-`: the browser then guarantees that exactly this host set it, over
/// HTTPS and for all paths.
pub(crate) fn session_name(own: &str) -> &'static str {
    if is_https(own) { "__Host-afterword_session" } else { "afterword_session" }
}

/// The name of the cookie that marks a browser in which a person has signed in.
pub(crate) fn device_name(own: &str) -> &'static str {
    if is_https(own) { "__Host-afterword_device" } else { "afterword_device" }
}

/// The cookie that stores a session.
pub(crate) fn session(own: &str, session: &Secret) -> Cookie<'static> {
    let value = session.reveal().to_owned();
    let mut cookie =
        build((session_name(own), value), Duration::seconds(SESSION_MAX_AGE.as_secs()));
    cookie.set_secure(is_https(own));
    cookie
}

/// The cookie that removes the session.
pub(crate) fn no_session(own: &str) -> Cookie<'static> {
    let mut cookie = build((session_name(own), String::new()), Duration::ZERO);
    cookie.set_secure(is_https(own));
    cookie
}

/// The cookie that marks, for a year, a browser in which a person has signed in.
pub(crate) fn device(own: &str, device: &Secret) -> Cookie<'static> {
    let mut cookie = build((device_name(own), device.reveal().to_owned()), COOKIE_MAX_AGE);
    cookie.set_secure(is_https(own));
    cookie
}

/// The cookie that stores, for a year, the language that the reader chose.
pub(crate) fn language(language: Language) -> Cookie<'static> {
    build((LANGUAGE, language.tag().to_owned()), COOKIE_MAX_AGE)
}

fn is_https(own: &str) -> bool {
    own.starts_with("https://")
}

/// A cookie that scripts cannot read, and that a form of another site does not send.
fn build(pair: (&'static str, String), max_age: Duration) -> Cookie<'static> {
    Cookie::build(pair).path("/").max_age(max_age).http_only(true).same_site(SameSite::Lax).build()
}
