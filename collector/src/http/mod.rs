//! The parts that all addresses share: access control, reading requests, and answering errors.

pub(crate) mod access_log;
pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod conditional;
pub(crate) mod cookies;
pub(crate) mod describe;
pub(crate) mod download;
pub(crate) mod error;
pub(crate) mod extract;
pub(crate) mod file_form;
pub(crate) mod guard;
pub(crate) mod health;
pub(crate) mod negotiate;
pub(crate) mod policy;
pub(crate) mod redirect;
pub(crate) mod request_id;
