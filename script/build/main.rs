//! Builds `afterword.js`, `afterword.LOCALE.js`, `afterword.mjs` (for pages that import it), `again.js` (for scripts whose
//! folder is gone), the files that the script fetches when it needs them (`script/later/`), the locale files, and
//! `quotes.js` for `<afterword-quotes>`.
//!
//! The script imports the markup, the styles, the locales and the rules from the module `built`, which this
//! program writes; its types are in `script/types/built.d.ts`.
//!
//! The painted form's markup is not written by hand: Yew's server renderer renders the widget's own
//! component, once for each part that the script paints, with every text and address replaced by its
//! name (`$question`). The program turns this markup into nested arrays, from which the script makes
//! elements; markup as text would need `innerHTML`, which Trusted Types forbid.

mod paint;
mod rules;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use afterword::attributes::{self, manual};
use afterword::delivery;
use afterword_response::{Mode, limits};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::rules::Audience;

/// Members of the script's own records that get one letter instead of their name, the same in every file. Only
/// names that the page, the widget, the endpoint and the browser do not use may be listed. A name keeps its place in the list,
/// because `again.js` reads the records of scripts of earlier releases.
const SHORTENED: &[&str] = &[
    "abandon",
    "about",
    "adopt",
    "build",
    "carrier",
    "completing",
    "facts",
    "fetching",
    "hasConsent",
    "isOpen",
    "isPlaced",
    "keep",
    "onAnswer",
    "outgoing",
    "pixel",
    "script",
    "seen",
    "serialize",
    "started",
    "timer",
    "widget",
    "reply",
];

/// The locales whose first step `afterword.js` itself contains, so that it paints at once. Every further one
/// costs every page view some 100 bytes. Each locale also has its own script, `afterword.LOCALE.js`.
const INLINE: &[&str] = &["en", "de"];

/// The keys of the first step. A locale has the numbers of the scale only if its language has its own digits.
const FIRST_STEP: &[&str] = &[
    "dir",
    "question",
    "question-informal",
    "low-label",
    "low-label-informal",
    "high-label",
    "high-label-informal",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
];

/// The file that the tag loads.
const ENTRY: &str = "afterword.js";

/// The file that the script of an earlier release loads, whose folder is gone.
const AGAIN: &str = "again.js";

/// The file with the rules of when a survey is asked. Pages on which no survey is due fetch it, too: it is small.
const WHEN: &str = "later/when.js";

/// The file that pages load to show quotes.
const QUOTES: &str = "quotes.js";
/// The declarations by which long words are divided at the end of a line.
const DIVISION: &str = "hyphens:auto;hyphenate-limit-chars:18;";
/// Languages that divide no words in that way, whose own scripts are without these declarations.
const UNDIVIDED: &[&str] = &["ar", "fa", "he", "hi", "ja", "ko", "th", "vi", "zh-Hans", "zh-Hant"];

/// The file that asks for more than a comment.
const FURTHER: &str = "later/further.js";

/// The file with what attributes say of the shape.
const LOOK: &str = "later/look.js";

/// The files that say what is wrong with attributes, those of [`WHEN`] and [`FURTHER`] included.
const EXPLAINING: &[&str] = &["later/say.js", "later/check.js"];

/// The comment that makes V8 compile every function of a file while it loads, off the main thread
/// (<https://v8.dev/blog/explicit-compile-hints>).
const COMPILE_ALL: &str = "//# allFunctionsCalledOnLoad";

/// The oldest browsers in which a survey works, in esbuild's names: docs/BROWSERS.md. esbuild fails on syntax that one of them
/// lacks, or replaces it.
const OLDEST_BROWSERS: &str = include_str!("../oldest-browsers.txt");

/// The key of the words that only later/further.js needs.
const FURTHER_WORDS: &str = "further";

/// The number of remaining characters from which the comment's counter is shown.
const NEAR_THE_END: usize = 200;

/// The files of `script/later/` that are bundled and fetched separately, besides those of modes. All other files are parts
/// of these.
const LATER: &[&str] = &[
    "form",
    "outbox",
    "displays",
    "flat",
    "say",
    "elsewhere",
    "languages",
    "when",
    "check",
    "counter",
    "back",
    "layer",
    "anew",
    "outcome",
    "further",
    "old",
    "look",
];

/// Builds afterword.js and its files.
#[derive(Parser)]
struct Args {
    /// The folder for afterword.js.
    #[arg(long)]
    out: PathBuf,
    /// The folder of the widget and the locale files, relative to afterword.js, with a slash at the end.
    #[arg(long, default_value = "")]
    folder: String,
    /// The glue between takeover.js and the module, which becomes part of the file of each mode. The default is the glue for
    /// Trunk's own files, which are in the folder of afterword.js.
    #[arg(long)]
    glue: Option<PathBuf>,
    /// The folder `node_modules` with esbuild, which bundles, and terser, which minifies.
    #[arg(long)]
    npm: PathBuf,
}

type Words = Map<String, Value>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let args = Args::parse();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace's folder")?;
    let locales = locales(&root.join("locales"))?;
    let painted = paint::paint().await?;
    let esbuild = args.npm.join(".bin/esbuild");
    let style = |name| bundle(&esbuild, &root.join("styles").join(name), &["--bundle", "--minify"]);
    let (question, answer) = (style("question.css")?, style("answer.css")?);
    let (corner, banner) = (style("corner.css")?, style("banner.css")?);
    let (dialog, check) = (style("dialog.css")?, style("check.css")?);
    let (tab, beside) = (style("tab.css")?, style("beside.css")?);
    let (further, quotes) = (style("further.css")?, style("quotes.css")?);
    let form = shorten(&painted.form)?;
    let tags: Vec<&str> = locales.keys().map(String::as_str).collect();
    let languages = afterword_languages::table(&tags);

    ensure!(question.contains(DIVISION), "styles/question.css divides long words: {DIVISION}");
    let build = |source: &str, inline: &Words, arguments: &[&str]| -> Result<String> {
        let divides = inline.keys().any(|tag| !UNDIVIDED.contains(&tag.as_str()));
        let style = question.trim().replace(DIVISION, if divides { DIVISION } else { "" });
        let built = json!({
            "FOLDER": args.folder, "RELEASE": afterword::RELEASE, "STYLE": style,
            "LOOKUP": without_prototype(afterword_languages::part(&languages, inline.keys())),
            "LANGUAGES": without_prototype(languages.clone()), "LOCALES": inline,
            "CORNER": corner.trim(), "BANNER": banner.trim(), "DIALOG": dialog.trim(),
            "TAB": tab.trim(), "BESIDE": beside.trim(),
            "CHECK": check.trim(),
            "MODE": Path::new(source).file_stem().and_then(|name| name.to_str()),
            "MORE": painted.more, "PRIVACY": painted.privacy, "THANKS": painted.thanks,
            "FURTHER": further.trim(), "QUOTES": quotes.trim(), "MAX_CONTACT": limits::CONTACT,
            "MAX_FIRST_NAME": limits::FIRST_NAME, "MAX_REASONS": attributes::MAX_REASONS,
            "SAVED": saved(&locales),
            "COMMENT": limits::COMMENT, "NEAR_THE_END": NEAR_THE_END, "MAX_PAGE": limits::PAGE,
        });
        let mut module = String::new();
        let audience = if source == ENTRY || source == AGAIN {
            // Only in these files: esbuild keeps the expression even where nothing imports it, because it cannot tell
            // that it has no side effects.
            module.push_str(&format!("export const FORM = {form};\n"));
            Audience::Script
        } else if source == WHEN {
            Audience::Moment
        } else if source == FURTHER {
            Audience::Further
        } else if source == LOOK {
            Audience::Look
        } else if EXPLAINING.contains(&source) {
            Audience::Explaining
        } else {
            Audience::Later
        };
        module.push_str(&rules::javascript(audience));
        module.push_str(&rules::of_reasons());
        module.push_str(&delivery::javascript());
        for (name, value) in built.as_object().into_iter().flatten() {
            module.push_str(&format!("export const {name} = {value};\n"));
        }
        let file = args.out.join(".built.mjs");
        fs::write(&file, module)?;
        let alias = format!("--alias:built={}", file.canonicalize()?.display());
        let names: Words = SHORTENED
            .iter()
            .zip('A'..='Z')
            .map(|(name, letter)| ((*name).to_owned(), letter.to_string().into()))
            .collect();
        let cache = args.out.join(".names.json");
        fs::write(&cache, Value::from(names).to_string())?;
        let members = format!("--mangle-props=^({})$", SHORTENED.join("|"));
        let cached = format!("--mangle-cache={}", cache.display());
        let target = format!("--target=es2022,{}", OLDEST_BROWSERS.trim());
        // These browsers have them. esbuild thinks of the newest of the properties only, and would write the expressions as
        // calls with strings, which are longer, and which it keeps where nothing uses them.
        let properties = "--supported:regexp-unicode-property-escapes=true";
        let common = ["--bundle", &target, properties, &alias, &members, &cached];
        let source = root.join("script").join(source);
        let built = bundle(&esbuild, &source, &[&common, arguments].concat());
        fs::remove_file(&file)?;
        fs::remove_file(&cache)?;
        built
    };

    fs::create_dir_all(args.out.join(&args.folder))?;
    let first = |tag: &str| -> Result<Words> {
        let words = locales.get(tag).with_context(|| format!("locales/{tag}.json"))?;
        let first = words.iter().filter(|(key, _)| FIRST_STEP.contains(&key.as_str()));
        Ok(first.map(|(key, text)| (key.clone(), text.clone())).collect())
    };
    let mut inline = Map::new();
    for tag in INLINE {
        inline.insert((*tag).to_owned(), first(tag)?.into());
    }
    let mut scripts = Vec::new();
    let script = |inline: &Words, format: &str, own: &str| -> Result<String> {
        let own = format!("--alias:own={}", root.join("script").join(own).display());
        build(ENTRY, inline, &[format, &own])
    };
    // In ASCII, because the page's encoding applies to a classic script. Most of it runs at once.
    let classic = |file: &str, inline: &Words| -> Result<Script> {
        let code = script(inline, "--format=iife", "own.js")?;
        Ok(Script {
            file: args.out.join(file),
            code,
            is_module: false,
            ascii_only: true,
            compile_all: true,
        })
    };
    scripts.push(classic(ENTRY, &inline)?);
    scripts.push(Script {
        file: args.out.join(QUOTES),
        code: build(QUOTES, &Words::new(), &["--format=iife"])?,
        is_module: false,
        ascii_only: true,
        compile_all: false,
    });
    let code = script(&inline, "--format=esm", "own.module.js")?;
    let file = args.out.join("afterword.mjs");
    scripts.push(Script { file, code, is_module: true, ascii_only: true, compile_all: true });
    // With the same languages, because it starts the surveys of such a script.
    let code = {
        let own = format!("--alias:own={}", root.join("script/own.again.js").display());
        build(AGAIN, &inline, &["--format=esm", "--charset=utf8", &own])?
    };
    let file = args.out.join(AGAIN);
    scripts.push(Script { file, code, is_module: true, ascii_only: false, compile_all: false });
    // Modules are always read as UTF-8.
    let later = |name: &str, arguments: &[&str]| -> Result<Script> {
        // The self-check looks for the script's tag as the script does.
        let own = format!("--alias:own={}", root.join("script/own.js").display());
        let arguments = [&["--format=esm", "--charset=utf8", own.as_str()], arguments].concat();
        let code = build(&format!("later/{name}.js"), &Words::new(), &arguments)?;
        let file = args.out.join(format!("{}{name}.js", args.folder));
        Ok(Script { file, code, is_module: true, ascii_only: false, compile_all: false })
    };
    // Files that other files fetch, so they are not bundled into them.
    let apart = ["say", "counter", "layer", "anew", "outcome", "further"]
        .map(|name| format!("--external:./{name}.js"));
    let apart = apart.each_ref().map(String::as_str);
    for name in LATER {
        scripts.push(later(name, &apart)?);
    }
    let glue = args.glue.unwrap_or_else(|| root.join("script/glue/served.js")).canonicalize()?;
    let glue = format!("--alias:glue={}", glue.display());
    let own = [glue.as_str(), "--external:./widget.js"];
    // Each mode has a file with the widget's glue and all that a survey needs once it is painted.
    for mode in Mode::NAMES {
        let script = later(mode, &[&apart[..], &own].concat())?;
        // A survey in the page is painted before this file comes, and all of it runs at once.
        scripts.push(Script { compile_all: *mode == "inline", ..script });
    }
    for (tag, words) in &locales {
        let inline = Words::from_iter([(tag.clone(), first(tag)?.into())]);
        scripts.push(classic(&format!("afterword.{tag}.js"), &inline)?);
        // One file with all words, for scripts that do not contain the language, and one file with the words for
        // the steps after a score, for scripts that do. Both contain the style sheet of those steps.
        // And one with all words for a survey that knows no name for what it asks about.
        let mut words = words.clone();
        // The texts of later/further.js.
        let further = words.shift_remove(FURTHER_WORDS).unwrap_or_default();
        words.insert("_style".to_owned(), answer.trim().into());
        let nameless = without_pages(&mut words).with_context(|| format!("locales/{tag}.json"))?;
        let file = |name| args.out.join(format!("{}{tag}{name}.json", args.folder));
        fs::write(file(".us"), Value::from(nameless).to_string())?;
        fs::write(file(".further"), further.to_string())?;
        fs::write(file(""), Value::from(words.clone()).to_string())?;
        words.retain(|key, _| !FIRST_STEP.contains(&key.as_str()));
        fs::write(file(".answer"), Value::from(words).to_string())?;
    }
    minify(&args.npm, &mut scripts)?;
    for script in scripts {
        fs::write(script.file, script.code)?;
    }
    let types = fs::read_to_string(root.join("script/afterword.d.ts"))?;
    let types = manual::with_block(&types, &manual::typescript())
        .context("afterword.d.ts has lost the lines around the attributes")?;
    fs::write(args.out.join("afterword.d.ts"), types)?;
    Ok(())
}

/// The sentence that a score is saved, in every language, by the locale's tag; with `-informal` at its end if the
/// language has two.
fn saved(locales: &BTreeMap<String, Words>) -> Words {
    let mut all = Map::new();
    for (tag, words) in locales {
        for form in ["", "-informal"] {
            if let Some(text) = words.get(&format!("_saved{form}")).and_then(Value::as_str) {
                all.insert(format!("{tag}{form}"), first_sentence(text).into());
            }
        }
    }
    all
}

/// The part before the invitation to write a sentence. Thai separates its sentences by spaces.
fn first_sentence(text: &str) -> &str {
    const ENDS: [char; 3] = ['.', '。', '।'];
    if text.contains(ENDS) {
        return text.split_inclusive(ENDS).next().unwrap_or(text);
    }
    text.rsplit_once(' ').map_or(text, |(first, _)| first)
}

/// A look-up table as an object without a prototype: no page's language is `constructor`.
fn without_prototype<Locale: Into<Value>>(
    table: impl IntoIterator<Item = (String, Locale)>,
) -> Words {
    let prototype = ("__proto__".to_owned(), Value::Null);
    let tags = table.into_iter().map(|(tag, locale)| (tag, locale.into()));
    [prototype].into_iter().chain(tags).collect()
}

/// Takes the texts of the collector's pages for browsers without JavaScript out of a locale's words. Returns the words
/// for a survey that knows no name for what it asks about: its question is that of these pages.
fn without_pages(words: &mut Words) -> Result<Words> {
    let pages = words.shift_remove("pages");
    let mut nameless = words.clone();
    for key in ["question", "question-informal"] {
        nameless.shift_remove(key);
        if let Some(question) = pages.as_ref().and_then(|pages| pages.get(key)) {
            nameless.insert(key.to_owned(), question.clone());
        }
    }
    ensure!(nameless.contains_key("question"), "no question without a name");
    Ok(nameless)
}

/// Every locale's words, by tag, without the locale's own name, which is for people who edit the file.
fn locales(folder: &Path) -> Result<BTreeMap<String, Words>> {
    let mut locales = BTreeMap::new();
    for entry in fs::read_dir(folder).context("reading locales/")? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).context("a locale's name")?;
        let text = fs::read_to_string(&path)?;
        let mut words: Words =
            serde_json::from_str(&text).with_context(|| format!("locales/{tag}.json"))?;
        words.shift_remove("name");
        // If the language has its own digits, each number of the scale becomes a text of the locale.
        if let Some(digits) = words.shift_remove("digits") {
            let digits: Vec<char> = digits.as_str().context("digits")?.chars().collect();
            let own = |digit: char| Some(*digits.get(usize::try_from(digit.to_digit(10)?).ok()?)?);
            for number in (0..=10).map(|number: u8| number.to_string()) {
                let text: String = number.chars().filter_map(own).collect();
                words.insert(number, text.into());
            }
        }
        // The script's default for `dir` is left-to-right.
        words.retain(|key, text| key != "dir" || text != "ltr");
        locales.insert(tag.to_owned(), words);
    }
    Ok(locales)
}

/// The form as a JavaScript expression that makes all eleven values of the scale from one: they differ only in
/// their number.
fn shorten(form: &Value) -> Result<String> {
    let form = form.to_string();
    let value = |number: &str| {
        format!(
            r#"["label",{{"class":"score"}},["input",{{"name":"score","type":"radio","value":{number}}}],["span",{{"part":"score"}},{number}]]"#
        )
    };
    let all: Vec<String> = (0..=10).map(|number| value(&format!("\"{number}\""))).collect();
    let all = all.join(",");
    ensure!(form.matches(&all).count() == 1, "the scale is no longer as it was:\n{form}\n{all}");
    Ok(form.replace(&all, &format!("...[...Array(11).keys()].map((n) => {})", value("n"))))
}

/// A file of JavaScript for browsers.
#[derive(Serialize)]
struct Script {
    file: PathBuf,
    code: String,
    is_module: bool,
    /// Whether everything beyond ASCII is escaped.
    ascii_only: bool,
    /// Whether nearly all of it runs at once.
    #[serde(skip)]
    compile_all: bool,
}

/// Minifies the code of all files with terser, in one process. Its result is some 100 bytes in 5,000 smaller than
/// that of esbuild.
fn minify(npm: &Path, scripts: &mut [Script]) -> Result<()> {
    let mut node = Command::new("node")
        .args(["--eval", include_str!("minify.js")])
        .env("NODE_PATH", npm.canonicalize()?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("Node.js did not start; `cargo xtask` says how to get it")?;
    // Node.js reads all input before it writes any output, so writing everything first cannot block.
    serde_json::to_writer(node.stdin.take().context("the input")?, scripts)?;
    let output = node.wait_with_output()?;
    ensure!(output.status.success(), "terser failed; what it said is above");
    let minified: Vec<String> = serde_json::from_slice(&output.stdout)?;
    ensure!(minified.len() == scripts.len(), "terser gave {} files", minified.len());
    for (script, code) in scripts.iter_mut().zip(minified) {
        script.code = if script.compile_all { format!("{COMPILE_ALL}\n{code}") } else { code };
    }
    Ok(())
}

/// Runs esbuild on one file, and returns its output.
fn bundle(esbuild: &Path, file: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(esbuild)
        .arg(file)
        .arg("--log-level=warning")
        // Ignores script/tsconfig.json, which is for the type checker.
        .arg("--tsconfig-raw={}")
        .args(arguments)
        .output()
        .with_context(|| {
            format!("{} did not start; `cargo xtask` installs it", esbuild.display())
        })?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && errors.is_empty(), "esbuild: {errors}");
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests;
