//! The state that all requests share.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    abuse::Abuse,
    access::{attempts::Attempts, password::Passwords, trial::Trials},
    alerts::Post,
    assets::Assets,
    config::ContactPeriods,
    exchange::turn::Turns,
    intake::Intake,
    log_sample::LogSample,
    metrics::Metrics,
    store::Store,
    token::TokenHash,
};

/// The state that all requests share: one value, made when the collector opens.
pub(crate) struct Shared {
    pub(crate) store: Arc<Store>,
    pub(crate) admin: TokenHash,
    pub(crate) assets: Assets,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Attempts,
    pub(crate) abuse: Arc<Abuse>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) log_sample: LogSample,
    /// The origin that people reach the collector by, if it is configured.
    pub(crate) public_url: Option<String>,
    /// Whether the settings file sets the time zone.
    pub(crate) is_time_zone_fixed: bool,
    /// The intake, through which every answer is stored.
    pub(crate) intake: Arc<Intake>,
    /// Signs the addresses by which the shop tries its surveys out.
    pub(crate) trials: Arc<Trials>,
    /// The turns to import files.
    pub(crate) imports: Turns,
    /// The default number of days after which answers are erased.
    pub(crate) keep_days: Option<u32>,
    /// How long the contacts that customers gave to be answered are kept.
    pub(crate) contact_periods: ContactPeriods,
    /// Notified when a person has confirmed a waiting erasure by age.
    pub(crate) expiry_confirmed: Notify,
    /// Sends alerts.
    pub(crate) post: Arc<Post>,
    /// Notified when an alert shall be sent at once.
    pub(crate) post_due: Notify,
    /// Notified when the shop's rules for themes have changed.
    pub(crate) rules_changed: Notify,
}
