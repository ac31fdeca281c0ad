//! `cargo xtask size`: compares the sizes in dist/ with size-budget.toml, and lists the widget's largest
//! parts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::places::root;
use crate::{dist, run};

/// size-budget.toml.
#[derive(Deserialize)]
struct Budgets {
    budget: Vec<Budget>,
}

/// A limit in bytes for these files together.
#[derive(Deserialize)]
struct Budget {
    name: String,
    /// Paths in dist/. `w-*` stands for the folder named after its content; `LOCALE` for the language with the
    /// largest files.
    files: Vec<String>,
    most: usize,
}

/// A file's size in bytes: plain and compressed.
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints every file's size and fails if a budget is exceeded.
pub(crate) fn check() -> Result<()> {
    let folder = root().join("dist");
    let current = dist::current_folder(&folder)?;
    let mut weights = BTreeMap::new();
    println!("{:<28}{:>9}{:>9}{:>9}", "dist/", "raw", "gzip", "brotli");
    for file in dist::files(&folder)? {
        let name = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
        let compressed = name.ends_with(".br") || name.ends_with(".gz");
        // A folder of the release before weighs nothing: see `dist::keep_previous`.
        let is_previous = name.starts_with("w-") && !name.starts_with(&current);
        if compressed || is_previous || name.starts_with("demo/") {
            continue;
        }
        let bytes = fs::read(&file)?;
        let weight = Weight {
            raw: bytes.len(),
            gzip: dist::gzip(&bytes)?.len(),
            brotli: dist::brotli(&bytes)?.len(),
        };
        println!("{name:<28}{:>9}{:>9}{:>9}", weight.raw, weight.gzip, weight.brotli);
        let stable = name.split_once('/').map_or(name.clone(), |(_, file)| format!("w-*/{file}"));
        weights.insert(stable, weight);
    }

    let text = fs::read_to_string(root().join("size-budget.toml"))?;
    let budgets: Budgets = toml::from_str(&text).context("size-budget.toml")?;
    let mut exceeded = Vec::new();
    println!("\n{:<38}{:>9}{:>9}{:>9}", "budget (brotli)", "most", "is", "left");
    for Budget { name, files, most } in budgets.budget {
        let mut sums = Vec::new();
        for locale in locales(&weights) {
            let mut sum = 0;
            for file in &files {
                let file = file.replace("LOCALE", locale);
                let weight = weights.get(&file);
                sum += weight.with_context(|| format!("{file} is not in dist/"))?.brotli;
            }
            sums.push(sum);
        }
        let sum = sums.into_iter().max().context("no language")?;
        let left = most.cast_signed() - sum.cast_signed();
        println!("{name:<38}{most:>9}{sum:>9}{left:>9}");
        if left < 0 {
            exceeded.push(name);
        }
    }
    ensure!(exceeded.is_empty(), "over budget: {}", exceeded.join(", "));
    Ok(())
}

/// The languages, read from the names of their files in dist/.
fn locales(weights: &BTreeMap<String, Weight>) -> impl Iterator<Item = &str> {
    weights.keys().filter_map(|file| file.strip_prefix("w-*/")?.strip_suffix(".answer.json"))
}

/// Prints the sizes of the widget's code before wasm-opt, by crate and by function.
pub(crate) fn contents() -> Result<()> {
    let file = run::target()?.join("wasm32-unknown-unknown/widget/widget.wasm");
    let bytes = fs::read(&file).with_context(|| {
        format!("{} is not there: run `cargo xtask dist` first", file.display())
    })?;
    let functions = functions(&bytes)?;
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    for (name, size) in &functions {
        let inner = name.trim_start_matches(['<', '&', '*']).trim_start_matches("mut ");
        let krate = inner.split("::").next().unwrap_or_default();
        *crates.entry(krate.to_owned()).or_default() += size;
    }
    print("crate, raw bytes of code before wasm-opt", crates.into_iter().collect(), 16);
    print("function", functions, 24);
    Ok(())
}

fn print(title: &str, mut items: Vec<(String, usize)>, most: usize) {
    items.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    println!("\n{title}");
    for (name, size) in items.into_iter().take(most) {
        let name: String = name.chars().take(110).collect();
        println!("{size:>8}  {name}");
    }
}

/// The name and code size of every function of a module that still has its names.
fn functions(bytes: &[u8]) -> Result<Vec<(String, usize)>> {
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let function = matches!(import?.ty, wasmparser::TypeRef::Func(_));
                    imported += u32::from(function);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                sizes.push(usize::try_from(range.end - range.start)?);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for name in section {
                        if let Name::Function(map) = name? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let named = sizes.into_iter().zip(imported..).map(|(size, index)| {
        let name = names.get(&index).map_or("?", String::as_str);
        (format!("{:#}", rustc_demangle::demangle(name)), size)
    });
    Ok(named.collect())
}

/// Fails if two folders differ, and lists the differences.
pub(crate) fn same(one: &Path, other: &Path) -> Result<()> {
    let (mine, theirs) = (dist::files(one)?, dist::files(other)?);
    let names = |files: &[std::path::PathBuf], base: &Path| -> Result<Vec<_>> {
        files.iter().map(|file| Ok(file.strip_prefix(base)?.to_owned())).collect()
    };
    let (mine_names, their_names) = (names(&mine, one)?, names(&theirs, other)?);
    ensure!(mine_names == their_names, "different files: {mine_names:?} and {their_names:?}");
    for (mine, theirs) in mine.iter().zip(&theirs) {
        ensure!(fs::read(mine)? == fs::read(theirs)?, "{} is not the same", mine.display());
    }
    Ok(())
}
