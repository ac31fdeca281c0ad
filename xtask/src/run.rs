//! Runs programs, and prints each command.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::places::{path, root};

/// A program to run in the workspace's folder, with the tools on its PATH.
pub(crate) struct Program(Command);

/// The program `name`.
pub(crate) fn command(name: impl AsRef<OsStr>) -> Program {
    let mut command = Command::new(name);
    command.current_dir(root()).env("PATH", path());
    Program(command)
}

/// Cargo, with these arguments.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Program {
    // Not $CARGO: that is the toolchain's own binary, which ignores rustup's choice of toolchain.
    command("cargo").args(arguments)
}

impl Program {
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, arguments: I) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &std::path::Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    fn name(&self) -> String {
        let words = std::iter::once(self.0.get_program()).chain(self.0.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end, and fails if it fails.
    pub(crate) fn run(mut self) -> Result<()> {
        let name = self.name();
        let status = self.0.status().with_context(|| format!("starting {name}"))?;
        ensure!(status.success(), "{name}: {status}");
        Ok(())
    }

    /// Runs it and returns its output.
    pub(crate) fn output(mut self) -> Result<String> {
        let name = self.name();
        let output = self.0.stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("starting {name}"))?;
        ensure!(output.status.success(), "{name}: {}", output.status);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes what it says on standard error to `errors`.
    pub(crate) fn errors(mut self, errors: Stdio) -> Self {
        self.0.stderr(errors);
        self
    }

    /// Starts it, with its output in `output`.
    pub(crate) fn start(mut self, output: Stdio) -> Result<Child> {
        let name = self.name();
        self.0.stdout(output).spawn().with_context(|| format!("starting {name}"))
    }

    /// Runs it and returns its output; `None` if it fails, whose reason nobody needs.
    pub(crate) fn output_quietly(mut self) -> Option<String> {
        let output = self.0.stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }

    /// Its output; `None` if it cannot be run.
    pub(crate) fn probe(mut self) -> Option<String> {
        let output = self.0.stdin(Stdio::null()).output().ok()?;
        let text = [output.stdout, output.stderr].concat();
        Some(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Cargo's configured target folder.
pub(crate) fn target() -> Result<PathBuf> {
    let metadata = cargo(["metadata", "--format-version=1", "--no-deps"]).output()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    Ok(metadata["target_directory"].as_str().context("cargo metadata")?.into())
}

/// A piece of work that takes a while: prints when it begins and how long it took.
pub(crate) struct Step(Instant);

impl Step {
    pub(crate) fn begin(what: &str) -> Self {
        eprintln!("\x1b[1;36m==>\x1b[0m {what}");
        Self(Instant::now())
    }

    pub(crate) fn done(self) {
        let seconds = self.0.elapsed().as_secs();
        if seconds >= 2 {
            eprintln!("    {seconds} s");
        }
    }
}
