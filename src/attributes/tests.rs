//! Tests of every attribute (good, bad, too long, missing), and of the patterns against [`Rule::read`].

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::LazyLock;

use proptest::prelude::*;

use super::any::{any_attributes, any_value};
use super::*;

fn read_one(name: &str, value: &str) -> (Vec<String>, Vec<Warning>) {
    let (taken, warnings) = read(&[(name.into(), value.into())]);
    assert!(taken.iter().all(|(taken, _)| taken == name), "{taken:?}");
    (taken.into_iter().map(|(_, value)| value).collect(), warnings)
}

/// `value` is taken as `expected`, without a warning.
#[track_caller]
fn good_as(name: &str, value: &str, expected: &[&str]) {
    let (taken, warnings) = read_one(name, value);
    assert_eq!(warnings, [], "{name}={value}");
    assert_eq!(taken, expected, "{name}={value}");
}

#[track_caller]
fn good(name: &str, value: &str) {
    good_as(name, value, &[value]);
}

/// `value` is taken as `expected`, with one warning, which names the attribute, the value and the rule.
#[track_caller]
fn changed(name: &str, value: &str, fault: Fault, expected: &[&str]) {
    let (taken, warnings) = read_one(name, value);
    assert_eq!(taken, expected, "{name}={value}");
    let [warning] = &warnings[..] else { panic!("{name}={value}: {warnings:?}") };
    assert_eq!(warning.fault, fault, "{name}={value}");
    assert_eq!((warning.attribute.as_str(), warning.value.as_str()), (name, trim(value)));
    let message = warning.message();
    assert!(message.contains(name) && message.contains(&warning.allowed), "{message}");
    assert!(message.chars().count() < 250, "{message}");
}

#[track_caller]
fn bad(name: &str, value: &str) {
    changed(name, value, Fault::Ignored, &[]);
}

/// A text of `most` characters is taken; one more is cut off, and no character is halved.
#[track_caller]
fn up_to(name: &str, most: usize) {
    for one in ["x", "ä", "界", "🌷"] {
        let longest = one.repeat(most);
        good(name, &longest);
        changed(name, &(longest.clone() + one), Fault::Cut, &[&longest]);
        changed(name, &(longest.clone() + &one.repeat(5_000)), Fault::Cut, &[&longest]);
    }
}

/// A reference of `most` characters is taken; a longer one is ignored.
#[track_caller]
fn no_more_than(name: &str, most: usize) {
    for one in ["x", "ä", "🌷"] {
        good(name, &one.repeat(most));
        bad(name, &one.repeat(most + 1));
    }
}

#[test]
fn an_empty_value_is_as_good_as_none() {
    for attribute in ATTRIBUTES {
        let name = attribute.name.replace('*', "x");
        if attribute.rule == Rule::Switch {
            continue;
        }
        for value in ["", "  ", "\u{feff}\n"] {
            assert_eq!(read_one(&name, value), (vec![], vec![]), "{name}");
        }
    }
}

#[test]
fn reasons_are_ids_with_words() {
    for name in ["reasons", "reasons-detractor", "reasons-passive", "reasons-promoter"] {
        good(name, "late:Zu spät, packing: Schlecht verpackt,\n price:Zu teuer: viel zu teuer");
        good(name, r#"[{ "id": "late", "words": "Late, and cold" }]"#);
        for value in ["late", ":late", "la te:Late", "late:", "[late:Late", ",late:Late"] {
            bad(name, value);
        }
        bad(name, &format!("[{}]", "x".repeat(2_000)));
        // From the first that is not allowed on, nothing is left.
        changed(name, "late:Late, packing", Fault::Cut, &["late:Late"]);
        let nine: Vec<_> = (1..=9).map(|number| format!("r{number}:{number}")).collect();
        changed(name, &nine.join(","), Fault::Cut, &[&nine[..8].join(",")]);
        let longest = format!("late:{}", "🌷".repeat(MAX_REASON_WORDS));
        good(name, &longest);
        changed(name, &format!("{longest}x"), Fault::Cut, &[&longest]);
    }
}

#[test]
fn attributes_of_others_are_left_alone() {
    for name in ["cfasync", "turbo-track", "orderid", "once", "propx", "constructor", "*", ""] {
        assert_eq!(read_one(name, "x"), (vec![], vec![]), "{name}");
    }
}

#[test]
fn white_space_around_a_value_is_not_part_of_it() {
    good_as("endpoint", " /x\n", &["/x"]);
    good_as("subject", "\u{feff}\u{a0}us\u{2028}", &["us"]);
    // JavaScript's `trim` keeps U+0085.
    good("subject", "\u{85}us");
}

#[test]
fn where_to_send() {
    for url in [
        "https://a.example/x",
        "HTTP://a.example",
        "/v1/responses",
        "feedback?x=a:b",
        "//a.example/x",
    ] {
        good("endpoint", url);
    }
    for url in [
        "javascript:alert(1)",
        "mailto:a@example.org",
        "ftp://a",
        "java\tscript:x",
        "http\u{17f}://a.example",
        ":x",
        "data:,x",
    ] {
        bad("endpoint", url);
    }
    good("endpoint", &format!("/{}", "🌷".repeat(1_999)));
    bad("endpoint", &format!("/{}", "x".repeat(2_000)));
    good("format", "json");
    good("format", "form");
    bad("format", "xml");
    bad("format", "JSON");
    good("header-x-shop", "a b");
    good("header-x-shop", &"x".repeat(500));
    bad("header-x-shop", &"x".repeat(501));
    bad("header-x-shop", "a\nb");
    bad("header-x-shop", "ü");
    bad("header-", "x");
    bad("header-a b", "x");
    good("report", "all");
    bad("report", "everything");
}

#[test]
fn what_to_ask() {
    good("survey", "post-purchase_2.0");
    bad("survey", "post purchase");
    bad("survey", &"x".repeat(65));
    for touchpoint in Touchpoint::NAMES {
        good("touchpoint", touchpoint);
    }
    bad("touchpoint", "checkout");
    good("subject", "Harbour & Hill");
    up_to("subject", 100);
    up_to("question", 500);
    up_to("low-label", 100);
    up_to("high-label", 100);
    up_to("placeholder", 100);
}

#[test]
fn texts_by_segment() {
    for name in ["follow-up", "thanks"] {
        for suffix in ["", "-detractor", "-passive", "-promoter"] {
            let name = [name, suffix].concat();
            good(&name, "Well?");
            up_to(&name, 500);
        }
    }
}

#[test]
fn links() {
    for name in ["review-url", "support-url", "privacy-url"] {
        for url in [
            "https://a.example/r",
            "mailto:help@example.org",
            "tel:+49301234",
            "/privacy",
            "#top",
            "?a",
        ] {
            good(name, url);
        }
        for url in [
            "javascript:alert(1)",
            "JavaScript:x",
            "vbscript:x",
            "data:text/html,x",
            "java\nscript:x",
        ] {
            bad(name, url);
        }
    }
    up_to("review-label", 100);
    up_to("support-label", 100);
}

#[test]
fn how_it_looks() {
    for locale in ["de", "DE", "de_DE", "en-GB", "zh-TW", "zh_Hans-CN"] {
        good("locale", locale);
    }
    bad("locale", "german");
    bad("locale", "de-");
    bad("locale", "de DE");
    bad("locale", &("de".to_owned() + &"-abcdefgh".repeat(4)));
    good("address", "formal");
    good("address", "informal");
    bad("address", "du");
    for theme in ["auto", "light", "dark"] {
        good("theme", theme);
    }
    bad("theme", "night");
    good("mode", "inline");
    good("mode", "corner");
    bad("mode", "popup");
    // Another attribute's word.
    bad("mode", "form");
    for position in ["start", "end"] {
        good("position", position);
    }
    bad("position", "left");
    for accent in [
        "#1a56db",
        "#ABC",
        "red",
        "rgb(26 86 219)",
        "rgba(26, 86, 219, 0.9)",
        "hsl(221deg 79% 48% / 90%)",
        "oklch(0.5 0.2 264)",
        "color(display-p3 0.2 0.3 0.8)",
    ] {
        good("accent", accent);
    }
    for accent in [
        "#12",
        "#12345g",
        "#1234",
        "url(x)",
        "1a56db",
        "var(--x)",
        "rgb()",
        "rgb(1 2 3",
        "rgb(1;2)",
        "rgb(url(x))",
        "no",
    ] {
        bad("accent", accent);
    }
}

#[test]
fn when_to_ask() {
    for name in ["order-placed", "shop:ordered", "turbo.load"] {
        good("on", name);
    }
    bad("on", "a b");
    bad("on", "bestätigt");
    bad("on", &"x".repeat(501));
}

#[test]
fn what_to_keep() {
    for storage in ["none", "session", "local"] {
        good("storage", storage);
    }
    bad("storage", "cookie");
    good("consent", "required");
    bad("consent", "true");
}

#[test]
fn about_whom() {
    no_more_than("order-id", 128);
    good("order-value", "129.90");
    for value in ["129,90", "€ 129.90", "-1", "1.", ".5", "1e3", "1.299.00", "١٢"] {
        bad("order-value", value);
    }
    good("order-currency", "EUR");
    bad("order-currency", "eur");
    bad("order-currency", "€");
    good("order-country", "DE");
    bad("order-country", "DEU");
    no_more_than("customer-id", 128);
    good("customer-kind", "new");
    good("customer-kind", "returning");
    bad("customer-kind", "loyal");
    good("prop-coupon", "WELCOME");
    up_to("prop-coupon", 500);
    bad("prop-", "x");
    bad("prop-größe", "x");
}

#[test]
fn lists_have_commas_or_are_json() {
    good_as("products", "a, b ,,c", &["a", "b", "c"]);
    good_as("products", r#"["Pot, blue, 20 cm", " Can ", ""]"#, &["Pot, blue, 20 cm", "Can"]);
    good_as("tags", r#"["q4", "\u00e4\n\"x\""]"#, &["q4", "ä\n\"x\""]);
    good_as("tags", "[]", &[]);
    // Not quite JSON, or JSON that is no list of strings: split at commas.
    good_as("products", "[sale] Pot, Can", &["[sale] Pot", "Can"]);
    good_as("products", r#"["Pot", 5]"#, &[r#"["Pot""#, "5]"]);
    good_as("products", r#"["Pot",]"#, &[r#"["Pot""#, "]"]);
    good_as("products", r#""Pot, blue""#, &["\"Pot", "blue\""]);
    good_as("products", "[null]", &["[null]"]);
}

#[test]
fn a_list_keeps_its_first_whole_items() {
    for (name, count, length) in [("products", 50, 128), ("tags", 20, 64)] {
        for one in ["x", "🌷"] {
            let longest = one.repeat(length);
            good(name, &longest);
            // An item that is too long is left out: cut, it would name another thing.
            let value = format!("{longest}{one},b,{longest}");
            changed(name, &value, Fault::Items, &["b", &longest]);
            bad(name, &(longest.clone() + one));
        }
        let items: Vec<String> = (0..=count).map(|n| format!("i{n}")).collect();
        let kept: Vec<&str> = items[..count].iter().map(String::as_str).collect();
        good_as(name, &kept.join(","), &kept);
        changed(name, &items.join(","), Fault::Items, &kept);
        changed(name, &serde_json::to_string(&items).unwrap(), Fault::Items, &kept);
    }
}

#[test]
fn the_31st_of_a_family_is_one_too_many() {
    for prefix in ["prop-", "header-"] {
        let mut raw = vec![(format!("{prefix}wrong name"), "x".to_owned())];
        raw.extend((0..31).map(|n| (format!("{prefix}p{n}"), "x".to_owned())));
        let (taken, warnings) = read(&raw);
        assert_eq!(taken, raw[1..31]);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert_eq!(warnings[1].attribute, format!("{prefix}p30"));
    }
}

#[test]
fn switches() {
    for name in ["preview", "debug", "test"] {
        good_as(name, " ", &[""]);
        good(name, "true");
        good(name, "false");
        bad(name, "yes");
        bad(name, "1");
    }
}

#[test]
fn every_attribute_stands_once_in_the_table_and_groups_stay_together() {
    let names: std::collections::BTreeSet<&str> = ATTRIBUTES.iter().map(|a| a.name).collect();
    assert_eq!(names.len(), ATTRIBUTES.len());
    let mut groups: Vec<Group> = ATTRIBUTES.iter().map(|attribute| attribute.group).collect();
    groups.dedup();
    let count = groups.len();
    groups.sort_by_key(|group| *group as u8);
    groups.dedup();
    assert_eq!(groups.len(), count);
    for attribute in ATTRIBUTES {
        let name = attribute.name.replace('*', "name");
        assert_eq!(Attribute::of(&name).unwrap().name, attribute.name);
        assert!(!attribute.manual.is_empty() && !attribute.allowed().is_empty(), "{name}");
    }
}

#[test]
fn every_attribute_is_checked() {
    // Too long, and of characters that only texts allow.
    let value = "\u{1}".repeat(3_000) + "x";
    for attribute in ATTRIBUTES {
        let name = attribute.name.replace('*', "name");
        let (taken, warnings) = read_one(&name, &value);
        assert_eq!(warnings.len(), 1, "{name}");
        assert_eq!(taken.is_empty(), !matches!(attribute.rule, Rule::Text(_)), "{name}");
    }
}

#[test]
fn the_manual_is_current() {
    let readme = include_str!("../../README.md");
    let current = manual::with_block(readme, &manual::markdown()).unwrap();
    assert!(readme == current, "README.md is stale: run `cargo xtask generate`");
}

#[test]
fn the_types_have_every_attribute() {
    let by_hand = include_str!("../../script/afterword.d.ts");
    let types = manual::with_block(by_hand, &manual::typescript()).unwrap();
    assert!(types.contains("interface Window") && !types.contains("`data-${string}`"));
    for attribute in ATTRIBUTES {
        let member = match attribute.prefix() {
            Some(prefix) => format!("  [name: `data-{prefix}${{string}}`]: string"),
            None => format!("  'data-{}'?: ", attribute.name),
        };
        assert_eq!(types.matches(&member).count(), 1, "{member}");
    }
    for line in [
        "  'data-mode'?: 'inline' | 'corner' | 'banner' | 'dialog' | 'tab' | 'manual';",
        "  'data-preview'?: boolean | 'true' | 'false' | '';",
    ] {
        assert!(types.contains(line), "{line}");
    }
}

proptest! {
    /// [`Rule::pattern`], run by an engine for JavaScript's regular expressions, and [`Rule::read`].
    #[test]
    fn patterns_and_checks_agree_on_every_value(value in any_value()) {
        static PATTERNS: LazyLock<Vec<regress::Regex>> = LazyLock::new(|| {
            let patterns = ATTRIBUTES.iter().map(|attribute| attribute.rule.pattern());
            patterns.map(|pattern| regress::Regex::with_flags(&pattern, FLAGS).unwrap()).collect()
        });
        let value = trim(&value);
        for (Attribute { name, rule, .. }, pattern) in ATTRIBUTES.iter().zip(&*PATTERNS) {
            let matched = |value: &str| pattern.find(value).map(|found| {
                assert_eq!(found.start(), 0, "{name}");
                value[found.range()].to_owned()
            });
            if value.is_empty() && *rule != Rule::Switch {
                prop_assert_eq!(matched(value), None, "{}", name);
                continue;
            }
            let expected: Vec<String> = match rule.count() {
                Some(count) => items(value).iter().filter_map(|item| matched(item)).take(count).collect(),
                None => matched(value).into_iter().collect(),
            };
            prop_assert_eq!(rule.read(value).values, expected, "{}", name);
        }
    }

    #[test]
    fn any_attributes_at_all_are_read_and_warned_about(raw in any_attributes()) {
        let (taken, warnings) = read(&raw);
        prop_assert!(warnings.len() <= raw.len());
        for warning in &warnings {
            prop_assert!(raw.iter().any(|(name, value)| *name == warning.attribute && trim(value) == warning.value));
            prop_assert!(warning.message().contains(&warning.allowed));
        }
        // A value that was taken is taken again unchanged, item by item.
        for (name, value) in &taken {
            let Attribute { rule, .. } = Attribute::of(name).unwrap();
            prop_assert!(rule.allows(value), "{}={}", name, value);
        }
        for (name, url) in taken.iter().filter(|(name, _)| name.ends_with("-url") || name == "endpoint") {
            let scheme = url.split(['/', '?', '#']).next().unwrap_or_default().split_once(':');
            let known = scheme.is_none_or(|(scheme, _)| {
                ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str())
            });
            prop_assert!(known, "{name}: {url}");
        }
        for (name, value) in taken.iter().filter(|(name, _)| name.starts_with("header-")) {
            prop_assert!(name.is_ascii() && value.bytes().all(|b| matches!(b, 32..=126)));
        }
    }
}
