//! The collector from outside: its routes against real SQLite files, and the real binary.
//!
//! One module a route; `bench` starts a collector without a socket, `process` the binary itself; `markup` reads
//! pages.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bench;
mod markup;
mod process;

mod abuse;
mod access;
mod answer_page;
mod aside;
mod authorship;
mod binary;
mod bounded;
mod campaign;
mod connections;
mod cross_origin;
mod data_page;
mod displays;
mod erasure;
mod export;
mod faults;
mod files;
mod foreign_files;
mod health;
mod hosts;
mod import;
mod inbox;
mod ingest;
mod list;
mod lock;
mod login;
mod maintenance;
mod noscript;
mod page;
mod privacy;
mod removal;
mod report;
mod report_page;
mod review_link;
mod revisions;
mod rollups;
mod seed;
mod settings;
mod surveys;
mod themes;
mod upgrade;
mod watching;
