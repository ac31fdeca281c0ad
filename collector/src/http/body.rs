//! Limits how long the body of any request may take: [`PATIENCE`], and more for each byte that has
//! arrived. A large file may arrive over a slow line, but a client that sends a byte now and then cannot
//! hold a connection.

use std::{
    error::Error as StdError,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a small body may take: long enough for a phone in a tunnel.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes a second at which a larger body must arrive, on average: the speed of a poor mobile line.
const MIN_BYTES_A_SECOND: u64 = 16 << 10;

/// Gives the body of a request its deadline. A body that misses it ends in an error for which
/// [`is_late`] holds.
pub(crate) async fn limited(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| {
        Body::new(DeadlineBody { body, begun: Instant::now(), arrived: 0, sleep: None })
    })
}

/// Whether reading a body failed because it took too long.
pub(crate) fn is_late(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == io::ErrorKind::TimedOut)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

struct DeadlineBody {
    body: Body,
    begun: Instant,
    arrived: u64,
    /// Made when the body first has to wait.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl DeadlineBody {
    fn deadline(&self) -> Instant {
        self.begun
            + PATIENCE
            + Duration::from_millis(self.arrived.saturating_mul(1_000) / MIN_BYTES_A_SECOND)
    }
}

impl HttpBody for DeadlineBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame
                && let Some(piece) = frame.data_ref()
            {
                self.arrived = self.arrived.saturating_add(piece.len() as u64);
            }
            return Poll::Ready(frame);
        }
        let deadline = self.deadline();
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        sleep.as_mut().poll(context).map(|()| {
            let late = io::Error::new(io::ErrorKind::TimedOut, "the body took too long");
            Some(Err(axum::Error::new(late)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::body::to_bytes;
    use futures_util::{StreamExt as _, stream};
    use tokio::time::sleep;

    use super::*;

    /// Sends `pieces` of `size` bytes, `pause` seconds apart; returns the result, and after what time it came.
    async fn send(pieces: usize, size: usize, pause: u64) -> (Result<usize, bool>, Duration) {
        let piece = Bytes::from(vec![b'x'; size]);
        let body = stream::repeat(piece).take(pieces).then(move |piece| async move {
            sleep(Duration::from_secs(pause)).await;
            Ok::<_, io::Error>(piece)
        });
        let begun = Instant::now();
        let request = limited(Request::new(Body::from_stream(body))).await;
        let read = to_bytes(request.into_body(), usize::MAX).await;
        (read.map(|read| read.len()).map_err(|error| is_late(&error)), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_has_a_deadline_and_a_large_one_a_later_one() {
        let (read, _) = send(14, 1, 1).await;
        assert_eq!(read, Ok(14));
        let (read, took) = send(1_000, 1, 1).await;
        assert_eq!((read, took.as_secs()), (Err(true), 15));
        let (read, _) = send(1_000, 20_000, 1).await;
        assert_eq!(read, Ok(20_000_000), "a slow line");
        let (read, took) = send(1, 1, 3_600).await;
        assert_eq!((read, took.as_secs()), (Err(true), 15), "nothing at all");
    }
}
