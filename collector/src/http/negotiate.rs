//! Reads a client's preferences: `Accept-Encoding` and `Accept-Language`.
//!
//! Pure functions on header values. RFC 9110, section 12.

use std::iter;

use axum::http::{HeaderMap, HeaderName, header};
use axum_extra::extract::CookieJar;

use super::cookies;
use crate::{
    language::Language,
    locales::{self, Locale},
};

/// A content coding that the widget's files come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// The suffix of a file's name in this coding.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`; the identity has none.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The codings that a client accepts, best first. Uncompressed bytes are always the last choice, even if
/// the client refuses them: they are of more use than a 406.
pub(crate) fn codings(headers: &HeaderMap) -> Vec<Coding> {
    let wanted = preferences(headers, &header::ACCEPT_ENCODING);
    let quality = |names: &[&str]| {
        let named = wanted.iter().find(|(name, _)| names.contains(&name.as_str()));
        named.or_else(|| wanted.iter().find(|(name, _)| name == "*")).map(|(_, quality)| *quality)
    };
    // If `identity` is not listed, it is allowed and ranks below all that are listed.
    let identity = quality(&["identity"]).unwrap_or(0);
    let mut codings: Vec<(u16, Coding)> = [
        (quality(&["br"]).unwrap_or(0), Coding::Brotli),
        (quality(&["gzip", "x-gzip"]).unwrap_or(0), Coding::Gzip),
    ]
    .into_iter()
    .filter(|(quality, _)| *quality > 0 && *quality >= identity)
    .collect();
    // The sort is stable, so among equals the smaller file goes first.
    codings.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    codings.into_iter().map(|(_, coding)| coding).chain([Coding::Identity]).collect()
}

/// Whether a browser is about to show the answer to a person.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}

/// The language that a reader chose, or else the best match for `Accept-Language`, or else English.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let jar = CookieJar::from_headers(headers);
    if let Some(chosen) = jar.get(cookies::LANGUAGE).and_then(|it| Language::from_tag(it.value())) {
        return chosen;
    }
    accepted_locales(headers)
        .iter()
        .find_map(|tag| match tag.as_str() {
            "*" => Some(Language::English),
            tag => Language::of_locale(tag),
        })
        .unwrap_or(Language::English)
}

/// The language of a page for a customer: that of the question, or else the best match for
/// `Accept-Language`.
pub(crate) fn customers_locale(locale: &str, headers: &HeaderMap) -> &'static Locale {
    let liked = accepted_locales(headers);
    locales::best(iter::once(locale).chain(liked.iter().map(String::as_str)))
}

/// The locales that a client accepts, in lower case, best first.
pub(crate) fn accepted_locales(headers: &HeaderMap) -> Vec<String> {
    let mut wanted = preferences(headers, &header::ACCEPT_LANGUAGE);
    wanted.retain(|(_, quality)| *quality > 0);
    wanted.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
    wanted.into_iter().map(|(tag, _)| tag).collect()
}

/// A header's items in lower case with their quality in thousandths, in the order written.
/// An item whose quality cannot be read counts as refused.
fn preferences(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
            let quality = parts.find_map(|part| {
                let (key, value) = part.split_once('=')?;
                key.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
            });
            Some((name, quality.unwrap_or(1000)))
        })
        .collect()
}

fn thousandths(quality: &str) -> u16 {
    match quality.parse::<f32>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0).round() as u16,
        _ => 0,
    }
}

/// Whether the client has these bytes already. A cache may have made the tag weak.
pub(crate) fn is_known(request: &HeaderMap, etag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Coding::*, *};

    #[track_caller]
    fn check_codings(accept: &str, expected: &[Coding]) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
        assert_eq!(codings(&headers), expected, "{accept}");
    }

    #[test]
    fn the_best_coding_goes_first() {
        assert_eq!(codings(&HeaderMap::new()), [Identity]);
        check_codings("", &[Identity]);
        check_codings("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]);
        check_codings("GZIP", &[Gzip, Identity]);
        check_codings("x-gzip", &[Gzip, Identity]);
        check_codings("br;q=0.5, gzip", &[Gzip, Brotli, Identity]);
        check_codings("br;q=0.501, gzip;q=0.500", &[Brotli, Gzip, Identity]);
        check_codings("*", &[Brotli, Gzip, Identity]);
        check_codings("*;q=0", &[Identity]);
        check_codings("br;q=0, *", &[Gzip, Identity]);
        check_codings("identity, br;q=0.5", &[Identity]);
        check_codings("identity;q=0.5, br ; Q=1.0 , gzip;q=0.1", &[Brotli, Identity]);
        check_codings("identity;q=0, br;q=0", &[Identity]);
        check_codings("br;q=nonsense, gzip;q=7", &[Identity]);
    }

    #[track_caller]
    fn check_language(accept: &str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        assert_eq!(language(&headers), expected, "{accept}");
    }

    #[test]
    fn the_best_language_is_chosen() {
        check_language("", Language::English);
        check_language("de", Language::German);
        check_language("de-AT,de;q=0.9,en;q=0.8", Language::German);
        check_language("en-GB, de;q=0.9", Language::English);
        check_language("fr, de;q=0.4, en;q=0.3", Language::German);
        check_language("de;q=0, *", Language::English);
        check_language("fr", Language::English);
    }

    #[test]
    fn a_language_once_chosen_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        headers.insert(header::COOKIE, "a=b; afterword_language=de".parse().unwrap());
        assert_eq!(language(&headers), Language::German);
        headers.insert(
            header::COOKIE,
            "afterword_language=xx; xafterword_language=de".parse().unwrap(),
        );
        assert_eq!(language(&headers), Language::English);
    }

    #[test]
    fn fuzz_accept() {
        bolero::check!(name = "accept").with_iterations(2_000).for_each(|value: &[u8]| {
            let Ok(value) = axum::http::HeaderValue::from_bytes(value) else { return };
            let headers: HeaderMap =
                [header::ACCEPT, header::ACCEPT_ENCODING, header::ACCEPT_LANGUAGE, header::COOKIE]
                    .map(|name| (name, value.clone()))
                    .into_iter()
                    .collect();
            assert_eq!(codings(&headers).last(), Some(&Identity));
            let _ = (wants_page(&headers), language(&headers), accepted_locales(&headers));
        });
    }
}
