//! A realistic year of a demo shop, for trying the report out and for measuring it.
//!
//! [`Plan`] is the choice of a year, [`run`] fills a database with it. The same seed, number and end give
//! exactly the same answers.

mod again;
mod answer;
mod displays;
mod english;
mod german;
mod happened;
mod journey;
mod quoted;
mod shop;
mod words;
mod year;

use jiff::Timestamp;

use crate::{
    Config,
    store::{OpenError, Store, StoreError, ZoneError, load::SeedRow},
};

/// The answers to fill a database with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The number of answers.
    pub answers: usize,
    /// The seed of the random numbers.
    pub seed: u64,
    /// The end of the year; the newest answers are from just before.
    pub end: Timestamp,
    /// What to do if there are answers already.
    pub existing: ExistingAnswers,
}

impl Plan {
    /// 50,000 answers of the year that ends now.
    #[must_use]
    pub fn new() -> Self {
        Self { answers: 50_000, seed: 1, end: Timestamp::now(), existing: ExistingAnswers::Refuse }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}

/// What to do if a database holds answers already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExistingAnswers {
    /// Change nothing and fail: they may be real.
    Refuse,
    /// Change nothing and succeed.
    Leave,
    /// Add to them.
    Add,
}

/// Why the database was not filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// There are answers already, which may be real.
    #[error(
        "the database holds {0} answers already, and made-up ones would mix with them; \
         name another file with --database, or say --add if that is what you want"
    )]
    Occupied(u64),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database could not be written.
    #[error("the answers could not be stored")]
    Store(#[from] StoreError),
}

/// Fills a database, a few thousand answers in a transaction. Returns the number of added answers.
/// `progress` is called with the number stored so far.
///
/// # Errors
/// The database holds answers already and `existing` forbids more, or it cannot be opened or written.
pub async fn run(
    config: &Config,
    plan: &Plan,
    mut progress: impl FnMut(u64),
) -> Result<u64, SeedError> {
    let store = Store::open(&config.database, config.busy_timeout).await?;
    let held = store.count().await?;
    let filled = match plan.existing {
        ExistingAnswers::Refuse if held > 0 => Err(SeedError::Occupied(held)),
        ExistingAnswers::Leave if held > 0 => Ok(0),
        _ => fill(&store, plan, &mut progress).await.map_err(SeedError::from),
    };
    store.close().await;
    filled
}

async fn fill(
    store: &Store,
    plan: &Plan,
    progress: &mut impl FnMut(u64),
) -> Result<u64, StoreError> {
    // Uses the demo shop's time zone, unless there are answers that are counted by another.
    if store.count().await? == 0 {
        match store.set_time_zone("Europe/Berlin").await {
            Ok(()) | Err(ZoneError::Unknown(_)) => {}
            Err(ZoneError::Store(error)) => return Err(error),
        }
    }
    store.load(rows(plan), progress).await
}

/// The rows of the year, which are made as they are read: each part's answers, and then what follows them.
fn rows(plan: &Plan) -> impl Iterator<Item = SeedRow> + Send + 'static {
    let (end, mut rng) = (plan.end, fastrand::Rng::with_seed(plan.seed));
    let mut parts = year::Parts::new(shop::Year::ending(end), plan.answers);
    std::iter::from_fn(move || {
        let year::Part { mut answers, is_latest } = parts.next(&mut rng)?;
        let displays = displays::displays(&answers, &mut rng);
        let again = again::second_ratings(&answers, end, &mut rng);
        let quoted = if is_latest { quoted::quoted(&mut answers) } else { Vec::new() };
        let displays = displays.into_iter().map(|it| SeedRow::Display(Box::new(it)));
        let answers = answers.into_iter().map(|it| SeedRow::Answer(Box::new(it)));
        let again = again.into_iter().map(|it| SeedRow::Rating(Box::new(it)));
        let quoted = quoted.into_iter().map(move |id| SeedRow::Quote { id, chosen_at: end });
        Some(answers.chain(displays).chain(again).chain(quoted))
    })
    .flatten()
}
