//! `cargo xtask package`: builds the files of a release, for people without a compiler, in `target/package/`.
//!
//! [`binary`] compiles the collector. Each of the other modules makes one kind of artefact: [`archive`], [`deb`] and
//! [`image`] pack the binary. All times in an artefact are those of the commit, and all lists are sorted, so that two
//! runs with the same tools give the same bytes.

mod archive;
mod binary;
mod booted;
mod browser;
mod check;
mod collector;
mod compose;
mod deb;
mod docker;
mod image;
mod npm;
mod oscar;
mod pages;
mod podman;
mod proxies;
mod sbom;
mod shops;
mod sign;
mod wordpress;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::dist;
use crate::places::root;
use crate::run::{Program, Step, command, target};
use crate::tools;

/// The version of all packages.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The file with the checksums of all others.
const SUMS: &str = "SHA256SUMS";

/// An architecture for which packages are built.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Architecture {
    /// Its name in compilers.
    target: &'static str,
    /// Its name in Debian and in container images.
    name: &'static str,
    /// Its name in the kernel and in our archives.
    machine: &'static str,
    /// The linker, which is also the C compiler, and its Debian package; `None` for the machine's own.
    linker: Option<(&'static str, &'static str)>,
    /// A file of its C library on this machine, and its Debian package, which the linker's package only recommends.
    libc: Option<(&'static str, &'static str)>,
}

/// What runs another machine's programs on this one, and its Debian package.
const EMULATOR: (&str, &str) = ("qemu-aarch64-static", "qemu-user-static");

impl Architecture {
    /// The program through which its programs run on this machine, installed if necessary; `None` if they run by themselves.
    fn emulator(self) -> Result<Option<&'static str>> {
        if self.linker.is_none() {
            return Ok(None);
        }
        tools::programs(&[EMULATOR], "another machine's programs")?;
        Ok(Some(EMULATOR.0))
    }
}

const X86_64: Architecture = Architecture {
    target: "x86_64-unknown-linux-gnu",
    name: "amd64",
    machine: "x86_64",
    linker: None,
    libc: None,
};
const ARM64: Architecture = Architecture {
    target: "aarch64-unknown-linux-gnu",
    name: "arm64",
    machine: "aarch64",
    linker: Some(("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")),
    libc: Some(("/usr/aarch64-linux-gnu/include/stdio.h", "libc6-dev-arm64-cross")),
};

pub(crate) use check::integrations;
pub(crate) use oscar::order_and_answer;

/// Packs the npm package with the existing dist/, and answers the question on its users' pages. `program` is the collector;
/// `work` is emptied. Returns what could not be tried.
pub(crate) fn answer_in_pages(program: &Path, work: &Path) -> Result<Vec<String>> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    npm::build(&work.join("packed"), work, Epoch::of_the_commit()?)?;
    let not_tried = pages::answer(&work.join(npm::file()), program, &work.join("pages"))?;
    // With all that the pages are made with.
    fs::remove_dir_all(work)?;
    Ok(not_tried)
}

/// The arguments of `package`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build only for this architecture, in half the time.
    #[arg(long, value_name = "MACHINE", value_parser = ["x86_64", "aarch64"])]
    only: Option<String>,
    /// Use the existing dist/ instead of building it.
    #[arg(long)]
    keep_dist: bool,
    /// Compile the collector once more, from another folder into another one, and fail unless both have the same bytes.
    /// Takes twice as long.
    #[arg(long, conflicts_with = "check")]
    twice: bool,
    /// Also keep the widget's folder of the release before, for pages and caches that still hold its script: the path of
    /// that release's dist/.
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// Sign SHA256SUMS with the minisign key in this file. Without this option: the file that the environment variable
    /// `AFTERWORD_SIGNING_KEY` names; without that, nothing is signed.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    key: Option<PathBuf>,
    /// Build nothing, and try the existing files in target/package as an owner would, following the docs.
    #[arg(long)]
    check: bool,
    /// With --check: the file with the public key, to check the release's signature.
    #[arg(long, value_name = "FILE", requires = "check")]
    public_key: Option<PathBuf>,
}

/// Makes every artefact, or tries the existing ones.
pub(crate) fn run(options: &Options) -> Result<()> {
    let out = target()?.join("package");
    if options.check {
        check::everything(&out, options.public_key.as_deref())
    } else {
        make(options, &out)
    }
}

fn make(options: &Options, out: &Path) -> Result<()> {
    if !options.keep_dist {
        dist::build()?;
    }
    if let Some(previous) = &options.previous {
        dist::keep_previous(previous)?;
    }
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    fs::create_dir_all(out)?;
    let work = out.join("work");
    let epoch = Epoch::of_the_commit()?;
    let wanted = |it: &Architecture| options.only.as_ref().is_none_or(|only| only == it.machine);
    let reference = work.join("reference");
    let mut programs = Vec::new();
    for architecture in [X86_64, ARM64].into_iter().filter(wanted) {
        let program = binary::build(architecture)?;
        if options.twice {
            binary::twice(architecture, &program)?;
        }
        programs.push((architecture, program));
    }
    // All architectures' programs write the same; the first one is the quickest here.
    let (architecture, program) = programs.first().context("an architecture")?;
    binary::reference(*architecture, program, &reference)?;
    let sbom = out.join(format!("afterword-collector-{VERSION}.cdx.json"));
    sbom::write(&sbom, epoch)?;
    for (architecture, program) in &programs {
        let parts = Parts { program, reference: &reference, sbom: &sbom };
        archive::build(*architecture, &parts, &work, out, epoch)?;
        deb::build(*architecture, &parts, &work, out, epoch)?;
    }
    image::build(&programs, &work, out, epoch)?;
    npm::build(&work, out, epoch)?;
    shops::build(out, epoch)?;
    fs::remove_dir_all(&work)?;
    sums(out)?;
    if let Some(key) = sign::key(options.key.as_deref()) {
        sign::sign(&key, out)?;
    }
    println!("\n{}", out.display());
    for file in artefacts(out)? {
        let size = fs::metadata(&file)?.len();
        println!("{:>9.1} KB  {}", f64::from(u32::try_from(size)?) / 1000.0, name(&file));
    }
    Ok(())
}

/// The files that archives and packages contain.
struct Parts<'a> {
    /// The static binary.
    program: &'a Path,
    /// The folder with `man/` and `completions/`.
    reference: &'a Path,
    /// The list of the built-in components.
    sbom: &'a Path,
}

/// The commit's time, in seconds since 1970, which all files in an artefact have.
#[derive(Clone, Copy)]
struct Epoch(u64);

impl Epoch {
    fn of_the_commit() -> Result<Self> {
        let said = command("git").args(["log", "-1", "--format=%ct"]).output()?;
        Ok(Self(said.trim().parse().context("the commit's time")?))
    }

    /// Sets it as `SOURCE_DATE_EPOCH` for a program.
    fn tell(self, program: Program) -> Program {
        program.env("SOURCE_DATE_EPOCH", self.0.to_string()).env("TZ", "UTC").env("LC_ALL", "C")
    }

    /// The value of GNU tar's option.
    fn for_tar(self) -> String {
        format!("@{}", self.0)
    }
}

/// Copies a file into a folder that will be packed.
fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    set_mode(to, mode)
}

/// Writes a text into a folder that will be packed.
fn write(to: &Path, text: &str, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::write(to, text)?;
    set_mode(to, mode)
}

/// The same, compressed as Debian requires for documentation.
fn put_compressed(bytes: &[u8], to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::write(to, gzip(bytes)?)?;
    set_mode(to, 0o644)
}

fn set_mode(file: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(file, fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Compresses bytes with gzip, without a name and a time.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// A file of the folder `xtask/package`.
fn ours(name: &str) -> PathBuf {
    root().join("xtask/package").join(name)
}

/// The files of a folder, sorted by name.
fn artefacts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The files of a folder and its subfolders, sorted.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    files.sort();
    Ok(files)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn sha256(file: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(file).with_context(|| file.display().to_string())?.read_to_end(&mut bytes)?;
    Ok(hex(&Sha256::digest(&bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code block of a language with this number, from 0, in a page of the docs.
fn snippet<'a>(docs: &'a str, language: &str, number: usize) -> Result<&'a str> {
    let start = format!("```{language}\n");
    let block = docs.split(&start).nth(number + 1);
    let block = block.with_context(|| format!("fewer than {} blocks of {language}", number + 1))?;
    Ok(block.split("```").next().unwrap_or_default())
}

/// Writes SHA256SUMS, which `sha256sum --check` reads.
fn sums(out: &Path) -> Result<()> {
    let step = Step::begin(SUMS);
    let mut sums = String::new();
    for file in artefacts(out)? {
        sums.push_str(&format!("{}  {}\n", sha256(&file)?, name(&file)));
    }
    fs::write(out.join(SUMS), sums)?;
    step.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn blocks_are_found_by_language_and_number() {
        let docs = "a\n```nginx\none\n```\n```toml\n```\n```nginx\ntwo\n```\n";
        assert_eq!(snippet(docs, "nginx", 0).unwrap(), "one\n");
        assert_eq!(snippet(docs, "nginx", 1).unwrap(), "two\n");
        assert!(snippet(docs, "nginx", 2).is_err());
    }
}
