//! The commands beside `serve`: each runs a function of the library, shows its progress, and says on
//! standard output what came of it.

use std::error::Error;

use afterword_collector::{
    Config,
    seed::{self, Occupied, Plan},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Seed;

type Outcome = Result<(), Box<dyn Error>>;

/// A bar on standard error, invisible where that is no terminal.
fn bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    match ProgressStyle::with_template("{msg} {bar:32} {human_pos} of {human_len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) async fn seed(arguments: Seed) -> Outcome {
    let mut plan = Plan::new();
    plan.answers = usize::try_from(arguments.answers)?;
    plan.seed = arguments.seed;
    plan.end = arguments.end.unwrap_or(plan.end);
    plan.occupied = match (arguments.add, arguments.if_empty) {
        (true, _) => Occupied::Add,
        (_, true) => Occupied::Leave,
        _ => Occupied::Refuse,
    };
    let bar = bar(u64::from(arguments.answers), "Seeding");
    let config = Config::new(arguments.database.database);
    let added = seed::run(&config, &plan, |stored| bar.set_position(stored)).await;
    bar.finish_and_clear();
    match added? {
        0 => println!("There are answers already; nothing was added."),
        added => println!("A year of a demo shop: {added} answers were added."),
    }
    Ok(())
}
