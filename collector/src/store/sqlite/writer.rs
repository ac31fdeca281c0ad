//! The one writer: a thread that commits what has arrived as one transaction.
//!
//! Everything that writes waits here for its turn. Answers and displays that arrive while a transaction
//! is on its way to the disk are the next transaction together, so that a busy moment costs one wait for
//! the disk and not one each, and a quiet one waits for nobody. Whoever sent something hears of it after
//! the commit and not before. Everything else that writes has a transaction of its own.
//!
//! After a transaction that failed the connection is thrown away and another one opened: what SQLite has
//! undone by itself, and what not, cannot be told from outside.

use std::thread;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::{
    file::DatabaseFile,
    ledger::{Ledger, Memory},
};
use crate::store::{
    Put, StoreError,
    arrival::{Arrival, DisplayArrival},
};

/// Jobs that may wait; whoever brings more waits before the door.
const MAX_WAITING: usize = 4_096;
/// The most that one transaction holds: what a disk takes in some ten milliseconds.
const MAX_BATCH: usize = 512;

type Outcome<T> = Result<T, StoreError>;

/// Something to write, and somebody to tell of it.
trait Job: Send {
    /// Writes it. May be called again after the transaction was undone.
    fn write(&mut self, ledger: &mut Ledger<'_>) -> Outcome<()>;

    /// Tells whoever waits what came of the transaction. Nobody may be waiting any more.
    fn tell(self: Box<Self>, outcome: Outcome<()>);
}

enum Message {
    /// Shares its transaction with others.
    Arrived(Box<dyn Job>),
    /// Has one of its own.
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
        let Self { value, tell, .. } = *self;
        let outcome = outcome.and_then(|()| value.ok_or_else(StoreError::closed));
        drop(tell.send(outcome));
    }
}

/// The way to the writer.
pub(super) struct Writer {
    messages: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the thread, which writes by this connection.
    pub(super) fn start(file: DatabaseFile, connection: Connection) -> std::io::Result<Self> {
        let (messages, waiting) = mpsc::channel(MAX_WAITING);
        let thread = Thread { file, connection: Some(connection), memory: Memory::new() };
        thread::Builder::new().name("writer".into()).spawn(move || thread.run(waiting))?;
        Ok(Self { messages })
    }

    /// Keeps a revision of a response; it is on the disk then.
    pub(super) async fn keep(&self, arrival: Arrival) -> Outcome<Put> {
        self.send(Message::Arrived, move |ledger| ledger.put(&arrival)).await
    }

    /// Keeps a step of a display; it is on the disk then.
    pub(super) async fn show(&self, arrival: DisplayArrival) -> Outcome<()> {
        self.send(Message::Arrived, move |ledger| ledger.show(&arrival)).await
    }

    /// Writes something else in a transaction of its own, which is undone if `work` fails.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.send(Message::Alone, work).await
    }

    async fn send<T: Send + 'static>(
        &self,
        message: fn(Box<dyn Job>) -> Message,
        write: impl FnMut(&mut Ledger<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (tell, told) = oneshot::channel();
        let job = Box::new(Task { write, value: None, tell });
        self.messages.send(message(job)).await.map_err(|_| StoreError::closed())?;
        told.await.map_err(|_| StoreError::closed())?
    }

    /// Finishes what waits and closes the connection.
    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.messages.send(Message::Close(tell)).await.is_ok() {
            // The thread is gone either way.
            let _ = told.await;
        }
    }
}

struct Thread {
    file: DatabaseFile,
    /// `None` after a transaction that failed.
    connection: Option<Connection>,
    memory: Memory,
}

impl Thread {
    fn run(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut closing = None;
        let mut batch = Vec::new();
        // What came behind the arrivals of a batch and does not share their transaction.
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
                    while batch.len() < MAX_BATCH {
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
        drop(self.connection.take());
        if let Some(tell) = closing {
            let _ = tell.send(());
        }
    }

    /// Commits jobs together and tells whoever waits. If one of them cannot be written as it is, each
    /// gets a transaction of its own, so that it fails alone.
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
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.file.open_to_write()?,
        };
        let committed = commit(&connection, &mut self.memory, jobs);
        if committed.is_ok() {
            self.connection = Some(connection);
        } else {
            self.memory = Memory::new();
        }
        committed
    }
}

fn commit(connection: &Connection, memory: &mut Memory, jobs: &mut [Box<dyn Job>]) -> Outcome<()> {
    // Immediate: a transaction that starts as a reader can fail when it turns writer, without waiting
    // its turn.
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

/// Whether a transaction failed for what was to be written, and not for where it was written to.
fn is_of_the_data(error: &StoreError) -> bool {
    match error {
        StoreError::Row { .. } | StoreError::Odd(_) => true,
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
