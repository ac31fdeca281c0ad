//! Maintenance of a collector's data: backup, restore and doctor.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub use crate::findings::Level;
use crate::{
    Config, descriptors,
    disk::Disk,
    findings::{FindingText, Observation, Senders},
    language::Language,
    store::{
        OpenError, Store, StoreError,
        copies::{Inspection, Version},
        file,
    },
};

/// Why a backup was not made or restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database could not be read.
    #[error("the database could not be copied")]
    Store(#[from] StoreError),
    /// A file could not be written or moved.
    #[error("{} cannot be written", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A file of that name exists.
    #[error("{} is there already; name another file, or say --force", .0.display())]
    Occupied(PathBuf),
    /// The backup is not usable.
    #[error("{} is not a usable backup: {reason}", .0.display(), reason = .1)]
    Unusable(PathBuf, String),
    /// The database is in use.
    #[error("{} is in use: stop the collector first", .0.display())]
    InUse(PathBuf),
}

/// What to do if the target file exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and fail.
    Keep,
    /// Replace it.
    Replace,
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes a complete copy of the database at one moment to `target`, also while a collector runs. Returns the
/// number of responses in it.
///
/// # Errors
/// The database cannot be read, or the copy cannot be written.
pub async fn backup(config: &Config, target: &Path, existing: Existing) -> Result<u64, CopyError> {
    if existing == Existing::Keep && target.exists() {
        return Err(CopyError::Occupied(target.to_owned()));
    }
    let store = Store::open_existing(&config.database, config.busy_timeout).await?;
    // Written under another name until it is complete, so that no incomplete file looks like a backup.
    let part = beside(target, ".part");
    let failed = |error| CopyError::File(part.clone(), error);
    let _ = fs::remove_file(&part);
    file::private(&part).map_err(failed)?;
    let copied = store.copy_to(&part).await;
    store.close().await;
    if let Err(error) = copied {
        let _ = fs::remove_file(&part);
        return Err(error.into());
    }
    let responses = check(&part).await?;
    fs::File::open(&part).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&part, target).map_err(|error| CopyError::File(target.to_owned(), error))?;
    Ok(responses)
}

/// Checks that a file is a backup that this release can use; returns the number of its responses.
async fn check(path: &Path) -> Result<u64, CopyError> {
    let unusable = |reason: String| CopyError::Unusable(path.to_owned(), reason);
    if !path.is_file() {
        return Err(unusable("there is no such file".into()));
    }
    let Inspection { version, faults, responses } =
        file::inspect(path).await.map_err(|error| unusable(error.to_string()))?;
    match version {
        Version::Current | Version::Older => {}
        Version::Newer => {
            return Err(unusable("a newer release wrote it; update this one first".into()));
        }
        Version::Foreign => return Err(unusable("it is not a collector's database".into())),
    }
    match faults.first() {
        Some(fault) => Err(unusable(format!("it is damaged: {fault}"))),
        None => Ok(responses),
    }
}

/// The result of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreResult {
    /// The number of responses in the database now.
    pub responses: u64,
    /// The path of the previous database, if there was one.
    pub previous: Option<PathBuf>,
}

/// Checks the backup `source` and puts it in the database's place. The previous database is kept beside it.
/// The collector must not be running.
///
/// # Errors
/// The backup is not usable, or the existing database is in use or must not be replaced. Then nothing has changed.
pub async fn restore(
    config: &Config,
    source: &Path,
    existing: Existing,
) -> Result<RestoreResult, CopyError> {
    let target = file::file_of(&config.database)?;
    if existing == Existing::Keep && target.exists() {
        return Err(CopyError::Occupied(target));
    }
    check(source).await?;
    // No collector may start to serve the database that is about to be replaced.
    let _lock = match target.exists().then(|| file::lock(&target)).transpose() {
        Ok(Some(None)) => return Err(CopyError::InUse(target)),
        Ok(lock) => lock,
        Err(error) => return Err(CopyError::File(target, error)),
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| CopyError::File(path, error)
    };
    let part = beside(&target, ".restoring");
    let _ = fs::remove_file(&part);
    file::private(&part).map_err(failed(&part))?;
    // Copies only the bytes, so that the private file keeps its permissions.
    let copied = fs::File::open(source)
        .and_then(|mut from| {
            let mut to = fs::OpenOptions::new().write(true).open(&part)?;
            io::copy(&mut from, &mut to)?;
            to.sync_all()
        })
        .map_err(failed(&part));
    if let Err(error) = copied {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let mut kept = None;
    if target.exists() {
        if file::claim(&target).await.is_err() {
            let _ = fs::remove_file(&part);
            return Err(CopyError::InUse(target));
        }
        let ending = Timestamp::now().strftime(".before-%Y%m%dT%H%M%SZ").to_string();
        let aside = beside(&target, &ending);
        fs::rename(&target, &aside).map_err(failed(&aside))?;
        kept = Some(aside);
    }
    if let Err(error) = fs::rename(&part, &target) {
        if let Some(aside) = &kept {
            let _ = fs::rename(aside, &target);
        }
        return Err(CopyError::File(target, error));
    }
    // Migrates the database, and checks that it can be opened.
    let store = Store::open_existing(&config.database, config.busy_timeout).await?;
    let responses = store.count().await;
    store.close().await;
    Ok(RestoreResult { responses: responses?, previous: kept })
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The severity.
    pub level: Level,
    /// The observation, as a sentence.
    pub what: String,
    /// What to do; empty if all is well.
    pub advice: String,
}

impl Finding {
    fn good(what: impl Into<String>) -> Self {
        Self { level: Level::Good, what: what.into(), advice: String::new() }
    }

    fn warning(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warning, what: what.into(), advice: advice.into() }
    }

    fn bad(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Bad, what: what.into(), advice: advice.into() }
    }
}

impl From<Observation> for Finding {
    fn from(observation: Observation) -> Self {
        let FindingText { what, advice } = observation.text(Language::English);
        Self { level: observation.level(), what, advice: advice.to_owned() }
    }
}

/// What `doctor` may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoctorMode {
    /// It only checks.
    Check,
    /// It also rebuilds counts and indexes that are wrong.
    Repair,
}

/// Checks a collector, and returns one finding for each check. `address` is where the collector should
/// answer, such as `http://127.0.0.1:8080`.
pub async fn examine(config: &Config, address: &str, mode: DoctorMode) -> Vec<Finding> {
    let mut findings = Vec::new();
    match file::file_of(&config.database) {
        Ok(path) => database(config, &path, mode, &mut findings).await,
        Err(error) => findings.push(Finding::bad(
            error.to_string(),
            "Correct --database, DATABASE_URL or the settings file.",
        )),
    }
    let are_there = config.assets.contains("afterword.js").await;
    findings.push(Observation::Assets { are_there }.into());
    findings.push(clock(Timestamp::now(), None));
    let senders = Senders::of(
        config.limits,
        !config.trusted_proxies.is_empty(),
        config.public_url.as_deref(),
        false,
    );
    findings.push(Observation::Senders(senders).into());
    findings.push(Observation::PublicAddress(config.public_url.clone()).into());
    findings.push(Observation::Connections(descriptors::connections()).into());
    findings.push(reachable(address).await);
    findings
}

async fn database(config: &Config, path: &Path, mode: DoctorMode, findings: &mut Vec<Finding>) {
    let shown = path.display();
    if !path.exists() {
        findings.push(Finding::bad(
            format!("there is no database {shown}"),
            "Start the collector, which makes one; or name another with --database; or bring a backup \
             back with `afterword-collector restore`.",
        ));
        return;
    }
    findings.extend(permissions(path));
    findings.push(Observation::Room(Disk::of(path).ok()).into());
    let bring_back = "Stop the collector, keep a copy of the file, and bring the last backup back with \
         `afterword-collector restore`.";
    match file::inspect(path).await {
        Err(error) => {
            findings.push(Finding::bad(format!("{shown} cannot be read: {error}"), bring_back));
            return;
        }
        Ok(Inspection { version: Version::Foreign, .. }) => {
            findings.push(Finding::bad(
                format!("{shown} is not a collector's database"),
                "Name the right file with --database.",
            ));
            return;
        }
        Ok(Inspection { version: Version::Newer, .. }) => {
            findings.push(Finding::bad(
                format!("{shown} was written by a newer release"),
                "Update this program to that release or a later one.",
            ));
            return;
        }
        Ok(Inspection { version, faults, .. }) => {
            findings.push(match faults.as_slice() {
                [] => Finding::good("the database is undamaged and has no broken references"),
                [first, ..] => Finding::bad(format!("{shown} is damaged: {first}"), bring_back),
            });
            if version == Version::Older {
                findings.push(Finding::warning(
                    "the database is of an older release",
                    "Make a backup; the next start brings it up to date.",
                ));
                return;
            }
        }
    }
    match Store::open_existing(&config.database, config.busy_timeout).await {
        Ok(store) => {
            let examined = content(&store, mode, config.secrets_key.is_some(), findings).await;
            store.close().await;
            if let Err(error) = examined {
                findings.push(Finding::bad(
                    format!("the database could not be examined: {error}"),
                    "Try again; if it stays so, bring the last backup back.",
                ));
            }
        }
        Err(error) => findings.push(Finding::bad(
            error.to_string(),
            "Is the file writable for this user, and is no other program holding it?",
        )),
    }
}

async fn content(
    store: &Store,
    mode: DoctorMode,
    has_key: bool,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let disagreeing = store.disagreeing().await?;
    findings.push(match (disagreeing.as_slice(), mode) {
        ([], _) => Finding::good("the report's counts and the search index equal a recount"),
        (tables, DoctorMode::Check) => Finding::bad(
            format!("these do not agree with the answers: {}", tables.join(", ")),
            "Run `afterword-collector doctor --repair`, which counts them again.",
        ),
        (tables, DoctorMode::Repair) => {
            store.derive_anew().await?;
            match store.disagreeing().await?.as_slice() {
                [] => Finding::good(format!("counted again: {}", tables.join(", "))),
                still => Finding::bad(
                    format!("counted again, and still wrong: {}", still.join(", ")),
                    "Please report this; the answers themselves are whole.",
                ),
            }
        }
    });
    findings.push(match store.odd_rows().await? {
        0 => Finding::good("every answer is readable and agrees with its row"),
        odd => Finding::bad(
            format!("{odd} answers are not readable, or do not agree with their row"),
            "Something else wrote to the database. Bring the last backup back, or erase them by their ids.",
        ),
    });
    if let Some(newest) = store.newest().await? {
        let finding = clock(Timestamp::now(), Some(newest));
        if finding.level > Level::Good {
            findings.push(finding);
        }
    }
    let waiting = Observation::of_expiry(&store.expiry().await?);
    findings.extend(waiting.into_iter().map(Finding::from));
    let undelivered = store.undelivered().await?;
    let has_targets = !store.alert_targets().await?.is_empty();
    let alerts = Observation::of_alerts(undelivered, has_targets, has_key);
    findings.extend(alerts.into_iter().map(Finding::from));
    let waiting = Observation::of_waiting(&store.waiting_surveys().await?);
    findings.extend(waiting.map(Finding::from));
    let indexing = store.indexing().await?;
    findings.extend(indexing.map(Observation::Indexing).map(Finding::from));
    if !store.has_admin().await? {
        findings.push(Observation::NoAdmin.into());
    }
    Ok(())
}

/// Whether the machine's clock can be right. Answers are counted by it.
fn clock(now: Timestamp, newest: Option<Timestamp>) -> Finding {
    /// The day before this line was written, in Unix seconds: no right clock shows an earlier time.
    const EARLIEST_SECONDS: i64 = 1_795_392_000;
    let advice = "Set the machine's clock, and keep it right with NTP: answers are counted by it.";
    match newest {
        None if now.as_second() < EARLIEST_SECONDS => Finding::bad(
            format!("the clock says {}, which is past", now.strftime("%Y-%m-%d")),
            advice,
        ),
        Some(newest) if newest > now + SignedDuration::from_mins(5) => Finding::bad(
            format!("an answer is from the future: {}", newest.strftime("%Y-%m-%d %H:%M UTC")),
            advice,
        ),
        _ => Finding::good(format!("the clock says {}", now.strftime("%Y-%m-%d %H:%M UTC"))),
    }
}

#[cfg(unix)]
fn permissions(path: &Path) -> Vec<Finding> {
    use std::os::unix::fs::PermissionsExt as _;

    let mut findings = Vec::new();
    match fs::metadata(path).map(|it| it.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o077 != 0 => findings.push(Finding::warning(
            format!("others on this machine may read {} (mode {mode:o})", path.display()),
            format!("Run: chmod 600 {}", path.display()),
        )),
        Ok(_) => findings.push(Finding::good("only the owner may read the database")),
        Err(error) => findings.push(Finding::bad(
            format!("{} cannot be examined: {error}", path.display()),
            "Run this as the user that the collector runs as.",
        )),
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_err()
        || rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err()
    {
        findings.push(Finding::bad(
            format!("this user may not write {} and its folder", path.display()),
            "Give the collector's user the file and its folder: SQLite keeps its log beside it.",
        ));
    }
    findings
}

#[cfg(not(unix))]
fn permissions(_: &Path) -> Vec<Finding> {
    Vec::new()
}

/// Whether a collector answers at an address.
async fn reachable(address: &str) -> Finding {
    let Some(authority) = address.strip_prefix("http://") else {
        return Finding::warning(
            format!("whether {address} answers was not tried"),
            "Open its /healthz in a browser: it says ok. Only http:// is tried here.",
        );
    };
    let authority = authority.split('/').next().unwrap_or_default();
    let socket =
        if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let asked = async {
        let mut stream = TcpStream::connect(&socket).await?;
        let request =
            format!("GET /healthz HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(4_096).read_to_end(&mut answer).await?;
        Ok::<_, io::Error>(String::from_utf8_lossy(&answer).into_owned())
    };
    match tokio::time::timeout(Duration::from_secs(3), asked).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n") => {
            Finding::good(format!("a collector answers at {address}"))
        }
        Ok(Ok(_)) => Finding::warning(
            format!("something else than a collector answers at {address}"),
            "Name the collector's own address with --url.",
        ),
        Ok(Err(_)) | Err(_) => Finding::warning(
            format!("no collector answers at {address}"),
            "Start it with `afterword-collector serve`, or name its address with --url.",
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_clock_before_the_newest_answer_or_this_release_is_wrong() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(clock(time("1970-01-01T00:00:10Z"), None).level, Level::Bad);
        let now = time("2027-01-01T00:00:00Z");
        assert_eq!(clock(now, None).level, Level::Good);
        assert_eq!(clock(now, Some(time("2026-12-31T00:00:00Z"))).level, Level::Good);
        assert_eq!(clock(now, Some(time("2027-01-01T01:00:00Z"))).level, Level::Bad);
    }
}
