//! Tests that attributes become the right settings, and always an answer that no endpoint refuses.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use afterword_response::Segment;
use proptest::prelude::*;

use super::*;
use crate::attributes::ATTRIBUTES;
use crate::attributes::any::any_attributes;

/// `value` becomes `expected` in the settings, without a warning.
#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    name: &str,
    value: &str,
    get: impl Fn(Settings) -> T,
    expected: T,
) {
    let (settings, warnings) = parse(&[(name.into(), value.into())]);
    assert_eq!(warnings, [], "{name}={value}");
    assert_eq!(get(settings), expected, "{name}={value}");
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
    assert_eq!(settings.mode, Mode::Inline);
    assert_eq!(settings.address, Address::Formal);
    assert_eq!(settings.text("endpoint"), None);
    assert!(!settings.preview && !settings.test);
}

#[test]
fn every_attribute_has_its_place() {
    check("format", "json", |s| s.format, Format::Json);
    check("format", "form", |s| s.format, Format::Form);
    check("header-x-shop", "a b", |s| s.headers, vec![("x-shop".into(), "a b".into())]);
    check("survey", "post-purchase_2.0", |s| s.survey, "post-purchase_2.0".into());
    for touchpoint in Touchpoint::NAMES {
        check("touchpoint", touchpoint, |s| s.touchpoint.name(), *touchpoint);
    }
    check("address", "formal", |s| s.address, Address::Formal);
    check("address", "informal", |s| s.address, Address::Informal);
    for name in Mode::NAMES {
        check("mode", name, |s| Some(s.mode), Mode::from_name(name));
    }
    check("test", "", |s| s.test, true);
    check("test", "false", |s| s.test, false);
    check("preview", "", |s| s.preview, true);
    check("preview", "true", |s| s.preview, true);
    check("preview", "false", |s| s.preview, false);
    for name in ["question", "thanks-promoter", "review-url", "placeholder"] {
        check(name, "x", |s| s.text(name).map(str::to_owned), some("x"));
    }
}

#[test]
fn a_wrong_value_leaves_the_default() {
    for (name, value) in [("survey", "a b"), ("mode", "popup"), ("order-value", "1,5")] {
        let (settings, warnings) = parse(&[(name.into(), value.into())]);
        assert_eq!((settings, warnings.len()), (parse(&[]).0, 1), "{name}");
    }
}

proptest! {
    #[test]
    fn whatever_a_shop_sets_its_answers_keep_the_contract(raw in any_attributes()) {
        let (settings, _) = parse(&raw);
        let response = crate::answer::tests::response_of(&settings);
        prop_assert_eq!(afterword_response::receive::check(&response), vec![]);
    }

    #[test]
    fn any_texts_at_all_are_spoken(
        raw in any_attributes(),
        words in any_attributes(),
        site in any::<String>(),
    ) {
        let (settings, _) = parse(&raw);
        let own = settings.clone();
        let subject = settings.text("subject").unwrap_or(&site).to_owned();
        let texts = crate::texts::Texts::new(settings.into(), crate::texts::Locale(words), site.clone());
        for name in ATTRIBUTES.iter().map(|attribute| attribute.name).chain(crate::texts::KEYS.iter().copied()) {
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

#[test]
fn fuzz_attributes() {
    bolero::check!(name = "attributes").with_iterations(2_000).for_each(|text: &[u8]| {
        // Each line is a name and its value.
        let text = String::from_utf8_lossy(text);
        let raw: Vec<(String, String)> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let (settings, _) = parse(&raw);
        let response = crate::answer::tests::response_of(&settings);
        assert_eq!(afterword_response::receive::check(&response), vec![]);
    });
}
