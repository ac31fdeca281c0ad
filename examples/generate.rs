//! Writes what is made from the table of attributes into README.md and `script/afterword.d.ts`.
//! `cargo xtask generate` runs it.

use std::fs;
use std::path::Path;

use afterword::attributes::manual;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, block) in
        [("README.md", manual::markdown()), ("script/afterword.d.ts", manual::typescript())]
    {
        let text = fs::read_to_string(root.join(file))?;
        let text = manual::with_block(&text, &block).ok_or_else(|| {
            std::io::Error::other(format!("{file} has lost the lines that begin and end the block"))
        })?;
        fs::write(root.join(file), text)?;
    }
    Ok(())
}
