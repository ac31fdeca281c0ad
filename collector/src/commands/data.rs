//! The commands about data.

use std::{io::IsTerminal as _, path::Path};

use afterword_collector::{
    Config,
    exchange::run::{self, Dialect, Format},
    privacy::{self, Receipt, Subject},
};
use tokio::{fs, io};

use super::{Outcome, bar};
use crate::cli::{Database, Erase, Export, FileFormat};

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
    let config = Config::new(arguments.database.database);
    // A bar over the answers themselves would help nobody.
    let bar = if arguments.output.is_none() && std::io::stdout().is_terminal() {
        indicatif::ProgressBar::hidden()
    } else {
        bar(0, "Exporting")
    };
    let progress = |written, rows| {
        bar.set_length(rows);
        bar.set_position(written);
    };
    let written = match &arguments.output {
        None => run::export(&config, &query, format, io::stdout(), progress).await,
        Some(path) => {
            // A file that is there stays whole until the new one is.
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
        println!("{written} answers were written to {}.", path.display());
    }
    Ok(())
}

/// A new file that nobody else may read: it holds what customers wrote.
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
    let config = Config::new(arguments.database.database);
    let (subject, value) = match (arguments.id, arguments.order, arguments.customer) {
        (Some(id), _, _) => (Subject::Response, id),
        (_, Some(order), _) => (Subject::Order, order),
        (_, _, customer) => (Subject::Customer, customer.unwrap_or_default()),
    };
    match privacy::erase(&config, subject, &value).await? {
        Some(receipt) => println!("{}", line(&receipt)),
        None => println!("There was nothing to erase."),
    }
    Ok(())
}

pub(crate) async fn receipts(database: Database) -> Outcome {
    let receipts = privacy::receipts(&Config::new(database.database)).await?;
    if receipts.is_empty() {
        println!("Nothing was erased so far.");
    }
    for receipt in &receipts {
        println!("{}", line(receipt));
    }
    Ok(())
}

fn line(receipt: &Receipt) -> String {
    let Receipt { receipt, at, by, responses, comments, contacts, displays } = receipt;
    format!(
        "{receipt}  {}  by {}: {responses} responses ({comments} with a comment, {contacts} with a \
         contact), {displays} displays",
        at.strftime("%Y-%m-%d %H:%M UTC"),
        by.name(),
    )
}
