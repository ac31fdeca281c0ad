//! Hostile style sheets: they do not change the survey, and the survey does not change the page.
//!
//! In each step the survey is measured with and without the page's style sheet, while the properties that
//! it may inherit (width, typeface, size, colour) stay the same. The rest of the page is compared by
//! screenshots with and without the survey's tag.

use afterword_e2e::browser::Engine;
use anyhow::{Context, Result, ensure};
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::Value;

use crate::{Visit, scenarios};

/// A scenario for each style sheet.
macro_rules! dresses {
    ($($name:ident: $sheets:expr, $more:expr;)+) => {
        scenarios!($($name),+);
        $(async fn $name(visit: &Visit<'_>) -> Result<()> {
            worn(visit, &$sheets, $more).await
        })+
    };
}

dresses!(
    bootstrap: ["/npm/bootstrap/dist/css/bootstrap.min.css"], "";
    bulma: ["/npm/bulma/css/bulma.min.css"], "";
    foundation: ["/npm/foundation-sites/dist/css/foundation.min.css"], "";
    pico: ["/npm/@picocss/pico/css/pico.min.css"], "";
    materialize: ["/npm/@materializecss/materialize/dist/css/materialize.min.css"], "";
    wordpress_blocks: ["/dress/blocks.css"], "";
    tailwind: ["/npm/tailwindcss/preflight.css", "/dress/tailwind.css"], "";
    storefront: ["/dress/storefront.css"], "";
    everything_unset: ["/dress/unset.css"], "";
    everything_hidden: ["/dress/none.css"], "";
    controls_of_the_pages_own: ["/dress/controls.css"], "";
    rules_on_the_element_itself: ["/dress/host.css"], "";
    root_ems_of_ten_pixels: ["/dress/root.css"], "";
    right_to_left: ["/dress/rtl.css"], "dir=rtl";
    zoomed: ["/page.css"], "zoom=1.5";
);

/// Pixels by which measures may differ, due to rounding.
const TOLERANCE_PX: f64 = 0.6;

async fn worn(visit: &Visit<'_>, sheets: &[&str], more: &str) -> Result<()> {
    let page = &visit.page;
    let mut address = format!("{}/dressed.html?{more}", visit.shop.origin);
    for sheet in sheets {
        address.push_str("&sheet=");
        address.push_str(sheet);
    }
    page.client.goto(&format!("{address}&without")).await?;
    afterword_e2e::until("the page alone", || async {
        Ok((page.read("document.readyState").await? == "complete").then_some(()))
    })
    .await?;
    let alone = photograph(visit).await?;

    page.visit(&address).await?;
    page.taken_over().await?;
    measure(visit, "asking").await?;
    tap(visit, "input[value=\"3\"] + span", more).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    // The word that the score is saved appears once it is.
    page.wait("the word that it is saved", |state| state["saved"].is_string()).await?;
    measure(visit, "commenting").await?;
    compare(visit, &alone, "asking").await?;
    tap(visit, ".send", more).await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    // A link stands where the button stood, and would rise under the pointer.
    page.point_elsewhere().await?;
    measure(visit, "thanking").await?;
    compare(visit, &alone, "thanking").await?;
    Ok(())
}

/// Clicks with a real pointer, but not in WebKitGTK, whose driver misses elements on an enlarged page.
async fn tap(visit: &Visit<'_>, selector: &str, more: &str) -> Result<()> {
    let page = &visit.page;
    if page.engine == Engine::WebKit && more.starts_with("zoom") {
        return page.read(&format!("(probe.find({selector:?}).click(), 0)")).await.map(drop);
    }
    page.click(selector).await
}

/// The look of the page's own part, without hover and focus: every element's box and computed style, and a
/// screenshot of the window, which it fills. (WebKit does not draw a page twice in the same way, so there only
/// boxes and styles count.)
async fn photograph(visit: &Visit<'_>) -> Result<(Value, Vec<u8>)> {
    let page = &visit.page;
    let away = PointerAction::MoveTo { duration: None, x: 1.0, y: 1.0 };
    page.client.perform_actions(MouseActions::new("mouse".to_owned()).then(away)).await?;
    page.read("(scrollTo({ top: 0, behavior: 'instant' }), document.activeElement.blur(), 0)")
        .await?;
    let styles = page.read("dress.own()").await?;
    ensure!(list(&styles)?.len() > 10, "a picture of nothing: {styles}");
    if page.engine == Engine::WebKit {
        return Ok((styles, Vec::new()));
    }
    Ok((styles, page.client.screenshot().await?))
}

/// Fails if the page does not look as it does without the survey, and then stores both pictures. It waits for a while,
/// because WebKit shows scrolling and fading later than it reports them.
async fn compare(visit: &Visit<'_>, alone: &(Value, Vec<u8>), step: &str) -> Result<()> {
    let same = async || Ok((photograph(visit).await? == *alone).then_some(()));
    if afterword_e2e::until("the page's own look", same).await.is_ok() {
        return Ok(());
    }
    let with = photograph(visit).await?;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/e2e-failures");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("page-alone.png"), &alone.1)?;
    std::fs::write(folder.join("page-with-survey.png"), &with.1)?;
    let pairs = list(&alone.0)?.iter().zip(list(&with.0)?);
    let differing = pairs.into_iter().find(|(alone, with)| alone != with);
    anyhow::bail!("the page's own part looks different, {step}: {differing:?}")
}

/// Measures the survey in its current state.
async fn measure(visit: &Visit<'_>, step: &str) -> Result<()> {
    let page = &visit.page;
    let targets = page.read("dress.targets()").await?;
    for target in list(&targets)? {
        // Browsers round lengths to a 64th of a px.
        let long = |side: &str| target[side].as_f64().unwrap_or_default() >= 44.0 - 0.02;
        ensure!(target["hit"] == true, "{step}: a tap does not arrive: {target}");
        ensure!(long("width") && long("height"), "{step}: too small a target: {target}");
    }
    let contrasts = page.read("dress.contrasts()").await?;
    let ratio = |entry: &Value| entry["ratio"].as_f64().unwrap_or_default();
    let [own, ours @ ..] = list(&contrasts)? else { anyhow::bail!("no contrasts") };
    ensure!(ratio(own) >= 4.5, "the fixture's own text is unreadable: {own}");
    ensure!(ours.len() > 2, "{step}: {contrasts}");
    for entry in ours {
        ensure!(ratio(entry) >= 4.5, "{step}: too little contrast: {entry}");
    }
    let given = page.read("dress.given()").await?;
    let pair = |name: &str| given[name][0].as_f64().zip(given[name][1].as_f64()).context("numbers");
    ensure!(given["family"][0] == given["family"][1], "{step}: another typeface: {given}");
    let (size, ours) = pair("size")?;
    ensure!((size.clamp(15.0, 22.0) - ours).abs() < 0.01, "{step}: the size: {given}");
    ensure!(
        given["overflow"].as_f64().is_some_and(|px| px <= 1.0),
        "{step}: wider than its place: {given}"
    );
    let worn = page.read("dress.boxes()").await?;
    page.read("dress.off()").await?;
    let plain = page.read("dress.boxes()").await?;
    page.read("dress.on()").await?;
    same(list(&worn)?, list(&plain)?).with_context(|| step.to_owned())
}

fn list(value: &Value) -> Result<&[Value]> {
    Ok(value.as_array().context("a list")?)
}

/// Fails at the first element whose box or font differs.
fn same(worn: &[Value], plain: &[Value]) -> Result<()> {
    ensure!(worn.len() == plain.len() && worn.len() > 5, "{} and {}", worn.len(), plain.len());
    for (worn, plain) in worn.iter().zip(plain) {
        let sides = list(&worn["box"])?.iter().zip(list(&plain["box"])?);
        let far = |(a, b): (&Value, &Value)| {
            a.as_f64().zip(b.as_f64()).is_none_or(|(a, b)| (a - b).abs() > TOLERANCE_PX)
        };
        let differs = worn["style"] != plain["style"] || sides.into_iter().any(far);
        ensure!(!differs, "worn {worn}\nplain {plain}");
    }
    Ok(())
}
