//! axe finds nothing in any state, mode, theme, width and language. An ordinary run plays enough cases for every pair of
//! values; `cargo xtask axe` plays all of them.

use std::sync::LazyLock;

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, LINKS};
use afterword_e2e::matrix;
use anyhow::{Result, ensure};
use serde_json::json;

use crate::accessibility::check;
use crate::{Scenario, Visit, register};

const MODES: [&str; 6] = ["inline", "corner", "banner", "dialog", "tab", "manual"];
const STATES: [State; 4] = [State::Asking, State::Commenting, State::Failed, State::Thanked];
const THEMES: [&str; 2] = ["light", "dark"];
const WIDTHS: [u32; 3] = [320, 768, 1280];
/// The longest words, right to left, another script, and words without a place to break.
const LOCALES: [&str; 4] = ["de", "ar", "ja", "fi"];

/// A state that a customer meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Asking,
    Commenting,
    Failed,
    Thanked,
}

/// One scenario for each mode. It plays all cases of the mode in a browser.
fn scenarios() -> Vec<Scenario> {
    let modes = MODES.iter().enumerate();
    modes
        .map(|(number, mode)| {
            let name = format!("finds_nothing_in_mode_{mode}");
            Scenario::new(name, move |visit| Box::pin(finds_nothing(visit, number)))
        })
        .collect()
}
register!(scenarios);

/// Whether all cases are played.
pub(crate) fn is_whole() -> bool {
    std::env::var_os("AFTERWORD_AXE_WHOLE").is_some()
}

/// The cases, each by the numbers of: browser and mode, which are one factor so that each browser meets every mode; state;
/// theme; width; language.
static CASES: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let sizes =
        [Engine::ALL.len() * MODES.len(), STATES.len(), THEMES.len(), WIDTHS.len(), LOCALES.len()];
    if is_whole() { matrix::product(&sizes) } else { matrix::pairwise(&sizes) }
});

async fn finds_nothing(visit: &Visit<'_>, mode: usize) -> Result<()> {
    let is_ours = |case: &&Vec<usize>| {
        Engine::ALL[case[0] / MODES.len()] == visit.page.engine && case[0] % MODES.len() == mode
    };
    let mut played = 0;
    for case in CASES.iter().filter(is_ours) {
        let [_, state, theme, width, locale] = case[..] else { continue };
        let (state, theme) = (STATES[state], THEMES[theme]);
        let (width, locale) = (WIDTHS[width], LOCALES[locale]);
        let name = format!("{} {state:?} {theme} {width} px {locale}", MODES[mode]);
        let shown = show(visit, MODES[mode], state, (theme, width, locale)).await;
        shown.map_err(|error| error.context(name.clone()))?;
        check(visit, &name).await?;
        visit.page.client.clone().enter_parent_frame().await?;
        played += 1;
    }
    println!("{}: {played} pages in mode {}", visit.page.engine.name(), MODES[mode]);
    ensure!(played > 0, "no case");
    Ok(())
}

/// Leads a survey into that state, in a frame of that width. The browser then reads and runs scripts in the frame.
async fn show(
    visit: &Visit<'_>,
    mode: &'static str,
    state: State,
    (theme, width, locale): (&'static str, u32, &'static str),
) -> Result<()> {
    let page = &visit.page;
    let plan = if state == State::Failed { "200,503;99" } else { "200" };
    // Each page has an endpoint of its own, because an endpoint counts its requests.
    let endpoint = format!("/endpoint/{plan}?{state:?}-{theme}-{width}-{locale}");
    let ground = if theme == "dark" { "#16181c;color:#eee" } else { "#fff;color:#222" };
    let inside = Fixture::shop()
        .endpoint(&endpoint)
        .lang(locale)
        .head(&format!("<style>body {{ background:{ground} }} a {{ color: inherit }}</style>"))
        .attributes(&[("subject", "us"), ("debug", ""), ("accent", "#1a56db"), ("include", "*")])
        .attributes(&[("mode", mode), ("theme", theme), ("locale", locale)])
        .attributes(LINKS);
    crate::corner::enter(visit, &inside, width, 900).await?;
    let run = |script: &str| {
        let script = format!("({script}, 0)");
        async move { page.read(&script).await }
    };
    if mode == "manual" {
        run("afterword.open()").await?;
    }
    page.wait("the question", |state| state["question"].is_string()).await?;
    // A tab is looked at before it is opened; a low card is a bar until then.
    if mode == "tab" && state == State::Asking {
        check(visit, "the tab").await?;
    }
    run("probe.find('.bar')?.click()").await?;
    page.taken_over().await?;
    if state == State::Asking {
        return Ok(());
    }
    run("probe.find('input[value=\"3\"]').click()").await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.posted(&endpoint, 1).await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    if state == State::Commenting {
        return Ok(());
    }
    run("probe.find('.send').click()").await?;
    if state == State::Failed {
        return page
            .wait("the failure", |state| state["failed"].as_str().is_some_and(|it| !it.is_empty()))
            .await
            .map(drop);
    }
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    let has_links = page.read("probe.find('.links a') != null").await?;
    ensure!(has_links == json!(true), "no links below the thanks");
    Ok(())
}
