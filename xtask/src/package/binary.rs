//! Compiles the collector as one file without dependencies: static, with glibc. With musl's allocator the report would
//! be three times slower (docs/internals/RELEASING.md).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Architecture, sha256};
use crate::checkout;
use crate::places::root;
use crate::run::{Step, cargo, command, target};
use crate::tools;

/// Compiles it, and returns the binary's path.
pub(super) fn build(architecture: Architecture) -> Result<PathBuf> {
    let step = Step::begin(&format!("Building the collector for {}", architecture.machine));
    let program = compile(architecture, root(), &target()?)?;
    step.done();
    Ok(program)
}

/// Compiles it once more, from another folder into another one, and fails unless the bytes are the same.
pub(super) fn twice(architecture: Architecture, program: &Path) -> Result<()> {
    let machine = architecture.machine;
    let step = Step::begin(&format!("Building it for {machine} once more, from another folder"));
    let again = target()?.join("again");
    let source = again.join("source");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    checkout::copy_sources(&source)?;
    // What is embedded is compared on its own by `cargo xtask test`.
    command("cp").arg("--recursive").arg(root().join("dist")).arg(&source).run()?;
    let second = compile(architecture, &source, &again.join("target"))?;
    ensure!(
        sha256(program)? == sha256(&second)?,
        "two builds differ; `cmp --verbose` says where: {} {}",
        program.display(),
        second.display()
    );
    step.done();
    Ok(())
}

/// Compiles it from the workspace in `source`.
fn compile(architecture: Architecture, source: &Path, into: &Path) -> Result<PathBuf> {
    let Architecture { target: triple, linker, libc, .. } = architecture;
    let needed: Vec<_> = linker.into_iter().chain(libc).collect();
    tools::for_compiling(triple, &needed)?;
    let name = triple.replace('-', "_");
    let mut build = cargo(["build", "--quiet", "--release", "--locked"])
        .args(["--package", "afterword-collector", "--target", triple])
        .folder(source)
        .env("CARGO_TARGET_DIR", into)
        .env(&format!("CFLAGS_{name}"), C_FLAGS)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(source)?.join("\x1f"));
    if let Some((linker, _)) = linker {
        build = build
            .env(&format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()), linker)
            .env(&format!("CC_{name}"), linker);
    }
    build.run()?;
    Ok(into.join(triple).join("release/afterword-collector"))
}

/// mimalloc contains the time at which it is compiled. `SOURCE_DATE_EPOCH` would replace it, too, but Cargo would keep what
/// was compiled with another one.
const C_FLAGS: &str =
    "-Wno-builtin-macro-redefined -D__DATE__=\"none\" -D__TIME__=\"none\" -D__TIMESTAMP__=\"none\"";

/// Static, without symbols, and without the paths of this machine.
fn flags(source: &Path) -> Result<Vec<String>> {
    let home = env::var("CARGO_HOME")
        .or_else(|_| env::var("HOME").map(|home| format!("{home}/.cargo")))
        .context("neither CARGO_HOME nor HOME is set")?;
    let sysroot = command("rustc").args(["--print", "sysroot"]).output()?;
    Ok(vec![
        "-Ctarget-feature=+crt-static".to_owned(),
        "-Cstrip=symbols".to_owned(),
        format!("--remap-path-prefix={home}=cargo"),
        format!("--remap-path-prefix={}=rust", sysroot.trim()),
        format!("--remap-path-prefix={}=afterword", source.display()),
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
