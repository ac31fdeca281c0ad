//! End to end, in Chromium, Firefox and WebKit: one module a theme, one fixture page a scenario.
//!
//! Every scenario gets a fresh browser, a fresh shop and a fresh collector. A scenario is repeated
//! for each engine under the name `SCENARIO::ENGINE`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accessibility;
mod delivery;
mod flow;
mod guest;
mod takeover;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use afterword_e2e::browser::{Driver, Engine};
use afterword_e2e::shop::Shop;
use afterword_e2e::survey::Page;
use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::sync::Mutex;

/// What a scenario is given.
struct Visit<'a> {
    page: Page<'a>,
    shop: Shop,
    engine: Engine,
}

impl Visit<'_> {
    /// Visits a fixture page of the shop and waits for the question.
    async fn fixture(&self, name: &str) -> Result<()> {
        self.page.visit(&format!("{}/{name}", self.shop.origin)).await
    }
}

type Run = for<'a> fn(&'a Visit<'a>) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A scenario: its name and what it does.
type Scenario = (&'static str, Run);

/// Lists a module's scenarios, which are async functions from a [`Visit`].
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        pub(crate) const SCENARIOS: &[crate::Scenario] =
            &[$((stringify!($name), |visit| Box::pin($name(visit)))),+];
    };
}
pub(crate) use scenarios;

fn main() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    // The browsers are the slow part, and each serves one session at a time.
    arguments.test_threads.get_or_insert(3);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let handle = runtime.handle().clone();
    let mut trials = Vec::new();
    let mut drivers = Vec::new();
    for engine in Engine::ALL {
        if arguments.list {
            continue;
        }
        let driver = match Driver::start(engine) {
            Ok(driver) => Arc::new(Mutex::new(driver)),
            Err(error) => {
                eprintln!("{error:#}\n`cargo xtask tools` installs what is missing, or says how.");
                return std::process::ExitCode::FAILURE;
            }
        };
        drivers.push(driver.clone());
        let modules = [
            ("flow", flow::SCENARIOS),
            ("takeover", takeover::SCENARIOS),
            ("delivery", delivery::SCENARIOS),
            ("guest", guest::SCENARIOS),
            ("accessibility", accessibility::SCENARIOS),
        ];
        for (module, scenarios) in modules {
            for (name, run) in scenarios {
                let (handle, driver, run) = (handle.clone(), driver.clone(), *run);
                let name = format!("{module}::{name}::{}", engine.name());
                trials.push(Trial::test(name, move || {
                    handle
                        .block_on(visit(&driver, engine, run))
                        .map_err(|error| Failed::from(format!("{error:#}")))
                }));
            }
        }
    }
    // By scenario, so that the engines take turns and three run side by side.
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    let conclusion = libtest_mimic::run(&arguments, trials);
    for driver in drivers {
        drop(driver);
    }
    runtime.shutdown_timeout(Duration::from_secs(1));
    conclusion.exit_code()
}

async fn visit(driver: &Mutex<Driver>, engine: Engine, run: Run) -> Result<()> {
    let driver = driver.lock().await;
    let shop = Shop::open().await?;
    let client = driver.open().await?;
    let visit = Visit { page: Page { client: &client }, shop, engine };
    let result = run(&visit).await;
    // Without this the next session would find this one open.
    let closed = client.clone().close().await;
    result?;
    Ok(closed?)
}
