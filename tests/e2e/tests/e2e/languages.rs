//! Every language in a place as narrow as a small phone: no text is mixed with another language, cut off or too wide.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, Form, WITHOUT_WEBASSEMBLY};
use afterword_e2e::until;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    in_a_place_320_px_wide_a_detractor,
    in_a_place_320_px_wide_a_passive,
    in_a_place_320_px_wide_a_promoter,
    the_widget_has_the_languages_digits,
    a_saved_score_is_announced(form),
    a_score_is_not_announced_as_saved_before_it_is(form),
);

/// The variable with the folder for pictures of all languages, which only Chromium makes. Without it there are none.
const PICTURES: &str = "AFTERWORD_PICTURES";

/// Every language's file, by its tag.
fn files() -> Result<BTreeMap<String, Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).context("a tag")?.to_owned();
        files.insert(tag, serde_json::from_str(&fs::read_to_string(&path)?)?);
    }
    ensure!(files.len() >= 45, "{} languages", files.len());
    Ok(files)
}

async fn in_a_place_320_px_wide_a_detractor(visit: &Visit<'_>) -> Result<()> {
    in_a_narrow_place(visit, 0, "detractor").await
}

async fn in_a_place_320_px_wide_a_passive(visit: &Visit<'_>) -> Result<()> {
    in_a_narrow_place(visit, 8, "passive").await
}

async fn in_a_place_320_px_wide_a_promoter(visit: &Visit<'_>) -> Result<()> {
    in_a_narrow_place(visit, 10, "promoter").await
}

/// Shows all languages at once, and checks every step, in the painted form. The widget looks the same.
async fn in_a_narrow_place(visit: &Visit<'_>, score: u8, segment: &str) -> Result<()> {
    let page = &visit.page;
    let files = files()?;
    let fixture =
        Fixture::shop().policy(WITHOUT_WEBASSEMBLY).sheet("/narrow.css").run("/languages.js");
    visit.open(&fixture.bare()).await?;
    let tags = json!(files.keys().collect::<Vec<_>>());
    page.read(&format!("languages.show({tags})")).await?;

    all_have(visit, "#question").await?;
    for state in looked_at(visit, "asking", segment).await? {
        let file = file_of(&files, &state)?;
        let direction = &file["dir"];
        let first = if direction == "rtl" { "right" } else { "left" };
        ensure!(state["first"] == first, "0 is to stand {first}: {state}");
        for place in ["within", "host"] {
            ensure!(state[place] == json!([state["tag"], direction]), "{place}: {state}");
        }
        let question = said(file, "question")?.replace("{subject}", "Lenz & Sims");
        ensure!(state["question"] == question, "{question} is not {state}");
        ensure!(
            state["low"] == file["low-label"] && state["high"] == file["high-label"],
            "{state}"
        );
        ensure!(state["numbers"] == json!(numbers(file)), "{state}");
    }

    page.read(&format!("languages.press('input[value=\"{score}\"]')")).await?;
    all_have(visit, ".saved span:not([aria-hidden])").await?;
    for state in looked_at(visit, "commenting", segment).await? {
        let file = file_of(&files, &state)?;
        ensure!(state["follow_up"] == file[&format!("follow-up-{segment}")], "{state}");
        let number = numbers(file).into_iter().nth(score.into()).context("a number")?;
        let saved = said(file, "_saved")?.replace("{score}", &number);
        ensure!(state["saved"] == saved, "{saved} is not {state}");
        ensure!(state["placeholder"] == file["placeholder"], "{state}");
        ensure!(state["button"] == file["_send"], "{state}");
        ensure!(state["links"] == json!([file["_privacy"]]), "{state}");
    }

    page.read("languages.press('.send')").await?;
    all_have(visit, ".thanks").await?;
    for state in looked_at(visit, "thanked", segment).await? {
        let file = file_of(&files, &state)?;
        ensure!(state["thanks"] == file[&format!("thanks-{segment}")], "{state}");
        let help = (segment == "detractor").then_some(&file["support-label"]);
        let links: Vec<_> = help.into_iter().chain([&file["review-label"]]).collect();
        ensure!(state["links"] == json!(links), "{state}");
    }
    Ok(())
}

async fn all_have(visit: &Visit<'_>, selector: &str) -> Result<()> {
    let all = format!("languages.all('{selector}')");
    until(&format!("{selector} in every language"), || async {
        Ok((visit.page.read(&all).await? == true).then_some(()))
    })
    .await
}

/// Waits until no survey has a fault in its look, and returns the state of all.
async fn looked_at(visit: &Visit<'_>, step: &str, segment: &str) -> Result<Vec<Value>> {
    let page = &visit.page;
    if let (Ok(folder), Engine::Chromium) = (std::env::var(PICTURES), page.engine) {
        let all = json!({ "captureBeyondViewport": true, "format": "png" });
        let picture = page.chromium_with("Page.captureScreenshot", all).await?;
        let file = Path::new(&folder).join(format!("{segment}-{step}.base64"));
        fs::write(file, picture["data"].as_str().context("a picture")?)?;
    }
    let states = page.read("languages.state()").await?;
    let states = states.as_array().context("the states")?.clone();
    let narrow = states.iter().all(|state| state["width"].as_u64().is_some_and(|it| it <= 320));
    ensure!(narrow, "{step}: the place is not narrow");
    let wrong: Vec<_> = states
        .iter()
        .filter(|state| state["problems"] != json!([]))
        .map(|state| format!("{}: {}", state["tag"], state["problems"]))
        .collect();
    ensure!(wrong.is_empty(), "{step}:\n{}", wrong.join("\n"));
    ensure!(
        page.read("languages.wide()").await? == false,
        "{step}: the page can be scrolled sideways"
    );
    Ok(states)
}

fn file_of<'a>(files: &'a BTreeMap<String, Value>, state: &Value) -> Result<&'a Value> {
    let tag = state["tag"].as_str().context("a tag")?;
    files.get(tag).with_context(|| tag.to_owned())
}

fn said<'a>(file: &'a Value, key: &'static str) -> Result<&'a str> {
    file[key].as_str().context(key)
}

/// The numbers of the scale, in the language's digits.
fn numbers(file: &Value) -> Vec<String> {
    let digits: Vec<char> = file["digits"].as_str().unwrap_or("0123456789").chars().collect();
    let own = |digit: char| digits[digit.to_digit(10).unwrap_or_default() as usize];
    (0..=10_u8).map(|number| number.to_string().chars().map(own).collect()).collect()
}

/// The widget shows the same digits as the painted form. The answer contains an ordinary number.
async fn the_widget_has_the_languages_digits(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let persian: String = numbers(&files()?["fa"]).concat();
    let shown =
        "[...probe.root().querySelectorAll('.score span')].map((it) => it.textContent).join('')";
    visit.open_as(Form::Widget, &Fixture::shop().lang("fa-IR")).await?;
    ensure!(page.read(shown).await? == persian);
    page.score(10).await?;
    page.wait("that it is saved", |state| {
        state["saved"].as_str().is_some_and(|saved| saved.contains("۱۰"))
    })
    .await?;
    let sent = visit.posted("/endpoint/200", 1).await?;
    let sent: Value = serde_json::from_str(&sent.first().context("a message")?.body)?;
    ensure!(sent["score"] == 10 && sent["locale"] == "fa", "{sent}");
    Ok(())
}

async fn a_saved_score_is_announced(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop()).await?;
    page.score(9).await?;
    page.wait("the words", |s| s["saved"] == "Your 9 is saved. A sentence about it helps us.")
        .await?;
    // Nothing moves when the text appears.
    let height = "probe.find('.more').offsetHeight";
    let before = page.read(height).await?;
    page.score(3).await?;
    page.wait("the new words", |s| s["saved"] == "Your 3 is saved. A sentence about it helps us.")
        .await?;
    ensure!(page.read(height).await? == before);
    ensure!(page.state().await?["followUp"] == "What went wrong?");
    Ok(())
}

/// The endpoint refuses every message for good.
async fn a_score_is_not_announced_as_saved_before_it_is(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop().endpoint("/endpoint/400")).await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.posted("/endpoint/400", 1).await?;
    page.write("Why").await?;
    page.click(".send").await?;
    let state = page
        .wait("the failure", |state| state["failed"].as_str().is_some_and(|it| !it.is_empty()))
        .await?;
    ensure!(state["saved"].is_null(), "{state}");
    ensure!(state["thanks"].is_null(), "{state}");
    Ok(())
}
