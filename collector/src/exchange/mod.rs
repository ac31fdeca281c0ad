//! Answers on their way out of the collector and into it, as files.
//!
//! [`columns`] is the table that both directions share, [`export`] writes it, [`import`] reads it and
//! what other products write. Pure functions; [`run`] is where they meet the database.

pub(crate) mod cell;
pub(crate) mod columns;
pub mod dates;
pub(crate) mod export;
pub mod import;
pub mod mapping;
pub mod run;
pub mod table;
