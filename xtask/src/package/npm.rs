//! The npm package: the loader and its types from `integrations/npm`, with `dist/`. It has the form of `npm pack`, for
//! `npm publish FILE` and `npm install FILE`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Epoch, VERSION, gzip, put};
use crate::places::root;
use crate::run::Step;

/// Whether a file or folder of `dist/` is packed: the demo shop and the files that only a web server needs are not.
fn is_packed(name: &str) -> bool {
    let is_compressed = Path::new(name).extension().is_some_and(|it| it == "br" || it == "gz");
    !is_compressed && name != "demo"
}

/// The package's file.
pub(super) fn file() -> String {
    format!("afterword-survey-{VERSION}.tgz")
}

/// Writes the package.
pub(super) fn build(work: &Path, out: &Path, epoch: Epoch) -> Result<()> {
    let step = Step::begin("The npm package");
    let source = root().join("integrations/npm");
    let manifest: Value = serde_json::from_slice(&fs::read(source.join("package.json"))?)?;
    ensure!(manifest["version"] == VERSION, "integrations/npm/package.json is of another version");
    let folder = work.join("npm/package");
    put(&source.join("package.json"), &folder.join("package.json"), 0o644)?;
    for file in manifest["files"].as_array().context("files")? {
        let file = file.as_str().context("files")?;
        if file != "dist" {
            let mode = if file == "copy.js" { 0o755 } else { 0o644 };
            put(&source.join(file), &folder.join(file), mode)?;
        }
    }
    put(&source.join("README.md"), &folder.join("README.md"), 0o644)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        put(&root().join(licence), &folder.join(licence), 0o644)?;
    }
    copy(&root().join("dist"), &folder.join("dist"))?;
    let tar = work.join("npm.tar");
    super::archive::pack(&work.join("npm"), "package", &tar, epoch)?;
    fs::write(out.join(file()), gzip(&fs::read(&tar)?)?)?;
    step.done();
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_packed(&name) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name))?;
        } else {
            put(&entry.path(), &to.join(name), 0o644)?;
        }
    }
    Ok(())
}
