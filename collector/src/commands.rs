//! The commands beside `serve`. Each runs a function of the library, shows its progress, and prints the
//! result on standard output.

mod data;

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::{Path, PathBuf},
};

use afterword_collector::{
    Arguments, Collector, Config, Resolved, Role, SettingsFile, resolve,
    seed::{self, ExistingAnswers, Plan},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    cli::{AdminCommand, Database, Seed},
    settings_file,
};

pub(crate) use data::{backup, doctor, erase, export, import, receipts, restore};

type Outcome = Result<(), Box<dyn Error>>;

/// Where the package keeps the settings of the machine's collector.
const PACKAGED_SETTINGS: &str = "/etc/afterword/afterword.toml";

/// The database if neither the command line nor a settings file names one, in the current folder.
const USUAL_FILE: &str = "afterword.db";

/// The settings file that a command reads: the one that is named; else the package's, unless a database is named or
/// the current folder contains one.
fn settings_place(place: &Database) -> Option<PathBuf> {
    settings_among(place, Path::new(USUAL_FILE), Path::new(PACKAGED_SETTINGS))
}

/// As [`settings_place`], with the paths of the default database and of the package's settings.
fn settings_among(place: &Database, usual: &Path, packaged: &Path) -> Option<PathBuf> {
    let named = place.config.clone().filter(|path| !path.as_os_str().is_empty());
    let is_elsewhere =
        place.database.as_deref().is_some_and(|database| !database.is_empty()) || usual.exists();
    // Tests only whether the file exists. If the person may not read it, the error says that, instead of
    // reporting a missing database.
    named.or_else(|| (!is_elsewhere && packaged.exists()).then(|| packaged.to_owned()))
}

/// The settings of the command line and the settings file together.
fn resolve_with_file(place: &Database, arguments: Arguments) -> Result<Resolved, Box<dyn Error>> {
    let file = settings_file(settings_place(place).as_deref())?;
    Ok(resolve(Arguments { database: place.database.clone(), ..arguments }, file))
}

/// The same for a command that only needs the database.
fn configured(place: &Database) -> Result<Config, Box<dyn Error>> {
    Ok(resolve_with_file(place, Arguments::default())?.config)
}

/// The settings of the command line alone.
fn without_file(place: &Database, arguments: Arguments) -> Resolved {
    resolve(Arguments { database: place.database.clone(), ..arguments }, SettingsFile::default())
}

/// A progress bar on standard error, invisible if that is no terminal.
fn bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    match ProgressStyle::with_template("{msg} {bar:32} {human_pos} of {human_len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) async fn seed(arguments: Seed) -> Outcome {
    let mut plan = Plan::new();
    plan.answers = usize::try_from(arguments.answers)?;
    plan.seed = arguments.seed;
    plan.end = arguments.end.unwrap_or(plan.end);
    plan.existing = match (arguments.add, arguments.if_empty) {
        (true, _) => ExistingAnswers::Add,
        (_, true) => ExistingAnswers::Leave,
        _ => ExistingAnswers::Refuse,
    };
    let bar = bar(u64::from(arguments.answers), "Seeding");
    // Invented answers never go to the machine's own collector unasked.
    let file = settings_file(arguments.database.config.as_deref())?;
    let database = arguments.database.database;
    let config = resolve(Arguments { database, ..Arguments::default() }, file).config;
    let added = seed::run(&config, &plan, |stored| bar.set_position(stored)).await;
    bar.finish_and_clear();
    match added? {
        0 => writeln!(stdout(), "There are answers already; nothing was added.")?,
        added => writeln!(stdout(), "A year of a demo shop: {added} answers were added.")?,
    }
    Ok(())
}

/// Prints a link, or the accounts, on standard output.
pub(crate) async fn admin(command: AdminCommand) -> Outcome {
    let (AdminCommand::ResetLink { place, .. } | AdminCommand::List { place }) = &command;
    let arguments = Arguments { public_url: place.public_url.clone(), ..Arguments::default() };
    let resolved = resolve_with_file(&place.database, arguments)?;
    let origin = resolved.public_url.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let collector = Collector::open_existing(&resolved.config).await?;
    let accounts = collector.accounts().await?;
    let result = match &command {
        AdminCommand::List { .. } => {
            for (login, name, role) in &accounts {
                writeln!(stdout(), "{login}\t{}\t{name}", role.name())?;
            }
            Ok(())
        }
        AdminCommand::ResetLink { login, .. } => {
            reset_link(&collector, login.as_deref(), &accounts, &origin).await
        }
    };
    collector.close().await;
    result
}

async fn reset_link(
    collector: &Collector,
    login: Option<&str>,
    accounts: &[(String, String, Role)],
    origin: &str,
) -> Outcome {
    if let Some((path, until)) = collector.setup_link().await? {
        writeln!(stdout(), "{}: {origin}{path}", crate::setup_words(until))?;
        return Ok(());
    }
    let login = match (login, accounts) {
        (Some(login), _) => login,
        (None, [(login, ..)]) => login,
        (None, _) => return Err("there are several accounts; say whose: `afterword-collector admin reset-link LOGIN` (`admin list` shows them)".into()),
    };
    let Some((path, until)) = collector.password_link(login).await? else {
        return Err(format!("there is no account with the login {login:?}; `afterword-collector admin list` shows them").into());
    };
    writeln!(
        stdout(),
        "New password for {login} (this link works once, until {}): {origin}{path}",
        until.strftime(crate::TIME_FORMAT)
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_packages_settings_are_used_unless_others_are_named() {
        let here = tempfile::tempdir().unwrap();
        let usual = here.path().join("afterword.db");
        let packaged = here.path().join("packaged.toml");
        let check = |config: Option<&str>, database: Option<&str>, expected: Option<&Path>| {
            let place = Database {
                database: database.map(str::to_owned),
                config: config.map(PathBuf::from),
            };
            assert_eq!(settings_among(&place, &usual, &packaged).as_deref(), expected);
        };
        check(None, None, None);
        std::fs::write(&packaged, "").unwrap();
        check(None, None, Some(&packaged));
        // Container files write an empty value for "not set".
        check(Some(""), Some(""), Some(&packaged));
        check(Some("own.toml"), None, Some(Path::new("own.toml")));
        check(None, Some("sqlite://elsewhere.db"), None);
        std::fs::write(&usual, "").unwrap();
        check(None, None, None);
    }
}
