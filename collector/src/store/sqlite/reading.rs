//! The connections that read. They never wait for the writer, nor the writer for them.
//!
//! A statement is interrupted when its time is over, or when nobody waits for it any more: a filter that
//! finds nothing in millions of answers must not block a connection.

use std::{
    os::raw::c_int,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::file::{DatabaseFile, Identity};
use crate::store::StoreError;

/// Reading connections. More of them than cores would gain nothing.
const MAX_READERS: usize = 4;
/// Of these, the ones that may run long reads at a time; the others stay free for short ones, such as a
/// login.
const MAX_LONG_READERS: usize = 2;
/// Steps of SQLite's virtual machine between two checks whether to interrupt a statement: some tenth of a
/// millisecond.
const STEPS_PER_CHECK: c_int = 4_000;

/// The connections that read, opened as they are needed.
pub(super) struct Readers {
    file: DatabaseFile,
    /// Idle connections, each with the identity of the file that it opened.
    idle: Arc<Mutex<Vec<(Connection, Identity)>>>,
    permits: Arc<Semaphore>,
    long: Arc<Semaphore>,
    /// How long a read may take; `None` for no limit.
    read_for: Option<Duration>,
}

/// Interrupts its read when it is dropped, since nobody waits for it then.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Readers {
    pub(super) fn new(file: DatabaseFile, read_for: Option<Duration>) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        let (permits, long) = (semaphore(MAX_READERS), semaphore(MAX_LONG_READERS));
        Self { file, idle: Arc::default(), permits, long, read_for }
    }

    /// Runs `work` on a connection, away from the threads that answer requests.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = self.turn(&self.permits).await?;
        self.run(permit, work).await
    }

    /// Runs `work` that may take long, as one of [`MAX_LONG_READERS`].
    pub(super) async fn read_long<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let long = self.turn(&self.long).await?;
        let permit = self.turn(&self.permits).await?;
        self.run((long, permit), work).await
    }

    async fn turn(&self, permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, StoreError> {
        tokio::time::timeout(self.file.busy_timeout, Arc::clone(permits).acquire_owned())
            .await
            .map_err(|_| StoreError::slow())?
            .map_err(|_| StoreError::closed())
    }

    async fn run<T: Send + 'static>(
        &self,
        permit: impl Send + 'static,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (file, idle) = (self.file.clone(), Arc::clone(&self.idle));
        let is_over = Arc::new(AtomicBool::new(false));
        let _waiting = Waiting(Arc::clone(&is_over));
        let until = self.read_for.and_then(|it| Instant::now().checked_add(it));
        let task = tokio::task::spawn_blocking(move || {
            let now = file.identity().map_err(|error| StoreError::Engine(error.into()))?;
            let idling = lock(&idle).pop().filter(|(_, opened)| opened.became(now));
            let connection = match idling {
                Some((connection, _)) => connection,
                None => file.open_to_read()?,
            };
            connection.progress_handler(
                STEPS_PER_CHECK,
                Some(move || {
                    is_over.load(Ordering::Relaxed)
                        || until.is_some_and(|until| Instant::now() >= until)
                }),
            )?;
            let value = work(&connection);
            connection.progress_handler(0, None::<fn() -> bool>)?;
            // A connection whose work failed may be in any state, and is closed.
            if value.is_ok() {
                lock(&idle).push((connection, now));
            }
            drop(permit);
            value
        });
        task.await.map_err(|error| StoreError::Engine(error.into()))?
    }

    /// Waits for running reads, and closes every connection.
    pub(super) async fn close(&self) {
        let all = u32::try_from(MAX_READERS).unwrap_or(u32::MAX);
        if let Ok(permits) = self.permits.acquire_many(all).await {
            self.permits.close();
            drop(permits);
        }
        lock(&self.idle).clear();
    }
}

fn lock<T>(idle: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // The list stays usable if another thread panicked while it held the lock.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{
        body::Body,
        http::{Request, StatusCode},
    };
    use tempfile::TempDir;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Collector, Config, store::sqlite::file::create_private};

    /// Counts for ever.
    fn endless(connection: &Connection) -> Result<i64, StoreError> {
        let counted = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                       SELECT count(*) FROM n";
        Ok(connection.query_row(counted, [], |row| row.get(0))?)
    }

    fn readers(read_for: Option<Duration>) -> (Readers, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        create_private(&path).unwrap();
        (
            Readers::new(DatabaseFile { path, busy_timeout: Duration::from_secs(30) }, read_for),
            folder,
        )
    }

    #[tokio::test]
    async fn a_statement_ends_when_its_time_is_over() {
        let (readers, _folder) = readers(Some(Duration::from_millis(50)));
        let error = readers.read(endless).await.unwrap_err();
        assert_eq!(error.again().is_passing(), error.is_passing());
        assert!(error.is_passing() && format!("{error:?}").contains("in time"), "{error:?}");
        assert!(readers.read(|_| Ok(1)).await.is_ok(), "the next one is not affected");
    }

    #[tokio::test]
    async fn a_statement_ends_when_nobody_waits_for_it_any_more() {
        let (readers, _folder) = readers(None);
        for _ in 0..2 * MAX_READERS {
            let left = tokio::time::timeout(Duration::from_millis(5), readers.read(endless)).await;
            assert!(left.is_err());
        }
        // All of them have released their permits; otherwise this would wait until it fails.
        let all = u32::try_from(MAX_READERS).unwrap();
        let turns = tokio::time::timeout(
            Duration::from_secs(30),
            Arc::clone(&readers.permits).acquire_many_owned(all),
        );
        drop(turns.await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn however_many_read_at_length_answers_and_people_get_through() {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("a.db").display());
        let config = Config::new(database)
            .token("a token of the test")
            .busy_timeout(Duration::from_secs(600));
        let collector = Collector::open(&config).await.unwrap();
        let store = Arc::clone(&collector.shared.store);
        let busy: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.read_long(endless).await })
            })
            .collect();
        while store.readers.long.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let answer = serde_json::json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-0000000000a1", "revision": 1,
            "survey": "s", "touchpoint": "order", "score": 9
        });
        let post = Request::post("/v1/responses")
            .header("content-type", "application/json")
            .header("origin", "https://shop.example")
            .body(Body::from(answer.to_string()))
            .unwrap();
        let answered = collector.router().oneshot(post).await.unwrap();
        assert_eq!(answered.status(), StatusCode::OK);
        let login = Request::get("/login").body(Body::empty()).unwrap();
        let page = collector.router().oneshot(login).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);

        // A free reader is not used for a long read either.
        let short: Vec<_> = (0..MAX_READERS)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.read(endless).await })
            })
            .collect();
        while store.readers.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let json = answer.to_string().replace("a1", "a2");
        let form = "id=0192f0c1-7a2b-7c3d-8e4f-0000000000a3&survey=s&touchpoint=order&score=9";
        for (kind, mode, body, status) in [
            ("application/json", "cors", json.as_str(), StatusCode::OK),
            ("application/x-www-form-urlencoded", "navigate", form, StatusCode::SEE_OTHER),
        ] {
            let post = Request::post("/v1/responses")
                .header("content-type", kind)
                .header("accept", "text/html")
                .header("origin", "https://shop.example")
                .header("sec-fetch-mode", mode)
                .body(Body::from(body.to_owned()))
                .unwrap();
            let answered = collector.router().oneshot(post).await.unwrap();
            assert_eq!(answered.status(), status, "{kind}");
        }
        for reading in busy.into_iter().chain(short) {
            reading.abort();
        }
        collector.close().await;
    }

    #[tokio::test]
    async fn who_may_answer_is_known_from_the_last_commit_also_another_programs() {
        use crate::survey::{AllowedOrigin, Settings};

        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("a.db").display());
        let open = || super::super::Store::open(&database, Duration::from_secs(5));
        let (store, other) = (open().await.unwrap(), open().await.unwrap());
        let listing = |origin: &str| Settings {
            origins: Some(vec![AllowedOrigin::read(origin).unwrap()]),
            ..Settings::default()
        };
        let now = jiff::Timestamp::now();
        assert!(store.add_survey("s", &listing("https://a.example"), now).await.unwrap());
        assert_eq!(store.allowed_origins("s")[0].as_str(), "https://a.example");
        store.set_survey("s", &listing("https://b.example")).await.unwrap();
        assert_eq!(store.allowed_origins("s")[0].as_str(), "https://b.example");
        let more = AllowedOrigin::read("https://c.example").unwrap();
        store.allow_origin("s", &more).await.unwrap();
        assert_eq!(store.allowed_origins("s").len(), 2);
        assert_eq!(store.allowed_origins("t").len(), 0);

        other.set_survey("s", &listing("https://d.example")).await.unwrap();
        // The next write of any kind reloads it.
        store.note_refusal("s", "https://e.example", now).await.unwrap();
        assert_eq!(store.allowed_origins("s")[0].as_str(), "https://d.example");
        assert_eq!(store.allowed_origins("s").len(), 1);
        store.close().await;
        other.close().await;
    }
}
