//! The collector: takes responses, keeps them, shows them, and serves the widget's files.
//!
//! [`Collector::open`] opens the database, [`Collector::serve`] runs on a listener until it is told
//! to stop; [`Collector::router`] is the same server without a socket. The binary and the tests use
//! nothing else:
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use afterword_collector::{Collector, Config};
//!
//! let config = Config::new("sqlite://afterword.db").token("a secret of the test");
//! let collector = Collector::open(&config).await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! println!("http://{}", listener.local_addr()?);
//! collector.serve(listener, async { /* resolves when it shall stop */ }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A request passes `routes`, which reads and checks it, and `store`, which alone speaks SQL. What
//! goes wrong on the way is an `error::Error`, which knows its status and keeps its cause to the
//! log.

mod access;
mod assets;
mod config;
mod error;
pub mod exchange;
pub mod maintenance;
mod negotiate;
mod pages;
pub mod privacy;
mod problems;
mod redact;
mod repeats;
mod report;
mod routes;
pub mod seed;
mod server;
mod settings_file;
mod state;
mod store;
mod survey;
mod token;

pub use crate::access::{Need, Role, Scope};
pub use crate::assets::Assets;
pub use crate::config::{Config, Redaction};
pub use crate::server::Collector;
pub use crate::settings_file::{SettingsFile, Wrong, read_public_url};
pub use crate::store::{OpenError, StoreError, ZoneError};
