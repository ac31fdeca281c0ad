//! Export and import against a database: what the routes and the commands run.

use std::{io, sync::Arc};

use axum::body::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::export::Writer;
pub use super::{columns::Dialect, export::Format};
use crate::{
    Config, Shared,
    error::Error,
    routes::query::{Empty, ListQuery},
    store::{Cursor, Filter, OpenError, Store, StoreError},
};

/// How many answers are in memory at a time.
const PAGE: u32 = 500;

/// Why an export or import did not come about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed on the way.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read or written.
    #[error("the file could not be read or written")]
    File(#[from] io::Error),
    /// What was asked for makes no sense; what to do instead.
    #[error("{0}")]
    Refused(String),
}

/// A file on its way out: how many answers it holds, and its bytes, piece by piece. No more of it is
/// in memory than one piece, however long the receiver takes.
pub(crate) async fn stream_of(
    shared: Arc<Shared>,
    filter: Filter,
    format: Format,
) -> Result<(u64, impl Stream<Item = Result<Bytes, io::Error>> + use<>), StoreError> {
    let rows = shared.store.count_of(&filter).await?;
    let writer = Writer::new(format, shared.store.property_names().await?);
    let pieces = pieces(shared, filter, writer);
    Ok((rows, pieces.map_ok(|(piece, _)| Bytes::from(piece))))
}

/// Something to borrow the database from.
trait Source {
    fn store(&self) -> &Store;
}

impl Source for Arc<Shared> {
    fn store(&self) -> &Store {
        &self.store
    }
}

impl Source for Arc<Store> {
    fn store(&self) -> &Store {
        self
    }
}

enum Next {
    Head,
    Page(Option<Cursor>),
    End,
}

/// The file's pieces, each with how many answers it holds.
fn pieces<S: Source>(
    source: S,
    filter: Filter,
    writer: Writer,
) -> impl Stream<Item = Result<(Vec<u8>, usize), io::Error>> {
    let start = (source, filter, writer, Next::Head);
    stream::try_unfold(start, |(source, filter, writer, next)| async move {
        let (piece, next) = match next {
            Next::End => return Ok(None),
            Next::Head => ((writer.head()?, 0), Next::Page(None)),
            Next::Page(after) => {
                let page = source.store().list(&filter, after.as_ref(), PAGE).await;
                let (answers, after) = page.map_err(io::Error::other)?;
                let count = answers.len();
                let next = after.map_or(Next::End, |after| Next::Page(Some(after)));
                ((writer.lines(answers)?, count), next)
            }
        };
        Ok(Some((piece, (source, filter, writer, next))))
    })
}

/// Writes the answers that `query` asks for (as the list's address would: `survey=a&segment=passive`)
/// to `out`. `progress` hears how many are written, and of how many.
///
/// # Errors
/// The query is wrong, the database cannot be read, or `out` not be written.
pub async fn export(
    config: &Config,
    query: &str,
    format: Format,
    mut out: impl AsyncWrite + Unpin,
    mut progress: impl FnMut(u64, u64),
) -> Result<u64, ExchangeError> {
    let list = ListQuery::read(query, Empty::Refused).map_err(refused)?;
    let store = Arc::new(Store::open_existing(&config.database, config.busy_timeout).await?);
    let filter = list.filter.filter(&store.time_zone().await?);
    let rows = store.count_of(&filter).await?;
    let writer = Writer::new(format, store.property_names().await?);
    let mut written = 0;
    let pieces = pieces(Arc::clone(&store), filter, writer);
    let mut pieces = std::pin::pin!(pieces);
    while let Some((piece, count)) = pieces.try_next().await? {
        out.write_all(&piece).await?;
        written += count as u64;
        progress(written, rows);
    }
    out.flush().await?;
    store.close().await;
    Ok(written)
}

/// A refusal in words for a terminal.
fn refused(error: Error) -> ExchangeError {
    let problems: Vec<String> =
        error.problems().iter().map(|it| format!("{} {}", it.field, it.problem)).collect();
    ExchangeError::Refused(problems.join("; "))
}
