//! Pages with content security policies. The table in docs/EMBEDDING.md lists the effect of each.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Embedding, Fixture, Form, NONCES, NONCES_WITH_WEBASSEMBLY, Script};
use anyhow::{Result, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    nonces_without_webassembly_leave_the_painted_form,
    nonces_with_webassembly_are_enough_for_the_widget,
    a_forbidden_endpoint_is_named_once_in_the_console,
    in_a_sandboxed_frame_it_works_without_an_origin,
    in_a_frame_that_may_send_no_forms_the_score_is_saved,
    isolated_from_other_origins_it_works,
    isolated_it_needs_two_headers_on_files_elsewhere,
    the_right_integrity_runs,
    the_wrong_integrity_shows_nothing,
);

/// A page with only the tag.
fn asking() -> Fixture {
    Fixture::shop().attribute("subject", "us")
}

/// The same, with script and endpoint of the collector.
fn asking_for_the_collector() -> Fixture {
    Fixture::collector().attribute("subject", "us")
}

/// Isolates the page from other origins.
fn isolated(fixture: Fixture) -> Fixture {
    fixture
        .header("cross-origin-opener-policy", "same-origin")
        .header("cross-origin-embedder-policy", "require-corp")
}

async fn nonces_without_webassembly_leave_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&asking().policy(NONCES).nonce()).await?;
    page.score(9).await?;
    page.write("Painted").await?;
    page.send().await?;
    ensure!(page.state().await?["widget"] == false, "WebAssembly ran in spite of the policy");
    silent(visit).await
}

async fn nonces_with_webassembly_are_enough_for_the_widget(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &asking().policy(NONCES_WITH_WEBASSEMBLY).nonce()).await?;
    let border = page.read("getComputedStyle(probe.find('.score span')).borderTopWidth").await?;
    ensure!(border == "1px", "not styled: {border}");
    page.score(9).await?;
    page.write("Taken over").await?;
    page.send().await?;
    silent(visit).await
}

async fn a_forbidden_endpoint_is_named_once_in_the_console(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = asking()
        .policy("default-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
        .endpoint(&format!("{}/endpoint/200", visit.shop.other()));
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(2).await?;
    page.write("Kept").await?;
    page.click(".send").await?;
    let state = page.wait("the failure", |state| state["failed"].as_str() != Some("")).await?;
    ensure!(state["comment"] == "Kept" && state["button"] == "Try again", "{state}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "scored", "failed"]), "{names}");
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    let ours: Vec<_> = noise.iter().filter(|line| line.contains("afterword")).collect();
    ensure!(ours.len() == 1, "{noise:?}");
    for part in ["/endpoint/200", "connect-src"] {
        ensure!(ours[0].contains(part), "{ours:?}");
    }
    ensure!(visit.shop.requests("POST", "/endpoint").is_empty(), "it was spoken to");
    Ok(())
}

/// Enters a frame with these permissions, and scores 9 there; returns the address of the page inside.
async fn score_in_a_frame(visit: &Visit<'_>, permissions: &str) -> Result<String> {
    let page = &visit.page;
    let inside = visit.address(&asking_for_the_collector().attribute("storage", "local"))?;
    let frame = format!(
        "<iframe sandbox=\"{permissions}\" src=\"{inside}\" title=\"inside\" width=\"800\" height=\"700\"></iframe>"
    );
    visit.go(&Fixture::shop().embedding(Embedding::Absent).before(&frame)).await?;
    page.enter_frame().await?;
    afterword_e2e::until("the question", || async {
        Ok(page.read("window.probe?.find('#question')?.textContent").await?.as_str().map(drop))
    })
    .await?;
    ensure!(page.read("origin").await? == "null", "not sandboxed");
    page.taken_over().await?;
    page.read("(probe.find('input[value=\"9\"]').click(), 0)").await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    Ok(inside)
}

async fn in_a_sandboxed_frame_it_works_without_an_origin(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let inside = score_in_a_frame(visit, "allow-scripts allow-forms").await?;
    page.read("(probe.find('.send').click(), 0)").await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    silent(visit).await?;
    page.client.enter_parent_frame().await?;
    let stored = visit.shop.stored().await?;
    ensure!(stored.len() == 1 && stored[0]["score"] == 9, "{stored:?}");
    ensure!(stored[0]["page"] == inside.as_str(), "{stored:?}");
    Ok(())
}

/// Most browsers fire no event there when Send is pressed.
async fn in_a_frame_that_may_send_no_forms_the_score_is_saved(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    score_in_a_frame(visit, "allow-scripts").await?;
    let stored = afterword_e2e::until("the score", || async {
        let stored = visit.shop.stored().await?;
        Ok((!stored.is_empty()).then_some(stored))
    })
    .await?;
    ensure!(stored[0]["score"] == 9 && stored[0]["complete"] == false, "{stored:?}");
    page.read("(probe.find('.send').click(), 0)").await?;
    page.quiet().await?;
    let state = page.state().await?;
    let sent = page.engine == Engine::WebKit;
    ensure!(state["thanks"].is_string() == sent, "{state}");
    silent(visit).await
}

async fn isolated_from_other_origins_it_works(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&isolated(asking_for_the_collector())).await?;
    ensure!(page.read("crossOriginIsolated").await? == true, "not isolated");
    page.taken_over().await?;
    page.score(9).await?;
    page.write("Isolated").await?;
    page.send().await?;
    silent(visit).await?;
    let stored = visit.shop.stored().await?;
    ensure!(stored.len() == 1 && stored[0]["comment"] == "Isolated", "{stored:?}");
    Ok(())
}

async fn isolated_it_needs_two_headers_on_files_elsewhere(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.go(&isolated(asking().script(Script::Elsewhere))).await?;
    afterword_e2e::until("the script's refusal", || async {
        let noise = page.read("probe.noise").await?;
        Ok(noise.as_array().is_some_and(|noise| !noise.is_empty()).then_some(()))
    })
    .await?;
    let seen = page.read("[crossOriginIsolated, probe.hosts().length, typeof afterword]").await?;
    ensure!(seen == json!([true, 0, "undefined"]), "{seen}");
    visit.open(&isolated(asking().script(Script::Shared))).await?;
    ensure!(page.read("crossOriginIsolated").await? == true, "not isolated");
    page.taken_over().await?;
    page.score(9).await?;
    page.send().await?;
    silent(visit).await
}

async fn the_right_integrity_runs(visit: &Visit<'_>) -> Result<()> {
    visit.open_as(Form::Widget, &asking_for_the_collector().integrity("")).await?;
    silent(visit).await
}

async fn the_wrong_integrity_shows_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.go(&asking_for_the_collector().integrity("sha384-AAAA")).await?;
    afterword_e2e::until("the script's refusal", || async {
        let noise = page.read("probe.noise").await?;
        Ok(noise.as_array().is_some_and(|noise| !noise.is_empty()).then_some(()))
    })
    .await?;
    let seen = page.read("[probe.hosts().length, typeof afterword]").await?;
    ensure!(seen == json!([0, "undefined"]), "{seen}");
    Ok(())
}

async fn silent(visit: &Visit<'_>) -> Result<()> {
    let noise = visit.page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}
