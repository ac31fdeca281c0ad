//! End-to-end tests in Chromium, Firefox and WebKit. Each module tests one subject.
//!
//! Every scenario gets a new shop and a new collector on their own ports, so that data that a browser has stored
//! never affects another scenario. The browser itself is used again as long as scenarios succeed. A scenario is
//! played in each engine, under the name `MODULE::SCENARIO::ENGINE`. If it is played with the painted form and with
//! the widget, its name is `MODULE::SCENARIO::FORM::ENGINE`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accessibility;
mod attributes;
mod axe;
mod browsers;
mod check;
mod colours;
mod consent;
mod corner;
mod delivery;
mod embedding;
mod ended;
mod environment;
mod faults;
mod flow;
mod further;
mod guest;
mod hostile;
mod interference;
mod invariant;
mod languages;
mod layout;
mod loading;
mod look;
mod manners;
mod modes;
mod outbox;
mod outdated;
mod pictures;
mod policy;
mod quotes;
mod receipt;
mod report;
mod security;
mod soak;
mod spoken;
mod takeover;
mod when;

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use afterword_e2e::browser::{Driver, Engine};
use afterword_e2e::fixture::{Fixture, Form};
use afterword_e2e::shop::{Request, Shop};
use afterword_e2e::survey::Page;
use anyhow::{Context, Result, anyhow};
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::sync::Mutex;

/// The arguments of a scenario.
struct Visit<'a> {
    page: Page<'a>,
    shop: Shop,
}

impl Visit<'_> {
    /// Publishes a page, goes there, and returns its address.
    async fn go(&self, page: &Fixture) -> Result<String> {
        let address = self.address(page)?;
        self.page.client.goto(&address).await?;
        Ok(address)
    }

    /// The same, and waits for the question.
    async fn open(&self, page: &Fixture) -> Result<String> {
        let address = self.address(page)?;
        self.page.visit(&address).await?;
        Ok(address)
    }

    /// The same with that form. It returns when the form can be used: the painted form at once, the widget once it has taken
    /// over.
    async fn open_as(&self, form: Form, page: &Fixture) -> Result<String> {
        let address = self.open(&page.clone().form(form)).await?;
        if form == Form::Widget {
            self.page.taken_over().await?;
        }
        Ok(address)
    }

    /// Visits a page that is a file of tests/fixtures, and waits for the question.
    async fn file(&self, name: &str) -> Result<()> {
        self.page.visit(&format!("{}/{name}", self.shop.origin)).await
    }

    /// Publishes a page, and returns its address.
    fn address(&self, page: &Fixture) -> Result<String> {
        Ok(self.shop.origin.clone() + &self.shop.publish(page)?)
    }

    /// Waits until the shop has received every message that this scenario's pages with a clock have begun to send.
    async fn all_has_arrived(&self) -> Result<()> {
        afterword_e2e::until("all that was begun to arrive", || async {
            let begun = "window.probe?.begun?.() ?? +sessionStorage.getItem('begun')";
            let begun = self.page.read(begun).await?.as_u64().context("a number")?;
            Ok((self.shop.requests("POST", "/").len() as u64 >= begun).then_some(()))
        })
        .await
    }

    /// Waits until the shop's endpoints whose path begins so have received this number of messages.
    async fn posted(&self, path: &str, count: usize) -> Result<Vec<Request>> {
        let posted = afterword_e2e::until(&format!("{count} messages to {path}"), || async {
            let posts = self.shop.requests("POST", path);
            Ok((posts.len() >= count).then_some(posts))
        })
        .await;
        match posted {
            Ok(posted) => Ok(posted),
            Err(error) => {
                let taps = self.page.read("probe.taps").await.unwrap_or_default();
                Err(error.context(format!("the pointer: {taps}")))
            }
        }
    }

    /// Advances the page's clock by more than any delay, and waits until all messages have arrived.
    async fn nothing_more(&self) -> Result<()> {
        self.page.quiet().await?;
        self.page.pass(60_000).await?;
        self.all_has_arrived().await
    }

    /// Leaves the page for a file of the shop that is not a page.
    async fn leave(&self) -> Result<()> {
        Ok(self.page.client.goto(&format!("{}/page.css", self.shop.origin)).await?)
    }
}

type Played<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;
type Run = Arc<dyn for<'a> Fn(&'a Visit<'a>) -> Played<'a> + Send + Sync>;

/// The time limit of a scenario. A whole day of routes, or a long run of cases, may take longer.
const LIMIT: Duration = Duration::from_secs(60);
const LIMIT_OF_A_LONG_RUN: Duration = Duration::from_secs(60 * 60);

/// A scenario: its name within its module, its function, and the browsers that play it.
struct Scenario {
    name: String,
    run: Run,
    engines: Vec<Engine>,
}

impl Scenario {
    fn new(
        name: impl Into<String>,
        run: impl for<'a> Fn(&'a Visit<'a>) -> Played<'a> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), run: Arc::new(run), engines: Engine::ALL.to_vec() }
    }

    /// The same scenario, played only in these browsers.
    fn only_in(self, engines: Vec<Engine>) -> Self {
        Self { engines, ..self }
    }
}

/// A module's scenarios. The module's name is the end of its path.
struct Module {
    path: &'static str,
    scenarios: fn() -> Vec<Scenario>,
}

inventory::collect!(Module);

/// Lists a module's scenarios: async functions that take a [`Visit`]. A function that also takes a [`Form`] is listed
/// as `NAME(form)`, and played with both forms.
macro_rules! scenarios {
    ($($name:ident $(($form:ident))?),+ $(,)?) => {
        fn scenarios() -> Vec<crate::Scenario> {
            let mut all = Vec::new();
            $(crate::scenario!(all, $name $(($form))?);)+
            all
        }
        crate::register!(scenarios);
    };
}
pub(crate) use scenarios;

macro_rules! scenario {
    ($all:ident, $name:ident) => {
        $all.extend([crate::Scenario::new(stringify!($name), |visit| Box::pin($name(visit)))]);
    };
    ($all:ident, $name:ident (form)) => {
        for form in afterword_e2e::fixture::Form::BOTH {
            let name = format!("{}::{}", stringify!($name), form.name());
            $all.extend([crate::Scenario::new(name, move |visit| Box::pin($name(visit, form)))]);
        }
    };
}
pub(crate) use scenario;

/// Adds the scenarios of a module to the run.
macro_rules! register {
    ($scenarios:ident) => {
        inventory::submit! { crate::Module { path: module_path!(), scenarios: $scenarios } }
    };
}
pub(crate) use register;

fn main() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    // The browsers are slow, and each serves one session at a time.
    arguments.test_threads.get_or_insert(3);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let handle = runtime.handle().clone();
    let mut trials = Vec::new();
    let mut drivers = Vec::new();
    for engine in Engine::ALL {
        // The first scenario that needs a browser starts it.
        let driver = Arc::new(Mutex::new(None));
        drivers.push(driver.clone());
        for Module { path, scenarios } in inventory::iter::<Module> {
            let module = path.rsplit("::").next().unwrap_or(path);
            for Scenario { name, run, engines } in scenarios() {
                if !engines.contains(&engine) {
                    continue;
                }
                let (handle, driver) = (handle.clone(), driver.clone());
                let name = format!("{module}::{name}::{}", engine.name());
                trials.push(Trial::test(name.clone(), move || {
                    handle
                        .block_on(visit(engine, &driver, &name, &run))
                        .map_err(|error| Failed::from(format!("{error:#}")))
                }));
            }
        }
    }
    // Sorted by scenario, so that the three engines run at the same time.
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    let conclusion = libtest_mimic::run(&arguments, trials);
    for driver in &drivers {
        runtime.block_on(async {
            if let Some(driver) = driver.lock().await.as_mut() {
                driver.close().await;
            }
        });
    }
    drop(drivers);
    runtime.shutdown_timeout(Duration::from_secs(1));
    conclusion.exit_code()
}

/// Plays a scenario. If the browser hangs, which says nothing about the survey, plays it once more in a new browser.
async fn visit(
    engine: Engine,
    driver: &Mutex<Option<Driver>>,
    name: &str,
    run: &Run,
) -> Result<()> {
    let mut driver = driver.lock().await;
    let driver = match driver.as_mut() {
        Some(driver) => driver,
        None => driver
            .insert(Driver::start(engine).context("`cargo xtask tools` installs what is missing")?),
    };
    match play(driver, name, run).await? {
        Some(result) => result,
        None => {
            eprintln!("{name}: the browser hangs; once more, in a fresh one");
            play(driver, name, run).await?.unwrap_or_else(|| Err(anyhow!("hangs, twice")))
        }
    }
}

/// Plays a scenario once; `None` if it does not end within its time limit.
async fn play(driver: &mut Driver, name: &str, run: &Run) -> Result<Option<Result<()>>> {
    let shop = Shop::open().await?;
    let client = driver.browser().await?;
    let visit = Visit { page: Page { client: &client, engine: driver.engine() }, shop };
    let long =
        soak::is_a_day() || invariant::is_a_long_run() || layout::is_whole() || axe::is_whole();
    let limit = if long { LIMIT_OF_A_LONG_RUN } else { LIMIT };
    let (width, height) = client.get_window_size().await?;
    let result = tokio::time::timeout(limit, run(&visit)).await.ok();
    if matches!(result, Some(Ok(()))) {
        // The next scenario must begin without this one's account and language, and with a window of the same size.
        client.delete_all_cookies().await?;
        if client.get_window_size().await? != (width, height) {
            client.set_window_size(width.try_into()?, height.try_into()?).await?;
        }
    } else {
        // A screenshot tells more than a message.
        if let Ok(Ok(picture)) = tokio::time::timeout(LIMIT / 4, client.screenshot()).await {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/e2e-failures");
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join(name.replace("::", "-") + ".png"), picture)?;
        }
        driver.close().await;
    }
    Ok(result)
}
