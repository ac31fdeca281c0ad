//! Older browsers, imitated by taking away what they lack: the question can be read, the scores can be tapped, and the
//! answer arrives. docs/BROWSERS.md has the table of the features. A run takes a feature away in every browser, with either
//! form in some of them; `cargo xtask matrix` plays all combinations.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, Form, LINKS, NONCES_WITH_WEBASSEMBLY, Script};
use afterword_e2e::matrix;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::corner::in_frames;
use crate::layout::is_whole;
use crate::loading::{be_thanked_late, no_gap};
use crate::{Scenario, Visit, register, scenario};

/// What each of the oldest browsers lacks of all that we use, by the names of tests/fixtures/lacking.js.
const OLDEST: [(&str, &str); 3] = [
    (
        "safari_15_4",
        "relative,mix,container,range,lh,light-dark,sheets,popover,inert,timeout,navigation,visibility,scheduler,hyphens,hyphen-limit,field-sizing",
    ),
    ("chrome_105", "relative,mix,lh,dvh,light-dark,popover,hyphen-limit,field-sizing"),
    (
        "firefox_107",
        "relative,mix,container,lh,light-dark,popover,inert,aria,keepalive,navigation,scheduler,hyphen-limit,field-sizing",
    ),
];

/// Single features, each with those that every browser lacks that lacks it.
const FEATURES: [(&str, &str); 19] = [
    ("relative_colours", "relative"),
    ("color_mix", "relative,mix"),
    ("container_queries", "relative,container"),
    ("adopted_style_sheets", "relative,sheets"),
    ("range_media_queries", "relative,range"),
    ("line_height_unit", "relative,lh"),
    ("dynamic_viewport_units", "relative,dvh"),
    ("hyphens", "hyphens,hyphen-limit"),
    ("hyphenate_limit_chars", "hyphen-limit"),
    ("field_sizing", "field-sizing"),
    ("light_dark", "relative,light-dark"),
    ("popover", "popover"),
    ("inert", "inert"),
    ("abort_signal_timeout", "timeout"),
    ("keepalive", "relative,keepalive"),
    ("navigation", "navigation"),
    ("scheduler", "scheduler"),
    ("locks", "locks"),
    ("subtle_crypto", "subtle"),
];

/// How the survey is played in an older browser.
#[derive(Clone, Copy)]
enum Play {
    With(Form),
    InEveryMode,
    WithoutOurLaterFiles,
}

const IN_A_FORM: [Play; 2] = [Play::With(Form::Painted), Play::With(Form::Widget)];
const IN_ALL_WAYS: [Play; 4] =
    [IN_A_FORM[0], IN_A_FORM[1], Play::InEveryMode, Play::WithoutOurLaterFiles];

fn scenarios() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    sample(&mut scenarios, &OLDEST, &IN_ALL_WAYS);
    sample(&mut scenarios, &FEATURES, &IN_A_FORM);
    scenario!(scenarios, a_style_element_has_the_nonce_of_the_tag);
    scenario!(scenarios, where_no_style_is_allowed_nothing_is_shown);
    scenario!(scenarios, where_styles_are_elements_late_thanks_give_the_place_back);
    scenario!(scenarios, a_new_browser_fetches_nothing_for_old_ones);
    scenarios
}

/// Adds a scenario for each older browser and each way to play it, in so many of today's browsers that every two of these
/// three meet.
fn sample(scenarios: &mut Vec<Scenario>, older: &[(&'static str, &'static str)], plays: &[Play]) {
    let sizes = [older.len(), plays.len(), Engine::ALL.len()];
    let cases = if is_whole() { matrix::product(&sizes) } else { matrix::pairwise(&sizes) };
    for (number, (name, lacks)) in older.iter().copied().enumerate() {
        for (way, play) in plays.iter().enumerate() {
            let ours = cases.iter().filter(|case| case[0] == number && case[1] == way);
            let engines = ours.map(|case| Engine::ALL[case[2]]).collect();
            scenarios.push(played(name, lacks, *play).only_in(engines));
        }
    }
}

fn played(name: &str, lacks: &'static str, play: Play) -> Scenario {
    match play {
        Play::With(form) => {
            let name = format!("{name}::{}", form.name());
            Scenario::new(name, move |visit| Box::pin(works(visit, form, lacks)))
        }
        Play::InEveryMode => {
            let name = format!("{name}::in_every_mode");
            Scenario::new(name, move |visit| Box::pin(in_every_mode(visit, lacks)))
        }
        Play::WithoutOurLaterFiles => {
            let name = format!("{name}::without_our_later_files");
            Scenario::new(name, move |visit| Box::pin(undressed(visit, lacks)))
        }
    }
}
register!(scenarios);

/// A shop's page in such a browser.
fn old(lacks: &str) -> Fixture {
    Fixture::shop()
        .run(&format!("/lacking.js?{lacks}"))
        .run("/contrast.js")
        .attributes(&[("subject", "us"), ("accent", "#009d3b")])
        .attributes(LINKS)
}

/// On a phone of 320 px.
async fn works(visit: &Visit<'_>, form: Form, lacks: &str) -> Result<()> {
    if form == Form::Painted {
        visit.shop.hold(".wasm");
    }
    visit.open(&old(lacks).sheet("/narrow.css")).await?;
    if form == Form::Widget {
        visit.page.taken_over().await?;
    }
    fits(visit).await?;
    answers(visit).await
}

/// In a wide window.
async fn in_every_mode(visit: &Visit<'_>, lacks: &str) -> Result<()> {
    for mode in ["corner", "banner", "dialog", "tab", "manual"] {
        let fixture = old(lacks).attributes(&[("mode", mode), ("include", "*")]);
        visit.go(&fixture).await?;
        let page = &visit.page;
        if mode == "manual" {
            page.loaded().await?;
            page.read("(afterword.open(), 0)").await?;
        }
        page.wait("the question", |state| state["question"].is_string()).await?;
        if mode == "tab" {
            page.click(".bar").await?;
        }
        page.taken_over().await?;
        answers(visit).await.map_err(|error| error.context(mode))?;
    }
    // And on a phone, whose window is narrow: there the card is a sheet.
    let phone = old(lacks).attributes(&[("mode", "corner"), ("include", "*")]);
    in_frames(visit, &phone, &[(320, 700)]).await?;
    let sheet = "(({ probe, innerWidth }) => {
        const { left, right } = probe.find('.frame').getBoundingClientRect();
        const [first, last] = [0, 10].map((score) => probe.find(`[value='${score}']`).closest('label').getBoundingClientRect());
        return [left, innerWidth - right, last.top > first.top, first.width >= 43.9 && first.height >= 43.9];
    })(document.querySelector('iframe').contentWindow)";
    afterword_e2e::until("a sheet with two rows", || async {
        Ok((visit.page.read(sheet).await? == json!([0, 0, true, true])).then_some(()))
    })
    .await
}

/// Before our later files have chosen the colours, or where they cannot be had.
async fn undressed(visit: &Visit<'_>, lacks: &str) -> Result<()> {
    for style in ["background:#fff;color:#222", "background:#14213d;color:#f5f5f5"] {
        let head = format!("<style>body {{ {style} }}</style>");
        let fixture = old(lacks).script(Script::Gone).sheet("/narrow.css").head(&head);
        visit.open(&fixture.attribute("locale", "en")).await?;
        fits(visit).await?;
        answers(visit).await?;
    }
    Ok(())
}

/// Every score can be tapped by a finger.
async fn fits(visit: &Visit<'_>) -> Result<()> {
    let sizes = "[...probe.root().querySelectorAll('.score')].map((it) => {
        const { width, height, left, right } = it.getBoundingClientRect();
        return [width >= 43.9, height >= 43.9, left >= 0, right <= 320];
    }).flat()";
    let fit = Value::from(vec![true; 44]);
    let waited = afterword_e2e::until("scores of 44 px", || async {
        Ok((visit.page.read(sizes).await? == fit).then_some(()))
    })
    .await;
    if waited.is_err() {
        let widths = "[...probe.root().querySelectorAll('.score')].map((it) => it.offsetWidth)";
        let widths = visit.page.read(widths).await?;
        return waited.map_err(|error| error.context(format!("widths: {widths}")));
    }
    Ok(())
}

/// Everything can be read, and the answer arrives.
async fn answers(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let before = visit.shop.requests("POST", "/endpoint").len();
    page.score(4).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let found = afterword_e2e::until("readable colours", || async {
        let seen = page.read("probe.contrasts(probe.hosts()[0])").await?;
        let low = too_low(&seen);
        Ok(low.is_empty().then_some(()))
    })
    .await;
    if found.is_err() {
        let seen = page.read("probe.contrasts(probe.hosts()[0])").await?;
        return found.map_err(|error| error.context(format!("{:?}", too_low(&seen))));
    }
    page.write("Slow").await?;
    page.send().await?;
    let low = page
        .read(
            "[...probe.root().querySelectorAll('.links a, #privacy')].filter((it) => it.getBoundingClientRect().height < 43.5).map((it) => it.outerHTML)",
        )
        .await?;
    ensure!(low == json!([]), "targets are too low: {low}");
    let posts = visit.shop.requests("POST", "/endpoint");
    let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(
        posts.len() > before && last["complete"] == true && last["comment"] == "Slow",
        "{last}"
    );
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

/// The measured contrasts that are below their limit. Without a measurement, the page itself says why.
fn too_low(seen: &Value) -> Vec<String> {
    let Some(all) = seen.as_array().filter(|all| all.len() >= 12) else {
        return vec![format!("not measured: {seen}")];
    };
    let low = |it: &&Value| it[1].as_f64().is_none_or(|has| Some(has) < it[2].as_f64());
    all.iter().filter(low).map(Value::to_string).collect()
}

/// A policy that allows styles with the tag's nonce only.
const NONCE: &str = "script-src 'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'nonce-r4nd0m'; connect-src 'self'; object-src 'none'; base-uri 'none'";

async fn a_style_element_has_the_nonce_of_the_tag(visit: &Visit<'_>) -> Result<()> {
    let fixture = old("relative,sheets").policy(NONCE).nonce().sheet("");
    visit.open_as(Form::Widget, &fixture).await?;
    let styled = visit.page.read("getComputedStyle(probe.find('.scores')).display").await?;
    ensure!(styled == "grid", "{styled}");
    answers(visit).await
}

async fn where_no_style_is_allowed_nothing_is_shown(visit: &Visit<'_>) -> Result<()> {
    let fixture = old("relative,sheets").policy(NONCES_WITH_WEBASSEMBLY).nonce();
    visit.go(&fixture).await?;
    let page = &visit.page;
    afterword_e2e::until("afterword:failed", || async {
        let failed = page.read("probe.events.some((event) => event.name == 'failed')").await?;
        Ok((failed == true).then_some(()))
    })
    .await?;
    let heights = page.read("[...probe.hosts()].map((host) => host.offsetHeight)").await?;
    ensure!(heights == json!([0]), "a box remains: {heights}");
    Ok(())
}

async fn where_styles_are_elements_late_thanks_give_the_place_back(
    visit: &Visit<'_>,
) -> Result<()> {
    visit.open_as(Form::Widget, &old("relative,sheets").sheet("/place.css")).await?;
    be_thanked_late(visit).await?;
    visit.page.click(".thanks").await?;
    no_gap(visit).await?;
    let noise = visit.page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

async fn a_new_browser_fetches_nothing_for_old_ones(visit: &Visit<'_>) -> Result<()> {
    visit.open_as(Form::Widget, &Fixture::shop()).await?;
    let asked = visit.shop.requests("GET", "/dist/");
    ensure!(asked.iter().all(|it| !it.path.ends_with("/old.js")), "old.js in a new browser");
    visit.open_as(Form::Widget, &old("relative")).await?;
    let asked = visit.shop.requests("GET", "/dist/");
    let count = asked.iter().filter(|it| it.path.ends_with("/old.js")).count();
    ensure!(count == 1 || visit.page.engine == Engine::WebKit && count > 0, "{count}");
    Ok(())
}
