//! Metrics in the format of Prometheus.
//!
//! The values of labels are names in the program: routes, methods, kinds of problems. The one exception are the
//! ids of the shop's surveys. No label ever holds text from a stranger.

use std::{
    fmt,
    path::PathBuf,
    sync::{Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use jiff::Timestamp;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{
    abuse::budgets::Budget,
    aside::Flag,
    disk::Disk,
    store::{WriterFigures, alerts::Undelivered},
};

/// The upper bounds of the histogram's buckets, in seconds.
const DURATION_BUCKETS: [f64; 12] =
    [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProblemLabels {
    problem: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BudgetLabels {
    budget: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FlagLabels {
    flag: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SurveyLabels {
    survey: String,
}

/// The connections of a listener.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionFigures {
    pub(crate) open: Gauge,
    pub(crate) most: Gauge,
    pub(crate) taken: Counter,
    pub(crate) late: Counter,
    pub(crate) evicted: Counter,
}

/// All metrics.
pub(crate) struct Metrics {
    registry: Registry,
    /// The database's file.
    file: Option<PathBuf>,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    refusals: Family<ProblemLabels, Counter>,
    exceeded: Family<BudgetLabels, Counter>,
    flags: Family<FlagLabels, Counter>,
    pub(crate) connections: ConnectionFigures,
    database_bytes: Gauge<u64, AtomicU64>,
    log_bytes: Gauge<u64, AtomicU64>,
    free_bytes: Gauge<u64, AtomicU64>,
    last_answers: Family<SurveyLabels, Gauge<f64, AtomicU64>>,
    waiting: Gauge<u64, AtomicU64>,
    alerts_waiting: Gauge<u64, AtomicU64>,
    alerts_failed: Gauge<u64, AtomicU64>,
    replies_failed: Gauge<u64, AtomicU64>,
    search_index: Gauge<f64, AtomicU64>,
    commits: Counter,
    changes: Counter,
    /// Held while the metrics that have to be looked up are set and written.
    looking: Mutex<()>,
}

impl Metrics {
    /// The metrics of a collector with this database file.
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let mut registry = Registry::with_prefix("afterword");
        let metrics = Self {
            file,
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(DURATION_BUCKETS)),
            refusals: Family::default(),
            exceeded: Family::default(),
            flags: Family::default(),
            connections: ConnectionFigures::default(),
            database_bytes: Gauge::default(),
            log_bytes: Gauge::default(),
            free_bytes: Gauge::default(),
            last_answers: Family::default(),
            waiting: Gauge::default(),
            alerts_waiting: Gauge::default(),
            alerts_failed: Gauge::default(),
            replies_failed: Gauge::default(),
            search_index: Gauge::default(),
            commits: Counter::default(),
            changes: Counter::default(),
            looking: Mutex::default(),
            registry: Registry::default(),
        };
        registry.register(
            "requests",
            "Requests answered, by route, method and status",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time from a request's head to the head of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register(
            "refusals",
            "Requests that were refused or failed, by the kind of problem",
            metrics.refusals.clone(),
        );
        registry.register(
            "over_budget",
            "Requests refused because too many came, by the budget that was used up",
            metrics.exceeded.clone(),
        );
        registry.register("flags", "Flags of implausible answers, by flag", metrics.flags.clone());
        let connections = &metrics.connections;
        registry.register("connections", "Connections open now", connections.open.clone());
        registry.register(
            "connections_limit",
            "Connections that may be open at a time",
            connections.most.clone(),
        );
        registry.register(
            "connections_taken",
            "Connections taken since the start",
            connections.taken.clone(),
        );
        registry.register(
            "connections_late",
            "Connections closed because a head, a next request or a reader took too long",
            connections.late.clone(),
        );
        registry.register(
            "connections_evicted",
            "Waiting connections closed to make room for others",
            connections.evicted.clone(),
        );
        registry.register_with_unit(
            "database",
            "Size of the database's file",
            Unit::Bytes,
            metrics.database_bytes.clone(),
        );
        registry.register_with_unit(
            "database_log",
            "Size of the log beside it",
            Unit::Bytes,
            metrics.log_bytes.clone(),
        );
        registry.register_with_unit(
            "disk_free",
            "Bytes that the collector may still write on the database's disk",
            Unit::Bytes,
            metrics.free_bytes.clone(),
        );
        registry.register_with_unit(
            "last_answer_timestamp",
            "When the last answer to a survey came, in Unix time",
            Unit::Seconds,
            metrics.last_answers.clone(),
        );
        registry.register(
            "write_queue",
            "Answers, displays and other changes that wait to be written",
            metrics.waiting.clone(),
        );
        registry.register(
            "alerts_waiting",
            "Alerts that wait for an attempt to deliver them",
            metrics.alerts_waiting.clone(),
        );
        registry.register(
            "alerts_failed",
            "Alerts that were given up after 24 hours and wait for a person to send them again",
            metrics.alerts_failed.clone(),
        );
        registry.register(
            "replies_failed",
            "Replies to customers whose mail was given up and that wait for a person",
            metrics.replies_failed.clone(),
        );
        registry.register(
            "search_index_ratio",
            "Share of the stored answers that the search finds, from 0 to 1",
            metrics.search_index.clone(),
        );
        registry.register("commits", "Transactions committed", metrics.commits.clone());
        registry.register(
            "changes",
            "Answers, displays and other changes committed; divided by the commits, the changes in each",
            metrics.changes.clone(),
        );
        Self { registry, ..metrics }
    }

    /// Counts an answered request. `route` is the route's name, not the requested address.
    pub(crate) fn answered(
        &self,
        route: &str,
        method: &'static str,
        status: u16,
        problem: Option<&'static str>,
        took: Duration,
    ) {
        let route = route.to_owned();
        self.durations
            .get_or_create(&RouteLabels { route: route.clone() })
            .observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { route, method, status: status.into() }).inc();
        if let Some(problem) = problem {
            self.refusals.get_or_create(&ProblemLabels { problem }).inc();
        }
    }

    /// Counts a message that was refused because a budget was used up.
    pub(crate) fn exceeded(&self, budget: Budget) {
        let budget = match budget {
            Budget::Network => "network",
            Budget::Survey => "survey",
            Budget::All => "all",
            Budget::Bytes => "bytes",
            Budget::Waiting => "waiting",
        };
        self.exceeded.get_or_create(&BudgetLabels { budget }).inc();
    }

    /// Counts a flag of an arriving answer.
    pub(crate) fn flagged(&self, flag: Flag) {
        self.flags.get_or_create(&FlagLabels { flag: flag.name() }).inc();
    }

    /// The disk that the database is on; `None` if there is no file, or the system does not tell.
    pub(crate) fn disk(&self) -> Option<Disk> {
        Disk::of(self.file.as_deref()?).ok()
    }

    /// All metrics as text. Looks up the disk; the caller passes the writer's figures, the time of each survey's
    /// last answer, the number of alerts that have not arrived, and the percentage of answers in the search index if it is
    /// being built.
    ///
    /// # Errors
    /// None in practice, since the text is written to memory.
    pub(crate) fn text(
        &self,
        last_answers: impl IntoIterator<Item = (String, Timestamp)>,
        written: WriterFigures,
        undelivered: Undelivered,
        indexing: Option<u8>,
    ) -> Result<String, fmt::Error> {
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.set(written.waiting);
        self.alerts_waiting.set(undelivered.waiting);
        self.alerts_failed.set(undelivered.failed);
        self.replies_failed.set(undelivered.failed_replies);
        self.search_index.set(f64::from(indexing.unwrap_or(100)) / 100.0);
        self.commits.inc_by(written.commits.saturating_sub(self.commits.get()));
        self.changes.inc_by(written.changes.saturating_sub(self.changes.get()));
        let disk = self.file.as_deref().map(Disk::of);
        match disk {
            Some(Ok(disk)) => {
                self.database_bytes.set(disk.database);
                self.log_bytes.set(disk.log);
                self.free_bytes.set(disk.free.unwrap_or_default());
            }
            Some(Err(error)) => tracing::warn!(%error, "the disk could not be looked at"),
            None => {}
        }
        self.last_answers.clear();
        for (survey, at) in last_answers {
            #[expect(clippy::cast_precision_loss, reason = "a moment of this millennium")]
            let seconds = at.as_millisecond() as f64 / 1_000.0;
            self.last_answers.get_or_create(&SurveyLabels { survey }).set(seconds);
        }
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
