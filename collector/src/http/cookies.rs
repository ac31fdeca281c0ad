//! The collector's three cookies: who is signed in, which browser did so before, and the language.

use axum_extra::extract::cookie::{Cookie, SameSite};
use cookie::time::Duration;

use crate::{
    access::{secret::Secret, session::SESSION_MAX_AGE},
    language::Language,
};

/// The cookie that remembers a reader's choice of language.
pub(crate) const LANGUAGE: &str = "afterword_language";

/// How long a browser remembers the choice of language, and that somebody signed in by it.
const REMEMBERED: Duration = Duration::days(365);

/// The name of the cookie that a session is kept in. `own` is the collector's origin, as the browser
/// sees it.
///
/// With HTTPS it has the prefix by which a browser guarantees that it was set by this very host over
/// HTTPS, for the whole of it.
pub(crate) fn session_name(own: &str) -> &'static str {
    if is_https(own) { "__Host-afterword_session" } else { "afterword_session" }
}

/// The name of the cookie by which a browser is known to have signed in before.
pub(crate) fn device_name(own: &str) -> &'static str {
    if is_https(own) { "__Host-afterword_device" } else { "afterword_device" }
}

/// Has the browser keep a session.
pub(crate) fn session(own: &str, session: &Secret) -> Cookie<'static> {
    let value = session.reveal().to_owned();
    let mut cookie = kept((session_name(own), value), Duration::seconds(SESSION_MAX_AGE.as_secs()));
    cookie.set_secure(is_https(own));
    cookie
}

/// Has the browser forget its session.
pub(crate) fn no_session(own: &str) -> Cookie<'static> {
    let mut cookie = kept((session_name(own), String::new()), Duration::ZERO);
    cookie.set_secure(is_https(own));
    cookie
}

/// Has the browser keep, for a year, that somebody signed in by it.
pub(crate) fn device(own: &str, device: &Secret) -> Cookie<'static> {
    let mut cookie = kept((device_name(own), device.reveal().to_owned()), REMEMBERED);
    cookie.set_secure(is_https(own));
    cookie
}

/// Has the browser keep, for a year, the language that its reader chose.
pub(crate) fn language(language: Language) -> Cookie<'static> {
    kept((LANGUAGE, language.tag().to_owned()), REMEMBERED)
}

fn is_https(own: &str) -> bool {
    own.starts_with("https://")
}

/// A cookie that no script reads, and no other site's page sends along with a form.
fn kept(pair: (&'static str, String), max_age: Duration) -> Cookie<'static> {
    Cookie::build(pair).path("/").max_age(max_age).http_only(true).same_site(SameSite::Lax).build()
}
