//! Separates the programs of checkouts that share a target folder.
//!
//! Cargo links a program to `target/debug/NAME` only when it has built it. If another checkout has put its own program
//! there since, and no source has changed here, Cargo builds nothing and runs the other checkout's program, on the
//! other checkout's files. A touched source makes it build, and so link, once more.
//!
//! Also makes the copy of a checkout from which something is built a second time, to compare the two.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use crate::places::root;
use crate::run::{cargo, command, target};

/// The sources that are built again for another checkout: of the programs that are run from `target/debug`, except this
/// one, and of the tests that read files of their checkout.
const SOURCES: [&str; 7] = [
    "script/build/main.rs",
    "src/lib.rs",
    "response/tests/lenient.rs",
    "collector/src/lib.rs",
    "collector/src/main.rs",
    "tests/e2e/src/lib.rs",
    "tests/e2e/tests/e2e/main.rs",
];

/// The file in the target folder that names the checkout whose programs are linked there.
const OWNER: &str = "afterword-checkout";

/// The variable of a process that has been started again by [`run_again_if_foreign`].
const AGAIN: &str = "AFTERWORD_XTASK_AGAIN";

/// If this process is another checkout's program, runs this checkout's in its place and returns true.
///
/// # Errors
/// This checkout's program fails, or is not built.
pub(crate) fn run_again_if_foreign() -> Result<bool> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    if own == Some(root()) {
        return Ok(false);
    }
    ensure!(
        env::var_os(AGAIN).is_none(),
        "this program was built in another folder; set CARGO_TARGET_DIR to a folder of its own"
    );
    touch("xtask/src/main.rs")?;
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    cargo(["run", "--quiet", "--package", "xtask", "--"]).args(&arguments).env(AGAIN, "1").run()?;
    Ok(true)
}

/// Makes Cargo link this checkout's programs again if the target folder has another one's.
///
/// # Errors
/// The target folder or a source cannot be written.
pub(crate) fn claim_target() -> Result<()> {
    let target = target()?;
    let owner = target.join(OWNER);
    let here = root().display().to_string();
    if fs::read_to_string(&owner).is_ok_and(|there| there == here) {
        return Ok(());
    }
    SOURCES.iter().try_for_each(|source| touch(source))?;
    fs::create_dir_all(&target)?;
    fs::write(&owner, here).with_context(|| owner.display().to_string())
}

/// Sets the time at which a source was changed to now.
fn touch(source: &str) -> Result<()> {
    let path = root().join(source);
    let file = File::options().append(true).open(&path);
    file.and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("touching {}", path.display()))
}

/// Copies the workspace's files into another folder, to build it from there.
pub(crate) fn copy_sources(to: &Path) -> Result<()> {
    let tracked = command("git").args(["ls-files", "-z"]).output()?;
    for file in tracked.split('\0').filter(|file| !file.is_empty()) {
        let to = to.join(file);
        fs::create_dir_all(to.parent().context("a folder")?)?;
        // A file whose deletion is not committed is still listed.
        if root().join(file).exists() {
            fs::copy(root().join(file), to)?;
        }
    }
    Ok(())
}
