//! The survey as a guest in the shop's page: what it must not change, and how it reports problems.

use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form, Script};
use anyhow::{Result, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    the_page_notices_nothing,
    keys_and_changes_stay_inside,
    wrong_attributes_are_warned_about_and_break_nothing,
    a_page_that_is_a_yew_app_works_and_so_does_the_survey,
    the_reserved_place_moves_nothing,
    without_files_behind_it_the_script_is_silent,
);

async fn the_page_notices_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&Fixture::shop().attributes(FULL)).await?;
    let head = page.read("document.head.innerHTML").await?;
    page.taken_over().await?;
    page.score(9).await?;
    page.write("Quietly").await?;
    page.send().await?;
    page.quiet().await?;
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    let globals = page.read("probe.globals()").await?;
    ensure!(globals == json!(["afterword"]), "{globals}");
    ensure!(page.read("document.head.innerHTML").await? == head, "something in the head");
    let stored = page
        .read("[document.cookie, localStorage.length, sessionStorage.length, document.title]")
        .await?;
    ensure!(stored == json!(["", 0, 0, "Thank you for your order"]), "{stored}");
    let foreign = page
        .read(
            "performance.getEntriesByType('resource').map((entry) => entry.name)
                .filter((name) => new URL(name).origin != location.origin)",
        )
        .await?;
    ensure!(foreign == json!([]), "third-party requests: {foreign}");
    let closed = page.read("document.querySelector('afterword-survey').shadowRoot").await?;
    ensure!(closed.is_null(), "the root is open");
    Ok(())
}

async fn keys_and_changes_stay_inside(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit
        .open_as(Form::Widget, &Fixture::shop().attribute("subject", "us").run("/counting.js"))
        .await?;
    page.score(9).await?;
    page.write("shortcut").await?;
    page.send().await?;
    let heard = page.read("[...new Set(heard)]").await?;
    let heard: Vec<String> = serde_json::from_value(heard)?;
    for event in &heard {
        let kind = event.split(' ').next().unwrap_or_default();
        ensure!(
            !matches!(kind, "keydown" | "keyup" | "keypress" | "change" | "submit"),
            "{heard:?}"
        );
        ensure!(event.ends_with("afterword-survey"), "something inside is visible: {heard:?}");
    }
    Ok(())
}

async fn wrong_attributes_are_warned_about_and_break_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::collector().attributes(&[
        ("touchpoint", "checkout"),
        ("survey", "a b"),
        ("order-value", "1.299,00"),
        ("accent", "url(x)"),
        ("theme", "night"),
        ("locale", "german"),
        ("review-url", "javascript:alert(1)"),
    ]);
    visit.open_as(Form::Widget, &fixture).await?;
    // The texts of the warnings are in `say.js`, which is fetched together with the widget.
    afterword_e2e::until("the warnings", || async {
        let count = page.read("probe.noise.length").await?;
        Ok((count.as_u64() >= Some(7)).then_some(()))
    })
    .await?;
    page.quiet().await?;
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    for attribute in
        ["touchpoint", "survey", "order-value", "accent", "theme", "locale", "review-url"]
    {
        let warnings = noise.iter().filter(|line| line.contains(&format!("data-{attribute}=")));
        ensure!(warnings.count() == 1, "{attribute}: {noise:?}");
    }
    ensure!(noise.len() == 7 && noise.iter().all(|line| line.starts_with("warn:")), "{noise:?}");
    page.score(5).await?;
    let state = page.send().await?;
    ensure!(state["links"] == json!([]), "{state}");
    let stored = visit.shop.stored().await?;
    ensure!(stored[0]["touchpoint"] == "order" && stored[0]["survey"] == "default", "{stored:?}");
    Ok(())
}

async fn a_page_that_is_a_yew_app_works_and_so_does_the_survey(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    // The app creates the body's content again.
    let app =
        "<script type=\"module\">import start from '/yew-page/yew-page.js'; start();</script>";
    let fixture = Fixture::collector().embedding(Embedding::Head).head(app);
    visit.open_as(Form::Widget, &fixture).await?;
    page.click("#own").await?;
    let count = |id: &str| format!("document.querySelector('#{id}').textContent");
    afterword_e2e::until("the page's own click", || async {
        Ok((page.read(&count("clicks")).await? == "1").then_some(()))
    })
    .await?;
    page.score(9).await?;
    page.write("Two apps").await?;
    page.send().await?;
    page.quiet().await?;
    for id in ["changes", "submits"] {
        let seen = page.read(&count(id)).await?;
        ensure!(seen == "0", "{id}: {seen}");
    }
    // Clicks cross a shadow root. The page gets each once: on the score, into the comment, on the button.
    let clicks = page.read(&count("clicks")).await?;
    ensure!(clicks == "4", "{clicks}");
    let stored = visit.shop.stored().await?;
    ensure!(stored.len() == 1 && stored[0]["comment"] == "Two apps", "{stored:?}");
    Ok(())
}

/// The two lines in the README that reserve the survey's place.
pub(crate) fn with_a_place() -> Fixture {
    Fixture::shop().before(
        "<afterword-survey style=\"display:block;min-height:max(13.75em,27.75em - 35vw)\" data-subject=\"Harbour &amp; Hill\" data-privacy-url=\"/privacy\"></afterword-survey>",
    )
}

async fn the_reserved_place_moves_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&with_a_place()).await?;
    let below = "document.querySelector('#after').getBoundingClientRect().top";
    let painted = page.read(below).await?;
    page.taken_over().await?;
    ensure!(page.read(below).await? == painted);
    let heights =
        page.read("[probe.find('.frame').offsetHeight, probe.hosts()[0].offsetHeight]").await?;
    ensure!(heights[0].as_f64() <= heights[1].as_f64(), "higher than its place: {heights}");
    Ok(())
}

/// If the widget cannot be loaded, the console stays empty.
async fn without_files_behind_it_the_script_is_silent(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&Fixture::shop().attributes(FULL).script(Script::Gone)).await?;
    // Waits until the page's own request for the same file has failed.
    page.loaded().await?;
    let gone = afterword_e2e::until("what is gone to be asked for", || async {
        let asked = visit.shop.requests("GET", "/broken/w-");
        Ok(asked.into_iter().find(|request| request.path.ends_with("/inline.js")))
    })
    .await?;
    page.promised(&format!("await import({:?}).catch(() => {{}})", gone.path)).await?;
    page.quiet().await?;
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    // The browser itself may report files it did not get; the script adds nothing.
    ensure!(noise.is_empty(), "{noise:?}");
    let names = visit.page.read("probe.events.map((event) => event.name)").await?;
    // There is no event, either: takeover.js, which dispatches `afterword:shown`, could not be loaded.
    ensure!(names == json!([]), "{names}");
    Ok(())
}
