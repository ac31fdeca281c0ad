//! Strategies that generate a page's attributes, for the property tests here and in `script/build`.

use proptest::prelude::*;

use super::{ATTRIBUTES, MAX_REASON_WORDS, MAX_REASONS, Rule};

/// Any name: ours, nearly ours, with our prefixes, and random ones.
///
/// Without the characters that HTML does not allow there: `/`, `=`, `>`, white space, U+0000.
fn any_name() -> impl Strategy<Value = String> {
    let ours = (0..ATTRIBUTES.len()).prop_map(|index| ATTRIBUTES[index].name.to_owned());
    prop_oneof![
        3 => ours.clone(),
        1 => (ours, any::<String>()).prop_map(|(name, more)| name + &more),
        1 => "(prop|header)-[a-z0-9._-]{0,66}",
        1 => any::<String>().prop_map(|name| ["prop-", &name].concat()),
        1 => any::<String>().prop_map(|name| ["header-", &name].concat()),
        1 => any::<String>(),
    ]
    .prop_map(|name| name.replace(['/', '=', '>', ' ', '\t', '\n', '\u{c}', '\r', '\0'], "-"))
}

/// Any value: of all characters, near every limit, and far over it.
pub(crate) fn any_value() -> impl Strategy<Value = String> {
    let long = (any::<char>(), prop::sample::select(vec![63, 64, 65, 99, 100, 101, 127, 128, 129]));
    let huge = (any::<char>(), 400..3_000_usize);
    let repeated = |(one, count): (char, usize)| String::from_iter(std::iter::repeat_n(one, count));
    let words: Vec<&str> = ATTRIBUTES
        .iter()
        .filter_map(|attribute| match attribute.rule {
            Rule::Word(words) => Some(words),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    prop_oneof![
        4 => any::<String>(),
        2 => "[ -~]{0,40}",
        2 => long.prop_map(repeated),
        1 => huge.prop_map(repeated),
        1 => "([a-z]{0,3},){0,60}",
        1 => prop::collection::vec("\\PC{0,70}", 0..25).prop_map(|items| serde_json::to_string(&items).unwrap()),
        1 => "(https?|HTTPS|httpſ|javascript|mailto|data|tel)?:?[/?#:]{0,3}\\PC{0,10}",
        1 => "[a-zA-Z]{1,9}([-_][a-zA-Z0-9]{0,9}){0,4}",
        1 => "[0-9]{0,13}[.,]?[0-9]{0,5}",
        1 => "[A-Z]{1,4}",
        1 => "([ \n]{0,1}[a-z.]{0,3} ?:[a-z, ]{0,4},?){0,11}",
        1 => "\\[\\PC{0,20}\\]?",
        1 => "#[0-9A-Fa-f]{2,7}",
        1 => "(\\{subject\\}|[a-z ]{0,20}|[$][$&`']){0,30}",
        2 => prop::sample::select(words).prop_map(str::to_owned),
        1 => "[\\s\u{85}\u{feff}]{0,2}(true|false|x)[\\s\u{85}\u{feff}]{0,2}",
    ]
}

/// An attribute with a value that is allowed, nearly allowed, or near its limit.
fn any_fitting() -> impl Strategy<Value = (String, String)> {
    let member =
        prop_oneof![3 => Just("x".to_owned()), 2 => "[a-z0-9._-]{1,4}", 1 => "[a-z:]{60,66}"];
    let attribute = (prop::sample::select(ATTRIBUTES), member);
    attribute.prop_flat_map(|(attribute, member)| {
        let name = attribute.name.replace('*', &member);
        (Just(name), any_value_for(attribute.rule))
    })
}

fn any_value_for(rule: Rule) -> BoxedStrategy<String> {
    let near = |most: usize| {
        let one = prop::sample::select(vec!['x', 'ä', '界', '🌷', ' ', ',', '"']);
        (one, most.saturating_sub(2)..most + 2, "[ -~]{0,3}")
            .prop_map(|(one, count, end)| String::from_iter(std::iter::repeat_n(one, count)) + &end)
    };
    match rule {
        Rule::Text(most) => {
            prop_oneof![near(most), "\\PC{0,40}", "(\\{subject\\}|[a-z ]{0,20}|[$][$&`']){0,30}",]
                .boxed()
        }
        Rule::Reference(most) => prop_oneof![near(most), "\\PC{1,40}"].boxed(),
        Rule::List { count, length } => {
            let item = prop_oneof![3 => "[a-z🌷]{0,3}".boxed(), 1 => near(length).boxed()];
            let items = prop::collection::vec(item, 0..count + 3);
            (items, any::<bool>())
                .prop_map(|(items, is_json)| {
                    if is_json { serde_json::json!(items).to_string() } else { items.join(", ") }
                })
                .boxed()
        }
        Rule::Reasons => {
            let words = prop_oneof![3 => "[a-z🌷 ]{0,4}".boxed(), 1 => near(MAX_REASON_WORDS)];
            let one = ("[a-z0-9._-]{0,3}", words).prop_map(|(id, words)| (id, words));
            let reasons = prop::collection::vec(one, 0..MAX_REASONS + 3);
            (reasons, any::<bool>())
                .prop_map(|(reasons, is_json)| {
                    if is_json {
                        let list = reasons.iter();
                        let list =
                            list.map(|(id, words)| serde_json::json!({ "id": id, "words": words }));
                        serde_json::Value::from(list.collect::<Vec<_>>()).to_string()
                    } else {
                        let list: Vec<_> =
                            reasons.iter().map(|(id, words)| format!("{id}:{words}")).collect();
                        list.join(", ")
                    }
                })
                .boxed()
        }
        Rule::Word(words) => prop::sample::select(words).prop_map(str::to_owned).boxed(),
        Rule::Address(_) => {
            "(https://a\\.example|mailto:a@example\\.org|tel:1|)/?[a-z🌷]{0,9}".boxed()
        }
        Rule::Number | Rule::Percent | Rule::Share => "[0-9]{1,6}(\\.[0-9]{0,5})?".boxed(),
        Rule::Date => "[0-9]{3,4}-[0-9]{1,2}-[0-9]{1,2}".boxed(),
        Rule::Money => "[0-9]{1,12}(\\.[0-9]{1,4})?".boxed(),
        Rule::Code(length) => {
            proptest::string::string_regex(&format!("[A-Z]{{{length}}}")).unwrap().boxed()
        }
        _ => any_value().boxed(),
    }
}

/// The attributes of one element: each name once.
pub(crate) fn any_attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    let one = prop_oneof![2 => any_fitting().boxed(), 1 => (any_name(), any_value()).boxed()];
    prop::collection::vec(one, 0..60).prop_map(|attributes| {
        let mut names = std::collections::HashSet::new();
        attributes.into_iter().filter(|(name, _)| names.insert(name.clone())).collect()
    })
}
