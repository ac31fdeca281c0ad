//! The commands about data: their arguments, with the texts of `--help`.

use std::path::PathBuf;

use afterword_collector::exchange::run::{Dates, Target};
use afterword_response::{Touchpoint, limits};
use clap::{Args, ValueEnum};

use super::{Secrets, SenderOptions};

/// The arguments that choose the database.
#[derive(Args)]
pub(crate) struct Database {
    /// The database's address [default: sqlite://afterword.db]
    ///
    /// sqlite://FILE is a file in the current folder, sqlite:///FOLDER/FILE a file elsewhere.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// The settings file that the collector runs with, if it names the database.
    ///
    /// Without both options, and without a file afterword.db in the current folder, the command reads the
    /// package's settings, /etc/afterword/afterword.toml.
    #[arg(long, env = "AFTERWORD_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The arguments of `seed`.
#[derive(Args)]
pub(crate) struct Seed {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The number of answers.
    #[arg(long, value_name = "NUMBER", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) answers: u32,

    /// The number from which the year is invented. The same number makes the same answers.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,

    /// The end of the year, as in 2026-11-24T18:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) end: Option<jiff::Timestamp>,

    /// Add to the existing answers. Without this option that is refused, because they may be real.
    #[arg(long, conflicts_with = "if_empty")]
    pub(crate) add: bool,

    /// Succeed without a change if the database already holds answers.
    #[arg(long)]
    pub(crate) if_empty: bool,
}

/// The arguments of `export`.
#[derive(Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The format.
    #[arg(long, value_enum, default_value_t = FileFormat::Csv)]
    pub(crate) format: FileFormat,

    /// Only answers to this survey.
    #[arg(long, value_name = "ID")]
    pub(crate) survey: Option<String>,

    /// Only answers at this touchpoint.
    #[arg(long, value_name = "NAME")]
    pub(crate) touchpoint: Option<String>,

    /// Only answers of this segment: detractor, passive or promoter.
    #[arg(long, value_name = "NAME")]
    pub(crate) segment: Option<String>,

    /// Only answers since this day or time.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,

    /// Only answers up to the end of this day, or up to this time.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,

    /// Only answers with these words in the comment.
    #[arg(long, short, value_name = "WORDS")]
    pub(crate) q: Option<String>,
}

/// The format of a file of answers.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// For spreadsheets in English: commas between columns.
    Csv,
    /// For spreadsheets in German: semicolons between columns, a comma in amounts.
    CsvSemicolon,
    /// For programs: one JSON object a line.
    Jsonl,
}

/// The arguments of `erase`.
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

/// The arguments of `backup`.
#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The file to write.
    pub(crate) file: PathBuf,

    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The arguments of `restore`.
#[derive(Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The backup.
    pub(crate) file: PathBuf,

    /// Replace the existing database, and keep it under another name.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The arguments of `doctor`.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The address at which the collector should answer.
    #[arg(long, value_name = "ORIGIN", default_value = "http://127.0.0.1:8080")]
    pub(crate) url: String,

    /// The folder of the widget's files, if they are not the built-in ones.
    #[arg(long, env = "AFTERWORD_ASSETS", value_name = "FOLDER")]
    pub(crate) assets: Option<PathBuf>,

    /// The collector's public address, as for `serve`.
    // Not parsed here: `doctor` reports a wrong address together with its other findings.
    #[arg(long, env = "AFTERWORD_PUBLIC_URL", value_name = "ORIGIN")]
    pub(crate) public_url: Option<String>,

    #[command(flatten)]
    pub(crate) sender_options: SenderOptions,

    #[command(flatten)]
    pub(crate) secrets: Secrets,

    /// Rebuild the counts that do not agree with the answers.
    #[arg(long)]
    pub(crate) repair: bool,
}

/// The arguments of `import`.
#[derive(Args)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The file: CSV or .xlsx with the names of its columns above the answers, or this program's JSON
    /// Lines.
    pub(crate) file: PathBuf,

    /// Only print what the import would do.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// The meaning of a column, as in score=Rating; can be given several times.
    ///
    /// The meaning of all other columns is guessed, and printed. It is one of: ignore, score, stars, time,
    /// comment, id, order, order-value, order-currency, order-country, products, customer, customer-kind,
    /// contact, reasons, tags, touchpoint, survey, locale, page, property, excluded, survey-kind.
    #[arg(long, value_name = "WHAT=COLUMN", value_parser = mapped)]
    pub(crate) map: Vec<(Target, String)>,

    /// The form of times, if the guess is wrong.
    #[arg(long, value_name = "WAY", value_parser = dates)]
    pub(crate) dates: Option<Dates>,

    /// The survey of the answers, unless the file names it.
    #[arg(long, value_name = "ID", default_value = "default", value_parser = survey)]
    pub(crate) survey: String,

    /// The touchpoint of the answers, unless the file names it.
    #[arg(long, value_name = "NAME", default_value = "order", value_parser = touchpoint)]
    pub(crate) touchpoint: Touchpoint,

    /// The language of the answers, unless the file names it.
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    pub(crate) locale: String,

    /// The currency of amounts without one, as in EUR.
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<String>,

    /// Write the rejected rows, with the reasons, to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) rejected: Option<PathBuf>,

    /// Remove e-mail addresses, phone numbers and IBANs from comments before storing them [default: on]
    #[arg(long, env = "AFTERWORD_REDACTION", value_enum, value_name = "WHETHER")]
    pub(crate) redaction: Option<super::Redaction>,

    /// Reject answers that are older than so many days.
    #[arg(long, env = "AFTERWORD_KEEP_DAYS", value_name = "DAYS")]
    pub(crate) keep_days: Option<u32>,
}

fn currency(text: &str) -> Result<String, String> {
    match limits::is_code(text, 3) {
        true => Ok(text.to_owned()),
        false => Err("write three capital letters, as in EUR".into()),
    }
}

fn mapped(text: &str) -> Result<(Target, String), String> {
    let (target, column) = text.split_once('=').ok_or("write WHAT=COLUMN, as in score=Rating")?;
    let target = Target::from_name(target).ok_or_else(|| {
        let names: Vec<&str> = Target::NAMES.iter().map(|(name, _)| *name).collect();
        format!("{target:?} is none of {}", names.join(", "))
    })?;
    Ok((target, column.to_owned()))
}

fn dates(text: &str) -> Result<Dates, String> {
    Dates::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = Dates::NAMES.iter().map(|(name, _)| *name).collect();
        format!("must be one of {}", names.join(", "))
    })
}

fn survey(text: &str) -> Result<String, &'static str> {
    match limits::is_identifier(text) {
        true => Ok(text.to_owned()),
        false => Err("must be 1 to 64 letters, digits, '.', '_' or '-'"),
    }
}

fn touchpoint(text: &str) -> Result<Touchpoint, String> {
    Touchpoint::from_name(text)
        .ok_or_else(|| format!("must be one of {}", Touchpoint::NAMES.join(", ")))
}

fn locale(text: &str) -> Result<String, &'static str> {
    match limits::is_locale(text) {
        true => Ok(text.to_owned()),
        false => Err("must be a language tag such as de or pt-BR"),
    }
}
