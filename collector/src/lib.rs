//! The collector: receives responses, stores them, shows them, and serves the widget's files.
//!
//! [`Collector::open`] opens the database; [`Collector::serve`] runs on a listener until it is stopped;
//! [`Collector::router`] is the same server without a socket. The binary and the tests use nothing else:
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use afterword_collector::{Collector, Config};
//!
//! let config = Config::new("sqlite://afterword.db").token("a secret of the test");
//! let collector = Collector::open(&config).await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! println!("http://{}", listener.local_addr()?);
//! collector.serve(listener, async { /* resolves when it shall stop */ }).await;
//! # Ok(())
//! # }
//! ```
//!
//! `router` lists every address. A request passes `http::guard`, then a handler in `ingest` (what
//! customers send), `api` (what programs ask for), `site` (the pages for people) or `files` (the
//! widget), and `store`, which alone speaks SQL. What goes wrong on the way is an `http::error::Error`,
//! which knows its status and keeps its cause to the log.

mod abuse;
mod accent;
mod access;
mod alerts;
mod api;
mod aside;
mod assets;
mod config;
mod descriptors;
mod disk;
pub mod exchange;
mod files;
mod findings;
mod http;
mod indexing;
mod ingest;
mod intake;
mod language;
mod locales;
mod log_sample;
mod logo;
mod mail;
pub mod maintenance;
mod metrics;
mod outgoing;
pub mod privacy;
mod query;
mod quotes;
mod reading;
mod redact;
mod repeats;
mod replying;
mod report;
mod router;
mod rules;
pub mod seed;
mod server;
mod site;
mod state;
mod store;
mod survey;
mod themes;
mod theming;
mod token;
mod words;

pub use crate::abuse::Limits;
pub use crate::abuse::network::{ForwardedHeader, TrustedProxies};
pub use crate::access::{Need, Role, Scope, seal::SealKey};
pub use crate::assets::Assets;
pub use crate::config::{
    Arguments, Config, Demo, FileProblem, Redaction, Resolved, SettingsFile, read_forwarded_header,
    read_public_url, resolve,
};
pub use crate::mail::{MailPassword, MailSettings};
pub use crate::outgoing::{AllowedHosts, Resolve, SystemResolver};
pub use crate::server::{Collector, InheritedSocket, Socket, SocketError};
pub use crate::store::{OpenError, StoreError, ZoneError};
