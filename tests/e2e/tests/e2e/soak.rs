//! One page for a long time: surveys come and go with its routes, and leave nothing behind.
//!
//! Every run plays an hour; `cargo xtask soak` plays the whole day, and prints what it measures.

use afterword_e2e::browser::Engine;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{Scenario, Visit, register, scenario};

/// An hour in every run; the day is what `cargo xtask soak` plays instead.
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

/// Routes an hour, two a minute.
const HOUR: usize = 120;

/// What the page holds, all garbage collected; sizes in bytes.
#[derive(Debug)]
struct Held {
    /// Hosts that were removed and are still there.
    hosts: i64,
    /// Instances of the module, and the memory they have.
    instances: i64,
    memory: i64,
    /// What only Chromium tells: the heap of JavaScript and of the page, nodes, and listeners.
    heap: i64,
    nodes: i64,
    listeners: i64,
}

/// Has Firefox collect garbage in all its processes, cycles through the page's objects included.
const COLLECT: &str =
    "for (const request of ['child-gc-request', 'child-cc-request', 'child-mmu-request']) {
    Services.obs.notifyObservers(null, request);
}";

async fn held(visit: &Visit<'_>) -> Result<Held> {
    let page = &visit.page;
    page.promised("await soak.empty()").await?;
    afterword_e2e::until("the last request's deadline", || async {
        Ok((page.read("soak.expiring()").await? == 0).then_some(()))
    })
    .await?;
    // The browser keeps the times of the page's last 250 requests: not ours.
    page.read("(performance.clearResourceTimings(), 0)").await?;
    let (mut heap, mut nodes, mut listeners) = (0, 0, 0);
    let number = |value: &Value, name: &str| {
        value[name].as_f64().map(|number| number as i64).with_context(|| format!("{name}: {value}"))
    };
    // What hangs on what was collected goes with the next turn.
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
    Ok(Held { hosts, instances, memory, heap, nodes, listeners })
}

/// Plays so many routes, and checks that what was thanked for is what was sent whole.
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
    // What is made once a page is there after that.
    play(visit, 24).await?;
    let before = held(visit).await?;
    play(visit, HOUR).await?;
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
        play(visit, HOUR).await?;
        let after = held(visit).await?;
        eprintln!("{} {hour:2} h {after:?}", engine.name());
        if hour == 24 {
            check(engine, &before, &after).with_context(|| format!("{before:?}\n{after:?}"))?;
        }
    }
    Ok(())
}

fn check(engine: Engine, before: &Held, after: &Held) -> Result<()> {
    // A browser may keep a few of the last ones a little longer; one in an hour would be 20.
    ensure!(after.hosts <= 8 && after.instances <= 8, "removed hosts are kept");
    ensure!(after.memory <= before.memory + 8 * 1_500_000, "the module's memory grows");
    if engine == Engine::Chromium {
        ensure!(after.nodes <= before.nodes + 20, "nodes are kept");
        ensure!(after.listeners <= before.listeners + 20, "listeners are kept");
        ensure!(after.heap <= before.heap + 300_000, "the heap grows");
    }
    Ok(())
}
