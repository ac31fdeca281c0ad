//! A page that is open for a long time: its routes insert and remove surveys, which leave nothing behind.
//!
//! Every run plays an hour; `cargo xtask soak` plays the whole day, and prints what it measures.

use afterword_e2e::browser::Engine;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{Scenario, Visit, register, scenario};

/// An hour in every run; `cargo xtask soak` plays a day instead.
fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    if is_a_day() {
        scenario!(all, a_day_of_routes_leaves_nothing_behind);
    } else {
        scenario!(all, an_hour_of_routes_leaves_nothing_behind);
    }
    all
}
register!(scenarios);

pub(crate) fn is_a_day() -> bool {
    std::env::var_os("AFTERWORD_SOAK").is_some()
}

/// Route changes in an hour: two a minute.
const ROUTES_PER_HOUR: usize = 120;

/// What the page has in memory after a garbage collection; sizes in bytes.
#[derive(Debug)]
struct PageMemory {
    /// Removed host elements that are still in memory.
    hosts: i64,
    /// Instances of the module, and their memory.
    instances: i64,
    memory: i64,
    /// Figures that only Chromium has: the heap of JavaScript and of the page, nodes, and listeners.
    heap: i64,
    nodes: i64,
    listeners: i64,
}

/// Makes Firefox collect garbage in all its processes, including cycles through the page's objects.
const COLLECT: &str =
    "for (const request of ['child-gc-request', 'child-cc-request', 'child-mmu-request']) {
    Services.obs.notifyObservers(null, request);
}";

async fn held(visit: &Visit<'_>) -> Result<PageMemory> {
    let page = &visit.page;
    page.promised("await soak.empty()").await?;
    afterword_e2e::until("the last request's deadline", || async {
        Ok((page.read("soak.expiring()").await? == 0).then_some(()))
    })
    .await?;
    // The browser itself keeps the timings of the page's last 250 requests.
    page.read("(performance.clearResourceTimings(), 0)").await?;
    let (mut heap, mut nodes, mut listeners) = (0, 0, 0);
    let number = |value: &Value, name: &str| {
        value[name].as_f64().map(|number| number as i64).with_context(|| format!("{name}: {value}"))
    };
    // Objects that collected ones held are collected in the next turn.
    for _ in 0..3 {
        match page.engine {
            Engine::Chromium => page.chromium("HeapProfiler.collectGarbage").await?,
            Engine::Firefox => page.firefox(COLLECT).await?,
            Engine::WebKit => page.promised("await soak.litter()").await?,
        };
        page.promised("await soak.empty()").await?;
    }
    if page.engine == Engine::Chromium {
        let usage = page.chromium("Runtime.getHeapUsage").await?;
        heap = number(&usage, "usedSize")? + number(&usage, "embedderHeapUsedSize")?;
        let counters = page.chromium("Memory.getDOMCounters").await?;
        (nodes, listeners) = (number(&counters, "nodes")?, number(&counters, "jsEventListeners")?);
    }
    let living = page.read("soak.living()").await?;
    let number = |name: &str| number(&living, name);
    let (hosts, instances, memory) = (number("hosts")?, number("instances")?, number("memory")?);
    Ok(PageMemory { hosts, instances, memory, heap, nodes, listeners })
}

/// Plays so many routes, and checks that every thanked answer was sent whole.
async fn play(visit: &Visit<'_>, routes: usize) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let mut played = Value::Null;
    for _ in 0..routes.div_ceil(12) {
        played = match page.promised("await soak.play(12)").await {
            Ok(played) => played,
            Err(error) => return Err(error.context(page.read("soak.doing()").await?.to_string())),
        };
    }
    let mut whole = std::collections::BTreeSet::new();
    for post in shop.requests("POST", "/endpoint") {
        let body: Value = serde_json::from_str(&post.body)?;
        if body["complete"] == true {
            let id = body["id"].as_str().context("an id")?.to_owned();
            ensure!(whole.insert(id), "sent whole twice: {body}");
        }
    }
    ensure!(played[1].as_u64() == Some(whole.len() as u64), "{played}, {} sent", whole.len());
    Ok(())
}

async fn an_hour_of_routes_leaves_nothing_behind(visit: &Visit<'_>) -> Result<()> {
    visit.file("soak.html").await?;
    // From here on, everything exists that a page creates only once. After fewer routes Chromium's engine still compiles, and
    // keeps what it learned of the code: 200 to 320 KB in the first hour of a day, 110 in the second, 20 in later ones.
    play(visit, ROUTES_PER_HOUR).await?;
    let before = held(visit).await?;
    play(visit, ROUTES_PER_HOUR).await?;
    let after = held(visit).await?;
    check(visit.page.engine, &before, &after).with_context(|| format!("{before:?}\n{after:?}"))
}

async fn a_day_of_routes_leaves_nothing_behind(visit: &Visit<'_>) -> Result<()> {
    let engine = visit.page.engine;
    visit.file("soak.html").await?;
    play(visit, 24).await?;
    let before = held(visit).await?;
    eprintln!("{} {before:?}", engine.name());
    for hour in 1..=24 {
        play(visit, ROUTES_PER_HOUR).await?;
        let after = held(visit).await?;
        eprintln!("{} {hour:2} h {after:?}", engine.name());
        if hour == 24 {
            check(engine, &before, &after).with_context(|| format!("{before:?}\n{after:?}"))?;
        }
    }
    Ok(())
}

fn check(engine: Engine, before: &PageMemory, after: &PageMemory) -> Result<()> {
    // A browser may keep the last few a little longer; a leak would add 20 in an hour.
    ensure!(after.hosts <= 8 && after.instances <= 8, "removed hosts are kept");
    ensure!(after.memory <= before.memory + 8 * 1_500_000, "the module's memory grows");
    if engine == Engine::Chromium {
        ensure!(after.nodes <= before.nodes + 20, "nodes are kept");
        ensure!(after.listeners <= before.listeners + 20, "listeners are kept");
        ensure!(after.heap <= before.heap + 300_000, "the heap grows");
    }
    Ok(())
}
