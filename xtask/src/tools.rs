//! The tools, at exact versions: found on the PATH, or else installed outside the clone.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::places::{cache, locked, npm as npm_folder, path, root};
use crate::run::{Step, command};

/// A tool from crates.io.
struct Tool {
    /// The package.
    package: &'static str,
    /// The program that it installs.
    program: &'static str,
    version: &'static str,
    /// Whether it is built with its own lock file.
    locked: bool,
}

const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.130",
    // Its lock file names a version that the registry has withdrawn.
    locked: false,
};
const TRUNK: Tool =
    Tool { package: "trunk", program: "trunk", version: "0.22.0-beta.1", locked: true };
const GECKODRIVER: Tool =
    Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1", locked: true };
const CARGO_DENY: Tool =
    Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", locked: true };

const SCHEMATHESIS: &str = "4.32.5";

/// Installs the tools for building the widget.
pub(crate) fn for_building() -> Result<()> {
    rust()?;
    cargo_install(&WASM_BINDGEN)?;
    cargo_install(&TRUNK)?;
    npm(Npm::Build)
}

/// Installs the tools for the tests in browsers, beyond those for building.
pub(crate) fn for_testing() -> Result<()> {
    browsers(&Engine::ALL)?;
    npm(Npm::Tests)
}

/// Installs the tools for linting.
pub(crate) fn for_linting() -> Result<()> {
    rust()?;
    npm(Npm::Build)?;
    cargo_install(&CARGO_DENY)
}

/// Installs Schemathesis into its own Python environment outside the clone; returns the program's path.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    venv()?;
    let folder = python("schemathesis", &format!("schemathesis=={SCHEMATHESIS}\n"))?;
    Ok(folder.join("bin/schemathesis"))
}

/// Installs what makes Python environments: Python's modules `venv` and `ensurepip`, which Debian packs separately.
pub(crate) fn venv() -> Result<()> {
    let imports = command("python3").args(["-c", "import ensurepip, venv; print('both')"]);
    if imports.probe().is_some_and(|said| said.trim() == "both") {
        return Ok(());
    }
    system(
        &[("Python's modules venv and ensurepip", "python3 python3-venv")],
        "Python environments",
    )
}

/// Makes a Python environment outside the clone with these packages, in the form of a requirements file; returns its folder.
/// Each set of packages has its own, so that clones with different ones can share a cache.
pub(crate) fn python(name: &str, requirements: &str) -> Result<PathBuf> {
    let digest = Sha256::digest(requirements);
    let digest: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let folder = cache().join("python").join(format!("{name}-{digest}"));
    let installed = folder.join(".installed");
    // After an upgrade of the system's Python, the environment's has no packages any more, or cannot be started.
    let works = command(folder.join("bin/python")).args(["-c", "import pip; print('yes')"]).probe();
    if installed.exists() && works.is_some_and(|said| said.trim() == "yes") {
        return Ok(folder);
    }
    let step = Step::begin(&format!("Installing {name} from PyPI (once, outside the clone)"));
    command("python3").args(["-m", "venv", "--clear"]).arg(&folder).run()?;
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements)?;
    command(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&list)
        .run()?;
    fs::write(&installed, "")?;
    step.done();
    Ok(folder)
}

pub(crate) fn everything() -> Result<()> {
    for_building()?;
    for_testing()?;
    for_linting()
}

/// Installs the compiler's target for the widget, the standard library's source for the small build, and
/// the linters. Without rustup (a distribution's Rust) they must be installed already.
fn rust() -> Result<()> {
    let Some(installed) = command("rustup").args(["component", "list", "--installed"]).probe()
    else {
        return Ok(());
    };
    if ["rust-std-wasm32-unknown-unknown", "rust-src", "rustfmt", "clippy"]
        .iter()
        .all(|component| installed.lines().any(|line| line.starts_with(component)))
    {
        return Ok(());
    }
    let step = Step::begin("Adding to the Rust toolchain: wasm32 target, rust-src, linters");
    command("rustup").args(["target", "add", "wasm32-unknown-unknown"]).run()?;
    command("rustup").args(["component", "add", "rust-src", "rustfmt", "clippy"]).run()?;
    step.done();
    Ok(())
}

/// Installs what compiling for another target needs: the standard library, and the linker if it is not the machine's own.
pub(crate) fn for_compiling(target: &str, needed: &[(&str, &str)]) -> Result<()> {
    if let Some(installed) = command("rustup").args(["target", "list", "--installed"]).probe()
        && !installed.lines().any(|line| line == target)
    {
        let step = Step::begin(&format!("Adding to the Rust toolchain: {target}"));
        command("rustup").args(["target", "add", target]).run()?;
        step.done();
    }
    programs(needed, &format!("a linker for {target}"))
}

/// Installs missing programs of the system from their Debian packages, if that is possible.
pub(crate) fn programs(needed: &[(&str, &str)], what: &str) -> Result<()> {
    let missing: Vec<_> =
        needed.iter().copied().filter(|(program, _)| find(program).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { system(&missing, what) }
}

fn cargo_install(tool: &Tool) -> Result<()> {
    let found = command(tool.program).arg("--version").probe().unwrap_or_default();
    let version = found.split_whitespace().nth(1).unwrap_or_default();
    if version == tool.version {
        return Ok(());
    }
    let step = Step::begin(&format!(
        "Installing {} {} (once, outside the clone; some minutes)",
        tool.package, tool.version
    ));
    // Built without optimisation: an optimised build would take a quarter of an hour, and the tools run
    // only for seconds.
    let mut install = command("cargo")
        .args(["install", tool.package, "--debug", "--version"])
        .arg(format!("={}", tool.version))
        .arg("--root")
        .arg(cache().join("tools"))
        .env("CARGO_TARGET_DIR", cache().join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0");
    if tool.locked {
        install = install.arg("--locked");
    }
    install.run()?;
    step.done();
    Ok(())
}

/// Who needs packages from npm.
#[derive(Clone, Copy)]
enum Npm {
    /// The build, and the linter: the `dependencies` of xtask/npm/package.json.
    Build,
    /// The tests: its `devDependencies`, too.
    Tests,
}

/// Installs packages from npm, as locked in xtask/npm.
fn npm(whom: Npm) -> Result<()> {
    let folder = npm_folder();
    // What the tests need contains what the build needs.
    let (marks, arguments, step): (&[_], &[_], _) = match whom {
        Npm::Build => (
            &[".installed", ".installed-with-tests"],
            &["ci", "--omit=dev"],
            "Installing esbuild, terser, binaryen and TypeScript from npm",
        ),
        Npm::Tests => (
            &[".installed-with-tests"],
            &["ci"],
            "Installing axe-core, style sheets, consent tools and types of frameworks from npm",
        ),
    };
    npm_ci(&root().join("xtask/npm"), &folder, marks, arguments, step)
}

/// Installs packages from npm outside the clone, as a folder's package-lock.json locks them; returns the folder with
/// `node_modules`. `what` names them.
pub(crate) fn npm_locked(source: &Path, what: &str) -> Result<PathBuf> {
    let folder = locked(&fs::read(source.join("package-lock.json"))?);
    npm_ci(source, &folder, &[".installed"], &["ci"], &format!("Installing {what} from npm"))?;
    Ok(folder)
}

/// Installs what is locked in `source` into `folder`, unless one of the marks is there. Leaves the first mark.
fn npm_ci(
    source: &Path,
    folder: &Path,
    marks: &[&str],
    arguments: &[&str],
    step: &str,
) -> Result<()> {
    let modules = folder.join("node_modules");
    if marks.iter().any(|mark| modules.join(mark).exists()) {
        return Ok(());
    }
    if command("npm").arg("--version").probe().is_none() {
        system(&[("npm", "nodejs npm")], "Node.js with npm")?;
    }
    let step = Step::begin(step);
    fs::create_dir_all(folder)?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        if source.join(file).exists() {
            fs::copy(source.join(file), folder.join(file))?;
        }
    }
    command("npm").args(arguments).args(["--no-audit", "--no-fund"]).folder(folder).run()?;
    fs::write(modules.join(marks[0]), "")?;
    step.done();
    Ok(())
}

/// A browser's engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// As WebKitGTK.
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// The system's programs for it, with their possible names and their Debian packages. WebKit needs a display.
    const fn programs(self) -> &'static [(&'static [&'static str], &'static str)] {
        match self {
            Self::Chromium => &[(CHROMIUM, "chromium"), (&["chromedriver"], "chromium-driver")],
            Self::Firefox => &[(FIREFOX, "firefox-esr")],
            Self::WebKit => &[(&["WebKitWebDriver"], "webkit2gtk-driver"), (&["Xvfb"], "xvfb")],
        }
    }
}

/// The possible names of Chromium.
pub(crate) const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// The possible names of Firefox.
pub(crate) const FIREFOX: &[&str] = &["firefox-esr", "firefox"];

/// Installs browsers with their drivers.
pub(crate) fn browsers(engines: &[Engine]) -> Result<()> {
    let missing: Vec<_> = engines
        .iter()
        .flat_map(|engine| engine.programs())
        .filter(|(names, _)| names.iter().all(|name| find(name).is_none()))
        .map(|(names, package)| (names[0], *package))
        .collect();
    if !missing.is_empty() {
        system(&missing, "the browsers")?;
    }
    if engines.contains(&Engine::Firefox) { cargo_install(&GECKODRIVER) } else { Ok(()) }
}

/// A program's path, found on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&path()).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether this program may change the system.
pub(crate) fn is_root() -> bool {
    command("id").arg("-u").probe().is_some_and(|user| user.trim() == "0")
}

/// Installs packages of the system if possible; otherwise the error says how.
fn system(missing: &[(&str, &str)], what: &str) -> Result<()> {
    let packages: Vec<&str> = missing.iter().flat_map(|(_, names)| names.split(' ')).collect();
    let programs: Vec<&str> = missing.iter().map(|(program, _)| *program).collect();
    let advice = format!(
        "{what}: {} not found on the PATH.\n\
         On Debian or Ubuntu: sudo apt-get install {}\n\
         Elsewhere: install programs of these names with your package manager, and run this again.",
        programs.join(", "),
        packages.join(" ")
    );
    if find("apt-get").is_none() {
        bail!(advice);
    }
    let sudo = !is_root();
    if sudo && command("sudo").args(["-n", "true"]).probe().is_none_or(|said| !said.is_empty()) {
        bail!(advice);
    }
    let step = Step::begin(&format!("Installing {what} with apt-get: {}", packages.join(" ")));
    let apt = |arguments: &[&str]| {
        let program =
            if sudo { command("sudo").args(["-n", "apt-get"]) } else { command("apt-get") };
        program.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).run()
    };
    apt(&["update", "--quiet", "--quiet"])
        .and_then(|()| {
            let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
            apt(&[&install[..], &packages].concat())
        })
        .context(advice)?;
    step.done();
    Ok(())
}
