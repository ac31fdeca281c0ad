//! Every attribute: good, bad, missing.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use afterword_response::Segment;
use proptest::prelude::*;

use super::*;

fn read(name: &str, value: &str) -> (Settings, Vec<Warning>) {
    parse(&[(name.into(), value.into())])
}

/// `value` is taken without a warning and found by `get`.
#[track_caller]
fn good<T: PartialEq + std::fmt::Debug>(
    name: &str,
    value: &str,
    get: impl Fn(Settings) -> T,
    expected: T,
) {
    let (settings, warnings) = read(name, value);
    assert_eq!(warnings, [], "{name}={value}");
    assert_eq!(get(settings), expected, "{name}={value}");
}

/// `value` leaves the default and becomes a warning that names attribute, value and the allowed.
#[track_caller]
fn bad(name: &str, value: &str) {
    let (settings, warnings) = read(name, value);
    assert_eq!(settings, parse(&[]).0, "{name}={value}");
    let [warning] = &warnings[..] else { panic!("{name}={value}: {warnings:?}") };
    assert_eq!((warning.attribute.as_str(), warning.value.as_str()), (name, value.trim()));
    let message = warning.message();
    assert!(message.contains(name) && message.contains(warning.allowed), "{message}");
}

/// Looks for the shop's own text of that name.
fn own(name: &str) -> impl Fn(Settings) -> Option<String> {
    move |settings| settings.text(name).map(str::to_owned)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn missing_attributes_give_the_defaults() {
    let (settings, warnings) = parse(&[]);
    assert_eq!(warnings, []);
    assert_eq!(settings.survey, "default");
    assert_eq!(settings.touchpoint, Touchpoint::Order);
    assert_eq!(settings.format, Format::Json);
    assert_eq!(settings.address, Address::Formal);
    assert_eq!(settings.text("endpoint"), None);
    assert!(!settings.preview && !settings.debug);
}

#[test]
fn an_empty_value_is_as_good_as_none() {
    for name in ATTRIBUTES {
        let name = name.replace('*', "x");
        if matches!(name.as_str(), "preview" | "debug") {
            continue;
        }
        for value in ["", "  "] {
            assert_eq!(read(&name, value), parse(&[]), "{name}");
        }
    }
}

#[test]
fn attributes_of_others_are_left_alone() {
    for name in ["cfasync", "turbo-track", "orderid", "once", "propx", ""] {
        assert_eq!(read(name, "x"), parse(&[]), "{name}");
    }
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
        good("endpoint", url, own("endpoint"), some(url));
    }
    good("endpoint", " /x ", own("endpoint"), some("/x"));
    for url in [
        "javascript:alert(1)",
        "mailto:a@example.org",
        "ftp://a",
        "java\tscript:x",
        ":x",
        "data:,x",
    ] {
        bad("endpoint", url);
    }
    bad("endpoint", &format!("/{}", "x".repeat(2_000)));
    good("format", "json", |s| s.format, Format::Json);
    good("format", "form", |s| s.format, Format::Form);
    bad("format", "xml");
    bad("format", "JSON");
    good("header-x-shop", "a b", |s| s.headers, vec![("x-shop".into(), "a b".into())]);
    bad("header-x-shop", "a\nb");
    bad("header-x-shop", "ü");
    bad("header-", "x");
    bad("header-a b", "x");
}

#[test]
fn what_to_ask() {
    good("survey", "post-purchase_2.0", |s| s.survey, "post-purchase_2.0".into());
    bad("survey", "post purchase");
    bad("survey", &"x".repeat(65));
    for touchpoint in Touchpoint::NAMES {
        good("touchpoint", touchpoint, |s| s.touchpoint.name(), *touchpoint);
    }
    bad("touchpoint", "checkout");
    good("subject", "Harbour & Hill", own("subject"), some("Harbour & Hill"));
    bad("subject", &"x".repeat(101));
    good("question", &"ä".repeat(500), own("question"), some(&"ä".repeat(500)));
    bad("question", &"ä".repeat(501));
    good("low-label", "no", own("low-label"), some("no"));
    bad("low-label", &"x".repeat(101));
    good("high-label", "yes", own("high-label"), some("yes"));
    bad("high-label", &"x".repeat(101));
    good("placeholder", "…", own("placeholder"), some("…"));
    bad("placeholder", &"x".repeat(101));
}

#[test]
fn texts_by_segment() {
    for name in ["follow-up", "thanks"] {
        for suffix in ["", "-detractor", "-passive", "-promoter"] {
            let name = [name, suffix].concat();
            good(&name, "Well?", own(&name), some("Well?"));
            bad(&name, &"x".repeat(501));
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
            good(name, url, own(name), some(url));
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
    good("review-label", "Review us", own("review-label"), some("Review us"));
    bad("review-label", &"x".repeat(101));
    good("support-label", "Help", own("support-label"), some("Help"));
    bad("support-label", &"x".repeat(101));
}

#[test]
fn how_it_looks() {
    for locale in ["de", "en-GB", "zh-Hans-CN"] {
        assert_eq!(read("locale", locale), parse(&[]));
    }
    bad("locale", "german");
    bad("locale", "de_DE");
    good("address", "formal", |s| s.address, Address::Formal);
    good("address", "informal", |s| s.address, Address::Informal);
    bad("address", "du");
    for theme in ["auto", "light", "dark"] {
        assert_eq!(read("theme", theme), parse(&[]));
    }
    bad("theme", "night");
    good("mode", "inline", |s| s.mode, Mode::Inline);
    good("mode", "corner", |s| s.mode, Mode::Corner);
    bad("mode", "popup");
    // Another attribute's word.
    bad("mode", "form");
    for position in ["start", "end"] {
        assert_eq!(read("position", position), parse(&[]));
    }
    bad("position", "left");
    for accent in ["#1a56db", "#ABC"] {
        assert_eq!(read("accent", accent), parse(&[]));
    }
    for accent in ["red", "#12", "#12345g", "#1234", "url(x)", "1a56db"] {
        bad("accent", accent);
    }
}

#[test]
fn when_to_ask() {
    for name in ["order-placed", "shop:ordered", "turbo.load"] {
        assert_eq!(read("on", name), parse(&[]));
    }
    bad("on", "order placed");
    bad("on", "bestätigt");
}

#[test]
fn about_whom() {
    good("order-id", "A-1001", |s| s.order?.id, some("A-1001"));
    bad("order-id", &"x".repeat(129));
    good("order-value", "129.90", |s| s.order?.value, some("129.90"));
    for value in ["129,90", "€ 129.90", "-1", "1.", ".5", "1e3", "1.299.00"] {
        bad("order-value", value);
    }
    good("order-currency", "EUR", |s| s.order?.currency, some("EUR"));
    bad("order-currency", "eur");
    bad("order-currency", "€");
    good("order-country", "DE", |s| s.order?.country, some("DE"));
    bad("order-country", "DEU");
    good(
        "products",
        "a, b ,,c",
        |s| s.order.unwrap_or_default().products,
        vec!["a".into(), "b".into(), "c".into()],
    );
    bad("products", &vec!["x"; 51].join(","));
    bad("products", &"x".repeat(129));
    good("customer-id", "c1", |s| s.customer?.id, some("c1"));
    bad("customer-id", &"x".repeat(129));
    good("customer-kind", "new", |s| s.customer?.kind, Some(CustomerKind::New));
    good("customer-kind", "returning", |s| s.customer?.kind, Some(CustomerKind::Returning));
    bad("customer-kind", "loyal");
    good("prop-coupon", "WELCOME", |s| s.properties, vec![("coupon".into(), "WELCOME".into())]);
    bad("prop-coupon", &"x".repeat(501));
    bad("prop-", "x");
    good("tags", "q4,app", |s| s.tags, vec!["q4".into(), "app".into()]);
    bad("tags", &vec!["x"; 21].join(","));
    bad("tags", &"x".repeat(65));
}

#[test]
fn the_31st_property_is_one_too_many() {
    let raw: Vec<_> = (0..31).map(|n| (format!("prop-p{n}"), "x".to_owned())).collect();
    let (settings, warnings) = parse(&raw);
    assert_eq!((settings.properties.len(), warnings.len()), (30, 1));
}

#[test]
fn switches() {
    good("preview", "", |s| s.preview, true);
    good("preview", "true", |s| s.preview, true);
    good("preview", "false", |s| s.preview, false);
    bad("preview", "yes");
    good("debug", "", |s| s.debug, true);
    bad("debug", "1");
}

#[test]
fn a_long_value_does_not_bury_its_warning() {
    let (_, warnings) = read("survey", &"ü".repeat(5_000));
    assert!(warnings[0].message().chars().count() < 250);
}

#[test]
fn every_attribute_listed_is_known_and_checked() {
    // Too long, and of characters that nothing allows.
    let value = "\u{1}".repeat(3_000) + "x";
    for name in ATTRIBUTES {
        let (settings, warnings) = read(&name.replace('*', "name"), &value);
        assert_eq!((settings, warnings.len()), (parse(&[]).0, 1), "{name}");
    }
}

#[test]
fn the_readme_lists_the_attributes_and_no_others() {
    let readme = include_str!("../../README.md");
    let mut listed: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `data-")?.split('`').next())
        .collect();
    let mut known: Vec<&str> = ATTRIBUTES.to_vec();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}

proptest! {
    #[test]
    fn no_attribute_at_all_makes_parsing_panic_and_what_is_taken_keeps_the_contract(
        raw in proptest::collection::vec(
            (0..ATTRIBUTES.len(), "\\PC{0,40}|[a-z]{0,8}|#[0-9a-f]{3}|[0-9.]{1,8}|[A-Z]{2,3}"),
            0..40,
        )
    ) {
        let raw: Vec<_> = raw
            .into_iter()
            .map(|(index, value)| (ATTRIBUTES[index].replace('*', "name"), value))
            .collect();
        let (settings, warnings) = parse(&raw);
        prop_assert!(warnings.len() <= raw.len());
        let response = crate::answer::tests::response_of(&settings);
        prop_assert_eq!(afterword_response::receive::check(&response), vec![]);
    }
}

/// Names as they come: ours, nearly ours, with our prefixes, and anything at all.
fn any_name() -> impl Strategy<Value = String> {
    let ours = (0..ATTRIBUTES.len()).prop_map(|index| ATTRIBUTES[index].to_owned());
    prop_oneof![
        3 => ours.clone(),
        1 => (ours, any::<String>()).prop_map(|(name, more)| name + &more),
        1 => any::<String>().prop_map(|name| ["prop-", &name].concat()),
        1 => any::<String>().prop_map(|name| ["header-", &name].concat()),
        1 => any::<String>(),
    ]
}

/// Values as they come: of every character there is, near every bound, and far over it.
fn any_value() -> impl Strategy<Value = String> {
    let long = (any::<char>(), prop::sample::select(vec![63, 64, 65, 99, 100, 101, 127, 128, 129]));
    let huge = (any::<char>(), 400..20_000_usize);
    let repeated = |(one, count): (char, usize)| String::from_iter(std::iter::repeat_n(one, count));
    prop_oneof![
        4 => any::<String>(),
        2 => "[ -~]{0,40}",
        2 => long.prop_map(repeated),
        1 => huge.prop_map(repeated),
        1 => "([a-z]{0,3},){0,60}",
        1 => "(https?|javascript|mailto|data|tel)?:?[/?#:]{0,3}\\PC{0,10}",
    ]
}

proptest! {
    #[test]
    fn any_attributes_at_all_are_read_warned_about_and_spoken(
        raw in proptest::collection::vec((any_name(), any_value()), 0..60),
        words in proptest::collection::vec((any_name(), any_value()), 0..20),
        site in any::<String>(),
    ) {
        let (settings, warnings) = parse(&raw);
        prop_assert!(warnings.len() <= raw.len());
        for warning in &warnings {
            prop_assert!(raw.iter().any(|(name, value)| *name == warning.attribute && value.trim() == warning.value));
            prop_assert!(warning.message().contains(warning.allowed));
        }
        for (name, url) in settings.texts.iter().filter(|(name, _)| name.ends_with("-url") || name == "endpoint") {
            let scheme = url.split(['/', '?', '#']).next().unwrap_or_default().split_once(':');
            let known = scheme.is_none_or(|(scheme, _)| {
                ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str())
            });
            prop_assert!(known, "{name}: {url}");
        }
        for (name, value) in &settings.headers {
            prop_assert!(name.is_ascii() && value.bytes().all(|b| matches!(b, 32..=126)));
        }
        let response = crate::answer::tests::response_of(&settings);
        prop_assert_eq!(afterword_response::receive::check(&response), vec![]);

        let subject = settings.text("subject").map(str::to_owned);
        let own = settings.clone();
        let texts = crate::texts::Texts::new(settings.into(), crate::texts::Locale(words), site.clone());
        let subject = subject.unwrap_or(site);
        for name in ATTRIBUTES.iter().chain(crate::texts::KEYS) {
            let said = texts.say(name);
            if let Some(text) = own.text(name) {
                prop_assert_eq!(said.as_str(), &text.replace("{subject}", &subject));
            }
            for segment in [Segment::Detractor, Segment::Passive, Segment::Promoter] {
                let _ = texts.say_to(segment, name);
            }
        }
    }
}
