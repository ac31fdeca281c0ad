//! Protection of the addresses that are open to everybody, those of answers and of quotes, against abuse.
//!
//! Everything here lives in memory; no module asks the database:
//!
//! - [`network`] finds the network that a request comes from. Nothing derived from it is stored or logged.
//! - [`budgets`] limits how much one network sends, how much one survey receives, and the total. A message
//!   over a budget is refused with a 429, and its sender can try again a little later.
//! - [`flags`] marks implausible answers, which are stored like all others. The reader of the report decides
//!   whether they count.

pub(crate) mod budgets;
pub(crate) mod flags;
pub(crate) mod network;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use axum::http::{Extensions, HeaderMap};

use self::{
    budgets::{Budgets, Time},
    flags::Watch,
    network::{Network, Peer, TrustedProxies},
};

/// How many times larger the budgets are than the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// The default budgets multiplied by this; 1 if not configured.
    Times(u16),
    /// No budgets at all, for load tests.
    Off,
}

impl Default for Limits {
    fn default() -> Self {
        Self::Times(1)
    }
}

impl Limits {
    /// Reads `off`, or a whole number from 1 to 1000.
    ///
    /// # Errors
    /// A sentence that says which values are allowed.
    pub fn read(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        match text.parse() {
            Ok(times @ 1..=1_000) => Ok(Self::Times(times)),
            _ => Err("must be a whole number from 1 to 1000, or \"off\"".to_owned()),
        }
    }
}

/// The state of [`budgets`] and [`flags`], and which proxies are trusted.
pub(crate) struct Abuse {
    pub(crate) proxies: TrustedProxies,
    pub(crate) budgets: Budgets,
    pub(crate) watch: Watch,
    limits: Limits,
    /// Whether the log has already warned about a proxy that is not trusted.
    has_warned: AtomicBool,
}

impl Abuse {
    pub(crate) fn new(proxies: TrustedProxies, limits: Limits, time: Time) -> Self {
        Self {
            proxies,
            budgets: Budgets::with(limits, time),
            watch: Watch::new(limits),
            limits,
            has_warned: AtomicBool::new(false),
        }
    }

    /// Logs at the start whether budgets of networks are kept, given the `address` to listen on.
    pub(crate) fn log_limits(&self, address: IpAddr) {
        if self.limits == Limits::Off {
            tracing::warn!("limits are off: everything that strangers send is accepted");
        } else if !self.proxies.is_empty() {
            tracing::info!("each network has its own limits; trusted proxies name the networks");
        } else if Network::of(address).is_none() && !address.is_unspecified() {
            tracing::warn!(
                "networks have no limits of their own: requests come from a private address, as from a \
                 proxy, and no proxy is trusted; name it with --trusted-proxies"
            );
        } else {
            tracing::info!(
                "each network has its own limits, except for requests from private addresses: if a proxy \
                 is in front of the collector, name it with --trusted-proxies"
            );
        }
    }

    pub(crate) const fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether a request has said that a proxy handed it on, and no proxy is trusted.
    pub(crate) fn seems_behind_unknown_proxy(&self) -> bool {
        self.has_warned.load(Relaxed)
    }

    /// The sender of a request. The network is unknown if many customers may share the address, as behind a
    /// proxy that is not trusted.
    pub(crate) fn sender(&self, extensions: &Extensions, headers: &HeaderMap) -> Sender {
        let Some(Peer(peer)) = extensions.get::<Peer>() else { return Sender::default() };
        let is_handed_on = || TrustedProxies::is_handed_on(headers);
        if self.proxies.is_empty() && is_handed_on() && !self.has_warned.swap(true, Relaxed) {
            tracing::warn!(
                "a request says that a proxy handed it on, and no proxy is trusted: if there is one, \
                 name it with --trusted-proxies, or its customers are limited as if they were one"
            );
        }
        let address = self.proxies.sender(peer.ip(), headers);
        Sender { network: address.and_then(Network::of) }
    }
}

/// The sender of a request: held while the request is answered, never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    pub(crate) network: Option<Network>,
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn only_an_untrusted_proxy_is_noticed() {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::from(([10, 0, 0, 2], 4000))));
        let mut headers = HeaderMap::new();
        let notices = |proxies: &str, headers: &HeaderMap| {
            let abuse = Abuse::new(
                TrustedProxies::read(proxies).unwrap_or_default(),
                Limits::Off,
                Time::Running,
            );
            abuse.sender(&extensions, headers);
            abuse.seems_behind_unknown_proxy()
        };
        assert!(!notices("", &headers), "nothing was handed on");
        headers.insert("x-forwarded-for", axum::http::HeaderValue::from_static("203.0.113.7"));
        assert!(notices("", &headers));
        assert!(!notices("10.0.0.0/8", &headers));
    }
}
