//! `cargo xtask schemathesis`: sends a collector valid and invalid requests for every operation in its
//! `OpenAPI` document, and checks every answer against the document.

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    places::root,
    run::{Step, cargo, command, target},
    tools,
};

/// The admin token of a collector that only this command can reach, and that ends with it.
const TOKEN: &str = "schemathesis-0123456789abcdef";

/// Runs so many examples of each operation against a new collector on loopback.
pub(crate) fn run(examples: u32, seed: u64) -> Result<()> {
    let python = tools::schemathesis()?;
    let step = Step::begin("Building the collector");
    cargo(["build", "--quiet", "--package", "afterword-collector"]).run()?;
    step.done();

    let folder = target()?.join("schemathesis");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let program = target()?.join("debug/afterword-collector");
    let database = format!("sqlite://{}", folder.join("answers.db").display());
    // Stores some answers to list, report and export.
    command(&program).args(["seed", "--answers", "300"]).env("DATABASE_URL", &database).run()?;
    let collector = Collector::start(&program, &database)?;

    let step = Step::begin("Asking for everything that the OpenAPI document describes");
    let configuration = root().join("collector/tests/schemathesis");
    command(python)
        .folder(&configuration)
        .env("AFTERWORD_TOKEN", TOKEN)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["--config-file", "schemathesis.toml", "run"])
        .arg(format!("{}/openapi.json", collector.address))
        .args(["--max-examples", &examples.to_string(), "--seed", &seed.to_string()])
        .run()?;
    step.done();
    Ok(())
}

/// A collector that ends when this value is dropped.
struct Collector {
    process: Child,
    /// `http://127.0.0.1:PORT`
    address: String,
    /// Kept open, so that the collector can write to it.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Collector {
    fn start(program: &Path, database: &str) -> Result<Self> {
        let mut process = command(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("DATABASE_URL", database)
            .env("AFTERWORD_TOKEN", TOKEN)
            .env("AFTERWORD_LOG", "error")
            .start(Stdio::piped())?;
        let output = process.stdout.take().context("its output")?;
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let line = lines.next().context("the collector ended at once")??;
            if let Some((_, address)) = line.split_once("Listening on ") {
                break address.trim().to_owned();
            }
        };
        Ok(Self { process, address, _output: lines })
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // An error means that it has already ended; the requests have shown that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
