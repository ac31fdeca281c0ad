//! The one writer: a thread that commits many arrivals in one transaction.
//!
//! Every write waits here for its turn. Answers and displays that arrive during a commit share the next
//! transaction, so that under load many of them share one wait for the disk, and a single one never waits for
//! others. A sender gets its answer only after the commit. Every other write has its own transaction.
//!
//! After a failed transaction the connection is closed and a new one opened, because nobody can tell how much
//! SQLite has undone. The same happens if the path no longer names the file that was written to: then no sender
//! is told that its answer is stored, since the file may be gone.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::{
    copies,
    file::{DatabaseFile, Identity},
    ledger::{Ledger, Memory},
    surveys::Lists,
};
use crate::store::{
    PutOutcome, StoreError, WriterFigures,
    arrival::{Arrival, Author, DisplayArrival},
    copies::Version,
};

/// Jobs in the queue; further senders wait until there is room.
const MAX_WAITING_JOBS: usize = 4_096;
/// Jobs in one transaction: as many as a disk writes in some ten milliseconds.
const MAX_BATCH_JOBS: usize = 512;

type Outcome<T> = Result<T, StoreError>;

/// Something to write, and the task that waits for the outcome.
trait Job: Send {
    /// Writes it. May be called again after the transaction was rolled back.
    fn write(&mut self, ledger: &mut Ledger<'_>) -> Outcome<()>;

    /// Sends the outcome of the transaction to the waiting task, if it still waits.
    fn tell(self: Box<Self>, outcome: Outcome<()>);
}

enum Message {
    /// A job that shares its transaction with others.
    Arrived(Box<dyn Job>),
    /// A job with its own transaction.
    Alone(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

struct Task<W, T> {
    write: W,
    value: Option<T>,
    tell: oneshot::Sender<Outcome<T>>,
}

impl<W, T> Job for Task<W, T>
where
    W: FnMut(&mut Ledger<'_>) -> Outcome<T> + Send,
    T: Send,
{
    fn write(&mut self, ledger: &mut Ledger<'_>) -> Outcome<()> {
        self.value = Some((self.write)(ledger)?);
        Ok(())
    }

    fn tell(self: Box<Self>, outcome: Outcome<()>) {
        let Self { write, value, tell } = *self;
        // Rows that the waiting task shares are freed by that task, not by this thread.
        drop(write);
        let outcome = outcome.and_then(|()| value.ok_or_else(StoreError::closed));
        drop(tell.send(outcome));
    }
}

/// Work that the writer does, or will do after what it was sent before.
pub(super) struct Begun<T>(oneshot::Receiver<Outcome<T>>);

impl<T> Begun<T> {
    /// Waits for the outcome; the work is then on the disk, or undone.
    pub(super) async fn done(self) -> Outcome<T> {
        self.0.await.map_err(|_| StoreError::closed())?
    }
}

/// The handle of the writer's thread.
pub(super) struct Writer {
    messages: mpsc::Sender<Message>,
    done: Arc<CommitCounts>,
}

/// The numbers of commits and changes since the start.
#[derive(Default)]
struct CommitCounts {
    commits: AtomicU64,
    changes: AtomicU64,
}

impl Writer {
    /// Starts the thread, which writes on this connection.
    pub(super) fn start(
        file: DatabaseFile,
        connection: Connection,
        surveys: Arc<Lists>,
    ) -> io::Result<Self> {
        let (messages, waiting) = mpsc::channel(MAX_WAITING_JOBS);
        let opened = file.identity()?;
        let open = Some((connection, opened));
        let done = Arc::new(CommitCounts::default());
        let counting = Arc::clone(&done);
        let thread = Thread { file, open, memory: Memory::new(), surveys, done: counting };
        thread::Builder::new().name("writer".into()).spawn(move || thread.run(waiting))?;
        Ok(Self { messages, done })
    }

    /// The writer's figures.
    pub(super) fn written(&self) -> WriterFigures {
        let waiting = self.messages.max_capacity() - self.messages.capacity();
        WriterFigures {
            waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
            commits: self.done.commits.load(Ordering::Relaxed),
            changes: self.done.changes.load(Ordering::Relaxed),
        }
    }

    /// Stores a revision of a response; it is on the disk when this returns.
    pub(super) async fn keep(&self, arrival: Arrival) -> Outcome<PutOutcome> {
        self.send(Message::Arrived, move |ledger| ledger.put(&arrival, Author::Anybody)).await
    }

    /// The same, and reads the response that is then stored under its id.
    pub(super) async fn keep_and_read(
        &self,
        arrival: Arrival,
    ) -> Outcome<(PutOutcome, Option<afterword_response::Response>)> {
        self.send(Message::Arrived, move |ledger| {
            let put = ledger.put(&arrival, Author::Anybody)?;
            Ok((put, ledger.kept(&arrival.response.id)?))
        })
        .await
    }

    /// Stores a step of a display; it is on the disk when this returns.
    pub(super) async fn show(&self, arrival: DisplayArrival) -> Outcome<()> {
        self.send(Message::Arrived, move |ledger| ledger.show(&arrival, Author::Anybody)).await
    }

    /// Runs `work` in its own transaction, which is rolled back if `work` fails.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.send(Message::Alone, work).await
    }

    /// Begins the same. Other work can be done until its outcome is needed.
    pub(super) async fn begin_write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<Begun<T>> {
        self.begin(Message::Alone, work).await
    }

    async fn send<T: Send + 'static>(
        &self,
        message: fn(Box<dyn Job>) -> Message,
        write: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.begin(message, write).await?.done().await
    }

    async fn begin<T: Send + 'static>(
        &self,
        message: fn(Box<dyn Job>) -> Message,
        write: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<Begun<T>> {
        let (tell, told) = oneshot::channel();
        let job = Box::new(Task { write, value: None, tell });
        self.messages.send(message(job)).await.map_err(|_| StoreError::closed())?;
        Ok(Begun(told))
    }

    /// Finishes the waiting jobs and closes the connection.
    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.messages.send(Message::Close(tell)).await.is_ok() {
            // An error means that the thread has ended already.
            let _ = told.await;
        }
    }
}

struct Thread {
    file: DatabaseFile,
    /// The connection and the identity of its files; `None` after a failed transaction.
    open: Option<(Connection, Identity)>,
    memory: Memory,
    surveys: Arc<Lists>,
    done: Arc<CommitCounts>,
}

impl Thread {
    fn run(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut closing = None;
        let mut batch = Vec::new();
        // The job after the arrivals of a batch that does not share their transaction.
        let mut behind = None;
        while let Some(message) = behind.take().or_else(|| waiting.blocking_recv()) {
            match message {
                Message::Alone(job) => self.keep(vec![job]),
                Message::Close(tell) => {
                    closing = Some(tell);
                    waiting.close();
                }
                Message::Arrived(job) => {
                    batch.push(job);
                    while batch.len() < MAX_BATCH_JOBS {
                        match waiting.try_recv() {
                            Ok(Message::Arrived(job)) => batch.push(job),
                            Ok(other) => {
                                behind = Some(other);
                                break;
                            }
                            Err(_) => break,
                        }
                    }
                    self.keep(std::mem::take(&mut batch));
                }
            }
        }
        drop(self.open.take());
        if let Some(tell) = closing {
            let _ = tell.send(());
        }
    }

    /// Commits jobs together and sends the outcome to each. If one of them cannot be written, each gets its own
    /// transaction, so that only that one fails.
    fn keep(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let outcome = self.commit(&mut jobs);
        match &outcome {
            Err(error) if jobs.len() > 1 && is_of_the_data(error) => {
                for job in jobs {
                    self.keep(vec![job]);
                }
            }
            Ok(()) => jobs.into_iter().for_each(|job| job.tell(Ok(()))),
            Err(error) => jobs.into_iter().for_each(|job| job.tell(Err(error.again()))),
        }
    }

    fn commit(&mut self, jobs: &mut [Box<dyn Job>]) -> Outcome<()> {
        let (connection, opened) = match self.open.take() {
            Some(open) => open,
            None => reopen(&self.file)?,
        };
        let committed = commit(&connection, &mut self.memory, jobs)
            .and_then(|()| still_there(&self.file, opened));
        match committed {
            Ok(now) => {
                self.done.commits.fetch_add(1, Ordering::Relaxed);
                self.done.changes.fetch_add(jobs.len() as u64, Ordering::Relaxed);
                if self.memory.have_surveys_changed {
                    match self.surveys.refresh(&connection) {
                        Ok(()) => self.memory.have_surveys_changed = false,
                        Err(error) => tracing::error!(%error, "the surveys cannot be read"),
                    }
                }
                self.open = Some((connection, now));
                Ok(())
            }
            Err(error) => {
                self.memory = Memory::new();
                Err(error)
            }
        }
    }
}

/// Opens the database again after a failure. The file at the path must be a database of this release: no
/// answer is written to an empty or another file.
fn reopen(file: &DatabaseFile) -> Outcome<(Connection, Identity)> {
    let gone = |error: io::Error| StoreError::Engine(error.into());
    let before = file.identity().map_err(gone)?;
    let connection = file.open_to_write()?;
    if copies::version(&connection)? != Version::Current {
        return Err(StoreError::replaced());
    }
    let after = file.identity().map_err(gone)?;
    if before.became(after) { Ok((connection, after)) } else { Err(StoreError::replaced()) }
}

/// Checks that the path still names the file that was committed to.
fn still_there(file: &DatabaseFile, opened: Identity) -> Outcome<Identity> {
    match file.identity() {
        Ok(now) if opened.became(now) => Ok(now),
        _ => Err(StoreError::replaced()),
    }
}

fn commit(connection: &Connection, memory: &mut Memory, jobs: &mut [Box<dyn Job>]) -> Outcome<()> {
    // Immediate, because a transaction that starts as a reader fails at its first write, without
    // waiting, if another connection has written since.
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    memory.refresh(connection)?;
    let mut ledger = Ledger::new(connection, memory);
    for job in jobs {
        job.write(&mut ledger)?;
    }
    ledger.settle()?;
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

/// Whether a transaction failed because of the data, and not because of the disk or the file.
fn is_of_the_data(error: &StoreError) -> bool {
    match error {
        StoreError::Row { .. } | StoreError::Unexpected(_) => true,
        StoreError::Engine(cause) => {
            let code =
                cause.downcast_ref::<rusqlite::Error>().and_then(|it| it.sqlite_error_code());
            matches!(
                code,
                Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{path::PathBuf, time::Duration};

    use afterword_response::Response;
    use tempfile::TempDir;

    use crate::{
        aside::Aside,
        store::{PutOutcome, Store, StoreError},
    };

    async fn store() -> (Store, PathBuf, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let address = format!("sqlite://{}", path.display());
        (Store::open(&address, Duration::from_secs(5)).await.unwrap(), path, folder)
    }

    fn response(number: u32) -> Response {
        serde_json::from_value(serde_json::json!({
            "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}"), "revision": 1,
            "survey": "s", "touchpoint": "order", "score": 9, "comment": "x".repeat(2_000)
        }))
        .unwrap()
    }

    #[tokio::test]
    async fn after_a_full_disk_the_next_answer_is_stored() {
        let (store, _, _folder) = store().await;
        // The limit belongs to this connection, so a new one has room again.
        let full = store.write(|ledger| {
            let connection = ledger.connection();
            let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            connection
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .map_err(StoreError::from)
        });
        full.await.unwrap();
        let mut number = 0;
        let error = loop {
            number += 1;
            match store.put(&response(number), Aside::NONE).await {
                Ok(_) => assert!(number < 100, "the disk is never full"),
                Err(error) => break error,
            }
        };
        assert!(error.is_passing(), "{error:?}");
        for number in number..number + 20 {
            assert_eq!(
                store.put(&response(number), Aside::NONE).await.unwrap(),
                PutOutcome::Stored
            );
        }
        assert_eq!(store.disagreeing().await.unwrap(), [""; 0]);
        store.close().await;
    }

    #[tokio::test]
    async fn after_a_read_only_moment_the_next_answer_is_stored() {
        let (store, _, _folder) = store().await;
        let read_only = store.write(|ledger| {
            let connection = ledger.connection();
            // Takes effect from the next transaction on.
            connection.pragma_update(None, "query_only", true).map_err(StoreError::from)
        });
        // The transaction that sets it cannot be committed either.
        let _ = read_only.await;
        let mut refused = 0;
        while let Err(error) = store.put(&response(1), Aside::NONE).await {
            assert!(error.is_passing(), "{error:?}");
            refused += 1;
            assert!(refused < 3, "it never recovers");
        }
        assert_eq!(store.put(&response(2), Aside::NONE).await.unwrap(), PutOutcome::Stored);
        assert_eq!(store.count().await.unwrap(), 2);
        store.close().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_is_told_that_an_answer_is_in_a_file_that_is_gone() {
        let (store, path, folder) = store().await;
        assert_eq!(store.put(&response(1), Aside::NONE).await.unwrap(), PutOutcome::Stored);
        store.fold().await.unwrap();
        let aside = folder.path().join("aside.db");
        std::fs::copy(&path, &aside).unwrap();

        std::fs::remove_file(&path).unwrap();
        for _ in 0..3 {
            let error = store.put(&response(2), Aside::NONE).await.unwrap_err();
            assert!(error.is_passing(), "{error:?}");
        }
        assert!(store.count().await.is_err());
        assert!(!path.exists(), "readers and writers make no file");
        std::fs::write(&path, "").unwrap();
        assert!(
            store.put(&response(2), Aside::NONE).await.is_err(),
            "an empty file is no database"
        );

        // The file is put back: from then on answers are stored in it and read from it.
        std::fs::remove_file(&path).unwrap();
        for log in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{log}", path.display()));
        }
        std::fs::rename(&aside, &path).unwrap();
        assert_eq!(store.put(&response(3), Aside::NONE).await.unwrap(), PutOutcome::Stored);
        assert_eq!(store.count().await.unwrap(), 2);
        store.close().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_is_told_that_an_answer_is_in_a_log_that_is_gone() {
        let (store, path, _folder) = store().await;
        assert_eq!(store.put(&response(1), Aside::NONE).await.unwrap(), PutOutcome::Stored);
        std::fs::remove_file(format!("{}-wal", path.display())).unwrap();
        let error = store.put(&response(2), Aside::NONE).await.unwrap_err();
        assert!(error.is_passing(), "{error:?}");
        store.close().await;
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_written_fails_alone() {
        let (store, _, _folder) = store().await;
        let impossible = Response { score: 200, ..response(1) };
        let (first, second) = (response(2), response(3));
        let (bad, one, other) = tokio::join!(
            store.put(&impossible, Aside::NONE),
            store.put(&first, Aside::NONE),
            store.put(&second, Aside::NONE)
        );
        assert!(bad.is_err());
        assert_eq!((one.unwrap(), other.unwrap()), (PutOutcome::Stored, PutOutcome::Stored));
        store.close().await;
    }
}
