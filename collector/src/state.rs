//! What requests share.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    abuse::Abuse,
    access::{attempts::Attempts, password::Passwords, trial::Trials},
    assets::Assets,
    exchange::turn::Turns,
    intake::Intake,
    log_sample::LogSample,
    metrics::Metrics,
    store::Store,
    token::TokenHash,
};

/// What requests share: one value, made when the collector opens.
pub(crate) struct Shared {
    pub(crate) store: Arc<Store>,
    pub(crate) admin: TokenHash,
    pub(crate) assets: Assets,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Attempts,
    pub(crate) abuse: Arc<Abuse>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) log_sample: LogSample,
    /// The origin that people reach the collector by, if it was configured.
    pub(crate) public_url: Option<String>,
    /// Whether the settings file says the time zone.
    pub(crate) is_time_zone_fixed: bool,
    /// By which every answer is stored.
    pub(crate) intake: Arc<Intake>,
    /// Signs the addresses by which the shop tries its surveys out.
    pub(crate) trials: Arc<Trials>,
    /// Whose turn it is to import a file.
    pub(crate) imports: Turns,
    /// After how many days answers are erased.
    pub(crate) keep_days: Option<u32>,
    /// Told when somebody has confirmed an erasure by age that waited.
    pub(crate) expiry_confirmed: Notify,
}
