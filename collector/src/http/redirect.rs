//! Redirects to our own pages.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::address::own_address;

/// Redirects to `next` after a form was sent; to the first page if `next` is not one of our addresses.
pub(crate) fn see_other(next: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(next) = HeaderValue::try_from(own_address(next)) {
        headers.insert(header::LOCATION, next);
    }
    response
}

/// Redirects to the login page, which leads back `here`.
pub(crate) fn to_login(here: &str) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if here != "/" {
        query.append_pair("next", here);
    }
    let query = query.finish();
    see_other(&if query.is_empty() { "/login".to_owned() } else { format!("/login?{query}") })
}
