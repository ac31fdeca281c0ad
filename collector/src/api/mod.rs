//! The addresses for programs with a token: lists, the report, export, import and erasures. They speak
//! JSON, except for the files.

pub(crate) mod cases;
pub(crate) mod choice;
pub(crate) mod erasures;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod openapi;
pub(crate) mod quotes;
pub(crate) mod report;
pub(crate) mod review_link;
pub(crate) mod rules;
