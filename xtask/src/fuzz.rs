//! `cargo xtask fuzz`: feeds every parser for a while with inputs that reach further and further into it.
//!
//! The targets are tests beside the parsers (`fuzz_…`, with bolero). `cargo test` runs them too, with
//! what is in their folder `__fuzz__/NAME/corpus` and some random inputs; here libFuzzer makes the
//! inputs, guided by coverage. It keeps those that reached something new in `target/fuzz/NAME`, and
//! starts with them the next time. What fails is kept in `target/fuzz/NAME-crashes`: once it is mended,
//! move it to the target's corpus, where it stays.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    places::root,
    run::{Step, cargo, target},
    tools,
};

/// A parser: the package, its test, and the folder of the test's file.
struct Target {
    package: &'static str,
    test: &'static str,
    folder: &'static str,
}

const fn target_of(package: &'static str, test: &'static str, folder: &'static str) -> Target {
    Target { package, test, folder }
}

const RESPONSE: &str = "afterword-response";
const COLLECTOR: &str = "afterword-collector";
const WIDGET: &str = "afterword";

const TARGETS: [Target; 18] = [
    target_of(RESPONSE, "fuzz_json", "response/tests"),
    target_of(RESPONSE, "fuzz_form", "response/tests"),
    target_of(COLLECTOR, "exchange::run::tests::fuzz_file", "collector/src/exchange"),
    target_of(COLLECTOR, "exchange::cell::tests::fuzz_cell", "collector/src/exchange"),
    target_of(COLLECTOR, "exchange::score::tests::fuzz_score", "collector/src/exchange"),
    target_of(COLLECTOR, "exchange::dates::tests::fuzz_dates", "collector/src/exchange"),
    target_of(
        COLLECTOR,
        "exchange::export_query::tests::fuzz_export_query",
        "collector/src/exchange",
    ),
    target_of(COLLECTOR, "api::import::tests::fuzz_import_query", "collector/src/api"),
    target_of(COLLECTOR, "query::tests::fuzz_query", "collector/src/query"),
    target_of(COLLECTOR, "store::responses::tests::fuzz_cursor", "collector/src/store"),
    target_of(COLLECTOR, "store::marks::tests::fuzz_marks", "collector/src/store"),
    target_of(COLLECTOR, "config::file::tests::fuzz_settings", "collector/src/config"),
    target_of(COLLECTOR, "survey::tests::fuzz_survey", "collector/src"),
    target_of(COLLECTOR, "redact::tests::fuzz_redact", "collector/src/redact"),
    target_of(COLLECTOR, "http::negotiate::tests::fuzz_accept", "collector/src/http"),
    target_of(COLLECTOR, "ingest::noscript::tests::fuzz_noscript", "collector/src/ingest"),
    target_of(WIDGET, "delivery::tests::fuzz_retry_after", "src"),
    target_of(WIDGET, "settings::tests::fuzz_attributes", "src/settings"),
];

impl Target {
    /// As its folders are called.
    fn name(&self) -> &'static str {
        self.test.rsplit_once("fuzz_").map_or(self.test, |(_, name)| name)
    }
}

/// Feeds each parser whose name contains `filter` for so many seconds. Goes on to the next where one
/// fails, and fails at the end.
pub(crate) fn run(filter: &str, seconds: u32) -> Result<()> {
    tools::for_fuzzing()?;
    let mut failed = Vec::new();
    for fuzzed in TARGETS.iter().filter(|fuzzed| fuzzed.name().contains(filter)) {
        let step = Step::begin(&format!("Fuzzing {} for {seconds} s", fuzzed.name()));
        let corpus = target()?.join("fuzz").join(fuzzed.name());
        let crashes = target()?.join("fuzz").join(format!("{}-crashes", fuzzed.name()));
        fs::create_dir_all(&corpus)?;
        let kept = root().join(fuzzed.folder).join("__fuzz__").join(fuzzed.name()).join("corpus");
        if kept.exists() {
            copy(&kept, &corpus)?;
        }
        let outcome = cargo(["bolero", "test", "--package", fuzzed.package, fuzzed.test])
            .args(["--engine", "libfuzzer", "--sanitizer", "NONE"])
            .args(["--time", &format!("{seconds}s"), "--timeout", "20s"])
            .arg("--corpus-dir")
            .arg(&corpus)
            .arg("--crashes-dir")
            .arg(&crashes)
            .run();
        if let Err(error) = outcome {
            eprintln!("{error}");
            failed.push(fuzzed.name());
        }
        step.done();
    }
    ensure!(failed.is_empty(), "these failed: {}; see target/fuzz", failed.join(", "));
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every `fuzz_…` in the sources.
    fn written() -> Vec<String> {
        let mut found = Vec::new();
        let mut folders =
            vec![root().join("src"), root().join("response"), root().join("collector")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    let tests = text.split("fn fuzz_").skip(1);
                    found.extend(tests.filter_map(|it| Some(it.split_once('(')?.0.to_owned())));
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn every_target_there_is_is_fuzzed() {
        let mut listed: Vec<&str> = TARGETS.iter().map(Target::name).collect();
        listed.sort_unstable();
        assert_eq!(listed, written());
    }
}
