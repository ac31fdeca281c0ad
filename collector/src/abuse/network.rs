//! The network that a request comes from. Budgets use it while the request is answered; it is never stored.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

/// Hops of a forwarding header that are read.
const MAX_HOPS: usize = 32;

/// A network that few customers share: 256 addresses of IPv4, a site's /48 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    V4([u8; 3]),
    V6([u8; 6]),
}

impl Network {
    /// The network of a public address; `None` for a private one, which may be a proxy that all customers
    /// share.
    pub(crate) fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                let is_carriers = a == 100 && (64..128).contains(&b);
                let is_public = !(address.is_private()
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_multicast()
                    || address.is_broadcast()
                    || is_carriers
                    || a == 0);
                is_public.then_some(Self::V4([a, b, c]))
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, ..] = address.octets();
                // Global unicast (2000::/3) holds every address that is allocated so far.
                (a >> 5 == 0b001).then_some(Self::V6([a, b, c, d, e, f]))
            }
        }
    }
}

/// The address at the other end of the connection: an extension of each request that came over a socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The header in which a proxy names the client that it forwards for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, as nginx, Caddy, Traefik, HAProxy and most clouds write it.
    #[default]
    XForwardedFor,
    /// `Forwarded`, RFC 7239.
    Forwarded,
}

impl ForwardedHeader {
    /// Reads the header's name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "x-forwarded-for" => Some(Self::XForwardedFor),
            "forwarded" => Some(Self::Forwarded),
            _ => None,
        }
    }

    const fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        }
    }

    /// The client's address in one entry of the header.
    fn address(self, entry: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => read_address(entry),
            Self::Forwarded => {
                let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
                let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
                read_address(node.trim().trim_matches('"'))
            }
        }
    }
}

/// The proxies whose forwarding header is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ForwardedHeader,
}

impl TrustedProxies {
    /// Reads addresses and networks, such as `127.0.0.1` and `10.0.0.0/8`, with commas or spaces between.
    ///
    /// # Errors
    /// The item that is neither an address nor a network, and the allowed form.
    pub fn read(text: &str) -> Result<Self, String> {
        let entries = text.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        let networks = entries.map(read_network).collect::<Result<_, _>>()?;
        Ok(Self { networks, header: ForwardedHeader::default() })
    }

    /// Uses another header than `X-Forwarded-For`. Only one is read: a proxy that writes one of them passes
    /// the other on unchanged, as the customer wrote it.
    #[must_use]
    pub const fn saying_it_by(mut self, header: ForwardedHeader) -> Self {
        self.header = header;
        self
    }

    /// Whether no proxy is trusted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// Whether this address is a trusted proxy.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Whether a request has a forwarding header.
    pub(crate) fn is_handed_on(headers: &HeaderMap) -> bool {
        [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded]
            .iter()
            .any(|header| headers.contains_key(header.name()))
    }

    /// The client's address: the rightmost one that is not a trusted proxy's. Each proxy appends the address
    /// that it saw on the right; everything further left is only claimed by the sender. `None` if a trusted
    /// proxy wrote an entry that is not an address.
    pub(crate) fn sender(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut sender = peer.to_canonical();
        let values: Vec<&str> = headers
            .get_all(self.header.name())
            .iter()
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        // Every comma splits, also within quotation marks: a quotation mark that a customer opens must
        // not swallow what the proxy appended.
        let mut entries = values.iter().rev().flat_map(|value| value.rsplit(',')).take(MAX_HOPS);
        while self.trusts(sender) {
            let Some(entry) = entries.next() else { break };
            sender = self.header.address(entry.trim())?.to_canonical();
        }
        Some(sender)
    }
}

fn read_network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    let network = address.or_else(|_| text.parse::<IpNet>());
    network.map_err(|_| {
        format!("{text:?} is neither an address such as \"127.0.0.1\" nor a network such as \"10.0.0.0/8\"")
    })
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn read_address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|it| it.ip()))
        .or_else(|| bracketed().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_public_addresses_have_a_network() {
        let of = |text: &str| Network::of(address(text));
        assert_eq!(of("203.0.113.7"), Some(Network::V4([203, 0, 113])));
        assert_eq!(of("203.0.113.7"), of("203.0.113.200"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:ffff::1"));
        assert_ne!(of("2001:db8:1::1"), of("2001:db8:2::1"));
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.17.0.1",
            "192.168.0.1",
            "169.254.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(of(private), None, "{private}");
        }
    }

    #[track_caller]
    fn check(proxies: &TrustedProxies, peer: &str, headers: &[&str], expected: Option<&str>) {
        let mut map = HeaderMap::new();
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            map.append(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        let sender = proxies.sender(address(peer), &map);
        assert_eq!(sender, expected.map(address), "{peer} {headers:?}");
    }

    #[test]
    fn only_the_addresses_that_a_proxy_adds_count() {
        let none = TrustedProxies::default();
        check(&none, "203.0.113.7", &["x-forwarded-for: 198.51.100.1"], Some("203.0.113.7"));
        check(&none, "127.0.0.1", &["x-forwarded-for: 198.51.100.1"], Some("127.0.0.1"));

        let one = TrustedProxies::read("127.0.0.1").unwrap();
        let said = "x-forwarded-for: 198.51.100.1";
        check(&one, "127.0.0.1", &[said], Some("198.51.100.1"));
        check(&one, "::ffff:127.0.0.1", &[said], Some("198.51.100.1"));
        check(&one, "203.0.113.7", &[said], Some("203.0.113.7"));
        check(&one, "127.0.0.1", &[], Some("127.0.0.1"));
        // Spoofed: the customer's own entry stands left of the one that the proxy appended.
        let spoofed = "x-forwarded-for: 192.0.2.1, 127.0.0.1, 198.51.100.1";
        check(&one, "127.0.0.1", &[spoofed], Some("198.51.100.1"));
        let lines = ["x-forwarded-for: 192.0.2.1", said];
        check(&one, "127.0.0.1", &lines, Some("198.51.100.1"));
        check(&one, "127.0.0.1", &["x-forwarded-for: 192.0.2.1, unknown"], None);
        // The proxy does not write the other header, so the customer did.
        check(&one, "127.0.0.1", &["forwarded: for=192.0.2.1", said], Some("198.51.100.1"));

        let two = TrustedProxies::read("127.0.0.1, 10.0.0.0/8").unwrap();
        let chain = "x-forwarded-for: 192.0.2.1, 198.51.100.1, 10.0.0.9";
        check(&two, "127.0.0.1", &[chain], Some("198.51.100.1"));
        check(&two, "127.0.0.1", &["x-forwarded-for: 10.0.0.8, 10.0.0.9"], Some("10.0.0.8"));
    }

    #[test]
    fn an_address_is_read_with_and_without_port() {
        let one = TrustedProxies::read("::1").unwrap();
        for (said, expected) in [
            ("x-forwarded-for: 198.51.100.1:4711", "198.51.100.1"),
            ("x-forwarded-for: 2001:db8::1", "2001:db8::1"),
            ("x-forwarded-for: [2001:db8::1]:4711", "2001:db8::1"),
            ("x-forwarded-for: [2001:db8::1]", "2001:db8::1"),
        ] {
            check(&one, "::1", &[said], Some(expected));
        }
    }

    #[test]
    fn forwarded_is_read_if_the_proxy_writes_it() {
        let proxies =
            TrustedProxies::read("10.0.0.0/8").unwrap().saying_it_by(ForwardedHeader::Forwarded);
        for (said, expected) in [
            ("for=198.51.100.1", Some("198.51.100.1")),
            ("by=10.0.0.1;For=\"[2001:db8::1]:4711\";proto=https", Some("2001:db8::1")),
            ("for=192.0.2.1, for=198.51.100.1;proto=http", Some("198.51.100.1")),
            ("for=\"192.0.2.1, for=198.51.100.1", Some("198.51.100.1")),
            ("for=unknown", None),
            ("for=_hidden", None),
            ("proto=https", None),
        ] {
            check(&proxies, "10.0.0.1", &[&format!("forwarded: {said}")], expected);
        }
        check(&proxies, "10.0.0.1", &["x-forwarded-for: 192.0.2.1"], Some("10.0.0.1"));
    }

    #[test]
    fn an_error_in_the_list_of_proxies_is_named() {
        assert!(TrustedProxies::read("").unwrap().is_empty());
        let error = TrustedProxies::read("127.0.0.1, 10.0.0.0/33").unwrap_err();
        assert!(error.contains("10.0.0.0/33") && error.contains("10.0.0.0/8"), "{error}");
    }
}
