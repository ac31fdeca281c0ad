//! `cargo xtask test` and `cargo xtask lint`.

use anyhow::{Context, Result};

use crate::run::{Step, cargo, command};
use crate::{dist, root, tools};

/// Every test there is. Stops at the first kind that fails.
pub(crate) fn all() -> Result<()> {
    tools::for_building()?;
    tools::for_testing()?;
    dist::build()?;

    let step = Step::begin("Tests on the host");
    cargo(["test", "--quiet", "--workspace", "--exclude", "afterword-e2e"])
        .args(["--exclude", "afterword-yew-page", "--all-features"])
        .run()?;
    step.done();

    let step = Step::begin("Tests of the widget in WebAssembly, in headless Chromium");
    let driver = tools::find("chromedriver").context("chromedriver")?;
    cargo(["test", "--package", "afterword", "--test", "wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env("CHROMEDRIVER", driver)
        .run()?;
    step.done();

    end_to_end("")
}

/// The tests in three browsers whose name contains `filter`, on the dist/ that is there.
pub(crate) fn end_to_end(filter: &str) -> Result<()> {
    tools::for_building()?;
    tools::for_testing()?;
    let step = Step::begin("Building a page that is itself a Yew app");
    let page = ["build", "--quiet", "--package", "afterword-yew-page"];
    cargo(page).args(["--target", "wasm32-unknown-unknown"]).run()?;
    let metadata = cargo(["metadata", "--format-version=1", "--no-deps"]).output()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let target = metadata["target_directory"].as_str().context("cargo metadata")?;
    command("wasm-bindgen")
        .arg(format!("{target}/wasm32-unknown-unknown/debug/afterword-yew-page.wasm"))
        .args(["--target", "web", "--no-typescript", "--out-name", "yew-page", "--out-dir"])
        .arg(root().join("target/yew-page"))
        .run()?;
    step.done();

    let step = Step::begin("Tests end to end, in Chromium, Firefox and WebKit");
    cargo(["test", "--quiet", "--package", "afterword-e2e", "--", filter])
        .env("AFTERWORD_DIST", root().join("dist"))
        .env("AFTERWORD_YEW_PAGE", root().join("target/yew-page"))
        .env("AFTERWORD_AXE", tools::cache().join("npm/node_modules/axe-core/axe.min.js"))
        .run()?;
    step.done();
    Ok(())
}

/// Formatting, clippy for the host and for wasm32, and the licences of what is built in.
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
    let step = Step::begin("Licences and sources of the dependencies");
    cargo(["deny", "--offline", "check", "licenses", "bans", "sources"]).run()?;
    step.done();
    Ok(())
}
