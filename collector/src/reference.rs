//! The manual's pages and the shells' completions, made from the definition of the command line.

use std::{fs, io, path::Path};

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;

/// The shells that packages have a place for.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Fish, Shell::Zsh];

/// Writes `man/*.1` and `completions/` into the folder.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    let manual = folder.join("man");
    let completions = folder.join("completions");
    fs::create_dir_all(&manual)?;
    fs::create_dir_all(&completions)?;
    clap_mangen::generate_to(Cli::command(), &manual)?;
    for shell in SHELLS {
        clap_complete::generate_to(
            shell,
            &mut Cli::command(),
            "afterword-collector",
            &completions,
        )?;
    }
    Ok(())
}
