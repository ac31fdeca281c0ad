//! The `.tar.gz` for any Linux: the binary, its manual, completions, units and licences.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Architecture, Epoch, Parts, VERSION, gzip, ours, put};
use crate::places::root;
use crate::run::{Step, command};

/// Writes the archive of one architecture.
pub(super) fn build(
    architecture: Architecture,
    parts: &Parts<'_>,
    work: &Path,
    out: &Path,
    epoch: Epoch,
) -> Result<()> {
    let name = format!("afterword-collector-{VERSION}-linux-{}", architecture.machine);
    let step = Step::begin(&format!("{name}.tar.gz"));
    let folder = work.join(&name);
    put(parts.program, &folder.join("afterword-collector"), 0o755)?;
    put(parts.sbom, &folder.join("sbom.cdx.json"), 0o644)?;
    put(&ours("INSTALL.txt"), &folder.join("INSTALL.txt"), 0o644)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        put(&root().join(licence), &folder.join(licence), 0o644)?;
    }
    for unit in ["afterword.service", "afterword.socket"] {
        put(&ours("unit").join(unit), &folder.join("systemd").join(unit), 0o644)?;
    }
    put(&ours("debian/afterword.toml"), &folder.join("afterword.toml"), 0o644)?;
    for kind in ["man", "completions"] {
        for file in super::artefacts(&parts.reference.join(kind))? {
            put(&file, &folder.join(kind).join(super::name(&file)), 0o644)?;
        }
    }
    let tar = work.join(format!("{name}.tar"));
    pack(work, &name, &tar, epoch)?;
    fs::write(out.join(format!("{name}.tar.gz")), gzip(&fs::read(&tar)?)?)?;
    step.done();
    Ok(())
}

/// Packs `folder`/`entry`. Every entry belongs to root and has the commit's time.
pub(super) fn pack(folder: &Path, entry: &str, tar: &Path, epoch: Epoch) -> Result<()> {
    epoch
        .tell(command("tar"))
        .args(["--create", "--sort=name", "--format=ustar", "--owner=0", "--group=0"])
        .args(["--numeric-owner", "--mode=go=rX,u+rw", "--mtime"])
        .arg(epoch.for_tar())
        .arg("--directory")
        .arg(folder)
        .arg("--file")
        .arg(tar)
        .arg(entry)
        .run()
}
