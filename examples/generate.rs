//! Writes the manual of the attributes into README.md. `cargo xtask generate` runs it.

use std::fs;
use std::path::Path;

use afterword::attributes::manual;

fn main() -> std::io::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = manual::with_block(&fs::read_to_string(&file)?, &manual::markdown());
    let lost = || std::io::Error::other("README.md has lost the lines around the attributes");
    fs::write(file, text.ok_or_else(lost)?)
}
