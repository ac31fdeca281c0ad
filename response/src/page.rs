//! A page's address: how it is written, and what it must not tell.

#[cfg(feature = "receive")]
use std::fmt::Write as _;

/// From how many characters a run of letters, digits and `_` with a digit among them is a token.
const TOKEN: usize = 20;

/// An address with `*` in place of every part of its path that may say who somebody is, or let others in: what
/// has an `@` in it, as an e-mail address, a long token, or a UUID.
///
/// `script/address.js` does the same before the address leaves the page.
#[must_use]
pub fn without_secrets(address: &str) -> String {
    let authority = address.find("://").map_or(0, |end| end + "://".len());
    let path = address[authority..].find('/').map_or(address.len(), |start| authority + start);
    let (before, path) = address.split_at(path);
    let parts = path.split('/').map(|part| if is_secret(part) { "*" } else { part });
    before.to_owned() + &parts.collect::<Vec<_>>().join("/")
}

/// A web address as a URI (RFC 3986), which is what the schema says a page is. Browsers leave more characters as they are,
/// such as `|`, and who writes an answer by hand may write letters of any language. `None` if it is not the address of a
/// web page. A name and a password before the host are left out.
#[cfg(feature = "receive")]
#[must_use]
pub(crate) fn written_as_uri(address: &str) -> Option<String> {
    let url =
        url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_named = |host: &str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    if matches!(url.host()?, url::Host::Domain(host) if !is_named(host)) {
        return None;
    }
    let mut uri = url.origin().ascii_serialization();
    let path = url.path().as_bytes();
    for (at, &byte) in path.iter().enumerate() {
        let is_encoded =
            path.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric()
            || b"-._~!$&'()*+,;=:@/".contains(&byte)
            || (byte == b'%' && is_encoded)
        {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Some(uri)
}

fn is_secret(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut runs = part.as_bytes().split(|byte| !is_word(*byte));
    part.contains('@')
        || part.contains("%40")
        || runs.any(|run| run.len() >= TOKEN && run.iter().any(u8::is_ascii_digit))
        || has_uuid(part)
}

/// Whether there is the middle of a UUID: three groups of four hexadecimal digits between `-`.
fn has_uuid(part: &str) -> bool {
    const GROUP: &[u8] = b"-0000";
    part.as_bytes().windows(3 * GROUP.len() + 1).any(|window| {
        window.iter().enumerate().all(|(at, byte)| {
            if at % GROUP.len() == 0 { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "receive")]
    #[test]
    fn what_a_browser_leaves_as_it_is_is_written_as_a_uri() {
        for (address, uri) in [
            ("https://shop.example", Some("https://shop.example/")),
            ("https://shop.example:8443/a;b=c,d/@x", Some("https://shop.example:8443/a;b=c,d/@x")),
            ("https://shop.example/a|b[c]^d", Some("https://shop.example/a%7Cb%5Bc%5D%5Ed")),
            ("https://shop.example/stra\u{df}e 1", Some("https://shop.example/stra%C3%9Fe%201")),
            (
                "https://b\u{fc}cher.example/%C3%BC%zz%4",
                Some("https://xn--bcher-kva.example/%C3%BC%25zz%254"),
            ),
            ("https://kim:secret@shop.example/", Some("https://shop.example/")),
            ("http://[::1]:3000/a", Some("http://[::1]:3000/a")),
            ("https://shop.e}ample/", None),
            ("ftp://shop.example/", None),
            ("/thanks", None),
        ] {
            assert_eq!(written_as_uri(address).as_deref(), uri, "{address}");
            if let Some(uri) = uri {
                assert_eq!(written_as_uri(uri).as_deref(), Some(uri), "once more");
            }
        }
    }

    #[test]
    fn personal_or_secret_parts_of_an_address_are_replaced() {
        for (address, kept) in [
            ("https://shop.example", "https://shop.example"),
            ("https://shop.example/", "https://shop.example/"),
            (
                "https://shop.example/order/A-1001/thanks",
                "https://shop.example/order/A-1001/thanks",
            ),
            ("https://shop.example/u/jane@example.org/", "https://shop.example/u/*/"),
            ("https://shop.example/u/to:jane%40example.org", "https://shop.example/u/*"),
            (
                "https://shop.example/o/9f8e7d6c5b4a39281706f5e4d3c2b1a0/done",
                "https://shop.example/o/*/done",
            ),
            ("https://shop.example/eyJhbGciOiJIUzI1NiJ9.e30.x/a@b", "https://shop.example/*/*"),
            ("https://shop.example/550E8400-e29b-41d4-a716-446655440000", "https://shop.example/*"),
            // Words, however long, and numbers that a shop needs.
            (
                "https://shop.example/donaudampfschifffahrtsgesellschaft/tv-55-zoll-2024-schwarz",
                "https://shop.example/donaudampfschifffahrtsgesellschaft/tv-55-zoll-2024-schwarz",
            ),
            (
                "https://shop.example/orders/202611210001234",
                "https://shop.example/orders/202611210001234",
            ),
            // The host is the shop's.
            (
                "https://d111111abcdef8d111111abcdef8.example/a",
                "https://d111111abcdef8d111111abcdef8.example/a",
            ),
        ] {
            assert_eq!(without_secrets(address), kept);
        }
    }
}
