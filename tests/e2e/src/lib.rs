//! What the end-to-end tests stand on: the three browsers, a shop to visit, and the survey as a
//! person meets it.

pub mod browser;
pub mod fixture;
pub mod matrix;
pub mod shop;
pub mod survey;

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take before the test fails. Generous: machines are busy.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until the answer is there, and gives it.
///
/// # Errors
/// It is not there within [`PATIENCE`]; the error says what was waited for.
pub async fn until<T, F: Future<Output = Result<Option<T>>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if start.elapsed() > PATIENCE {
            bail!("waited in vain: {what}");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
