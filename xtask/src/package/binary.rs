//! Compiles the collector as one file without dependencies: static, with glibc. With musl's allocator the report would
//! be three times slower (docs/internals/RELEASING.md).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Architecture;
use crate::places::root;
use crate::run::{Step, cargo, command, target};
use crate::tools;

/// Compiles it, and returns the binary's path.
pub(super) fn build(architecture: Architecture) -> Result<PathBuf> {
    let Architecture { target: triple, machine, linker, libc, .. } = architecture;
    let needed: Vec<_> = linker.into_iter().chain(libc).collect();
    tools::for_compiling(triple, &needed)?;
    let step = Step::begin(&format!("Building the collector for {machine}"));
    let mut build = cargo(["build", "--quiet", "--release", "--locked"])
        .args(["--package", "afterword-collector", "--target", triple])
        .env("CARGO_ENCODED_RUSTFLAGS", flags()?.join("\x1f"));
    if let Some((linker, _)) = linker {
        let name = triple.replace('-', "_");
        build = build
            .env(&format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()), linker)
            .env(&format!("CC_{name}"), linker);
    }
    build.run()?;
    step.done();
    Ok(target()?.join(triple).join("release/afterword-collector"))
}

/// Static, without symbols, and without the paths of this machine.
fn flags() -> Result<Vec<String>> {
    let home = env::var("CARGO_HOME")
        .or_else(|_| env::var("HOME").map(|home| format!("{home}/.cargo")))
        .context("neither CARGO_HOME nor HOME is set")?;
    let sysroot = command("rustc").args(["--print", "sysroot"]).output()?;
    Ok(vec![
        "-Ctarget-feature=+crt-static".to_owned(),
        "-Cstrip=symbols".to_owned(),
        format!("--remap-path-prefix={home}=cargo"),
        format!("--remap-path-prefix={}=rust", sysroot.trim()),
        format!("--remap-path-prefix={}=afterword", root().display()),
    ])
}

/// Runs the program to write its manual and the shells' completions to `folder`.
pub(super) fn reference(architecture: Architecture, program: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    // Environment variables of this machine would appear in the manual.
    let mut run = command("env").arg("-i");
    if let Some(emulator) = architecture.emulator()? {
        run = run.arg(tools::find(emulator).context(emulator)?);
    }
    run.arg(program).arg("reference").arg(folder).run()
}
