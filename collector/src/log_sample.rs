//! Decides which requests have a line in the log. Of accepted answers only one in so many has a line, because
//! those of a busy shop would fill a disk. Every refusal has a line, up to the rate [`MAX_REFUSALS`]; the next
//! line tells how many were skipped.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Refusals with a line: so many at once, then one in each interval.
const MAX_REFUSALS: (u32, Duration) = (200, Duration::from_millis(100));

/// Decides which requests have a line.
pub(crate) struct LogSample {
    /// One of so many accepted answers and displays has a line.
    one_in: u32,
    taken: AtomicU64,
    refusals: DefaultDirectRateLimiter,
    left_out: AtomicU64,
}

impl LogSample {
    pub(crate) fn new(one_in: NonZeroU32) -> Self {
        let (burst, period) = MAX_REFUSALS;
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period).unwrap_or_else(|| Quota::per_second(burst));
        Self {
            one_in: one_in.get(),
            taken: AtomicU64::new(0),
            refusals: RateLimiter::direct(quota.allow_burst(burst)),
            left_out: AtomicU64::new(0),
        }
    }

    /// One of so many accepted answers and displays has a line.
    pub(crate) const fn one_in(&self) -> u32 {
        self.one_in
    }

    /// Whether this accepted answer or display has a line.
    pub(crate) fn is_shown(&self) -> bool {
        self.taken.fetch_add(1, Relaxed).is_multiple_of(u64::from(self.one_in))
    }

    /// The number of refusals without a line since the last one with a line; `None` if this one has none.
    pub(crate) fn refusal(&self) -> Option<u64> {
        if self.refusals.check().is_ok() {
            return Some(self.left_out.swap(0, Relaxed));
        }
        self.left_out.fetch_add(1, Relaxed);
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_in_so_many_accepted_answers_has_a_line() {
        let sample = LogSample::new(NonZeroU32::new(100).unwrap());
        assert_eq!((0..1_000).filter(|_| sample.is_shown()).count(), 10);
        let all = LogSample::new(NonZeroU32::MIN);
        assert!((0..10).all(|_| all.is_shown()));
    }

    #[test]
    fn a_flood_of_refusals_has_few_lines_and_none_is_forgotten() {
        let sample = LogSample::new(NonZeroU32::MIN);
        let (mut lines, mut left_out) = (0, 0);
        for _ in 0..5_000 {
            if let Some(before) = sample.refusal() {
                lines += 1;
                left_out += before;
            }
        }
        assert!((200..400).contains(&lines), "{lines}");
        assert_eq!(lines + left_out + sample.left_out.load(Relaxed), 5_000);
    }
}
