//! The commands about data: what can be said, and how it is explained.

use clap::Args;

/// Which database.
#[derive(Args)]
pub(crate) struct Database {
    /// The database, as an address.
    ///
    /// sqlite://FILE is a file in this folder, sqlite:///FOLDER/FILE one elsewhere.
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        default_value = "sqlite://afterword.db",
        hide_env_values = true
    )]
    pub(crate) database: String,
}

/// How to seed.
#[derive(Args)]
pub(crate) struct Seed {
    #[command(flatten)]
    pub(crate) database: Database,

    /// How many answers.
    #[arg(long, value_name = "NUMBER", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) answers: u32,

    /// Which of many possible years. The same number makes the same answers.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,

    /// When the year ends, as in 2026-11-24T18:00:00Z; now if not said.
    #[arg(long, value_name = "TIME")]
    pub(crate) end: Option<jiff::Timestamp>,

    /// Add to the answers that are there, which is otherwise refused: they may be real.
    #[arg(long, conflicts_with = "if_empty")]
    pub(crate) add: bool,

    /// Do nothing, successfully, where there are answers already.
    #[arg(long)]
    pub(crate) if_empty: bool,
}
