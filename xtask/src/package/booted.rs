//! The life of the Debian package in a Debian that systemd has booted: install, answers, restarts of the collector while
//! answers arrive, an upgrade, removal, purge, and installing it again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::collector::{ANSWER, request};
use super::{Architecture, VERSION};
use crate::run::{Program, Step, command};
use crate::tools;

/// How long the system may take to boot and the collector to start.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most that `systemd-analyze security` may say of the service: the exposure, from 0 to 10.
const MAX_EXPOSURE: f64 = 1.5;

/// How often the collector is restarted while answers arrive.
const RESTARTS: usize = 5;

/// For how long the collector cannot start: longer than systemd tries by default.
const OUTAGE: Duration = Duration::from_secs(8);

/// What Debian's smallest system needs to be booted, and for the package to be installed without a network.
const INCLUDED: &str = "systemd,systemd-sysv,dbus,adduser,init-system-helpers";

/// Installs, uses, upgrades and purges the package of an architecture. `work` is emptied. Returns what could not be tried.
pub(super) fn run(architecture: Architecture, out: &Path, work: &Path) -> Result<Option<String>> {
    let name = format!("afterword-collector_{VERSION}_{}.deb", architecture.name);
    let what = format!("{name} on a booted Debian");
    let not = |why: &str| Ok(Some(format!("{what}, {why}")));
    if architecture.linker.is_some() {
        return not("which takes a machine of that kind");
    }
    if !out.join(&name).exists() {
        return not("which is not there");
    }
    if !crate::tools::is_root() {
        return not("which takes root");
    }
    let needed = [("mmdebstrap", "mmdebstrap"), ("systemd-nspawn", "systemd-container")];
    if tools::programs(&needed, "a Debian to boot").is_err() {
        return not("which takes mmdebstrap and systemd-nspawn");
    }
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let step = Step::begin("A Debian to boot");
    let root = work.join("root");
    let included = format!("--include={INCLUDED}");
    let made = command("mmdebstrap").args(["--quiet", "--variant=apt", &included, "bookworm"]);
    if made.arg(&root).run().is_err() {
        return not("because Debian's packages could not be fetched");
    }
    let Some(machine) = Machine::boot(&root)? else {
        return not("which does not boot here");
    };
    step.done();
    let step = Step::begin(&format!("{what}: install, restarts, upgrade, purge"));
    live(&machine, &out.join(&name), work)?;
    machine.off()?;
    step.done();
    Ok(None)
}

fn live(machine: &Machine, deb: &Path, work: &Path) -> Result<()> {
    let sender = Sender::default();
    let begun = Instant::now();
    machine.install(deb)?;
    machine.ready()?;
    sender.send(machine)?;
    eprintln!("    installed, started and answered in {:.1} s", begun.elapsed().as_secs_f64());
    for unit in ["afterword.service", "afterword.socket"] {
        machine.run(&["systemctl", "is-active", "--quiet", unit])?;
        machine.run(&["systemctl", "is-enabled", "--quiet", unit])?;
    }
    let exposure = machine.says(&["systemd-analyze", "security", "--no-pager", "afterword"])?;
    let exposure = exposure.lines().find(|line| line.contains("exposure level")).context("none")?;
    let level = exposure.split_whitespace().find_map(|word| word.parse::<f64>().ok());
    ensure!(level.is_some_and(|level| level <= MAX_EXPOSURE), "{exposure}");
    eprintln!("    {}", exposure.trim_start_matches(|it: char| !it.is_ascii()).trim());
    let link = machine.says(&["afterword-collector", "admin", "reset-link"])?;
    ensure!(link.contains("http://"), "no link for the first account: {link}");
    machine.run(&["afterword-collector", "doctor"])?;
    let journal = machine.says(&["journalctl", "--no-pager", "--boot"])?;
    for secret in ["shown only this once", "/setup"] {
        ensure!(!journal.contains(secret), "the journal, which others can read, has {secret}");
    }
    // Of a user without rights.
    let others = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    for file in ["/etc/afterword/afterword.toml", "/var/lib/afterword/afterword.db"] {
        let read = machine.command(&others).args(["cat", file]).output_quietly();
        ensure!(read.is_none(), "everybody can read {file}");
    }

    sender.meanwhile(machine, "restarts", || {
        for _ in 0..RESTARTS {
            machine.run(&["systemctl", "restart", "afterword.service"])?;
            thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    })?;

    // A collector that cannot start is tried again for as long as it takes, and who sends an answer meanwhile waits.
    let settings = machine.root.join("etc/afterword/afterword.toml");
    let right = fs::read_to_string(&settings)?;
    sender.meanwhile(machine, "an outage", || {
        fs::write(&settings, format!("{right}\nno-such-setting = 1\n"))?;
        let started = machine.command(&["systemctl", "restart", "afterword.service"]);
        ensure!(started.output_quietly().is_none(), "it starts with wrong settings");
        thread::sleep(OUTAGE);
        fs::write(&settings, &right)?;
        machine.ready()
    })?;

    // The owner's settings survive an upgrade.
    let changed = format!("{right}\n# The owner's own line.\n");
    fs::write(&settings, &changed)?;
    let newer = newer(deb, work)?;
    sender.meanwhile(machine, "an upgrade", || machine.install(&newer))?;
    ensure!(fs::read_to_string(&settings)? == changed, "the upgrade changed the settings");
    let version = machine.says(&["dpkg-query", "--show", "afterword-collector"])?;
    ensure!(version.contains("next"), "not upgraded: {version}");

    machine.apt(&["remove", "afterword-collector"])?;
    let active = machine.command(&["systemctl", "is-active", "afterword.service"]).probe();
    ensure!(active.is_some_and(|it| it.trim() != "active"), "it still runs after its removal");
    let said = machine.apt(&["purge", "afterword-collector"])?;
    ensure!(said.contains("answers are kept in /var/lib/afterword"), "purge says: {said}");
    ensure!(!machine.root.join("etc/afterword").exists(), "purge leaves settings");
    ensure!(machine.root.join("var/lib/afterword/afterword.db").exists(), "purge deletes answers");
    machine.install(deb)?;
    machine.ready()?;
    sender.all_are_stored(machine)
}

/// Sends answers, and knows which ones were taken.
#[derive(Default)]
struct Sender {
    taken: Mutex<BTreeSet<String>>,
}

impl Sender {
    /// Sends an answer; an error means that it was not taken at once.
    fn send(&self, machine: &Machine) -> Result<()> {
        let mut taken = self.taken.lock().map_err(|_| anyhow!("a sender panicked"))?;
        let id = format!("01a1ffc0-215b-787b-a299-{:012}", taken.len());
        let (before, rest) = ANSWER.split_once(ID).context("its id")?;
        let answer = format!("{before}{id}{rest}");
        let said = machine.curl(&["--json", &answer, &format!("{ORIGIN}/v1/responses")])?;
        ensure!(said.contains("\"revision\":1"), "an answer was not taken: {said}");
        taken.insert(id);
        Ok(())
    }

    /// Sends answers one after the other while something else happens. Not one may be refused.
    fn meanwhile(
        &self,
        machine: &Machine,
        what: &str,
        happens: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let sender = scope.spawn(|| {
                let mut sent = 0;
                while !over.load(Ordering::Relaxed) {
                    self.send(machine).with_context(|| format!("during {what}"))?;
                    sent += 1;
                    // Within the collector's budget for one network.
                    thread::sleep(Duration::from_millis(20));
                }
                Ok::<usize, anyhow::Error>(sent)
            });
            let happened = happens();
            over.store(true, Ordering::Relaxed);
            let sent = sender.join().map_err(|_| anyhow!("a sender panicked"))??;
            eprintln!("    {sent} answers during {what}, all taken");
            ensure!(sent > 0, "no answer during {what}");
            happened
        })
    }

    /// Every answer that was taken is in the database, once.
    fn all_are_stored(&self, machine: &Machine) -> Result<()> {
        let export = machine.says(&["afterword-collector", "export", "--format=jsonl"])?;
        let taken = self.taken.lock().map_err(|_| anyhow!("a sender panicked"))?;
        ensure!(
            export.lines().count() == taken.len(),
            "{} of {}",
            export.lines().count(),
            taken.len()
        );
        for id in &*taken {
            ensure!(export.contains(id.as_str()), "the answer {id} was taken and is not there");
        }
        eprintln!("    {} answers are there after all of this", taken.len());
        Ok(())
    }
}

/// The id in [`ANSWER`].
const ID: &str = "01a1ffc0-215b-787b-a299-9bdae64bce4f";

/// The collector's address in its system.
const ORIGIN: &str = "http://127.0.0.1:8080";

/// The same package with a higher version.
fn newer(deb: &Path, work: &Path) -> Result<PathBuf> {
    let tree = work.join("newer");
    command("dpkg-deb").arg("--raw-extract").arg(deb).arg(&tree).run()?;
    let control = tree.join("DEBIAN/control");
    let fields = fs::read_to_string(&control)?;
    let version = format!("Version: {VERSION}");
    fs::write(&control, fields.replace(&version, &format!("{version}+next")))?;
    let newer = work.join("newer.deb");
    let build = command("dpkg-deb").args(["--root-owner-group", "-Znone", "--build"]);
    build.arg(&tree).arg(&newer).output()?;
    Ok(newer)
}

/// A booted Debian in a container without a network of the outside.
struct Machine {
    root: PathBuf,
    /// systemd-nspawn.
    container: Child,
    /// The number of its first process, as this machine counts.
    init: String,
}

impl Machine {
    /// Boots it; `None` if that is not possible here.
    fn boot(root: &Path) -> Result<Option<Self>> {
        let console = fs::File::create(root.with_extension("console"))?;
        // Only where the machine's control groups are of version 1 does it need its own. `--keep-unit` and `--register=no`:
        // this machine may have no systemd.
        let start = "mountpoint --quiet /sys/fs/cgroup/unified && { umount --recursive /sys/fs/cgroup; \
                     mount --types cgroup2 none /sys/fs/cgroup; }; exec \"$@\"";
        let mut container = command("unshare")
            .args(["--mount", "sh", "-c", start, "sh", "systemd-nspawn", "--quiet", "--boot"])
            .args(["--register=no", "--keep-unit", "--private-network", "--console=pipe"])
            .arg("--directory")
            .arg(root)
            .errors(console.try_clone()?.into())
            .start(console.into())?;
        let until = Instant::now() + PATIENCE;
        let children = format!("/proc/{0}/task/{0}/children", container.id());
        while Instant::now() < until && container.try_wait()?.is_none() {
            let init = fs::read_to_string(&children).unwrap_or_default();
            if let Some(init) = init.split_whitespace().next() {
                let entered = command("nsenter").args(["--all", "--target", init]);
                let state = entered.args(["systemctl", "is-system-running"]).probe();
                if state.is_some_and(|state| state.trim() == "running") {
                    let (root, init) = (root.to_owned(), init.to_owned());
                    return Ok(Some(Self { root, container, init }));
                }
            }
            thread::sleep(Duration::from_millis(200));
        }
        let _ = container.kill();
        container.wait()?;
        Ok(None)
    }

    fn command(&self, arguments: &[&str]) -> Program {
        command("nsenter")
            .args(["--all", "--target", &self.init, "env", "--ignore-environment"])
            .args([
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "LC_ALL=C",
                "DEBIAN_FRONTEND=noninteractive",
            ])
            .args(arguments)
    }

    fn run(&self, arguments: &[&str]) -> Result<()> {
        self.says(arguments).map(drop)
    }

    fn says(&self, arguments: &[&str]) -> Result<String> {
        self.command(arguments).output()
    }

    fn apt(&self, arguments: &[&str]) -> Result<String> {
        // The settings stay without a question, as they do by default at a terminal.
        let keep = "Dpkg::Options::=--force-confold";
        let apt = ["apt-get", "--yes", "--quiet", "--option", keep];
        self.says(&[&apt, arguments].concat())
    }

    /// Installs a package as its owner does.
    fn install(&self, deb: &Path) -> Result<()> {
        fs::copy(deb, self.root.join("afterword.deb"))?;
        self.apt(&["install", "/afterword.deb"]).map(drop)
    }

    /// Sends a request from inside, by this machine's curl.
    fn curl(&self, arguments: &[&str]) -> Result<String> {
        request(command("nsenter").args(["--net", "--target", &self.init, "curl"]), arguments)
    }

    /// Waits until the collector can be used.
    fn ready(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let ready = || {
            let curl = ["--net", "--target", &self.init, "curl", "--fail", "--noproxy", "*"];
            command("nsenter").args(curl).arg(format!("{ORIGIN}/readyz")).output_quietly()
        };
        while ready().is_none() {
            if Instant::now() > until {
                let why = self.command(&["systemctl", "status", "--no-pager", "afterword"]).probe();
                bail!("the collector cannot be used: {}", why.unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Shuts it down.
    fn off(mut self) -> Result<()> {
        self.run(&["systemctl", "poweroff"])?;
        let until = Instant::now() + PATIENCE;
        while self.container.try_wait()?.is_none() {
            ensure!(Instant::now() < until, "the system does not shut down");
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if matches!(self.container.try_wait(), Ok(None)) {
            // Its first process takes all others with it.
            let _ = command("kill").args(["-9", &self.init]).run();
            let _ = self.container.wait();
        }
    }
}
