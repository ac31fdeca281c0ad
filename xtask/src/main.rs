//! The developer's commands: `cargo xtask demo`, `cargo xtask test`, and their parts.
//!
//! Each command installs its missing tools, prints what it does, and is quick the second time. Tools go to a
//! folder outside the clone ([`places::cache`]).

mod checkout;
mod dist;
#[cfg(test)]
mod docs;
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

use anyhow::{Context, Result, bail, ensure};
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
        /// The address on which the collector listens.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Starts over with a new database, its year ending now, instead of the one of earlier demos.
        #[arg(long)]
        fresh: bool,
    },
    /// Runs every test: on the host, in WebAssembly, and in three browsers.
    Test {
        /// Only end-to-end tests whose name contains this text, on the existing dist/.
        #[arg(long)]
        e2e: Option<String>,
    },
    /// Builds the widget, as small as possible, into dist/: everything that a static host needs.
    Dist {
        /// Also keeps the widget's folder of the release before, for pages and caches that still hold its script: the path
        /// of that release's dist/.
        #[arg(long, value_name = "DIR")]
        previous: Option<PathBuf>,
    },
    /// Prints the sizes in dist/, compares them with size-budget.toml, and lists the largest parts of the widget.
    Size,
    /// Runs a day of route changes in one page, in three browsers, and prints its memory for each hour; takes ten
    /// minutes.
    Soak,
    /// Ends a collector again and again while answers, corrections, imports and erasures arrive, and compares the
    /// stored answers with the acknowledged ones.
    Campaign {
        /// The way in which it is ended.
        #[arg(value_enum)]
        end: test::End,
        /// The number of times that it is ended.
        #[arg(long, default_value_t = 100)]
        times: u32,
    },
    /// Measures the collector, built for release, and compares it with the minimal program for the same work.
    Bench {
        /// The work to measure.
        #[arg(value_enum)]
        what: test::Bench,
    },
    /// Measures how often the report's verdicts are wrong: computes or simulates every rate that
    /// docs/internals/STATISTICS.md states, and fails if one is above the promise.
    Verdicts,
    /// Runs every case of the scenarios that `test` samples: the survey in every container, mode and width,
    /// inserted in every way, in three browsers; and each feature of younger browsers taken away, with both forms.
    Matrix,
    /// Runs axe on every page of which `test` samples: each state, mode, theme, width and language, in one browser after
    /// the other.
    Axe {
        /// Only in this browser: `chromium`, `firefox` or `webkit`.
        #[arg(long)]
        browser: Option<String>,
    },
    /// Has Orca, a screen reader, read the survey in Firefox, and checks what it says.
    Orca,
    /// Checks formatting, clippy for host and wasm32, the script's types, circles among rooms, the languages'
    /// files, and the licences of the dependencies.
    Lint,
    /// Checks every language's file, and prints its size: a part of lint that takes a second.
    Locales,
    /// Checks only for circles among rooms: a part of lint that takes a second.
    Rooms,
    /// Builds the files of a release in target/package: static binaries, Debian packages, a container image, plugins
    /// for shops, and checksums.
    Package(package::Options),
    /// Places an order in a real shop, django-oscar, with the template of docs/SHOPS.md, and answers the question: a part
    /// of test.
    Shop {
        /// Uses this collector instead of building one.
        #[arg(long, value_name = "PROGRAM")]
        collector: Option<PathBuf>,
    },
    /// Builds pages with React and Vue from the npm package with the existing dist/, and answers the question on them in
    /// three browsers: a part of test.
    Pages,
    /// Tests every parser with generated inputs, guided by coverage.
    Fuzz {
        /// Only the parsers whose name contains this.
        filter: Option<String>,
        /// Seconds for each parser.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Sends a collector valid and invalid requests for every operation in the API's document, and checks the
    /// answers against the document.
    Schemathesis {
        /// Examples of each operation.
        #[arg(long, default_value_t = 60)]
        examples: u32,
        /// The seed from which the examples are made.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Serves the widget and the demo page with Trunk, rebuilding on change.
    Serve,
    /// Generates the JSON schemas in response/ from the types, and the manual in README.md from the table of
    /// attributes.
    Generate,
    /// Installs the tools that the other commands need.
    Tools,
    /// Trunk's hook: writes afterword.js and the locales to the folder in which Trunk collects its files.
    #[command(hide = true)]
    Stage,
}

fn main() -> Result<()> {
    if checkout::run_again_if_foreign()? {
        return Ok(());
    }
    checkout::claim_target()?;
    match Args::parse().command {
        Command::Demo { listen, fresh } => demo(&listen, fresh),
        Command::Test { e2e: None } => test::all(),
        Command::Test { e2e: Some(filter) } => test::end_to_end(&filter),
        Command::Dist { previous } => {
            dist::build()?;
            previous.as_deref().map_or(Ok(()), dist::keep_previous)
        }
        Command::Size => size::contents().and_then(|()| size::check()),
        Command::Soak => test::soak(),
        Command::Campaign { end, times } => test::campaign(end, times),
        Command::Bench { what } => test::bench(what),
        Command::Verdicts => test::verdicts(),
        Command::Matrix => test::matrix(),
        Command::Axe { browser } => test::axe(browser.as_deref()),
        Command::Orca => test::orca(),
        Command::Lint => test::lint(),
        Command::Locales => locales::check(),
        Command::Rooms => rooms::check(),
        Command::Package(options) => package::run(&options),
        Command::Shop { collector } => {
            test::shop(collector)?.map_or(Ok(()), |what| bail!("not run here: {what}"))
        }
        Command::Pages => {
            let not_run = test::pages()?;
            ensure!(not_run.is_empty(), "not run here: {}", not_run.join("; "));
            Ok(())
        }
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
