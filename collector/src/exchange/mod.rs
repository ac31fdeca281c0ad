//! Answers on their way out of the collector and into it, as files.
//!
//! [`columns`] is the table that both directions share, [`export`] writes it, [`import`] reads it and
//! what other products write. Pure functions; [`run`] is where they meet the database.

pub(crate) mod cell;
pub(crate) mod columns;
pub mod dates;
pub(crate) mod export;
pub(crate) mod export_query;
pub mod import;
pub mod mapping;
pub(crate) mod outcome;
pub(crate) mod reason;
pub mod run;
pub(crate) mod stored_json;
pub mod table;

/// Bytes of the largest file that is imported over HTTP: some hundred thousand answers.
pub(crate) const LARGEST_FILE: usize = 20 << 20;
