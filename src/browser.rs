//! The edge to the browser: one file per Web API, and no decisions. What can fail says so instead
//! of panicking, since a shop's page may have replaced anything.

pub mod mount;
mod timer;
mod transport;
