//! What programs ask for, with a token: lists, the report, files out and in, erasures. JSON, but for
//! the files.

pub(crate) mod choice;
pub(crate) mod erasures;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod openapi;
pub(crate) mod report;
