//! What strangers may do: the ingest address is open to everybody, and expects abuse.
//!
//! All of it is in memory, and none of it asks the database:
//!
//! - [`network`]: which network a request comes from. It is used here and forgotten; nothing derived from
//!   it is stored or logged.
//! - [`budgets`]: how much is taken, of a network, for a survey and over all. What is over a budget
//!   is refused with a 429, and can be sent again a little later.
//! - [`flags`]: what is taken and implausible. It is kept and marked; whether it counts is decided
//!   by whoever looks at the report.

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

/// How a busy shop's budgets differ from the usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// As many times the usual ones; 1 if nothing is said.
    Times(u16),
    /// None: whatever arrives is taken. For measuring.
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
    /// What it has to be.
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

/// What is known of abuse.
pub(crate) struct Abuse {
    pub(crate) proxies: TrustedProxies,
    pub(crate) budgets: Budgets,
    pub(crate) watch: Watch,
    limits: Limits,
    /// Whether it was said that a proxy seems to be there that is not trusted.
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

    /// Says at the start, before anything is taken on `address`, whether budgets of networks are kept.
    pub(crate) fn say_what_is_known(&self, address: IpAddr) {
        if self.limits == Limits::Off {
            tracing::warn!("limits are off: whatever strangers send is taken");
        } else if !self.proxies.is_empty() {
            tracing::info!("networks are limited each, as trusted proxies tell them");
        } else if Network::of(address).is_none() && !address.is_unspecified() {
            tracing::warn!(
                "networks are not limited each: requests come from a private address, as a proxy's \
                 do, and no proxy is trusted; name it with --trusted-proxies"
            );
        } else {
            tracing::info!(
                "networks are limited each, but for requests from private addresses: if a proxy \
                 stands before the collector, name it with --trusted-proxies"
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

    /// Who sends a request. The network is not known where many customers share one address, as behind
    /// a proxy that is not trusted.
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

/// Who sends a request: known while it is answered, and kept nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    pub(crate) network: Option<Network>,
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn a_proxy_that_nobody_named_is_noticed_and_one_that_is_named_is_not() {
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
