//! `cargo xtask fuzz`: tests every parser with inputs that libFuzzer makes, guided by coverage.
//!
//! The targets are tests beside the parsers (`fuzz_…`, with bolero). `cargo test` runs them, too, with the
//! inputs in `__fuzz__/NAME/corpus` and some random ones. libFuzzer stores inputs that reached new code in
//! `target/fuzz/NAME`, and starts with them the next time. Inputs that fail are in
//! `target/fuzz/NAME-crashes`: once the fault is fixed, move them to the target's corpus.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    places::root,
    run::{Step, cargo, command, target},
};

/// A parser's test in the sources.
#[derive(Debug)]
struct Target {
    package: &'static str,
    /// The test's path: `exchange::cell::tests::fuzz_cell`.
    test: String,
    /// The program that contains it, if it is not the library's: `lenient` for `tests/lenient.rs`.
    program: Option<String>,
    /// The folder of the test's file and of its corpus.
    folder: PathBuf,
}

/// The packages that have targets, each with the folder of its sources.
const PACKAGES: [(&str, &str); 3] = [
    ("afterword", "src"),
    ("afterword-response", "response/tests"),
    ("afterword-collector", "collector/src"),
];

impl Target {
    /// The name of its folders.
    fn name(&self) -> &str {
        self.test.rsplit_once("fuzz_").map_or(&self.test, |(_, name)| name)
    }
}

/// Every `fn fuzz_…` of the packages, by its name.
fn targets() -> Result<Vec<Target>> {
    let mut found = Vec::new();
    for (package, base) in PACKAGES {
        let mut folders = vec![root().join(base)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") {
                    let text = fs::read_to_string(&path)?;
                    // The first part is the text before the first target.
                    for (name, _) in
                        text.split("fn fuzz_").skip(1).filter_map(|it| it.split_once('('))
                    {
                        let (program, test) = test_path(path.strip_prefix(root())?, name);
                        found.push(Target { package, test, program, folder: folder.clone() });
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(found)
}

/// The program and the path of the test `fuzz_NAME` in a file, as `cargo test` prints it. A file of `tests/` is a program
/// of its own, so its tests have no module.
fn test_path(file: &Path, name: &str) -> (Option<String>, String) {
    let parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
    let Some(source) = parts.iter().position(|part| *part == "src") else {
        let program = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        return (program, format!("fuzz_{name}"));
    };
    let mut modules: Vec<&str> = parts[source + 1..]
        .iter()
        .map(|part| part.strip_suffix(".rs").unwrap_or(part))
        .filter(|part| *part != "mod")
        .collect();
    if modules.last() != Some(&"tests") {
        modules.push("tests");
    }
    (None, format!("{}::fuzz_{name}", modules.join("::")))
}

/// What makes a program tell libFuzzer which code an input has reached. LLVM describes the options in "Sanitizer coverage".
const COVERAGE: &str = "--cfg fuzzing --cfg fuzzing_libfuzzer -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Tests each parser whose name contains `filter` for so many seconds. Continues if one fails, and fails at
/// the end.
pub(crate) fn run(filter: &str, seconds: u32) -> Result<()> {
    let mut programs: BTreeMap<(&str, Option<String>), PathBuf> = BTreeMap::new();
    let mut failed = Vec::new();
    for fuzzed in targets()?.iter().filter(|fuzzed| fuzzed.name().contains(filter)) {
        let program = match programs.entry((fuzzed.package, fuzzed.program.clone())) {
            Entry::Occupied(built) => built.into_mut(),
            Entry::Vacant(place) => place.insert(build(fuzzed)?),
        };
        let step = Step::begin(&format!("Fuzzing {} for {seconds} s", fuzzed.name()));
        let corpus = target()?.join("fuzz").join(fuzzed.name());
        let crashes = target()?.join("fuzz").join(format!("{}-crashes", fuzzed.name()));
        for folder in [&corpus, &crashes] {
            fs::create_dir_all(folder)?;
        }
        let kept = fuzzed.folder.join("__fuzz__").join(fuzzed.name()).join("corpus");
        if kept.exists() {
            copy(&kept, &corpus)?;
        }
        let (corpus, crashes) = (corpus.display(), crashes.display());
        let outcome = command(&program)
            .args([&*fuzzed.test, "--exact", "--nocapture", "--test-threads=1"])
            // bolero hands these to libFuzzer, split at spaces.
            .env(
                "BOLERO_LIBFUZZER_ARGS",
                format!(
                    "{corpus} -artifact_prefix={crashes}/ -timeout=20 -max_total_time={seconds}"
                ),
            )
            .run();
        if let Err(error) = outcome {
            eprintln!("{error}");
            failed.push(fuzzed.name().to_owned());
        }
        step.done();
    }
    ensure!(failed.is_empty(), "these failed: {}; see target/fuzz", failed.join(", "));
    Ok(())
}

/// Builds the test program that has the target, and no other: programs without a target do not contain libFuzzer,
/// so they could not be linked.
fn build(fuzzed: &Target) -> Result<PathBuf> {
    let step = Step::begin(&format!("Building {} for libFuzzer", fuzzed.package));
    let rustc = command("rustc").arg("-vV").output()?;
    let host =
        rustc.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc's host")?;
    let cargo = cargo(["test", "--no-run", "--profile", "fuzz", "--message-format", "json"])
        // With a target the options do not concern the programs that run during the build.
        .args(["--target", host, "--package", fuzzed.package, "--all-features"])
        .args(match &fuzzed.program {
            Some(name) => vec!["--test", name],
            None => vec!["--lib"],
        })
        .env("RUSTFLAGS", COVERAGE);
    let messages = cargo.output()?;
    step.done();
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo has built no program with {}", fuzzed.test))
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

    #[test]
    fn a_target_has_the_path_that_cargo_test_prints() {
        for (file, program, expected) in [
            ("collector/src/config/file.rs", None, "config::file::tests::fuzz_x"),
            ("collector/src/query/mod.rs", None, "query::tests::fuzz_x"),
            ("collector/src/redact/tests.rs", None, "redact::tests::fuzz_x"),
            ("src/delivery.rs", None, "delivery::tests::fuzz_x"),
            ("response/tests/lenient.rs", Some("lenient"), "fuzz_x"),
        ] {
            let program = program.map(str::to_owned);
            assert_eq!(test_path(Path::new(file), "x"), (program, expected.to_owned()), "{file}");
        }
    }

    #[test]
    fn every_corpus_that_is_kept_belongs_to_a_target_beside_it() {
        let targets = targets().unwrap();
        assert!(targets.len() >= 18, "{targets:?}");
        let mut folders = PACKAGES.map(|(_, folder)| root().join(folder)).to_vec();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let is_of_targets = folder.file_name().is_some_and(|it| it == "__fuzz__");
                if is_of_targets {
                    let is_known = targets.iter().any(|it| {
                        Some(it.folder.as_path()) == folder.parent()
                            && path.file_name().is_some_and(|name| name == it.name())
                    });
                    assert!(is_known, "{}", path.display());
                } else if path.is_dir() {
                    folders.push(path);
                }
            }
        }
    }
}
