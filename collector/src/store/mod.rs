//! The store: its types, and its one engine.
//!
//! The files here hold types without SQL. `sqlite/` holds every statement, one file a table; it is the
//! only place that speaks SQL or names its library. A second engine is a second folder, and `Store`
//! then an enum of both.

pub(crate) mod accounts;
pub(crate) mod alerts;
pub(crate) mod answer_pages;
mod arrival;
pub(crate) mod bounds;
pub(crate) mod cases;
pub(crate) mod copies;
mod counted;
pub(crate) mod erasures;
mod error;
pub(crate) mod expiry;
mod filter;
pub(crate) mod load;
mod marks;
pub(crate) mod quotes;
pub(crate) mod replies;
mod responses;
pub(crate) mod review_links;
mod search;
mod sqlite;
pub(crate) mod surveys;
pub(crate) mod templates;
pub(crate) mod themes;
mod tokens;
mod uploads;
mod written;
mod zone;

pub(crate) use accounts::Account;
pub(crate) use arrival::{Conflict, Preparing, PutOutcome};
pub use error::{OpenError, StoreError, ZoneError};
pub(crate) use filter::{Comments, Exclusion, Filter, Hits, Standing};
pub(crate) use marks::marks;
pub(crate) use responses::{AnswerHistory, Cursor, EarlierRevision, Owner, Stored, StoredDisplay};
pub(crate) use search::is_searchable;
pub(crate) use sqlite::{Patience, Store, Writing, copies as file};
pub(crate) use tokens::Token;
pub(crate) use uploads::Upload;
pub(crate) use written::WriterFigures;
