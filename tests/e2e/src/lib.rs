//! The base of the end-to-end tests: the three browsers, a shop to visit, and the survey as a person uses it.

pub mod browser;
pub mod fixture;
pub mod matrix;
pub mod shop;
pub mod survey;

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long a test waits for anything. Generous, because machines are busy.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Calls a function until it returns a value, and returns that.
///
/// # Errors
/// There is no value within [`PATIENCE`]; the error names what was waited for.
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
