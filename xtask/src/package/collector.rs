//! Runs a collector for the checks, sends it requests, and ends it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::run::{Program, command};
use crate::tools;

/// The body of an answer.
pub(super) const ANSWER: &str = r#"{"version":1,"id":"01a1ffc0-215b-787b-a299-9bdae64bce4f","revision":1,"complete":true,"survey":"default","touchpoint":"order","score":9,"shown_at":"2026-01-02T03:04:05Z","scored_at":"2026-01-02T03:04:07Z","sent_at":"2026-01-02T03:04:08Z","method":{"question":"How likely?","low_label":"no","high_label":"yes","layout":"one-row","mode":"inline","release":"0.1.0"}}"#;

/// What the collector prints before the admin token, at its first start.
pub(super) const TOKEN: &str = "(shown only this once): ";

/// What a collector said at its start.
pub(super) struct Start {
    pub(super) port: u16,
    /// The lines before the one with its address.
    pub(super) said: Vec<String>,
}

/// Waits until a collector that was started with its output in a pipe listens on 127.0.0.1.
pub(super) fn listening(child: &mut Child) -> Result<Start> {
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().context("its output")?).lines() {
        let line = line?;
        if let Some(address) = line.strip_prefix("Listening on http://127.0.0.1:") {
            return Ok(Start { port: address.parse()?, said });
        }
        said.push(line);
    }
    bail!("the collector ended before it listened ({}): {said:?}", child.wait()?)
}

/// A collector on a free port, in its own folder, without this machine's environment variables.
pub(super) struct Collector {
    child: Child,
    pub(super) port: u16,
    /// The admin token.
    pub(super) token: String,
    /// The path of the link that makes the first account.
    pub(super) setup: String,
    /// The path of its database.
    pub(super) folder: PathBuf,
}

impl Collector {
    pub(super) fn start(program: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_through(None, program, variables)
    }

    /// Starts it beside the program, by means of another program.
    pub(super) fn start_through(
        through: Option<&str>,
        program: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let folder = program.parent().context("a folder")?.join("data");
        Self::launch(through, &folder, program, variables)
    }

    /// Starts it in a folder, which is emptied.
    pub(super) fn start_in(
        folder: &Path,
        program: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        Self::launch(None, folder, program, variables)
    }

    fn launch(
        through: Option<&str>,
        folder: &Path,
        program: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let mut start = command("env").arg("-i").args(["AFTERWORD_LOG=warn"]);
        for (name, value) in variables {
            start = start.arg(format!("{name}={value}"));
        }
        let start: Program = match through {
            Some(through) => start.arg(tools::find(through).context("the other program")?),
            None => start,
        };
        let start = start.arg(program).args(["serve", "--listen", "127.0.0.1:0"]);
        let mut child = start.folder(folder).start(Stdio::piped())?;
        let Start { port, said } = listening(&mut child)?;
        let after = |words: &str| {
            let found = said.iter().find_map(|line| line.split_once(words));
            found.map(|(_, rest)| rest.to_owned()).context(words.to_owned())
        };
        let token = after(TOKEN)?;
        let link = after("): http://")?;
        let (_, setup) = link.split_once('/').context("a link with a path")?;
        let setup = format!("/{setup}");
        Ok(Self { port, child, token, setup, folder: folder.to_owned() })
    }

    /// Ends it by SIGTERM; returns whether it exited with success.
    pub(super) fn stop(&mut self) -> Result<bool> {
        command("kill").arg(self.child.id().to_string()).run()?;
        Ok(self.child.wait()?.success())
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        ended(&mut self.child);
    }
}

/// Sends SIGTERM to a process that we started, so that it can end its own children.
pub(super) fn ended(child: &mut Child) {
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    let _ = command("kill").arg(child.id().to_string()).run();
    let until = Instant::now() + Duration::from_secs(10);
    while matches!(child.try_wait(), Ok(None)) && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Requests an address, and returns the answer, whatever its status. Accepts our own certificate.
pub(super) fn curl(arguments: &[&str]) -> Result<String> {
    request(command("curl"), arguments)
}

/// The same by a program that becomes curl.
pub(super) fn request(curl: Program, arguments: &[&str]) -> Result<String> {
    curl.args(["--silent", "--show-error", "--insecure", "--max-time", "60", "--noproxy", "*"])
        .args(arguments)
        .output()
}
