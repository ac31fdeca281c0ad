//! The edge to the browser: one file per Web API, and no decisions. Functions return errors and never
//! panic, since a shop's page may have replaced any browser API.

pub mod mount;
mod timer;
mod transport;
