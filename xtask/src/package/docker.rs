//! The container image in Docker: from its archive to the first stored answer, a restart, and a new container.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::collector::{ANSWER, curl};
use super::{Architecture, VERSION};
use crate::run::{Step, command};
use crate::tools;

/// How long the collector in a container may take until it can be used.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the image of an architecture. Returns what could not be tried.
pub(super) fn run(architecture: Architecture, out: &Path) -> Result<Option<String>> {
    let name = format!("afterword-collector-{VERSION}-docker-{}.tar", architecture.name);
    if !out.join(&name).exists() {
        return Ok(Some(format!("{name}, which is not there")));
    }
    // Docker's program says its own version also where no daemon runs.
    let answers = command("docker").args(["version", "--format", "{{.Server.Version}}"]);
    let answers =
        answers.probe().is_some_and(|said| said.starts_with(|it: char| it.is_ascii_digit()));
    if !answers {
        return Ok(Some(format!("{name} in Docker, which is not running")));
    }
    let Ok(emulator) = architecture.emulator() else {
        return Ok(Some(format!("{name} in Docker, for want of an emulator")));
    };
    let step = Step::begin(&format!("{name} in Docker: an answer, a restart, a new container"));
    let begun = Instant::now();
    let image = format!("afterword-collector:{VERSION}");
    let was_there = command("docker").args(["image", "inspect", &image]).output_quietly().is_some();
    command("docker").args(["load", "--quiet", "--input"]).arg(out.join(&name)).output()?;
    let container = Container {
        name: format!("afterword-check-{}", std::process::id()),
        platform: format!("linux/{}", architecture.name),
        emulator: emulator.map(|it| tools::find(it).context(it)).transpose()?,
        image: (!was_there).then(|| image.clone()),
    };
    container.start(&image)?;
    let origin = container.origin()?;
    let answer = curl(&["--json", ANSWER, &format!("{origin}/v1/responses")])?;
    ensure!(answer.contains("\"revision\":1"), "an answer was not taken: {answer}");
    eprintln!("    loaded, started and answered in {:.1} s", begun.elapsed().as_secs_f64());
    let logs = command("docker").args(["logs", &container.name]).output()?;
    let token = logs.lines().find_map(|line| line.split_once("(shown only this once): "));
    let (_, token) = token.context("the admin token in the logs")?;
    let token = format!("Authorization: Bearer {token}");

    command("docker").args(["restart", &container.name]).output()?;
    container.has_the_answer(&token)?;
    command("docker").args(["stop", &container.name]).output()?;
    let code = ["inspect", "--format", "{{.State.ExitCode}}", &container.name];
    let code = command("docker").args(code).output()?;
    ensure!(code.trim() == "0", "it does not end well at SIGTERM: {code}");
    command("docker").args(["rm", &container.name]).output()?;
    container.start(&image)?;
    container.has_the_answer(&token)?;
    step.done();
    Ok(None)
}

/// A container and its volume, which have the same name. Both are removed when this value is dropped.
struct Container {
    name: String,
    platform: String,
    /// The program that runs the image's program, if that is of another machine.
    emulator: Option<PathBuf>,
    /// The image, if it is to be removed, too.
    image: Option<String>,
}

impl Container {
    /// Starts it as compose.yaml does: nothing but its volume can be written, and no capability is left.
    fn start(&self, image: &str) -> Result<()> {
        let volume = format!("{}:/data", self.name);
        let run = command("docker")
            .args(["run", "--detach", "--name", &self.name, "--volume", &volume])
            .args(["--platform", &self.platform, "--publish", "127.0.0.1::8080"])
            .args(["--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges:true"]);
        let run = match &self.emulator {
            None => run.arg(image),
            Some(emulator) => run
                .arg(format!("--volume={}:/emulator:ro", emulator.display()))
                .args(["--entrypoint", "/emulator", image, "/afterword-collector", "serve"]),
        };
        run.output().map(drop)
    }

    /// The collector's address, as soon as it can be used.
    fn origin(&self) -> Result<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let port = command("docker").args(["port", &self.name, "8080/tcp"]).output()?;
            let origin = format!("http://{}", port.lines().next().unwrap_or_default().trim());
            let ready = ["--silent", "--fail", "--noproxy", "*", &format!("{origin}/readyz")];
            if command("curl").args(ready).output_quietly().is_some() {
                return Ok(origin);
            }
            if Instant::now() > until {
                let logs = command("docker").args(["logs", &self.name]).probe();
                bail!("the collector cannot be used: {}", logs.unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn has_the_answer(&self, token: &str) -> Result<()> {
        let report = curl(&["--header", token, &format!("{}/v1/report", self.origin()?)])?;
        let report: Value = serde_json::from_str(&report).context(report)?;
        ensure!(report["answers"] == 1, "the answer is no longer there: {report}");
        Ok(())
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // Errors mean that it was not made.
        let _ = command("docker").args(["rm", "--force", &self.name]).probe();
        let _ = command("docker").args(["volume", "rm", "--force", &self.name]).probe();
        if let Some(image) = &self.image {
            let _ = command("docker").args(["image", "rm", image]).probe();
        }
    }
}
