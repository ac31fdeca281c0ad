//! Builds `dist/`: the widget, as small as possible, ready for any static host.
//!
//! Trunk builds the module. This module minifies the glue, copies the files into place, compresses them, and writes the
//! manifest. All files that may be cached for ever are in one folder, which is named after the content of
//! all of them, so that afterword.js needs only that one name.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha384};

use crate::places::{self, root};
use crate::run::{Step, cargo, command};
use crate::tools;

/// Builds dist/, and returns its folder.
pub(crate) fn build() -> Result<PathBuf> {
    tools::for_building()?;
    let step = Step::begin("Building the widget");
    trunk()?;
    step.done();

    let step = Step::begin("Finishing dist/");
    let built = root().join("target/trunk-dist");
    let dist = root().join("target/dist-new");
    remove(&dist)?;
    let folder = dist.join("w");
    fs::create_dir_all(&folder)?;
    let names = shorten(&built.join("widget_bg.wasm"), &folder.join("widget_bg.wasm"))?;
    let glue = glue(&built.join("widget.js"), &names)?;
    // A first time, because the folder's name depends on the bytes of these files.
    script(&dist, "w/", Some(&glue))?;
    let name = format!("w-{}/", fingerprint(&folder)?);
    fs::rename(&folder, dist.join(&name))?;
    script(&dist, &name, Some(&glue))?;
    fs::copy(root().join("response/response.schema.json"), dist.join("schema.json"))?;
    demo(&built, &dist.join("demo"))?;
    manifest(&dist)?;
    for file in files(&dist)? {
        compress(&file)?;
    }
    // Unchanged files keep their times, so that the crates that embed them are not rebuilt.
    let target = root().join("dist");
    if !same(&dist, &target)? {
        remove(&target)?;
        fs::rename(&dist, &target)?;
    }
    step.done();
    Ok(target)
}

/// Copies the folder of the release before into dist/: pages and caches that still hold its script find its files there.
/// `previous` is that release's dist/ or any folder laid out like it. Of the releases before that one nothing is kept.
pub(crate) fn keep_previous(previous: &Path) -> Result<()> {
    keep_folder_of(previous, &root().join("dist"))
}

fn keep_folder_of(previous: &Path, dist: &Path) -> Result<()> {
    let (old, new) = (current_folder(previous)?, current_folder(dist)?);
    if old == new {
        println!("{old} is also the folder of this build, so nothing has to be kept");
        return Ok(());
    }
    let from = previous.join(&old);
    for file in files(&from)? {
        let to = dist.join(&old).join(file.strip_prefix(&from)?);
        fs::create_dir_all(to.parent().context("a folder")?)?;
        fs::copy(&file, &to).with_context(|| file.display().to_string())?;
    }
    println!("kept {old} of the release before");
    Ok(())
}

/// The name of the folder that the afterword.js in `dist` fetches its files from: `w-` and ten hexadecimal digits.
pub(crate) fn current_folder(dist: &Path) -> Result<String> {
    let file = dist.join("afterword.js");
    let script = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let name = |at: usize| -> Option<&str> {
        let (name, rest) = script.get(at..)?.split_at_checked("w-".len() + FINGERPRINT_DIGITS)?;
        let is_hex = name.get("w-".len()..)?.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_hex && rest.starts_with('/')).then_some(name)
    };
    let found = script.match_indices("w-").find_map(|(at, _)| name(at));
    let found = found.with_context(|| format!("{} names no folder", file.display()))?;
    ensure!(dist.join(found).is_dir(), "{} is not beside {}", found, file.display());
    Ok(found.to_owned())
}

/// Trunk's release build, with a standard library built for size.
///
/// `immediate-abort` leaves out the code that describes panics; the widget never panics. The compiler is
/// the pinned stable one: `RUSTC_BOOTSTRAP` only unlocks these options.
fn trunk() -> Result<()> {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))?;
    let sysroot = command("rustc").args(["--print", "sysroot"]).output()?;
    // If several match, the last one counts.
    let mut flags = vec![
        "-Zunstable-options".to_owned(),
        "-Cpanic=immediate-abort".to_owned(),
        "-Zlocation-detail=none".to_owned(),
        "-Zfmt-debug=none".to_owned(),
        // The glue then keeps the page's objects in an array and not in a table of the module, which
        // makes the code shorter.
        "-Ctarget-feature=-reference-types".to_owned(),
        // A page of 64 KB of stack in place of 1 MB, in the memory of every survey; see docs/internals/PERFORMANCE.md.
        "-Clink-arg=-zstack-size=65536".to_owned(),
        format!("--remap-path-prefix={home}=cargo"),
        format!("--remap-path-prefix={}=rust", sysroot.trim()),
        format!("--remap-path-prefix={}=afterword", root().display()),
    ];
    let registry = Path::new(&home).join("registry/src");
    for source in fs::read_dir(registry).into_iter().flatten().flatten() {
        flags.push(format!("--remap-path-prefix={}=crates", source.path().display()));
    }
    command("trunk")
        .args(["build", "--release", "--config", "xtask/Trunk.dist.toml"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("NO_COLOR", "true")
        .run()
}

/// afterword.js, what it fetches later and the locale files, with the widget in `folder`. `glue` is the way into
/// the module; `None` stands for Trunk's.
pub(crate) fn script(out: &Path, folder: &str, glue: Option<&Path>) -> Result<()> {
    let mut build =
        cargo(["run", "--quiet", "--package", "afterword-script", "--", "--folder", folder])
            .arg("--out")
            .arg(out)
            .arg("--npm")
            .arg(places::npm().join("node_modules"));
    if let Some(glue) = glue {
        build = build.arg("--glue").arg(glue);
    }
    build.run()
}

/// Copies the module with short names for its imports and exports, and returns the short name of each.
/// wasm-bindgen's names end in hashes, which do not compress, and stand in the glue as well.
fn shorten(module: &Path, to: &Path) -> Result<Map<String, Value>> {
    let told = command("wasm-opt")
        .arg(module)
        .args(["-Oz", "--one-caller-inline-max-function-size=70"])
        // The stack lies first and grows downwards, so that only its very end is there.
        .arg("--low-memory-unused")
        .arg("--minify-imports-and-exports-and-modules")
        .args(["--strip-producers", "--strip-target-features", "--output"])
        .arg(to)
        .output()?;
    let told: Value = serde_json::from_str(&told).context("the names, as wasm-opt tells them")?;
    let mut names = Map::new();
    for group in ["imports", "exports"] {
        for entry in told[group].as_array().context(group)? {
            // The module it is imported from, if any, the old name, and the new.
            let Some([.., old, new]) = entry.as_array().map(Vec::as_slice) else { continue };
            names.insert(old.as_str().context("a name")?.to_owned(), new.clone());
        }
    }
    Ok(names)
}

/// Replacements for parts of wasm-bindgen's glue that only serve browsers in which the widget cannot run,
/// or features that it does not use.
const GLUE_CUTS: [(&str, &str); 8] = [
    // Every supported browser has `encodeInto`: docs/BROWSERS.md.
    (
        "if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        const buf = cachedTextEncoder.encode(arg);
        view.set(buf);
        return {
            read: arg.length,
            written: buf.length
        };
    };
}
",
        "",
    ),
    // Works around Safari's decoder, which fails after 2 GB of text.
    (
        "    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
",
        "",
    ),
    // Only the first call of a decoder is slower.
    ("cachedTextDecoder.decode();\n", ""),
    // The widget borrows a handful of objects at a time, and there is room for a thousand.
    ("    if (stack_pointer == 1) throw new Error('out of js stack');\n", ""),
    // Every supported browser has a `FinalizationRegistry`.
    (
        "(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new",
        "new",
    ),
    // Every call that passes text also passes the function that grows its memory.
    (
        "    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }
",
        "",
    ),
    // The function that the glue becomes makes only one instance.
    (
        "    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
",
        "    wasm = instance.exports;
",
    ),
    // One check works in all browsers.
    (
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || \
         (cachedDataViewMemory0.buffer.detached === undefined && \
         cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
        "cachedDataViewMemory0?.buffer !== wasm.memory.buffer",
    ),
];

/// Combines script/glue/instance.js with wasm-bindgen's glue, which gets the module's short names and loses
/// its unused parts. The build bundles the result into the file of each mode.
///
/// The glue keeps its instance in module variables. Here it becomes a function with local ones, so that a
/// page can have several instances, and drop each.
fn glue(file: &Path, names: &Map<String, Value>) -> Result<PathBuf> {
    let text = fs::read_to_string(file)?;
    ensure!(text.matches("\"./widget_bg.js\"").count() == 1, "one module of imports");
    let mut text = text.replace("\"./widget_bg.js\"", "\"a\"");
    for (part, instead) in GLUE_CUTS {
        ensure!(text.matches(part).count() == 1, "wasm-bindgen's glue is no longer: {part}");
        text = text.replace(part, instead);
    }
    text.push_str("\nexport { __wbg_finalize_init, __wbg_get_imports };\n");
    let short = file.with_file_name("short.mjs");
    fs::write(&short, text)?;
    let cache = file.with_file_name("names.json");
    fs::write(&cache, serde_json::to_string(names)?)?;
    let names: Vec<&str> = names.keys().map(String::as_str).collect();
    let glue = command("esbuild")
        .arg(root().join("script/glue/instance.js"))
        .args(["--bundle", "--format=esm", "--log-level=error"])
        .arg(format!("--target=es2021,{}", OLDEST_BROWSERS.trim()))
        .arg("--tsconfig-raw={}")
        .arg(format!("--alias:bindgen={}", short.display()))
        .arg(format!("--mangle-props=^({})$", names.join("|")))
        .arg(format!("--mangle-cache={}", cache.display()))
        .output()?;
    let last = "export {\n  instance_default as default\n};\n";
    ensure!(glue.ends_with(last), "the glue has one export");
    let glue = glue.replace(last, "return instance_default;\n");
    let function = file.with_file_name("glue.mjs");
    fs::write(&function, format!("export default () => {{\n{glue}}};\n"))?;
    Ok(function)
}

/// The oldest browsers in which a survey works, in esbuild's names.
const OLDEST_BROWSERS: &str = include_str!("../../script/oldest-browsers.txt");

/// Digits in the name of the widget's folder.
const FINGERPRINT_DIGITS: usize = 10;

/// A hash of the names and contents of a folder's files, as a name.
fn fingerprint(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files(folder)? {
        hash.update(file.strip_prefix(folder)?.to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(fs::read(&file)?));
    }
    Ok(hash
        .finalize()
        .iter()
        .take(FINGERPRINT_DIGITS / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The demo shop, one folder below afterword.js.
fn demo(built: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.join("demo"))?;
    let page = fs::read_to_string(built.join("index.html"))?;
    let mut moved = page;
    // The page lies one folder deeper than in Trunk's server.
    for script in ["afterword.js", "quotes.js"] {
        let (before, after) = (format!("src=\"{script}\""), format!("src=\"../{script}\""));
        ensure!(moved.matches(&before).count() == 1, "one tag for {script} in index.html");
        moved = moved.replace(&before, &after);
    }
    fs::write(to.join("index.html"), moved)?;
    for entry in fs::read_dir(root().join("demo"))? {
        let file = entry?.path();
        fs::copy(&file, to.join("demo").join(file.file_name().context("a file")?))?;
    }
    Ok(())
}

/// Writes every file's size, and its hash for `integrity` attributes.
fn manifest(dist: &Path) -> Result<()> {
    let mut manifest = Map::new();
    for file in files(dist)? {
        let bytes = fs::read(&file)?;
        let hash = format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(&bytes)));
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        manifest.insert(name, json!({ "integrity": hash, "bytes": bytes.len() }));
    }
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    Ok(fs::write(dist.join("integrity.json"), text)?)
}

/// Writes `.br` and `.gz` beside a file, at the highest levels: compressed once, served always.
fn compress(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let beside = |extension: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    fs::write(beside(".br"), brotli(&bytes)?)?;
    fs::write(beside(".gz"), gzip(&bytes)?)?;
    Ok(())
}

/// Brotli at its highest level. Tries several block sizes and distance codings, and keeps the smallest
/// result.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut best = Vec::new();
    for (lgblock, distance_postfix_bits) in [(0, 0), (0, 1), (16, 0), (16, 1)] {
        let mut parameters = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            lgblock,
            size_hint: bytes.len(),
            ..Default::default()
        };
        parameters.dist.distance_postfix_bits = distance_postfix_bits;
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
        if best.is_empty() || compressed.len() < best.len() {
            best = compressed;
        }
    }
    Ok(best)
}

/// Gzip at its highest level.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}

/// Every file below a folder, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether two folders hold the same files.
fn same(one: &Path, other: &Path) -> Result<bool> {
    if !other.exists() {
        return Ok(false);
    }
    let list = |folder: &Path| -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let files = files(folder)?.into_iter();
        files.map(|f| Ok((f.strip_prefix(folder)?.to_owned(), fs::read(&f)?))).collect()
    };
    Ok(list(one)? == list(other)?)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn release(folder: &Path, names: &[&str]) {
        let script = format!("import(new URL(\"{}/\"+e))/* w-short/ */", names[0]);
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("afterword.js"), script).unwrap();
        for name in names {
            fs::create_dir_all(folder.join(name)).unwrap();
            fs::write(folder.join(name).join("form.js"), name).unwrap();
        }
    }

    #[test]
    fn the_folder_of_the_release_before_is_kept_and_no_older_one() {
        let place = tempfile::tempdir().unwrap();
        let (old, new) = (place.path().join("old"), place.path().join("new"));
        release(&old, &["w-00000000aa", "w-1111111111"]);
        release(&new, &["w-2222222222"]);
        keep_folder_of(&old, &new).unwrap();
        assert_eq!(fs::read_to_string(new.join("w-00000000aa/form.js")).unwrap(), "w-00000000aa");
        assert!(!new.join("w-1111111111").exists());
        assert_eq!(current_folder(&new).unwrap(), "w-2222222222");
        // Nothing happens to a release that is its own predecessor.
        keep_folder_of(&new, &new).unwrap();
        fs::remove_dir_all(old.join("w-00000000aa")).unwrap();
        assert!(keep_folder_of(&old, &new).unwrap_err().to_string().contains("w-00000000aa"));
    }
}
