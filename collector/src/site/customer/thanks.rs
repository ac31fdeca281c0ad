//! `GET /thanks`: the page to which a form without JavaScript is redirected once its answer is stored. It records
//! nothing, and depends only on the language and on the score's segment.

use std::sync::Arc;

use afterword_response::Segment;
use axum::{
    extract::State,
    http::{HeaderMap, Uri, header},
    response::Response,
};
use maud::html;
use url::Url;

use super::{page, tick};
use crate::{
    http::{address, negotiate},
    locales::Locale,
    state::Shared,
    store::surveys::Shop,
};

pub(crate) async fn thanks(
    State(collector): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let said = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find_map(|(name, value)| (name == wanted).then_some(value))
            .unwrap_or_default()
    };
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let back = referer.and_then(|referer| {
        back(referer, &address::own(collector.public_url.as_deref(), &headers, &uri))
    });
    let shop = super::shop(&collector.store).await;
    let locale = negotiate::customers_locale(&said("locale"), &headers);
    view(locale, &shop, Segment::from_name(&said("segment")), back.as_ref())
}

/// The thanks for a score of that segment; `back` is the page from which the customer came.
fn view(locale: &Locale, shop: &Shop, segment: Option<Segment>, back: Option<&Url>) -> Response {
    let (thanks, rest) = locale.thanks(segment);
    let back = back.and_then(|url| Some((url.as_str(), locale.back(url.host_str()?))));
    let main = html! {
        (tick())
        h1 { (thanks) }
        @if !rest.is_empty() { p .lead { (rest) } }
        p .quiet { (locale.pages.arrived) }
        @if let Some((address, back)) = back {
            p { a .button .second href=(address) { span { (back) } } }
        }
    };
    page(locale, shop, thanks, &main)
}

/// The page from which the customer came, if it is a web page and not one of the collector's. After the redirect
/// browsers still send the form's page, or at least its site, as `Referer`. The address is never taken from the
/// query, where anybody could put one.
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
    fn the_link_back_leads_only_to_a_website() {
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
