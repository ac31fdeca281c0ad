//! Tests of the collector from outside: its routes with real SQLite files, and the real binary.
//!
//! Each module tests a route or a subject. `bench` starts a collector without a socket, `process` starts the binary,
//! and `markup` reads pages.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bench;
mod markup;
mod process;
mod smtp;

mod abuse;
mod access;
mod alerts;
mod answer_page;
mod aside;
mod authorship;
mod binary;
mod bounded;
mod campaign;
mod connections;
mod contacts;
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
mod mails;
mod maintenance;
mod noscript;
mod one_answer;
mod owned_cases;
mod owners_week;
mod page;
mod privacy;
mod quotes;
mod removal;
mod replies;
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
mod webhooks;
