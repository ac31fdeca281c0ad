//! The developer's commands: `cargo xtask demo`, `cargo xtask test`, and what they are made of.
//!
//! Each command installs what it needs and is missing, says what it does while it does it, and is
//! quick the second time. Tools go to a folder outside the clone ([`places::cache`]).

mod dist;
mod fuzz;
mod locales;
mod package;
mod places;
mod rooms;
mod run;
mod schemathesis;
mod size;
mod test;
mod tools;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::places::root;
use crate::run::{Step, cargo};

/// The developer's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything and starts the collector with the demo shop and a year of its answers; prints the
    /// address.
    Demo {
        /// Where the collector listens.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Starts over with a new database, its year ending now, instead of the one of earlier demos.
        #[arg(long)]
        fresh: bool,
    },
    /// Runs every test there is: on the host, in WebAssembly, and in three browsers.
    Test {
        /// Only end-to-end tests whose name contains this, on the dist/ that is there.
        #[arg(long)]
        e2e: Option<String>,
    },
    /// Builds the widget as small as it gets: everything a static host needs, in dist/.
    Dist,
    /// What dist/ weighs, against size-budget.toml, and what is big in it.
    Size,
    /// Plays a day of routes in one page, in three browsers: ten minutes, and what is held by the hour.
    Soak,
    /// Ends a collector again and again, while answers, corrections, imports and erasures arrive, and holds what
    /// is stored then against what was acknowledged.
    Campaign {
        /// What ends it.
        #[arg(value_enum)]
        end: test::End,
        /// How often.
        #[arg(long, default_value_t = 100)]
        times: u32,
    },
    /// Measures the collector, built for release, beside the least that the same work takes.
    Bench {
        /// What is measured.
        #[arg(value_enum)]
        what: test::Bench,
    },
    /// How often the report's verdicts are wrong: every rate that docs/internals/STATISTICS.md states, summed
    /// over every outcome or simulated; fails if one is above what is promised.
    Verdicts,
    /// Plays all the cases of the tests that an ordinary run plays a choice of: the survey in every container,
    /// mode and width, brought in every way, in three browsers.
    Matrix,
    /// Formatting, clippy for host and wasm32, the script's types, circles among rooms, the languages' files,
    /// licences of the dependencies.
    Lint,
    /// Whether every language's file is whole, and what it weighs: a part of lint that takes a second.
    Locales,
    /// Circles among rooms alone, a part of lint that takes a second.
    Rooms,
    /// Makes what is installed without a compiler, in target/package: static binaries, Debian packages, a container
    /// image, plugins for shops, their checksums.
    Package(package::Options),
    /// Feeds every parser with inputs that reach further and further into it, guided by coverage.
    Fuzz {
        /// Only the parsers whose name contains this.
        filter: Option<String>,
        /// How long each is fed.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Asks a collector for everything that the API's own document describes, rightly and wrongly, and holds
    /// the answers against it.
    Schemathesis {
        /// How many examples of each operation.
        #[arg(long, default_value_t = 60)]
        examples: u32,
        /// Which of many sets of examples.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Serves the widget and the demo page with Trunk, rebuilding on change.
    Serve,
    /// Writes anew what is made from the types and the table of attributes: the JSON schemas in response/, the
    /// manual in README.md.
    Generate,
    /// Installs the tools that the other commands need.
    Tools,
    /// Trunk's hook: puts afterword.js and the locales where Trunk gathers its files.
    #[command(hide = true)]
    Stage,
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Demo { listen, fresh } => demo(&listen, fresh),
        Command::Test { e2e: None } => test::all(),
        Command::Test { e2e: Some(filter) } => test::end_to_end(&filter),
        Command::Dist => dist::build().map(drop),
        Command::Size => size::contents().and_then(|()| size::check()),
        Command::Soak => test::soak(),
        Command::Campaign { end, times } => test::campaign(end, times),
        Command::Bench { what } => test::bench(what),
        Command::Verdicts => test::verdicts(),
        Command::Matrix => test::matrix(),
        Command::Lint => test::lint(),
        Command::Locales => locales::check(),
        Command::Rooms => rooms::check(),
        Command::Package(options) => package::run(&options),
        Command::Fuzz { filter, seconds } => {
            fuzz::run(filter.as_deref().unwrap_or_default(), seconds)
        }
        Command::Schemathesis { examples, seed } => schemathesis::run(examples, seed),
        Command::Serve => serve(),
        Command::Generate => generate(),
        Command::Tools => tools::everything(),
        Command::Stage => stage(),
    }
}

fn demo(listen: &str, fresh: bool) -> Result<()> {
    dist::build()?;
    let step = Step::begin("Building the collector");
    cargo(["build", "--quiet", "--package", "afterword-collector"]).run()?;
    step.done();
    let database = root().join("target/demo.db");
    if fresh {
        for suffix in ["", "-shm", "-wal"] {
            let mut name = database.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(PathBuf::from(name));
        }
    }
    let address = format!("sqlite://{}", database.display());
    let collector = || {
        cargo(["run", "--quiet", "--package", "afterword-collector", "--"])
            .env("DATABASE_URL", &address)
    };
    let step = Step::begin("A year of answers (kept for the next demo; --fresh makes a new one)");
    collector().args(["seed", "--if-empty"]).run()?;
    step.done();
    println!("\nThe demo shop:  http://{listen}/demo/");
    println!("Its report:     http://{listen}/");
    println!("Its answers:    http://{listen}/responses\n");
    collector().args(["serve", "--store-demo", "--listen", listen]).run()
}

fn serve() -> Result<()> {
    tools::for_building()?;
    run::command("trunk").arg("serve").run()
}

fn generate() -> Result<()> {
    for message in ["response", "display"] {
        let arguments =
            ["run", "--quiet", "--package", "afterword-response", "--features", "schema"];
        let schema = cargo(arguments).args(["--example", "schema", "--", message]).output()?;
        let file = root().join(format!("response/{message}.schema.json"));
        std::fs::write(&file, schema).with_context(|| file.display().to_string())?;
    }
    cargo(["run", "--quiet", "--package", "afterword", "--example", "generate"]).run()
}

fn stage() -> Result<()> {
    let out = std::env::var_os("TRUNK_STAGING_DIR").context("this is Trunk's hook")?;
    dist::script(Path::new(&out), "", None)
}
