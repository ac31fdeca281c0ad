//! Tests of the documents: their links resolve, and the first hour names the files that `package` makes.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::places::root;
use crate::run::command;

/// The documents, relative to the clone, with their texts.
fn documents() -> Vec<(PathBuf, String)> {
    let listed = command("git").args(["ls-files", "-z", "*.md"]).output().unwrap();
    let files = listed.split('\0').filter(|file| !file.is_empty());
    files.map(|file| (file.into(), fs::read_to_string(root().join(file)).unwrap())).collect()
}

/// The lines of a text that are not code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The anchors of a document's headings, by GitHub's rule.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let name = |heading: &str| heading.to_lowercase().chars().filter(is_kept).collect::<String>();
    headings.map(|heading| name(heading).replace(' ', "-")).collect()
}

/// The places to which a document links, without those on other hosts.
fn links(text: &str) -> Vec<String> {
    let text = prose(text).collect::<Vec<_>>().join(" ");
    // Code in a line has every second part between backticks.
    let text: String = text.split('`').step_by(2).collect::<Vec<_>>().join("code");
    let ends = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.trim()));
    ends.filter(|link| !link.contains(':')).map(str::to_owned).collect()
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
        path
    })
}

#[test]
fn every_link_leads_to_a_file_and_to_a_heading() {
    let documents = documents();
    let mut broken = Vec::new();
    let mut count = 0;
    for (file, text) in &documents {
        for link in links(text) {
            count += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let place = match path {
                "" => file.clone(),
                path => plain(&file.parent().unwrap().join(path)),
            };
            let target = documents.iter().find(|(other, _)| *other == place);
            let is_there = match target {
                Some((_, text)) => anchor.is_empty() || anchors(text).contains(anchor),
                None => root().join(&place).exists(),
            };
            if !is_there {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(count > 100, "{count} links");
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A version that is raised everywhere but in these documents would send people after files that are not there.
#[test]
fn the_first_hour_names_the_files_of_this_release() {
    let version = env!("CARGO_PKG_VERSION");
    let of_servers = [
        format!("afterword-collector-{version}-linux-x86_64.tar.gz"),
        format!("afterword-collector_{version}_amd64.deb"),
        format!("afterword-collector-{version}-docker-amd64.tar"),
    ];
    let of_shops = [
        format!("afterword-for-woocommerce-{version}.zip"),
        format!("afterword-for-shopware-{version}.zip"),
        "nps_afterword.ocmod.zip".to_owned(),
    ];
    for (file, names) in [
        ("README.md", &of_servers),
        ("docs/FIRST-HOUR.md", &of_servers),
        ("docs/ERSTE-STUNDE.md", &of_servers),
        ("docs/SHOPS.md", &of_shops),
        ("docs/SHOPSYSTEME.md", &of_shops),
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for name in names {
            assert!(text.contains(name), "{file} does not name {name}");
        }
    }
}

/// Compose reads the whole file for each command, so a host name that is set for the first one alone fails the second.
#[test]
fn each_command_of_compose_finds_the_host_name() {
    for file in [
        "README.md",
        "docs/FIRST-HOUR.md",
        "docs/ERSTE-STUNDE.md",
        "xtask/package/image/compose.yaml",
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let (before, _) = text.split_once("docker compose").unwrap();
        let line = "echo AFTERWORD_HOST=feedback.shop.example > .env";
        assert!(before.contains(line), "{file}: {line}");
        assert!(!text.contains(".example docker compose"), "{file}");
    }
}

/// `package --check` runs the configuration of the manual; that beside compose.yaml is the same one.
#[test]
fn compose_forwards_as_the_manual_does_and_trusts_its_own_network() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let manual = read("docs/RUNNING.md");
    let block = manual.split("```caddyfile\n").nth(1).unwrap().split("```").next().unwrap();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let image = read("xtask/package/image/Caddyfile");
    let image = image.replace("{$AFTERWORD_HOST}", "feedback.shop.example");
    assert_eq!(plain(&image.replace("collector:8080", "127.0.0.1:8080")), plain(block));
    let compose = read("xtask/package/image/compose.yaml");
    let after = |word: &str| {
        let rest = compose.split_once(word).unwrap().1.trim_start();
        rest.split([' ', '}', '\n']).next().unwrap().trim_matches('"').to_owned()
    };
    assert_eq!(after("AFTERWORD_TRUSTED_PROXIES:"), after("subnet:"));
}
