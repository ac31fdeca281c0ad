//! The commands about data: what can be said, and how it is explained.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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

/// How to export.
#[derive(Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The file to write; standard output if not said.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// What to write.
    #[arg(long, value_enum, default_value_t = FileFormat::Csv)]
    pub(crate) format: FileFormat,

    /// Only of this survey.
    #[arg(long, value_name = "ID")]
    pub(crate) survey: Option<String>,

    /// Only at this touchpoint.
    #[arg(long, value_name = "NAME")]
    pub(crate) touchpoint: Option<String>,

    /// Only of this segment: detractor, passive or promoter.
    #[arg(long, value_name = "NAME")]
    pub(crate) segment: Option<String>,

    /// Only since this day or moment.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,

    /// Only up to this day, which is included, or moment.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,

    /// Only with these words in the comment.
    #[arg(long, short, value_name = "WORDS")]
    pub(crate) q: Option<String>,
}

/// What a file of answers is written as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// For spreadsheets in English: commas between columns.
    Csv,
    /// For spreadsheets in German: semicolons between columns, a comma in amounts.
    CsvSemicolon,
    /// For programs: one JSON object a line.
    Jsonl,
}

/// What to erase.
#[derive(Args)]
#[group(id = "subject", required = true, multiple = false, args = ["id", "order", "customer"])]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) database: Database,

    /// One response, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// Every response of an order.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) order: Option<String>,

    /// Every response of a customer.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) customer: Option<String>,
}
