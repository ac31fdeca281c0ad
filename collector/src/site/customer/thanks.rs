//! `GET /thanks`: where a form without JavaScript leads to once its answer is stored. It records
//! nothing, and is the same for everybody.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, Uri, header},
    response::Response,
};
use url::Url;

use crate::{
    http::{address, negotiate},
    state::Shared,
};

pub(crate) async fn thanks(
    State(collector): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let locale = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "locale").then_some(value))
        .unwrap_or_default();
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let back = referer.and_then(|referer| {
        back(referer, &address::own(collector.public_url.as_deref(), &headers, &uri))
    });
    super::thanks(negotiate::language_for(&locale, &headers), back.as_ref())
}

/// The page that the customer came from, if that is a website and not this very form's answer. Through
/// the redirect a browser goes on naming the page that held the form, or at least its site. The
/// address is never taken from the query, where anybody could put one.
fn back(referer: &str, own: &str) -> Option<Url> {
    let url = Url::parse(referer).ok()?;
    let is_website = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    let is_ours = url.origin().ascii_serialization() == own
        && matches!(url.path(), "/thanks" | "/v1/responses");
    (is_website && !is_ours).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn the_way_back_leads_to_a_website_and_nowhere_else() {
        let own = "https://feedback.shop.example";
        for (referer, expected) in [
            ("https://shop.example/order?key=1", true),
            ("http://shop.example/", true),
            ("https://feedback.shop.example/demo/", true),
            ("https://feedback.shop.example/v1/responses", false),
            ("https://feedback.shop.example/thanks?locale=de", false),
            ("https://kim:secret@shop.example/", false),
            ("javascript:alert(1)//", false),
            ("data:text/html,x", false),
            ("about:blank", false),
            ("/order", false),
            ("", false),
        ] {
            assert_eq!(back(referer, own).is_some(), expected, "{referer}");
        }
    }
}
