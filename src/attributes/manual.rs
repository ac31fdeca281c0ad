//! The texts that are generated from the table: the manual in README.md and the types in `afterword.d.ts`.
//!
//! `cargo xtask generate` writes the manual; a test fails when it is stale. The build writes the types into
//! dist/afterword.d.ts. The text outside the two markers is written by hand.

use super::{ATTRIBUTES, Attribute, Group, Rule};

/// The lines around a generated block contain these, in whichever comment syntax.
const BEGIN: &str = "begin: attributes";
const END: &str = "end: attributes";

/// Replaces the lines between the markers in `text` by `block`; `None` if it has no markers.
#[must_use]
pub fn with_block(text: &str, block: &str) -> Option<String> {
    let begin = text.find(BEGIN)?;
    let begin = begin + text[begin..].find('\n')? + 1;
    let end = text[..text.find(END)?].rfind('\n')? + 1;
    Some([text.get(..begin)?, block, text.get(end..)?].concat())
}

/// The manual: a table for each group.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::new();
    let mut group = None;
    for attribute in ATTRIBUTES {
        if group != Some(attribute.group) {
            group = Some(attribute.group);
            text += &format!(
                "\n### {}\n\n| attribute | what it does | allowed | default |\n|---|---|---|---|\n",
                title(attribute.group)
            );
        }
        let Attribute { name, manual, default, .. } = attribute;
        text += &format!("| `data-{name}` | {manual} | {} |", allowed(attribute));
        text += &match *default {
            "" => " |\n".to_owned(),
            default => format!(" {default} |\n"),
        };
    }
    text + "\n"
}

fn title(group: Group) -> &'static str {
    match group {
        Group::Sending => "Where answers go",
        Group::Asking => "What is asked",
        Group::Following => "After the score",
        Group::Links => "Links",
        Group::Look => "Place, language and look",
        Group::Facts => "What you know about the order",
        Group::Moment => "When it is asked",
        Group::Keeping => "What the browser keeps",
        Group::Developing => "For developers",
    }
}

/// The allowed values, with words to copy written as code.
fn allowed(attribute: &Attribute) -> String {
    match attribute.rule {
        Rule::Word(words) => {
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        }
        _ => attribute.allowed(),
    }
}

/// The attributes' names and types, in TypeScript.
#[must_use]
pub fn typescript() -> String {
    let mut text = String::from(
        "/** What a survey can be told, on `<afterword-survey>` or on the script's tag. All are optional. */\n\
         export interface AfterwordAttributes {\n",
    );
    for attribute in ATTRIBUTES {
        let Attribute { name, manual, default, .. } = attribute;
        text += &format!("  /** {}. Allowed: {}.", capitalized(manual), attribute.allowed());
        if !default.is_empty() {
            text += &format!(" Default: {default}.");
        }
        text += " */\n";
        text += &match attribute.prefix() {
            Some(prefix) => {
                format!("  [name: `data-{prefix}${{string}}`]: {} | undefined;\n", kind(attribute))
            }
            None => format!("  'data-{name}'?: {};\n", kind(attribute)),
        };
    }
    text + "}\n\n/** The name of every attribute. */\nexport type AfterwordAttributeName = keyof AfterwordAttributes;\n"
}

/// The TypeScript type of a value in a template.
fn kind(attribute: &Attribute) -> String {
    match attribute.rule {
        Rule::Text(_) if attribute.prefix().is_some() => "string | number | boolean".into(),
        Rule::Reference(_) | Rule::Money | Rule::Number | Rule::Percent | Rule::Share => {
            "string | number".into()
        }
        Rule::Word(words) => {
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
        }
        Rule::Switch => "boolean | 'true' | 'false' | ''".into(),
        _ => "string".into(),
    }
}

fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
