//! `cargo xtask schemathesis`: asks a collector for everything that its `OpenAPI` document describes, with
//! right and with wrong values, and holds every answer against the document.

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

/// The admin token of a collector that nobody else can reach and that ends with the command.
const TOKEN: &str = "schemathesis-0123456789abcdef";

/// Runs so many examples of each operation against a collector of its own, on loopback.
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
    // Some answers to list, to report and to export.
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

/// A collector that ends with this value.
struct Collector {
    process: Child,
    /// `http://127.0.0.1:PORT`
    address: String,
    /// Open as long as it may write there.
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
        // It may have ended by itself, which the requests have told.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
