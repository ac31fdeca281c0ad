//! The container image in Podman: from the archive for registries to the first stored answer, the end by SIGTERM, and a
//! second start on the same data.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::collector::{ANSWER, Start, TOKEN, curl, ended, listening};
use super::image::USER;
use super::{Architecture, VERSION};
use crate::run::{Program, Step, command};
use crate::tools;

/// The name of the volume with the answers.
const VOLUME: &str = "answers";

/// Runs the image of an architecture. `rootfs` is a folder with the files of an image for this machine; `work` is a new folder
/// for Podman's storage, so that the owner's images stay as they are. Returns what could not be tried.
pub(super) fn run(
    architecture: Architecture,
    out: &Path,
    rootfs: &Path,
    work: &Path,
) -> Result<Option<String>> {
    let archive = out.join(format!("afterword-collector-{VERSION}-oci.tar"));
    let what = format!("{} for {} in Podman", super::name(&archive), architecture.name);
    let not = |why: &str| Ok(Some(format!("{what}, {why}")));
    // For want of an index: each image of the archive is also in one of its own.
    let alone = format!("afterword-collector-{VERSION}-docker-{}.tar", architecture.name);
    if !out.join(alone).exists() {
        return not("which is not there");
    }
    if tools::programs(&[("podman", "podman"), ("crun", "crun")], "Podman").is_err() {
        return not("which is not there");
    }
    let root = crate::tools::is_root();
    let unified = command("stat").args(["--file-system", "--format=%T", "/sys/fs/cgroup"]);
    let unified = unified.output_quietly().is_some_and(|it| it.trim() == "cgroup2fs");
    if !unified && !root {
        return not("which takes root where the kernel's groups are of version 1");
    }
    let Ok(emulator) = architecture.emulator() else {
        return not("for want of an emulator");
    };
    let emulator = emulator.map(|it| tools::find(it).context(it)).transpose()?;
    // Podman takes no longer path than 50 characters for this folder.
    let state = env::temp_dir().join(format!("afterword-{}", std::process::id()));
    let storage = work.join(architecture.name);
    let podman = Podman { storage, state, unified, emulator };
    // The same program without the image: if Podman cannot run that either, the reason is not the image.
    let mut alone = podman.run(&[]);
    alone = alone.arg("--rootfs").arg(rootfs).args(["/afterword-collector", "--version"]);
    let alone = alone.probe().unwrap_or_default();
    if !alone.contains(VERSION) {
        let why = alone.lines().last().unwrap_or("it says nothing").to_owned();
        return not(&format!("which runs nothing here: {why}"));
    }

    let step = Step::begin(&format!("{what}: an answer, SIGTERM, a second start on the same data"));
    let begun = Instant::now();
    let loaded = if podman.emulator.is_none() {
        podman.command("load").args(["--quiet", "--input"]).arg(&archive)
    } else {
        // `load` takes the image of this machine only.
        let platform = format!("--platform=linux/{}", architecture.name);
        podman
            .command("pull")
            .args(["--quiet", &platform])
            .arg(format!("oci-archive:{}", archive.display()))
    };
    // "Loaded image: " and its name, or its digest alone.
    let loaded = loaded.output()?;
    let image = loaded.trim().rsplit(' ').next().context("the image's name")?;
    let mut first = podman.start(image)?;
    let answer = curl(&["--json", ANSWER, &format!("{}/v1/responses", first.origin())])?;
    ensure!(answer.contains("\"revision\":1"), "an answer was not taken: {answer}");
    eprintln!("    loaded, started and answered in {:.1} s", begun.elapsed().as_secs_f64());
    let token = first.start.said.iter().find_map(|line| line.split_once(TOKEN));
    let token = token.context("the admin token in its output")?.1.to_owned();
    let folder = podman.command("volume").args(["inspect", "--format={{.Mountpoint}}", VOLUME]);
    let folder = PathBuf::from(folder.output()?.trim());
    let owner = fs::metadata(folder.join("afterword.db"))?.uid().to_string();
    ensure!(!root || owner == USER, "the database belongs to {owner}, not to {USER}");
    first.stop()?;
    ensure!(!folder.join("afterword.db-wal").exists(), "the database was not closed");

    let mut second = podman.start(image)?;
    let token = format!("Authorization: Bearer {token}");
    let report = curl(&["--header", &token, &format!("{}/v1/report", second.origin())])?;
    let report: Value = serde_json::from_str(&report).context(report)?;
    ensure!(report["answers"] == 1, "the answer is no longer there: {report}");
    second.stop()?;
    step.done();
    Ok(None)
}

/// Podman with a storage of its own.
struct Podman {
    storage: PathBuf,
    /// What it knows of its running containers, removed when this value is dropped.
    state: PathBuf,
    /// Whether the kernel's control groups are of version 2, without which Podman runs nothing.
    unified: bool,
    /// The program that runs the image's program, if that is of another machine.
    emulator: Option<PathBuf>,
}

impl Podman {
    /// A command of Podman. Where the machine has control groups of version 1, it sees its own of version 2.
    fn command(&self, name: &str) -> Program {
        let program = if self.unified {
            command("podman")
        } else {
            command("unshare").args(["--mount", "sh", "-c", OWN_GROUPS, "podman"])
        };
        program.arg("--root").arg(&self.storage).arg("--runroot").arg(&self.state).args([
            "--cgroup-manager=cgroupfs",
            "--runtime=crun",
            name,
        ])
    }

    /// `podman run` with nothing but the volume to write to, and without capabilities.
    fn run(&self, options: &[&str]) -> Program {
        let mut run = self.command("run").args(["--rm", "--read-only", "--cap-drop=all"]);
        run = run.args(["--security-opt=no-new-privileges", "--network=host", "--log-driver=none"]);
        // Podman's own limits are higher than some machines allow.
        run = run.args(["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]);
        if !self.unified {
            run = run.arg("--cgroups=disabled");
        }
        run.args(options)
    }

    /// Starts the collector in the image.
    fn start(&self, image: &str) -> Result<Running> {
        let volume = format!("--volume={VOLUME}:/data");
        let mut run = self.run(&[
            "--pull=never",
            &volume,
            "--env=AFTERWORD_LISTEN=127.0.0.1:0",
            "--env=AFTERWORD_LOG=error",
        ]);
        run = match &self.emulator {
            None => run.arg(image),
            Some(emulator) => run
                .arg(format!("--volume={}:/emulator:ro", emulator.display()))
                .args(["--entrypoint=/emulator", image, "/afterword-collector", "serve"]),
        };
        let mut process = run.start(Stdio::piped())?;
        match listening(&mut process) {
            Ok(start) => Ok(Running { process, start }),
            Err(error) => {
                ended(&mut process);
                Err(error)
            }
        }
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        // An error means that nothing was started.
        let _ = fs::remove_dir_all(&self.state);
    }
}

/// Replaces what a shell sees as control groups, and becomes Podman.
const OWN_GROUPS: &str = "umount --recursive /sys/fs/cgroup; \
     mount --types cgroup2 none /sys/fs/cgroup && exec podman \"$@\"";

/// A container with the collector, which ends when this value is dropped.
struct Running {
    /// Podman, which passes signals on to the collector, and ends as the collector ends.
    process: Child,
    start: Start,
}

impl Running {
    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.start.port)
    }

    /// Ends it by SIGTERM.
    fn stop(&mut self) -> Result<()> {
        command("kill").arg(self.process.id().to_string()).run()?;
        let status = self.process.wait()?;
        ensure!(status.success(), "it does not end well at SIGTERM: {status}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        ended(&mut self.process);
    }
}
