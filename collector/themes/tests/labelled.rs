//! Measures the themes on comments that were labelled before any rule was written.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use afterword_themes::{Theme, themes};

/// The found themes compared with the labels.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    right: f64,
    wrong: f64,
    missed: f64,
}

impl Measured {
    fn add(&mut self, found: bool, labelled: bool) {
        match (found, labelled) {
            (true, true) => self.right += 1.0,
            (true, false) => self.wrong += 1.0,
            (false, true) => self.missed += 1.0,
            (false, false) => {}
        }
    }

    fn precision(self) -> f64 {
        self.right / (self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        self.right / (self.right + self.missed)
    }

    fn f1(self) -> f64 {
        2.0 * self.right / (2.0 * self.right + self.wrong + self.missed)
    }
}

struct Labelled {
    locale: String,
    comment: String,
    themes: BTreeSet<Theme>,
}

fn read(text: &str) -> Vec<Labelled> {
    text.lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let labels = line["themes"].as_array().unwrap();
            Labelled {
                locale: line["locale"].as_str().unwrap().to_owned(),
                comment: line["comment"].as_str().unwrap().to_owned(),
                themes: labels
                    .iter()
                    .map(|id| Theme::from_id(id.as_str().unwrap()).unwrap())
                    .collect(),
            }
        })
        .collect()
}

/// The result for the comments of a language: micro-averaged over all themes, and for each theme.
fn measure(set: &[Labelled], locale: Option<&str>) -> (Measured, [Measured; Theme::ALL.len()]) {
    let (mut all, mut each) = (Measured::default(), [Measured::default(); Theme::ALL.len()]);
    for it in set.iter().filter(|it| locale.is_none_or(|locale| it.locale == locale)) {
        let found = themes(&it.comment, &it.locale).unwrap_or_default();
        for (theme, measured) in Theme::ALL.into_iter().zip(&mut each) {
            let (found, labelled) = (found.contains(&theme), it.themes.contains(&theme));
            measured.add(found, labelled);
            all.add(found, labelled);
        }
        if std::env::var_os("SHOW_MISTAKES").is_some() {
            let found: BTreeSet<Theme> = found.into_iter().collect();
            let more: Vec<_> = found.difference(&it.themes).collect();
            let less: Vec<_> = it.themes.difference(&found).collect();
            if !(more.is_empty() && less.is_empty()) {
                println!("{}\n    found {more:?} missed {less:?}", it.comment);
            }
        }
    }
    (all, each)
}

/// A 95 % bootstrap interval of the micro-F1 for the comments of a language, from a fixed seed.
fn interval(set: &[Labelled], locale: Option<&str>) -> (f64, f64) {
    const DRAWS: usize = 1_000;
    let of_each: Vec<Measured> = set
        .iter()
        .filter(|it| locale.is_none_or(|locale| it.locale == locale))
        .map(|it| measure(std::slice::from_ref(it), None).0)
        .collect();
    let mut state: u64 = 20_261_125;
    let mut next = || {
        // An xorshift generator, because the draws only have to be the same every time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % of_each.len() as u64).unwrap()
    };
    let mut drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut sum = Measured::default();
            for _ in 0..of_each.len() {
                let one = of_each[next()];
                sum.right += one.right;
                sum.wrong += one.wrong;
                sum.missed += one.missed;
            }
            sum.f1()
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    (drawn[DRAWS / 40], drawn[DRAWS - DRAWS / 40])
}

/// Prints the confusions: for each pair of a theme that was missed and a theme that was wrongly found in the same comment, the
/// number of comments, if it is more than one. `–` stands for no theme.
fn print_confusions(set: &[Labelled]) {
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for it in set {
        let found: BTreeSet<Theme> =
            themes(&it.comment, &it.locale).unwrap_or_default().into_iter().collect();
        let ids = |themes: Vec<&Theme>| -> Vec<&'static str> {
            if themes.is_empty() { vec!["–"] } else { themes.iter().map(|it| it.id()).collect() }
        };
        let missed = ids(it.themes.difference(&found).collect());
        let wrong = ids(found.difference(&it.themes).collect());
        for missed in &missed {
            for wrong in &wrong {
                *pairs.entry((missed, wrong)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().filter(|(pair, _)| *pair != ("–", "–")).collect();
    pairs.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), *pair));
    for ((missed, wrong), count) in pairs.into_iter().filter(|(_, count)| *count > 1) {
        println!("    labelled {missed}, found {wrong}: {count}");
    }
}

fn report(name: &str, text: &str) -> [f64; 3] {
    let set = read(text);
    let f1 = [None, Some("de"), Some("en")].map(|locale| {
        let (all, each) = measure(&set, locale);
        let (low, high) = interval(&set, locale);
        println!(
            "{name} {}: micro-F1 {:.3} (95 % interval {low:.3} to {high:.3}), precision {:.3}, recall {:.3}",
            locale.unwrap_or("all"),
            all.f1(),
            all.precision(),
            all.recall()
        );
        if locale.is_none() {
            for (theme, it) in Theme::ALL.into_iter().zip(each) {
                println!(
                    "    {:<20} F1 {:.2} precision {:.2} recall {:.2} of {}",
                    theme.id(),
                    it.f1(),
                    it.precision(),
                    it.recall(),
                    it.right + it.missed
                );
            }
        }
        all.f1()
    });
    print_confusions(&set);
    f1
}

#[test]
fn themes_are_right_often_enough_on_the_half_that_the_words_were_made_with() {
    let [all, german, english] = report("tune", include_str!("../labelled/tune.jsonl"));
    assert!(all >= 0.85 && german >= 0.80 && english >= 0.80, "{all} {german} {english}");
}

#[test]
fn themes_are_right_often_enough_on_the_half_that_nobody_looked_at() {
    let [all, german, english] = report("held out", include_str!("../labelled/held-out.jsonl"));
    assert!(all >= 0.75 && german >= 0.70 && english >= 0.70, "{all} {german} {english}");
}
