//! The commands about data.

use std::{
    io::{IsTerminal as _, Write as _, stdout},
    path::Path,
};

use afterword_collector::{
    Arguments,
    exchange::run::{
        self, Defaults, Dialect, Format, Import as ImportRequest, ImportMode, ImportReport, Target,
    },
    maintenance::{self, DoctorMode, Existing, Level},
    privacy::{self, Receipt, Subject},
    read_public_url,
};
use tokio::{fs, io};

use super::{Outcome, bar, configured, resolve_with_file, settings_place, without_file};
use crate::cli::{Backup, Database, Doctor, Erase, Export, FileFormat, Import, Restore};

pub(crate) async fn export(arguments: Export) -> Outcome {
    let format = match arguments.format {
        FileFormat::Csv => Format::Csv(Dialect::Comma),
        FileFormat::CsvSemicolon => Format::Csv(Dialect::Semicolon),
        FileFormat::Jsonl => Format::JsonLines,
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("survey", &arguments.survey),
        ("touchpoint", &arguments.touchpoint),
        ("segment", &arguments.segment),
        ("from", &arguments.from),
        ("to", &arguments.to),
        ("q", &arguments.q),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    let config = configured(&arguments.database)?;
    // A bar would be drawn over the answers if both go to the terminal.
    let bar = if arguments.output.is_none() && stdout().is_terminal() {
        indicatif::ProgressBar::hidden()
    } else {
        bar(0, "Exporting")
    };
    let progress = |written, rows| {
        bar.set_length(rows);
        bar.set_position(written);
    };
    let written = match &arguments.output {
        None => run::export(&config, &query, format, tokio::io::stdout(), progress).await,
        Some(path) => {
            // An existing file is replaced only once the new one is complete.
            let part = beside(path, "part");
            let exported = match private(&part).await {
                Ok(file) => {
                    run::export(&config, &query, format, io::BufWriter::new(file), progress).await
                }
                Err(error) => {
                    return Err(format!("cannot write {}: {error}", part.display()).into());
                }
            };
            match exported {
                Ok(_) => fs::rename(&part, path).await?,
                Err(_) => fs::remove_file(&part).await?,
            }
            exported
        }
    };
    bar.finish_and_clear();
    let written = written?;
    if let Some(path) = arguments.output {
        writeln!(stdout(), "{written} answers were written to {}.", path.display())?;
    }
    Ok(())
}

/// A new file that only its owner may read: it holds what customers wrote.
async fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await
}

/// The path with another ending added.
fn beside(path: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

pub(crate) async fn erase(arguments: Erase) -> Outcome {
    let config = configured(&arguments.database)?;
    let (subject, value) = match (arguments.id, arguments.order, arguments.customer) {
        (Some(id), _, _) => (Subject::Response, id),
        (_, Some(order), _) => (Subject::Order, order),
        (_, _, customer) => (Subject::Customer, customer.unwrap_or_default()),
    };
    match privacy::erase(&config, subject, &value).await? {
        Some(receipt) => writeln!(stdout(), "{}", line(&receipt))?,
        None => writeln!(stdout(), "There was nothing to erase.")?,
    }
    Ok(())
}

pub(crate) async fn receipts(database: Database) -> Outcome {
    let receipts = privacy::receipts(&configured(&database)?).await?;
    if receipts.is_empty() {
        writeln!(stdout(), "Nothing was erased so far.")?;
    }
    for receipt in &receipts {
        writeln!(stdout(), "{}", line(receipt))?;
    }
    Ok(())
}

fn line(receipt: &Receipt) -> String {
    let Receipt { receipt, at, by, responses, comments, contacts, displays } = receipt;
    format!(
        "{receipt}  {}  by {}: {responses} answers ({comments} with a comment, {contacts} with a \
         contact), {displays} displays",
        at.strftime("%Y-%m-%d %H:%M UTC"),
        by.name(),
    )
}

pub(crate) async fn import(arguments: Import) -> Outcome {
    let bytes = fs::read(&arguments.file)
        .await
        .map_err(|error| format!("cannot read {}: {error}", arguments.file.display()))?;
    let options = Arguments {
        redaction: arguments.redaction.map(Into::into),
        keep_days: arguments.keep_days,
        ..Arguments::default()
    };
    let config = resolve_with_file(&arguments.database, options)?.config;
    let wanted = ImportRequest {
        defaults: Defaults {
            survey: arguments.survey,
            touchpoint: arguments.touchpoint,
            locale: arguments.locale,
            currency: arguments.currency,
        },
        map: arguments.map,
        dates: arguments.dates,
        mode: if arguments.dry_run { ImportMode::DryRun } else { ImportMode::Import },
    };
    let bar = bar(0, "Importing");
    let understood = run::import_file(&config, bytes, &wanted, |done, rows| {
        bar.set_length(rows);
        bar.set_position(done);
    })
    .await;
    bar.finish_and_clear();
    let understood = understood?;
    report(&understood, wanted.mode)?;
    if let Some(path) = arguments.rejected {
        let names: Vec<String> = understood.columns.iter().map(|(name, _)| name.clone()).collect();
        let rejected = run::rejected_csv(&names, &understood.outcome.rejected)?;
        fs::write(&path, rejected).await?;
        writeln!(stdout(), "The rows that are not taken are in {}.", path.display())?;
    }
    Ok(())
}

/// Rejected rows that are printed; the file of rejected rows has all of them.
const MAX_PRINTED_ROWS: usize = 10;

fn report(import: &ImportReport, mode: ImportMode) -> io::Result<()> {
    let ImportReport { origin, encoding, delimiter, dates, columns, outcome } = import;
    let delimiter = match delimiter {
        Some('\t') => ", tabs between columns".to_owned(),
        Some(delimiter) => format!(", {delimiter} between columns"),
        None => ", JSON Lines".to_owned(),
    };
    let dates = dates.map_or(String::new(), |dates| format!(", times {}", dates.name()));
    writeln!(stdout(), "Read as {} ({encoding}{delimiter}{dates}).", origin.name())?;
    let is_own = columns.iter().any(|(_, target)| matches!(target, Target::Own(_)));
    if !is_own {
        for (name, target) in columns {
            writeln!(stdout(), "  {:<16} {name}", target.name())?;
        }
    }
    for answer in &outcome.first {
        let comment: String = answer.comment.as_deref().unwrap_or("").chars().take(60).collect();
        writeln!(
            stdout(),
            "  line {}: {}  {:>2}  {}",
            answer.line,
            answer.time.strftime("%Y-%m-%d %H:%M"),
            answer.score,
            comment.replace('\n', " ")
        )?;
    }
    for row in outcome.rejected.iter().take(MAX_PRINTED_ROWS) {
        writeln!(stdout(), "  line {} is not taken: {}", row.line, row.reason)?;
    }
    let more = outcome.refused.saturating_sub(MAX_PRINTED_ROWS as u64);
    if more > 0 {
        writeln!(
            stdout(),
            "  and {more} more; --rejected FILE writes the first {}",
            run::MAX_REJECTED
        )?;
    }
    let (added, verb) = match mode {
        ImportMode::DryRun => ("would be added", "Nothing was changed"),
        ImportMode::Import => ("were added", "Done"),
    };
    writeln!(
        stdout(),
        "{verb}: of {} rows {} {added}, {} are there already, {} were erased before, {} are not taken.",
        outcome.rows,
        outcome.added,
        outcome.known,
        outcome.erased,
        outcome.refused
    )?;
    Ok(())
}

fn existing(force: bool) -> Existing {
    if force { Existing::Replace } else { Existing::Keep }
}

pub(crate) async fn backup(arguments: Backup) -> Outcome {
    let config = configured(&arguments.database)?;
    let responses =
        maintenance::backup(&config, &arguments.file, existing(arguments.force)).await?;
    writeln!(stdout(), "{} holds {responses} answers, and was checked.", arguments.file.display())?;
    Ok(())
}

pub(crate) async fn restore(arguments: Restore) -> Outcome {
    let config = configured(&arguments.database)?;
    let restored =
        maintenance::restore(&config, &arguments.file, existing(arguments.force)).await?;
    writeln!(stdout(), "The database holds {} answers now.", restored.responses)?;
    if let Some(kept) = restored.previous {
        writeln!(
            stdout(),
            "The previous database is {}; delete it when you no longer need it.",
            kept.display()
        )?;
    }
    Ok(())
}

pub(crate) async fn doctor(arguments: Doctor) -> Outcome {
    let mut worst = Level::Good;
    let public_url = arguments.public_url.filter(|text| !text.is_empty());
    let public_url = match public_url.as_deref().map(read_public_url).transpose() {
        Ok(origin) => origin,
        Err(problem) => {
            writeln!(
                stdout(),
                "BAD      the public address {} {problem}",
                public_url.unwrap_or_default()
            )?;
            worst = Level::Bad;
            None
        }
    };
    let options = Arguments {
        assets: arguments.assets,
        public_url,
        ..arguments.secrets.and(arguments.sender_options.into_arguments())
    };
    let config = match resolve_with_file(&arguments.database, options.clone()) {
        Ok(resolved) => {
            if let Some(path) = settings_place(&arguments.database) {
                writeln!(stdout(), "ok       the settings file {} is right", path.display())?;
            }
            resolved.config
        }
        // The checks that need no database still run.
        Err(error) => {
            writeln!(stdout(), "BAD      {error}")?;
            worst = Level::Bad;
            without_file(&arguments.database, options).config
        }
    };
    let mode = if arguments.repair { DoctorMode::Repair } else { DoctorMode::Check };
    for finding in maintenance::examine(&config, &arguments.url, mode).await {
        let mark = match finding.level {
            Level::Good => "ok     ",
            Level::Warning => "mind   ",
            Level::Bad => "BAD    ",
        };
        writeln!(stdout(), "{mark}  {}", finding.what)?;
        if !finding.advice.is_empty() {
            writeln!(stdout(), "         -> {}", finding.advice)?;
        }
        worst = worst.max(finding.level);
    }
    match worst {
        Level::Bad => Err("something has to be repaired, see above".into()),
        Level::Warning => {
            writeln!(stdout(), "Nothing is broken.")?;
            Ok(())
        }
        Level::Good => {
            writeln!(stdout(), "All is well.")?;
            Ok(())
        }
    }
}
