//! The settings that a collector is started with.

mod file;
mod resolve;

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};

pub use self::{
    file::{FileProblem, SettingsFile, read_forwarded_header, read_public_url},
    resolve::{Arguments, Resolved, resolve},
};
use crate::{
    abuse::{
        Limits,
        budgets::Time,
        network::{ForwardedHeader, TrustedProxies},
    },
    access::seal::SealKey,
    assets::Assets,
    mail::MailSettings,
    outgoing::{AllowedHosts, Resolve, SystemResolver},
    survey::Settings,
};

/// How long a write waits for another one before it is refused with a 503.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a collector waits for its predecessor to end, which may need ten seconds for requests in flight.
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// One of this many accepted answers and displays has a line in the log: six a second, as in a busy shop,
/// make five thousand lines a day.
const ACCESS_LOG_EVERY: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);

/// Bytes of an admin token, at least, so that it cannot be guessed.
const MIN_TOKEN_LENGTH: usize = 16;

/// A collector's settings.
#[derive(Clone)]
pub struct Config {
    pub(crate) database: String,
    pub(crate) token: Option<String>,
    pub(crate) assets: Assets,
    pub(crate) busy_timeout: Duration,
    pub(crate) lock_timeout: Duration,
    pub(crate) budget_time: Time,
    pub(crate) public_url: Option<String>,
    pub(crate) redaction: Redaction,
    pub(crate) demo: Demo,
    pub(crate) keep_days: Option<u32>,
    pub(crate) contact_periods: ContactPeriods,
    pub(crate) time_zone: Option<String>,
    pub(crate) surveys: BTreeMap<String, Settings>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) forwarded_header: ForwardedHeader,
    pub(crate) limits: Limits,
    pub(crate) access_log_every: NonZeroU32,
    pub(crate) secrets_key: Option<SealKey>,
    pub(crate) mail: Option<MailSettings>,
    pub(crate) outgoing_hosts: AllowedHosts,
    pub(crate) resolver: Arc<dyn Resolve>,
}

/// Whether answers from the demo shop, which everybody can open, are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demo {
    /// The customer is thanked, and the answer is not stored.
    #[default]
    Shown,
    /// They are stored like any other. Meant for a demonstration with a separate database.
    Stored,
}

/// Whether e-mail addresses, phone numbers and IBANs are removed from comments before they are stored. The
/// field `contact` is never changed: the customer gave it to be contacted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redaction {
    /// They are removed.
    #[default]
    On,
    /// Comments are stored as they were written.
    Off,
}

/// How many days the contact is kept that a customer gave to be answered, whichever ends first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContactPeriods {
    /// After the case was closed.
    pub(crate) after_close: u32,
    /// After the answer.
    pub(crate) at_most: u32,
}

impl ContactPeriods {
    pub(crate) const DEFAULT: Self = Self { after_close: 90, at_most: 365 };
}

impl Config {
    /// The settings for a database, such as `sqlite://afterword.db` or `sqlite:///var/lib/a.db`; the
    /// admin token is made on first start, the widget's files are the embedded ones.
    pub fn new(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            token: None,
            assets: Assets::embedded(),
            busy_timeout: BUSY_TIMEOUT,
            lock_timeout: LOCK_TIMEOUT,
            budget_time: Time::Running,
            public_url: None,
            redaction: Redaction::On,
            demo: Demo::Shown,
            keep_days: None,
            contact_periods: ContactPeriods::DEFAULT,
            time_zone: None,
            surveys: BTreeMap::new(),
            trusted_proxies: TrustedProxies::default(),
            forwarded_header: ForwardedHeader::default(),
            limits: Limits::default(),
            access_log_every: ACCESS_LOG_EVERY,
            secrets_key: None,
            mail: None,
            outgoing_hosts: AllowedHosts::default(),
            resolver: Arc::new(SystemResolver),
        }
    }

    /// Uses this admin token instead of a generated one. It is not stored.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Whether there is an admin token that is short enough to be guessed.
    #[must_use]
    pub fn has_short_token(&self) -> bool {
        self.token.as_ref().is_some_and(|token| token.len() < MIN_TOKEN_LENGTH)
    }

    /// Serves the widget's files from this folder.
    #[must_use]
    pub fn assets(mut self, assets: Assets) -> Self {
        self.assets = assets;
        self
    }

    /// Sets the collector's public origin, such as `https://feedback.shop.example`; without it, the origin is
    /// read from each request.
    #[must_use]
    pub fn public_url(mut self, origin: impl Into<String>) -> Self {
        self.public_url = Some(origin.into());
        self
    }

    /// Sets how long a write waits for the database; the default is five seconds.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Sets how long a start waits for another collector to release the database; the default is twenty
    /// seconds.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// Stops the clock of the budgets, for tests that use them up.
    #[doc(hidden)]
    #[must_use]
    pub fn still_budgets(mut self) -> Self {
        self.budget_time = Time::Still(Instant::now());
        self
    }

    /// Trusts the forwarding header of these proxies; the default is none.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// Sets the header in which trusted proxies name the client; the default is `X-Forwarded-For`.
    #[must_use]
    pub fn forwarded_header(mut self, header: ForwardedHeader) -> Self {
        self.forwarded_header = header;
        self
    }

    /// Sets the limits on senders without a token.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Logs one in so many accepted answers; the default is one in a hundred.
    #[must_use]
    pub fn access_log_every(mut self, every: NonZeroU32) -> Self {
        self.access_log_every = every;
        self
    }

    /// Sets the key under which the secrets of webhooks are stored; without one there are no webhooks.
    #[must_use]
    pub fn secrets_key(mut self, key: SealKey) -> Self {
        self.secrets_key = Some(key);
        self
    }

    /// Sets the hosts of webhooks that may be in a private network; the default is none.
    #[must_use]
    pub fn outgoing_hosts(mut self, hosts: AllowedHosts) -> Self {
        self.outgoing_hosts = hosts;
        self
    }

    /// Looks up the hosts of webhooks otherwise than the system does, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn Resolve>) -> Self {
        self.resolver = resolver;
        self
    }

    /// Sets whether answers from the demo shop are stored; the default is that they are not.
    #[must_use]
    pub fn demo(mut self, demo: Demo) -> Self {
        self.demo = demo;
        self
    }

    /// Switches redaction on or off; the default is on.
    #[must_use]
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// Erases answers once they are so many days old; the default is never.
    #[must_use]
    pub fn keep_days(mut self, days: u32) -> Self {
        self.keep_days = Some(days);
        self
    }
}
