//! The table of attributes as the script's rules: part of the module `built`.

use std::collections::BTreeSet;

use afterword::attributes::{
    ATTRIBUTES, Attribute, FLAGS, MAX_IN_FAMILY, MAX_REASON_WORDS, NAME, Reader,
};

/// The file that gets the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// afterword.js, which every page view loads. It contains only the rules without which it would use a value
    /// that is not allowed.
    Script,
    /// later/when.js contains the rules that it needs itself, and that of `mode`, since every mode but inline fetches it.
    Moment,
    /// later/further.js contains the rules that it needs itself.
    Further,
    /// later/look.js contains the rules that it needs itself.
    Look,
    /// Other files that are fetched later contain the rules of all attributes but those that only later/when.js and
    /// later/further.js need.
    Later,
    /// Files that say what is wrong contain the rules of all.
    Explaining,
}

/// The attributes that afterword.js compares with a word, or looks up in a list, in the page or as an address. They
/// need no rule in it: a value that is not allowed has no effect there, or a later file checks it.
const COMPARED: &[&str] = &[
    "avoid", "base", "endpoint", "page", "format", "report", "mode", "position", "locale",
    "address", "theme", "storage", "consent", "preview", "debug", "test",
];

/// The rules as JavaScript:
///
/// ```js
/// export const RULES = {__proto__:null,"survey":/^[\w.-]{1,64}$/su,"prop/":/^.{1,500}/su,
///   "products":[/^.{1,128}$/su,50],…}; // a list: the pattern of an item, and how many there may be
/// export const ALLOWED = {__proto__:null,"survey":"64 letters, digits, '.', '_' or '-'",…};
/// export const DEFAULTS = {"survey":"default",…};
/// export const MEMBER = /-[\w.-]{1,64}$/su; // the end of a member's name, for which `/` stands
/// export const MAX_IN_FAMILY = 30;
/// export const WHEN = /data-(del|sc|…)|-show|mode="(?!inline")/; // finds in an element's markup what later/when.js is for
/// ```
///
/// The names are those of the attributes without `data-`. The name of a family ends in `/`, which no attribute's name
/// can contain. esbuild leaves out the constants that a file does not import.
pub(crate) fn javascript(audience: Audience) -> String {
    let object = |value: &dyn Fn(&Attribute) -> String| {
        let members = ATTRIBUTES.iter().filter(|attribute| is_for(audience, attribute));
        let mut members: Vec<(String, &str)> =
            members.map(|attribute| (value(attribute), attribute.name)).collect();
        // Sorted by value: similar rules side by side compress better.
        members.sort();
        let members =
            members.iter().map(|(value, name)| format!(",{:?}:{value}", name.replace("-*", "/")));
        format!("{{__proto__:null{}}}", members.collect::<String>())
    };
    let rules = object(&|attribute| {
        let pattern = literal(&attribute.rule.pattern());
        match attribute.rule.count() {
            Some(count) => format!("[{pattern},{count}]"),
            None => pattern,
        }
    });
    let allowed = object(&|attribute| format!("{:?}", attribute.allowed()));
    let member = literal(&NAME.replacen('^', "-", 1));
    format!(
        "export const RULES = {rules};\nexport const ALLOWED = {allowed};\n\
         export const DEFAULTS = {};\n\
         export const MEMBER = {member};\nexport const MAX_IN_FAMILY = {MAX_IN_FAMILY};\n\
         export const WHEN = /data-({})|{SHOW}|mode=\"(?!inline\")/;\n",
        defaults(),
        starts().into_iter().collect::<Vec<_>>().join("|"),
    )
}

/// The rules of a reason in an attribute: of its id, and of its words.
pub(crate) fn of_reasons() -> String {
    let words = format!("^.{{1,{MAX_REASON_WORDS}}}$");
    format!(
        "export const REASON_ID = {};\nexport const MAX_REASON_WORDS = {};\n",
        literal(NAME),
        literal(&words)
    )
}

fn is_for(audience: Audience, attribute: &Attribute) -> bool {
    match audience {
        Audience::Script => {
            matches!(attribute.reader, Reader::Script | Reader::Both)
                && !COMPARED.contains(&attribute.name)
        }
        Audience::Moment => attribute.reader == Reader::Moment || attribute.name == "mode",
        Audience::Further => attribute.reader == Reader::Further,
        Audience::Look => attribute.reader == Reader::Look,
        Audience::Later => !matches!(attribute.reader, Reader::Moment | Reader::Further),
        Audience::Explaining => true,
    }
}

/// The default words of the attributes for which afterword.js has rules, and of `mode`, which it compares with its
/// default.
fn defaults() -> String {
    let words = ATTRIBUTES.iter().filter(|it| is_for(Audience::Script, it) || it.name == "mode");
    let words = words.filter_map(|attribute| {
        let word = attribute.default.strip_prefix('`')?.strip_suffix('`')?;
        Some(format!("{:?}:{word:?}", attribute.name))
    });
    format!("{{{}}}", words.collect::<Vec<_>>().join(","))
}

/// What stands in `max-shows` and in `required-to-show`.
const SHOW: &str = "-show";

/// What the names of the attributes that later/when.js reads begin with, and no other attribute's.
fn starts() -> BTreeSet<&'static str> {
    let is_for_when = |attribute: &Attribute| {
        attribute.reader == Reader::Moment && !attribute.name.contains(SHOW)
    };
    let others = || ATTRIBUTES.iter().filter(|it| !is_for_when(it));
    let start = |name: &'static str| {
        let starts = (1..=name.len()).map(|length| &name[..length]);
        starts.into_iter().find(|start| others().all(|other| !other.name.starts_with(start)))
    };
    ATTRIBUTES.iter().filter(|it| is_for_when(it)).filter_map(|it| start(it.name)).collect()
}

/// A pattern as a literal, with fewer bytes: groups may capture, because no code reads them, and `\w` and `\d` mean
/// ASCII in JavaScript without the flag `i`.
fn literal(pattern: &str) -> String {
    let short = pattern
        .replace("(?:", "(")
        .replace("A-Za-z0-9._-", r"\w.-")
        .replace("[0-9]", r"\d")
        .replace("0-9", r"\d")
        .replace('/', r"\/");
    format!("/{short}/{FLAGS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_the_rules_it_needs_and_later_files_have_all() {
        let script = javascript(Audience::Script);
        for part in [
            r#","on":/^[!-~]{1,500}$/su"#,
            r#"{"survey":"default","touchpoint":"order","mode":"inline"}"#,
            r#","survey":/^[\w.-]{1,64}$/su"#,
            r#","products":[/^.{1,128}$/su,50]"#,
            r#","prop/":/^.{1,500}/su"#,
            r"export const MEMBER = /-[\w.-]{1,64}$/su;",
            "export const MAX_IN_FAMILY = 30;",
        ] {
            assert!(script.contains(part), "{part} is not in {script}");
        }
        for name in ["thanks", "theme", "locale", "review-url", "delay\":"] {
            assert!(!script.contains(name), "{name} is in {script}");
        }
        let moment = javascript(Audience::Moment);
        for part in [
            r#","mode":/^(inline|corner|banner|dialog|tab|manual)$/su"#,
            r#","delay":/"#,
            r#","when-visible":/"#,
        ] {
            assert!(moment.contains(part), "{part} is not in {moment}");
        }
        let look = javascript(Audience::Look);
        for part in
            [r#","density":/^(compact|normal|roomy)$/su"#, r#","radius":/"#, r#","width":/"#]
        {
            assert!(look.contains(part), "{part} is not in {look}");
            assert!(javascript(Audience::Later).contains(part), "nobody warns of {part}");
        }
        assert!(!look.contains("survey\":/"), "{look}");
        let later = javascript(Audience::Explaining);
        for attribute in ATTRIBUTES {
            let name = attribute.name.replace("-*", "/");
            let (rule, list) = (format!(",{name:?}:/"), format!(",{name:?}:[/"));
            assert!(later.contains(&rule) || later.contains(&list), "{}", attribute.name);
        }
        assert!(
            later.contains(r#","mode":/^(inline|corner|banner|dialog|tab|manual)$/su"#),
            "{later}"
        );
        assert!(later.contains(r#","on":"an event's name, without spaces""#), "{later}");
    }

    #[test]
    fn what_is_compared_is_in_the_table() {
        for name in COMPARED {
            assert!(ATTRIBUTES.iter().any(|attribute| attribute.name == *name), "{name}");
        }
    }
}
