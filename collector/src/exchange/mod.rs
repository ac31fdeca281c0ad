//! Answers on their way out of the collector and into it, as files.
//!
//! [`columns`] is the table that both directions share, [`export`] writes it, [`import`] reads it and
//! what other products write. Pure functions; [`run`] is where they meet the database.

pub(crate) mod cell;
pub(crate) mod columns;
pub mod dates;
pub mod defaults;
pub(crate) mod export;
pub(crate) mod export_query;
pub mod import;
pub mod mapping;
pub(crate) mod money;
pub mod origin;
pub(crate) mod outcome;
pub(crate) mod reason;
pub mod run;
pub(crate) mod score;
pub(crate) mod sheet;
pub(crate) mod stored_json;
pub mod table;
pub mod target;
pub(crate) mod turn;
pub(crate) mod workbook;

/// Bytes of the largest file that is imported over HTTP: some hundred thousand answers.
pub(crate) const LARGEST_FILE: usize = 20 << 20;
/// Bytes that are read of a larger one before the connection is given up: until its whole request was
/// read, a browser shows no answer.
pub(crate) const MAX_DISCARDED: usize = 256 << 20;
