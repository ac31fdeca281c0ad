//! What the themes take of memory: both lexicons, as many rules as a shop may have, and the longest comments.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs;

use afterword_themes::{Rule, Rules, Theme, themes};

/// Kilobytes of memory that this process has, and has had at most.
fn memory() -> [u64; 2] {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    })
}

/// A comment of 2,000 characters.
fn longest(words: &str) -> String {
    words.chars().cycle().take(2_000).collect()
}

#[test]
fn they_take_less_than_15_mb() {
    const MOST: u64 = 15 * 1024;
    let [before, _] = memory();
    let rules: Vec<Rule> = (0..200)
        .map(|number| {
            let theme = Theme::from_id(Theme::IDS[number % Theme::IDS.len()]).unwrap();
            Rule::new(theme, &format!("zauberwort{number}* im wald*")).unwrap()
        })
        .collect();
    let every = Theme::IDS.into_iter().filter_map(Theme::from_id);
    let rules = Rules::new(&rules, every);
    for (words, locale) in [
        ("Die Lieferung kam zu spät, und die Verpackung war zerdrückt. ", "de"),
        ("Delivery was late and the packaging was damaged, sadly. ", "en"),
    ] {
        let comment = longest(words);
        let found = themes(&comment, locale).unwrap();
        assert!(found.contains(&Theme::Packaging), "{found:?}");
        assert!(rules.themes(&comment).is_empty());
    }
    let [after, most] = memory();
    println!("{} KB, {} KB at most", after - before, most - before);
    assert!(most - before < MOST, "{} KB", most - before);
}
