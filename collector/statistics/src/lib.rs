//! Statistics of counts of answers: pure arithmetic, in its own crate so that its error rates can be
//! enumerated in seconds (`cargo xtask verdicts`, docs/internals/STATISTICS.md).
//!
//! A score is 100 × (promoters − detractors) / answers, from −100 to 100. Each answer counts as 1, 0
//! or −1, so that the score is 100 times a mean, and its uncertainty that of a mean.
//!
//! | module | question | method |
//! |---|---|---|
//! | [`score`] | where does the score lie? | adjusted Wald interval |
//! | [`difference`] | did it change, and what could have been seen? | Welch's test on adjusted scores |
//! | [`pairs`] | do the same orders answer otherwise later? | Student's test on adjusted differences |
//! | [`several`] | which of many differences stand out? | Holm |
//! | [`impact`] | what do some of the answers do to the score? | delta method on Welch's difference |
//! | [`rise`] | which of many shares have risen? | pooled test of proportions, Holm |
//! | [`slope`] | does it slide? | Mantel's test for trend |
//! | [`mix`] | did only the mix of answers change? | direct standardisation |
//! | [`fall`] | has the last week's score fallen? | the difference, against a limit of its own |
//! | [`waiting`] | how long do customers wait for an answer? | Kaplan and Meier; interval of Brookmeyer and Crowley |

pub mod difference;
pub mod fall;
pub mod growth;
pub mod impact;
pub mod mix;
pub mod pairs;
pub mod rise;
pub mod score;
pub mod several;
pub mod slope;
mod student;
pub mod waiting;

pub use crate::{
    difference::{Difference, Power, Verdict},
    fall::has_fallen,
    growth::{grown, log_likelihood},
    impact::Impact,
    mix::Mix,
    pairs::Pairs,
    rise::{Part, risen},
    score::{Distribution, Interval, Segments, share_interval},
    several::{marked, marked_groups, marked_steps},
    slope::{Slope, Stratum},
    waiting::{HalfWithin, WaitingHour, Waits},
};

/// Answers, at least, for a verdict; with fewer only the figures are shown.
pub const MIN_ANSWERS_FOR_VERDICT: u64 = 30;
/// Standard errors to either side of a 95 % interval.
pub const Z: f64 = 1.96;
/// The probability that chance alone lies beyond [`Z`]: 1 of 20 cases, with the digits that make both rules
/// agree exactly.
pub(crate) const FALSE_ALARMS: f64 = 0.049_995_790_296;

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, and no shop has more customers")]
pub(crate) fn count(number: u64) -> f64 {
    number as f64
}

/// Segments for tests, with their sizes in this order.
#[cfg(test)]
pub(crate) fn segments(promoters: u64, passives: u64, detractors: u64) -> Segments {
    Segments { promoters, passives, detractors }
}
