//! Export and import of answers as files.
//!
//! [`columns`] is the table that both directions share. [`export`] writes it; [`import`] reads it, and the
//! files of other products. These are pure functions; [`run`] connects them to the database.

pub(crate) mod cell;
pub(crate) mod columns;
pub mod dates;
pub mod defaults;
pub(crate) mod export;
pub(crate) mod export_query;
pub mod import;
pub(crate) mod link_proof;
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

/// Bytes of a file that is imported over HTTP: some hundred thousand answers.
pub(crate) const MAX_FILE_BYTES: usize = 20 << 20;
/// Bytes of a larger file that are read and dropped: a browser shows no answer before it has sent its whole
/// request.
pub(crate) const MAX_DISCARDED_BYTES: usize = 256 << 20;
