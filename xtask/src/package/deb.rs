//! The Debian package: the binary, its user, settings, units, and the folder for its data.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Architecture, Epoch, Parts, VERSION, ours, put, put_compressed, write};
use crate::run::{Step, command};
use crate::tools;

/// Writes the package of one architecture.
pub(super) fn build(
    architecture: Architecture,
    parts: &Parts<'_>,
    work: &Path,
    out: &Path,
    epoch: Epoch,
) -> Result<()> {
    let name = format!("afterword-collector_{VERSION}_{}.deb", architecture.name);
    let step = Step::begin(&name);
    tools::programs(&[("dpkg-deb", "dpkg")], "what makes Debian packages")?;
    let tree = work.join(format!("deb-{}", architecture.name));
    files(parts, &tree, epoch)?;
    control(architecture, &tree)?;
    // dpkg-deb replaces only times that are newer than this one.
    command("find")
        .arg(&tree)
        .args(["-exec", "touch", "--no-dereference", "--date", &epoch.for_tar(), "{}", "+"])
        .run()?;
    epoch
        .tell(command("dpkg-deb"))
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(&tree)
        .arg(out.join(name))
        .run()?;
    step.done();
    Ok(())
}

/// Writes the files that the package installs.
fn files(parts: &Parts<'_>, tree: &Path, epoch: Epoch) -> Result<()> {
    let usr = tree.join("usr");
    let doc = usr.join("share/doc/afterword-collector");
    put(parts.program, &usr.join("bin/afterword-collector"), 0o755)?;
    put(&ours("debian/afterword.toml"), &tree.join("etc/afterword/afterword.toml"), 0o640)?;
    for unit in ["afterword.service", "afterword.socket"] {
        put(&ours("unit").join(unit), &tree.join("lib/systemd/system").join(unit), 0o644)?;
    }
    put(&ours("debian/copyright"), &doc.join("copyright"), 0o644)?;
    put(
        &ours("debian/lintian-overrides"),
        &usr.join("share/lintian/overrides/afterword-collector"),
        0o644,
    )?;
    put_compressed(&fs::read(parts.sbom)?, &doc.join("sbom.cdx.json.gz"))?;
    put_compressed(changelog(epoch)?.as_bytes(), &doc.join("changelog.gz"))?;
    for page in super::artefacts(&parts.reference.join("man"))? {
        let name = format!("{}.gz", super::name(&page));
        put_compressed(&fs::read(&page)?, &usr.join("share/man/man1").join(name))?;
    }
    let completions = parts.reference.join("completions");
    for (from, to) in [
        ("afterword-collector.bash", "bash-completion/completions/afterword-collector"),
        ("afterword-collector.fish", "fish/vendor_completions.d/afterword-collector.fish"),
        ("_afterword-collector", "zsh/vendor-completions/_afterword-collector"),
    ] {
        put(&completions.join(from), &usr.join("share").join(to), 0o644)?;
    }
    Ok(())
}

/// The changelog in Debian's form. It only names this version; CHANGELOG.md lists the changes.
fn changelog(epoch: Epoch) -> Result<String> {
    let date = epoch.tell(command("date")).args(["--utc", "--rfc-email", "--date"]);
    let date = date.arg(epoch.for_tar()).output()?;
    Ok(format!(
        "afterword-collector ({VERSION}) stable; urgency=medium\n\n  * Release {VERSION}; CHANGELOG.md \
         says what is new.\n\n -- {MAINTAINER}  {}\n",
        date.trim()
    ))
}

const MAINTAINER: &str = "The Afterword contributors <afterword@localhost.localdomain>";

/// Writes the control files: the fields, the scripts, and the list of files that the owner may edit.
fn control(architecture: Architecture, tree: &Path) -> Result<()> {
    let folder = tree.join("DEBIAN");
    let mut kilobytes = 0;
    let mut sums = String::new();
    for file in super::files_below(tree)? {
        kilobytes += fs::metadata(&file)?.len().div_ceil(1024);
        let relative = file.strip_prefix(tree)?.display().to_string();
        let sum = command("md5sum").arg(&file).output()?;
        let sum = sum.split_whitespace().next().unwrap_or_default();
        if !relative.starts_with("etc/") {
            sums.push_str(&format!("{sum}  {relative}\n"));
        }
    }
    write(
        &folder.join("control"),
        &format!(
            "Package: afterword-collector\n\
             Version: {VERSION}\n\
             Architecture: {}\n\
             Maintainer: {MAINTAINER}\n\
             Installed-Size: {kilobytes}\n\
             Depends: adduser, init-system-helpers (>= 1.52)\n\
             Section: web\n\
             Priority: optional\n\
             Description: takes the answers of Afterword's recommendation survey\n \
              Asks a shop's customers how likely they are to recommend it, keeps what they\n \
              answer in one file, and shows the score with its uncertainty, the comments and\n \
              what they are about. Needs no database server and no mail server.\n",
            architecture.name
        ),
        0o644,
    )?;
    write(&folder.join("conffiles"), "/etc/afterword/afterword.toml\n", 0o644)?;
    write(&folder.join("md5sums"), &sums, 0o644)?;
    for script in ["postinst", "prerm", "postrm"] {
        put(&ours("debian").join(script), &folder.join(script), 0o755)?;
    }
    Ok(())
}
