//! `cargo xtask package --check`: tries the files in `target/package` like an owner. At the end it lists everything that
//! could not be tried on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::collector::{ANSWER, Collector, curl};
use super::{
    ARM64, Architecture, SUMS, VERSION, X86_64, booted, compose, docker, npm, oscar, pages, podman,
    proxies, sha256, sign, wordpress,
};
use crate::places::root;
use crate::run::{Step, command};
use crate::tools::{self, is_root};

/// Tries everything.
pub(super) fn everything(out: &Path, public_key: Option<&Path>) -> Result<()> {
    let work = out.with_file_name("package-check");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    let mut not_tried: Vec<String> = Vec::new();

    let step = Step::begin("The checksums");
    command("sha256sum").args(["--check", "--quiet", SUMS]).folder(out).run()?;
    step.done();
    not_tried.extend(sign::check(public_key, out, &work)?);

    for architecture in [X86_64, ARM64] {
        if let Some(why) = archive(architecture, out, &work)? {
            not_tried.push(why);
        }
        if let Some(why) = package(architecture, out, &work)? {
            not_tried.push(why);
        }
        not_tried.extend(booted::run(architecture, out, &work.join("booted"))?);
    }
    let step = Step::begin(
        "The container image: every part and its digest, and the program in nothing but it",
    );
    if let Some(why) = image(out, &work)? {
        not_tried.push(why);
    }
    step.done();
    for architecture in [X86_64, ARM64] {
        not_tried.extend(docker::run(architecture, out)?);
    }
    for architecture in [X86_64, ARM64] {
        not_tried.extend(podman::run(
            architecture,
            out,
            &work.join("rootfs"),
            &work.join("podman"),
        )?);
    }
    not_tried.extend(compose::read(out)?);

    integrations()?;
    npm(out, &work)?;

    let program = program(X86_64, &work);
    if program.exists() {
        not_tried.extend(pages::answer(&out.join(npm::file()), &program, &work.join("pages"))?);
        not_tried.extend(oscar::order_and_answer(&program, &work.join("oscar"))?);
        not_tried.extend(wordpress::play(&program, out, &work.join("wordpress"))?);
        let missing = proxies::play(&program, &work)?;
        not_tried.extend(missing.into_iter().map(|it| format!("{it} in front of the collector")));
    } else {
        not_tried
            .push("shops, pages and proxies with the collector, without one for x86-64".to_owned());
    }
    fs::remove_dir_all(&work)?;
    println!("\nWhat was tried works. Not tried here: {}.", not_tried.join("; "));
    Ok(())
}

/// The path of the unpacked binary.
fn program(architecture: Architecture, work: &Path) -> PathBuf {
    let machine = architecture.machine;
    work.join(format!("afterword-collector-{VERSION}-linux-{machine}/afterword-collector"))
}

/// Unpacks the archive and runs the binary from its start over a stored answer to its end. Returns what could not be tried.
fn archive(architecture: Architecture, out: &Path, work: &Path) -> Result<Option<String>> {
    let machine = architecture.machine;
    let name = format!("afterword-collector-{VERSION}-linux-{machine}.tar.gz");
    if !out.join(&name).exists() {
        return Ok(Some(format!("{name}, which is not there")));
    }
    let step = Step::begin(&format!("{name}: from nothing to the first stored answer"));
    let begun = Instant::now();
    command("tar").arg("--extract").arg("--file").arg(out.join(&name)).folder(work).run()?;
    let program = program(architecture, work);
    let bytes = fs::read(&program)?;
    let loader = b"/ld-linux-";
    ensure!(!bytes.windows(loader.len()).any(|part| part == loader), "{name} is not static");
    let Ok(through) = architecture.emulator() else {
        return Ok(Some(format!("{name}, for want of an emulator")));
    };
    let mut collector = Collector::start_through(through, &program, &[])?;
    let origin = format!("http://127.0.0.1:{}", collector.port);
    let answer = curl(&["--json", ANSWER, &format!("{origin}/v1/responses")])?;
    ensure!(answer.contains("\"revision\":1"), "an answer was not taken: {answer}");
    let token = format!("Authorization: Bearer {}", collector.token);
    let report = curl(&["--header", &token, &format!("{origin}/v1/report")])?;
    let report: Value = serde_json::from_str(&report).context(report)?;
    ensure!(report["answers"] == 1, "the report does not count it: {report}");
    ensure!(curl(&[&format!("{origin}/afterword.js")])?.contains("v1/responses"), "no script");
    let seconds = begun.elapsed().as_secs_f64();
    let folder = collector.folder.clone();
    ensure!(collector.stop()?, "{name} does not end well at SIGTERM");
    ensure!(!folder.join("afterword.db-wal").exists(), "the database was not closed");
    eprintln!("    unpacked, started and answered in {seconds:.1} s");
    step.done();
    Ok(None)
}

/// Checks the Debian package, and that its settings and data are where its units expect them.
fn package(architecture: Architecture, out: &Path, work: &Path) -> Result<Option<String>> {
    let name = format!("afterword-collector_{VERSION}_{}.deb", architecture.name);
    let file = out.join(&name);
    if !file.exists() {
        return Ok(Some(format!("{name}, which is not there")));
    }
    let step = Step::begin(&format!("{name}: contents, fields, lintian"));
    let tree = work.join(format!("deb-{}", architecture.name));
    command("dpkg-deb").arg("--extract").arg(&file).arg(&tree).run()?;
    let contents = command("dpkg-deb").arg("--contents").arg(&file).output()?;
    for line in contents.lines() {
        ensure!(line.contains(" root/root "), "not root's: {line}");
    }
    let unit = fs::read_to_string(tree.join("lib/systemd/system/afterword.service"))?;
    let started =
        unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).context(name.clone())?;
    for word in started.split(' ').filter(|word| word.starts_with('/')) {
        ensure!(tree.join(&word[1..]).exists(), "{word} is started and not in the package");
    }
    if tools::programs(&[("lintian", "lintian")], "what looks Debian packages over").is_err() {
        return Ok(Some(format!("lintian on {name}")));
    }
    let mut lintian =
        command("lintian").args(["--fail-on", "error,warning", "--tag-display-limit", "0"]);
    if is_root() {
        lintian = lintian.arg("--allow-root");
    }
    lintian.arg(&file).run()?;
    step.done();
    Ok(None)
}

/// Runs the shops' plugins and the recipes of docs/SHOPS.md with stubs of the shops, and the npm package's loader with a minimal document.
pub(crate) fn integrations() -> Result<()> {
    let step = Step::begin("The shops' plugins and the npm package's loader, with stubs");
    tools::programs(&[("php", "php-cli")], "what runs the plugins")?;
    for shop in ["woocommerce", "opencart", "shopware", "recipes"] {
        let folder = root().join("integrations").join(shop);
        for file in super::files_below(&folder)? {
            if file.extension().is_some_and(|it| it == "php") {
                command("php").arg("-l").arg(&file).output()?;
            }
        }
        command("php").arg(folder.join("tests/run.php")).run()?;
    }
    let npm = root().join("integrations/npm");
    command("node").args(["--test", "tests/load.test.js"]).folder(&npm).output()?;
    step.done();
    Ok(())
}

/// Installs the npm package into a project, and imports every export.
fn npm(out: &Path, work: &Path) -> Result<()> {
    let step = Step::begin("The npm package: installed, every export found");
    let page = work.join("page");
    fs::create_dir_all(&page)?;
    fs::write(
        page.join("package.json"),
        r#"{ "name": "page", "private": true, "type": "module" }"#,
    )?;
    command("npm")
        .args(["install", "--no-audit", "--no-fund", "--offline", "--legacy-peer-deps"])
        .arg(out.join(npm::file()))
        .folder(&page)
        .output()?;
    command("node_modules/.bin/afterword-survey")
        .args(["copy", "public/afterword"])
        .folder(&page)
        .output()?;
    ensure!(page.join("public/afterword/afterword.js").exists(), "the copy step copies nothing");
    let found = "for (const it of ['', '/react', '/vue', '/dist/afterword.js', '/package.json']) \
                 console.log(import.meta.resolve('afterword-survey' + it))";
    let found = command("node").args(["--input-type=module", "--eval", found]).folder(&page);
    for address in found.output()?.lines() {
        let file = address.strip_prefix("file://").context(address.to_owned())?;
        ensure!(Path::new(file).exists(), "{file} is exported and not there");
    }
    step.done();
    Ok(())
}

/// Unpacks the image from its index to its layers, and runs its program, which must be able to write its data. Returns
/// what could not be tried.
fn image(out: &Path, work: &Path) -> Result<Option<String>> {
    let folder = work.join("image");
    fs::create_dir_all(&folder)?;
    command("tar")
        .arg("--extract")
        .arg("--file")
        .arg(out.join(format!("afterword-collector-{VERSION}-oci.tar")))
        .folder(&folder)
        .run()?;
    let blob = |descriptor: &Value| -> Result<PathBuf> {
        let digest = descriptor["digest"].as_str().context("a digest")?;
        let digest = digest.strip_prefix("sha256:").context("of SHA-256")?;
        let path = folder.join("blobs/sha256").join(digest);
        ensure!(sha256(&path)? == digest, "{} is not what its name says", path.display());
        ensure!(descriptor["size"] == fs::metadata(&path)?.len(), "{}: size", path.display());
        Ok(path)
    };
    let json = |path: &Path| -> Result<Value> { Ok(serde_json::from_slice(&fs::read(path)?)?) };
    let top = json(&folder.join("index.json"))?;
    let index = json(&blob(&top["manifests"][0])?)?;
    let manifests = index["manifests"].as_array().context("manifests")?;
    ensure!(!manifests.is_empty(), "the image is for no architecture");
    let mut environment = Vec::new();
    for descriptor in manifests {
        let manifest = json(&blob(descriptor)?)?;
        let config = json(&blob(&manifest["config"])?)?;
        ensure!(config["architecture"] == descriptor["platform"]["architecture"], "{config}");
        let layer = blob(&manifest["layers"][0])?;
        let listed = command("tar").args(["--list", "--verbose", "--numeric-owner", "--file"]);
        let listed = listed.arg(&layer).output()?;
        ensure!(listed.contains("0/0") && listed.contains("65532/65532"), "{listed}");
        let unpacked = command("gzip").args(["--decompress", "--stdout"]).arg(&layer);
        let digest = work.join("layer.tar");
        unpacked.start(fs::File::create(&digest)?.into())?.wait()?;
        let expected = format!("sha256:{}", sha256(&digest)?);
        ensure!(config["rootfs"]["diff_ids"][0] == expected.as_str(), "{config}");
        if config["architecture"] == X86_64.name {
            let rootfs = work.join("rootfs");
            fs::create_dir_all(&rootfs)?;
            let unpack = command("tar").args(["--extract", "--numeric-owner", "--file"]);
            unpack.arg(&digest).arg("--directory").arg(&rootfs).run()?;
            let all = config["config"]["Env"].as_array().into_iter().flatten();
            environment.extend(all.filter_map(|it| it.as_str().map(str::to_owned)));
        }
    }
    if !is_root() {
        return Ok(Some("the program in nothing but the image, which takes root".to_owned()));
    }
    // Like a container runtime, but without isolation: with the image's root, user and environment.
    let seeded = command("env")
        .args(["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
        .args(environment)
        .args(["chroot", "--userspec=65532:65532"])
        .arg(work.join("rootfs"))
        .args(["/afterword-collector", "seed", "--answers", "60"])
        .output()?;
    ensure!(seeded.contains("60 answers were added"), "{seeded}");
    Ok(None)
}
