//! The signature of SHA256SUMS, by which owners know that a release is ours. Whoever has the public key checks it with
//! `minisign -V -P KEY -m SHA256SUMS`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{SUMS, VERSION};
use crate::run::{Step, command};
use crate::tools;

const MINISIGN: (&str, &str) = ("minisign", "minisign");

/// The secret key's file: the option's, or else that of the variable `AFTERWORD_SIGNING_KEY`.
pub(super) fn key(option: Option<&Path>) -> Option<PathBuf> {
    let variable = std::env::var_os("AFTERWORD_SIGNING_KEY").filter(|file| !file.is_empty());
    option.map(Path::to_owned).or_else(|| variable.map(PathBuf::from))
}

/// Signs the sums in a folder. If the key has a password, minisign asks for it.
///
/// # Errors
/// minisign is missing, or does not take the key.
pub(super) fn sign(key: &Path, folder: &Path) -> Result<()> {
    tools::programs(&[MINISIGN], "what signs the sums")?;
    // The comment would else have the time, and two runs would differ.
    let comment = format!("afterword {VERSION}");
    let key = fs::canonicalize(key).with_context(|| key.display().to_string())?;
    let signing = command("minisign").args(["-S", "-t", &comment, "-m", SUMS, "-s"]);
    signing.arg(key).folder(folder).run()
}

fn is_signed(public: &Path, folder: &Path) -> bool {
    let verifying = command("minisign").args(["-V", "-q", "-m", SUMS, "-p"]).arg(public);
    verifying.folder(folder).output().is_ok()
}

/// Signs with a key that is thrown away, and checks that a changed sum is found. Checks the release's own signature if
/// there is one. Returns what could not be tried.
pub(super) fn check(public: Option<&Path>, out: &Path, work: &Path) -> Result<Option<String>> {
    if tools::programs(&[MINISIGN], "what signs the sums").is_err() {
        return Ok(Some("signing, for want of minisign".to_owned()));
    }
    let step = Step::begin("The signature of the checksums");
    let folder = work.join("signed");
    fs::create_dir_all(&folder)?;
    let sums = fs::read_to_string(out.join(SUMS))?;
    fs::write(folder.join(SUMS), &sums)?;
    let keys = ["-G", "-W", "-p", "key.pub", "-s", "key.sec"];
    command("minisign").args(keys).folder(&folder).output()?;
    sign(&folder.join("key.sec"), &folder)?;
    let throw_away = folder.join("key.pub");
    ensure!(is_signed(&throw_away, &folder), "a signature is not accepted");
    let first = fs::read(folder.join(SIGNATURE))?;
    sign(&folder.join("key.sec"), &folder)?;
    ensure!(first == fs::read(folder.join(SIGNATURE))?, "two signatures of the same sums differ");
    let digit = if sums.starts_with('0') { "1" } else { "0" };
    fs::write(folder.join(SUMS), format!("{digit}{}", sums.get(1..).context("sums")?))?;
    ensure!(!is_signed(&throw_away, &folder), "a changed sum is not found");
    let not_tried = match (out.join(SIGNATURE).exists(), public) {
        (false, _) => Some("the release's signature, which is not there".to_owned()),
        (true, None) => Some("the release's signature, for want of --public-key".to_owned()),
        (true, Some(public)) => {
            let public = fs::canonicalize(public).with_context(|| public.display().to_string())?;
            ensure!(is_signed(&public, out), "{SIGNATURE} is not of {}", public.display());
            None
        }
    };
    step.done();
    Ok(not_tried)
}

/// The signature's file, which minisign names after the signed one.
const SIGNATURE: &str = "SHA256SUMS.minisig";
