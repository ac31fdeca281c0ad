//! Pages whose environment is broken: the survey works, or steps aside with an event; never an error
//! that nobody caught, never an empty box.

use afterword_response::receive;
use anyhow::{Result, ensure};
use serde_json::Value;

use crate::{Visit, scenarios};

/// Scenarios in which a fixture works with the widget, works without it, or shows nothing.
macro_rules! pages {
    ($($name:ident: $outcome:ident, $fixture:literal;)+) => {
        scenarios!($($name),+);
        $(async fn $name(visit: &Visit<'_>) -> Result<()> {
            $outcome(visit, concat!($fixture, ".html")).await
        })+
    };
}

pages!(
    another_promise: widget, "odd-promise";
    another_promise_painted: painted, "odd-promise-painted";
    enumerable_methods_of_arrays: widget, "odd-arrays";
    enumerable_methods_of_arrays_painted: painted, "odd-arrays-painted";
    an_old_prototype_js: widget, "odd-prototype";
    an_old_prototype_js_painted: painted, "odd-prototype-painted";
    all_frozen: widget, "odd-frozen";
    no_random_uuid_and_no_timeout: widget, "odd-no-uuid";
    an_element_of_our_globals_name: widget, "odd-element";
    no_adopted_style_sheets: aside, "odd-no-sheets";
    style_sheets_that_cannot_be_made: aside, "odd-old-sheets";
    no_intersection_observer: aside, "odd-no-observer";
    the_elements_name_is_taken: aside, "odd-taken";
    our_globals_name_is_locked: widget, "odd-locked";
    fetch_throws: says_so, "odd-fetch-throws";
    fetch_gives_nothing: says_so, "odd-fetch-nothing";
);

async fn widget(visit: &Visit<'_>, fixture: &str) -> Result<()> {
    visit.fixture(fixture).await?;
    visit.page.taken_over().await?;
    answered(visit).await
}

async fn painted(visit: &Visit<'_>, fixture: &str) -> Result<()> {
    visit.fixture(fixture).await?;
    answered(visit).await
}

/// The whole answer arrives, as the contract has it.
async fn answered(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    page.score(9).await?;
    page.write("Said \"so\"").await?;
    page.send().await?;
    let posts = visit.shop.requests("POST", "/endpoint");
    for post in &posts {
        let response = receive::from_json(post.body.as_bytes());
        response.map_err(|refusal| anyhow::anyhow!("{refusal:?}: {}", post.body))?;
        ensure!(post.headers.get("x-shop").is_some_and(|value| value == "harbour"), "{post:?}");
    }
    let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(last["comment"] == "Said \"so\"" && last["complete"] == true, "{last}");
    ensure!(last["tags"] == serde_json::json!(["q4", "app"]), "{last}");
    ensure!(last["order"]["products"] == serde_json::json!(["Pot", "Can"]), "{last}");
    quiet(visit).await
}

/// Nothing is shown; who listens hears of it.
async fn aside(visit: &Visit<'_>, fixture: &str) -> Result<()> {
    let page = &visit.page;
    page.client.goto(&format!("{}/{fixture}", visit.shop.origin)).await?;
    failed(visit).await?;
    let heights = page.read("[...probe.hosts()].map((host) => host.offsetHeight)").await?;
    let empty = heights.as_array().is_some_and(|all| all.iter().all(|height| height == 0));
    ensure!(empty, "a box remains: {heights}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == serde_json::json!(["failed"]), "{names}");
    let noise = page.read("probe.noise").await?;
    ensure!(noise == serde_json::json!([]), "{noise}");
    Ok(())
}

/// The question is shown, the answer cannot be sent, and who listens hears of it.
async fn says_so(visit: &Visit<'_>, fixture: &str) -> Result<()> {
    visit.fixture(fixture).await?;
    visit.page.score(9).await?;
    failed(visit).await?;
    quiet(visit).await
}

async fn failed(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    afterword_e2e::until("afterword:failed", || async {
        let failed = page.read("probe.events.some((event) => event.name == 'failed')").await?;
        Ok((failed == true).then_some(()))
    })
    .await
}

/// No error went uncaught.
async fn quiet(visit: &Visit<'_>) -> Result<()> {
    // As one text: the drivers, too, write lists with what the page has made of JSON.
    let noise = visit.page.read("probe.noise.join('\\n')").await?;
    let noise = noise.as_str().unwrap_or_default().trim_matches('"');
    let uncaught = noise.lines().any(|line| !line.starts_with("warn: afterword"));
    ensure!(!uncaught, "{noise}");
    Ok(())
}
