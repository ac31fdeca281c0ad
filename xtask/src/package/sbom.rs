//! The list of the crates that are built into the collector, as a `CycloneDX` document, made from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Epoch, VERSION, X86_64};
use crate::run::{Step, cargo, command};

/// Writes the document.
pub(super) fn write(file: &Path, epoch: Epoch) -> Result<()> {
    let step = Step::begin("What is built in (CycloneDX)");
    let metadata = cargo(["metadata", "--format-version=1", "--locked", "--filter-platform"]);
    let metadata: Value = serde_json::from_str(&metadata.arg(X86_64.target).output()?)?;
    let time = epoch.tell(command("date")).args(["--utc", "+%Y-%m-%dT%H:%M:%SZ", "--date"]);
    let time = time.arg(epoch.for_tar()).output()?;
    let document = document(&metadata, time.trim())?;
    fs::write(file, serde_json::to_string_pretty(&document)? + "\n")?;
    step.done();
    Ok(())
}

/// Makes the document from the output of `cargo metadata`.
fn document(metadata: &Value, time: &str) -> Result<Value> {
    let packages: BTreeMap<&str, &Value> = list(metadata, "packages")?
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes")?
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let collector = packages
        .iter()
        .find(|(_, package)| package["name"] == "afterword-collector")
        .map(|(id, _)| *id)
        .context("the collector is no package of the workspace")?;
    let mut found = BTreeSet::from([collector]);
    let mut open = vec![collector];
    while let Some(id) = open.pop() {
        for needed in nodes.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten() {
            // Without the dependencies of tests and build programs.
            let is_built_in = needed["dep_kinds"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()));
            if let Some(id) = needed["pkg"].as_str().filter(|_| is_built_in)
                && found.insert(id)
            {
                open.push(id);
            }
        }
    }
    let mut components: Vec<_> = found
        .iter()
        .filter(|id| **id != collector)
        .filter_map(|id| packages.get(id))
        .map(|package| component(package))
        .collect();
    components.sort_by_key(|component| component["bom-ref"].as_str().map(str::to_owned));
    Ok(json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": time,
            "component": {
                "type": "application", "bom-ref": "afterword-collector",
                "name": "afterword-collector", "version": VERSION,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": components,
    }))
}

fn component(package: &Value) -> Value {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let (name, version) = (text("name"), text("version"));
    let purl = format!("pkg:cargo/{name}@{version}");
    let mut component = json!({
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
    });
    if let Some(licence) = package["license"].as_str() {
        // An older notation of the same licence expression.
        let expression = licence.replace('/', " OR ");
        component["licenses"] = json!([{ "expression": expression }]);
    }
    component
}

fn list<'a>(value: &'a Value, key: &'static str) -> Result<&'a Vec<Value>> {
    value[key].as_array().context(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_dependencies_that_are_built_in_are_listed() {
        let package = |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0" });
        let needs =
            |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [package("afterword-collector"), package("b"), package("a"), package("t")],
            "resolve": { "nodes": [
                { "id": "afterword-collector", "deps": [needs("b", Value::Null), needs("t", json!("dev"))] },
                { "id": "b", "deps": [needs("a", Value::Null)] },
                { "id": "a", "deps": [] },
            ] },
        });
        let document = document(&metadata, "2026-01-01T00:00:00Z").unwrap();
        let components = document["components"].as_array().unwrap();
        let names: Vec<_> = components.iter().map(|it| it["purl"].as_str().unwrap()).collect();
        assert_eq!(names, ["pkg:cargo/a@1.0.0", "pkg:cargo/b@1.0.0"]);
        assert_eq!(components[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
    }
}
