//! What strangers may do: the ingest address is open to everybody, and expects abuse.
//!
//! All of it is in memory, and none of it asks the database:
//!
//! - [`network`]: which network a request comes from. It is used here and forgotten; nothing derived from
//!   it is stored or logged.
//! - [`budgets`]: how much is taken, of a network, for a survey and over all. What is over a budget
//!   is refused with a 429, and can be sent again a little later.

pub(crate) mod budgets;
pub(crate) mod network;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use axum::http::{Extensions, HeaderMap};

use self::{
    budgets::{Budgets, Time},
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
    limits: Limits,
    /// Whether it was said that a proxy seems to be there that is not trusted.
    has_warned: AtomicBool,
}

impl Abuse {
    pub(crate) fn new(proxies: TrustedProxies, limits: Limits, time: Time) -> Self {
        let (budgets, has_warned) = (Budgets::with(limits, time), AtomicBool::new(false));
        Self { proxies, budgets, limits, has_warned }
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
