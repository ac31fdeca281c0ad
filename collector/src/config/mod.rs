//! What a collector is told before it starts.

mod file;
mod resolve;

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
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
    assets::Assets,
    survey::Settings,
};

/// How long a write waits for another one before it is refused with a 503.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a collector waits for its predecessor's end, which may take ten seconds for requests in flight.
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// Of so many answers and displays that were taken in, one has a line in the log: of a shop's six a second
/// that leaves five thousand lines a day.
const ACCESS_LOG_EVERY: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);

/// Bytes of an admin token that cannot be guessed.
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
    pub(crate) time_zone: Option<String>,
    pub(crate) surveys: BTreeMap<String, Settings>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) forwarded_header: ForwardedHeader,
    pub(crate) limits: Limits,
    pub(crate) access_log_every: NonZeroU32,
}

/// What becomes of answers on the demo shop, which everybody can open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demo {
    /// They are thanked for and not stored.
    #[default]
    Shown,
    /// They are stored like any other: for a demonstration, on a database of its own.
    Stored,
}

/// Whether e-mail addresses, phone numbers and IBANs are taken out of comments before they are
/// stored. The field `contact` is never touched: it was given to be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redaction {
    /// They are.
    #[default]
    On,
    /// Comments are stored as they were written.
    Off,
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
            time_zone: None,
            surveys: BTreeMap::new(),
            trusted_proxies: TrustedProxies::default(),
            forwarded_header: ForwardedHeader::default(),
            limits: Limits::default(),
            access_log_every: ACCESS_LOG_EVERY,
        }
    }

    /// With this admin token instead of one made and remembered. It is not stored.
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

    /// With the widget's files from there.
    #[must_use]
    pub fn assets(mut self, assets: Assets) -> Self {
        self.assets = assets;
        self
    }

    /// With the origin that people and shops reach the collector by, such as
    /// `https://feedback.shop.example`; otherwise each request says it.
    #[must_use]
    pub fn public_url(mut self, origin: impl Into<String>) -> Self {
        self.public_url = Some(origin.into());
        self
    }

    /// With another limit to how long a write waits for the database; five seconds if not said.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// With another limit to how long a start waits for another collector to let the database go; twenty
    /// seconds if not said.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// With budgets that never grow: for tests that use them up.
    #[doc(hidden)]
    #[must_use]
    pub fn still_budgets(mut self) -> Self {
        self.budget_time = Time::Still(Instant::now());
        self
    }

    /// With these proxies saying whom their requests are for; none if not said.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// With the proxies saying it by this header; `X-Forwarded-For` if not said.
    #[must_use]
    pub fn forwarded_header(mut self, header: ForwardedHeader) -> Self {
        self.forwarded_header = header;
        self
    }

    /// With other limits to what strangers may send than the usual ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With a log line for one of so many answers that were taken in; one of a hundred if not said.
    #[must_use]
    pub fn access_log_every(mut self, every: NonZeroU32) -> Self {
        self.access_log_every = every;
        self
    }

    /// With the demo shop's answers stored or, as if not said, only thanked for.
    #[must_use]
    pub fn demo(mut self, demo: Demo) -> Self {
        self.demo = demo;
        self
    }

    /// With redaction switched on, as it is if not said, or off.
    #[must_use]
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// With answers erased once they are so many days old; kept for ever if not said.
    #[must_use]
    pub fn keep_days(mut self, days: u32) -> Self {
        self.keep_days = Some(days);
        self
    }
}
