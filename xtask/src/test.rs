//! `cargo xtask test` and `cargo xtask lint`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::checkout;
use crate::places::{self, root};
use crate::run::{Program, Step, cargo, command, target};
use crate::{dist, locales, package, rooms, size, tools};

/// Runs every test. Stops at the first kind that fails.
pub(crate) fn all() -> Result<()> {
    tools::for_building()?;
    tools::for_testing()?;
    dist::build()?;
    size::check()?;
    reproducible()?;

    types()?;

    let step = Step::begin("Tests on the host");
    cargo(["test", "--quiet", "--workspace", "--exclude", "afterword-e2e"])
        .args(["--exclude", "afterword-yew-page", "--all-features"])
        .run()?;
    step.done();

    package::integrations()?;
    let mut not_run = Vec::from_iter(shop(None)?);
    not_run.extend(pages()?);

    let step = Step::begin("Tests of the widget in WebAssembly, in headless Chromium");
    let driver = tools::find("chromedriver").context("chromedriver")?;
    cargo(["test", "--package", "afterword", "--test", "wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env("CHROMEDRIVER", driver)
        .run()?;
    step.done();

    end_to_end("")?;
    if !not_run.is_empty() {
        println!("\nNot run here: {}.", not_run.join("; "));
    }
    Ok(())
}

/// Places an order in a real shop and answers the question, with this collector or a built one. Returns what could not be
/// run.
pub(crate) fn shop(collector: Option<PathBuf>) -> Result<Option<String>> {
    let program = collector.map_or_else(built, Ok)?;
    package::order_and_answer(&program, &target()?.join("shop"))
}

/// Answers the question on pages with React and Vue, which have the npm package, with this collector, in three browsers.
/// Returns what could not be run.
pub(crate) fn pages() -> Result<Vec<String>> {
    package::answer_in_pages(&built()?, &target()?.join("pages"))
}

/// The collector, built.
fn built() -> Result<PathBuf> {
    let step = Step::begin("Building the collector");
    cargo(["build", "--quiet", "--package", "afterword-collector"]).run()?;
    step.done();
    Ok(target()?.join("debug/afterword-collector"))
}

/// Checks the types in dist/ and in the npm package, as pages use them, with the types of React, Vue and Svelte.
fn types() -> Result<()> {
    let step = Step::begin("The types in dist/, as pages, React, Vue and Svelte use them");
    let modules = places::npm().join("node_modules");
    // The packages are outside the clone, so only a file that is written here can name them.
    let project = serde_json::json!({
        "extends": root().join("tests/types/tsconfig.json"),
        "include": [root().join("tests/types")],
        "compilerOptions": {
            // As in the package, where dist/ is beside the loader.
            "rootDirs": [root().join("integrations/npm/dist"), root().join("dist")],
            "paths": {
                "afterword": [root().join("dist/afterword.d.ts")],
                "afterword-survey/*": [root().join("integrations/npm/*.d.ts")],
                "react": [modules.join("@types/react/index.d.ts")],
                "react/*": [modules.join("@types/react/*")],
                "vue": [modules.join("vue")],
                "svelte/*": [modules.join("svelte/*")],
            },
        },
    });
    let file = target()?.join("types.json");
    fs::write(&file, project.to_string())?;
    command("tsc").arg("--project").arg(&file).run()?;
    step.done();
    Ok(())
}

/// Builds dist/ from another folder, and checks that the bytes are the same.
fn reproducible() -> Result<()> {
    let step = Step::begin("Building the widget once more, from another folder");
    // With its own target folder: programs built there contain its path, and would overwrite ours.
    let elsewhere = target()?.join("elsewhere");
    let source = elsewhere.join("source");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    checkout::copy_sources(&source)?;
    cargo(["run", "--quiet", "--package", "xtask", "--", "dist"])
        .folder(&source)
        .env("CARGO_TARGET_DIR", elsewhere.join("target"))
        .run()?;
    size::same(&root().join("dist"), &source.join("dist"))?;
    step.done();
    Ok(())
}

/// Runs the tests in three browsers whose name contains `filter`, on the existing dist/.
pub(crate) fn end_to_end(filter: &str) -> Result<()> {
    in_browsers()?.arg(filter).run()
}

/// Runs a day of route changes in one page, in three browsers, on the existing dist/; prints the page's
/// memory every hour.
pub(crate) fn soak() -> Result<()> {
    in_browsers()?.arg("a_day").env("AFTERWORD_SOAK", "1").run()
}

/// Measures how often the report's verdicts are wrong, in the order of the tests' names.
pub(crate) fn verdicts() -> Result<()> {
    cargo(["test", "--quiet", "--package", "afterword-statistics", "--test", "verdicts"])
        .args(["--", "--nocapture", "--test-threads=1"])
        .run()
}

/// The way in which a collector is ended.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum End {
    /// `kill -9`.
    Kill,
    /// A restart by a service manager that holds the socket.
    Restart,
}

/// Ends a collector this many times under load.
pub(crate) fn campaign(end: End, times: u32) -> Result<()> {
    let (name, variable) = match end {
        End::Kill => ("campaign::killed_under_load", "AFTERWORD_KILLS"),
        End::Restart => ("connections::restarts_under_load", "AFTERWORD_RESTARTS"),
    };
    cargo(["test", "--quiet", "--package", "afterword-collector", "--test", "collector", name])
        .args(["--", "--nocapture"])
        .env(variable, times.to_string())
        .run()
}

/// The work to measure.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Bench {
    /// Accepting answers, beside a bare loop that writes the same rows.
    Ingest,
    /// Memory over a day of a busy shop, which takes an hour.
    Day,
    /// Every filter on a year of 50,000 answers and on a large one.
    Filters,
    /// The report's page, beside bare queries of the same roll-ups.
    Report,
}

/// Measures the collector.
pub(crate) fn bench(what: Bench) -> Result<()> {
    let name = match what {
        Bench::Ingest => "ingest",
        Bench::Day => "day",
        Bench::Filters => "filters",
        Bench::Report => "report",
    };
    cargo(["bench", "--quiet", "--package", "afterword-collector", "--bench", name]).run()
}

/// Runs every case of the scenarios that `test` samples, in three browsers, on the existing dist/.
pub(crate) fn matrix() -> Result<()> {
    for sampled in ["layout::in_", "browsers::"] {
        in_browsers()?.arg(sampled).env("AFTERWORD_MATRIX", "1").run()?;
    }
    Ok(())
}

/// The browsers' names in the names of tests.
const BROWSERS: [&str; 3] = ["chromium", "firefox", "webkit"];

/// Runs axe on every page of which `test` samples, on the existing dist/: in one browser, or in all three.
pub(crate) fn axe(browser: Option<&str>) -> Result<()> {
    let mut program = in_browsers()?.arg("axe::").env("AFTERWORD_AXE_WHOLE", "1");
    if let Some(browser) = browser {
        ensure!(BROWSERS.contains(&browser), "the browsers are {}", BROWSERS.join(", "));
        for other in BROWSERS.iter().filter(|other| **other != browser) {
            program = program.arg("--skip").arg(format!("::{other}"));
        }
    }
    program.arg("--nocapture").run()
}

/// Has Orca read the survey in Firefox, on the existing dist/, and checks what it says.
pub(crate) fn orca() -> Result<()> {
    let needed = [
        ("orca", "orca"),
        ("speech-dispatcher", "speech-dispatcher"),
        ("dbus-run-session", "dbus"),
        ("gdbus", "libglib2.0-bin"),
    ];
    tools::programs(&needed, "a screen reader")?;
    let script = command("sh").args(["-c", include_str!("orca.sh"), "orca.sh"]);
    let tests = ["cargo", "test", "--quiet", "--package", "afterword-e2e", "--"];
    with_browsers(script.args(tests))?.args(["spoken::", "--nocapture", "--test-threads=1"]).run()
}

/// The command that runs end-to-end tests, without a filter.
fn in_browsers() -> Result<Program> {
    with_browsers(cargo(["test", "--quiet", "--package", "afterword-e2e", "--"]))
}

/// A command that runs end-to-end tests, with all that they need.
fn with_browsers(program: Program) -> Result<Program> {
    tools::for_building()?;
    tools::for_testing()?;
    let step = Step::begin("Building a page that is itself a Yew app");
    let page = ["build", "--quiet", "--package", "afterword-yew-page"];
    cargo(page).args(["--target", "wasm32-unknown-unknown"]).run()?;
    command("wasm-bindgen")
        .arg(target()?.join("wasm32-unknown-unknown/debug/afterword-yew-page.wasm"))
        .args(["--target", "web", "--no-typescript", "--out-name", "yew-page", "--out-dir"])
        .arg(root().join("target/yew-page"))
        .run()?;
    step.done();

    Step::begin("Tests end to end, in Chromium, Firefox and WebKit");
    // The last line belongs to the test runner.
    let program = program
        .env("AFTERWORD_DIST", root().join("dist"))
        .env("AFTERWORD_YEW_PAGE", root().join("target/yew-page"))
        .env("AFTERWORD_NPM", places::npm().join("node_modules"))
        .env("AFTERWORD_AXE", places::npm().join("node_modules/axe-core/axe.min.js"));
    Ok(program)
}

/// Checks formatting, clippy for the host and for wasm32, the script's types, circles among rooms, and the
/// licences of the dependencies.
pub(crate) fn lint() -> Result<()> {
    tools::for_linting()?;
    let step = Step::begin("Formatting");
    cargo(["fmt", "--all", "--check"]).run()?;
    step.done();
    let step = Step::begin("Clippy for the host");
    cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"])
        .args(["--", "-D", "warnings"])
        .run()?;
    step.done();
    let step = Step::begin("Clippy for wasm32");
    cargo(["clippy", "--quiet", "--package", "afterword", "--lib", "--bins", "--test", "wasm"])
        .args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"])
        .run()?;
    step.done();
    let step = Step::begin("Types of the script, and of what it hands over to the widget");
    command("tsc").args(["--project", "script"]).run()?;
    step.done();
    let step = Step::begin("No circle among rooms, and SQL in one of them");
    rooms::check()?;
    step.done();
    let step = Step::begin("The languages' files");
    locales::check()?;
    step.done();
    let step = Step::begin("Licences and sources of the dependencies");
    // Without `--workspace` it would check only what the widget depends on.
    cargo(["deny", "--workspace", "check", "licenses", "bans", "sources"]).run()?;
    step.done();
    Ok(())
}
