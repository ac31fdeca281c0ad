//! End to end, in Chromium, Firefox and WebKit: one module a theme, one fixture page a scenario.
//!
//! Every scenario gets a fresh shop and a fresh collector, on ports of their own, so that nothing a
//! browser keeps from one reaches the next; the browser itself is kept as long as scenarios succeed.
//! A scenario is repeated for each engine under the name `SCENARIO::ENGINE`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accessibility;
mod corner;
mod delivery;
mod ended;
mod environment;
mod faults;
mod flow;
mod guest;
mod hostile;
mod interference;
mod invariant;
mod loading;
mod outbox;
mod policy;
mod report;
mod security;
mod soak;
mod takeover;

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use afterword_e2e::browser::{Driver, Engine};
use afterword_e2e::shop::Shop;
use afterword_e2e::survey::Page;
use anyhow::{Result, anyhow};
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::sync::Mutex;

/// What a scenario is given.
struct Visit<'a> {
    page: Page<'a>,
    shop: Shop,
}

impl Visit<'_> {
    /// Visits a fixture page of the shop and waits for the question.
    async fn fixture(&self, name: &str) -> Result<()> {
        self.page.visit(&format!("{}/{name}", self.shop.origin)).await
    }
}

type Run = for<'a> fn(&'a Visit<'a>) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// How long a scenario may take; a day, or a long run of cases, longer.
const LIMIT: Duration = Duration::from_secs(60);
const LIMIT_OF_A_LONG_RUN: Duration = Duration::from_secs(60 * 60);

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
            ("faults", faults::SCENARIOS),
            ("invariant", invariant::SCENARIOS),
            ("outbox", outbox::SCENARIOS),
            ("report", report::SCENARIOS),
            ("ended", ended::SCENARIOS),
            ("guest", guest::SCENARIOS),
            ("hostile", hostile::SCENARIOS),
            ("interference", interference::SCENARIOS),
            ("environment", environment::SCENARIOS),
            ("policy", policy::SCENARIOS),
            ("security", security::SCENARIOS),
            ("corner", corner::SCENARIOS),
            ("loading", loading::SCENARIOS),
            ("soak", soak::scenarios()),
            ("accessibility", accessibility::SCENARIOS),
        ];
        for (module, scenarios) in modules {
            for (name, run) in scenarios {
                let (handle, driver, run) = (handle.clone(), driver.clone(), *run);
                let name = format!("{module}::{name}::{}", engine.name());
                trials.push(Trial::test(name.clone(), move || {
                    handle
                        .block_on(visit(&driver, &name, run))
                        .map_err(|error| Failed::from(format!("{error:#}")))
                }));
            }
        }
    }
    // By scenario, so that the engines take turns and three run side by side.
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    let conclusion = libtest_mimic::run(&arguments, trials);
    for driver in &drivers {
        runtime.block_on(async { driver.lock().await.close().await });
    }
    drop(drivers);
    runtime.shutdown_timeout(Duration::from_secs(1));
    conclusion.exit_code()
}

/// Plays a scenario. A browser that hangs says nothing about the survey: then once more, in a fresh one.
async fn visit(driver: &Mutex<Driver>, name: &str, run: Run) -> Result<()> {
    let mut driver = driver.lock().await;
    match play(&mut driver, name, run).await? {
        Some(result) => result,
        None => {
            eprintln!("{name}: the browser hangs; once more, in a fresh one");
            play(&mut driver, name, run).await?.unwrap_or_else(|| Err(anyhow!("hangs, twice")))
        }
    }
}

/// Plays a scenario once; `None` if it does not come to an end in its time.
async fn play(driver: &mut Driver, name: &str, run: Run) -> Result<Option<Result<()>>> {
    let shop = Shop::open().await?;
    let client = driver.browser().await?;
    let visit = Visit { page: Page { client: &client, engine: driver.engine() }, shop };
    let long = soak::is_a_day() || invariant::is_a_long_run();
    let limit = if long { LIMIT_OF_A_LONG_RUN } else { LIMIT };
    let result = tokio::time::timeout(limit, run(&visit)).await.ok();
    if !matches!(result, Some(Ok(()))) {
        // What it looked like tells more than any message.
        if let Ok(Ok(picture)) = tokio::time::timeout(LIMIT / 4, client.screenshot()).await {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/e2e-failures");
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join(name.replace("::", "-") + ".png"), picture)?;
        }
        driver.close().await;
    }
    Ok(result)
}
