//! The script's modules, run by Node.js, against the same rules in Rust.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lookup;

/// A folder in which Node.js finds the script's modules, and the driver that calls them.
struct Script(TempDir);

impl Script {
    /// `built` is the text of the module of that name.
    fn new(built: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        for entry in fs::read_dir(source).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "js") {
                let name = path.file_name().unwrap().to_str().unwrap();
                write(&format!("script/{name}"), &fs::read_to_string(&path).unwrap());
            }
        }
        write("driver.js", include_str!("tests/driver.js"));
        write("package.json", r#"{ "type": "module" }"#);
        write("node_modules/built/index.js", built);
        write("node_modules/built/package.json", r#"{ "type": "module", "main": "index.js" }"#);
        Self(folder)
    }

    /// Has the driver do what `input` says, and gives what comes of it.
    fn run(&self, input: &Value) -> Value {
        let mut node = Command::new("node")
            .arg(self.0.path().join("driver.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is not on the PATH: `cargo xtask tools` installs it");
        node.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
        let output = node.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", output.status);
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn the_script_finds_the_locale_that_the_table_is_made_for() {
    let locales = ["de", "en", "nb", "pt-BR", "pt-PT", "sr-Latn", "zh", "zh-Hant"];
    let wanted = [
        "de",
        "DE",
        "de_DE",
        "de-at",
        "en-001",
        "no_NO",
        "nn",
        "pt",
        "pt_AO",
        "sr",
        "sr-Cyrl-BA",
        "zh",
        "zh-TW",
        "zh_HK",
        "zh-Hant-MO",
        "zh-CN",
        "fr",
        "",
        "_",
        "-de",
        "d",
        "constructor",
        "__proto__",
        "xx-DE",
    ];
    let table = lookup::table(&locales);
    let built = format!("export const LOOKUP = {};", json!(crate::lookup_object(&locales)));
    let found = Script::new(&built).run(&json!({ "task": "match", "wanted": wanted }));
    let expected: Vec<_> = wanted.iter().map(|tag| lookup::find(&table, tag)).collect();
    assert_eq!(found, json!(expected));
}
