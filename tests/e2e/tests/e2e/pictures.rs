//! The survey, the five examples and the pictures of the manual look as they did, in Chromium.
//!
//! The pictures of docs/look are kept as they are. The others, in tests/fixtures/pictures, are the mean colours of squares of 4 x 4
//! px: they are small, and how a letter is drawn hardly counts. So that they are the same on every machine, the typefaces are those of
//! packages whose version is pinned (tests/fixtures/pinned.css), and tests/fixtures/fonts.conf says how letters are drawn.
//! `another_look_is_noticed` shows what is not the same.
//!
//! `AFTERWORD_WRITE_PICTURES=1 cargo xtask test --e2e pictures::` writes them anew. Look at each before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, LINKS};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::{Scenario, Visit, look, register};

/// By how much the mean colour of a square may differ: of 255, in the sum of red, green and blue.
const TOLERANCE: u32 = 48;
/// How many of a thousand squares may differ more.
const MAX_DIFFERING: f64 = 0.5;

/// The examples, each with the height down to which the manual shows it.
const EXAMPLES: &[(&str, u32)] =
    &[("fashion", 900), ("electronics", 520), ("organic", 712), ("b2b", 560), ("luxury", 780)];

fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for theme in ["light", "dark"] {
        for width in [320, 1280] {
            let name = format!("a_{theme}_survey_at_{width}_px");
            all.push(Scenario::new(name, move |visit| Box::pin(survey(visit, theme, width))));
        }
    }
    for mode in ["corner", "banner", "dialog", "tab"] {
        let name = format!("mode_{mode}");
        all.push(Scenario::new(name, move |visit| Box::pin(in_mode(visit, mode))));
    }
    for (name, height) in EXAMPLES {
        let title = format!("the_example_{name}");
        all.push(Scenario::new(title, move |visit| Box::pin(example(visit, name, *height))));
    }
    all.push(Scenario::new("of_the_custom_properties", |visit| Box::pin(properties(visit))));
    all.push(Scenario::new("of_the_parts", |visit| Box::pin(parts(visit))));
    all.push(Scenario::new("another_look_is_noticed", |visit| Box::pin(noticed(visit))));
    all.into_iter().map(|scenario| scenario.only_in(vec![Engine::Chromium])).collect()
}
register!(scenarios);

/// A page with the pinned typefaces and a survey.
fn page(ground: &str) -> Fixture {
    Fixture::shop()
        .bare()
        .sheet("/plain.css")
        .sheet("/pinned.css")
        .head(&format!("<style>body {{ background: {ground}; font-family: Arimo }}</style>"))
        .attributes(&[("subject", "us"), ("accent", "#1a56db")])
}

/// Does something in a window of that size.
async fn in_window(
    visit: &Visit<'_>,
    (width, height): (u32, u32),
    shoot: impl AsyncFnOnce() -> Result<()>,
) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    visit.page.chromium_with("Emulation.setDeviceMetricsOverride", size).await?;
    visit.page.chromium_with("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await?;
    let result = shoot().await;
    visit.page.chromium_with("Emulation.setScrollbarsHidden", json!({ "hidden": false })).await?;
    visit.page.chromium("Emulation.clearDeviceMetricsOverride").await?;
    result
}

/// The question, the comment, the failure and the thanks.
async fn survey(visit: &Visit<'_>, theme: &'static str, width: u32) -> Result<()> {
    let page_of_survey = page(if theme == "dark" { "#16181c" } else { "#f4f5f7" })
        .endpoint("/endpoint/200,503;99,200")
        .attribute("theme", theme)
        .attributes(LINKS);
    in_window(visit, (width, 1000), async || {
        let page = &visit.page;
        visit.open(&page_of_survey).await?;
        page.taken_over().await?;
        let check = async |state: &str| {
            compare(
                visit,
                &squares(&format!("{state}-{theme}-{width}")),
                survey_alone(visit).await?,
            )
            .await
        };
        check("question").await?;
        scored(visit).await?;
        check("scored").await?;
        page.read("(probe.find('.send').click(), 0)").await?;
        page.wait("the failure", |state| state["failed"].as_str().is_some_and(|it| !it.is_empty()))
            .await?;
        check("failed").await?;
        page.read("(probe.find('.send').click(), 0)").await?;
        page.wait("the thanks", |state| state["thanks"].is_string()).await?;
        check("thanked").await
    })
    .await
}

/// Chooses an 8, and waits until it is saved.
async fn scored(visit: &Visit<'_>) -> Result<()> {
    visit.page.read("(probe.find('input[value=\"8\"]').click(), 0)").await?;
    visit.page.wait("that it is saved", |state| state["saved"].is_string()).await.map(drop)
}

/// The question and the comment in a card, a banner, a dialog, and behind a tab.
async fn in_mode(visit: &Visit<'_>, mode: &'static str) -> Result<()> {
    let inside = page("#f4f5f7")
        .endpoint("/endpoint/200")
        .attributes(&[("mode", mode), ("include", "*")])
        .attributes(LINKS);
    for width in [390, 1280] {
        in_window(visit, (width, 800), async || {
            let page = &visit.page;
            visit.open(&inside).await?;
            page.read("(probe.find('.bar')?.click(), 0)").await?;
            page.taken_over().await?;
            page.read("(afterword.open(), 0)").await?;
            let check = async |state: &str| {
                compare(
                    visit,
                    &squares(&format!("{mode}-{state}-{width}")),
                    shoot(visit, None).await?,
                )
                .await
            };
            check("question").await?;
            scored(visit).await?;
            check("scored").await
        })
        .await?;
    }
    Ok(())
}

/// An example in the manual's picture, and on a phone.
async fn example(visit: &Visit<'_>, name: &str, height: u32) -> Result<()> {
    for (width, height, kept) in
        [(1280, height, whole(name)), (390, 844, squares(&format!("{name}-390")))]
    {
        in_window(visit, (width, height), async || {
            let address = format!("{}/looks/{name}.html?pinned", visit.shop.origin);
            visit.page.visit(&address).await?;
            visit.page.taken_over().await?;
            compare(visit, &kept, shoot(visit, None).await?).await
        })
        .await?;
    }
    ensure!(EXAMPLES.iter().map(|(name, _)| *name).eq(look::EXAMPLES.iter().copied()));
    Ok(())
}

/// Runs a script in each survey's root, here `root`, of a page of tests/fixtures.
async fn in_each(visit: &Visit<'_>, script: &str) -> Result<()> {
    let script = format!(
        "[...probe.hosts()].forEach((host) => {{ const root = probe.rootOf(host); {script} }})"
    );
    visit.page.read(&format!("({script}, 0)")).await.map(drop)
}

/// How many surveys have this.
async fn wait_for(visit: &Visit<'_>, count: usize, selector: &str) -> Result<()> {
    let there = format!(
        "[...probe.hosts()].filter((host) => probe.rootOf(host)?.querySelector({selector:?})).length"
    );
    afterword_e2e::until(&format!("{count} of {selector}"), || async {
        Ok((visit.page.read(&there).await? == count).then_some(()))
    })
    .await
}

async fn properties(visit: &Visit<'_>) -> Result<()> {
    in_window(visit, (1200, 788), async || {
        visit.file("properties.html").await?;
        wait_for(visit, 6, "input").await?;
        visit.page.quiet().await?;
        in_each(visit, "root.querySelector('input[value=\"8\"]').click();").await?;
        wait_for(visit, 6, "textarea").await?;
        // The question alone, in its place.
        in_each(visit, "root.querySelector('.more').remove();").await?;
        compare(visit, &whole("properties"), shoot(visit, None).await?).await
    })
    .await
}

async fn parts(visit: &Visit<'_>) -> Result<()> {
    in_window(visit, (1200, 490), async || {
        visit.file("parts.html").await?;
        wait_for(visit, 3, "[part]").await?;
        visit.page.quiet().await?;
        in_each(visit, "if (!host.dataset.mode) root.querySelector('input[value=\"4\"]').click();")
            .await?;
        wait_for(visit, 2, ".saved span:not([aria-hidden])").await?;
        let send = "probe.rootOf(probe.hosts()[1]).querySelector('.send').click()";
        visit.page.read(&format!("({send}, 0)")).await?;
        wait_for(visit, 1, ".thanks").await?;
        settle(visit).await?;
        visit.page.read("(point(), 0)").await?;
        compare(visit, &whole("parts"), shoot(visit, None).await?).await
    })
    .await
}

/// Another accent, another radius, another density, and a part that is missing.
async fn noticed(visit: &Visit<'_>) -> Result<()> {
    in_window(visit, (1280, 1000), async || {
        let open = async |style: &str, attributes: &[(&'static str, &'static str)]| {
            let style = format!("<style>afterword-survey {{ {style} }}</style>");
            let page = page("#f4f5f7").endpoint("/endpoint/200").head(&style);
            visit.open(&page.attributes(LINKS).attributes(attributes)).await?;
            visit.page.taken_over().await?;
            scored(visit).await?;
            survey_alone(visit).await
        };
        let usual = open("", &[]).await?;
        let again = open("", &[]).await?;
        let same = differing(visit, &usual, true, &again).await?;
        ensure!(same == 0.0, "the same page twice: {same}");
        for (style, attributes) in [
            ("", &[("accent", "#2f5fc4")][..]),
            ("--afterword-radius: 6px", &[]),
            ("--afterword-density: 1.1", &[]),
            ("color: #3a3a3a", &[]),
            ("", &[("privacy-url", "")]),
        ] {
            let other = open(style, attributes).await?;
            let seen = differing(visit, &usual, true, &other).await;
            ensure!(
                !matches!(seen, Ok(seen) if seen <= MAX_DIFFERING),
                "{style} {attributes:?} is not noticed: {seen:?}"
            );
        }
        for part in ["#high", ".optional", ".saved", "textarea", ".send"] {
            open("", &[]).await?;
            visit.page.read(&format!("(probe.find({part:?}).style.opacity = 0)")).await?;
            let other = survey_alone(visit).await?;
            let seen = differing(visit, &usual, true, &other).await?;
            ensure!(seen > MAX_DIFFERING, "{part} is missing, and nobody notices: {seen}");
        }
        Ok(())
    })
    .await
}

/// A picture's file.
struct Kept {
    file: PathBuf,
    /// Whether it is kept as it is, not as squares.
    is_whole: bool,
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn squares(name: &str) -> Kept {
    let file = project().join("tests/fixtures/pictures").join(format!("{name}.png"));
    Kept { file, is_whole: false }
}

fn whole(name: &str) -> Kept {
    Kept { file: project().join("docs/look").join(format!("{name}.png")), is_whole: true }
}

/// Waits until the typefaces are there and nothing moves, without a cursor that blinks or a mark of focus.
async fn settle(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    page.promised("Promise.all([...document.fonts].map((font) => font.load()))").await?;
    page.read("(document.activeElement?.blur(), scrollTo({ top: 0, behavior: 'instant' }), 0)")
        .await?;
    page.quiet().await?;
    afterword_e2e::until("no movement", || async {
        let moves = "[document, ...[...probe.hosts()].map(probe.rootOf)].some((root) => root?.getAnimations().some((it) => it.playState == 'running'))";
        Ok((page.read(moves).await? == false).then_some(()))
    })
    .await
}

/// A picture of the survey alone, as PNG in Base64.
async fn survey_alone(visit: &Visit<'_>) -> Result<String> {
    settle(visit).await?;
    let place = "(() => {
        const { x, y, width, height } = probe.find('.frame').getBoundingClientRect();
        return { x: Math.floor(x) - 8, y: Math.floor(y) - 8, width: Math.ceil(width) + 16, height: Math.ceil(height) + 16, scale: 1 };
    })()";
    let place = visit.page.read(place).await?;
    shoot(visit, Some(place)).await
}

/// A picture of that part of the window, or of all of it.
async fn shoot(visit: &Visit<'_>, clip: Option<Value>) -> Result<String> {
    settle(visit).await?;
    let mut parameters = json!({ "format": "png" });
    if let Some(clip) = clip {
        parameters["clip"] = clip;
    }
    let shot = visit.page.chromium_with("Page.captureScreenshot", parameters).await?;
    Ok(shot["data"].as_str().context("a picture")?.to_owned())
}

/// Defines `read(png)`, the pixels of a picture, `squares(pixels)`, the mean colours of its squares, and `png(pixels)`.
const TOOLS: &str = "
    const read = async (png) => {
        const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
        const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(picture, 0, 0);
        return context.getImageData(0, 0, picture.width, picture.height);
    };
    const side = 4;
    const squares = ({ data, width, height }) => {
        const means = new ImageData(Math.floor(width / side), Math.floor(height / side));
        for (let y = 0; y < means.height; y++) for (let x = 0; x < means.width; x++) for (let part = 0; part < 4; part++) {
            let sum = 0;
            for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) {
                sum += data[4 * ((y * side + row) * width + x * side + column) + part];
            }
            // Few different values: a smaller file.
            means.data[4 * (y * means.width + x) + part] = 5 * Math.round(sum / side / side / 5);
        }
        return means;
    };
    const png = (pixels) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: pixels.width, height: pixels.height });
        canvas.getContext('2d').putImageData(pixels, 0, 0);
        return canvas.toDataURL('image/png').split(',')[1];
    };";

/// How many of a thousand squares differ between a picture that was kept and one that is whole.
async fn differing(visit: &Visit<'_>, kept: &str, is_whole: bool, now: &str) -> Result<f64> {
    let script = format!(
        "await (async () => {{ {TOOLS}
            const kept = await read('{kept}'), before = {is_whole} ? squares(kept) : kept, now = squares(await read('{now}'));
            let count = 0;
            for (let at = 0; at < now.data.length; at += 4) {{
                let sum = 0;
                for (let part = 0; part < 3; part++) sum += Math.abs(now.data[at + part] - before.data[at + part]);
                if (sum > {TOLERANCE}) count++;
            }}
            const size = ({{ width, height }}) => [width, height];
            return [size(before), size(now), 4000 * count / now.data.length];
        }})()"
    );
    let seen = visit.page.promised(&script).await?;
    ensure!(seen[0] == seen[1], "another size, in squares: {} and now {}", seen[0], seen[1]);
    seen[2].as_f64().context("a number")
}

/// Compares a picture with the one that is kept, or keeps it.
async fn compare(visit: &Visit<'_>, kept: &Kept, now: String) -> Result<()> {
    let Kept { file, is_whole } = kept;
    let name = file.file_stem().unwrap_or_default().display().to_string();
    if std::env::var_os("AFTERWORD_WRITE_PICTURES").is_some() {
        let bytes = if *is_whole {
            now
        } else {
            let script = format!(
                "await (async () => {{ {TOOLS} return png(squares(await read('{now}'))); }})()"
            );
            let small = visit.page.promised(&script).await?;
            small.as_str().context("a picture")?.to_owned()
        };
        fs::create_dir_all(file.parent().context("a folder")?)?;
        return Ok(fs::write(file, BASE64_STANDARD.decode(bytes)?)?);
    }
    let before = fs::read(file)
        .with_context(|| format!("{name}; the head of pictures.rs says how to write it"))?;
    let seen = differing(visit, &BASE64_STANDARD.encode(before), *is_whole, &now).await;
    if matches!(seen, Ok(seen) if seen <= MAX_DIFFERING) {
        return Ok(());
    }
    let folder = project().join("target/e2e-failures");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{name}.png")), BASE64_STANDARD.decode(now)?)?;
    let seen = seen.with_context(|| name.clone())?;
    anyhow::bail!(
        "{name}: {seen} of 1,000 squares differ; target/e2e-failures/{name}.png shows what is there now"
    )
}
