//! The connections of one listener: how many there may be, and for how long each may take.
//!
//! `axum::serve` has no deadlines and no limit on connections: an attacker who opens a few hundred and
//! sends half a request head on each keeps everybody else out. Here each connection is a task
//! ([`ConnectionTask`]) under these rules:
//!
//! - A head has to arrive within [`Deadlines::head`]. A connection is closed if it sends no further request
//!   within [`Deadlines::idle`], or reads nothing of an answer for [`Deadlines::unread`]. (`http::body`
//!   limits the time of a body.)
//! - The number of connections is limited. When all are in use, the ones are closed that have waited
//!   longest for a request, then the ones that have waited longest for the rest of a request. A connection
//!   whose request is being answered is never closed.
//! - While nothing arrives, a connection holds no buffers: ten thousand idle connections cost little.
//! - On a stop, requests that have arrived are answered, and connections without a request are closed.
//!
//! Only HTTP/1 is spoken.

use std::{
    collections::HashMap,
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, Request, Response, header::CONNECTION},
};
use futures_util::task::AtomicWaker;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

use crate::{abuse::network::Peer, metrics::ConnectionFigures};

/// The time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadlines {
    /// From a connection's start, or from the first byte of a later request, to the end of the head.
    pub(super) head: Duration,
    /// From one request to the next. Longer than proxies keep an idle connection (nginx 60 seconds, Caddy
    /// 120): the proxy should close first, or it may send a request just as we close the connection.
    pub(super) idle: Duration,
    /// For how long the receiver of an answer may read nothing of it.
    pub(super) unread: Duration,
    /// A connection on which no byte arrives for this long gives its buffers back.
    pub(super) park: Duration,
    /// On a stop: a connection younger than this is kept although it has sent no request yet. Its sender may
    /// have been accepted a moment ago and be writing just now.
    pub(super) newcomer: Duration,
    /// On a stop: how long requests that have begun may take.
    pub(super) grace: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(150),
            unread: Duration::from_secs(30),
            park: Duration::from_secs(1),
            newcomer: Duration::from_millis(500),
            grace: Duration::from_secs(10),
        }
    }
}

/// How long a new connection waits for evicted ones to close before more are evicted.
const EVICTION_WAIT: Duration = Duration::from_millis(10);
/// How long to wait before the next `accept` if the system has no descriptors or memory left.
const EXHAUSTED_WAIT: Duration = Duration::from_millis(50);
/// Milliseconds between two log lines that say that all connections are in use.
const FULL_LOG_INTERVAL_MS: u64 = 60_000;
/// One in this many connections is evicted at a time: finding the oldest takes a walk over all of them.
const EVICTED_FRACTION: usize = 32;

/// What the listener does with its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    Running,
    /// Requests that have begun are answered; no new ones are read.
    Stopping,
    /// Everything is closed at once.
    Cutting,
}

/// The phase of a connection. Connections in an earlier variant are evicted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Phase {
    /// No request has arrived, or only a part of its head.
    Waiting,
    /// The head has arrived, and not yet all of the body.
    Reading,
    /// A request is being answered.
    Answering,
}

/// The state of a connection that other tasks read.
struct Slot {
    phase: AtomicU8,
    /// When the phase began; while waiting, when the first byte of a head arrived.
    since: AtomicU64,
    /// Whether a byte of a head has arrived while waiting.
    has_begun: AtomicBool,
    /// Whether a request has been answered.
    has_served: AtomicBool,
    /// Since when the receiver has read nothing; [`NEVER`] while it reads.
    unread_since: AtomicU64,
    is_evicted: AtomicBool,
    waker: AtomicWaker,
    clock: Clock,
}

const NEVER: u64 = u64::MAX;

/// Milliseconds since the start.
#[derive(Clone, Copy)]
struct Clock(Instant);

impl Clock {
    fn now(self) -> u64 {
        millis(self.0.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Slot {
    fn new(clock: Clock) -> Self {
        Self {
            phase: AtomicU8::new(Phase::Waiting as u8),
            since: AtomicU64::new(clock.now()),
            has_begun: AtomicBool::new(false),
            has_served: AtomicBool::new(false),
            unread_since: AtomicU64::new(NEVER),
            is_evicted: AtomicBool::new(false),
            waker: AtomicWaker::new(),
            clock,
        }
    }

    fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Waiting,
            1 => Phase::Reading,
            _ => Phase::Answering,
        }
    }

    fn enter(&self, phase: Phase) {
        self.has_begun.store(false, Ordering::Relaxed);
        self.since.store(self.clock.now(), Ordering::Relaxed);
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// Notes that a byte of a head has arrived.
    fn hear(&self) {
        if self.phase() == Phase::Waiting && !self.has_begun.swap(true, Ordering::Relaxed) {
            // The time of the first request runs from the start of the connection.
            if self.has_served.load(Ordering::Relaxed) {
                self.since.store(self.clock.now(), Ordering::Relaxed);
            }
        }
    }

    fn is_unread(&self) -> bool {
        self.unread_since.load(Ordering::Relaxed) != NEVER
    }

    /// The order in which connections are evicted, lowest first; `None` if this one is not evicted.
    fn rank(&self) -> Option<(Phase, u64)> {
        match self.phase() {
            _ if self.is_evicted.load(Ordering::Relaxed) => None,
            Phase::Answering => None,
            phase => Some((phase, self.since.load(Ordering::Relaxed))),
        }
    }
}

/// The connections of one listener.
pub(crate) struct Connections {
    deadlines: Deadlines,
    most: usize,
    room: Arc<Semaphore>,
    slots: Mutex<HashMap<u64, Arc<Slot>>>,
    stage: AtomicU8,
    tasks: TaskTracker,
    clock: Clock,
    pub(super) figures: ConnectionFigures,
    /// When the log last said that all connections are in use.
    said: AtomicU64,
}

impl Connections {
    /// At most `most` connections at a time.
    pub(super) fn new(most: usize, deadlines: Deadlines, figures: ConnectionFigures) -> Self {
        figures.most.set(i64::try_from(most).unwrap_or(i64::MAX));
        Self {
            deadlines,
            most,
            room: Arc::new(Semaphore::new(most)),
            slots: Mutex::default(),
            stage: AtomicU8::new(Stage::Running as u8),
            tasks: TaskTracker::new(),
            clock: Clock(Instant::now()),
            figures,
            said: AtomicU64::new(NEVER),
        }
    }

    /// Accepts connections from `listener` until `stop`, and answers their requests. Connections that are
    /// still in the listener's queue then stay there.
    pub(super) async fn take(
        self: &Arc<Self>,
        listener: &TcpListener,
        router: &Router,
        stop: &CancellationToken,
    ) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let room = tokio::select! {
                        // An accepted connection is served even if there is no room.
                        () = stop.cancelled() => None,
                        room = self.make_room() => room,
                    };
                    self.attend(stream, peer, room, router);
                }
                Err(error) if is_the_senders(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    self.evict();
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = sleep(EXHAUSTED_WAIT) => {}
                    }
                }
            }
        }
    }

    /// Accepts the connections in the listener's queue, before the listener is closed.
    pub(super) async fn take_the_queue(self: &Arc<Self>, listener: &TcpListener, router: &Router) {
        while let Ok(Ok((stream, peer))) = timeout(Duration::ZERO, listener.accept()).await {
            self.attend(stream, peer, None, router);
        }
    }

    /// Lets begun requests finish, and closes everything else.
    pub(super) async fn finish(&self) {
        self.enter(Stage::Stopping);
        self.tasks.close();
        if timeout(self.deadlines.grace, self.tasks.wait()).await.is_err() {
            let left = self.figures.open.get();
            tracing::warn!(
                left,
                "some requests did not finish in {:?} and are cut",
                self.deadlines.grace
            );
            self.enter(Stage::Cutting);
            self.tasks.wait().await;
        }
    }

    fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::SeqCst);
        for slot in self.slots().values() {
            slot.waker.wake();
        }
    }

    fn stage(&self) -> Stage {
        match self.stage.load(Ordering::SeqCst) {
            0 => Stage::Running,
            1 => Stage::Stopping,
            _ => Stage::Cutting,
        }
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<u64, Arc<Slot>>> {
        // The map stays usable if another thread panicked while it held the lock.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit for one more connection; evicts others if all are in use.
    async fn make_room(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(room) = Arc::clone(&self.room).try_acquire_owned() {
            return Some(room);
        }
        self.log_all_taken();
        loop {
            self.evict();
            // The evicted connections may just have got a request, or none could be evicted.
            let room = Arc::clone(&self.room).acquire_owned();
            if let Ok(room) = timeout(EVICTION_WAIT, room).await {
                return room.ok();
            }
        }
    }

    fn log_all_taken(&self) {
        let (now, said) = (self.clock.now(), self.said.load(Ordering::Relaxed));
        if said == NEVER || now.saturating_sub(said) >= FULL_LOG_INTERVAL_MS {
            self.said.store(now, Ordering::Relaxed);
            tracing::warn!(
                connections = self.most,
                "all connections are taken; those that have waited longest for a request are closed \
                 for new ones"
            );
        }
    }

    /// Closes the connections that have waited longest, in the order of [`Slot::rank`].
    fn evict(&self) {
        let slots = self.slots();
        let mut ranked: Vec<_> =
            slots.values().filter_map(|slot| Some((slot.rank()?, slot))).collect();
        let count = (self.most / EVICTED_FRACTION + 1).min(ranked.len());
        if count < ranked.len() {
            ranked.select_nth_unstable_by_key(count, |(rank, _)| *rank);
        }
        for (_, slot) in ranked.into_iter().take(count) {
            slot.is_evicted.store(true, Ordering::SeqCst);
            slot.waker.wake();
        }
    }

    fn attend(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        room: Option<OwnedSemaphorePermit>,
        router: &Router,
    ) {
        // Answers are small: Nagle's algorithm would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let number = self.figures.taken.inc();
        self.figures.open.inc();
        let slot = Arc::new(Slot::new(self.clock));
        self.slots().insert(number, Arc::clone(&slot));
        self.tasks.spawn(ConnectionTask {
            state: State::Parked(stream),
            sleep: Box::pin(sleep(self.deadlines.park)),
            handler: Handler {
                router: router.clone(),
                peer: Peer(peer),
                slot: Arc::clone(&slot),
                connections: Arc::clone(self),
            },
            slot,
            number,
            connections: Arc::clone(self),
            _room: room,
        });
    }
}

/// Whether `accept` failed because the sender gave the connection up.
fn is_the_senders(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// A connection from its start to its end.
struct ConnectionTask {
    state: State,
    /// Resolves when the deadlines have to be checked.
    sleep: Pin<Box<Sleep>>,
    handler: Handler,
    slot: Arc<Slot>,
    number: u64,
    connections: Arc<Connections>,
    _room: Option<OwnedSemaphorePermit>,
}

enum State {
    /// Nothing has arrived, and no buffers are held.
    Parked(TcpStream),
    Open(Box<http1::Connection<TokioIo<Wire>, Handler>>),
    Closed,
}

/// The result of a check of the deadlines.
enum Deadline {
    /// Check again after so many milliseconds.
    In(u64),
    /// A deadline has passed.
    Late,
    /// It was evicted, or the listener stops.
    Over,
}

impl ConnectionTask {
    /// Checks the deadlines, after [`work`](Self::work) has made all the progress it can.
    fn check_deadlines(&self) -> Deadline {
        let (slot, deadlines) = (&self.slot, &self.connections.deadlines);
        let stage = self.connections.stage();
        if stage == Stage::Cutting {
            return Deadline::Over;
        }
        let now = slot.clock.now();
        let since = slot.since.load(Ordering::Relaxed);
        let unread_since = slot.unread_since.load(Ordering::Relaxed);
        if unread_since != NEVER {
            return within(unread_since, deadlines.unread, now);
        }
        let phase = slot.phase();
        if slot.is_evicted.load(Ordering::SeqCst) {
            if phase != Phase::Answering {
                self.connections.figures.evicted.inc();
                return Deadline::Over;
            }
            // It got a request in the meantime, so the eviction no longer holds.
            slot.is_evicted.store(false, Ordering::SeqCst);
        }
        if phase != Phase::Waiting {
            // `http::body` has the deadline of a body; a handler has its own.
            return Deadline::In(NEVER);
        }
        let has_served = slot.has_served.load(Ordering::Relaxed);
        if stage == Stage::Stopping {
            return match within(since, deadlines.newcomer, now) {
                _ if has_served => Deadline::Over,
                Deadline::Late => Deadline::Over,
                look => look,
            };
        }
        let has_begun = slot.has_begun.load(Ordering::Relaxed);
        let patience = if has_begun || !has_served { deadlines.head } else { deadlines.idle };
        within(since, patience, now)
    }

    /// Gives the buffers of an idle connection back.
    fn park(&mut self) -> Poll<()> {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(connection) => {
                let parts = connection.into_parts();
                if !parts.read_buf.is_empty() {
                    // Half a head arrived together with the request before, and nothing since.
                    self.connections.figures.late.inc();
                    return Poll::Ready(());
                }
                self.state = State::Parked(parts.io.into_inner().stream);
            }
            other => self.state = other,
        }
        Poll::Pending
    }

    fn may_park(&self) -> bool {
        let slot = &self.slot;
        matches!(self.state, State::Open(_))
            && slot.phase() == Phase::Waiting
            && !slot.has_begun.load(Ordering::Relaxed)
            && !slot.is_unread()
            && slot.clock.now().saturating_sub(slot.since.load(Ordering::Relaxed))
                >= millis(self.connections.deadlines.park)
    }

    /// Reads, answers and writes as far as possible without waiting.
    fn work(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            match &mut self.state {
                State::Closed => return Poll::Ready(()),
                State::Open(connection) => {
                    return Pin::new(&mut **connection).poll(context).map(drop);
                }
                State::Parked(stream) => {
                    // The next read reports the error.
                    let _ = ready!(stream.poll_read_ready(context));
                    let State::Parked(stream) = std::mem::replace(&mut self.state, State::Closed)
                    else {
                        return Poll::Ready(());
                    };
                    let wire = Wire { stream, slot: Arc::clone(&self.slot) };
                    // hyper gets no timer: `check_deadlines` checks all deadlines.
                    let connection = http1::Builder::new()
                        .header_read_timeout(None)
                        .serve_connection(TokioIo::new(wire), self.handler.clone());
                    self.state = State::Open(Box::new(connection));
                }
            }
        }
    }
}

fn within(since: u64, patience: Duration, now: u64) -> Deadline {
    match since.saturating_add(millis(patience)).checked_sub(now) {
        None | Some(0) => Deadline::Late,
        Some(left) => Deadline::In(left),
    }
}

impl Future for ConnectionTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.slot.waker.register(context.waker());
        loop {
            if this.work(context).is_ready() {
                return Poll::Ready(());
            }
            let left = match this.check_deadlines() {
                Deadline::In(left) => left,
                Deadline::Over => return Poll::Ready(()),
                Deadline::Late => {
                    this.connections.figures.late.inc();
                    return Poll::Ready(());
                }
            };
            // A change of a deadline wakes nobody, so the deadlines are checked at least this often.
            let left = Duration::from_millis(left).min(this.connections.deadlines.park);
            let next = Instant::now() + left;
            if next < this.sleep.deadline() {
                this.sleep.as_mut().reset(next);
            }
            if this.sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            this.sleep.as_mut().reset(next);
            if this.may_park() && this.park().is_ready() {
                return Poll::Ready(());
            }
        }
    }
}

impl Drop for ConnectionTask {
    fn drop(&mut self) {
        self.connections.slots().remove(&self.number);
        self.connections.figures.open.dec();
    }
}

/// Answers the requests of one connection.
#[derive(Clone)]
struct Handler {
    router: Router,
    peer: Peer,
    slot: Arc<Slot>,
    connections: Arc<Connections>,
}

impl hyper::service::Service<Request<Incoming>> for Handler {
    type Response = Response<Leaving>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let slot = Arc::clone(&self.slot);
        slot.enter(if request.body().is_end_stream() { Phase::Answering } else { Phase::Reading });
        let body = Arc::clone(&slot);
        let mut request = request.map(|incoming| Body::new(Arriving { incoming, slot: body }));
        request.extensions_mut().insert(self.peer);
        let answer = self.router.clone().call(request);
        let connections = Arc::clone(&self.connections);
        Box::pin(async move {
            let mut answer = answer.await?.map(|body| Leaving { body, slot });
            if connections.stage() != Stage::Running {
                // Tells the receiver not to send another request on a connection that is about to end.
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(answer)
        })
    }
}

/// The body of a request.
struct Arriving {
    incoming: Incoming,
    slot: Arc<Slot>,
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.incoming).poll_frame(context));
        if self.incoming.is_end_stream() || !matches!(frame, Some(Ok(_))) {
            self.slot.enter(Phase::Answering);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// The body of an answer. It is dropped when all of it was handed to the socket; the connection then waits
/// for the next request.
struct Leaving {
    body: Body,
    slot: Arc<Slot>,
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.slot.has_served.store(true, Ordering::Relaxed);
        self.slot.enter(Phase::Waiting);
    }
}

/// A socket that reports reads and writes to its slot.
struct Wire {
    stream: TcpStream,
    slot: Arc<Slot>,
}

impl Wire {
    fn note_progress<T>(&self, written: Poll<T>) -> Poll<T> {
        let unread_since = &self.slot.unread_since;
        if written.is_ready() {
            unread_since.store(NEVER, Ordering::Relaxed);
        } else if !self.slot.is_unread() {
            unread_since.store(self.slot.clock.now(), Ordering::Relaxed);
        }
        written
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.slot.hear();
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note_progress(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.note_progress(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{
        body::to_bytes,
        routing::{get, post},
    };
    use futures_util::stream;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::Notify,
        task::JoinHandle,
    };

    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    const HALF: &[u8] = b"POST /v1/responses HTTP/1.1\r\nHost: te";

    /// A listener in this process. Time is paused: it passes only when nothing else happens.
    struct Served {
        connections: Arc<Connections>,
        address: SocketAddr,
        stop: CancellationToken,
        /// Lets `/later` answer.
        later: Arc<Notify>,
        task: JoinHandle<()>,
    }

    impl Served {
        async fn start(most: usize) -> Self {
            let later = Arc::new(Notify::new());
            let told = Arc::clone(&later);
            let endless = || async {
                Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 1 << 16])))
            };
            let router = Router::new()
                .route("/", get(async || "here"))
                .route("/endless", get(endless))
                .route("/later", get(async move || told.notified().await))
                .route(
                    "/",
                    post(async |body: Body| {
                        to_bytes(body, 100).await.map_or_else(|_| "cut", |_| "read")
                    }),
                );
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let connections = Arc::new(Connections::new(
                most,
                Deadlines::default(),
                ConnectionFigures::default(),
            ));
            let stop = CancellationToken::new();
            let (served, stopped) = (Arc::clone(&connections), stop.clone());
            let task = tokio::spawn(async move {
                served.take(&listener, &router, &stopped).await;
                served.take_the_queue(&listener, &router).await;
                served.finish().await;
            });
            Self { connections, address, stop, later, task }
        }

        async fn connect(&self, bytes: &[u8]) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            stream.write_all(bytes).await.unwrap();
            stream
        }

        /// How long a stop takes.
        async fn stop(self) -> Duration {
            let begun = Instant::now();
            self.stop.cancel();
            self.task.await.unwrap();
            assert_eq!(self.connections.figures.open.get(), 0);
            begun.elapsed()
        }
    }

    /// Everything that arrives until the connection ends, and how long that takes.
    async fn rest(mut stream: TcpStream) -> (String, Duration) {
        let begun = Instant::now();
        let mut read = Vec::new();
        // Closed with something unread in it, the connection is reset.
        let _ = stream.read_to_end(&mut read).await;
        (String::from_utf8(read).unwrap(), begun.elapsed())
    }

    /// Reads one answer to [`GET`].
    async fn answer(stream: &mut TcpStream) -> String {
        let mut read = Vec::new();
        while !read.ends_with(b"here") {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "closed without an answer");
        }
        String::from_utf8(read).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_or_incomplete_head_has_ten_seconds() {
        let served = Served::start(10).await;
        for bytes in [HALF, b""] {
            let (read, took) = rest(served.connect(bytes).await).await;
            assert_eq!((read.as_str(), took.as_secs()), ("", 10));
        }
        // A byte now and then does not help.
        let mut stream = served.connect(b"G").await;
        let begun = Instant::now();
        while stream.write_all(b"E").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
        assert!(begun.elapsed().as_secs() <= 12, "{:?}", begun.elapsed());
        assert_eq!(served.connections.figures.late.get(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn between_requests_a_connection_stays_longer_than_proxies_keep_it() {
        let served = Served::start(10).await;
        let mut stream = served.connect(GET).await;
        answer(&mut stream).await;
        // Parked, it answers as before.
        sleep(Duration::from_secs(149)).await;
        stream.write_all(GET).await.unwrap();
        answer(&mut stream).await;
        // The next head has ten seconds from its first byte.
        sleep(Duration::from_secs(100)).await;
        stream.write_all(HALF).await.unwrap();
        let (read, took) = rest(stream).await;
        assert_eq!((read.as_str(), took.as_secs()), ("", 10));

        let mut stream = served.connect(GET).await;
        answer(&mut stream).await;
        let (_, took) = rest(stream).await;
        assert_eq!(took.as_secs(), 150);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_that_nobody_reads_is_aborted() {
        let served = Served::start(10).await;
        let stream = served.connect(b"GET /endless HTTP/1.1\r\nHost: test\r\n\r\n").await;
        let begun = Instant::now();
        while served.connections.figures.late.get() == 0 {
            sleep(Duration::from_secs(1)).await;
        }
        assert!((29..=32).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
        drop(stream);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_waiting_connection_makes_room_but_none_that_is_answered() {
        let served = Served::start(8).await;
        let later = served.connect(b"GET /later HTTP/1.1\r\nHost: test\r\n\r\n").await;
        let slow = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nx";
        let slow = served.connect(slow).await;
        sleep(Duration::from_millis(1)).await;
        let mut half = Vec::new();
        for _ in 0..20 {
            half.push(served.connect(HALF).await);
            sleep(Duration::from_millis(1)).await;
        }
        let mut honest = served.connect(GET).await;
        let begun = Instant::now();
        answer(&mut honest).await;
        assert!(begun.elapsed() < Duration::from_millis(50), "{:?}", begun.elapsed());
        let figures = &served.connections.figures;
        assert!(figures.open.get() <= 8 && figures.evicted.get() >= 15, "{figures:?}");
        assert_eq!(figures.late.get(), 0);

        // Half heads are closed before half bodies, and answers never.
        let mut begun = Vec::new();
        for _ in 0..12 {
            begun.push(served.connect(b"GET /later HTTP/1.1\r\nHost: test\r\n\r\n").await);
            sleep(Duration::from_millis(1)).await;
        }
        let (read, _) = rest(slow).await;
        assert_eq!(read, "", "all else was being answered");
        served.later.notify_one();
        let mut later = later;
        let mut read = [0; 12];
        later.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"HTTP/1.1 200");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_answers_what_has_arrived_and_waits_for_nothing_else() {
        let served = Served::start(20).await;
        let mut kept = served.connect(GET).await;
        answer(&mut kept).await;
        let (old, half) = (served.connect(b"").await, served.connect(HALF).await);
        sleep(Duration::from_secs(6)).await;
        let later = served.connect(b"GET /later HTTP/1.1\r\nHost: test\r\n\r\n").await;
        sleep(Duration::from_millis(1)).await;
        // In the listener's queue, and not written yet.
        let mut new = served.connect(b"").await;
        let notify = Arc::clone(&served.later);
        let stopping = tokio::spawn(served.stop());
        sleep(Duration::from_millis(1)).await;
        new.write_all(GET).await.unwrap();
        assert!(answer(&mut new).await.contains("connection: close"));
        for stream in [kept, old, half] {
            let (read, took) = rest(stream).await;
            assert_eq!((read.as_str(), took), ("", Duration::ZERO));
        }
        sleep(Duration::from_secs(8)).await;
        notify.notify_one();
        assert!(rest(later).await.0.starts_with("HTTP/1.1 200"));
        assert_eq!(stopping.await.unwrap().as_secs(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_takes_ten_seconds_at_most() {
        let served = Served::start(20).await;
        let _later = served.connect(b"GET /later HTTP/1.1\r\nHost: test\r\n\r\n").await;
        let _half = served.connect(HALF).await;
        sleep(Duration::from_millis(1)).await;
        assert_eq!(served.stop().await.as_secs(), 10);

        let served = Served::start(20).await;
        let _half = served.connect(HALF).await;
        assert_eq!(served.stop().await.as_millis(), 500, "of a newcomer");
    }
}
